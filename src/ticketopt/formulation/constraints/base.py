"""What a constraint is: one rule, said twice. As arrays for the solver, and in plain Python for the checker."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ticketopt._types import Bool, Int
from ticketopt.model.rows import PackingRows
from ticketopt.problem.problem import Problem

SHOWN = 4
"""Tickets that a row's label names."""

Given = Sequence[tuple[int, int]]
"""An assignment in the checker's form: (ticket position, agent position) pairs, unassigned tickets left out."""


def allow_all(problem: Problem) -> Bool | None:
    """No pair is forbidden."""
    return None


_NO_ROWS = PackingRows()


def no_rows(problem: Problem) -> PackingRows:
    """No packing rows."""
    return _NO_ROWS


@dataclass(frozen=True, slots=True, eq=False)
class Room:
    """What a rule leaves each agent for new work, whatever its capacity.

    Attributes
    ----------
    units : (A,) at most so many units, 0 or more; the largest integer where there is no limit.
    words : agent position -> the limit in words, for an agent who has one.
    """

    units: Int
    words: Callable[[int], str]


def no_limit(problem: Problem) -> Room | None:
    """Nobody's room is limited."""
    return None


@dataclass(frozen=True, slots=True)
class Constraint:
    """A rule that every plan must keep.

    Attributes
    ----------
    summary : the rule in one line.
    reason : code given to a ticket that this rule leaves without an agent.
    broken : problem and assignment -> one sentence per violation. Written without the arrays below, so that the two
        check each other.
    mask : problem -> (n, A) allowed pairs, or None where the rule forbids none.
    room : problem -> limits of each agent's new work in units, or None where there are none. They become capacities, so
        the polynomial case stays one. They depend on agents, policy and clock, never on the tickets.
    rows : problem -> packing rows; empty where the rule cannot bind.
    late_rows : the same, but added as they are, once exit prices are set: plans with and without them compare.
    by_ticket : whether a ticket's row of the mask depends on no other ticket and on nobody's load or capacity. False is
        always right; True lets a `Session` keep rows of the mask from one event to the next.
    """

    summary: str
    reason: str
    broken: Callable[[Problem, Given], Iterator[str]]
    mask: Callable[[Problem], Bool | None] = allow_all
    room: Callable[[Problem], Room | None] = no_limit
    rows: Callable[[Problem], PackingRows] = no_rows
    late_rows: Callable[[Problem], PackingRows] = no_rows
    by_ticket: bool = False


def count_rows(
    tickets: Bool, groups: Sequence[Sequence[int]], bounds: Sequence[int], labels: Sequence[str]
) -> PackingRows:
    """One row per group of agents: at most `bound` of the flagged tickets for all agents of the group together."""
    chosen = np.flatnonzero(tickets)
    sizes = [len(group) for group in groups]
    members = np.array([j for group in groups for j in group], dtype=np.int64)
    row = np.repeat(np.arange(len(groups)), sizes)
    return PackingRows(
        row=np.repeat(row, len(chosen)),
        ticket=np.tile(chosen, len(members)),
        agent=np.repeat(members, len(chosen)),
        coefficient=np.ones(len(chosen) * len(members), dtype=np.int64),
        bound=np.array(bounds, dtype=np.int64),
        label=tuple(labels),
    )


def with_rows(
    problem: Problem, tickets: Sequence[int], words: Sequence[str], allowed: Callable[[str], Sequence[bool]]
) -> Bool:
    """(n, A) a mask in which some tickets may go where their word says, and all others to anybody.

    Parameters
    ----------
    words : one per ticket. allowed : word -> (A,) whether each agent may have tickets of it.
    """
    numbers = {word: k for k, word in enumerate(dict.fromkeys(words))}
    rows = np.array([allowed(word) for word in numbers], dtype=np.bool_).reshape(len(numbers), problem.n_agents)
    mask = np.ones((problem.n_tickets, problem.n_agents), dtype=np.bool_)
    mask[tickets] = rows[[numbers[word] for word in words]]
    return mask


def named(problem: Problem, members: list[int]) -> str:
    """The first tickets of a group by their ids, and how many more there are."""
    names = [str(problem.tickets[i].ticket_id) for i in members]
    if len(names) > SHOWN:
        names[SHOWN - 1 :] = [f"{len(names) - SHOWN + 1} more"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"

"""What changed between two plans, why, and what it saved: in groups whose savings add up exactly."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ticketopt.explain.rationale import listed
from ticketopt.explain.why_not import Move, Violated, move_words
from ticketopt.formulate import SCALE
from ticketopt.html import paragraph
from ticketopt.model import AssignmentModel, loads
from ticketopt.problem import Problem
from ticketopt.records import Id

__all__ = ["ChangeGroup", "Difference", "difference"]

Int = NDArray[np.int64]

SHOWN_MOVES = 8


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """Tickets that changed hands together: they share agents, so only their sum has a price.

    Attributes
    ----------
    moves : who had each ticket, and who has it now.
    saves : weighted units that the whole objective fell by in today's terms; None where the earlier plan is not
        possible any more.
    pairs, load, exits : the parts of that, by pair costs, load costs and prices of leaving out; None likewise.
    broken : why the earlier plan is not possible any more.
    words : the group in a sentence.
    """

    moves: tuple[Move, ...]
    saves: float | None
    pairs: float | None
    load: float | None
    exits: float | None
    broken: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A plan against an earlier one.

    Attributes
    ----------
    groups : what changed hands, largest saving first; groups that had to change come before the others.
    arrived, gone : tickets that only the later, or only the earlier plan knows.
    saves : the groups' savings together; None where one of them is None.
    """

    groups: tuple[ChangeGroup, ...]
    arrived: tuple[Id, ...]
    gone: tuple[Id, ...]
    saves: float | None

    @property
    def moves(self) -> tuple[Move, ...]:
        """Every ticket that changed hands."""
        return tuple(move for group in self.groups for move in group.moves)

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)

    def _repr_html_(self) -> str:
        return "".join(map(paragraph, str(self).splitlines()))

    def __str__(self) -> str:
        lines = [group.words for group in self.groups] or ["No ticket changed hands."]
        if self.arrived:
            lines.append(f"{_tickets(len(self.arrived))} new.")
        if self.gone:
            lines.append(f"{_tickets(len(self.gone))} gone.")
        return "\n".join(lines)


def _tickets(count: int) -> str:
    return "1 ticket is" if count == 1 else f"{count} tickets are"


def difference(
    problem: Problem,
    model: AssignmentModel,
    before: Int,
    after: Int,
    *,
    arrived: tuple[Id, ...],
    gone: tuple[Id, ...],
    violated: Violated,
) -> Difference:
    """Compare two plans of one model ((n,) agent index, -1 where left out; `before` need not be feasible any more).

    1. Agents are linked where a ticket went from one to the other. Groups are the connected parts: pair costs and load
       costs of one group do not depend on another.
    2. A group's saving is what its tickets and its agents' loads cost before, less what they cost after.
    """
    moved = np.flatnonzero(before != after).tolist()
    parts = _linked([(int(before[i]), int(after[i])) for i in moved], model.n_agents)
    found = []
    for agents in parts:
        tickets = [i for i in moved if {int(before[i]), int(after[i])} & agents]
        found.append(_group(problem, model, before, after, tickets, sorted(agents), violated))
    found.sort(key=lambda group: (group.saves is not None, -(group.saves or 0.0)))
    known = [group.saves for group in found]
    total = None if None in known else sum(round(saves * SCALE) for saves in known if saves is not None) / SCALE
    return Difference(tuple(found), arrived, gone, total)


def _linked(pairs: list[tuple[int, int]], n_agents: int) -> list[set[int]]:
    """The connected groups of agents; -1 links nothing."""
    owner = list(range(n_agents))

    def root(a: int) -> int:
        while owner[a] != a:
            owner[a] = owner[owner[a]]
            a = owner[a]
        return a

    touched = []
    for a, b in pairs:
        touched += [node for node in (a, b) if node >= 0]
        if a >= 0 and b >= 0:
            owner[root(a)] = root(b)
    groups: dict[int, set[int]] = {}
    for a in touched:
        groups.setdefault(root(a), set()).add(a)
    return list(groups.values())


def _group(
    problem: Problem,
    model: AssignmentModel,
    before: Int,
    after: Int,
    tickets: list[int],
    agents: list[int],
    violated: Violated,
) -> ChangeGroup:
    moves = tuple(
        Move(problem.tickets[i].ticket_id, _agent_id(problem, int(before[i])), _agent_id(problem, int(after[i])))
        for i in tickets
    )
    told = [move_words(problem, move, is_done=True) for move in moves[:SHOWN_MOVES]]
    if len(moves) > SHOWN_MOVES + 1:
        told.append(f"{len(moves) - SHOWN_MOVES} more tickets moved")
    elif len(moves) > SHOWN_MOVES:
        told.append(move_words(problem, moves[-1], is_done=True))
    broken = _broken(problem, model, before, tickets, agents, violated)
    if broken:
        words = f"{listed(told)}: the earlier plan is not possible any more ({'; '.join(broken[:3])})."
        return ChangeGroup(moves, None, None, None, None, broken, words)
    pairs = sum(_pair(model, i, int(before[i])) - _pair(model, i, int(after[i])) for i in tickets)
    exits = sum(int(model.exit_cost[i]) * (int(before[i] < 0) - int(after[i] < 0)) for i in tickets)
    total = model.load_cost.total
    by_agent = total(np.minimum(loads(model, before), model.capacity)) - total(loads(model, after))
    load = int(by_agent[agents].sum())
    amounts = ((pairs + load + exits) / SCALE, pairs / SCALE, load / SCALE, exits / SCALE)
    words = f"{listed(told)}: saves {amounts[0]:.3f} (pairs {amounts[1]:+.3f}, load {amounts[2]:+.3f}"
    words += f", leaving out {amounts[3]:+.3f})." if exits else ")."
    return ChangeGroup(moves, *amounts, (), words)


def _broken(
    problem: Problem,
    model: AssignmentModel,
    before: Int,
    tickets: list[int],
    agents: list[int],
    violated: Violated,
) -> tuple[str, ...]:
    """Why a group's earlier part is not possible any more, if it is not."""
    forbidden = [i for i in tickets if before[i] >= 0 and not model.allowed[i, before[i]]]
    taken = loads(model, before)
    is_over = bool((taken[agents] > model.capacity[agents]).any())
    if not forbidden and not is_over:
        return ()
    alone = np.where(np.isin(before, agents), before, -1) if is_over else np.full_like(before, -1)
    alone[forbidden] = before[forbidden]
    words = tuple(message for _, message in violated(alone))
    return words or ("a limit has changed",)


def _pair(model: AssignmentModel, i: int, j: int) -> int:
    return 0 if j < 0 else int(model.pair_cost[i, j])


def _agent_id(problem: Problem, j: int) -> Id | None:
    return None if j < 0 else problem.agents[j].agent_id

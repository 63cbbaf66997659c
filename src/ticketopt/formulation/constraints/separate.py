"""Pairs of tickets that must not share an agent."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from ticketopt.formulation.constraints.base import Constraint, Given, named, no_rows
from ticketopt.model.rows import PackingRows
from ticketopt.problem.problem import Problem


def rows(problem: Problem) -> PackingRows:
    """One row per clique and agent: of tickets that are apart from each other, an agent gets one at most.

    That says more than a row per pair (half of each ticket keeps all pairs of a clique), in far fewer rows.
    """
    if not problem.policy.separate:
        return no_rows(problem)
    where = problem.ticket_index
    named = [(where.get(str(a)), where.get(str(b))) for a, b in problem.policy.separate]
    groups = cliques({(min(a, b), max(a, b)) for a, b in named if a is not None and b is not None and a != b})
    n_agents, sizes = problem.n_agents, np.array([len(group) for group in groups], dtype=np.int64)
    if not groups or not n_agents:
        return no_rows(problem)
    group = np.repeat(np.arange(len(groups)), sizes * n_agents)  # one after the other, agent by agent
    agent = np.concatenate([np.repeat(np.arange(n_agents), size) for size in sizes])
    return PackingRows(
        row=group * n_agents + agent,
        ticket=np.concatenate([np.tile(members, n_agents) for members in groups]),
        agent=agent,
        coefficient=np.ones(len(agent), dtype=np.int64),
        bound=np.ones(len(groups) * n_agents, dtype=np.int64),
        label=tuple(label for members in groups for label in [_label(problem, members)] * n_agents),
    )


def cliques(pairs: set[tuple[int, int]]) -> list[list[int]]:
    """Groups in which all pairs are, that cover every pair: each grown from the first pair that is not covered yet.

    A greedy cover (Kellerman 1973); the least number of cliques is NP-hard.
    """
    near: dict[int, set[int]] = {}
    for a, b in pairs:
        near.setdefault(a, set()).add(b)
        near.setdefault(b, set()).add(a)
    found, covered = [], set[tuple[int, int]]()
    for pair in sorted(pairs):
        if pair in covered:
            continue
        members, common = list(pair), near[pair[0]] & near[pair[1]]
        while common:
            members.append(min(common))
            common &= near[members[-1]]
        members.sort()
        covered.update(combinations(members, 2))
        found.append(members)
    return found


def _label(problem: Problem, members: list[int]) -> str:
    return f"{named(problem, members)} must not share an agent"


def broken(problem: Problem, given: Given) -> Iterator[str]:
    if not problem.policy.separate:
        return
    holder = {str(problem.tickets[i].ticket_id): j for i, j in given}
    for a, b in problem.policy.separate:
        if str(a) in holder and holder[str(a)] == holder.get(str(b)):
            yield f"{a} and {b} must not share an agent; both are with {problem.agents[holder[str(a)]].name}"


RULE = Constraint("separate tickets do not share an agent", "limit", broken, rows=rows)

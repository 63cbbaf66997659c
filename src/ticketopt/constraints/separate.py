"""Pairs of tickets that must not share an agent."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ticketopt.constraints.base import Constraint, Given, no_rows
from ticketopt.model import PackingRows
from ticketopt.problem import Problem


def rows(problem: Problem) -> PackingRows:
    if not problem.policy.separate:
        return no_rows(problem)
    where = problem.ticket_index
    named = [(where.get(str(a)), where.get(str(b))) for a, b in problem.policy.separate]
    pairs = sorted({(min(a, b), max(a, b)) for a, b in named if a is not None and b is not None})
    if not pairs or not problem.n_agents:
        return no_rows(problem)
    n_rows = len(pairs) * problem.n_agents
    agent = np.tile(np.arange(problem.n_agents), len(pairs))
    both = np.repeat(np.array(pairs, dtype=np.int64), problem.n_agents, axis=0)
    ids = [(problem.tickets[a].ticket_id, problem.tickets[b].ticket_id) for a, b in pairs]
    return PackingRows(
        row=np.repeat(np.arange(n_rows), 2),
        ticket=both.ravel(),
        agent=np.repeat(agent, 2),
        coefficient=np.ones(2 * n_rows, dtype=np.int64),
        bound=np.ones(n_rows, dtype=np.int64),
        label=tuple(f"{a} and {b} must not share an agent" for a, b in ids for _ in range(problem.n_agents)),
    )


def broken(problem: Problem, given: Given) -> Iterator[str]:
    holder = {str(problem.tickets[i].ticket_id): j for i, j in given}
    for a, b in problem.policy.separate:
        if str(a) in holder and holder[str(a)] == holder.get(str(b)):
            yield f"{a} and {b} must not share an agent; both are with {problem.agents[holder[str(a)]].name}"


RULE = Constraint("separate tickets do not share an agent", "limit", broken, rows=rows)

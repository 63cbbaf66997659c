"""A ticket that somebody has worked on is cheapest there."""

from __future__ import annotations

import numpy as np

from ticketopt._types import Float
from ticketopt.formulation.costs.base import CostTerm, no_cost
from ticketopt.problem.problem import Problem
from ticketopt.problem.record_columns import stating


def matrix(problem: Problem) -> Float:
    """(n, A) 1 for everybody but the previous agent; 0 in rows without a previous agent in the team."""
    if not stating(problem.tickets, "previous_agent"):
        return no_cost(problem)
    previous = np.array([problem.agent_of(t.previous_agent) for t in problem.tickets], dtype=np.int64)
    others = np.arange(problem.n_agents)[None, :] != previous[:, None]
    moved: Float = (others & (previous >= 0)[:, None]).astype(np.float64)
    return moved


TERM = CostTerm("moving a ticket away from the agent who had it", 0.25, matrix, by_ticket=True, by_load=False)

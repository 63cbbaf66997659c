"""A ticket that somebody has worked on is cheapest there."""

from __future__ import annotations

import numpy as np

from ticketopt._types import Float
from ticketopt.formulation.costs.base import CostTerm
from ticketopt.problem.problem import Problem


def matrix(problem: Problem) -> Float:
    """(n, A) 1 for everybody but the previous agent; 0 in rows without a previous agent in the team."""
    if all(ticket.previous_agent is None for ticket in problem.tickets):
        return np.zeros((problem.n_tickets, problem.n_agents))
    previous = np.array([problem.agent_of(t.previous_agent) for t in problem.tickets], dtype=np.int64)
    others = np.arange(problem.n_agents)[None, :] != previous[:, None]
    moved: Float = (others & (previous >= 0)[:, None]).astype(np.float64)
    return moved


TERM = CostTerm("moving a ticket away from the agent who had it", 0.25, matrix, by_ticket=True, by_load=False)

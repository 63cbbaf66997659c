"""Between equals, the more experienced."""

from __future__ import annotations

import numpy as np

from ticketopt._types import Float
from ticketopt.formulation.costs.base import CostTerm
from ticketopt.problem.problem import Problem


def matrix(problem: Problem) -> Float:
    """(n, A) how far the agent is from the most experienced who is available, the same for every ticket."""
    return np.broadcast_to(problem.experience_gap, (problem.n_tickets, problem.n_agents))


SUMMARY = "experience short of the most experienced who is available (a tie-breaker)"

TERM = CostTerm(SUMMARY, 0.02, matrix, by_ticket=True, by_load=False)

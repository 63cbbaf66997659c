"""Between equals, the more experienced."""

from __future__ import annotations

import numpy as np

from ticketopt.costs.base import CostTerm, Float
from ticketopt.problem import Problem


def matrix(problem: Problem) -> Float:
    """(n, A) `1 - experience / highest experience in the team`, the same for every ticket; 0 where nobody has any."""
    experience = np.array([agent.experience_level for agent in problem.agents], dtype=np.float64)
    highest = experience.max(initial=0.0)
    lacking = 1.0 - experience / highest if highest > 0 else np.zeros_like(experience)
    return np.broadcast_to(lacking, (problem.n_tickets, problem.n_agents))


TERM = CostTerm("experience short of the team's most experienced (a tie-breaker)", 0.02, matrix)

"""How much of what the ticket wants the agent lacks."""

from __future__ import annotations

from ticketopt._types import Float
from ticketopt.formulation.costs.base import CostTerm
from ticketopt.problem.problem import Problem


def matrix(problem: Problem) -> Float:
    """(n, A) importance-weighted shortfall of proficiency; see `Problem.skill_gap`."""
    return problem.skill_gap


TERM = CostTerm("skills the ticket wants and the agent lacks", 1.0, matrix, by_ticket=True, by_load=False)

"""Urgent work to those who master it."""

from __future__ import annotations

from ticketopt._types import Float
from ticketopt.formulation.costs.base import CostTerm
from ticketopt.problem.problem import Problem


def matrix(problem: Problem) -> Float:
    """(n, A) urgency times skill gap: where experts are scarce, the urgent tickets get them."""
    return problem.urgency[:, None] * problem.skill_gap


TERM = CostTerm("skill gap, again, in proportion to the ticket's urgency", 1.0, matrix, by_ticket=True, by_load=False)

"""What has waited long goes to somebody who can start soon."""

from __future__ import annotations

from ticketopt._types import Float
from ticketopt.formulation.costs.base import CostTerm
from ticketopt.problem.problem import Problem


def matrix(problem: Problem) -> Float:
    """(n, A) time waited (0 to 1) times the share of the agent's capacity that open work fills (0 to 1).

    A wait that counted the same for every agent could not change who gets the ticket; it only decides who is served
    where not all fit, and stands in the exit price for that.
    """
    return problem.waited[:, None] * problem.busy[None, :]


TERM = CostTerm("time waited, times how busy the agent already is", 0.1, matrix, by_ticket=True)

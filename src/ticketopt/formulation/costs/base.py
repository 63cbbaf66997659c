"""What a cost term is: a reason why one agent is a better choice for a ticket than another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ticketopt._types import Float
from ticketopt.problem.problem import Problem


def always(problem: Problem) -> bool:
    """Every problem asks for the term."""
    return True


def no_cost(problem: Problem) -> Float:
    """(n, A) zeros, which take no room."""
    return np.broadcast_to(0.0, (problem.n_tickets, problem.n_agents))


@dataclass(frozen=True, slots=True)
class CostTerm:
    """One term of the pair cost.

    Attributes
    ----------
    summary : one line for people.
    weight : the default weight; `Policy.weights` overrides it by the term's name in the table.
    matrix : problem -> (n, A) values in [0, 1], lower is better. It may be read-only or broadcast.
    is_asked : problem -> whether its default weight counts: False where the values are 0 anyway, so that a term for a
        setting that is not given changes no cost's limit.
    by_ticket : whether a ticket's row depends on no other ticket. False is always right; True lets a `Session` keep
        rows from one event to the next, and `matrix` is asked for a few rows at a time (`Problem.block`).
    by_load : whether values depend on anybody's load or capacity. True is always right; False lets a `Session` keep
        rows when those change.
    """

    summary: str
    weight: float
    matrix: Callable[[Problem], Float]
    by_ticket: bool = False
    by_load: bool = True
    is_asked: Callable[[Problem], bool] = always

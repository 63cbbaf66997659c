"""Solving again, within the time of one question."""

from __future__ import annotations

from dataclasses import dataclass

from ticketopt._types import Int
from ticketopt.explain.deadline import Deadline
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.prices import Prices
from ticketopt.solvers.auto import solve_model
from ticketopt.solvers.lp_prices import dual_prices

__all__ = ["Solver"]

SHORTEST = 0.01
"""Seconds that whatever is begun may take, however little time is left."""


@dataclass(frozen=True, slots=True)
class Solver:
    """Solves models one after another, all before the deadline."""

    deadline: Deadline
    seed: int = 0

    def solve(self, model: AssignmentModel, *, parts: int = 1) -> tuple[Int, int | None] | None:
        """A verified plan ((n,) agent index, -1 where left out) and a lower bound, as sure as who solved it.

        It may take one of so many equal `parts` of the time that is left. None where none is left.
        """
        left = self.deadline.left
        if not left:
            return None
        limit = max(SHORTEST, left / parts)
        solution = solve_model(model, time_limit=limit, seed=self.seed, stop=self.deadline.stop)
        return solution.assignment, solution.lower_bound

    def prices(self, model: AssignmentModel) -> Prices:
        """Prices of the linear relaxation, as good as the time that is left makes them."""
        return Prices(*dual_prices(model, max(SHORTEST, self.deadline.left), self.deadline.stop))

"""What the explanations of one plan rest on: exact changes where the model is polynomial, proven bounds elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ticketopt._types import Int
from ticketopt.errors import SolverError
from ticketopt.explain.forcing import cost_changes, moves
from ticketopt.explain.solver import Solver
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.exchange import FAR, Exchange
from ticketopt.model.objective import objective
from ticketopt.model.parts import forced_model
from ticketopt.model.prices import Prices, dual_bound, forced_bounds

__all__ = ["Analysis", "Forced"]


@dataclass(frozen=True, slots=True, eq=False)
class Forced:
    """What is known about the best plan with one decision forced, against the plan that is explained.

    Attributes
    ----------
    at_least, at_most : limits of the change of the objective, in integer costs; equal where the change is exact;
        `at_most` is None where no plan with the decision has been found.
    after : (n,) the best plan found with the decision, None where there is none.
    chain : the tickets that move, as (ticket, from, to), the forced one first; -1 is "left out".
    """

    at_least: int
    at_most: int | None
    after: Int | None
    chain: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """Everything computed once about a plan.

    Attributes
    ----------
    model, assignment : what is explained.
    objective : its cost.
    exchange : of an optimal plan, where the model is of unit effort; None elsewhere.
    prices : of the linear relaxation, where there is no exchange; None elsewhere.
    table : (n, A + 1) change of the objective by forcing each decision: exact with an exchange, else a lower bound;
        `FAR` where the decision cannot be. The last column leaves the ticket out.
    """

    model: AssignmentModel
    assignment: Int
    objective: int
    exchange: Exchange | None
    prices: Prices | None
    table: Int

    @classmethod
    def of(
        cls,
        model: AssignmentModel,
        assignment: Int,
        *,
        known_bound: int | None,
        solver: Solver,
    ) -> Analysis:
        """Read the plan itself where it is optimal and of unit effort, else one that `solver` finds, else prices."""
        value = objective(model, assignment)
        exchange = None
        if model.is_unit:
            exchange = Exchange.of(model, assignment)
            better = solver.solve(model) if exchange is None else None
            exchange = exchange if better is None else Exchange.of(model, better[0])
        if exchange is not None:
            table = cost_changes(exchange)
            gain = objective(model, exchange.assignment) - value
            return cls(model, assignment, value, exchange, None, np.where(table < FAR, table + gain, FAR))
        found = solver.prices(model)
        floor = dual_bound(model, found.together)
        floor = floor if known_bound is None else max(floor, known_bound)
        bounds = forced_bounds(model, found)
        return cls(
            model, assignment, value, None, found, np.where(bounds < FAR, np.maximum(bounds, floor) - value, FAR)
        )

    @property
    def is_exact(self) -> bool:
        """Whether the table holds changes rather than bounds."""
        return self.exchange is not None

    @property
    def plan_prices(self) -> Prices:
        """Prices that bound the plan: of its exchange (then exactly) or of the linear relaxation."""
        if self.exchange is None:
            assert self.prices is not None
            return self.prices
        potential = self.exchange.potential
        return Prices(potential[:-1] - potential[-1], np.zeros(len(self.model.rows), dtype=np.int64))

    def force(self, i: int, j: int, solver: Solver | None = None, parts: int = 1) -> Forced | None:
        """Force ticket `i` to agent `j` (-1: out); None where that cannot be.

        Exact at once with an exchange. Otherwise a lower bound, or, given `solver`, what solving again finds in one of
        so many `parts` of the time left.
        """
        bound = int(self.table[i, j])
        if bound >= FAR:
            return None
        if self.exchange is not None:
            after = self.exchange.assignment.copy()
            chain = moves(self.exchange, i, j)
            for ticket, _, goal in chain:
                after[ticket] = goal
            if self.exchange.assignment is not self.assignment:
                chain = self._differences(after, i)
            if objective(self.model, after) != self.objective + bound:
                raise SolverError(f"forcing ticket {i} to agent {j} does not cost what the exchange graph says")
            return Forced(bound, bound, after, chain)
        if int(self.assignment[i]) == j and bound == 0:
            return Forced(0, 0, self.assignment, ())
        return Forced(bound, None, None, ()) if solver is None else self._solved(i, j, bound, solver, parts)

    def _solved(self, i: int, j: int, bound: int, solver: Solver, parts: int) -> Forced | None:
        left = forced_model(self.model, {i: j})
        if left is None:
            return None
        rest, positions, cost = left
        solved = solver.solve(rest, parts=parts)
        if solved is None:
            return Forced(bound, None, None, ())
        plan, proven = solved
        after = np.full(self.model.n_tickets, j, dtype=np.int64)
        after[positions] = plan
        change = objective(self.model, after) - self.objective
        if proven is not None:
            bound = max(bound, proven + cost - self.objective)
        return Forced(bound, change, after, self._differences(after, i))

    def _differences(self, after: Int, first: int) -> tuple[tuple[int, int, int], ...]:
        """Every ticket that `after` puts elsewhere, `first` at the front."""
        moved = np.flatnonzero(after != self.assignment).tolist()
        ordered = sorted(moved, key=lambda ticket: ticket != first)
        return tuple((ticket, int(self.assignment[ticket]), int(after[ticket])) for ticket in ordered)

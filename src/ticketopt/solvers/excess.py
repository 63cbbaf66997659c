"""Which pairs can stand in a better plan: by what all plans with a pair cost above a bound, at least.

A plan costs at least the bound of any prices and what its pairs cost, at those, above their tickets' cheapest nodes.
Knapsacks prove more: with every ticket worth something to whoever serves it, every agent fills an exact knapsack, and
dynamic programming from both of its ends tells what it costs to force a ticket in or out. Pairs that the prices exclude
are not seen by the knapsacks, which makes their bound better.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ticketopt.model import AssignmentModel
from ticketopt.solvers.base import Bool, Float

if TYPE_CHECKING:
    from ticketopt._core import gap

MOST_CELLS = 1e8
"""Of the knapsacks' tables, one per pair and load: with more, a step takes too long."""

STEPS = 400
"""Of the knapsacks' prices, at most."""

ROUNDING = 1e-12
"""Error granted to a reduced cost, in parts of the largest costs that it is made of."""


@dataclass(frozen=True, slots=True)
class Excess:
    """What is known of all plans that are better than the best one was at that time.

    Attributes
    ----------
    bound : they cost at least so much.
    above : (n, A) and those with this pair at least so much more; infinite where there is none.
    worth : (n,) and those that leave this ticket out at least its exit less this more.
    """

    bound: float
    above: Float
    worth: Float

    def may_be_better(self, cost: int) -> Bool:
        """(n, A) pairs that may stand in a plan that costs less, by one at least."""
        may: Bool = self.above <= cost - 1 - self.bound
        return may

    def reached_by(self, count: int) -> int:
        """The cost below which about so many pairs may stand in plans."""
        if count >= self.above.size:
            return np.iinfo(np.int64).max
        dearest = float(np.partition(self.above, count, axis=None)[count])
        return np.iinfo(np.int64).max if math.isinf(dearest) else math.floor(self.bound + dearest) + 1

    def least_exit(self, model: AssignmentModel, cost: int) -> NDArray[np.int64]:
        """(n,) exit costs that still keep every ticket from being left out where no better plan does so.

        High ones weaken every solver.
        """
        enough = np.ceil(self.worth).astype(np.int64) + (cost - math.floor(self.bound) + 2)
        return np.minimum(model.exit_cost, enough)


def at_prices(model: AssignmentModel, pairs: Bool, price: Float, bound: float) -> Excess:
    """By reduced costs: what one of the `pairs` costs at the prices above its ticket's cheapest node (exit too).

    `price` (A + R,) of the agents' units and then of the rows'; `bound` is theirs.
    """
    agents, rows = model.n_agents, model.rows
    value = model.pair_cost + model.effort * price[:agents]
    if len(rows):
        np.add.at(value, (rows.ticket, rows.agent), rows.coefficient * price[agents:][rows.row])
    value[~pairs] = np.inf
    least = np.minimum(value.min(axis=1), model.exit_cost)
    value -= least[:, None] + ROUNDING * float(np.abs(model.pair_cost).max() + np.abs(least).max())
    return Excess(bound, value, least)


def by_knapsacks(
    arrays: gap.Arrays, price: Float, first: Excess, cost: int, seconds: float, is_over: Callable[[], bool]
) -> Excess:
    """By knapsacks, for plans that cost less than `cost`; `first` where these would take too long."""
    from ticketopt._core import gap

    knapsacks = gap.Knapsacks(arrays, price, first.may_be_better(cost))
    if knapsacks.cells() > MOST_CELLS or seconds <= 0:
        return first
    worth, bound = knapsacks.raise_bound(first.worth, float(cost), STEPS, seconds, is_over)
    n, agents = first.above.shape
    return Excess(bound, knapsacks.forced(worth).reshape(n, agents + 1)[:, :-1], worth)

"""Which pairs can stand in a better plan: by what all plans with a pair cost above a bound, at least.

A plan costs at least the bound of any prices and what its pairs cost, at those, above their tickets' cheapest nodes.
Knapsacks prove more: with every ticket worth something to whoever serves it, every agent fills an exact knapsack, and
dynamic programming from both of its ends gives what it costs to force a ticket in or out. Pairs that the prices exclude
are not seen by the knapsacks, which makes their bound better.

All of it is proven in integers: prices and worths are put on a grid on which doubles add up exactly (`grid.py`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ticketopt._types import Bool, Float, Int
from ticketopt.model.assignment import AssignmentModel
from ticketopt.solvers.gap.grid import in_parts, on_grid, parts_of_unit, size_of_knapsacks

if TYPE_CHECKING:
    from ticketopt._core import gap

MOST_CELLS = 1e8
"""Of the knapsacks' tables, one per pair and load: with more, a step takes too long."""

STEPS = 400
"""Of the knapsacks' prices, at most."""

ROUGH = 64
"""Parts of an integer cost in which knapsacks count the rows' prices, at most."""

NEVER = np.int64(2**62)
"""Above the bound of any plan: for pairs that stand in none."""


@dataclass(frozen=True, slots=True)
class Excess:
    """What is known of all plans that are better than the best one was at that time, in whole parts of an integer cost.

    All are integers, computed without rounding (see `grid.py`), or rounded towards keeping a pair. So no pair of a
    better plan is ever excluded.

    Attributes
    ----------
    parts : so many make an integer cost of 1.
    bound : they cost at least so much.
    above : (n, A) and those with this pair at least so much more; `NEVER` where there is none.
    worth : (n,) and those that leave this ticket out at least its exit less this more.
    """

    parts: int
    bound: int
    above: Int
    worth: Int

    @property
    def lower_bound(self) -> int:
        """The bound as an integer cost: costs are whole."""
        return -(-self.bound // self.parts)

    def may_be_better(self, cost: int) -> Bool:
        """(n, A) pairs that may stand in a plan that costs less, by one at least."""
        may: Bool = self.above <= min((cost - 1) * self.parts - self.bound, int(NEVER) - 1)
        return may

    def reached_by(self, count: int) -> int:
        """The cost below which about so many pairs may stand in plans."""
        if count >= self.above.size:
            return np.iinfo(np.int64).max
        dearest = int(np.partition(self.above, count, axis=None)[count])
        return np.iinfo(np.int64).max if dearest >= NEVER else (self.bound + dearest) // self.parts + 1

    def least_exit(self, model: AssignmentModel, cost: int) -> Int:
        """(n,) exit costs that still keep every ticket from being left out where no better plan does so.

        High ones weaken every solver.
        """
        enough = -(-self.worth // self.parts) + (cost - self.bound // self.parts + 2)
        return np.minimum(model.exit_cost, enough)


def at_prices(model: AssignmentModel, pairs: Bool, price: Float, parts: int, bound: float) -> Excess:
    """By reduced costs: what one of the `pairs` costs at the prices above its ticket's cheapest node (exit too).

    Parameters
    ----------
    price : (A + R,) of the agents' units and then of the rows', on the grid of so many `parts` of a unit; with 0 parts
        they are too large to add up exactly, and say nothing.
    bound : theirs, in units.
    """
    if not parts:
        nothing = np.where(pairs, np.int64(0), NEVER)
        return Excess(1, -math.ceil(model.magnitude), nothing, model.exit_cost)
    agents, rows = model.n_agents, model.rows
    whole = np.rint(price * parts).astype(np.int64)
    value = model.pair_cost * parts + model.effort * whole[:agents]
    if len(rows):
        np.add.at(value, (rows.ticket, rows.agent), rows.coefficient * whole[agents:][rows.row])
    value[~pairs] = NEVER
    least = np.minimum(value.min(axis=1), model.exit_cost * parts)
    above = np.where(pairs, value - least[:, None], NEVER)
    return Excess(parts, math.floor(bound * parts), above, least)


def by_knapsacks(
    model: AssignmentModel,
    arrays: gap.Arrays,
    price: Float,
    first: Excess,
    cost: int,
    seconds: float,
    is_over: Callable[[], bool],
) -> Excess:
    """By knapsacks, for plans that cost less than `cost`; `first` where these would take too long, or not add up.

    The worths are found in doubles. Then they are put on a grid: any worths prove a bound, and at those, every sum of
    the dynamic programs is exact. What the engine subtracts for rounding all the same makes its numbers smaller.
    """
    from ticketopt._core import gap

    price, kept = on_grid(price, ROUGH), first.may_be_better(cost)
    knapsacks = gap.Knapsacks(arrays, price, kept)
    if knapsacks.cells() > MOST_CELLS or seconds <= 0:
        return first
    worth, _ = knapsacks.raise_bound(first.worth / first.parts, float(cost), STEPS, seconds, is_over)
    parts = parts_of_unit(size_of_knapsacks(model, kept, price, worth))
    if parts < (ROUGH if len(model.rows) else 1):
        return first
    worth = on_grid(worth, parts)
    bound = knapsacks.raise_bound(worth, float(cost), 0, seconds, is_over)[1]
    n, agents = first.above.shape
    above = knapsacks.forced(worth).reshape(n, agents + 1)[:, :-1]
    is_none = ~np.isfinite(above)
    whole = np.where(is_none, NEVER, in_parts(np.where(is_none, 0.0, above), parts))
    return Excess(parts, math.floor(bound * parts), whole, in_parts(worth, parts))

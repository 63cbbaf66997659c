"""Numbers on a grid: whole parts of an integer cost, so few of them that doubles add them up without rounding.

A double holds every whole number up to 2^53. Where prices are whole multiples of 1 / 2^k, and no sum of what is made
of them exceeds 2^52 such parts, each step of such a sum is exact, in whatever order the engine takes it. Bounds and
reduced costs at such prices are integers, and what they exclude is excluded by a proof.
"""

from __future__ import annotations

import math

import numpy as np

from ticketopt._types import Bool, Float, Int
from ticketopt.model.assignment import AssignmentModel

EXACT = 2.0**52
"""Parts that a sum may reach: half of what doubles count, so that the estimate of its size may be rounded."""

FINEST = 20
"""An integer cost of 1 has at most 2^20 parts."""


def parts_of_unit(size: float) -> int:
    """Into how many parts a cost of 1 may be cut if sums reach `size`; 0 where not even whole costs add up."""
    return int(2.0 ** min(FINEST, math.floor(math.log2(EXACT / (size + 1))))) if size + 1 < EXACT else 0


def on_grid(values: Float, parts: int) -> Float:
    """The nearest whole parts, in units."""
    return np.asarray(np.rint(values * parts) / parts, dtype=np.float64)


def in_parts(values: Float, parts: int) -> Int:
    """Values in units as whole parts, rounded down; what is on the grid is not changed."""
    return np.asarray(np.floor(values * parts), dtype=np.int64)


def size_at_prices(model: AssignmentModel, price: Float) -> float:
    """What no sum of a bound at prices exceeds; `price` (A + R,) of the agents' units, then of the rows'."""
    units, rows = np.abs(price[: model.n_agents]), np.abs(price[model.n_agents :])
    sold = float(units @ model.capacity) + float(units.max(initial=0.0)) * float(model.effort.max(axis=1).sum())
    tolls = float(rows @ model.rows.bound) + float((model.rows.coefficient * rows[model.rows.row]).sum())
    return model.magnitude + sold + tolls


def size_of_knapsacks(model: AssignmentModel, kept: Bool, price: Float, worth: Float) -> float:
    """What no sum over the kept pairs' knapsacks exceeds, at a worth of every ticket; four of them may be combined."""
    value = np.where(kept, model.pair_cost - worth[:, None], 0.0)
    items = float(np.abs(value).sum()) + float(np.abs(model.pair_cost, where=kept, out=np.zeros_like(value)).max())
    rows, units = model.rows, np.abs(price[model.n_agents :])
    tolls = float(units @ rows.bound) + float((rows.coefficient * units[rows.row]).sum())
    exits = np.abs(model.exit_cost, dtype=np.float64)
    slots = model.load_cost.magnitude(model.capacity)
    return 4 * (items + tolls + slots + float(np.minimum(exits, np.abs(worth)).sum()) + float(np.abs(worth).sum()))

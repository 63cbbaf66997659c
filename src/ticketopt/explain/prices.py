"""Bounds from prices: what no plan can beat, for any model, and what no plan with a forced decision can beat."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ticketopt.explain.exchange import FAR
from ticketopt.model import AssignmentModel

__all__ = ["Prices", "forced_bounds", "lower_bound", "priced"]

Int = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """What a unit of scarce things is worth, in integer cost units.

    Attributes
    ----------
    agent : (A,) price of one unit of each agent's time; any sign.
    row : (number of rows,) price of one unit of each packing row's bound; 0 or more.
    """

    agent: Int
    row: Int


def priced(model: AssignmentModel, prices: Prices) -> Int:
    """(n, A + 1) cost of every decision, its use of time and rows included; the last column leaves the ticket out.

    `FAR` where the pair is not allowed or the agent could not take the ticket even with nothing else to do.
    """
    cost = model.pair_cost + model.effort * prices.agent
    rows = model.rows
    np.add.at(cost, (rows.ticket, rows.agent), rows.coefficient * prices.row[rows.row])
    cost[~model.allowed | (model.effort > model.capacity)] = FAR
    return np.column_stack([cost, model.exit_cost])


def lower_bound(model: AssignmentModel, prices: Prices, cost: Int | None = None) -> int:
    """The bound that prices prove (Lagrange's relaxation of capacities and rows): no plan costs less.

    `sum_i min_j cost[i, j] - sum_j sum_k max(0, w_j - m_jk) - sum_r v_r u_r`, with `cost` as `priced` gives it, prices
    `w` of time and `v` of rows, and bounds `u` of rows.
    """
    best = (priced(model, prices) if cost is None else cost).min(axis=1)
    rent = int(model.load_cost.rent(prices.agent, model.capacity).sum())
    return int(best.sum()) - rent - int((prices.row * model.rows.bound).sum())


def forced_bounds(model: AssignmentModel, prices: Prices) -> Int:
    """(n, A + 1) what no plan with that decision can beat; `FAR` where it is not allowed."""
    cost = priced(model, prices)
    bound = lower_bound(model, prices, cost) + cost - cost.min(axis=1, keepdims=True)
    return np.where(cost < FAR, bound, FAR)

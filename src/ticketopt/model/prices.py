"""Bounds from prices: what no plan can beat, for any model, and what no plan with a forced decision can beat."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ticketopt._types import Int
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.exchange import FAR
from ticketopt.model.stored import StoredModel

__all__ = ["Prices", "dual_bound", "forced_bounds", "priced"]


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """What a unit of scarce things is worth, in integer costs.

    Attributes
    ----------
    agent : (A,) price of one unit of each agent's time; any sign.
    row : (number of rows,) price of one unit of each packing row's bound; 0 or more.
    """

    agent: Int
    row: Int

    @property
    def together(self) -> Int:
        """(A + R,) both, as `dual_bound` takes them."""
        return np.concatenate([self.agent, self.row])


def priced(model: AssignmentModel, prices: Prices) -> Int:
    """(n, A + 1) cost of every decision, its use of time and rows included; the last column leaves the ticket out.

    `FAR` where the pair is not allowed or the agent could not take the ticket even with nothing else to do.
    """
    cost = model.pair_cost + model.effort * prices.agent + _tolls(model, prices.row)
    cost[~model.allowed | (model.effort > model.capacity)] = FAR
    return np.column_stack([cost, model.exit_cost])


def forced_bounds(model: AssignmentModel, prices: Prices) -> Int:
    """(n, A + 1) what no plan with that decision can beat; `FAR` where it is not allowed, or breaks a row by itself."""
    price, _ = _addable(model, prices.together, 1)
    cost = priced(model, Prices(price[: model.n_agents], price[model.n_agents :]))
    bound = np.where(cost < FAR, dual_bound(model, price) + cost - cost.min(axis=1, keepdims=True), FAR)
    is_over = model.rows.coefficient > model.rows.bound[model.rows.row]
    bound[model.rows.ticket[is_over], model.rows.agent[is_over]] = FAR
    return bound


_MOST = 2.0**62
"""What a sum of prices and costs may reach."""


MOST_PARTS = 2**60
"""Into how many parts prices may cut an integer cost of 1."""


_CHUNK = 1 << 18
"""Pairs looked at together: few enough to stay in the processor's cache, and a large matrix is never doubled."""


def dual_bound(model: AssignmentModel | StoredModel, price: Int, scale: int = 1) -> int:
    """The lower bound that prices of the agents' units prove (see `Certificate`).

    It holds for every model: a ticket pays its effort times the price. `price` is (A,), and packing rows are left out;
    or (A + R,) with a price of 0 or more for every row, which a pair pays by its coefficients and the row's bound earns
    back. Prices in parts of an integer cost (`scale` of them make 1) may prove a bit more; the bound is rounded up to
    an integer. Every sum is exact: prices that are too fine or too large for that are rounded or capped first.

    Raises
    ------
    ValueError
        For prices that are no integers, of another length, or in no parts: they prove nothing.
    """
    sizes = {(model.n_agents,), (model.n_agents + len(model.rows),)}
    if price.dtype.kind != "i" or price.shape not in sizes or not 1 <= scale <= MOST_PARTS:
        raise ValueError(f"prices of shape {price.shape} and type {price.dtype}, in {scale} parts of a cost")
    price, scale = _addable(model, price, scale)
    price, row_price = price[: model.n_agents], np.maximum(0, price[model.n_agents :])
    best = model.exit_cost * scale
    if isinstance(model, StoredModel):
        _lower_by_pairs(best, model, price, scale)
    else:
        _lower_by_matrix(best, model, price, row_price, scale)
    rent = int(model.load_cost.rent(price, model.capacity, scale).sum())
    rent += int(row_price @ model.rows.bound) if len(row_price) else 0
    return -((rent - int(best.sum())) // scale)


def _lower_by_matrix(best: Int, model: AssignmentModel, price: Int, row_price: Int, scale: int) -> None:
    """Make `best` (n,) the least that a ticket costs at these prices, where that is a pair."""
    toll = _tolls(model, row_price) if len(row_price) else None
    is_tight = int(model.effort.max(initial=1)) > int(model.capacity.min(initial=1))
    rows = max(1, _CHUNK // max(1, model.n_agents))
    for first in range(0, model.n_tickets if model.n_agents else 0, rows):
        part = slice(first, first + rows)
        priced = model.effort[part] * price
        priced += model.pair_cost[part] if scale == 1 else model.pair_cost[part] * scale
        if toll is not None:
            priced += toll[part]
        np.copyto(priced, np.iinfo(np.int64).max, where=~model.allowed[part])
        if is_tight:
            np.copyto(priced, np.iinfo(np.int64).max, where=model.effort[part] > model.capacity)
        np.minimum(best[part], priced.min(axis=1), out=best[part])


def _lower_by_pairs(best: Int, model: StoredModel, price: Int, scale: int) -> None:
    """The same, of stored pairs."""
    pairs = model.pairs
    for part in pairs.parts():
        span = pairs.span(part)
        priced = model.pair_cost[span] * scale + price[pairs.column[span]]
        np.minimum(best[part], pairs.least(part, priced), out=best[part])


def _addable(model: AssignmentModel | StoredModel, price: Int, scale: int) -> tuple[Int, int]:
    """The prices in so few parts of an integer cost that 64 bits hold every sum; any prices prove a bound."""
    rows, largest = model.rows, float(np.abs(price, dtype=np.float64).max(initial=0.0))
    units = float(model.capacity.sum()) + float(model.effort.max(axis=1, initial=0).sum())
    units += float(rows.coefficient.sum()) + float(rows.bound.sum())
    costs = model.magnitude + model.load_cost.magnitude(model.capacity)
    if costs * scale + largest * units < _MOST:
        return price, scale
    parts = max(1, int(scale * _MOST / (costs * scale + largest * units)))
    cap = int((_MOST - costs * parts) / max(1.0, units))
    return np.clip(np.rint(price * (parts / scale)), -cap, cap).astype(np.int64), parts


def _tolls(model: AssignmentModel, row_price: Int) -> Int:
    """(n, A) what the rows ask for every pair at their prices."""
    toll, rows = np.zeros((model.n_tickets, model.n_agents), dtype=np.int64), model.rows
    np.add.at(toll, (rows.ticket, rows.agent), rows.coefficient * row_price[rows.row])
    return toll

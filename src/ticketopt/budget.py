"""The cheapest plan with at most so many changes: by prices where they suffice, else by a row and a dummy agent."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ticketopt.errors import InvalidInputError
from ticketopt.model import AssignmentModel, PackingRows, Status, objective
from ticketopt.solve import Solution, solve_model

__all__ = ["solve_within"]

Int = NDArray[np.int64]

MOST_PRICES = 40
"""So many prices of a change are tried; a convex function of a million changes has fewer useful ones."""


def solve_within(
    model: AssignmentModel, stays: Int, most: int, *, time_limit: float, seed: int
) -> tuple[Solution, bool]:
    """The cheapest plan in which at most `most` tickets are not with their agent in `stays` ((n,), -1: no matter).

    1. Without the budget. If that plan keeps it, it is the answer.
    2. With a price on each change (Lagrange; Fisher 1981): a plan with exactly `most` changes is optimal, and every
       price proves a bound. Prices follow the lower convex hull of cost against changes.
    3. If no price hits: a model with one row over all changes, where being left out is a dummy agent, so that the row
       counts it too.

    Returns
    -------
    The plan, with its cost in `model` and a bound for plans within the budget, and whether the budget binds.
    """
    end = time.perf_counter() + time_limit

    def solve(other: AssignmentModel) -> Solution:
        return solve_model(other, time_limit=max(0.01, end - time.perf_counter()), seed=seed)

    free = solve(model)
    if _changes(stays, free.assignment) <= most:
        return free, False
    priced = _by_prices(model, stays, most, free, solve) if model.is_unit else None
    if priced is not None:
        return priced, True
    return _by_row(model, stays, most, solve), True


def _changes(stays: Int, assignment: Int) -> int:
    return int(((stays >= 0) & (assignment != stays)).sum())


def _by_prices(
    model: AssignmentModel, stays: Int, most: int, free: Solution, solve: Callable[[AssignmentModel], Solution]
) -> Solution | None:
    """Walk down the convex hull between too many changes and few enough; None where it has no point at `most`."""
    many = (_changes(stays, free.assignment), free.objective)
    sizes = [int(np.abs(costs).max(initial=0)) for costs in (model.exit_cost, model.pair_cost, model.slot_cost)]
    highest = 2 * max(sizes) + 1
    few: tuple[int, int] | None = None
    for _ in range(MOST_PRICES):
        price = highest if few is None else -((few[1] - many[1]) // (few[0] - many[0]))
        try:
            found = solve(_with_price(model, stays, price))
        except InvalidInputError:  # the price makes costs too large to add up exactly
            return None
        if found.status is not Status.OPTIMAL:
            return None
        count, value = _changes(stays, found.assignment), objective(model, found.assignment)
        if count == most:
            reason = f"{most} changes allowed: at a price of {price} units per change the optimum has as many"
            return replace(found, objective=value, lower_bound=value, reason=reason)
        if (count, value) in (many, few) or (few is None and count > most):
            return None
        if count > most:
            many = (count, value)
        else:
            few = (count, value)
    return None


def _with_price(model: AssignmentModel, stays: Int, price: int) -> AssignmentModel:
    """The model in which every change costs `price` more."""
    can_stay = (stays >= 0)[:, None]
    moves = can_stay & (stays[:, None] != np.arange(model.n_agents))
    return replace(model, pair_cost=model.pair_cost + price * moves, exit_cost=model.exit_cost + price * can_stay[:, 0])


def _by_row(model: AssignmentModel, stays: Int, most: int, solve: Callable[[AssignmentModel], Solution]) -> Solution:
    """The generic way: a row that limits changes, and a dummy agent for tickets that could stay and are left out."""
    can_stay, n_agents = stays >= 0, model.n_agents
    own = np.flatnonzero(can_stay)
    wider = _with_dummy(model, can_stay, int(model.magnitude) + 1)
    ticket, agent = np.nonzero(can_stay[:, None] & wider.allowed & (stays[:, None] != np.arange(n_agents + 1)))
    zeros, ones = np.zeros(len(ticket), dtype=np.int64), np.ones(len(ticket), dtype=np.int64)
    row = PackingRows(zeros, ticket, agent, ones, np.array([most]), (f"at most {most} changes",))
    found = solve(replace(wider, rows=PackingRows.join([model.rows, row])))
    if (found.assignment[own] < 0).any():
        fewest = solve(_counting(model, stays))
        raise InvalidInputError.single(
            "max_changes",
            f"is {most}, but no such plan was found; {fewest.objective} changes are enough",
            f"allow at least {fewest.lower_bound if fewest.lower_bound is not None else fewest.objective}",
        )
    assignment = np.where(found.assignment == n_agents, -1, found.assignment)
    return replace(found, assignment=assignment, objective=objective(model, assignment))


def _with_dummy(model: AssignmentModel, can_stay: NDArray[np.bool_], penalty: int) -> AssignmentModel:
    """One more agent, who takes any ticket that can stay at its exit price; the real exit costs `penalty` more."""
    room = int(model.effort[can_stay].sum())
    return replace(
        model,
        pair_cost=np.column_stack([model.pair_cost, model.exit_cost]),
        allowed=np.column_stack([model.allowed, can_stay]),
        capacity=np.append(model.capacity, room),
        slot_cost=np.append(model.slot_cost, np.zeros(room, dtype=np.int64)),
        exit_cost=model.exit_cost + penalty * can_stay,
    )


def _counting(model: AssignmentModel, stays: Int) -> AssignmentModel:
    """The model whose cost is the number of changes."""
    can_stay = stays >= 0
    moves = can_stay[:, None] & (stays[:, None] != np.arange(model.n_agents))
    return replace(
        model,
        pair_cost=moves.astype(np.int64),
        exit_cost=can_stay.astype(np.int64),
        slot_cost=np.zeros_like(model.slot_cost),
    )

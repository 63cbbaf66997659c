"""No pair of a better plan is excluded, however hostile the magnitudes: brute force names the better plans."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from support.brute_force import plan_cost, plans
from ticketopt._core import gap
from ticketopt._types import Float
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.objective import objective
from ticketopt.model.rows import PackingRows
from ticketopt.solvers import BACKENDS, Options
from ticketopt.solvers.gap.engine_arrays import arrays_of
from ticketopt.solvers.gap.exclusion import Excess, at_prices, by_knapsacks
from ticketopt.solvers.gap.grid import on_grid, parts_of_unit, size_at_prices
from ticketopt.solvers.gap.usable import undominated

OFFSETS = {"plain": 0, "far above": 2**40, "far below": -(2**40), "odd": 2**40 + 2**23 - 1, "prime": -(10**12) - 39}
"""Added to every pair cost: differences of a few units then stand in the last bits of large numbers."""


def hostile(seed: int, offset: int, scale: int) -> AssignmentModel:
    """Four tickets and three agents, with rows; costs near an offset, tiny differences, dear exits."""
    rng = np.random.default_rng(seed)
    n, a = 4, 3
    capacity = rng.integers(1, 6, a)
    rows = PackingRows()
    if seed % 2:
        ticket, agent = np.nonzero(rng.random((n, a)) < 0.5)
        coefficient = rng.integers(0, 3, len(ticket))
        rows = PackingRows(np.zeros(len(ticket), dtype=np.int64), ticket, agent, coefficient, [2], ("row",))  # type: ignore[arg-type]
    slots = [np.sort(rng.integers(-3, 4, b)) * scale for b in capacity]
    return AssignmentModel(
        pair_cost=offset + scale * rng.integers(0, 4, (n, a)) + rng.integers(0, 2, (n, a)),
        allowed=rng.random((n, a)) < 0.9,
        effort=rng.integers(1, 4, (n, a) if seed % 3 else n),
        capacity=capacity,
        load_cost=np.concatenate(slots),
        exit_cost=offset + rng.integers(0, 9, n) * scale,
        rows=rows,
    )


def prices_of(model: AssignmentModel, seed: int) -> tuple[Float, int, float]:
    """Prices near ties (differences of costs, per unit), some of them huge; their grid, and their bound."""
    rng = np.random.default_rng(seed)
    size = 10.0 ** rng.integers(-6, 13)
    price = np.abs(rng.choice([0.0, 1 / 3, 1.0, 1e-9, size], model.n_agents + len(model.rows)))
    price[: model.n_agents] += np.abs(rng.choice(np.diff(model.pair_cost, axis=0).ravel(), model.n_agents)) / 3
    parts = parts_of_unit(size_at_prices(model, price))
    if not parts:
        return price, 0, 0.0
    price = on_grid(price, parts)
    return price, parts, gap.raise_prices(arrays_of(model), price, 0.0, 0, 1.0)[1]


def check(model: AssignmentModel, excess: Excess, cost: int) -> int:
    """Every plan below `cost` is kept, whole, and no such plan is below the bound; how many pairs are excluded."""
    keep = excess.may_be_better(cost)
    for plan, value in plans(model):
        if value < cost:
            assert value >= excess.lower_bound
            for i, j in enumerate(plan):
                if j >= 0:
                    assert keep[i, j], plan
                    assert value * excess.parts >= excess.bound + int(excess.above[i, j]), plan
                else:
                    assert value * excess.parts >= excess.bound + int(
                        model.exit_cost[i] * excess.parts - excess.worth[i]
                    )
    return int((~keep).sum())


@pytest.mark.parametrize("offset", OFFSETS)
@pytest.mark.parametrize("scale", [1, 7, 2**20, 2**36])
def test_no_pair_of_a_better_plan_is_excluded(offset: str, scale: int) -> None:
    excluded = 0
    for seed in range(10):
        model = hostile(seed, OFFSETS[offset], scale)
        usable = undominated(model)
        best = min(value for _, value in plans(model))
        start = objective(model, BACKENDS["greedy"].solve(model, Options()).assignment)
        price, parts, bound = prices_of(model, seed)
        first = at_prices(model, usable, price, parts, bound)
        for cost in {best + 1, start + 1, start + 2 * scale}:
            optimal_pairs(model, usable, best)
            masked = replace(model, allowed=usable & model.allowed)
            excluded += check(masked, first, cost)
            second = by_knapsacks(model, arrays_of(model), price, first, cost, 1.0, lambda: False)
            excluded += check(masked, second, cost)
    assert excluded > 4, "it must exclude something, to be tested at all"


def optimal_pairs(model: AssignmentModel, usable: np.ndarray, best: int) -> None:
    """Without the dominated pairs, some optimal plan is left."""
    kept = replace(model, allowed=usable & model.allowed)
    assert min(value for _, value in plans(kept)) == best


def test_prices_too_large_to_add_up_exclude_nothing() -> None:
    model = hostile(2, 0, 1)
    price = np.full(model.n_agents + len(model.rows), 1e300)
    assert parts_of_unit(size_at_prices(model, price)) == 0
    usable = undominated(model)
    excess = at_prices(model, usable, price, 0, math.nan)
    assert (excess.may_be_better(objective(model, np.full(4, -1))) == usable).all()
    assert check(replace(model, allowed=usable), excess, 10**9) == int((~usable).sum())


def test_the_last_slots_cost_times_an_effort_does_not_wrap_around() -> None:
    """2^51 for a slot times an effort of 2^12 is below zero in 64 bits: the dear agent seemed to be the cheapest."""
    effort = 2**12
    slots = np.zeros(2 * effort, dtype=np.int64)
    slots[-1] = 2**51
    model = AssignmentModel(
        pair_cost=[[0, 5], [0, 5]],
        allowed=np.ones((2, 2), dtype=bool),
        effort=[effort, effort],
        capacity=[2 * effort, 2 * effort],
        load_cost=np.concatenate([slots, np.zeros(2 * effort, dtype=np.int64)]),
        exit_cost=[2**40, 2**40],
    )
    assert undominated(model).tolist() == [[True, True], [True, True]]
    found = BACKENDS["cp_sat"].solve(model, Options(600.0))
    assert plan_cost(model, tuple(found.assignment.tolist())) == 5


@pytest.mark.parametrize("size", [0.0, 1.0, 2.0**31, 2.0**51, 2.0**52, 2.0**60, math.inf])
def test_the_grid_is_as_fine_as_sums_allow(size: float) -> None:
    parts = parts_of_unit(size)
    assert parts in {0, *(2**k for k in range(21))}
    assert parts == 0 or parts * size <= 2.0**52
    assert parts == 2**20 or (2 * parts or 1) * (size + 1) > 2.0**52 - 1

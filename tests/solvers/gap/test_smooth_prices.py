"""The first prices: their bound is one, and near the best there is, ties or not."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest
from benchmarks.gap_instances import must_assign, tickets, typed

from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.prices import dual_bound
from ticketopt.solvers.auto import solve_model
from ticketopt.solvers.base import Options
from ticketopt.solvers.gap.smooth_prices import MOST_PAIRS, soft_prices
from ticketopt.solvers.lp_prices import dual_prices

FINE = 2**10


def levels(n: int = 300, a: int = 20, seed: int = 0) -> AssignmentModel:
    """Whole skill levels, one skill wanted: most pairs cost the same as others."""
    rng = np.random.default_rng(seed)
    level = rng.integers(0, 11, (a, 6)) * (rng.random((a, 6)) < 0.5)
    weight = rng.choice([1.1, 1.4, 1.7, 2.0], n)
    cost = np.rint(weight[:, None] * (1 - level.T[rng.integers(0, 6, n)] / 10) * 100_000).astype(np.int64)
    effort = rng.integers(1, 9, n)
    return must_assign(cost, effort, np.full(a, -(-int(effort.sum() / 0.95) // a)))


def bound_of(model: AssignmentModel, price: np.ndarray) -> int:
    return dual_bound(model, np.rint(price * FINE).astype(np.int64), FINE)


@pytest.mark.parametrize(
    "model",
    [levels(), typed("c", 200, 10).model, typed("d", 200, 10).model, typed("e", 200, 10).model]
    + [tickets(200, 10, is_convex=is_convex).model for is_convex in (False, True)],
)
def test_their_bound_is_near_that_of_the_linear_relaxation(model: AssignmentModel) -> None:
    price, short = soft_prices(model, Options(60.0))
    best = dual_bound(model, dual_prices(model)[0])
    bound = bound_of(model, price)
    assert price.shape == (model.n_agents,)
    assert (price >= 0).all()
    assert best - short <= bound
    assert best - bound <= 0.01 * abs(best)
    assert (soft_prices(model, Options(60.0))[0] == price).all()


@pytest.mark.parametrize("dear", [10, 1_000, 100_000])
def test_where_not_all_can_be_served_they_are_as_high_as_exits_are_dear(dear: int) -> None:
    full = levels()
    capacity = full.capacity * 3 // 5
    model = replace(
        full,
        capacity=capacity,
        load_cost=np.zeros(int(capacity.sum()), dtype=np.int64),
        exit_cost=np.full(full.n_tickets, dear * 200_000),
    )
    price, _ = soft_prices(model, Options(60.0))
    best = dual_bound(model, dual_prices(model)[0])
    assert best - bound_of(model, price) <= 0.01 * best


def test_a_large_model_is_seen_through_some_of_its_tickets() -> None:
    model = tickets(2 * MOST_PAIRS // 40, 40, is_convex=True).model
    bound = bound_of(model, soft_prices(model, Options(60.0))[0])
    none = bound_of(model, np.zeros(40))
    assert none < bound
    price, _ = soft_prices(tickets(MOST_PAIRS // 40, 40, is_convex=True).model, Options(60.0))
    assert price.shape == (40,)


def test_no_time_no_prices() -> None:
    model = levels()
    assert (soft_prices(model, Options(0.0))[0] == 0).all()
    stop = threading.Event()
    stop.set()
    assert (soft_prices(model, Options(60.0, stop=stop))[0] == 0).all()


def test_ties_everywhere_do_not_stop_the_search() -> None:
    model = levels()
    found = solve_model(model, solver="price_guided", time_limit=3.0)
    assert found.lower_bound is not None
    assert found.objective - found.lower_bound < 0.05 * found.objective  # greedy is 80 % above

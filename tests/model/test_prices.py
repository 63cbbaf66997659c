"""Bounds from prices hold for any prices, and are close for the linear relaxation's."""

from __future__ import annotations

import numpy as np

from support.brute_force import NO_PLAN, forced_optima
from support.strategies import make_model, picker
from ticketopt.model.exchange import FAR
from ticketopt.model.prices import Prices, dual_bound, forced_bounds
from ticketopt.solvers.lp_prices import dual_prices


def check(model, prices):
    best, forced = forced_optima(model)
    assert dual_bound(model, prices.together) <= best
    bounds = forced_bounds(model, prices)
    possible = bounds < FAR
    assert (forced[~possible] == NO_PLAN).all()
    assert (bounds[possible] <= forced[possible]).all()
    return best


def test_no_prices_prove_too_much():
    rng = np.random.default_rng(11)
    for _ in range(500):
        model = make_model(picker(rng), False)
        check(model, Prices(rng.integers(-50, 51, model.n_agents), rng.integers(0, 50, len(model.rows))))


def test_relaxed_prices_are_within_rounding_of_the_relaxation():
    rng = np.random.default_rng(12)
    exact = 0
    for _ in range(150):
        model = make_model(picker(rng), False)
        prices = Prices(*dual_prices(model))
        best = check(model, prices)
        exact += dual_bound(model, prices.together) >= best - 3
    assert exact >= 90

"""The engine for unequal effort: bounds never above brute force, searches never infeasible, time kept."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracle import optimum
from strategies import make_model, picker
from ticketopt._core import gap
from ticketopt.constraints.base import count_rows
from ticketopt.model import AssignmentModel, PackingRows, Status, objective
from ticketopt.solve import solve_model
from ticketopt.solvers import BACKENDS, Options
from ticketopt.solvers.price_guided import SMALL, arrays_of
from ticketopt.verify import dual_bound, feasible


def small(seed: int, has_rows: bool) -> AssignmentModel:
    model = make_model(picker(seed), unit=False)
    return model if has_rows else replace(model, rows=PackingRows())


def n_prices(model: AssignmentModel) -> int:
    return model.n_agents + len(model.rows)


def large(seed: int = 0, *, by_agent: bool = False, n: int = 300, a: int = 20) -> AssignmentModel:
    """Tight, with load costs, and exits that are dear but not out of reach."""
    rng = np.random.default_rng(seed)
    effort = rng.integers(1, 9, (n, a) if by_agent else n)
    capacity = np.full(a, int(effort.reshape(n, -1).mean(axis=1).sum() / a))
    return AssignmentModel(
        pair_cost=rng.integers(0, 100_000, (n, a)),
        allowed=rng.random((n, a)) < 0.8,
        effort=effort,
        capacity=capacity,
        slot_cost=np.concatenate([np.arange(units) * 900 for units in capacity]),
        exit_cost=rng.integers(50_000, 400_000, n),
    )


@settings(max_examples=400, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    price=st.lists(st.floats(0, 5000), min_size=8, max_size=8),
    has_rows=st.booleans(),
)
def test_no_prices_prove_more_than_the_optimum(seed: int, price: list[float], has_rows: bool) -> None:
    model = small(seed, has_rows)
    if not model.n_agents:
        return
    start = np.array([price[j % 8] for j in range(n_prices(model))])
    best = optimum(model)
    prices, bound = gap.raise_prices(arrays_of(model), start, float(best), 200, 10.0)
    assert bound <= best + 1e-6 * (1 + abs(best))
    for scale in (1, 64):
        exact = dual_bound(model, np.rint(prices * scale).astype(np.int64), scale)
        assert exact <= best
        if scale == 64 and model.pair_cost.size:
            parts = model.effort.sum() + model.capacity.sum() + model.rows.coefficient.sum() + model.rows.bound.sum()
            assert abs(exact - bound) <= 2 + parts / 64


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), has_rows=st.booleans(), is_cold=st.booleans())
def test_a_search_finds_feasible_plans_no_worse_than_its_start(seed: int, has_rows: bool, is_cold: bool) -> None:
    model = small(seed, has_rows)
    if not model.pair_cost.size:
        return
    start = BACKENDS["greedy"].solve(model, Options()).assignment
    price = np.random.default_rng(seed).uniform(0, 50, n_prices(model)) * (seed % 3)
    search = gap.Search(arrays_of(model), price, 1 + seed % 6, seed % 1000)
    for begin in (start, None):
        assert search.anneal(begin, 0.01 if is_cold else 100.0, 0.01 if is_cold else 1.0, 10_000, 10.0) == 10_000
        found = search.best()
        if begin is not None:
            assert found is not None
            assert objective(model, found) <= objective(model, start)
        if found is not None:
            assert feasible(model, found)
            assert optimum(model) <= objective(model, found)


@pytest.mark.parametrize("has_rows", [False, True])
@pytest.mark.parametrize("seeds", [range(600), pytest.param(range(600, 6000), marks=pytest.mark.slow)])
def test_small_models_are_proven_and_equal_brute_force(seeds: range, has_rows: bool) -> None:
    for seed in seeds:
        model = small(seed, has_rows)
        outcome = BACKENDS["price_guided"].solve(model, Options())
        assert objective(model, outcome.assignment) == optimum(model), seed
        assert outcome.lower_bound is not None and outcome.lower_bound <= optimum(model), seed
        is_huge = model.magnitude > 1e12
        assert outcome.status is Status.OPTIMAL or is_huge, seed


@pytest.mark.parametrize("by_agent", [False, True])
def test_it_beats_greedy_and_says_how_far_it_can_be_from_the_optimum(by_agent: bool) -> None:
    model = large(by_agent=by_agent)
    assert model.pair_cost.size > SMALL
    cheap = solve_model(model, solver="greedy")
    found = solve_model(model, solver="price_guided", time_limit=2.0)
    assert found.objective < cheap.objective
    assert found.lower_bound is not None and cheap.lower_bound is not None
    assert cheap.lower_bound <= found.lower_bound <= found.objective
    assert found.objective - found.lower_bound < 0.02 * found.objective


def test_it_agrees_with_cp_sat_where_both_prove() -> None:
    model = large(3, n=60, a=6)
    ours, theirs = (solve_model(model, solver=name, time_limit=8.0) for name in ("price_guided", "cp_sat"))
    assert ours.lower_bound is not None and theirs.lower_bound is not None
    assert max(ours.lower_bound, theirs.lower_bound) <= min(ours.objective, theirs.objective)


@pytest.mark.parametrize("seconds", [0.05, 0.5])
def test_a_short_time_gives_a_plan_and_a_bound(seconds: float) -> None:
    model = large(n=800, a=60)
    began = time.perf_counter()
    found = solve_model(model, solver="price_guided", time_limit=seconds)
    assert time.perf_counter() - began < seconds + 3  # generous: what is tested is that it ends
    assert feasible(model, found.assignment)
    assert found.lower_bound is not None


def test_the_same_seed_searches_the_same_way() -> None:
    model = large()
    start = BACKENDS["greedy"].solve(model, Options()).assignment
    plans = []
    for _ in range(2):
        search = gap.Search(arrays_of(model), np.full(model.n_agents, 900.0), 4, 5)
        search.anneal(start, 2000.0, 50.0, 50_000, 60.0)
        found = search.best()
        assert found is not None
        plans.append(found.tolist())
    assert plans[0] == plans[1]


def test_wrong_arrays_are_errors() -> None:
    model = large(n=5, a=3)
    whole = arrays_of(model)
    with pytest.raises(ValueError, match="price"):
        gap.raise_prices(whole, np.zeros(2), 1.0, 1, 1.0)
    search = gap.Search(whole, np.zeros(3), 4, 0)
    for start, words in ((np.zeros(4, dtype=np.int64), "start must have"), (np.full(5, 3), "not there")):
        with pytest.raises(ValueError, match=words):
            search.anneal(start, 1.0, 1.0, 1, 1.0)
    with pytest.raises(ValueError, match="candidates"):
        gap.Search(whole, np.zeros(3), 0, 0)
    with pytest.raises(ValueError, match="seconds"):
        search.anneal(None, 1.0, 1.0, 1, 0.0)
    forbidden = replace(model, allowed=np.arange(15).reshape(5, 3) > 0)
    with pytest.raises(ValueError, match="does not allow"):
        gap.Search(arrays_of(forbidden), np.zeros(3), 4, 0).anneal(np.zeros(5, dtype=np.int64), 1.0, 1.0, 1, 1.0)
    with pytest.raises(ValueError, match="exit_cost"):
        gap.Arrays(model.pair_cost, None, model.effort, model.slot_cost, model.slot_start, np.zeros(2, dtype=np.int64))
    ints = [np.array(values, dtype=np.int64) for values in ([1], [0] * 15 + [1], [0], [1])]
    for k, wrong in enumerate(([], [0] * 15, [1], [1, 2])):
        with pytest.raises(ValueError, match=r"row|pair_first"):
            whole.set_rows(*ints[:k], np.array(wrong, dtype=np.int64), *ints[k + 1 :])


def ruled(n: int, a: int, seed: int = 0) -> AssignmentModel:
    """Load costs, unequal effort, and rows that bind: so many tickets per agent and per two agents, and pairs apart."""
    model = large(seed, n=n, a=a)
    every = np.ones(n, dtype=np.bool_)
    apart = [(i, i + 1) for i in range(0, n - 1, 9)]
    rows = [
        count_rows(every, [[j] for j in range(a)], [n // a] * a, ["agent"] * a),
        count_rows(every, [[j, j + 1] for j in range(a - 1)], [2 * n // a - 1] * (a - 1), ["pair"] * (a - 1)),
        *(count_rows(np.isin(np.arange(n), pair), [[j] for j in range(a)], [1] * a, ["apart"] * a) for pair in apart),
    ]
    return replace(model, rows=PackingRows.join(rows))


def test_a_start_over_capacity_is_repaired_or_nothing_is_found() -> None:
    crowd = AssignmentModel([[1], [1]], np.ones((2, 1), bool), [1, 1], [1], [0], [9, 9])
    search = gap.Search(arrays_of(crowd), np.zeros(1), 4, 0)
    search.anneal(np.array([0, 0]), 1.0, 1.0, 5_000, 10.0)
    found = search.best()
    assert found is not None
    assert sorted(found.tolist()) == [-1, 0]
    search.anneal(np.array([0, 0]), 1.0, 1.0, 0, 10.0)
    assert search.best() is None


def test_rows_are_kept_and_priced() -> None:
    model = ruled(200, 14)
    assert model.pair_cost.size > SMALL
    cheap = solve_model(model, solver="greedy")
    found = solve_model(model, solver="price_guided", time_limit=3.0)
    assert feasible(model, found.assignment)
    assert found.objective < cheap.objective
    assert found.lower_bound is not None
    without = dual_bound(replace(model, rows=PackingRows()), np.zeros(model.n_agents, dtype=np.int64))
    assert without < found.lower_bound <= found.objective
    assert found.objective - found.lower_bound < 0.02 * found.objective


def test_tickets_and_agents_that_cannot_come_together_are_left_out_of_the_search() -> None:
    for seed in range(60):
        model = ruled(30, 5, seed)
        rng = np.random.default_rng(seed)
        capacity = model.capacity * (rng.random(5) < 0.6)
        slots = np.concatenate([np.arange(units) * 900 for units in capacity])
        narrow = replace(model, capacity=capacity, slot_cost=slots, allowed=model.allowed & (rng.random((30, 1)) < 0.5))
        found = BACKENDS["price_guided"].solve(narrow, Options(5.0))
        other = BACKENDS["cp_sat"].solve(narrow, Options(20.0))
        assert other.status is Status.OPTIMAL
        assert found.lower_bound is not None
        assert found.lower_bound <= objective(narrow, other.assignment) <= objective(narrow, found.assignment)
        if found.price is not None:
            assert dual_bound(narrow, found.price, found.price_scale) <= objective(narrow, other.assignment)
        assert (found.status is Status.OPTIMAL) == (found.lower_bound == objective(narrow, found.assignment))

"""The engine for unequal effort: bounds never above brute force, searches never infeasible, time kept."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest
from benchmarks.gap_instances import typed
from hypothesis import given, settings
from hypothesis import strategies as st

from support.brute_force import optimum, plans
from support.seeds import Seeds, examples
from support.strategies import make_model, picker
from ticketopt._core import gap
from ticketopt.formulation.constraints.base import count_rows
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.objective import feasible, objective
from ticketopt.model.outcome import Status
from ticketopt.model.prices import dual_bound
from ticketopt.model.rows import PackingRows
from ticketopt.solvers import BACKENDS, Options
from ticketopt.solvers.auto import solve_model
from ticketopt.solvers.check import Solution
from ticketopt.solvers.gap import cp_model
from ticketopt.solvers.gap.engine_arrays import arrays_of
from ticketopt.solvers.gap.exclusion import NEVER, Excess
from ticketopt.solvers.gap.search import SMALL
from ticketopt.solvers.progress import Progress


def small(seed: int, has_rows: bool) -> AssignmentModel:
    model = make_model(picker(seed), unit=False)
    return model if has_rows else replace(model, rows=PackingRows())


def solved_to(model: AssignmentModel, gap: float) -> Solution:
    """The answer as soon as it is so close to its bound, however long that takes."""
    stop = threading.Event()

    def listen(news: Progress) -> None:
        if news.gap is not None and news.gap < gap:
            stop.set()

    return solve_model(model, solver="price_guided", time_limit=600, progress=listen, stop=stop)


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
        load_cost=np.concatenate([np.arange(units) * 900 for units in capacity]),
        exit_cost=rng.integers(50_000, 400_000, n),
    )


@settings(max_examples=examples(400), deadline=None)
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
    assert bound <= best
    for scale in (1, 64):
        exact = dual_bound(model, np.rint(prices * scale).astype(np.int64), scale)
        assert exact <= best
        if scale == 64 and model.pair_cost.size:
            parts = model.effort.sum() + model.capacity.sum() + model.rows.coefficient.sum() + model.rows.bound.sum()
            assert abs(exact - bound) <= 2 + parts / 64 + 1e-13 * abs(exact)


def test_dear_exits_do_not_cost_the_bound_anything() -> None:
    model = large(n=100, a=10)
    dear = replace(model, exit_cost=np.full(100, 10**12))
    prices, bound = gap.raise_prices(arrays_of(dear), np.full(10, 2000.0), 1e7, 200, 60.0)
    exact = dual_bound(dear, np.rint(prices * 2**16).astype(np.int64), 2**16)
    assert exact < 10**12  # no ticket is at its exit
    assert abs(bound - exact) < 2


@settings(max_examples=examples(400), deadline=None)
@given(seed=st.integers(0, 2**32 - 1), has_rows=st.booleans(), is_all=st.booleans(), steps=st.sampled_from([0, 5, 100]))
def test_knapsacks_say_of_no_plan_more_than_it_costs(seed: int, has_rows: bool, is_all: bool, steps: int) -> None:
    model = small(seed, has_rows)
    if not model.pair_cost.size:
        return
    n, a = model.pair_cost.shape
    rng = np.random.default_rng(seed)
    kept = np.ones((n, a), dtype=np.bool_) if is_all else rng.random((n, a)) < 0.7
    price = rng.uniform(0, 50, n_prices(model))
    knapsacks = gap.Knapsacks(arrays_of(model), price, kept)
    top = float(model.exit_cost.max() + 10)
    worth, bound = knapsacks.raise_bound(rng.uniform(-top, top, n), float(optimum(model)), steps, 60.0)
    above = knapsacks.forced(worth).reshape(n, a + 1)
    tolerance = 1e-6 * (1 + abs(bound))
    for plan, cost in plans(model):
        if all(j < 0 or kept[i, j] for i, j in enumerate(plan)):
            assert bound <= cost + tolerance
            assert all(above[i, j] <= cost - bound + tolerance for i, j in enumerate(plan)), plan  # -1: the last
    assert np.isinf(above[:, :a][~kept]).all()


def test_a_target_is_reached_by_about_so_many_pairs() -> None:
    above = np.array([[0, 7], [2, NEVER]])
    excess = Excess(2, 20, above, np.zeros(2, dtype=np.int64))  # in halves of a unit: 3.5 above a bound of 10
    assert excess.reached_by(1) == 12
    assert excess.may_be_better(excess.reached_by(1)).tolist() == [[True, False], [True, False]]
    assert excess.reached_by(2) == 14
    assert excess.may_be_better(excess.reached_by(2)).sum() == 2  # such plans cost 13.5, and so 14, at least
    assert excess.may_be_better(excess.reached_by(3)).sum() == excess.may_be_better(excess.reached_by(9)).sum() == 3


def test_knapsacks_prove_more_than_prices() -> None:
    model = large(n=60, a=10)
    arrays = arrays_of(model)
    price, bound = gap.raise_prices(arrays, np.full(10, 2000.0), 1e7, 1000, 60.0)
    value = np.where(model.allowed, model.pair_cost + model.effort * price, np.inf)
    worth = np.minimum(value.min(axis=1), model.exit_cost)
    knapsacks = gap.Knapsacks(arrays, price, model.allowed)
    start = knapsacks.raise_bound(worth, 1e7, 0, 60.0)[1]
    better, found = knapsacks.raise_bound(worth, 1e7, 300, 60.0)
    assert bound - 1e-3 <= start < found
    assert found == pytest.approx(knapsacks.raise_bound(better, 1e7, 0, 60.0)[1])
    best = solve_model(model, solver="cp_sat", time_limit=60.0)
    assert best.lower_bound is not None
    assert found <= best.objective


def test_knapsacks_gain_on_prices_where_costs_fall_as_efforts_rise() -> None:
    """Steps too long for their deflection led ever farther away, and the bound stayed at that of the prices."""
    model = typed("d", 100, 20, seed=1).model
    arrays = arrays_of(model)
    price, bound = gap.raise_prices(arrays, np.ones(20), float(model.pair_cost.sum()), 1500, 60.0)
    worth, knapsacks = (model.pair_cost + model.effort * price).min(axis=1), gap.Knapsacks(arrays, price, model.allowed)
    first, last = (knapsacks.raise_bound(worth, 1.05 * bound, steps, 60.0)[1] for steps in (0, 100))
    assert last > first + 10


@settings(max_examples=examples(150), deadline=None)
@given(seed=st.integers(0, 2**32 - 1), has_rows=st.booleans(), from_below=st.booleans())
def test_cp_sat_without_its_presolve_equals_brute_force(seed: int, has_rows: bool, from_below: bool) -> None:
    model = small(seed, has_rows)
    if cp_model.obstacle(model) is not None:
        return
    found = cp_model.search(model, Options(), from_below=from_below)
    assert found.status is Status.OPTIMAL
    assert objective(model, found.assignment) == optimum(model) == found.lower_bound


@pytest.mark.parametrize("scale", [100, 1_000_000])
def test_a_full_team_is_proven_whether_costs_are_coarse_or_fine(scale: int) -> None:
    rng = np.random.default_rng(1)
    effort = rng.integers(1, 9, 300)
    capacity = np.full(20, round(effort.sum() / 0.95 / 20))
    costs = np.floor(rng.random((300, 20)) * scale).astype(np.int64)
    slots, exits = np.zeros(capacity.sum(), dtype=np.int64), np.full(300, 10**9)
    model = AssignmentModel(costs, np.ones((300, 20), bool), effort, capacity, slots, exits)
    found = solve_model(model, solver="price_guided", time_limit=60.0)
    assert found.status is Status.OPTIMAL
    assert found.objective == found.lower_bound


@settings(max_examples=examples(150), deadline=None)
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
def test_small_models_are_proven_and_equal_brute_force(seeds: Seeds, has_rows: bool) -> None:
    for seed in seeds(200, 6000):
        model = small(seed, has_rows)
        outcome = BACKENDS["price_guided"].solve(model, Options())
        assert objective(model, outcome.assignment) == optimum(model), seed
        assert outcome.lower_bound is not None and outcome.lower_bound <= optimum(model), seed
        assert outcome.status is Status.OPTIMAL, seed


@pytest.mark.parametrize("by_agent", [False, True])
def test_it_beats_greedy_and_says_how_far_it_can_be_from_the_optimum(by_agent: bool) -> None:
    model = large(by_agent=by_agent)
    assert model.pair_cost.size > SMALL
    cheap = solve_model(model, solver="greedy")
    found = solved_to(model, 0.02)
    assert found.objective < cheap.objective
    assert found.lower_bound is not None and cheap.lower_bound is not None
    assert cheap.lower_bound <= found.lower_bound <= found.objective
    assert found.objective - found.lower_bound < 0.02 * found.objective


def test_it_agrees_with_solvers_that_see_every_pair() -> None:
    model = large(3, n=60, a=6)
    limits = {"price_guided": 600.0, "cp_sat": 600.0, "milp": 2.0, "cp_sat_plain": 2.0}
    found = [solve_model(model, solver=name, time_limit=limit) for name, limit in limits.items()]
    assert max(one.lower_bound for one in found if one.lower_bound is not None) <= min(one.objective for one in found)
    assert [one.status for one in found[:2]] == [Status.OPTIMAL] * 2


@pytest.mark.parametrize("seconds", [0.05, 0.5])
def test_a_short_time_gives_a_plan_and_a_bound(seconds: float) -> None:
    model = large(n=800, a=60)
    found = solve_model(model, solver="price_guided", time_limit=seconds)
    assert feasible(model, found.assignment)
    assert found.lower_bound is not None


def test_the_same_seed_searches_the_same_way() -> None:
    model = large()
    start = BACKENDS["greedy"].solve(model, Options()).assignment
    searched = []
    for _ in range(2):
        search = gap.Search(arrays_of(model), np.full(model.n_agents, 900.0), 4, 5)
        search.anneal(start, 2000.0, 50.0, 50_000, 60.0)
        found = search.best()
        assert found is not None
        searched.append(found.tolist())
    assert searched[0] == searched[1]


def test_the_best_plan_so_far_can_be_read_while_an_annealing_goes_on() -> None:
    model = large()
    search = gap.Search(arrays_of(model), np.full(model.n_agents, 900.0), 6, 5)
    costs: list[int] = []

    def look() -> bool:
        if (plan := search.best()) is not None:
            assert feasible(model, plan)
            costs.append(objective(model, plan))
        return len(costs) == 3

    start = BACKENDS["greedy"].solve(model, Options()).assignment
    search.anneal(start, 50.0, 50.0, 2**40, 60.0, look)
    assert len(costs) == 3
    assert costs[-1] < objective(model, start)
    assert costs == sorted(costs, reverse=True)
    final = search.best()
    assert final is not None
    assert objective(model, final) <= costs[-1]


def test_wrong_arrays_are_errors() -> None:
    model = large(n=5, a=3)
    whole = arrays_of(model)
    with pytest.raises(ValueError, match="price"):
        gap.raise_prices(whole, np.zeros(2), 1.0, 1, 1.0)
    search = gap.Search(whole, np.zeros(3), 4, 0)
    for start, words in ((np.zeros(4, dtype=np.int64), "start must have"), (np.full(5, 3), "not there")):
        with pytest.raises(ValueError, match=words):
            search.anneal(start, 1.0, 1.0, 1, 1.0)
    kept = np.ones((5, 3), dtype=np.bool_)
    with pytest.raises(ValueError, match="order"):
        gap.construct(whole, np.array([0, 5]))
    with pytest.raises(ValueError, match="kept"):
        gap.Knapsacks(whole, np.zeros(3), kept[:4])
    with pytest.raises(ValueError, match="price"):
        gap.Knapsacks(whole, np.zeros(2), kept)
    with pytest.raises(ValueError, match="worth"):
        gap.Knapsacks(whole, np.zeros(3), kept).raise_bound(np.zeros(4), 1.0, 1, 1.0)
    with pytest.raises(ValueError, match="worth"):
        gap.Knapsacks(whole, np.zeros(3), kept).forced(np.zeros(6))
    with pytest.raises(ValueError, match="candidates"):
        gap.Search(whole, np.zeros(3), 0, 0)
    with pytest.raises(ValueError, match="seconds"):
        search.anneal(None, 1.0, 1.0, 1, 0.0)
    forbidden = replace(model, allowed=np.arange(15).reshape(5, 3) > 0)
    with pytest.raises(ValueError, match="does not allow"):
        gap.Search(arrays_of(forbidden), np.zeros(3), 4, 0).anneal(np.zeros(5, dtype=np.int64), 1.0, 1.0, 1, 1.0)
    load, short = model.load_cost, np.zeros(2, dtype=np.int64)
    with pytest.raises(ValueError, match="exit_cost"):
        gap.Arrays(model.pair_cost, None, model.effort, model.capacity, load.start, load.segments, short)
    ints = [np.array(values, dtype=np.int64) for values in ([1], [0] * 15 + [1], [0], [1])]
    for k, wrong in enumerate(([], [0] * 15, [1], [1, 2])):
        with pytest.raises(ValueError, match=r"row|pair_first"):
            rows = (*ints[:k], np.array(wrong, dtype=np.int64), *ints[k + 1 :])
            gap.Arrays(
                model.pair_cost, None, model.effort, model.capacity, load.start, load.segments, model.exit_cost, rows
            )


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
    found = solved_to(model, 0.02)
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
        narrow = replace(model, capacity=capacity, allowed=model.allowed & (rng.random((30, 1)) < 0.5))
        found = BACKENDS["price_guided"].solve(narrow, Options(5.0))
        other = BACKENDS["cp_sat"].solve(narrow, Options(600.0))
        assert other.status is Status.OPTIMAL
        assert found.lower_bound is not None
        assert found.lower_bound <= objective(narrow, other.assignment) <= objective(narrow, found.assignment)
        if found.price is not None:
            assert dual_bound(narrow, found.price, found.price_scale) <= objective(narrow, other.assignment)
        assert (found.status is Status.OPTIMAL) == (found.lower_bound == objective(narrow, found.assignment))

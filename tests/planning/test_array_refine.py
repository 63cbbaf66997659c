"""`solve_arrays` against exact rational arithmetic: numbers of every size, type and mixture."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.exact_assignment import exact_cost, exact_optimum
from support.seeds import examples
from ticketopt import InvalidInputError, SolverError, Status, solve_arrays
from ticketopt.model.outcome import Outcome
from ticketopt.planning import array_refine


@dataclass(frozen=True)
class Case:
    pair: Any
    capacity: np.ndarray
    load: Any = None
    leave: Any = None

    @classmethod
    def draw(cls, random, kind):
        n, columns = int(random.integers(1, 9)), int(random.integers(1, 7))
        capacity = np.ones(columns, dtype=np.int64) if random.random() < 0.5 else random.integers(0, 4, columns)
        return cls(KINDS[kind](random, (n, columns)), capacity, *_extras(random, kind, n, columns))

    def solve(self, **options):
        return solve_arrays(self.pair, capacity=self.capacity, load_cost=self.load, exit_cost=self.leave, **options)

    def parts(self):
        return self.pair, self.capacity.tolist(), self.load, self.leave


def mixed(random, shape):
    return random.choice([-1.0, 1.0, 1.0], shape) * 10.0 ** random.uniform(-9, 15, shape)


def big_m(random, shape):
    return np.where(random.random(shape) < 0.35, 10.0 ** random.integers(3, 300), random.random(shape))


def near_ties(random, shape):
    return random.integers(1, 4, shape) / 3 + random.integers(-3, 4, shape) * 1e-12


def wide(random, shape):
    kind = random.choice([np.int64, np.uint64])
    near = (1 << 62) + random.integers(-2, 3, shape)
    return near.astype(kind) if random.random() < 0.5 else random.integers(0, 1 << 62, shape).astype(kind)


KINDS = {
    "uniform": lambda random, shape: random.random(shape),
    "offset": lambda random, shape: 10.0 ** random.integers(3, 16) + random.random(shape),
    "big M": big_m,
    "mixed magnitudes": mixed,
    "float32": lambda random, shape: random.random(shape).astype(np.float32),
    "near ties": near_ties,
    "integers beyond 2^53": wide,
    "negative": lambda random, shape: random.normal(size=shape),
    "forbidden": lambda random, shape: np.where(random.random(shape) < 0.4, np.inf, random.random(shape)),
    "load and exit costs": lambda random, shape: random.random(shape),
}


def _extras(random, kind, n, columns):
    """Load and exit costs: always of the last kind, else now and then."""
    load = leave = None
    if kind == "load and exit costs" or random.random() < 0.3:
        load = np.sort(random.random((columns, 3)) * 10.0 ** random.integers(-6, 3), axis=1)
    if kind == "load and exit costs" or random.random() < 0.3:
        leave = random.random(n) * 10.0 ** random.integers(-1, 16)
    return load, leave


def check(case):
    found = case.solve()
    plan = found.assignment.tolist()
    served, cost = exact_cost(*case.parts(), plan)
    assert found.status is Status.OPTIMAL
    most, best = exact_optimum(*case.parts())
    assert cost == best
    assert served == most or case.leave is not None  # equal costs may serve more rows, or fewer
    assert found.objective == float(cost) == found.lower_bound


@pytest.mark.parametrize("kind", KINDS)
def test_an_optimal_plan_is_the_exact_optimum_of_the_numbers_given(kind, seeds):
    for seed in seeds(12, 500):
        check(Case.draw(np.random.default_rng([list(KINDS).index(kind), seed]), kind))


doubles = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e306, max_value=1e306)
anything = st.one_of(doubles, st.sampled_from([0.0, 1.0, 0.1, 5e-324, 1e-300, 1e300, 1e16, 1.0 + 2**-52]))


@st.composite
def cases(draw):
    n, columns = draw(st.integers(0, 5)), draw(st.integers(0, 4))
    cost = st.one_of(anything, st.just(math.inf))
    pair = np.array([[draw(cost) for _ in range(columns)] for _ in range(n)]).reshape(n, columns)
    capacity = np.array([draw(st.integers(0, 3)) for _ in range(columns)], dtype=np.int64)
    load = [sorted(draw(anything) for _ in range(3)) for _ in range(columns)] if draw(st.booleans()) else None
    leave = [draw(anything) for _ in range(n)] if draw(st.booleans()) else None
    return Case(pair, capacity, load, leave)


@settings(max_examples=examples(80))
@given(cases())
def test_any_doubles_at_all(case):
    check(case)


@pytest.mark.parametrize(
    "kind", ["uniform", "big M", "offset", "mixed magnitudes", "near ties", "integers beyond 2^53"]
)
def test_and_on_larger_ones(kind, seeds):
    for seed in seeds(1, 20):
        random = np.random.default_rng([7, seed])
        check(Case(KINDS[kind](random, (40, 40)), np.ones(40, dtype=np.int64)))
        load = np.sort(random.random((8, 9)), axis=1)
        check(Case(KINDS[kind](random, (50, 8)), np.full(8, 6), load, random.random(50) * 1e9))


class TestHugeNumbersThatStandForForbidden:
    """Costs in [0, 1] beside numbers of any size that no good plan uses."""

    @pytest.mark.parametrize("big", [1e9, 1e12, 1e15, 1e100, 1e290, np.finfo(float).max])
    def test_one_entry_changes_nothing(self, big):
        cost = np.random.default_rng(0).random((30, 30))
        cost[0, 0] = 1
        without = solve_arrays(cost)
        cost[0, 0] = big
        found = solve_arrays(cost)
        assert (found.assignment.tolist(), found.objective) == (without.assignment.tolist(), without.objective)

    @pytest.mark.parametrize("big", [1e9, 1e18, 1e280])
    def test_they_give_the_plan_that_infinity_gives(self, big):
        random = np.random.default_rng(2)
        cost, is_banned = random.random((60, 60)), random.random((60, 60)) < 0.3
        is_banned[np.arange(60), np.arange(60)] = False
        found, wanted = solve_arrays(np.where(is_banned, big, cost)), solve_arrays(np.where(is_banned, np.inf, cost))
        assert found.assignment.tolist() == wanted.assignment.tolist()

    def test_small_costs_still_decide_beside_one_that_has_to_be_paid(self):
        found = solve_arrays([[1e18, 1e18, 1e18], [1e18, 0.9, 0.1], [1e18, 0.2, 0.9]])
        assert found.assignment.tolist() == [0, 2, 1]

    @pytest.mark.parametrize("big", [1e3, 1e9, 1e15, 1e300])
    def test_exit_costs(self, big):
        cost = [[0.9, 0.1], [0.1, 0.9], [0.5, 0.5]]
        found = solve_arrays(cost, exit_cost=[big, big, 1.0])
        assert found.assignment.tolist() == [1, 0, -1]
        assert found.objective == 1.2


def test_an_offset_changes_nothing():
    cost = np.random.default_rng(0).integers(0, 2**20, (40, 40)) / 2**20
    plans = {tuple(solve_arrays(cost + offset).assignment.tolist()) for offset in (0, 1e3, 2.0**30, -(2.0**32))}
    assert len(plans) == 1


def test_differences_in_the_last_place_decide():
    one = 1.0
    more = np.nextafter(one, 2)
    assert solve_arrays([[one, one], [one, more]]).assignment.tolist() == [1, 0]
    assert solve_arrays([[0.1, 0.3], [0.2, 0.4]]).objective == math.fsum([0.1, 0.4])
    wide = 2**53 + np.array([[0, 0], [0, 1]])
    assert solve_arrays(wide).assignment.tolist() == [1, 0]
    assert solve_arrays((wide + 2**62).astype(np.uint64) * np.uint64(2)).assignment.tolist() == [1, 0]


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.int8, np.uint16, np.bool_, np.longdouble])
def test_sums_of_small_types_are_not_rounded_to_them(kind):
    cost = (np.random.default_rng(0).random((300, 300)) * 100).astype(kind)
    found = solve_arrays(cost)
    chosen = cost[np.arange(300), found.assignment]
    assert found.objective == math.fsum(chosen.astype(float).tolist())


def test_a_sum_is_rounded_once():
    cost = np.diag([1e16, 1.0, -1e16]) + np.where(np.eye(3) == 1, 0, np.inf)
    assert solve_arrays(cost).objective == 1.0
    assert solve_arrays(np.diag([1e308, 1e308, -1.5e308]) + np.where(np.eye(3) == 1, 0, np.inf)).objective == 5e307
    assert solve_arrays([[2**63 - 1]], load_cost=[0.5]).objective == 2.0**63
    with pytest.raises(InvalidInputError, match="largest double"):
        solve_arrays([[1.7e308, np.inf], [np.inf, 1.7e308]])


class TestEveryNumberIsReadAsItIs:
    @pytest.mark.parametrize(
        "cost",
        [
            [[2**64]],
            [[1 << 200, 0.5]],
            [[2**53 + 1, 0.5]],
            [[2**63 + 1, -1]],
            np.array([[1, 1]], dtype=object),
            np.array([[1 + 2j]]),
            np.array([[np.longdouble(1) + np.finfo(np.longdouble).eps]]),
            [[1.0, 2.0], [1.0]],
        ],
        ids=str,
    )
    def test_or_refused(self, cost):
        with pytest.raises(InvalidInputError, match=r"cost: (holds|has rows of unequal)"):
            solve_arrays(cost)

    def test_in_lists_of_both_kinds(self):
        assert solve_arrays([[2**53, 0.5], [1.5, 2**60]]).objective == 2.0

    def test_exit_and_load_costs_of_64_bits(self):
        exits = [2**62 + 1, 2**62]
        assert solve_arrays([[0], [0]], exit_cost=exits).assignment.tolist() == [0, -1]
        assert solve_arrays([[0], [0]], exit_cost=exits[::-1]).assignment.tolist() == [-1, 0]
        found = solve_arrays([[0, 0]], load_cost=[[2**62 + 1], [2**62]])
        assert (found.assignment.tolist(), found.objective) == ([1], 2.0**62)

    def test_load_costs_of_both_kinds(self):
        found = solve_arrays([[0.0, 0.0]] * 3, capacity=2, load_cost=[np.array([1, 5]), np.array([0.5, 5.5])])
        assert found.objective == 6.5
        with pytest.raises(InvalidInputError, match=r"load_cost"):
            solve_arrays([[0.0, 0.0]], load_cost=[np.array([2**62 + 1]), np.array([0.5])])


class TestWholeNumbersThatFit:
    """One integer model of the caller's own matrix, as ever."""

    @pytest.mark.parametrize("largest", [1, 2**31, 2**40])
    def test_are_solved_once_without_a_copy(self, monkeypatch, largest):
        seen = watch(monkeypatch)
        cost = np.random.default_rng(0).integers(0, largest, (30, 10))
        solve_arrays(cost, capacity=4)
        (model,) = seen
        assert np.shares_memory(model.pair_cost, cost)

    def test_as_doubles_are_solved_once(self, monkeypatch):
        seen = watch(monkeypatch)
        cost = np.random.default_rng(0).integers(0, 9, (30, 10)).astype(float)
        solve_arrays(cost, capacity=4)
        solve_arrays(cost / 8 + 2.0**-20, capacity=4)  # whole ones of another unit
        assert len(seen) == 2


def test_costs_without_near_ties_are_solved_once(monkeypatch):
    seen = watch(monkeypatch)
    solve_arrays(np.random.default_rng(0).random((200, 20)), capacity=11)
    assert len(seen) == 1


def test_no_sum_passes_what_doubles_count(monkeypatch):
    seen = watch(monkeypatch)
    random = np.random.default_rng(0)
    solve_arrays(mixed(random, (60, 30)), capacity=3, load_cost=np.sort(mixed(random, (30, 3)), axis=1))
    assert len(seen) > 1
    assert max(model.magnitude for model in seen) <= 2**53


def watch(monkeypatch, change=lambda outcome: outcome):
    """The models that the network engine is given; `change` may spoil its answers."""
    seen, engine = [], array_refine.BACKENDS["network"]

    def solve(model, options):
        seen.append(model)
        return change(engine.solve(model, options))

    monkeypatch.setitem(array_refine.BACKENDS, "network", replace(engine, solve=solve))
    return seen


class TestAnEngineThatIsWrong:
    def test_is_not_believed_on_any_level(self, monkeypatch, caplog):
        watch(monkeypatch, lambda outcome: replace(outcome, price=outcome.price + np.arange(len(outcome.price)) ** 2))
        check(Case(big_m(np.random.default_rng(3), (6, 6)), np.ones(6, dtype=np.int64)))
        assert "do not prove" in caplog.text

    def test_and_without_a_second_opinion_there_is_no_plan(self, monkeypatch):
        watch(monkeypatch, lambda outcome: replace(outcome, price=None))
        monkeypatch.setattr(array_refine, "certify", lambda *_: None)
        with pytest.raises(SolverError, match="no engine"):
            solve_arrays([[1, 2], [3, 4]])


class TestWhenTheTimeIsOver:
    def test_the_plan_so_far_and_a_bound(self):
        """A time limit of 0 still solves the first digits of a small problem."""
        random = np.random.default_rng(5)
        for _ in range(40):
            case = Case(big_m(random, (6, 5)), np.full(5, 2), np.sort(random.random((5, 2)), axis=1), random.random(6))
            found = case.solve(time_limit=0)
            _, cost = exact_cost(*case.parts(), found.assignment.tolist())
            _, best = exact_optimum(*case.parts())
            assert found.lower_bound <= float(best) <= found.objective
            assert found.objective == float(cost)
            assert found.status is (Status.OPTIMAL if found.lower_bound == found.objective else Status.FEASIBLE)

    def test_an_engine_that_is_stopped_first(self, monkeypatch):
        stopped = Outcome(np.array([0, 1]), Status.FEASIBLE, price=np.zeros(2, dtype=np.int64))
        watch(monkeypatch, lambda _: stopped)
        found = solve_arrays([[0.7, 0.1], [0.1, 0.2]])
        assert (found.status, found.objective) == (Status.FEASIBLE, 0.7 + 0.2)
        assert -0.01 < found.lower_bound - 0.2 < 0

    def test_the_bound_of_whole_numbers_is_whole(self, monkeypatch):
        stopped = Outcome(np.array([0, 1]), Status.FEASIBLE, price=np.zeros(2, dtype=np.int64))
        watch(monkeypatch, lambda _: stopped)
        found = solve_arrays([[7, 1], [1, 2]])
        assert (found.status, found.objective, found.lower_bound) == (Status.FEASIBLE, 9, 2)

    def test_it_is_said_and_prices_are_not(self):
        found = solve_arrays([[1e15, 0.5], [0.5, 1e15], [0.3, 0.3]], time_limit=0)
        assert found.status is Status.FEASIBLE
        assert np.isnan(found.price).all()


TYPES = [np.float16, np.float32, np.float64, np.int8, np.int64, np.uint64, np.bool_]


def of_type(random, kind, shape):
    """Numbers that use the range of a type."""
    if np.dtype(kind).kind in "iu":
        info, size = np.iinfo(kind), random.integers(1, 65)
        wide = random.integers(0, 2**63, shape).astype(np.uint64) * np.uint64(2) >> np.uint64(64 - size)
        return np.minimum(wide, np.uint64(info.max)).astype(kind)
    return (random.normal(size=shape) * 10.0 ** random.integers(-4, 5)).astype(kind)


def test_types_in_any_mixture_and_layout(seeds):
    for seed in seeds(24, 1000):
        random = np.random.default_rng([99, seed])
        n, columns = int(random.integers(1, 8)), int(random.integers(1, 5))
        kinds = [TYPES[k] for k in random.integers(0, len(TYPES), 3)]
        pair = of_type(random, kinds[0], (columns, n)).T if seed % 2 else of_type(random, kinds[0], (n, columns))
        load = np.sort(of_type(random, kinds[1], (columns, 3)), axis=1) if random.random() < 0.5 else None
        leave = of_type(random, kinds[2], n) if random.random() < 0.5 else None
        check(Case(pair, random.integers(0, 4, columns), load, leave))

"""Sparse costs: the same optimum, proof, prices and errors as a dense matrix with infinity, and no dense matrix."""

from __future__ import annotations

import math
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from support.exact_assignment import exact_cost, exact_optimum
from support.seeds import examples
from ticketopt import InvalidInputError, SolverError, Status, solve_arrays
from ticketopt.planning import array_refine

MAKERS = [sparse.csr_array, sparse.csc_array, sparse.coo_array, sparse.csr_matrix, sparse.csc_matrix, sparse.coo_matrix]
TYPES = [np.int64, np.float64, np.float32, np.int8, np.uint64, np.bool_]

NUMBERS = {
    "few whole": lambda random, shape: random.integers(-2, 4, shape),
    "uniform": lambda random, shape: random.random(shape),
    "big M": lambda random, shape: np.where(random.random(shape) < 0.3, 10.0 ** random.integers(3, 300), 0.1),
    "near ties": lambda random, shape: random.integers(1, 4, shape) / 3 + random.integers(-3, 4, shape) * 1e-12,
    "beyond 2^53": lambda random, shape: (1 << 62) + random.integers(-2, 3, shape),
    "mixed magnitudes": lambda random, shape: random.choice([-1.0, 1.0], shape) * 10.0 ** random.uniform(-9, 15, shape),
}


def stored(cost, is_allowed, maker=sparse.csr_array):
    """The allowed entries, zeros among them, and nothing else."""
    rows, columns = (indices.astype(np.int32) for indices in np.nonzero(is_allowed))
    return maker(sparse.coo_array((cost[rows, columns], (rows, columns)), shape=cost.shape))


def with_infinity(cost, is_allowed):
    """The same as lists of whole numbers and doubles."""
    return [
        [number if allowed else math.inf for number, allowed in zip(row, mask, strict=True)]
        for row, mask in zip(cost.tolist(), is_allowed.tolist(), strict=True)
    ]


def options_of(random, n, columns):
    load = np.sort(random.integers(-2, 5, (columns, 4)), axis=1) * 0.5 if random.random() < 0.4 else None
    leave = random.integers(0, 5, n).astype(float) if random.random() < 0.4 else None
    return {"capacity": random.integers(0, 4, columns), "load_cost": load, "exit_cost": leave}


def check(cost, is_allowed, options, maker):
    found = solve_arrays(stored(cost, is_allowed, maker), **options)
    pair, capacity = with_infinity(cost, is_allowed), options["capacity"].tolist()
    load, leave = options["load_cost"], options["exit_cost"]
    served, best = exact_cost(pair, capacity, load, leave, found.assignment.tolist())
    most, least = exact_optimum(pair, capacity, load, leave)
    assert best == least
    assert served == most or leave is not None
    assert (found.status, found.objective, found.lower_bound) == (Status.OPTIMAL, float(best), float(best))
    return found


@pytest.mark.parametrize("kind", NUMBERS)
def test_it_is_the_exact_optimum_and_its_prices_are_those_of_a_dense_matrix(kind, seeds):
    for seed in seeds(8, 400):
        random = np.random.default_rng([list(NUMBERS).index(kind), seed])
        n, columns = int(random.integers(0, 8)), int(random.integers(1, 6))
        cost, is_allowed = NUMBERS[kind](random, (n, columns)), random.random((n, columns)) < random.random()
        options = options_of(random, n, columns)
        found = check(cost, is_allowed, options, MAKERS[seed % len(MAKERS)])
        if cost.dtype == np.float64:  # there is no infinity beside whole numbers of 64 bits
            dense = solve_arrays(np.where(is_allowed, cost, np.inf), **options)
            assert found.price.tolist() == dense.price.tolist(), seed


@settings(max_examples=examples(30))
@given(
    cost=st.integers(0, 5).flatmap(
        lambda n: st.lists(
            st.lists(st.one_of(st.none(), st.sampled_from([0, 1, 2, 7])), min_size=3, max_size=3),
            min_size=n,
            max_size=n,
        )
    ),
    capacity=st.lists(st.integers(0, 3), min_size=3, max_size=3),
    exits=st.one_of(st.none(), st.integers(0, 9)),
    maker=st.sampled_from(MAKERS),
    kind=st.sampled_from(TYPES),
)
def test_every_format_and_type(cost, capacity, exits, maker, kind):
    shape = (len(cost), 3)
    is_allowed = np.array([[one is not None for one in row] for row in cost], dtype=bool).reshape(shape)
    numbers = np.array([[one or 0 for one in row] for row in cost], dtype=kind).reshape(shape)
    leave = None if exits is None else np.full(len(cost), exits)
    check(numbers, is_allowed, {"capacity": np.array(capacity), "load_cost": None, "exit_cost": leave}, maker)


@pytest.mark.parametrize("kind", NUMBERS)
def test_larger_ones_cost_what_dense_ones_cost(kind):
    random = np.random.default_rng(7)
    for shape, capacity in ((150, 12), 14), ((40, 40), 1):
        cost, is_allowed = NUMBERS[kind](random, shape).astype(float), random.random(shape) < 0.2
        load = np.sort(random.random((shape[1], capacity)), axis=1)
        for leave in (None, random.random(shape[0]) * 9):
            options = {"capacity": capacity, "load_cost": load, "exit_cost": leave}
            found = solve_arrays(stored(cost, is_allowed), **options)
            wanted = solve_arrays(np.where(is_allowed, cost, np.inf), **options)
            assert (found.status, found.objective) == (wanted.status, wanted.objective)
            assert len(found.row_ind) == len(wanted.row_ind)
            assert found.price.tolist() == wanted.price.tolist()


def test_a_capacity_without_end_counts_as_many_as_could_come():
    cost = sparse.csr_array(np.array([[3.0, 1.0], [0.0, 2.0], [0.0, 5.0]]))
    found = solve_arrays(cost, capacity=10**9)
    assert (found.assignment.tolist(), found.objective, found.price.tolist()) == ([1, 1, 1], 8.0, [0.0, 0.0])


def test_stored_zeros_cost_nothing_and_stored_infinity_forbids():
    cost = sparse.csr_array(([0.0, np.inf, 4.0], [0, 1, 1], [0, 2, 3]), shape=(2, 2))
    assert solve_arrays(cost).assignment.tolist() == [0, 1]
    only = sparse.csr_array(([np.inf, 4.0], [0, 1], [0, 1, 2]), shape=(2, 2))
    assert solve_arrays(only).assignment.tolist() == [-1, 1]
    nothing = sparse.csr_array(([np.inf], [0], [0, 1, 1]), shape=(2, 2))
    assert solve_arrays(nothing).assignment.tolist() == [-1, -1]


def test_zero_sizes():
    for shape in (0, 3), (2, 0), (0, 0), (3, 2):
        found = solve_arrays(sparse.csr_array(shape), exit_cost=2)
        assert (found.assignment.tolist(), found.objective) == ([-1] * shape[0], 2.0 * shape[0])
        assert found.price.tolist() == [0] * shape[1]


class TestRowsInDisorder:
    def test_are_put_in_order_in_a_copy(self):
        cost = sparse.csr_array(([5, 1, 2], [1, 0, 1], [0, 2, 3]), shape=(2, 2))
        cost.has_sorted_indices = True  # which is not so
        assert solve_arrays(cost).objective == 3.0
        assert cost.indices.tolist() == [1, 0, 1]

    @pytest.mark.parametrize("maker", [sparse.csr_array, sparse.csc_array, sparse.coo_array])
    def test_a_pair_stored_twice_is_an_error(self, maker):
        doubled = {
            sparse.csr_array: lambda: sparse.csr_array(([1, 3, 2, 2], [0, 1, 0, 0], [0, 2, 4]), shape=(2, 2)),
            sparse.csc_array: lambda: sparse.csc_array(([1, 2, 2, 3], [0, 1, 1, 0], [0, 3, 4]), shape=(2, 2)),
            sparse.coo_array: lambda: sparse.coo_array(([1, 2, 2, 3], ([0, 1, 1, 0], [0, 0, 0, 1])), shape=(2, 2)),
        }[maker]()
        with pytest.raises(InvalidInputError, match="row 1, column 0 twice"):
            solve_arrays(doubled)


@pytest.mark.parametrize(
    ("cost", "message"),
    [
        (sparse.lil_array((2, 2)), "sparse lil array"),
        (sparse.dia_array((2, 2)), "sparse dia array"),
        (sparse.coo_array(np.ones(3)), "shape"),
        (sparse.csr_array(np.array([[1.0, np.nan]])), "NaN"),
        (sparse.csr_array(np.array([[1.0, -np.inf]])), "-inf"),
        (sparse.csr_array(np.array([[1j]])), "complex"),
        (sparse.csr_array((1, 2**20)), "at most"),
    ],
    ids=str,
)
def test_bad_input_is_named(cost, message):
    with pytest.raises(InvalidInputError, match=message):
        solve_arrays(cost)


def test_arrays_that_lead_outside_are_errors():
    for attribute, value in (
        ("indices", np.array([0, 7, 1], dtype=np.int32)),
        ("indices", np.array([0, -1, 1], dtype=np.int32)),
        ("indptr", np.array([0, 5, 3], dtype=np.int32)),
        ("indptr", np.array([1, 2, 3], dtype=np.int32)),
        ("data", np.ones(2)),
    ):
        cost = sparse.csr_array(np.array([[1.0, 2.0], [0.0, 3.0]]))
        setattr(cost, attribute, value)
        with pytest.raises(InvalidInputError, match="cost"):
            solve_arrays(cost)


def test_all_that_is_wrong_is_named_at_once():
    for cost in sparse.csr_array(np.array([[1.0, np.nan]])), np.array([[1.0, np.nan]]):
        with pytest.raises(InvalidInputError) as caught:
            solve_arrays(cost, capacity=-1, load_cost=[2, 1], exit_cost=np.inf)
        paths = {issue.path for issue in caught.value.issues}
        assert paths == {"cost", "capacity", "load_cost[0]", "load_cost[1]", "exit_cost"}


def watch(monkeypatch, change=lambda outcome: outcome):
    """The stored models that the engine is given; `change` may spoil its answers."""
    seen, engine = [], array_refine.solve_pairs

    def solve(model, options):
        seen.append(model)
        return change(engine(model, options))

    monkeypatch.setattr(array_refine, "solve_pairs", solve)
    return seen


def test_whole_numbers_are_solved_once_in_place(monkeypatch):
    seen = watch(monkeypatch)
    cost = stored(np.random.default_rng(0).integers(0, 99, (40, 9)), np.random.default_rng(1).random((40, 9)) < 0.5)
    solve_arrays(cost, capacity=5)
    (model,) = seen
    assert np.shares_memory(model.pair_cost, cost.data)
    assert np.shares_memory(model.pairs.column, cost.indices)


def test_later_levels_have_only_what_may_matter(monkeypatch):
    seen = watch(monkeypatch)
    random = np.random.default_rng(0)
    tied = np.where(np.arange(60)[:, None] < 4, random.integers(1, 3, (60, 30)) / 3, random.random((60, 30)) * 1e9)
    solve_arrays(stored(tied, random.random((60, 30)) < 0.5), capacity=3)
    first, *later = [len(model.pair_cost) for model in seen]
    assert later and max(later) < first / 10


def test_an_engine_that_is_wrong_is_not_believed(monkeypatch):
    watch(monkeypatch, lambda outcome: replace(outcome, price=outcome.price + 100))
    with pytest.raises(SolverError, match="no engine proved"):
        solve_arrays(sparse.csr_array(np.array([[3, 1], [1, 2]])), exit_cost=9)


def test_without_time_there_is_a_plan_and_a_bound():
    random = np.random.default_rng(3)
    cost, is_allowed = random.integers(0, 10**6, (2_000, 300)), random.random((2_000, 300)) < 0.3
    found = solve_arrays(stored(cost, is_allowed), capacity=7, time_limit=0)
    best = solve_arrays(np.where(is_allowed, cost.astype(float), np.inf), capacity=7, time_limit=60)
    assert found.status is Status.FEASIBLE
    assert found.lower_bound <= best.objective < found.objective
    assert len(found.row_ind) == 2_000


@pytest.mark.parametrize("capacity", [1, 3])
def test_no_dense_matrix_is_made(capacity):
    n, random = 20_000, np.random.default_rng(0)
    columns = np.append(np.arange(n), random.integers(0, n, n))
    cost = sparse.coo_array((np.arange(2 * n) % 97, (np.tile(np.arange(n), 2), columns)), shape=(n, n)).tocsr()
    cost.sum_duplicates()
    tracemalloc.start()
    found = solve_arrays(cost, capacity=capacity)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.status is Status.OPTIMAL
    assert len(found.row_ind) == n
    assert peak < 1_000 * n  # the matrix would be 160,000 bytes a row

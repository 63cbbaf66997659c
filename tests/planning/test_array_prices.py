"""`ArraySolution.price` is what one more unit saves: the same call with one unit more, in exact arithmetic."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.exact_assignment import exact_optimum
from support.seeds import examples
from ticketopt import solve_arrays


def saved(pair, capacity, load, leave, column):
    """What one more unit of a column saves; infinite where one more row is served for nothing said."""
    served, cost = exact_optimum(pair, capacity, load, leave)
    more = list(capacity)
    more[column] += 1
    served_then, cost_then = exact_optimum(pair, more, load, leave)
    return math.inf if leave is None and served_then > served else float(cost - cost_then)


NUMBERS = {
    "few whole": lambda random, shape: random.integers(-2, 5, shape).astype(float),
    "uniform": lambda random, shape: random.random(shape),
    "big M": lambda random, shape: np.where(random.random(shape) < 0.3, 10.0 ** random.integers(5, 200), 0.1),
    "near ties": lambda random, shape: random.integers(1, 4, shape) / 3 + random.integers(-3, 4, shape) * 1e-12,
    "forbidden": lambda random, shape: np.where(random.random(shape) < 0.4, np.inf, random.integers(0, 5, shape)),
    "beyond 2^53": lambda random, shape: 2**62 + random.integers(-2, 3, shape),
}


@pytest.mark.parametrize("kind", NUMBERS)
def test_price_is_what_one_more_unit_saves(kind, seeds):
    for seed in seeds(16, 400):
        random = np.random.default_rng([list(NUMBERS).index(kind), seed])
        n, columns = int(random.integers(0, 7)), int(random.integers(1, 6))
        pair = NUMBERS[kind](random, (n, columns))
        capacity = random.integers(0, 4, columns)
        load = np.sort(random.integers(-2, 5, (columns, 4)), axis=1) * 0.5 if random.random() < 0.5 else None
        leave = random.integers(0, 5, n).astype(float) if random.random() < 0.5 else None
        price = solve_arrays(pair, capacity=capacity, load_cost=load, exit_cost=leave).price
        assert price.tolist() == [saved(pair, capacity.tolist(), load, leave, j) for j in range(columns)], seed


numbers = st.one_of(st.floats(-1e300, 1e300), st.sampled_from([0.0, 1.0, 0.1, 5e-324, 1e16, 1.0 + 2**-52]))


@settings(max_examples=examples(40))
@given(st.data(), st.integers(0, 4), st.integers(1, 3), st.booleans())
def test_of_any_doubles(data, n, columns, has_exits):
    pair = np.array([[data.draw(numbers) for _ in range(columns)] for _ in range(n)]).reshape(n, columns)
    leave = [data.draw(numbers) for _ in range(n)] if has_exits else None
    price = solve_arrays(pair, exit_cost=leave).price
    assert price.tolist() == [saved(pair, [1] * columns, None, leave, j) for j in range(columns)]


def test_among_prices_that_prove_the_plan_it_is_the_least():
    """Any price from 6 to 9 proves that the row that costs 1 is served; with one more unit the other one saves 6."""
    assert solve_arrays([[1], [4]], exit_cost=10).price.tolist() == [6]


class TestTheLoadCostOfTheFurtherUnit:
    def test_is_the_next_one_given(self):
        assert solve_arrays([[1], [1]], load_cost=[[0, 2]], exit_cost=9).price.tolist() == [6]

    def test_or_the_last_one_again(self):
        assert solve_arrays([[1], [1]], load_cost=[[2]], exit_cost=9).price.tolist() == [6]

    def test_or_nothing(self):
        assert solve_arrays([[1], [1]], capacity=0, load_cost=[[]], exit_cost=9).price.tolist() == [8]


def test_one_more_row_served_has_no_price_without_exit_costs():
    assert solve_arrays([[1.0, np.inf], [1.0, np.inf], [np.inf, 3.0]]).price.tolist() == [np.inf, 0]
    assert solve_arrays([[1, 2], [1, 2]]).price.tolist() == [1, 0]


def test_of_no_rows_and_no_columns():
    assert solve_arrays(np.zeros((0, 2))).price.tolist() == [0, 0]
    assert solve_arrays(np.zeros((2, 0)), exit_cost=1).price.tolist() == []


def test_differences_that_no_double_holds():
    assert solve_arrays([[-1.7e308]], capacity=0, exit_cost=1.7e308).price.tolist() == [np.inf]
    cost = [[-1.7e308, 1.0], [1.7e308, 2.0], [np.inf, 1.7e308]]
    price = solve_arrays(cost, exit_cost=[3.0, 3.0, 1.7e308]).price
    assert price.tolist() == [saved(cost, [1, 1], None, [3.0, 3.0, 1.7e308], j) for j in range(2)]

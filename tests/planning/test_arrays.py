"""The array door against scipy, against replicated columns, and with bad input."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from support.seeds import examples
from ticketopt import InvalidInputError, solve_arrays
from ticketopt.model.outcome import Status
from ticketopt.planning import arrays


@settings(max_examples=examples(150), deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_it_equals_linear_sum_assignment_on_replicated_columns(seed: int) -> None:
    random = np.random.default_rng(seed)
    n, n_agents, capacity = random.integers(1, 12), random.integers(1, 6), random.integers(1, 4)
    cost = random.random((n, n_agents)) if random.integers(2) else random.integers(-9, 9, (n, n_agents))
    load = np.sort(random.random(capacity)) * 3
    found = solve_arrays(cost, capacity=capacity, load_cost=load)
    wide = np.repeat(cost, capacity, axis=1) + np.tile(load, n_agents)
    rows, columns = linear_sum_assignment(wide)
    assert found.status is Status.OPTIMAL
    assert len(found.row_ind) == len(rows)
    assert found.objective == pytest.approx(wide[rows, columns].sum(), abs=1e-9)


def test_infinity_forbids_and_an_exit_price_leaves_out() -> None:
    cost = [[1, np.inf], [1, 9]]
    assert solve_arrays(cost).assignment.tolist() == [0, 1]
    assert solve_arrays(cost, exit_cost=5).assignment.tolist() in ([0, -1], [-1, 0])
    assert solve_arrays(cost, exit_cost=[5, 7]).objective == 6
    assert solve_arrays([[np.inf], [np.inf]]).assignment.tolist() == [-1, -1]


def test_prices_say_what_another_unit_would_save() -> None:
    found = solve_arrays([[1, 8], [1, 6]])
    more = solve_arrays([[1, 8], [1, 6]], capacity=[2, 1])
    assert (found.objective, more.objective) == (7, 2)
    assert found.price.tolist() == [5, 0]


def test_zero_sizes() -> None:
    assert solve_arrays(np.zeros((0, 3))).assignment.tolist() == []
    assert solve_arrays(np.zeros((2, 0))).assignment.tolist() == [-1, -1]
    assert solve_arrays(np.zeros((2, 2)), capacity=0, exit_cost=3).objective == 6


def test_an_int64_matrix_is_not_changed() -> None:
    cost = np.arange(12).reshape(4, 3)
    solve_arrays(cost, capacity=2)
    assert cost.flags.writeable
    assert (cost == np.arange(12).reshape(4, 3)).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"cost": [[1.0, np.nan]]}, "NaN"),
        ({"cost": [[1.0, -np.inf]]}, "-inf"),
        ({"cost": [1.0, 2.0]}, "matrix"),
        ({"cost": [["a"]]}, "cost: holds"),
        ({"cost": [[1.0]], "capacity": 1.5}, "whole numbers"),
        ({"cost": [[1.0]], "capacity": [1, 2]}, "shape"),
        ({"cost": [[1.0]], "exit_cost": np.inf}, "finite"),
        ({"cost": [[1.0], [1.0]], "capacity": 2, "load_cost": [3, 1]}, "never fall"),
        ({"cost": [[1.0], [1.0]], "capacity": 2, "load_cost": [3]}, "as many as the capacity"),
        ({"cost": [[2**70]]}, "64 bits"),
        ({"cost": [[1.0], [1.0]], "exit_cost": [2**70, 1]}, "exit_cost: holds"),
        ({"cost": [[1.0], [1.0]], "load_cost": [[2**70]]}, "load_cost: holds"),
        ({"cost": [[1.0], [1.0]], "load_cost": [[[1.0]]]}, "load_cost: has shape"),
    ],
)
def test_bad_input_is_named(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        solve_arrays(**arguments)  # type: ignore[arg-type]


def test_examples_in_the_docstring():
    assert doctest.testmod(arrays).failed == 0

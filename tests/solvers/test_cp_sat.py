"""CP-SAT: what it refuses, and its bounds."""

from __future__ import annotations

import numpy as np
import pytest

from support.backend_contract import UNHURRIED, small_model
from support.brute_force import optimum
from ticketopt.model.assignment import MAX_SUM, AssignmentModel
from ticketopt.model.outcome import Status
from ticketopt.model.rows import PackingRows
from ticketopt.solvers import BACKENDS
from ticketopt.solvers.auto import solve_model
from ticketopt.solvers.gap import cp_model


@pytest.mark.parametrize("name", ["cp_sat", "cp_sat_plain"])
def test_cp_sat_refuses_what_it_could_miscount(name: str) -> None:
    rows = PackingRows([0, 0], [0, 1], [0, 0], [2**30, 2**30], [2**30], ("heavy",))
    assert "2^31" in str(BACKENDS[name].obstacle(small_model(rows=rows)))
    assert cp_model.MAX_ROW_SUM == 2**31 - 1
    dear = small_model(pair_cost=np.zeros((3, 2), dtype=int), load_cost=[0] * 4, exit_cost=[MAX_SUM, 0, 0])
    assert "2^53" in str(BACKENDS[name].obstacle(dear))


def test_what_cp_sat_could_miscount_is_solved_by_others_all_the_same() -> None:
    rows = PackingRows([0, 0], [0, 1], [0, 0], [2**30, 2**30], [2**30], ("heavy",))
    found = solve_model(small_model(rows=rows), time_limit=UNHURRIED)
    assert found.objective == optimum(small_model(rows=rows)) == found.lower_bound


def test_cp_sat_bound_is_not_above_the_optimum_by_a_rounding_error() -> None:
    model = AssignmentModel(
        pair_cost=[[1, 0, 1], [1, 0, 0], [1, 0, 0]],
        allowed=np.ones((3, 3), dtype=bool),
        effort=[3, 3, 1],
        capacity=[0, 1, 3],
        load_cost=[0, -1, -1, -1],
        exit_cost=[8, 4, 4],
        rows=PackingRows(
            [0, 0, 0, 1, 1, 2, 2], [0, 1, 2, 1, 2, 0, 1], [2, 2, 2, 0, 0, 0, 0], [1] * 7, [3, 0, 0], ("a", "b", "c")
        ),
    )
    solution = solve_model(model, solver="cp_sat")
    assert (solution.objective, solution.lower_bound, solution.status) == (2, 2, Status.OPTIMAL)

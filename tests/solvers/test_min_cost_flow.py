"""OR-Tools' min-cost flow: what it refuses, and how large networks are solved."""

from __future__ import annotations

import sys

import pytest

from support.backend_contract import UNHURRIED, small_model
from ticketopt.errors import SolverError
from ticketopt.model.outcome import Status
from ticketopt.model.rows import PackingRows
from ticketopt.solvers import BACKENDS, Options, min_cost_flow


def test_min_cost_flow_names_its_obstacle() -> None:
    rows = PackingRows([0], [0], [0], [1], [1], ("any",))
    assert BACKENDS["min_cost_flow"].obstacle(small_model(rows=rows)) == "the model has packing rows"
    unequal = small_model(effort=[1, 2, 1])
    assert BACKENDS["min_cost_flow"].obstacle(unequal) == "tickets take unequal effort"


class TestApart:
    """Large networks are solved in a process of their own."""

    @pytest.fixture(autouse=True)
    def _everything_is_large(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(min_cost_flow, "ARCS_IN_PROCESS", 0)

    def test_gives_the_same_plan(self) -> None:
        outcome = BACKENDS["min_cost_flow"].solve(small_model(), Options(UNHURRIED))
        assert (outcome.assignment.tolist(), outcome.status) == ([0, 0, 1], Status.OPTIMAL)

    def test_is_stopped_when_time_is_up(self) -> None:
        outcome = BACKENDS["min_cost_flow"].solve(small_model(), Options(time_limit=0.001))
        assert (outcome.assignment.tolist(), outcome.status) == ([-1, -1, -1], Status.UNKNOWN)

    def test_a_process_that_fails_is_a_solver_error(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "executable", "no-such-python")
        with pytest.raises(SolverError, match="process failed to start"):
            BACKENDS["min_cost_flow"].solve(small_model(), Options(UNHURRIED))

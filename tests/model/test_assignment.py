"""The model refuses what would be silently miscounted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ticketopt.errors import InvalidInputError
from ticketopt.model.assignment import MAX_SUM, AssignmentModel
from ticketopt.model.objective import loads, objective, row_usage
from ticketopt.model.rows import PackingRows

GOOD: dict[str, Any] = {
    "pair_cost": [[1, 2], [3, 4]],
    "allowed": [[True, True], [True, False]],
    "effort": [1, 2],
    "capacity": [3, 1],
    "load_cost": [0, 1, 5, 0],
    "exit_cost": [9, 9],
}


def test_costs_by_hand() -> None:
    model = AssignmentModel(**GOOD)
    assert objective(model, np.array([0, 0])) == 1 + 3 + (0 + 1 + 5)
    assert objective(model, np.array([1, 0])) == 2 + 3 + (0 + 1) + 0
    assert objective(model, np.array([-1, -1])) == 18
    assert loads(model, np.array([0, 0])).tolist() == [3, 0]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"pair_cost": [[0.5, 1], [1, 1]]}, "model.pair_cost: holds float64 values"),
        ({"pair_cost": [[float("nan"), 1], [1, 1]]}, "model.pair_cost: holds float64"),
        ({"pair_cost": [1, 2]}, "model.pair_cost: has 1 axes"),
        ({"allowed": [[True, True]]}, r"model.allowed: has shape \(1, 2\); make it \(2, 2\)"),
        ({"effort": [1]}, r"model.effort: has shape \(1,\)"),
        ({"effort": [1, 0]}, "efforts below 1"),
        ({"capacity": [5, -1]}, "capacities below 0"),
        ({"load_cost": [0, 1, 5]}, r"model.load_cost: has shape \(3,\); make it \(4,\)"),
        ({"load_cost": [0, 5, 4, 0]}, "falls within an agent; make the load cost convex"),
        ({"exit_cost": [MAX_SUM, MAX_SUM]}, r"above 2\^53"),
        ({"pair_cost": [[-MAX_SUM, 0], [-MAX_SUM, 0]]}, r"above 2\^53"),
        ({"rows": PackingRows([0], [2], [0], [1], [1], ("r",))}, "rows.ticket: is out of range"),
        ({"rows": PackingRows([0], [-1], [0], [1], [1], ("r",))}, "rows.ticket: is out of range"),
        ({"rows": PackingRows([0], [0], [2], [1], [1], ("r",))}, "rows.agent: is out of range"),
    ],
)
def test_refuses(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInputError, match=words):
        AssignmentModel(**{**GOOD, **changes})


def test_load_costs_may_fall_from_one_agent_to_the_next_and_past_agents_without_room() -> None:
    model = AssignmentModel([[0] * 4], [[True] * 4], [1], [2, 0, 0, 2], [5, 6, 1, 2], [0])
    assert [model.load_cost.of(j, 2).tolist() for j in (0, 3)] == [[5, 6], [1, 2]]


def test_arrays_are_read_only_and_the_callers_stay_writable() -> None:
    mine = np.array(GOOD["pair_cost"], dtype=np.int64)
    model = AssignmentModel(**{**GOOD, "pair_cost": mine})
    with pytest.raises(ValueError, match="read-only"):
        model.pair_cost[0, 0] = 7
    mine[0, 0] = 1


class TestPackingRows:
    ROWS = PackingRows([0, 0, 1], [0, 1, 1], [0, 0, 1], [2, 3, 1], [4, 0], ("heavy", "never"))

    def test_usage_by_hand(self) -> None:
        assert row_usage(self.ROWS, np.array([0, 0])).tolist() == [5, 0]
        assert row_usage(self.ROWS, np.array([0, 1])).tolist() == [2, 1]
        assert row_usage(self.ROWS, np.array([-1, -1])).tolist() == [0, 0]

    def test_join_numbers_on_and_select_numbers_anew(self) -> None:
        joined = PackingRows.join([self.ROWS, PackingRows(), self.ROWS])
        assert joined.row.tolist() == [0, 0, 1, 2, 2, 3]
        assert joined.label == ("heavy", "never", "heavy", "never")
        kept = joined.select(np.array([False, True, True, False]))
        assert (kept.row.tolist(), kept.coefficient.tolist()) == ([0, 1, 1], [1, 2, 3])
        assert (kept.bound.tolist(), kept.label) == ([0, 4], ("never", "heavy"))

    @pytest.mark.parametrize(
        ("rows", "words"),
        [
            (([0], [0], [0], [-1], [1], ("r",)), "negative coefficient"),
            (([0], [0], [0], [1], [-1], ("r",)), "negative coefficient or bound"),
            (([1], [0], [0], [1], [1], ("r",)), "rows.row: is out of range"),
            (([0], [0, 1], [0], [1], [1], ("r",)), "unequal length"),
            (([0], [0], [0], [1], [1], ()), "unequal length"),
            (([0], [0], [0], [0.5], [1], ("r",)), "rows.coefficient: holds float64"),
        ],
    )
    def test_refuses(self, rows: tuple[Any, ...], words: str) -> None:
        with pytest.raises(InvalidInputError, match=words):
            PackingRows(*rows)

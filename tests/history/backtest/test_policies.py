"""What each rule chooses, and how policies are named."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketopt import InvalidInputError, solve_arrays
from ticketopt.history.backtest.policies import POLICIES, Every, Situation, named

NOW = Situation(
    time=100.0, ticket=0, group=0, agents=np.array([2, 5, 9]), hours=np.array([1.0, 2.0, 4.0]),
    load=np.array([3, 2, 0]), capacity=np.array([3.0, 4.0, 4.0]), given=np.array([50.0, 10.0, 60.0]), before=5,
    history=2, share=np.array([5.0, 6.0, 7.0]), rng=np.random.default_rng(0),
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "place"),
    [("round_robin", 2), ("least_loaded", 2), ("longest_idle", 1), ("closest_match", 0), ("best_available", 1)],
)
def test_rules(name: str, place: int) -> None:
    rule = POLICIES[name]
    assert callable(rule)
    assert rule(NOW) == place


def test_a_batch_is_the_least_sum_within_room() -> None:
    hours = np.array([[1.0, 2.0], [1.0, 9.0], [1.0, np.inf]])
    assert Every.assign(hours, np.array([1, 1])).tolist() in ([1, 0, -1], [1, -1, 0])
    assert Every.assign(hours, np.array([0, 0])).tolist() == [-1, -1, -1]


@given(st.lists(st.lists(st.sampled_from([1.0, 2.5, 7.0, np.inf]), min_size=3, max_size=3), min_size=1, max_size=5))
def test_a_batch_costs_no_more_than_the_optimum_whether_or_not_room_binds(rows: list[list[float]]) -> None:
    hours = np.array(rows)
    for room in (np.full(3, len(rows)), np.ones(3, np.int64), np.array([0, 1, 9])):
        found = Every.assign(hours, room)
        served = found >= 0
        best = solve_arrays(hours, capacity=room)
        assert served.sum() == (best.assignment >= 0).sum()
        assert hours[np.flatnonzero(served), found[served]].sum() == best.objective
        assert (np.bincount(found[served], minlength=3) <= room).all()


def test_policies_are_named() -> None:
    def mine(now: Situation) -> int:
        return 0

    assert list(named(["random", "every 1 h", Every("15 min"), mine])) == [
        "random",
        "every 1 h",
        "every 15 min",
        "mine",
    ]
    assert named({"other": "random"})["other"] is POLICIES["random"]
    assert named("random") == {"random": POLICIES["random"]}
    assert [Every(p).seconds for p in ("15 min", "1 h", "90s", 2.5)] == [900.0, 3600.0, 90.0, 2.5]


@pytest.mark.parametrize("policies", ["no_such", [3], Every("soon"), Every(0), Every("-1 h"), "every 0 h", 7])
def test_what_is_no_policy_is_refused(policies: object) -> None:
    with pytest.raises(InvalidInputError):
        named(policies)

"""A test by turns: how long, and in which hours."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import numpy as np

from support.replays import desk_of
from ticketopt.history.backtest.answer import days_of_tests
from ticketopt.history.backtest.differences import Difference
from ticketopt.history.backtest.switchback import LONGEST_TEST, Switchback, days_needed, work_hours

FRIDAY = datetime(2026, 5, 1, 15, tzinfo=UTC)


def test_every_pair_of_hours_has_one_of_each_and_no_weekend_is_tested() -> None:
    plan = Switchback.of("mine", 3, FRIDAY, (9, 13), seed=1)
    assert len(plan.turns) == 12
    pairs = [(a.on, b.on) for a, b in zip(plan.turns[::2], plan.turns[1::2], strict=True)]
    assert all(a != b for a, b in pairs)
    assert len(set(pairs)) == 2, "a coin decides which comes first"
    assert sorted({turn.begin.day for turn in plan.turns}) == [1, 4, 5]
    assert plan == Switchback.of("mine", 3, FRIDAY, (9, 13), seed=1)


def test_the_plan_is_a_table() -> None:
    lines = Switchback.of("mine", 1, FRIDAY, (9, 11), seed=0).to_csv().splitlines()
    assert lines[0] == "begin,end,assign by"
    assert sorted(line.split(",")[2] for line in lines[1:]) == ["as before", "mine"]
    assert lines[1].startswith("2026-05-01 09:00,2026-05-01 10:00,")


def test_half_the_effect_takes_four_times_as_long_and_tests_of_that_length_find_it() -> None:
    world = desk_of().world
    rng = np.random.default_rng(0)
    base = rng.exponential(5.0, len(world))
    one = base - 0.5
    days = days_needed(world, one, base, -0.5)
    assert abs(days_needed(world, one, base, -0.25) - 4 * days) <= 4
    per_day = len(world) / len(np.unique(world.created // 86_400))
    n = int(days * per_day / 2)
    drawn = rng.exponential(5.0, (400, n)).mean(axis=1) - 0.5 - rng.exponential(5.0, (400, n)).mean(axis=1)
    found = np.mean(drawn < -1.96 * 5.0 * np.sqrt(2 / n))
    assert 0.7 < found < 0.9


def test_hours_are_those_in_which_tickets_come() -> None:
    assert work_hours(desk_of().world) == (9, 17)


def test_nobody_is_told_to_test_for_centuries() -> None:
    world = desk_of().world
    base = np.random.default_rng(0).exponential(5.0, len(world))
    by_policy = {"at_once": base, "clear": base - 2.0, "hardly": base - 1e-5, "alike": base}
    first = SimpleNamespace(measured={name: SimpleNamespace(judged=each) for name, each in by_policy.items()})
    left = {"clear": Difference(-2.0, -3.0, -1.0), "hardly": Difference(-1e-5, -1, 1), "alike": Difference(0.0, -1, 1)}
    found = days_of_tests(SimpleNamespace(world=world), first, left)  # type: ignore[arg-type]
    assert list(found) == ["clear"]
    assert 2 <= found["clear"] <= LONGEST_TEST < days_needed(world, by_policy["hardly"], base, -1e-5)

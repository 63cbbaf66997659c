"""With fresh luck, what comes out is compared with what was."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from support.replays import desk_of
from ticketopt.history.backtest.checks import lasted, late
from ticketopt.history.backtest.fresh import fresh, learned_then
from ticketopt.history.backtest.measure import measured


def test_times_and_lateness_are_compared_with_the_log() -> None:
    desk = desk_of(seed=3)
    due = replace(desk.world, due=desk.world.created + 86_400.0)
    of_then = learned_then(desk.world, desk.fitted)
    seen, took = fresh(due, of_then, desk.fitted.hours(), name="shape", seed=0)
    assert seen.name == "shape"
    assert np.concatenate(took).mean() == pytest.approx(lasted(due).mean(), rel=0.1)
    assert f"h against {lasted(due).mean():.1f} (" in seen.seen
    assert f" against {np.nanmean(late(due)):.1%} (" in seen.seen
    assert [len(one) for one in took] == [len(desk.world)] * 5
    without, _ = fresh(desk.world, of_then, desk.fitted.hours(), name="shape", seed=0)
    assert "late" not in without.seen


def test_speeds_that_are_wrong_fail() -> None:
    desk = desk_of(seed=3)
    slow = replace(desk.speeds, ticket=desk.speeds.ticket - 0.5)
    seen, _ = fresh(desk.world, slow, desk.fitted.hours(), name="slow", seed=0)
    assert not seen.passed


def test_lateness_of_the_log_is_that_of_its_replay() -> None:
    desk = desk_of()
    due = replace(desk.world, due=desk.world.created + 86_400.0)
    found = measured(due, desk.replay("history")).missed
    assert np.array_equal(np.isnan(found), np.isnan(late(due)))
    assert np.nanmean(found) == pytest.approx(np.nanmean(late(due)), abs=2e-3)

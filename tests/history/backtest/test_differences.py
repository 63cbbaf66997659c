"""Differences of what is known, and what kappa leaves open."""

from __future__ import annotations

import numpy as np
import pytest

from support.replays import desk_of
from ticketopt.history.backtest.absences import GRID, Absences
from ticketopt.history.backtest.differences import resamples

SURE = Absences((1.0 - GRID) / 1e-6)
NOTHING_KNOWN = Absences(np.zeros(len(GRID)))


def test_a_difference_to_itself_is_nothing_and_of_a_constant_the_constant() -> None:
    world = desk_of().world
    sample, one = resamples(world), np.linspace(0.0, 5.0, len(world))
    none = sample.difference(([one], [one]))
    assert (none.value, none.low, none.high) == (0.0, 0.0, 0.0)
    more = sample.difference(([one + 2.0], [one]))
    assert [more.value, more.low, more.high] == pytest.approx([2.0, 2.0, 2.0])


def test_days_are_drawn_in_blocks_and_intervals_are_those_of_independent_days() -> None:
    world = desk_of().world
    sample = resamples(world)
    n = sample.times.shape[1]
    assert (sample.times.sum(axis=1) == n).all()
    rng = np.random.default_rng(0)
    by_day = rng.normal(0, 1, n)
    found = sample.difference(([by_day[sample.day]], [np.zeros(len(world))]))
    error = by_day.std() / np.sqrt(n)
    assert 2 * 1.2 * error < found.high - found.low < 2 * 3.5 * error


def test_kappa_is_known_or_widens_the_interval() -> None:
    world = desk_of().world
    sample, zero = resamples(world), np.zeros(len(world))
    curve = {k: ([zero - 4 * k], [zero]) for k in (3.0, 1.0, 0.0)}
    known = sample.overall(curve, SURE)
    assert [known.value, known.low, known.high] == pytest.approx([-4.0, -4.0, -4.0], abs=1e-3)
    open_ = sample.overall(curve, NOTHING_KNOWN)
    assert (open_.low, open_.high) == pytest.approx((-12.0, 0.0))
    nothing = {k: ([zero], [zero]) for k in curve}
    assert sample.beyond(curve, nothing, SURE).value == pytest.approx(-4.0, abs=1e-3)
    assert sample.beyond(curve, curve, SURE).high == 0.0
    half = {k: ([zero - 3 * k], [zero]) for k in curve}
    assert sample.beyond(curve, half, SURE).value == pytest.approx(-1.0, abs=1e-3)

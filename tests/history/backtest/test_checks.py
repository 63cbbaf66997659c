"""Checks see what they are for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from support.replays import desk_of
from ticketopt.history.backtest.absences import GRID, Absences
from ticketopt.history.backtest.checks import (
    apart,
    beginnings,
    books,
    forward,
    itself,
    placebo_fresh,
    shuffled,
    support,
)
from ticketopt.history.backtest.measure import measured
from ticketopt.history.exposure import FLOOR


def test_books_that_are_wrong_are_seen() -> None:
    desk = desk_of()
    run = desk.replay("at_once")
    assert books(desk.world, {"at_once": run}).passed
    lost = replace(run, area=run.area * 1.01)
    in_two_hands = replace(run, start=run.start - 1e5 * (run.attempt > 0))
    twice = replace(run, attempt=np.where(run.attempt == 0, 1, run.attempt))
    for wrong in (lost, in_two_hands, twice):
        check = books(desk.world, {"fine": run, "wrong": wrong})
        assert not check.passed
        assert check.seen == "wrong in wrong"


def test_history_that_does_not_replay_itself_is_seen() -> None:
    desk = desk_of()
    history = measured(desk.world, desk.replay("history"))
    assert itself(desk.world, history).passed
    assert not itself(desk.world, measured(desk.world, desk.replay("random"))).passed


def test_a_shuffle_leaves_who_worked_in_a_group_in_a_week() -> None:
    desk = desk_of()
    stints, other = desk.history.stints, shuffled(desk.world, np.random.default_rng(0))
    week = np.floor(stints.start / (7 * 86_400)).astype(int)
    moved = other != stints.agent
    assert 0.2 < moved.sum() / desk.world.attempts.sum() < 1
    for w, g in {*zip(week[moved].tolist(), stints.group[moved].tolist(), strict=True)}:
        here = (week == w) & (stints.group == g)
        assert sorted(other[here].tolist()) == sorted(stints.agent[here].tolist())


@pytest.mark.slow
def test_where_luck_is_fresh_the_shuffle_changes_nothing() -> None:
    desk = desk_of(seed=3)
    check, found = placebo_fresh(desk.world, desk.speeds, desk.fitted.hours(), seed=0)
    assert check.passed
    assert found.low < found.value < found.high


def test_people_who_sign_only_what_is_done_are_seen() -> None:
    world = desk_of().world
    assert beginnings(world).passed
    signed_late = replace(world, worked=np.where(np.arange(len(world.worked)) % 3, world.worked, FLOOR))
    assert not beginnings(signed_late).passed


def test_support_and_later_differences() -> None:
    desk = desk_of()
    assert support(desk.world).passed
    assert forward(desk.fitted.choice).passed
    assert not forward(None).passed


@pytest.mark.parametrize(
    ("kappa", "error", "passed", "words"),
    [
        (1.0, 0.2, True, "people's"),
        (0.3, 0.2, False, "easy ones go to those who seem fast"),
        (2.0, 0.2, False, "hard tickets go to the fast"),
        (1.0, 5.0, False, "too little to tell"),
    ],
)
def test_what_absences_say_of_whose_the_differences_are(kappa: float, error: float, passed: bool, words: str) -> None:
    check = apart(Absences((kappa - GRID) / error))
    assert check.passed == passed
    assert words in check.seen

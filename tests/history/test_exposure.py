"""Cells of age, with load."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from support.simulated_history import MONDAY, Helpdesk, simulated_history
from ticketopt.history.exposure import AGE_EDGES, FLOOR, OLDEST, exposure, load_of, pieces_of
from ticketopt.history.history import Outcome
from ticketopt.history.worktime import work_time

HISTORY = simulated_history(Helpdesk(days=20, agents=4, gamma=0.3)).history
PIECES = pieces_of(HISTORY, work_time(HISTORY))
LOAD = load_of(HISTORY, PIECES)
HISTORY_OF_TWO_YEARS = replace(HISTORY, end=HISTORY.end + 700 * 86_400)


def test_hours_add_up_to_the_time_without_pauses() -> None:
    clock = work_time(HISTORY)
    held = clock(HISTORY.stints.end) - clock(HISTORY.stints.start)
    waited = clock(HISTORY.pauses.end) - clock(HISTORY.pauses.start)
    worked = held - np.bincount(HISTORY.pauses.stint, waited, minlength=len(held))
    cells = exposure(HISTORY, PIECES, LOAD)
    assert waited.sum() > 10
    assert np.allclose(np.bincount(cells.stint, cells.hours), np.maximum(worked, FLOOR), atol=1e-6)


def test_every_stint_ends_in_its_last_cell_or_is_censored() -> None:
    cells = exposure(HISTORY, PIECES, LOAD)
    for cause in (Outcome.RESOLVED, Outcome.PASSED):
        ends = np.bincount(cells.stint, cells.events[cause], minlength=len(HISTORY.stints))
        assert (ends == (HISTORY.stints.outcome == cause)).all()
    last = np.zeros(len(HISTORY.stints), np.int64)
    np.maximum.at(last, cells.stint, cells.age)
    is_event = cells.events[Outcome.RESOLVED] + cells.events[Outcome.PASSED] > 0
    assert (cells.age[is_event] == last[cells.stint[is_event]]).all()
    assert (HISTORY.stints.outcome == Outcome.OPEN).any()


def test_a_ticket_that_is_very_old_is_censored() -> None:
    late = HISTORY.end + 400 * 86_400
    stints = replace(HISTORY.stints, end=np.where(HISTORY.stints.outcome == Outcome.RESOLVED, late, HISTORY.stints.end))
    history = replace(HISTORY, stints=stints, end=late)
    pieces = pieces_of(history, work_time(HISTORY_OF_TWO_YEARS))
    cells = exposure(history, pieces, load_of(history, pieces))
    assert np.bincount(cells.stint, cells.hours).max() == pytest.approx(OLDEST)
    assert cells.events[Outcome.RESOLVED].sum() == 0 < cells.events[Outcome.PASSED].sum()


def test_no_cell_is_longer_than_its_age() -> None:
    cells = exposure(HISTORY, PIECES, LOAD)
    width = np.append(np.diff(AGE_EDGES), np.inf)
    assert (cells.hours <= width[cells.age] + 1e-9).all()


def test_load_is_what_is_open_and_not_waiting() -> None:
    clock = work_time(HISTORY)
    rng = np.random.default_rng(0)
    for time in MONDAY + rng.uniform(1, 18, 40) * 86_400:
        for agent in range(4):
            held = (HISTORY.stints.agent == agent) & (HISTORY.stints.start <= time) & (time < HISTORY.stints.end)
            waiting = HISTORY.pauses.stint[(HISTORY.pauses.start <= time) & (time < HISTORY.pauses.end)]
            held[waiting] = False
            at = clock(np.array([time]))[0]
            if not (clock(np.array([time - 600]))[0] < at < clock(np.array([time + 600]))[0]):
                continue  # outside working hours the clock stands still
            mine = np.flatnonzero((LOAD.agent == agent) & (LOAD.time <= at))
            assert (LOAD.count[mine[-1]] if len(mine) else 0) == held.sum()


@pytest.mark.parametrize("gamma", [0.3, 1.0])
def test_hours_are_shared_by_load(gamma: float) -> None:
    """Against a sum over small steps."""
    alike, shared = exposure(HISTORY, PIECES, LOAD), exposure(HISTORY, PIECES, LOAD, gamma=gamma)
    stint = int(np.argmax(np.bincount(alike.stint, alike.hours)))
    own = PIECES.stint == stint
    agent, total = HISTORY.stints.agent[stint], 0.0
    for begin, end in zip(PIECES.begin[own], PIECES.end[own], strict=True):
        middles = np.arange(begin, end, 0.001) + 0.0005
        mine = LOAD.agent == agent
        count = LOAD.count[mine][np.searchsorted(LOAD.time[mine], middles, side="right") - 1]
        total += 0.001 * (count.astype(float) ** -gamma).sum()
    assert shared.hours[shared.stint == stint].sum() == pytest.approx(total, rel=2e-3)
    assert (shared.crowding[shared.events[Outcome.RESOLVED] > 0] >= 0).all()

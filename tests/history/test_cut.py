"""What was known at a moment."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from support.simulated_history import MONDAY, Helpdesk, simulated_history, wall_clock
from ticketopt.history.cut import known_at
from ticketopt.history.history import Outcome

HISTORY = simulated_history(Helpdesk(days=6, agents=5)).history
MOMENT = MONDAY + 2 * 86_400 + 13 * 3_600


def test_what_had_not_ended_is_open() -> None:
    known = known_at(HISTORY, MOMENT)
    begun = HISTORY.stints.start < MOMENT
    later = HISTORY.stints.end[begun] > MOMENT
    assert 0 < later.sum() < begun.sum() < len(HISTORY.stints)
    assert (known.stints.outcome[later] == Outcome.OPEN).all()
    assert (known.stints.outcome[~later] == HISTORY.stints.outcome[begun][~later]).all()
    assert known.stints.end.max() == MOMENT == known.end


def test_pauses_stay_with_their_stints() -> None:
    known = known_at(HISTORY, MOMENT)
    ticket = {(HISTORY.stints.ticket[s], a) for s, a in zip(HISTORY.pauses.stint, HISTORY.pauses.start, strict=True)}
    assert len(known.pauses.stint) > 0
    assert {(known.stints.ticket[s], a) for s, a in zip(known.pauses.stint, known.pauses.start, strict=True)} <= ticket
    assert known.pauses.end.max() <= MOMENT


def test_hours_are_known_once_the_ticket_is_resolved() -> None:
    history = replace(HISTORY, tickets=replace(HISTORY.tickets, hours=np.ones(len(HISTORY.tickets))))
    known = known_at(history, MOMENT)
    assert ((known.tickets.hours == 1) == (history.tickets.resolved <= MOMENT)).all()


@pytest.mark.parametrize("moment", [HISTORY.end, HISTORY.end + 1])
def test_after_the_end_all_is_known(moment: float) -> None:
    assert known_at(HISTORY, moment) is HISTORY


def test_the_clock_of_the_simulation_skips_nights_and_weekends() -> None:
    hours = np.array([0.0, 7.5, 8.0, 40.0])
    assert ((wall_clock(hours) - MONDAY) / 3600).tolist() == [9.0, 16.5, 33.0, 7 * 24 + 9.0]

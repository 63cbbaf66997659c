"""Units of work by kind."""

from __future__ import annotations

from support.simulated_history import Helpdesk, simulated_history
from ticketopt.history.effort import efforts
from ticketopt.history.observed import past_of, rate_rows

HISTORY = simulated_history(Helpdesk(days=10, kinds=4)).history
PAST = past_of(HISTORY, "group", HISTORY.end)
ROWS = rate_rows(PAST, 0.0)


def test_a_unit_is_what_short_kinds_take() -> None:
    found = efforts(PAST, ROWS, {0: 1.0, 1: 2.0, 2: 4.4, 3: 500.0})
    assert found == {"kind 0": 1, "kind 1": 1, "kind 2": 3, "kind 3": 20}  # the unit is 1.75 hours


def test_kinds_with_few_tickets_are_left_out() -> None:
    assert efforts(PAST, ROWS.of(ROWS.kind != 2), {0: 1.0, 2: 9.0}) == {"kind 0": 1}
    assert efforts(PAST, ROWS, {}) == {}

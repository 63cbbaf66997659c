"""Who is here when the plan is made, and what the page says of the others."""

from __future__ import annotations

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

import ticketopt
from ticketopt.report.page import report_html
from ticketopt.report.presence import is_here, why_not_here

NOW, HOUR = 1_772_440_200, 3600  # Monday, 2 March 2026, 08:30 in Greenwich

AGENTS = [
    {"agent_id": 1, "name": "Ada", "capacity": 1},
    {"agent_id": 2, "name": "Bob", "shift_start": NOW + 3.5 * HOUR, "shift_end": NOW + 11 * HOUR, "capacity": 2},
    {"agent_id": 3, "name": "Cleo", "shift_start": NOW + 24 * HOUR, "capacity": 2},
    {"agent_id": 4, "name": "Dan", "shift_end": NOW - HOUR},
    {"agent_id": 5, "name": "Eve", "shift_start": NOW - HOUR, "shift_end": NOW + HOUR, "capacity": 0},
    {"agent_id": 6, "name": "Finn", "availability_status": "sick", "shift_start": NOW + HOUR},
    {"agent_id": 7, "name": "Gus", "shift_start": NOW + 240 * HOUR, "capacity": 1},
]


@pytest.fixture
def result() -> ticketopt.Result:
    return ticketopt.assign([{"ticket_id": k} for k in range(4)], AGENTS, now=NOW)


def test_who_is_here_has_begun_and_has_not_gone(result: ticketopt.Result) -> None:
    assert is_here(result.problem).tolist() == [True, False, False, False, True, False, False]


def test_what_is_said_of_those_who_are_not_here(result: ticketopt.Result) -> None:
    said = [why_not_here(result.problem, j, UTC) for j in (1, 2, 3, 5, 6)]
    assert said == [
        "begins at 12:00", "begins on Tuesday at 08:30", "the shift is over", "sick", "begins on 12 March at 08:30",
    ]  # fmt: skip
    assert why_not_here(result.problem, 1, ZoneInfo("Europe/Berlin")) == "begins at 13:00"


def test_who_begins_later_is_not_counted_as_room_and_would_help(result: ticketopt.Result) -> None:
    page = report_html(result, zone=ZoneInfo("Europe/Berlin"))
    assert "Everybody&#39;s day is full." in page and "<li>people here<b>2</b></li>" in page
    assert "Bob could take 2 of them, but is not here (begins at 13:00)." in page
    assert "Not here: Bob (begins at 13:00), Cleo (begins on Tuesday at 09:30)" in page


def test_a_ticket_for_somebody_who_has_not_begun_waits_for_that_person() -> None:
    result = ticketopt.assign([{"ticket_id": 1, "pinned_agent": 2}], AGENTS[1:2], now=NOW)
    assert "Only Bob can take this, and is not here (begins at 12:00)." in report_html(result)

"""The moment to plan for, where nobody says it."""

from __future__ import annotations

from typing import Any

import pytest

import ticketopt

DAY = 86_400.0
BEGIN = 1_770_000_000.0


def warnings_of(tickets: list[dict[str, Any]], **more: Any) -> list[str]:
    agents = [{"agent_id": "a", "shift_end": BEGIN + DAY}]
    return [str(warning) for warning in ticketopt.build_problem(tickets, agents, **more).warnings]


@pytest.mark.parametrize(("days", "is_doubted"), [(0.0, False), (29.9, False), (30.1, True), (13_149.0, True)])
def test_a_ticket_far_ahead_of_all_others_is_doubted(days: float, is_doubted: bool) -> None:
    tickets = [
        {"ticket_id": "T1", "creation_timestamp": BEGIN - DAY},
        {"ticket_id": "T3", "creation_timestamp": BEGIN + days * DAY},
        {"ticket_id": "T2", "creation_timestamp": BEGIN},
    ]
    words = f"now: is taken from ticket 'T3', created {days:,.0f} days after all others; correct that time, or give now"
    assert warnings_of(tickets) == ([words] if is_doubted else [])
    assert warnings_of(tickets, now=BEGIN) == []


def test_one_ticket_has_nothing_to_be_ahead_of() -> None:
    assert warnings_of([{"ticket_id": "T1", "creation_timestamp": BEGIN}]) == []


def test_no_time_at_all_is_said_where_times_matter() -> None:
    (words,) = warnings_of([{"ticket_id": "T1"}])
    assert words.startswith("now: is not known, as no ticket says when it was created")
    assert ticketopt.build_problem([{"ticket_id": "T1"}], [{"agent_id": "a"}]).warnings == ()

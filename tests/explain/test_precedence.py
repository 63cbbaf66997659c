"""Who holds the place of a ticket left out, and why: by what is really compared."""

from __future__ import annotations

import pytest

import ticketopt


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ({"urgency": 0.504}, {"urgency": 0.501}, "more urgent"),
        ({"creation_timestamp": 1000.0}, {"creation_timestamp": 1000.25}, "as urgent, waiting longer"),
        ({"skills": {"x": 1}}, {"skills": {"y": 1}}, "as urgent, cheaper to serve"),
        ({}, {}, "no different"),
    ],
)
def test_the_reason_is_the_first_difference_however_small(first, second, words):
    tickets = [{"ticket_id": "in", "urgency": 0.5, **first}, {"ticket_id": "out", "urgency": 0.5, **second}]
    result = ticketopt.assign(tickets, [{"agent_id": "a", "skills": {"x": 9}, "capacity": 1}], now=2000.0)
    assert result.assigned == {"in": "a"}
    assert result["out"].rationale.endswith(f"Its place is held by in ({words}).")

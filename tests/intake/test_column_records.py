"""Columns to records: what is done at once is what is done row by row, with the same words."""

from __future__ import annotations

import gc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketopt.errors import InvalidInputError
from ticketopt.intake.check import Skipped, records_of
from ticketopt.intake.column_records import records_of_columns
from ticketopt.intake.files import read_tickets_and_agents
from ticketopt.problem import fields as f
from ticketopt.problem.collector import collector_paused
from ticketopt.problem.records import Ticket

VALUES = {
    "ticket_id": [1, "1", "x", " x ", 2.0, "", None, True, "é", "a\nb"],
    "title": ["", "VPN", None, 3, "\ud800", "Ünï"],
    "creation_timestamp": [0.0, 5, None, 1.7e12, float("nan"), "2026-01-01T10:00", "soon", -1.0],
    "priority": ["low", "LOW", None, "odd", 1],
    "effort": [1, 2.0, 0, None, "3"],
    "skills": [None, {}, {"vpn": 1}, {"vpn": 1, "VPN": 2}, "vpn"],
    "language": ["de", " de ", None, "", 3],
    "requires": [{"vpn": 3}, None, {"vpn": 11}],
}
ROW = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in VALUES.items()})


@given(st.lists(ROW, max_size=6), st.booleans(), st.booleans())
def test_columns_become_what_rows_become(drawn: list[dict[str, Any]], has_ids: bool, skips: bool) -> None:
    if has_ids:
        drawn = [{**row, "ticket_id": k} for k, row in enumerate(drawn)]
    columns = {name: [row[name] for row in drawn] for name in VALUES}
    rows = [{name: row[name] for name in VALUES if row[name] is not None} for row in drawn]
    one, other = f.Report(), f.Report()
    left: tuple[list[Skipped], list[Skipped]] = ([], [])
    places = [f"row {k}" for k in range(len(rows))]
    expected = records_of(Ticket, rows, "tickets", one, places, left[0] if skips else None)
    found = records_of_columns(
        Ticket,
        columns,
        lambda which: [places[k] for k in which],
        len(rows),
        "tickets",
        other,
        left[1] if skips else None,
    )
    assert list(found) == expected
    assert [repr(value) for value in found] == [repr(value) for value in expected]  # 1 and 1.0 are equal, and differ
    assert (other.issues, other.warnings) == (one.issues, one.warnings)
    assert [(row.place, row.issues) for row in left[1]] == [(row.place, row.issues) for row in left[0]]


def test_records_share_nothing_that_can_change() -> None:
    report = f.Report()
    first, second = records_of_columns(Ticket, {"ticket_id": ["a", "b"]}, lambda which: [], 2, "tickets", report)
    assert first.requires is not second.requires and first.effort_by_agent is not second.effort_by_agent


def test_rows_of_a_mixed_list_stay_as_the_caller_wrote_them() -> None:
    rows = [{"ticket_id": 1, "language": "German"}, Ticket(ticket_id=2)]
    queue = read_tickets_and_agents(rows, [{"agent_id": "a", "languages": ["de"]}])
    assert queue.tickets[0].language == "de"
    assert rows[0] == {"ticket_id": 1, "language": "German"}


def test_the_collector_is_as_it_was_even_after_an_error() -> None:
    assert gc.isenabled()
    with pytest.raises(InvalidInputError):
        read_tickets_and_agents([{"title": "no id"}], [])
    assert gc.isenabled()
    gc.disable()
    try:
        with collector_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()

"""Every kind of log: its data are of the right sort, it is recognized, and what was written into it comes out."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings

import ticketopt
from support.helpdesk_exports import EXPORTS, realistic_export
from support.helpdesk_exports import expected as expected_tickets
from support.logs import WRITERS, Course, Held, courses, expected, found, xes
from support.seeds import examples
from ticketopt.history.history import Outcome
from ticketopt.history.sources import SOURCES
from ticketopt.history.sources.base import FIELDS
from ticketopt.history.stages import STAGE_WORDS
from ticketopt.intake.column import heading_key

_FIRST = (
    Held("Ada", 5, 60, ((10, 20), (30, 40))),
    Held("Ben", 60, 100, handed_back=True),
    Held("Ada", 130, 150),
)
LONG = [
    Course("T1", 0, "VPN", _FIRST, "resolved"),
    Course("T2", 7, "Mail", (Held("Ben", 3, 30),), "withdrawn"),
    Course("T3", 9, "VPN", (Held("Cyd", 4, 50, ((6, 50),)),), "resolved"),
    Course("T4", 11, "VPN", (Held("Ada", 4, 8),), "open"),
]


@pytest.mark.parametrize("name", SOURCES)
class TestEverySource:
    def test_is_made_of_known_words(self, name: str) -> None:
        source = SOURCES[name]
        assert set(source.names) <= set(FIELDS)
        assert set(source.hours_per_unit) <= set(source.names)
        assert set(source.statuses.values()) <= set(STAGE_WORDS)
        assert "ticket" in source.names and all(source.names.values())
        needs_time = source.shape in ("updates", "events")
        assert ("time" in source.names and "status" in source.names) or not needs_time

    def test_signs_are_headings_that_it_reads(self, name: str) -> None:
        source = SOURCES[name]
        read = {heading_key(h) for headings in source.names.values() for h in headings}
        known = {"conceptname", "resourcecountry"}
        assert all({heading_key(s) for s in signs} <= read | known for signs in source.signs)


def test_every_log_of_changes_has_a_writer() -> None:
    assert set(WRITERS) == {name for name, source in SOURCES.items() if source.shape in ("updates", "events")}


@pytest.mark.parametrize("name", WRITERS)
class TestLogsOfChanges:
    def test_are_recognized_and_read(self, name: str) -> None:
        history = ticketopt.read_history(WRITERS[name](LONG))
        assert history.source == SOURCES[name].label
        assert found(history) == expected(LONG)
        assert set(history.kinds) == {"VPN", "Mail"}, "the kind is what was known at the start"
        assert np.isfinite(history.tickets.resolved).tolist() == [True, False, True, False]
        assert history.tickets.ids == ("T1", "T2", "T3", "T4")

    @settings(max_examples=examples(25), deadline=None)
    @given(courses())
    def test_stints_come_back(self, name: str, given: list[Course]) -> None:
        log = WRITERS[name](given)
        empty = {} if SOURCES[name].shape == "events" else {"empty_agent": "nobody"}
        history = ticketopt.read_history(log, kind_of_log=name, **empty)
        assert found(history) == expected(given)
        assert sorted(history.tickets.ids) == sorted(course.name for course in given)
        if given:
            assert history.end >= history.begin

    def test_an_empty_log_is_an_empty_history(self, name: str) -> None:
        history = ticketopt.read_history(WRITERS[name]([]), kind_of_log=name)
        assert (len(history.tickets), len(history.stints), len(history.actions.time)) == (0, 0, 0)
        assert "0 tickets" in repr(history)
        assert str(history.about())


def test_xes_says_what_the_csv_says() -> None:
    history = ticketopt.read_history(xes(LONG))
    assert history.source == SOURCES["events"].label
    assert found(history) == expected(LONG)
    assert set(history.kinds) == {"VPN", "Mail"}


@pytest.mark.parametrize(("helpdesk", "form"), [(h, form) for h, forms in EXPORTS.items() for form in forms])
def test_exports_of_helpdesks_have_one_stint_per_ticket_and_agent(helpdesk: str, form: str) -> None:
    history = ticketopt.read_history(realistic_export(helpdesk, form, 60))
    want = {str(case["ticket_id"]): case for case in expected_tickets(helpdesk, form, 60)}
    tickets, stints = history.tickets, history.stints
    assert history.source == SOURCES[helpdesk].label
    assert set(tickets.ids) == set(want)
    assert np.allclose(tickets.created, [want[name]["creation_timestamp"] for name in tickets.ids])
    for ticket, outcome in zip(stints.ticket.tolist(), stints.outcome.tolist(), strict=True):
        is_done = want[tickets.ids[ticket]]["stage"] == "done"
        assert is_done == (outcome in (Outcome.RESOLVED, Outcome.WITHDRAWN)), tickets.ids[ticket]
    assert (stints.start <= stints.end).all()
    assert "first owners" in history.missing
    assert not history.tickets.own[(stints.ticket[stints.attempt > 0])].any()
    assert json.dumps(history.about().to_dict())

"""Evidence in its place."""

from __future__ import annotations

import itertools

from ticketopt.problem.records import Ticket
from ticketopt.triage import marks, read_tickets, to_html

TICKET = Ticket(ticket_id=1, title="URGENT: paper jam", description="The toner <b> leaks & leaks.")


def test_marks_stand_where_the_words_are_and_do_not_overlap() -> None:
    (reading,) = read_tickets([TICKET], skills=["Printing"], now=0.0)
    spots = marks(TICKET, reading)
    assert [(m.field, getattr(TICKET, m.field)[m.start : m.end]) for m in spots][:2] == [
        ("title", "URGENT"),
        ("title", "paper jam"),
    ]
    assert all(getattr(TICKET, m.field)[m.start : m.end] == m.evidence.words for m in spots)
    ends = [(m.field, m.start, m.end) for m in spots]
    assert all(a[0] != b[0] or a[2] <= b[1] for a, b in itertools.pairwise(ends))


def test_html_escapes_the_ticket() -> None:
    (reading,) = read_tickets([TICKET], skills=["Printing"], now=0.0)
    page = to_html(TICKET, reading)
    assert "<b> leaks" not in page and "&lt;b&gt;" in page and ">toner</mark>" in page

"""Urgency: stated levels, signs, negation, traps, due dates."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketopt.problem.reading import Reading
from ticketopt.problem.records import PRIORITY_URGENCY, Ticket
from ticketopt.triage import level_of, read_tickets
from ticketopt.triage.lexicon_file import default_lexicon
from ticketopt.triage.phrases import phrase_tokens
from ticketopt.triage.urgency import DUE_URGENCY, due_urgency
from ticketopt.triage.words import folded, word_set


def read(title: str, description: str = "", **fields: object) -> Reading:
    ticket = Ticket(ticket_id=1, title=title, description=description, **fields)  # type: ignore[arg-type]
    return read_tickets([ticket], skills=["Printers"], now=1_000_000.0)[0]


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("P1: printer", "critical"), ("Sev 1", "critical"), ("sev-1", "critical"), ("This is an emergency", "critical"),
        ("Priority 2 please", "high"), ("This is a high-priority request", "high"), ("URGENT", "high"),
        ("Need it ASAP", "high"),
        ("by EOD please", "high"), ("P3", "medium"), ("Medium priority", "medium"), ("low urgency", "low"),
        ("no rush", "low"),
        ("P4", "low"), ("not urgent", "low"), ("This isn't urgent at all", "low"), ("whenever you have time", "low"),
        ("bitte dringend", "high"), ("eilt nicht", "low"), ("es urgente", "high"), ("no es urgente", "low"),
        ("c'est urgent", "high"),
        ("rien d'urgent", "low"), ("é urgente", "high"), ("sem pressa", "low"), ("Notfall", "critical"),
        ("nada urgente", "low"),
    ],
)  # fmt: skip
def test_stated(text: str, level: str) -> None:
    assert level_of(read(text).urgency) == level


@pytest.mark.parametrize(
    "text",
    [
        "critical illness form", "the server is no longer down", "a downstream service", "the shutdown button",
        "the urgent-care desk needs a chair", "emergency contact is wrong", "the download folder",
        "priority mail label",
        "the printer in room P1", "an overdue book list", "high availability question",
        "the emergency exit sign layout",
    ],
)  # fmt: skip
def test_traps_are_medium_or_less(text: str) -> None:
    assert level_of(read(text).urgency) in ("medium", "low")


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Smoke is coming from the printer", "critical"),
        ("A colleague is trapped in the elevator", "critical"),
        ("The site is down for all customers, zero orders", "critical"),
        ("I can see another customer's invoices", "critical"),
        ("Twelve of us cannot work", "high"),
        ("I need it today before 4 pm, the deadline is tonight", "high"),
        ("A typo on the start page", "low"),
        ("We are thinking about this for next year", "low"),
        ("It fails, but there is a workaround", "low"),
        ("The printer makes stripes", "medium"),
    ],
)
def test_implied(text: str, level: str) -> None:
    assert level_of(read(text).urgency) == level


def test_an_explicit_level_goes_before_an_adjective_and_a_quote_is_not_a_statement() -> None:
    assert level_of(read("Critical report", "This is a low priority request.").urgency) == "low"
    assert (
        level_of(read("Is this genuine?", "Forwarded to you.\n> URGENT: P1, act within 24 hours").urgency) != "critical"
    )


def test_given_urgency_and_priority_decide() -> None:
    assert read("P1", urgency=0.25).urgency == 0.25
    assert read("P1", priority="low").urgency == PRIORITY_URGENCY["low"]
    assert read("P1", urgency=0.25, priority="high").evidence[0].field == "urgency"


@pytest.mark.parametrize(("hours", "least"), [(-1, 1.0), (1, 0.9), (5, 0.8), (20, 0.7), (60, 0.5), (100, 0.4)])
def test_a_near_due_date_raises_what_the_text_says(hours: float, least: float) -> None:
    reading = read("stripes", due=1_000_000 + hours * 3600)
    assert reading.urgency == least
    assert [e.field for e in reading.evidence if e.field == "due"] == (["due"] if least > 0.4 else [])
    assert read("P1", due=1_000_000 + hours * 3600).urgency == 1.0


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6))
def test_the_nearer_the_due_date_the_higher(due: float, later: float) -> None:
    assert due_urgency(due, 0.0) >= due_urgency(due + later, 0.0)
    assert [u for _, u in DUE_URGENCY] == sorted((u for _, u in DUE_URGENCY), reverse=True)


def test_evidence_of_urgency_is_what_moved_it() -> None:
    reading = read("URGENT: stripes")
    assert [e.words for e in reading.evidence if e.about == "urgency"] == ["URGENT"]
    assert read("stripes").urgency < reading.urgency


def test_no_phrase_shrinks_to_an_everyday_word_when_its_determiners_fall_away() -> None:
    """`my screen` would be any screen, `only my` any only."""
    own = word_set("my our your his her its their this that these those")
    lexicon = default_lexicon()
    phrases = [phrase for sign in lexicon.signs for phrase in sign.phrases if "~" not in phrase]
    shrunk = [p for p in phrases if len(phrase_tokens(p)) == 1 and not own.isdisjoint(map(folded, p.split()))]
    assert shrunk == []

"""Words of alarm that are meant, and those that are not."""

from __future__ import annotations

import pytest

from ticketopt.triage.lexicon import Sign
from ticketopt.triage.meant import is_meant, is_statement, negator
from ticketopt.triage.phrase_table import Span
from ticketopt.triage.text import Text, read_text
from ticketopt.triage.words import folded


def spans_of(text: Text, *words: str) -> tuple[Span, ...]:
    places = [[folded(w) for w in text.words].index(word) for word in words]
    return tuple((place, place) for place in places)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("The server is down", True),
        ("VPN down", True),
        ("It went down for all of us", True),
        ("The server is down since nine", True),
        ("We put our name down at three houses", False),
        ("A grey band down the margin", False),
        ("I wrote it down", False),
    ],
)
def test_down_is_said_of_something(text: str, meant: bool) -> None:
    field = read_text(text, "title")
    assert is_meant(Sign("stopped", severe=True), field, spans_of(field, "down")) is meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [("30 people wait", True), ("(30 people)", True), ("10/30 people", False), ("srv_30 people", False)],
)
def test_a_number_counts_people_where_it_stands_for_itself(text: str, meant: bool) -> None:
    field = read_text(text, "title")
    assert is_meant(Sign("people", counts_people=True), field, spans_of(field, "30")) is meant


def test_parts_of_a_severe_sign_stand_near_each_other_and_those_of_a_standstill_in_two_clauses() -> None:
    near = read_text("The hall stopped and we wait, all of us", "title")
    assert is_meant(Sign("danger", severe=True), near, spans_of(near, "hall", "all"))
    far = read_text(
        "The hall is one that we like and that we use for what comes in at night or later, and all stopped", "title"
    )
    assert not is_meant(Sign("danger", severe=True), far, spans_of(far, "hall", "all"))
    apart = read_text("The hall, as I said, was good, it stopped", "title")
    assert is_meant(Sign("danger", severe=True), apart, spans_of(apart, "hall", "stopped"))
    assert not is_meant(Sign("halted", severe=True), apart, spans_of(apart, "hall", "stopped"))
    assert is_meant(Sign("mild"), far, spans_of(far, "hall", "all"))


@pytest.mark.parametrize(
    ("text", "word", "stated"),
    [
        ("This is an emergency", "emergency", True),
        ("Emergency: come now", "emergency", True),
        ("Can emergency vehicles pass", "emergency", False),
        ("El botón de emergencia es azul", "emergencia", False),
        ("The printer in room P1", "p1", False),
        ("P1: all tills", "p1", True),
        ("set to P1", "p1", False),
        ("raised as P1", "p1", True),
    ],
)
def test_a_level_is_stated(text: str, word: str, stated: bool) -> None:
    field = read_text(text, "title")
    assert is_statement(field, spans_of(field, word)[0]) is stated


def test_what_negates() -> None:
    field = read_text("It is not very urgent", "title")
    assert negator(field, spans_of(field, "urgent")) == 2
    other = read_text("I am not here. It is urgent", "title")
    assert negator(other, spans_of(other, "urgent")) is None

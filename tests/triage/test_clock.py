"""Clock times that are deadlines, and those that are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketopt.triage.clock import deadlines
from ticketopt.triage.text import read_text


def found(text: str) -> list[str]:
    field = read_text(text, "description")
    return [field.passage(*span) for span in deadlines(field)]


@pytest.mark.parametrize(
    ("text", "passages"),
    [
        ("Please send it by noon", ["by noon"]),
        ("I need it before 18:00", ["before 18"]),
        ("It must be there until tonight", ["until tonight"]),
        ("The gate opens in 40 minutes", ["in 40 minutes"]),
        ("Two hours left and it hangs", ["Two hours"]),
        ("We leave tomorrow at 8", ["tomorrow", "8"]),
        ("Doors open at half past seven", ["seven"]),
        ("Um 17 Uhr kommt der Fahrer", ["17"]),
        ("Antes de las 14 tengo que enviarlo", ["Antes de las 14"]),
        ("Le train part dans 30 minutes", ["dans 30 minutes"]),
        ("Il treno parte tra venti minuti", ["tra venti minuti"]),
        ("De zitting begint morgen om 9 uur", ["morgen", "9"]),
    ],
)
def test_where_a_deadline_is_said(text: str, passages: list[str]) -> None:
    assert found(text) == passages


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The lamp is broken",
        "It has been slow since 9",
        "The shop opens at 10",
        "The bus leaves at 8 every day",
        "He came at 5 and left at 6",
        "The meeting starts at 9 on Friday",
        "It starts at 9 on the 14th",
        "The job takes 20 minutes",
        "It gave the whole dose in twenty minutes and stopped at nothing, it was finished",
        "We sing from 5 to 7",
        "There are two sites at three levels",
        "Guten Morgen, der Drucker klemmt",
        "Por la mañana funciona",
        "Version 18.30 is out",
    ],
)
def test_where_none_is(text: str) -> None:
    assert found(text) == []


@given(st.text(alphabet="0123456789:.apmhby tonighurs,\n", max_size=80))
def test_any_text_is_read_and_spans_lie_inside(text: str) -> None:
    field = read_text(text, "description")
    assert all(0 <= first <= last < len(field.words) for first, last in deadlines(field))


def test_a_word_of_a_mark_alone_says_no_time() -> None:
    """A mark that stands for itself folds to nothing, and its first letter was asked for."""
    assert found("At 12 \uff9e") == []

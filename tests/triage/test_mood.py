"""What a sentence tells, and what it only speaks of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketopt.triage.mood import is_asked, is_told
from ticketopt.triage.text import read_text
from ticketopt.triage.words import folded


def told(text: str, word: str) -> bool:
    field = read_text(text, "description")
    place = [folded(w) for w in field.words].index(word)
    return is_told(field, (place, place))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("There is smoke in the hall", "smoke"),
        ("What shall we do, there is smoke in the hall?", "smoke"),
        ("I do not know if the smoke is dangerous", "smoke"),
        ("Since the repair last year there is smoke", "smoke"),
        ("Why is there smoke in the hall?", "smoke"),
        ("Please come, smoke fills the hall", "smoke"),
        ("We need help because of the smoke", "smoke"),
        ("Hay humo en la sala", "humo"),
    ],
)
def test_told(text: str, word: str) -> None:
    assert told(text, word)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("The smoke detector blinks", "smoke"),
        ("Where do people go when smoke fills the hall?", "smoke"),
        ("Is there a form for smoke, water and gas?", "gas"),
        ("If smoke fills the hall we leave", "smoke"),
        ("In case of smoke we leave", "smoke"),
        ("There was smoke in the hall last winter", "smoke"),
        ("There was smoke three years ago", "smoke"),
        ("The wall was painted after the smoke", "smoke"),
        ("We need new smoke hoods", "smoke"),
        ("Please order a mask against smoke", "smoke"),
        ("El detector de humo parpadea", "humo"),
        ("Der Kurs ist gut und der Rauchmelder blinkt", "rauchmelder"),
    ],
)
def test_spoken_of(text: str, word: str) -> None:
    assert not told(text, word)


def test_another_part_of_a_match_is_no_thing_named_so() -> None:
    field = read_text("Monoxide alarm keeps beeping", "description")
    assert not is_told(field, (0, 0))
    assert is_told(field, (0, 0), [(0, 0), (1, 1)])


@given(st.text(alphabet="abc if?.,whatlastyear2019 ", min_size=1, max_size=60))
def test_any_word_of_any_text_can_be_asked_of(text: str) -> None:
    field = read_text(text, "description")
    for place in range(len(field.words)):
        assert is_told(field, (place, place)) in (True, False)
        if is_asked(field, (place, place)):
            assert not is_told(field, (place, place))

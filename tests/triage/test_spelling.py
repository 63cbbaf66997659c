"""Words that are nearly known ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketopt import Ticket
from ticketopt.triage import read_tickets
from ticketopt.triage.spelling import LEAST_LETTERS, Spelling
from ticketopt.triage.words import stem

KNOWN = ["password", "calendar", "activation", "printer", "tunnel", "invoice", "payroll", "payment"]
SPELLING = Spelling([stem(word) for word in KNOWN])


@pytest.mark.parametrize(
    ("word", "known"),
    [("pasword", "password"), ("passsword", "password"), ("calender", "calendar"),
     ("prinetr", "printer"), ("tunel", "tunnel"), ("activating", "activation")],
)  # fmt: skip
def test_slips_and_relatives(word: str, known: str) -> None:
    assert SPELLING.guess(stem(word)) == stem(known)


@pytest.mark.parametrize("word", ["table", "libel", "pay", "voice", "sprinter", "l4bel", "funnel", "because", ""])
def test_other_words_are_left_alone(word: str) -> None:
    assert SPELLING.guess(stem(word)) is None


def test_two_equally_near_words_are_no_guess() -> None:
    assert Spelling(["routing", "rousing"]).guess("rouxing") is None


@given(st.sampled_from(KNOWN), st.data())
def test_one_letter_left_out_of_a_long_word(word: str, data: st.DataObject) -> None:
    known = stem(word)
    cut = data.draw(st.integers(1, len(known) - 1))
    slip = known[:cut] + known[cut + 1 :]
    if len(slip) >= max(LEAST_LETTERS, 6):
        assert SPELLING.guess(slip) == known


@given(st.text(max_size=30))
def test_any_text_is_fine(word: str) -> None:
    guess = SPELLING.guess(word)
    assert guess is None or guess[0] == word[0]


def test_a_misspelled_ticket_finds_its_skill_with_less_weight() -> None:
    right, wrong = read_tickets(
        [Ticket(ticket_id="1", title="The scanner jams"), Ticket(ticket_id="2", title="The scaner jams")],
        skills=["Scanner_Maintenance", "Payroll"],
        now=0.0,
    )
    assert list(right.skills) == list(wrong.skills) == ["Scanner_Maintenance"]
    weights = [max(e.weight for e in r.evidence if e.about == "Scanner_Maintenance") for r in (right, wrong)]
    assert 0 < weights[1] < weights[0]

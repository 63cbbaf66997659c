"""From texts to shares: the first skills exactly, the evidence for every kind of encoder."""

from __future__ import annotations

import numpy as np

from ticketopt import Ticket
from ticketopt.triage import Reader
from ticketopt.triage.encoders.base import Vectors
from ticketopt.triage.encoders.static import StaticEncoder
from ticketopt.triage.text import read_fields
from ticketopt.triage.weighing import MOST_WORDS, _passages

SKILLS = ["Elevators", "Payroll", "Gardening", "Printers"]
TICKET = Ticket(
    ticket_id=1,
    title="Good morning",
    description="We hope you are well. My salary is missing. Thanks for all help.",
)


class Whole:
    """An encoder of texts as a whole: ours, which tells nobody what a word adds."""

    name = "whole"

    def encode(self, texts: list[str]) -> Vectors:
        return StaticEncoder().encode(texts)


def test_of_an_encoder_of_texts_the_sentence_it_goes_by_is_shown() -> None:
    (reading,) = Reader(encoder=Whole())([TICKET], skills=SKILLS, now=0.0)
    assert next(iter(reading.skills)) == "Payroll"
    (shown,) = [item for item in reading.evidence if item.source == "vectors" and item.about != "urgency"]
    assert (shown.about, shown.words, shown.field) == ("Payroll", "salary is missing", "description")
    without = TICKET.description.replace("My salary is missing.", "")
    bare = Ticket(ticket_id=1, title=TICKET.title, description=without)
    (other,) = Reader(encoder=Whole())([bare], skills=SKILLS, now=0.0)
    assert other.skills.get("Payroll", 0) < reading.skills["Payroll"]


def test_of_ours_it_is_words_the_strongest_few() -> None:
    (reading,) = Reader()([TICKET], skills=SKILLS, now=0.0)
    words = [item.words for item in reading.evidence if item.source == "vectors" and item.about == "Payroll"]
    assert words[0] == "salary" and len(words) <= MOST_WORDS


def test_one_sentence_alone_is_no_evidence_for_itself() -> None:
    (reading,) = Reader(encoder=Whole())([Ticket(ticket_id=1, title="My salary")], skills=SKILLS, now=0.0)
    assert [item for item in reading.evidence if item.source == "vectors" and item.about != "urgency"] == []


def test_sentences_as_they_stand() -> None:
    _, body = read_fields("", "One of us fell. (It is wet!)  Come,  please")
    assert _passages(body) == ["One of us fell", "It is wet", "Come,  please"]


def test_shares_are_what_the_odds_say_of_all_tickets_at_once() -> None:
    texts = [read_fields(TICKET.title, TICKET.description), read_fields("toner", "the tray is stuck")]
    names = {name.casefold(): name for name in SKILLS}
    both, one = Reader().weigh(texts, names), Reader().weigh(texts[1:], names)
    assert np.array_equal(both.shares[1], one.shares[0])
    assert np.isclose(both.shares.sum(axis=1), 1).all()

"""Phrases of many texts at once: what is found in each is what is found in it alone, and what is there."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ticketopt.triage.phrase_table import Hit, PhraseTable
from ticketopt.triage.phrases import phrase_tree
from ticketopt.triage.stream import stream_of
from ticketopt.triage.text import Text, read_text

WORDS = ["paper", "jam", "jams", "out", "of", "toner", "tray", "12", "Go", "/login", ".", "the"]
PHRASES = [
    "paper",
    "paper jam",
    "jam paper jam",
    "out of toner",
    "# tray",
    "!go",
    "/login",
    "ton*",
    "paper|tray ~ jam|toner",
]

texts = st.lists(st.sampled_from(WORDS), max_size=14).map(lambda words: read_text(" ".join(words), "description"))


def hits(table: PhraseTable, queue: list[Text]) -> list[list[Hit]]:
    stream = stream_of([[text] for text in queue])
    return table.find(stream).by_text(stream)


@given(st.lists(texts, max_size=5))
def test_the_texts_beside_change_nothing(queue: list[Text]) -> None:
    table = PhraseTable(phrase_tree(PHRASES))
    assert hits(table, queue) == [found for text in queue for found in hits(table, [text])]


@given(texts)
def test_what_is_found_is_all_that_is_there_in_the_order_of_its_beginnings(text: Text) -> None:
    """Brute force over every run of words within a sentence, for phrases without signs."""
    phrases = [("paper",), ("paper", "jam"), ("jam", "paper", "jam"), ("out", "of", "toner")]
    stems = [{"jams": "jam"}.get(low, low) for low in text.low]
    expected = [
        (key, ((first, first + len(phrase) - 1),))
        for first in range(len(stems))
        for length in range(1, 5)
        for key, phrase in enumerate(phrases)
        if len(phrase) == length and tuple(stems[first : first + length]) == phrase
        if len(set(text.sentences[first : first + length])) == 1
    ]
    assert hits(PhraseTable(phrase_tree(map(" ".join, phrases))), [text]) == [expected]


def test_parts_that_stand_apart_come_last_and_have_words_of_their_own() -> None:
    text = read_text("Jam of the paper tray. A tray, a jam", "description")
    assert hits(PhraseTable(phrase_tree(["paper|tray ~ jam", "tray"])), [text]) == [
        [(1, ((3, 3),)), (1, ((4, 4),)), (0, ((2, 2), (0, 0))), (0, ((4, 4), (5, 5)))]
    ]


def test_nothing() -> None:
    assert hits(PhraseTable(phrase_tree([])), [read_text("a jam", "description")]) == [[]]
    assert hits(PhraseTable(phrase_tree(PHRASES)), []) == []

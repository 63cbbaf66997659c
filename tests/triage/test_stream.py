"""The words of many texts as numbers."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ticketopt.triage.stream import COMPOUNDS, SHOUTED, ranges, stream_of
from ticketopt.triage.text import read_fields

words = st.sampled_from(["Toner", "toner", "lift", "The", "the", "was", "not", "paid", ".", "l'imprimante", "TONER"])
fields = st.builds(read_fields, st.lists(words, max_size=5).map(" ".join), st.lists(words, max_size=9).map(" ".join))


def test_words_have_the_number_of_their_form_and_texts_their_own_sentences() -> None:
    stream = stream_of([read_fields("Toner", "toner. Toner"), [], read_fields("", "a lift")])
    assert [stream.words[k] for k in stream.ids.tolist()] == ["Toner", "toner", "Toner", "lift"]
    assert stream.starts.tolist() == [0, 1, 3, 3, 4] and stream.owners.tolist() == [0, 0, 2, 2]
    assert len(set(stream.sentences.tolist())) == 4
    assert stream.text_at(np.arange(4)).tolist() == [0, 1, 1, 3]


def test_what_a_word_stands_for_may_hang_on_its_text() -> None:
    stream = stream_of([read_fields("DRUCKER", "der Drucker und Drucker"), read_fields("", "Drucker")])
    kinds = list(zip(stream.words, stream.kinds.tolist(), strict=True))
    assert kinds[0] == ("DRUCKER", SHOUTED)
    assert [kind for word, kind in kinds if word == "Drucker"] == [COMPOUNDS, 0]


def test_a_word_is_counted_once_where_it_counts_most() -> None:
    bag = stream_of([read_fields("Toner", "toner toner TONER"), [], read_fields("", "a lift")]).bag
    assert bag.words == ("toner", "lift") and bag.starts.tolist() == [0, 1, 1, 2]
    assert bag.weights[0] == max(read_fields("Toner", "")[0].weights)


@given(st.lists(fields, max_size=4))
def test_a_bag_has_the_words_of_each_ticket_in_their_order(queue: list[list]) -> None:  # type: ignore[type-arg]
    bag = stream_of(queue).bag
    for k, ticket in enumerate(queue):
        most: dict[str, float] = {}
        for text in ticket:
            for low, weight in zip(text.low, text.weights, strict=True):
                most[low] = max(weight, most.get(low, 0.0))
        part = slice(*bag.starts[k : k + 2].tolist())
        own = [bag.words[n] for n in bag.ids[part].tolist()]
        assert dict(zip(own, bag.weights[part].tolist(), strict=True)) == most and own == list(most)


def test_ranges() -> None:
    assert ranges(np.array([5, 0, 9]), np.array([2, 0, 3])).tolist() == [5, 6, 9, 10, 11]
    assert ranges(np.array([], dtype=np.int64), np.array([], dtype=np.int64)).tolist() == []

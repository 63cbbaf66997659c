"""The compiled reading of texts beside the same in plain Python."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ticketopt._core.text import PhraseList, WordPieces, sums
from ticketopt.triage.stream import LONGEST_WORD
from ticketopt.triage.text import Text, _tokenize, compiled_words
from ticketopt.triage.words import folded, is_dense, stem

LETTERS = "abdegilnorstuyzAEGLS'\u2019é\u0301ß\u0130\u0131½5+#_/-.,;:!?\u2026\u2013\uff01\uff0c()\"* \n\t\x1c\xa0\u044f"
SAID = (
    *("the", "The", "THE", "A", "und", "because", "we", "der", "l'eau", "don't", "C++", "C#", " - ", "... ", "\u2026 "),
    *(
        "isation",
        "realising",
        "buses",
        "passes",
        "parties",
        "stopped",
        "printer's",
        "tied",
        "frozen",
        "A/B",
        "\U0001f600",
    ),
)
TEXTS = st.lists(st.sampled_from(SAID) | st.text(LETTERS, max_size=8) | st.characters(), max_size=20).map("".join)
SPACED = st.lists(st.sampled_from(SAID) | st.text(LETTERS, max_size=8), max_size=20).map(" ".join)


@given(TEXTS | SPACED)
@example("It fails\u2026 The I/O, et la l'imprimante: NOT THE printer.\n")
@example("\uff01 a\u0301'b\u2019c++# d\ud800")
def test_tokens_are_those_of_the_pattern(text: str) -> None:
    if is_dense(text):
        return
    plain = Text("description", text)
    _tokenize(plain)
    expected = (plain.words, plain.low, plain.starts, plain.ends, plain.sentences, plain.clauses)
    assert compiled_words().tokens(text, folded) == (*expected, plain.after_determiner, plain.compounds)


@given(st.lists(TEXTS, max_size=5))
@example(["realisation's", "ORGANISED", "d'accord", "l'a", "buses", "x" * 70 + "ing", "s", ""])
def test_words_are_folded_and_stemmed_as_in_python(words: list[str]) -> None:
    assert compiled_words().folded(words, folded) == [folded(word) for word in words]
    assert compiled_words().stems(words, LONGEST_WORD, stem) == [stem(word[:LONGEST_WORD]) for word in words]


def first_place(phrase: str, text: str) -> int:
    """Where a phrase begins a word of the text, -1 for nowhere; signs of scripts without blanks need no beginning."""
    starts = [k for k in range(len(text)) if text.startswith(phrase, k)]
    is_free = phrase[0] >= "\u2e80" or not phrase[0].isalnum()
    return next((k for k in starts if is_free or not k or not text[k - 1].isalnum()), -1)


@given(
    st.lists(st.text("ab 0é三", min_size=1, max_size=3), unique=True),
    st.text("ab 0é三", max_size=30),
    st.integers(0, 40),
)
def test_phrases_are_found_where_a_word_begins(phrases: list[str], text: str, end: int) -> None:
    compiled = PhraseList(phrases, 0x2E80)
    places = [(first_place(phrase, text[:end]), len(phrase)) for phrase in phrases]
    assert compiled.find(text, end) == next(((k, k + n) for k, n in places if k >= 0), None)
    assert compiled.count(text, 2) == min(2, sum(first_place(phrase, text) >= 0 for phrase in phrases))


@given(st.data())
def test_sums_are_those_of_matrices(data: Any) -> None:
    random = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    n_pieces, n_words, n_texts = data.draw(st.tuples(st.integers(1, 9), st.integers(1, 6), st.integers(0, 5)))
    rows = random.integers(-127, 128, (n_pieces, data.draw(st.integers(0, 9)))).astype(np.int8)
    scales = random.integers(1, 4096, n_pieces).astype(np.uint16)
    counts = random.integers(0, 4, n_words)
    pieces = random.integers(0, n_pieces, counts.sum())
    starts = np.concatenate([[0], np.cumsum(random.integers(0, 5, n_texts))])
    ids, weights = random.integers(0, n_words, starts[-1]), random.integers(1, 27, starts[-1])
    scaled = rows.astype(np.int64) * scales[:, None]
    ends = np.cumsum(counts)
    words = np.array([scaled[pieces[e - n : e]].sum(axis=0) for e, n in zip(ends, counts, strict=True)])
    expected = [(words[ids[a:b]] * weights[a:b, None]).sum(axis=0) for a, b in pairwise(starts.tolist())]
    found = sums(rows, scales, pieces, counts, ids, weights, starts)
    assert found.tolist() == np.array(expected).reshape(n_texts, rows.shape[1]).tolist()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"pieces": [2]}, "pieces must be numbers of rows"),
        ({"counts": [2]}, "counts must add up"),
        ({"counts": [-1, 2]}, "counts must not be negative"),
        ({"ids": [1]}, "ids must be places of words"),
        ({"starts": [0, 2]}, "starts must lie within ids"),
        ({"starts": [1, 0]}, "starts must not fall"),
        ({"weights": []}, "every word needs a weight"),
    ],
)
def test_numbers_that_lead_nowhere_are_refused(changed: dict[str, list[int]], message: str) -> None:
    given = {"pieces": [1], "counts": [1], "ids": [0], "weights": [1], "starts": [0, 1], **changed}
    arrays = {name: np.array(values, dtype=np.int64) for name, values in given.items()}
    with pytest.raises(ValueError, match=message):
        sums(np.ones((2, 3), np.int8), np.ones(2, np.uint16), **arrays)


@given(st.lists(st.text("abA'é", max_size=6)))
def test_pieces_of_many_words_are_those_of_each(words: list[str]) -> None:
    pieces = WordPieces({"a": 5, "b": 7, "ab": 1, "##a": 3, "##b": 2, "é": 4, "##é": 6}, "##", 4)

    def other(word: str) -> tuple[int, ...]:
        return () if folded(word) == "ba" else pieces.of(folded(word))

    numbers, counts = pieces.of_all(words, {"ba"}, other)
    assert [tuple(part.tolist()) for part in np.split(numbers, np.cumsum(counts)[:-1])][: len(words)] == [
        other(word) for word in words
    ]

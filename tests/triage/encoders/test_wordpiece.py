"""Words as pieces of a vocabulary."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketopt.triage.encoders.wordpiece import LONGEST_WORD, WordPieces

VOCABULARY = {piece: n for n, piece in enumerate(["print", "printer", "##er", "##s", "p", "##r", "##in", "##t", "##e"])}
NAMES = list(VOCABULARY)


def named(word: str) -> list[str]:
    return [NAMES[n] for n in WordPieces(VOCABULARY).of(word)]


class TestWordPieces:
    @pytest.mark.parametrize(
        ("word", "expected"),
        [
            ("printer", ["printer"]),
            ("printers", ["printer", "##s"]),
            ("prints", ["print", "##s"]),
            ("prin", ["p", "##r", "##in"]),
            ("sprint", []),  # no piece begins with s
            ("printx", []),  # a word is covered or it is not
            ("", []),
        ],
    )
    def test_the_longest_piece_that_fits_comes_first(self, word: str, expected: list[str]) -> None:
        assert named(word) == expected

    def test_very_long_words_are_not_read(self) -> None:
        assert named("p" + "r" * (LONGEST_WORD - 1)) != []
        assert named("p" + "r" * LONGEST_WORD) == []

    @given(st.text("printes", max_size=30))
    def test_each_is_the_longest_that_begins_there(self, word: str) -> None:
        """As the vocabulary's own tokenizer does it, letter by letter."""
        expected, rest, sign = [], word, ""
        while rest:
            piece = next((sign + rest[:n] for n in range(len(rest), 0, -1) if sign + rest[:n] in VOCABULARY), "")
            if not piece:
                expected = []
                break
            expected.append(piece)
            rest, sign = rest[len(piece) - len(sign) :], "##"
        assert named(word) == expected

    @given(st.text("printes", max_size=30))
    def test_pieces_make_up_the_word(self, word: str) -> None:
        assert "".join(piece.removeprefix("##") for piece in named(word)) in ("", word)

"""Words as pieces of a vocabulary."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketopt.triage.encoders.wordpiece import LONGEST_WORD, pieces_of

VOCABULARY = {piece: n for n, piece in enumerate(["print", "printer", "##er", "##s", "p", "##r", "##in", "##t", "##e"])}
NAMES = list(VOCABULARY)


def named(word: str) -> list[str]:
    return [NAMES[n] for n in pieces_of(word, VOCABULARY)]


class TestPiecesOf:
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
    def test_pieces_make_up_the_word(self, word: str) -> None:
        assert "".join(piece.removeprefix("##") for piece in named(word)) in ("", word)

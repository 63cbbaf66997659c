"""Words as pieces of a fixed vocabulary: the longest piece that fits, again and again (WordPiece)."""

from __future__ import annotations

from collections.abc import Mapping

from ticketopt._core import text

INSIDE = "##"
"""What a piece begins with that continues a word."""

LONGEST_WORD = 100
"""Letters of a word; a longer one is not read, as in the vocabulary's own tokenizer."""


class WordPieces(text.WordPieces):
    """A vocabulary of pieces.

    Parameters
    ----------
    vocabulary : piece -> number; a piece inside a word begins with `##`.
    """

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        super().__init__(dict(vocabulary), INSIDE, LONGEST_WORD)

"""Words as pieces of a fixed vocabulary: the longest piece that fits, again and again (WordPiece)."""

from __future__ import annotations

from collections.abc import Mapping

INSIDE = "##"
"""What a piece begins with that continues a word."""

LONGEST_WORD = 100
"""Letters of a word; a longer one is not read, as in the vocabulary's own tokenizer."""

_HEAD = 2


class WordPieces:
    """A vocabulary of pieces.

    Parameters
    ----------
    vocabulary : piece -> number; a piece inside a word begins with `##`.
    """

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        self._whole = vocabulary
        self._inside = {piece[len(INSIDE) :]: n for piece, n in vocabulary.items() if piece.startswith(INSIDE)}
        self._longest = max(map(len, vocabulary), default=0)
        self._reach: dict[str, int] = {}
        for piece in self._inside:
            self._reach[piece[:_HEAD]] = max(len(piece), self._reach.get(piece[:_HEAD], 1))

    def of(self, word: str) -> tuple[int, ...]:
        """The numbers of a word's pieces, none where the vocabulary does not cover the word.

        Parameters
        ----------
        word : in lower case, without accents.
        """
        if word in self._whole:
            return (self._whole[word],)
        if len(word) > LONGEST_WORD:
            return ()
        found: list[int] = []
        start, size = 0, len(word)
        pieces = self._whole
        longest = min(self._longest, size)
        while start < size:
            for length in range(longest, 0, -1):
                number = pieces.get(word[start : start + length])
                if number is not None:
                    found.append(number)
                    start += length
                    break
            else:
                return ()
            pieces = self._inside
            longest = min(self._reach.get(word[start : start + _HEAD], 1), size - start)
        return tuple(found)

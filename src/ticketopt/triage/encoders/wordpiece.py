"""Words as pieces of a fixed vocabulary: the longest piece that fits, again and again (WordPiece)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

INSIDE = "##"
"""What a piece begins with that continues a word."""

LONGEST_WORD = 100
"""Letters of a word; a longer one is not read, as in the vocabulary's own tokenizer."""

_HEAD = 3  # letters by which the pieces inside a word are grouped
_SHORT = tuple(range(_HEAD - 1, 0, -1))


class WordPieces:
    """A vocabulary of pieces.

    Parameters
    ----------
    vocabulary : piece -> number; a piece inside a word begins with `##`.
    """

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        self._whole = vocabulary
        self._inside = {piece[len(INSIDE) :]: n for piece, n in vocabulary.items() if piece.startswith(INSIDE)}
        self._lengths = _lengths(self._inside)
        self._first_lengths = _lengths(vocabulary)

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
        pieces, lengths = self._whole, self._first_lengths.get(word[:_HEAD], _SHORT)
        while start < size:
            for length in lengths:
                number = pieces.get(word[start : start + length])
                if number is not None:
                    found.append(number)
                    start += length
                    break
            else:
                return ()
            pieces, lengths = self._inside, self._lengths.get(word[start : start + _HEAD], _SHORT)
        return tuple(found)


def _lengths(pieces: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """How long the pieces are that may begin with the same letters, the longest first."""
    longer: dict[str, set[int]] = {}
    for piece in pieces:
        if len(piece) >= _HEAD:
            longer.setdefault(piece[:_HEAD], set()).add(len(piece))
    return {head: (*sorted(lengths, reverse=True), *_SHORT) for head, lengths in longer.items()}

"""Our own encoder: a text points where the sum of its words' rows points. It needs numpy alone and is always there."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain

import numpy as np

from ticketopt._core import text as compiled
from ticketopt._types import Bool, Float, Int
from ticketopt.triage.encoders.base import Vectors, unit
from ticketopt.triage.encoders.table import LARGEST_ENTRY, LARGEST_SCALE, Table, load
from ticketopt.triage.encoders.wordpiece import WordPieces
from ticketopt.triage.text import DETERMINERS
from ticketopt.triage.words import folded, visible, words_of

MOST_REMEMBERED = 1 << 16
"""Words whose pieces are kept."""

_TOGETHER = 256  # texts summed at once, so that their rows stay near the processor
_FIT_INT32 = (2**31 - 1) // (LARGEST_ENTRY * LARGEST_SCALE)  # rows whose sum does, whatever they are


class StaticEncoder:
    """Sums rows of word pieces; without a table, those of the package.

    Attributes
    ----------
    name : with the table's version. dimension : entries of a vector.
    """

    def __init__(self, table: Table | None = None) -> None:
        self._table = _shipped() if table is None else table
        self.name = str(self._table.about["name"])
        self.dimension = self._table.dimension
        self._pieces = lru_cache(MOST_REMEMBERED)(self._read)
        self._vocabulary = WordPieces(self._table.numbers)
        self._latest: tuple[Sequence[str], tuple[Int, Int]] = (), (np.zeros(0, np.int64), np.zeros(0, np.int64))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of some texts: of each the sum over its words (without determiners), at norm 1."""
        return unit(self._sums([[n for word in words_for(text) for n in self._pieces(word)] for text in texts]))

    def word_vectors(self, words: Sequence[str]) -> Vectors:
        """The part that each word has in the sum of a text.

        Whole numbers, exact, however a text is divided: `encode` of it is the sum of its words' vectors, at norm 1.

        Parameters
        ----------
        words : as they stand in texts. Determiners count nothing, as phrases skip them.

        Returns
        -------
        Shape (n, dimension); zeros where nothing of a word is known.
        """
        different = {word: place for place, word in enumerate(dict.fromkeys(words))}
        rows = self._sums([self._pieces(word) for word in different]).astype(np.float32)
        return rows[[different[word] for word in words]] if len(different) < len(words) else rows

    def sums(self, words: Sequence[str], ids: Int, weights: Int, starts: Int) -> Float:
        """Of some texts the sums of their words' vectors, each times its weight: whole numbers, exact.

        Parameters
        ----------
        words : different ones, as they stand in texts.
        ids, weights : of the words of all texts one after the other the place in `words`, and the weight.
        starts : where each text begins in them, shape (texts + 1,).

        Returns
        -------
        Shape (texts, dimension).
        """
        before, found = self._latest
        if words is not before:
            found = self._vocabulary.of_all(words, DETERMINERS, self._pieces)
            self._latest = tuple(words), found  # of the very same tuple: nobody can have changed it
        return compiled.sums(self._table.rows, self._table.scales, *found, ids, weights, starts)

    def known(self, words: Sequence[str]) -> Bool:
        """Which words have a row of their own, and are not put together from pieces.

        Of English tickets' words these are nine in ten, of German, French, Spanish, Portuguese or Dutch ones at most
        half, whose pieces say little of what they mean.
        """
        return np.array([self._is_whole(word) for word in words], dtype=np.bool_)

    def _is_whole(self, word: str) -> bool:
        numbers = self._pieces(word)
        return len(numbers) == 1 and len(self._table.pieces[numbers[0]]) > 1

    def _read(self, word: str) -> tuple[int, ...]:
        low = folded(word if word.isascii() else unicodedata.normalize("NFKC", word))
        return () if low in DETERMINERS else self._vocabulary.of(low)

    def _sums(self, numbers: Sequence[Sequence[int]]) -> Int:
        """The sum of rows for each list of their numbers; exact, as rows are whole numbers."""
        sums = np.zeros((len(numbers), self.dimension), np.int64)
        for first in range(0, len(numbers), _TOGETHER):
            some = numbers[first : first + _TOGETHER]
            lengths = np.fromiter(map(len, some), np.int64, len(some))
            if lengths.any():
                kind = np.int32 if lengths.max() <= _FIT_INT32 else np.int64
                flat = np.fromiter(chain.from_iterable(some), np.int64, int(lengths.sum()))
                rows = self._table.rows[flat] * self._table.scales[flat, None].astype(kind)
                starts = (np.cumsum(lengths) - lengths)[lengths > 0]
                sums[first : first + _TOGETHER][lengths > 0] = np.add.reduceat(rows, starts, axis=0)
        return sums


def words_for(text: str) -> list[str]:
    """The words of a text."""
    return words_of(visible(text if text.isascii() else unicodedata.normalize("NFKC", text)))


@lru_cache(maxsize=1)
def default_encoder() -> StaticEncoder:
    """The encoder of the package's table, one for the process, so that all share what is known of words."""
    return StaticEncoder()


@lru_cache(maxsize=1)
def _shipped() -> Table:
    return load()

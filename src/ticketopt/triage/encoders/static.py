"""Our own encoder: a text points where the sum of its words' rows points. It needs numpy alone and is always there."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from pathlib import Path

import numpy as np

from ticketopt._types import Bool, Float
from ticketopt.triage.encoders.base import Vectors, unit
from ticketopt.triage.encoders.table import Table, load
from ticketopt.triage.encoders.wordpiece import pieces_of
from ticketopt.triage.text import DETERMINERS
from ticketopt.triage.words import folded, visible, words_of

MOST_REMEMBERED = 1 << 16
"""Words whose pieces are kept."""


class StaticEncoder:
    """Sums rows of word pieces.

    Attributes
    ----------
    name : with the table's version. dimension : entries of a vector.
    """

    def __init__(self, table: Table | None = None) -> None:
        self._table = _shipped() if table is None else table
        self.name = str(self._table.about["name"])
        self.dimension = self._table.dimension
        self._pieces = lru_cache(MOST_REMEMBERED)(self._read)

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
        return self._sums([self._pieces(word) for word in words]).astype(np.float32)

    def known(self, words: Sequence[str]) -> Bool:
        """Which words are known as more than single letters: in a foreign text few are."""
        pieces = self._table.pieces
        return np.array(
            [any(len(pieces[n].removeprefix("##")) > 1 for n in self._pieces(word)) for word in words], dtype=np.bool_
        )

    def _read(self, word: str) -> tuple[int, ...]:
        low = folded(unicodedata.normalize("NFKC", word))
        return () if low in DETERMINERS else pieces_of(low, self._table.numbers)

    def _sums(self, numbers: Sequence[Sequence[int]]) -> Float:
        """The sum of rows for each list of their numbers; exact, as rows are whole numbers."""
        lengths = np.fromiter(map(len, numbers), np.int64, len(numbers))
        sums = np.zeros((len(numbers), self.dimension))
        filled = lengths > 0
        if filled.any():
            flat = np.fromiter(chain.from_iterable(numbers), np.int64, int(lengths.sum()))
            different, places = np.unique(flat, return_inverse=True)
            rows = self._table.rows[different] * self._table.scales[different, None].astype(np.float64)
            starts = (np.cumsum(lengths) - lengths)[filled]
            sums[filled] = np.add.reduceat(rows[places], starts, axis=0)
        return sums


def words_for(text: str) -> list[str]:
    """The words of a text."""
    return words_of(visible(text if text.isascii() else unicodedata.normalize("NFKC", text)))


def table_encoder(folder: Path) -> StaticEncoder:
    """The encoder of a table in a folder."""
    return StaticEncoder(load(folder))


@lru_cache(maxsize=1)
def _shipped() -> Table:
    return load()

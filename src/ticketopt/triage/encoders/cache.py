"""Vectors that are kept: the same text is not encoded twice."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

import numpy as np

from ticketopt.triage.encoders.base import Encoder, Vectors

MOST_TEXTS = 20_000
"""Vectors kept: 30 MB at 384 entries."""


class Cached:
    """An encoder that remembers the vectors of the texts it was asked for last.

    Several threads may ask at once. A text is kept under the encoder's name, so that one memory may serve several.

    Parameters
    ----------
    encoder : what encodes the texts that are not kept.
    most : texts that are kept; the one that was not asked for the longest goes first.
    """

    def __init__(self, encoder: Encoder, *, most: int = MOST_TEXTS) -> None:
        self._encoder = encoder
        self._most = most
        self._kept: OrderedDict[tuple[str, str], Vectors] = OrderedDict()
        self._lock = Lock()

    @property
    def name(self) -> str:
        """The name of the encoder behind it: the vectors are the same."""
        return self._encoder.name

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of some texts; those that are not kept are encoded in one call."""
        name = self._encoder.name
        different = dict.fromkeys(texts)
        rows = self._remembered(name, list(different))
        missing = [text for text in different if text not in rows]
        if missing or not texts:
            found = self._encoder.encode(missing)
            if not texts:
                return found
            rows.update(zip(missing, found, strict=True))
            self._remember(name, {text: rows[text] for text in missing})
        return np.stack([rows[text] for text in texts])

    def _remembered(self, name: str, texts: Sequence[str]) -> dict[str, Vectors]:
        rows = {}
        with self._lock:
            for text in texts:
                row = self._kept.get((name, text))
                if row is not None:
                    self._kept.move_to_end((name, text))
                    rows[text] = row
        return rows

    def _remember(self, name: str, rows: dict[str, Vectors]) -> None:
        with self._lock:
            for text, row in rows.items():
                self._kept[name, text] = row.copy()  # a view would keep the whole batch
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

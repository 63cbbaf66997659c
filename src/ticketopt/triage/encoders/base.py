"""What an encoder is: texts in, directions out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ticketopt._types import Matrix

Vectors = NDArray[np.float32]
"""One row per text."""


class Encoder(Protocol):
    """Gives texts that mean alike vectors that point alike.

    Attributes
    ----------
    name : which encoder, with its version: vectors and weights of one name are never used for another.
    """

    @property
    def name(self) -> str: ...

    def __hash__(self) -> int: ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of some texts.

        Parameters
        ----------
        texts : any number of them, none included.

        Returns
        -------
        Shape (n, dimension): row k is of text k and of no other. Its norm is 1, or 0 where the text has no word that
        the encoder knows.
        """


def unit(rows: Matrix) -> Vectors:
    """The rows at norm 1; rows of zeros stay."""
    wide = np.asarray(rows, dtype=np.float64)
    norms = np.sqrt((wide * wide).sum(axis=1, keepdims=True))
    return (wide / np.where(norms > 0, norms, 1)).astype(np.float32)

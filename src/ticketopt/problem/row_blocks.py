"""Large tables a few rows at a time: what fits into a processor's cache is worked on there, and then dropped."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ticketopt._types import Float

__all__ = ["divided", "product", "row_blocks"]

ENTRIES = 2**16
"""Entries of a block: half a MB of floats, of which several tables fit into a cache."""


SMALL = 2**18
"""So many products are added up in one call. Of more, a library for matrices makes work for threads, and these wait
for each other longer than all of it takes."""


def row_blocks(n_rows: int, n_columns: int) -> Iterator[slice]:
    """The rows of a table, a few at a time and in order; none where the table has none."""
    size = max(1, ENTRIES // max(1, n_columns))
    for first in range(0, n_rows, size):
        yield slice(first, min(n_rows, first + size))


def divided(table: Float, totals: Float) -> Float:
    """The table itself, every row divided by its total where that is above 0; `totals` is (n, 1)."""
    return np.divide(table, totals, out=table, where=totals > 0)


def product(left: Float, right: Float) -> Float:
    """The matrix product, a few rows at a time."""
    result = np.empty((len(left), right.shape[1]))
    size = max(1, SMALL // max(1, right.size))
    for first in range(0, len(left), size):
        np.matmul(left[first : first + size], right, out=result[first : first + size])
    return result

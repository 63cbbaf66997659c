"""Large tables a few rows at a time: what fits into a processor's cache is worked on there, and then dropped."""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["row_blocks"]

ENTRIES = 2**16
"""Entries of a block at least, if there are so many, and never twice as many (but for a row that is longer): half a MB
of floats, of which several tables fit into a cache."""


def row_blocks(n_rows: int, n_columns: int) -> Iterator[slice]:
    """The rows of a table, a few at a time and in order; none where the table has none."""
    size = -(-n_rows // max(1, n_rows * n_columns // ENTRIES))
    for first in range(0, n_rows, max(1, size)):
        yield slice(first, min(n_rows, first + size))

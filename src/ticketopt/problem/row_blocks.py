"""Large tables a few rows at a time: what fits into a processor's cache is worked on there, and then dropped."""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["row_blocks"]

ENTRIES = 2**16
"""Entries of a block: half a MB of floats, of which several tables fit into a cache."""


def row_blocks(n_rows: int, n_columns: int) -> Iterator[slice]:
    """The rows of a table, a few at a time and in order; none where the table has none."""
    size = max(1, ENTRIES // max(1, n_columns))
    for first in range(0, n_rows, size):
        yield slice(first, min(n_rows, first + size))

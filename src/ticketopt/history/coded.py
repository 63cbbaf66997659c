"""Columns of names as codes: an index per row into the distinct names, in the order in which they come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from ticketopt._types import Bool, Float, Int
from ticketopt.problem.names import spelled

__all__ = ["UNSAID", "Coded", "carried", "coded", "firsts", "floats"]

UNSAID = -2
"""The code of a cell that leaves all as it was, where -1 is nobody or nothing."""


class Coded(NamedTuple):
    """A column: `codes[k]` is an index into `names`, -1 for none."""

    codes: Int
    names: tuple[str, ...]

    def take(self, rows: Int) -> Coded:
        """Some of the rows, with all names."""
        return Coded(self.codes[rows], self.names)

    def compact(self) -> Coded:
        """Without names that no row has, in the order of the rows."""
        used, first = np.unique(self.codes[self.codes >= 0], return_index=True)
        order = used[np.argsort(first, kind="stable")]
        place = np.full(len(self.names) + 1, -1)
        place[order] = np.arange(len(order))
        return Coded(place[self.codes], tuple(self.names[k] for k in order))


def coded(cells: Iterable[Any]) -> Coded:
    """A column's codes. Spellings of one name are one name, as it was written first."""
    written: dict[Any, int] = {}
    codes = np.fromiter((-1 if c is None else written.setdefault(c, len(written)) for c in cells), dtype=np.int64)
    names: dict[str, int] = {}
    shown: list[str] = []
    place = np.full(len(written) + 1, -1)  # the last is for -1
    for cell, code in written.items():
        text = " ".join(str(cell).split())
        key = spelled(text)
        if key not in names:
            names[key] = len(names)
            shown.append(text)
        place[code] = names[key]
    return Coded(place[codes], tuple(shown))


def firsts(ticket: Int) -> Int:
    """The first row of every ticket; rows are sorted by ticket, and every ticket has one."""
    return np.flatnonzero(np.diff(ticket, prepend=-1))


def carried(codes: Int, starts: Bool, unsaid: int = UNSAID, before: int = -1) -> Int:
    """Every row's code, where `unsaid` means that of the row before; `before` is what was before a ticket's first.

    Parameters
    ----------
    starts : whether a row is its ticket's first.
    """
    rows = np.arange(len(codes))
    said = np.where((codes != unsaid) | starts, rows, 0)
    last = np.maximum.accumulate(said) if len(rows) else rows
    filled = codes[last]
    return np.where(filled == unsaid, before, filled)


def floats(values: Sequence[float | None]) -> Float:
    """Numbers, NaN for None."""
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)

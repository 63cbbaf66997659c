"""Which decisions may matter: those whose reduced costs are small (steps 2 and 4 of `array_refine`)."""

from __future__ import annotations

from typing import Any

import numpy as np

from ticketopt._types import Int, Matrix
from ticketopt.model.stored import StoredPairs
from ticketopt.planning.array_digits import parts
from ticketopt.planning.array_levels import Level

__all__ = ["Near", "matrix_sums", "near_pairs"]


_FAR = 2**62
_DENSE = 16
"""With more pairs than that per row and column nearly all are on cycles, and looking for the others does not pay."""


class Near:
    """What the rows have besides the plan.

    Attributes
    ----------
    least : (n,) the least sum `c + w` or exit of every row.
    has_near : (n,) whether a row has another decision that may matter.
    """

    def __init__(self, level: Level, n_columns: int) -> None:
        n = len(level.digits.exit)
        self.least, self.has_near = level.digits.exit.copy(), np.zeros(n, dtype=np.bool_)
        self._rows, self._columns = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
        self._room = _DENSE * (n + n_columns)

    def reserve(self, count: int) -> bool:
        """Make room for so many more pairs; False where listing them does not pay any more."""
        self._room -= count
        return self._room >= 0

    def add(self, rows: Int, columns: Int) -> None:
        """List pairs that may matter."""
        self._rows.append(rows)
        self._columns.append(columns)

    @property
    def pairs(self) -> tuple[Int, Int] | None:
        """Rows and columns of the pairs besides the plan's that may matter; None where there are very many."""
        return (np.concatenate(self._rows), np.concatenate(self._columns)) if self._room >= 0 else None


def near_pairs(level: Level, plan: Int, price: Int, near: int) -> Near:
    found = Near(level, len(price))
    if level.stored is None:
        _look_at_matrix(found, level, plan, price, near)
    else:
        _look_at_pairs(found, level, level.stored, plan, price, near)
    found.has_near |= (plan >= 0) & (level.digits.exit <= found.least + near)
    return found


def _look_at_matrix(found: Near, level: Level, plan: Int, price: Int, near: int) -> None:
    for part in parts(level.digits.pair):
        sums = matrix_sums(level, price, part)
        np.minimum(found.least[part], sums.min(axis=1, initial=_FAR), out=found.least[part])
        is_near = sums <= (found.least[part] + near)[:, None]
        served = np.flatnonzero(plan[part] >= 0)
        is_near[served, plan[part][served]] = False
        found.has_near[part] = is_near.any(axis=1)
        if found.reserve(int(np.count_nonzero(is_near))):
            row, column = np.nonzero(is_near)
            found.add(row + part.start, column)


def _look_at_pairs(found: Near, level: Level, stored: StoredPairs, plan: Int, price: Int, near: int) -> None:
    for part in stored.parts():
        span = stored.span(part)
        row, column = stored.rows_of(part), stored.column[span]
        sums = level.digits.pair[span] + price[column]
        np.minimum(found.least[part], stored.least(part, sums), out=found.least[part])
        is_near = (sums <= found.least[row] + near) & (column != plan[row])
        found.has_near[row[is_near]] = True
        if found.reserve(int(np.count_nonzero(is_near))):
            found.add(row[is_near], column[is_near].astype(np.int64))


def matrix_sums(level: Level, price: Int, rows: Any, columns: Int | None = None) -> Int:
    """`c + w` of some rows, of all columns or of some; `_FAR` where a pair is forbidden."""

    def block(matrix: Matrix) -> Any:
        return matrix[rows] if columns is None else matrix[rows][:, columns]

    sums: Int = block(level.digits.pair) + (price if columns is None else price[columns])
    if level.allowed is not None:
        sums[~block(level.allowed)] = _FAR
    return sums

"""The model of unit effort where most pairs are forbidden: the allowed ones alone are stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ticketopt._types import Bool, Int
from ticketopt.errors import InvalidInputError
from ticketopt.model.assignment import MAX_SUM
from ticketopt.model.load_cost import LoadCost
from ticketopt.model.rows import PackingRows

__all__ = ["StoredModel", "StoredPairs", "row_parts"]


_CHUNK = 1 << 18
"""Pairs looked at together: few enough to stay in the processor's cache."""


def row_parts(row_start: Int) -> list[slice]:
    """Consecutive rows whose pairs fit into the processor's cache, or one row that has more."""
    cuts = np.searchsorted(row_start, np.arange(_CHUNK, row_start[-1], _CHUNK))
    ends = np.unique(np.concatenate([[0], cuts, [len(row_start) - 1]])).tolist()
    return [slice(first, end) for first, end in pairwise(ends)]


@dataclass(frozen=True, slots=True, eq=False)
class StoredPairs:
    """Which pairs of rows and columns there are, in compressed sparse rows.

    Attributes
    ----------
    row_start : (n + 1,) where the pairs of each row begin.
    column : (m,) int32, ascending within a row.
    n_columns : how many columns there are.
    """

    row_start: Int
    column: NDArray[np.int32]
    n_columns: int

    @property
    def n_rows(self) -> int:
        """Rows."""
        return len(self.row_start) - 1

    def span(self, part: slice) -> slice:
        """Where the pairs of consecutive rows are."""
        return slice(int(self.row_start[part.start]), int(self.row_start[part.stop]))

    def parts(self) -> list[slice]:
        """As `row_parts`."""
        return row_parts(self.row_start)

    def rows_of(self, part: slice) -> Int:
        """The row of every pair of consecutive rows."""
        return np.repeat(np.arange(part.start, part.stop), np.diff(self.row_start[part.start : part.stop + 1]))

    def least(self, part: slice, values: Int) -> Int:
        """(rows,) the least of the values of each row's pairs; the largest 64-bit integer where a row has none."""
        start = self.row_start[part.start : part.stop + 1]
        result = np.full(part.stop - part.start, np.iinfo(np.int64).max)
        has_pairs = np.flatnonzero(np.diff(start))
        if len(has_pairs):
            result[has_pairs] = np.minimum.reduceat(values, start[has_pairs] - start[0])
        return result

    def find(self, rows: Int, columns: Int) -> Int:
        """(k,) the positions of these pairs; -1 where there is none (binary search)."""
        if not len(self.column):
            return np.full(len(rows), -1, dtype=np.int64)
        low, high = self.row_start[rows], self.row_start[rows + 1]
        end = high
        while (low < high).any():
            middle = (low + high) // 2
            is_before = (low < high) & (self.column[np.minimum(middle, len(self.column) - 1)] < columns)
            low, high = np.where(is_before, middle + 1, low), np.where(is_before, high, np.minimum(middle, high))
        found: Int = np.where(low < end, low, -1)
        found[(found >= 0) & (self.column[found] != columns)] = -1
        return found

    def of_rows(self, rows: Int) -> tuple[Int, Int]:
        """The positions of these rows' pairs, row after row, and (rows + 1,) where each one's begin among them."""
        counts = self.row_start[rows + 1] - self.row_start[rows]
        start = np.concatenate([[0], np.cumsum(counts)])
        return np.repeat(self.row_start[rows] - start[:-1], counts) + np.arange(start[-1]), start

    def counts(self) -> Int:
        """(columns,) how many pairs each column has."""
        total = np.zeros(self.n_columns, dtype=np.int64)
        for first in range(0, len(self.column), _CHUNK):
            total += np.bincount(self.column[first : first + _CHUNK], minlength=self.n_columns)
        return total


@dataclass(frozen=True, slots=True, eq=False)
class StoredModel:
    """`AssignmentModel` with unit effort and without rows, its allowed pairs alone.

    Attributes
    ----------
    pairs : the allowed pairs; `pair_cost` (m,) is what each costs.
    capacity, load_cost, exit_cost : as in `AssignmentModel`.
    rows : none.
    """

    pairs: StoredPairs
    pair_cost: Int
    capacity: Int
    load_cost: LoadCost
    exit_cost: Int
    rows: PackingRows = field(default_factory=PackingRows, init=False)

    def __post_init__(self) -> None:
        if self.magnitude > MAX_SUM:
            raise InvalidInputError.single(
                "model", f"can reach an objective of {self.magnitude:.1e}, above 2^53", "lower the weights or split"
            )

    @property
    def n_tickets(self) -> int:
        """Rows: tickets."""
        return self.pairs.n_rows

    @property
    def n_agents(self) -> int:
        """Columns: agents."""
        return self.pairs.n_columns

    @property
    def effort(self) -> Int:
        """(n, 1) ones."""
        return np.ones((self.n_tickets, 1), dtype=np.int64)

    def effort_at(self, tickets: Int, agents: Int) -> Int:
        """(k,) ones."""
        return np.ones(len(tickets), dtype=np.int64)

    def cost_at(self, tickets: Int, agents: Int) -> Int:
        """(k,) cost of these pairs, which must be allowed."""
        return self.pair_cost[self.pairs.find(tickets, agents)]

    def allowed_at(self, tickets: Int, agents: Int) -> Bool:
        """(k,) whether these pairs are allowed."""
        return self.pairs.find(tickets, agents) >= 0

    @property
    def magnitude(self) -> float:
        """An upper bound on the absolute value of any objective, as a float."""
        largest = max(-int(self.pair_cost.min(initial=0)), int(self.pair_cost.max(initial=0)))
        per_ticket = np.maximum(np.abs(self.exit_cost, dtype=np.float64), largest)
        units = min(self.load_cost.magnitude(self.capacity), self.n_tickets * self.load_cost.largest(self.capacity))
        return float(per_ticket.sum()) + units

"""What one more unit of a column's capacity would save, of the optimal plan of `solve_arrays`, exactly.

One more unit of a column takes in a row that was left out, or one that was elsewhere; a chain of exchanges brings it
there, and at the other end of the chain a unit gets empty or one row less is left out. The cheapest chain is a shortest
path of the exchange graph (see `explain.exchange`) from the exit. No cycle of it is negative in the numbers as given:
doubles only say where to look, and what counts are sums of fractions.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ticketopt.array_reading import Arrays

__all__ = ["unit_savings"]

Int = NDArray[np.int64]
Float = NDArray[np.float64]
Matrix = NDArray[Any]

_OUT = -1
"""The node of rows that are left out."""

_SAFE = 2.0**-50
"""A sum or difference of doubles, or of integers taken for doubles, is wrong by less than this part of both."""


def unit_savings(given: Arrays, assignment: Int) -> Float:
    """(A,) 0 or more; `inf` where exits have no price and one more row could be served. The plan must be optimal."""
    limit = given.limit
    taken = np.bincount(assignment[assignment >= 0], minlength=len(limit))
    leave = np.zeros(len(given.pair)) if given.exit is None else given.exit
    graph = _Exchanges.of(given.pair, leave, assignment)
    last = np.cumsum(limit) - limit + taken - 1
    ends = {j: -_exact(given.unit[last[j]]) for j in np.flatnonzero(taken).tolist()}
    if given.exit is not None:
        ends[_OUT] = Fraction(0)
    result = np.zeros(len(limit))
    for j, length in graph.shortest(ends).items():
        if j != _OUT and taken[j] == limit[j]:
            result[j] = max(0.0, _near(-length - _exact(given.unit_after[j])))
    if given.exit is None:
        served = [j for j in graph.reached_from_out() if taken[j] == limit[j]]
        result[served] = np.inf
    return result


def _exact(number: Any) -> Fraction:
    return Fraction(number.item())


def _near(number: Fraction) -> float:
    try:
        return float(number)
    except OverflowError:
        return np.inf if number > 0 else -np.inf


@dataclass(frozen=True, slots=True, eq=False)
class _Exchanges:
    """Moves of rows between columns, and from `_OUT` to columns.

    Attributes
    ----------
    pair : (n, A) costs; `here` (n,) what each row costs where it is.
    rows : node -> the rows that are there.
    least : node -> (A,) no move from there to that column is shorter; `inf` where none can move.
    """

    pair: Matrix
    here: Matrix
    rows: dict[int, Int]
    least: dict[int, Float]

    @classmethod
    def of(cls, pair: Matrix, leave: Matrix, assignment: Int) -> _Exchanges:
        order = np.argsort(assignment, kind="stable")
        nodes, first = np.unique(assignment[order], return_index=True)
        rows = dict(zip(nodes.tolist(), np.split(order, first[1:]), strict=bool(len(nodes))))
        least = {}
        for node, mine in rows.items():
            here = leave[mine] if node == _OUT else pair[mine, node]
            change, error = _changes(pair[mine], here[:, None])
            least[node] = (change - error).min(axis=0)
        return cls(pair, leave, rows, least)

    def move(self, node: int, column: int) -> Fraction:
        """The shortest move, exactly; there must be one."""
        mine = self.rows[node]
        there, here = self.pair[mine, column], self.here[mine] if node == _OUT else self.pair[mine, node]
        change, error = _changes(there, here)
        near = np.flatnonzero(change - error <= (change + error).min())
        return min(_exact(there[k]) - _exact(here[k]) for k in near)

    def reached_from_out(self) -> set[int]:
        """The columns that a row left out could come to, or another one for which it makes room."""
        todo, found = [_OUT], set[int]()
        while todo:
            least = self.least.get(todo.pop())
            new = set() if least is None else set(np.flatnonzero(np.isfinite(least)).tolist()) - found
            found |= new
            todo += new
        return found

    def shortest(self, ends: dict[int, Fraction]) -> dict[int, Fraction]:
        """Shortest ways to every node that is reached, those with their own lengths among them (Moore 1957).

        What has come nearer is looked at again, until nothing has.
        """
        found, todo = dict(ends), deque(ends)
        known = np.full(self.pair.shape[1] + 1, np.inf)  # rounded; `_OUT` is last
        known[list(ends)] = [_near(length) for length in ends.values()]
        while todo:
            node = todo.popleft()
            if node not in self.least:
                continue
            least = self.least[node]
            sums, others = known[node] + least, known[:-1]
            with np.errstate(invalid="ignore"):
                is_longer = sums - _SAFE * (abs(known[node]) + np.abs(least) + np.abs(others)) > others
            for column in np.flatnonzero(np.isfinite(least) & ~is_longer).tolist():
                length = found[node] + self.move(node, column)
                if column == node or (column in found and length >= found[column]):
                    continue
                found[column], known[column] = length, _near(length)
                if column not in todo:
                    todo.append(column)
        return found


def _changes(there: Matrix, here: Matrix) -> tuple[Float, Float]:
    """`there - here` in doubles, `inf` where `there` is, and how wrong that can be."""
    with np.errstate(over="ignore", invalid="ignore"):
        a, b = there.astype(np.float64), here.astype(np.float64)
        error = np.where(np.isfinite(a), _SAFE * (np.abs(a) + np.abs(b)), 0)
        return a - b, error

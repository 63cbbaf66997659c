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

from ticketopt._types import Float, Int, Matrix
from ticketopt.model.assignment import MAX_SUM
from ticketopt.planning.array_reading import Arrays, extent

__all__ = ["unit_savings"]


_LARGEST = float(np.finfo(np.float64).max) * (1 - 2.0**-40)
"""Larger differences count as this: nothing overflows when an error is added."""

_OUT = -1
"""The node of rows that are left out."""

_NONE = -2
"""No node."""

_SAFE = 2.0**-50
"""A sum or difference of doubles, or of integers taken for doubles, is wrong by less than this part of the terms."""


def unit_savings(given: Arrays, assignment: Int) -> Float:
    """(A,) 0 or more; `inf` where exits have no price and one more row could be served. The plan must be optimal."""
    limit = given.limit
    taken = np.bincount(assignment[assignment >= 0], minlength=len(limit))
    leave = np.zeros(given.n_rows) if given.exit is None else given.exit
    graph = _Exchanges.of(given, leave, assignment, 0.0 if _adds_exactly(given) else _SAFE)
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


def _adds_exactly(given: Arrays) -> bool:
    """Whether doubles hold all lengths of ways: whole numbers, and not too large."""
    extents = [extent(part) for part in (given.pair, given.unit, given.exit) if part is not None]
    steps = 2 * min(given.n_rows, len(given.limit)) + 3
    return all(one.is_whole for one in extents) and max(one.largest for one in extents) * steps < MAX_SUM


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
    given : the costs; `leave` (n,) those of leaving out.
    safe : `_SAFE`, or 0 where doubles make no error.
    rows : node -> the rows that are there.
    least : node -> the columns that some row can move to from there, and lengths: no such move is shorter.
    """

    given: Arrays
    leave: Matrix
    safe: float
    rows: dict[int, Int]
    least: dict[int, tuple[Int, Float]]

    @classmethod
    def of(cls, given: Arrays, leave: Matrix, assignment: Int, safe: float) -> _Exchanges:
        order = np.argsort(assignment, kind="stable")
        nodes, first = np.unique(assignment[order], return_index=True)
        rows = dict(zip(nodes.tolist(), np.split(order, first[1:]), strict=bool(len(nodes))))
        graph = cls(given, leave, safe, rows, {})
        graph.least.update({node: graph._least(node) for node in rows})
        return graph

    def _least(self, node: int) -> tuple[Int, Float]:
        mine, stored = self.rows[node], self.given.stored
        here = self._here(node)
        if stored is None:
            difference, error = _differences(self.given.pair[mine], here[:, None], self.safe)
            least = (difference - error).min(axis=0)
            columns = np.flatnonzero(np.isfinite(least))
            return columns, least[columns]
        positions, start = stored.of_rows(mine)
        difference, error = _differences(self.given.pair[positions], np.repeat(here, np.diff(start)), self.safe)
        order = np.argsort(stored.column[positions], kind="stable")
        columns, first = np.unique(stored.column[positions[order]], return_index=True)
        if not len(columns):
            return columns.astype(np.int64), np.zeros(0)
        return columns.astype(np.int64), np.minimum.reduceat((difference - error)[order], first)

    def _here(self, node: int) -> Matrix:
        """What the rows of a node cost there."""
        mine = self.rows[node]
        return self.leave[mine] if node == _OUT else self.given.pair_at(mine, np.full(len(mine), node))

    def move(self, node: int, column: int) -> Fraction:
        """The shortest move, exactly; there must be one."""
        mine, here = self.rows[node], self._here(node)
        if self.given.stored is not None:
            has_pair = self.given.stored.find(mine, np.full(len(mine), column)) >= 0
            mine, here = mine[has_pair], here[has_pair]
        there = self.given.pair_at(mine, np.full(len(mine), column))
        difference, error = _differences(there, here, self.safe)
        near = np.flatnonzero(difference - error <= (difference + error).min())
        return min(_exact(there[k]) - _exact(here[k]) for k in near)

    def reached_from_out(self) -> set[int]:
        """The columns that a row left out could come to, or another one for which it makes room."""
        todo, found = [_OUT], set[int]()
        while todo:
            least = self.least.get(todo.pop())
            new = set() if least is None else set(least[0].tolist()) - found
            found |= new
            todo += new
        return found

    def shortest(self, ends: dict[int, Fraction]) -> dict[int, Fraction]:
        """Shortest ways to every node that is reached, those with their own lengths among them (Moore 1957).

        Begins with the ways that are shortest in doubles. What has come nearer is looked at again, until nothing has.
        """
        found = self._guessed(ends)
        todo = deque(found)
        known = np.full(len(self.given.limit) + 1, np.inf)  # rounded; `_OUT` is last
        known[list(found)] = [_near(length) for length in found.values()]
        while todo:
            node = todo.popleft()
            if node not in self.least:
                continue
            columns, least = self.least[node]
            others = known[columns]
            with np.errstate(over="ignore", invalid="ignore"):
                error = self.safe * (abs(known[node]) + np.abs(least) + np.abs(others))
                is_longer = known[node] + least - np.where(np.isfinite(error), error, 0) >= others
            for column in columns[~is_longer].tolist():
                length = found[node] + self.move(node, column)
                if column == node or (column in found and length >= found[column]):
                    continue
                found[column], known[column] = length, _near(length)
                if column not in todo:
                    todo.append(column)
        return found

    def _guessed(self, ends: dict[int, Fraction]) -> dict[int, Fraction]:
        """The exact lengths of ways that are shortest in doubles."""
        n_nodes = len(self.given.limit) + 1
        guess, before = np.full(n_nodes, np.inf), np.full(n_nodes, _NONE)
        guess[list(ends)] = [_near(length) for length in ends.values()]
        tails = [node for node in ends if node in self.least]
        for _ in range(n_nodes):
            if not tails:
                break
            heads = np.concatenate([self.least[node][0] for node in tails])
            with np.errstate(over="ignore", invalid="ignore"):
                sums = np.concatenate([guess[node] + self.least[node][1] for node in tails])
            nearest = np.full(n_nodes, np.inf)
            np.minimum.at(nearest, heads, sums)
            is_nearer = nearest < guess
            is_way = is_nearer[heads] & (sums == nearest[heads])
            before[heads[is_way]] = np.repeat(tails, [len(self.least[node][0]) for node in tails])[is_way]
            guess[is_nearer] = nearest[is_nearer]
            tails = [node for node in np.flatnonzero(is_nearer).tolist() if node in self.least]
        after: dict[int, list[int]] = {}
        for node in np.flatnonzero(before != _NONE).tolist():
            after.setdefault(int(before[node]), []).append(node)
        found = {node: length for node, length in ends.items() if before[node] == _NONE}
        todo = list(found)
        while todo:
            node = todo.pop()
            for column in after.get(node, []):
                found[column] = found[node] + self.move(node, column)
                todo.append(column)
        return {**ends, **found}


def _differences(there: Matrix, here: Matrix, safe: float) -> tuple[Float, Float]:
    """`there - here` in doubles, `inf` where `there` is, and how wrong that can be."""
    a, b = there.astype(np.float64), here.astype(np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        difference = np.where(np.isfinite(a), np.clip(a - b, -_LARGEST, _LARGEST), np.inf)
        is_rounded = {there.dtype.kind, here.dtype.kind} != {"f"}
        error = safe * (np.abs(a) + np.abs(b) if is_rounded else np.abs(difference))
    return difference, np.where(np.abs(difference) < _LARGEST, error, 0)

r"""Least cost for numbers of any size, exactly: digit by digit, every digit an integer model.

Doubles are whole multiples of powers of two, so that each is exactly `digits * 2^-exponent + rest` with a rest below one
unit, `2^-exponent`. The steps, as the code numbers them:

1. The integer model of the digits is solved. Its prices `w` prove the plan: every decision then has a *reduced cost* of 0
   or more (`c_ij + w_j - v_i` of a pair, `p_i - v_i` of leaving out, where `v_i` is the least of these sums;
   `m_jk - w_j` of filling a unit, `w_j - m_jk` of leaving it empty), the plan's decisions have 0, and a plan costs more
   in digits than this one by the sum of its reduced costs.
2. What the rests can turn around is less than `slack` units: so much dearer than the best plan is this one at most, and a
   decision with a larger reduced cost is in no best plan.
3. Another plan differs from this one by cycles of exchanges among decisions that may matter. What is on no cycle is
   settled. Where no cycle is left, or no rest, the plan is the optimum of the numbers as given.
4. Else the decisions on cycles, at their reduced costs and with finer digits of the rests, are the next model. A clipped
   cost stands for every one that cannot matter, so that the new digits have room.

This is iterative refinement as for linear programs (Gleixner, Steffy and Wolter 2016), with prices that are integers and
rests that doubles hold without rounding: nothing here is approximate.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ticketopt.errors import SolverError
from ticketopt.model import MAX_SUM, AssignmentModel, Status, objective
from ticketopt.solve import solve_model
from ticketopt.solvers import BACKENDS, Options
from ticketopt.verify import certify, dual_bound, feasible

__all__ = ["Costs", "Level", "least_cost", "spare_bits", "whole_part"]

Int = NDArray[np.int64]
Bool = NDArray[np.bool_]
Matrix = NDArray[Any]

_LOG = logging.getLogger("ticketopt")
_CHUNK = 1 << 18
_FAR = 2**62
_DENSE = 16
"""So many arcs per node and more: nearly every node is on a cycle, and looking for the others does not pay."""


@dataclass(frozen=True, slots=True, eq=False)
class Costs:
    """What decisions cost: `pair` (n, A), `unit` (sum of limits,) column after column, never falling, `exit` (n,)."""

    pair: Matrix
    unit: Matrix
    exit: Matrix


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """An integer model, and the numbers whose first digits it holds.

    Attributes
    ----------
    digits : int64; one of them is `2^-exponent`.
    limit : (A,) rows that each column can take.
    allowed : (n, A) mask, or None where every pair is.
    numbers : float64, int64 or uint64, exact; a digit less than one unit from each. None where the digits are all.
    """

    digits: Costs
    exponent: int
    limit: Int
    allowed: Bool | None = None
    numbers: Costs | None = None

    @property
    def slack(self) -> int:
        """More units than the rests of one plan can be above those of another: each row and filled unit has two."""
        n = len(self.digits.exit)
        return 0 if self.numbers is None else 2 * (n + min(n, len(self.digits.unit)))

    def model(self) -> AssignmentModel:
        """The digits as a model; the only place that knows how it wants its load costs."""
        pair = self.digits.pair
        return AssignmentModel(
            pair_cost=pair,
            allowed=np.broadcast_to(np.True_, pair.shape) if self.allowed is None else self.allowed,
            effort=np.ones(len(pair), dtype=np.int64),
            capacity=self.limit,
            slot_cost=self.digits.unit,
            exit_cost=self.digits.exit,
        )


def least_cost(level: Level, deadline: float) -> tuple[Int, Fraction]:
    """(n,) column per row, -1 where left out, and by how much at most a plan can be better: 0 is proven optimal.

    `deadline` is on the clock of `time.perf_counter`. Raises `SolverError` where it is over before any proof.
    """
    n, n_columns = level.digits.pair.shape
    assignment, rows, columns = np.full(n, -1, dtype=np.int64), np.arange(n), np.arange(n_columns)
    gap: Fraction | None = None
    while gap is None or time.perf_counter() < deadline:
        answer = _proven(level.model(), deadline)
        if answer is None and gap is None:
            raise SolverError("neither engine proved a plan within the time limit")
        if answer is None or (answer[2] and gap is not None):
            break
        plan, price, above = answer
        assignment[rows] = np.append(columns, -1)[plan]
        gap = Fraction(above + level.slack) / Fraction(2) ** level.exponent
        if above:
            break
        core = _core(level, plan, price)
        if core is None:
            return assignment, Fraction(0)
        level, core_rows, core_columns = core
        rows, columns = rows[core_rows], columns[core_columns]
    return assignment, gap or Fraction(0)


def _proven(model: AssignmentModel, deadline: float) -> tuple[Int, Int, int] | None:
    """Step 1: a plan, prices, and how far the plan is above the bound that the prices prove.

    The engine is believed only if its prices add up to its cost; else the second opinion is asked. None is no proof.
    """
    outcome = BACKENDS["network"].solve(model, Options(_left(deadline)))
    if outcome.price is not None and feasible(model, outcome.assignment):
        above = objective(model, outcome.assignment) - dual_bound(model, outcome.price)
        if above == 0 or (above > 0 and outcome.status is Status.FEASIBLE):
            return outcome.assignment, outcome.price, above
    _LOG.warning("the network engine's prices do not prove its plan; min_cost_flow solves it again")
    second = solve_model(model, solver="min_cost_flow", time_limit=_left(deadline))
    proof = certify(model, second.assignment) if second.status is Status.OPTIMAL else None
    return None if proof is None else (second.assignment, proof.price, 0)


def _left(deadline: float) -> float:
    return max(0.001, deadline - time.perf_counter())


# Steps 2 to 4: what may matter.


@dataclass(frozen=True, slots=True, eq=False)
class _Reduced:
    """A level's plan and its reduced costs, those of pairs but for the least sum of every row.

    Attributes
    ----------
    near : the largest reduced cost that may matter. It is more than twice the slack: no plan of a later level, which is
        never dearer than the best one by more than its own slack, has a decision beyond it.
    unit : (sum of limits,) `m - w`; `start` (A,) is where each column's begin, `taken` how many the plan fills, and
        `n_near` how many may be filled in a best plan.
    least : (n,) the least sum of every row.
    """

    level: Level
    plan: Int
    price: Int
    near: int
    unit: Int
    start: Int
    taken: Int
    n_near: Int
    least: Int

    @classmethod
    def of(cls, level: Level, plan: Int, price: Int) -> _Reduced:
        near, n_columns = 2 * level.slack + 2, len(price)
        unit = level.digits.unit - np.repeat(price, level.limit)
        owner = np.repeat(np.arange(n_columns), level.limit)
        taken = np.bincount(plan[plan >= 0], minlength=n_columns)
        n_near = np.bincount(owner[unit <= near], minlength=n_columns)
        least = level.digits.exit.copy()
        found = cls(level, plan, price, near, unit, np.cumsum(level.limit) - level.limit, taken, n_near, least)
        for part in _parts(level.digits.pair):
            np.minimum(least[part], found.sums(part).min(axis=1, initial=_FAR), out=least[part])
        return found

    def sums(self, rows: Any, columns: Any = None) -> Int:
        """`c + w` of some rows, of all columns or of some; `_FAR` where a pair is forbidden."""
        block, mask, price = self.level.digits.pair[rows], self.level.allowed, self.price
        block = block + price if columns is None else block[:, columns] + price[columns]
        if mask is not None:
            block[~(mask[rows] if columns is None else mask[rows][:, columns])] = _FAR
        return block

    def may_leave(self) -> Bool:
        """(n,) whether leaving a row out may matter."""
        result: Bool = self.level.digits.exit <= self.least + self.near
        return result

    def arcs(self) -> tuple[Int, Int]:
        """Tails and heads of the exchanges that may matter, between columns and, last, the exit (as in `Exchange`).

        A row moves to another column or is left out; a unit is filled (to the exit) or emptied (from the exit).
        """
        n_columns = len(self.price)
        here = np.where(self.plan < 0, n_columns, self.plan)
        tails, tail_of = np.unique(here, return_inverse=True)
        reach = np.zeros((len(tails), n_columns + 1), dtype=np.bool_)
        for part in _parts(self.level.digits.pair):
            row, column = np.nonzero(self.sums(part) <= (self.least[part] + self.near)[:, None])
            reach[tail_of[part][row], column] = True
        reach[tail_of[self.may_leave()], n_columns] = True
        reach[np.arange(len(tails)), tails] = False
        row, head = np.nonzero(reach)
        fill = np.flatnonzero(self.taken < self.n_near)
        used = np.flatnonzero(self.taken > 0)
        empty = used[self.unit[self.start[used] + self.taken[used] - 1] >= -self.near]
        exits = np.full(len(fill) + len(empty), n_columns)
        tail = np.concatenate([tails[row], fill, exits[len(fill) :]])
        return tail, np.concatenate([head, exits[: len(fill)], empty])


def _core(level: Level, plan: Int, price: Int) -> tuple[Level, Int, Int] | None:
    """The next level, its rows and its columns; None where the plan is the optimum."""
    if level.numbers is None:
        return None
    reduced = _Reduced.of(level, plan, price)
    open_nodes = _on_cycles(*reduced.arcs(), len(price) + 1)
    if not open_nodes.any():
        return None
    columns = np.flatnonzero(open_nodes[:-1])
    rows = np.flatnonzero(open_nodes[plan])  # -1, left out, is the exit
    pair = reduced.sums(rows, columns) - reduced.least[rows, None]
    moves = ((pair <= reduced.near) & (columns != plan[rows, None])).any(axis=1)
    moves |= open_nodes[-1] & (plan[rows] >= 0) & reduced.may_leave()[rows]
    rows, pair = rows[moves], pair[moves]
    settled = plan.copy()
    settled[rows] = -1
    first = np.bincount(settled[settled >= 0], minlength=len(price))[columns]
    limit = reduced.n_near[columns] - first
    units = np.repeat(reduced.start[columns] + first - (np.cumsum(limit) - limit), limit) + np.arange(limit.sum())
    near, far = reduced.near, reduced.near + 1
    digits = Costs(pair, reduced.unit[units], level.digits.exit[rows] - reduced.least[rows])
    numbers = level.numbers
    rests = Costs(
        np.where(digits.pair <= near, _rest(numbers.pair[np.ix_(rows, columns)], level.exponent), 0),
        np.where(digits.unit >= -near, _rest(numbers.unit[units], level.exponent), 0),
        np.where(digits.exit <= near, _rest(numbers.exit[rows], level.exponent), 0),
    )
    if not (rests.pair.any() or rests.unit.any() or rests.exit.any()):
        return None
    clipped = Costs(np.minimum(digits.pair, far), np.maximum(digits.unit, -far), np.minimum(digits.exit, far))
    return _finer(clipped, rests, level.exponent, limit), rows, columns


def _finer(digits: Costs, rests: Costs, exponent: int, limit: Int) -> Level:
    """Digits and rests as one number of digits, as many more as sums have room for."""
    parts = (digits.pair, digits.unit, digits.exit)
    largest = 1 + max(int(np.abs(part).max(initial=0)) for part in parts)
    bits = max(1, spare_bits(len(digits.exit) + len(digits.unit) + 1) - largest.bit_length())
    finer = [
        (part << bits) + whole_part(rest, exponent + bits)
        for part, rest in zip(parts, (rests.pair, rests.unit, rests.exit), strict=True)
    ]
    return Level(Costs(*finer), exponent + bits, limit, numbers=rests)


def _on_cycles(tail: Int, head: Int, n_nodes: int) -> Bool:
    """(nodes,) False only where no cycle passes: nodes without a way in or a way out, again and again."""
    is_open = np.ones(n_nodes, dtype=np.bool_)
    if len(tail) > _DENSE * n_nodes:
        return is_open
    while True:
        is_open = (np.bincount(tail, minlength=n_nodes) > 0) & (np.bincount(head, minlength=n_nodes) > 0)
        kept = is_open[tail] & is_open[head]
        if kept.all():
            return is_open
        tail, head = tail[kept], head[kept]


# Digits.


def spare_bits(weight: int) -> int:
    """How many bits a number may have so that `weight` of them add up to a quarter of `MAX_SUM` at most."""
    return MAX_SUM.bit_length() - 3 - weight.bit_length()


def whole_part(numbers: Matrix, exponent: int) -> Int:
    """The numbers in units of `2^-exponent`, cut to whole ones, as int64; infinity is 0.

    Doubles are cut towards 0, so that nothing can overflow, and 64-bit integers downwards; both never make a larger
    number the smaller one. The units must be so large that int64 holds the result. int64 in whole units is not copied.
    """
    if numbers.dtype.kind in "iu":
        if exponent >= 0:
            shifted = numbers << numbers.dtype.type(min(exponent, 63)) if exponent else numbers
        elif exponent < -63:
            shifted = np.zeros(numbers.shape, dtype=np.int64)
        else:
            shifted = numbers >> numbers.dtype.type(-exponent)
        return np.ascontiguousarray(shifted, dtype=np.int64)
    whole = np.empty(numbers.shape, dtype=np.int64)
    for part in _parts(numbers):
        chunk = numbers[part]
        whole[part] = _times_power(np.where(np.isfinite(chunk), chunk, 0), exponent)
    return whole


def _rest(numbers: Matrix, exponent: int) -> Matrix:
    """What `whole_part` cuts off, exactly: in the numbers' own units and type. 0 for infinity."""
    whole = whole_part(numbers, exponent)
    if numbers.dtype.kind not in "iu":
        finite = np.where(np.isfinite(numbers), numbers, 0)
        return finite - _times_power(whole.astype(np.float64), -exponent)
    if exponent >= 0:
        return np.zeros_like(numbers)
    return numbers - (whole.astype(numbers.dtype) << numbers.dtype.type(min(-exponent, 63)))


def _times_power(numbers: Matrix, exponent: int) -> Matrix:
    """`numbers * 2^exponent`, exactly but for what underflows."""
    if abs(exponent) <= 1000:
        return numbers * 2.0**exponent
    half = exponent // 2
    return numbers * 2.0**half * 2.0 ** (exponent - half)


def _parts(matrix: Matrix) -> list[slice]:
    """Slices of rows that fit into the processor's cache."""
    rows = max(1, _CHUNK // max(1, matrix[:1].size))
    return [slice(first, first + rows) for first in range(0, len(matrix), rows)]

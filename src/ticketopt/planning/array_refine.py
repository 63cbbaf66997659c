r"""Least cost for numbers of any size, exactly: digit by digit, every digit an integer model.

Doubles are multiples of powers of two: each is exactly `digits * 2^-exponent + rest`, with a rest below one unit,
`2^-exponent`. The steps, as the code numbers them:

1. The integer model of the digits is solved, and its prices `w` prove the plan. Every decision has a *reduced cost* of
   0 or more: `c_ij + w_j - v_i` for a pair and `p_i - v_i` for leaving out, where `v_i` is the row's least of
   `c_ij + w_j` and `p_i`; `m_jk - w_j` for filling a unit that is empty, `w_j - m_jk` for emptying a filled one. Those
   of the plan's own decisions are 0, and another plan costs more, in digits, by the sum of its reduced costs.
2. What the rests can turn around is less than `slack` units: by less than that a best plan is better than this one, and
   a decision with a larger reduced cost is in no best plan.
3. Another plan differs from this one by cycles of exchanges among decisions that may matter. What is on no cycle is
   settled. Where no cycle is left, or no rest, the plan is the optimum of the numbers as given.
4. Else the decisions on cycles, at their reduced costs and with finer digits of the rests, are the next model. Reduced
   costs that cannot matter are clipped, so that the new digits have room.

This is iterative refinement as for linear programs (Gleixner, Steffy and Wolter 2016), with prices that are integers
and rests that doubles hold without rounding: nothing here is approximate.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ticketopt._types import Bool, Int, Matrix
from ticketopt.errors import SolverError
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.bounds import certify
from ticketopt.model.objective import feasible, objective
from ticketopt.model.outcome import Status
from ticketopt.model.prices import dual_bound
from ticketopt.model.stored import StoredModel, StoredPairs, row_parts
from ticketopt.planning.array_digits import cut, parts, spare_bits
from ticketopt.planning.array_levels import Costs, Level
from ticketopt.planning.array_near import matrix_sums, near_pairs
from ticketopt.solvers import BACKENDS, Options
from ticketopt.solvers.auto import solve_model
from ticketopt.solvers.network import solve_pairs

__all__ = ["least_cost"]


_LOG = logging.getLogger("ticketopt")


def least_cost(level: Level, deadline: float) -> tuple[Int, Fraction]:
    """(n,) column per row, -1 where left out, and by how much at most a plan can be better: 0 is proven optimal.

    `deadline` is on the clock of `time.perf_counter`. Raises `SolverError` where it is over before any proof.
    """
    n, n_columns = len(level.digits.exit), len(level.limit)
    assignment, rows, columns = np.full(n, -1, dtype=np.int64), np.arange(n), np.arange(n_columns)
    gap: Fraction | None = None
    while gap is None or time.perf_counter() < deadline:
        answer = _proven(level.model(), deadline)
        if answer is None and gap is None:
            raise SolverError("no engine proved a plan within the time limit")
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


def _proven(model: AssignmentModel | StoredModel, deadline: float) -> tuple[Int, Int, int] | None:
    """Step 1: a plan, prices, and how far the plan is above the bound that the prices prove.

    The engine is believed only if its prices add up to its cost; else the second opinion is asked, which reads a matrix
    alone. None is no proof.
    """
    options = Options(_left(deadline))
    outcome = (
        solve_pairs(model, options) if isinstance(model, StoredModel) else BACKENDS["network"].solve(model, options)
    )
    if outcome.price is not None and feasible(model, outcome.assignment):
        above = objective(model, outcome.assignment) - dual_bound(model, outcome.price)
        if above == 0 or (above > 0 and outcome.status is Status.FEASIBLE):
            return outcome.assignment, outcome.price, above
    if isinstance(model, StoredModel):
        return None
    _LOG.warning("the network engine's prices do not prove its plan; min_cost_flow solves it again")
    second = solve_model(model, solver="min_cost_flow", time_limit=_left(deadline))
    proof = certify(model, second.assignment) if second.status is Status.OPTIMAL else None
    return None if proof is None else (second.assignment, proof.price, 0)


def _left(deadline: float) -> float:
    return max(0.001, deadline - time.perf_counter())


# Steps 2 to 4: what may matter.


@dataclass(frozen=True, slots=True, eq=False)
class _Reduced:
    """A level's plan and its reduced costs.

    Attributes
    ----------
    near : the largest reduced cost that may matter. It is more than twice the slack: no plan of a later level, which is
        never dearer than the best one by more than its own slack, has a decision beyond it.
    unit : (sum of limits,) `m - w`; `start` (A,) is where each column's begin, `taken` how many the plan fills, and
        `n_near` how many may be filled in a best plan.
    least : (n,) the least sum `c + w` or exit of every row.
    has_near : (n,) whether a row has another decision that may matter.
    pairs : rows and columns of the pairs besides the plan's that may matter; None where there are very many.
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
    has_near: Bool
    pairs: tuple[Int, Int] | None

    @classmethod
    def of(cls, level: Level, plan: Int, price: Int) -> _Reduced:
        near, n_columns, digits = 2 * level.slack + 2, len(price), level.digits
        unit = digits.unit - np.repeat(price, level.limit)
        owner = np.repeat(np.arange(n_columns), level.limit)
        taken = np.bincount(plan[plan >= 0], minlength=n_columns)
        n_near = np.bincount(owner[unit <= near], minlength=n_columns)
        start = np.cumsum(level.limit) - level.limit
        found = near_pairs(level, plan, price, near)
        return cls(level, plan, price, near, unit, start, taken, n_near, found.least, found.has_near, found.pairs)

    def on_cycles(self) -> tuple[Int, Int]:
        """Step 3: rows and columns that a cycle of exchanges may pass; all that may matter where those are very many.

        Exchanges lead between columns and, last, the exit (as in `model.exchange`): a row moves or is left out, a
        unit is filled (to the exit) or emptied (from the exit).
        """
        n_columns = len(self.price)
        if self.pairs is None:
            return np.flatnonzero(self.has_near), np.arange(n_columns)
        here = np.where(self.plan < 0, n_columns, self.plan)
        leaver = np.flatnonzero((self.plan >= 0) & (self.level.digits.exit <= self.least + self.near))
        fill = np.flatnonzero(self.taken < self.n_near)
        used = np.flatnonzero(self.taken > 0)
        empty = used[self.unit[self.start[used] + self.taken[used] - 1] >= -self.near]
        mover = np.concatenate([self.pairs[0], leaver, np.full(len(fill) + len(empty), -1)])
        to_exit, from_exit = np.full(len(leaver) + len(fill), n_columns), np.full(len(empty), n_columns)
        tail = np.concatenate([here[mover[mover >= 0]], fill, from_exit])
        head = np.concatenate([self.pairs[1], to_exit, empty])
        kept = _on_cycles(tail, head, n_columns + 1)
        rows = np.zeros(len(self.plan), dtype=np.bool_)
        rows[mover[kept & (mover >= 0)]] = True
        columns = np.zeros(n_columns + 1, dtype=np.bool_)
        columns[tail[kept]] = True
        return np.flatnonzero(rows), np.flatnonzero(columns[:-1])


def _on_cycles(tail: Int, head: Int, n_nodes: int) -> Bool:
    """(arcs,) False only where no cycle passes: from nodes without a way in, to nodes without a way out, repeatedly."""
    kept = np.arange(len(tail))
    while True:
        has_in = np.bincount(head[kept], minlength=n_nodes) > 0
        has_out = np.bincount(tail[kept], minlength=n_nodes) > 0
        still = has_in[tail[kept]] & has_out[head[kept]]
        if still.all():
            break
        kept = kept[still]
    result = np.zeros(len(tail), dtype=np.bool_)
    result[kept] = True
    return result


def _core(level: Level, plan: Int, price: Int) -> tuple[Level, Int, Int] | None:
    """Step 4: the next level, its rows and its columns; None where the plan is the optimum."""
    if level.numbers is None:
        return None
    reduced = _Reduced.of(level, plan, price)
    rows, columns = reduced.on_cycles()
    if not len(rows):
        return None
    settled = plan.copy()
    settled[rows] = -1
    first = np.bincount(settled[settled >= 0], minlength=len(price))[columns]
    limit = reduced.n_near[columns] - first
    units = np.repeat(reduced.start[columns] + first - (np.cumsum(limit) - limit), limit) + np.arange(limit.sum())
    finer = _Finer.of(level, reduced.near, len(rows) + len(units))
    stored, pair, pair_rest = finer.pairs(reduced, rows, columns)
    unit, unit_rest = finer.both(reduced.unit[units], level.numbers.unit[units])
    leave, exit_rest = finer.both(level.digits.exit[rows] - reduced.least[rows], level.numbers.exit[rows])
    rests = (pair_rest, unit_rest, exit_rest)
    numbers = Costs(*rests) if any(rest.any() for rest in rests) else None
    return Level(Costs(pair, unit, leave), finer.exponent, limit, None, stored, numbers), rows, columns


@dataclass(frozen=True, slots=True)
class _Finer:
    """From reduced costs in units of `2^-before`, of which those up to `near` may matter, to units of `2^-exponent`."""

    before: int
    exponent: int
    near: int

    @classmethod
    def of(cls, level: Level, near: int, n_numbers: int) -> _Finer:
        """As many more bits as sums of so many numbers have room for."""
        bits = max(1, spare_bits(n_numbers + 1) - (near + 2).bit_length())
        return cls(level.exponent, level.exponent + bits, near)

    def both(self, reduced: Int, numbers: Matrix) -> tuple[Int, Matrix]:
        """New digits, and what they leave of the numbers: nothing where that cannot matter, with clipped digits."""
        rest = np.where(np.abs(reduced) <= self.near, cut(numbers, self.before)[1], 0)
        more, rest = cut(rest, self.exponent)
        digits = np.clip(reduced, -self.near - 1, self.near + 1) << (self.exponent - self.before)
        return digits + more, rest

    def pairs(self, reduced: _Reduced, rows: Int, columns: Int) -> tuple[StoredPairs | None, Int, Matrix]:
        """`both` of the pairs of some rows and columns: those that are stored, or else a block of the matrix."""
        level, numbers = reduced.level, reduced.level.numbers
        assert numbers is not None
        if level.stored is not None:
            return self._stored(reduced, level.stored, numbers.pair, rows, columns)
        some = None if len(columns) == len(reduced.price) else columns
        shape = len(rows), len(columns)
        digits, rest = np.empty(shape, dtype=np.int64), np.empty(shape, dtype=numbers.pair.dtype)
        for part in parts(digits):
            mine = rows[part]
            block = numbers.pair[mine] if some is None else numbers.pair[mine][:, some]
            sums = matrix_sums(level, reduced.price, mine, some)
            digits[part], rest[part] = self.both(sums - reduced.least[mine, None], block)
        return None, digits, rest

    def _stored(
        self, reduced: _Reduced, stored: StoredPairs, numbers: Matrix, rows: Int, columns: Int
    ) -> tuple[StoredPairs, Int, Matrix]:
        """A few rows at a time: counted first, for no array to be there twice. What cannot matter is left out."""
        place = np.full(stored.n_columns, -1, dtype=np.int32)
        place[columns] = np.arange(len(columns), dtype=np.int32)

        def look(part: slice) -> tuple[Int, Int, Matrix, Int]:
            positions, start = stored.of_rows(rows[part])
            row, column = np.repeat(np.arange(len(start) - 1), np.diff(start)), stored.column[positions]
            sums = reduced.level.digits.pair[positions] + reduced.price[column] - reduced.least[rows[part]][row]
            kept = (place[column] >= 0) & (sums <= self.near)
            counts = np.bincount(row[kept], minlength=len(start) - 1)
            return sums[kept], positions[kept], place[column[kept]], counts

        of_rows = row_parts(np.append(0, np.cumsum(np.diff(stored.row_start)[rows])))
        start = np.append(0, np.cumsum(np.concatenate([look(part)[-1] for part in of_rows])))
        column = np.empty(start[-1], dtype=np.int32)
        digits, rest = np.empty(start[-1], dtype=np.int64), np.empty(start[-1], dtype=numbers.dtype)
        for part in of_rows:
            sums, positions, columns_here, _ = look(part)
            span = slice(start[part.start], start[part.stop])
            column[span] = columns_here
            digits[span], rest[span] = self.both(sums, numbers[positions])
        return StoredPairs(start, column, len(columns)), digits, rest

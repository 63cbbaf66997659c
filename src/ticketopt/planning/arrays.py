"""`solve_arrays`: the door for people who have no tickets, only numbers."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from ticketopt._types import Float, Int, Matrix
from ticketopt.errors import InvalidInputError
from ticketopt.model.outcome import Status
from ticketopt.planning.array_digits import is_whole_at, spare_bits, whole_part
from ticketopt.planning.array_levels import Costs, Level
from ticketopt.planning.array_prices import unit_savings
from ticketopt.planning.array_reading import Arrays, extent, read_arrays
from ticketopt.planning.array_refine import least_cost
from ticketopt.planning.array_stored import SparseMatrix

__all__ = ["ArraySolution", "solve_arrays"]


@dataclass(frozen=True, eq=False)
class ArraySolution:
    """An assignment of rows to columns, and how good it is.

    Attributes
    ----------
    assignment : (n,) column per row, -1 where left out.
    objective : its cost: the exact sum of the numbers as given, rounded once, to a double. Rows left out count their
        exit cost, where one was given.
    status : `Status.OPTIMAL`: no assignment costs less, in exact arithmetic on the numbers as given; or `FEASIBLE`
        when the time was over.
    lower_bound : no assignment costs less (without exit costs: none that serves as many rows); equal to `objective`
        where the status is optimal.
    """

    assignment: Int
    objective: float
    status: Status
    lower_bound: float
    _given: Arrays = field(repr=False)

    @property
    def row_ind(self) -> Int:
        """The assigned rows, as `scipy.optimize.linear_sum_assignment` returns them."""
        return np.flatnonzero(self.assignment >= 0)

    @property
    def col_ind(self) -> Int:
        """The columns of those rows."""
        return self.assignment[self.row_ind]

    @cached_property
    def price(self) -> Float:
        """(A,) what one more unit of each column's capacity would save: 0 or more.

        It is the objective less that of the same call with one unit more. The further unit's load cost is the next
        one given for the column; where none was given, that of the column's last unit. `inf` where, without exit
        costs, one more row could be served. NaN where the plan is not optimal.

        Computed from the arrays of the call when first asked for; do not change them before.
        """
        if self.status is not Status.OPTIMAL:
            return np.full(len(self._given.limit), np.nan)
        return unit_savings(self._given, self.assignment)


def solve_arrays(
    cost: ArrayLike | SparseMatrix,
    *,
    capacity: ArrayLike = 1,
    load_cost: ArrayLike | Sequence[ArrayLike] | None = None,
    exit_cost: ArrayLike | None = None,
    time_limit: float = 10.0,
) -> ArraySolution:
    r"""Assign every row to one column, at least total cost; columns may take several rows.

    Minimize `sum cost[i, j] x[i, j] + sum load_cost[j, k] + sum exit_cost[i]`, over the pairs chosen, the units
    `k < load_j <= capacity[j]` that each column uses, and the rows left out.

    Parameters
    ----------
    cost : (n, A) numbers, whole or not, of any size; `inf` forbids a pair. An int64 matrix in C order is not copied.
        Or a SciPy sparse matrix or array (CSR, CSC, COO): the stored entries are the allowed pairs, explicit zeros
        cost 0, what is not stored is forbidden. Memory and time then follow the stored pairs. A pair stored twice is
        an error: SciPy would add the two up.
    capacity : how many rows a column can take: one number, or (A,).
    load_cost : marginal cost of a column's 1st, 2nd ... row, never falling: (K,) for every column alike, (A, K), or a
        sequence of A arrays; at least as long as the capacity. None is no cost.
    exit_cost : price of leaving a row out: one number, or (n,). None leaves a row out only where not all can be
        assigned: as many as possible are, and the cost is least among those plans.
    time_limit : seconds.

    Returns
    -------
    ArraySolution
        The optimum of the very numbers given, in exact arithmetic, however large and small numbers mix (see
        `refine`). Whole numbers whose sums stay below 2^53 are one integer model.

    Raises
    ------
    InvalidInputError
        For NaN, -inf, wrong shapes, pairs stored twice, capacities that are no whole numbers from 0, falling load
        costs, numbers that neither a double nor a 64-bit integer holds, and sums that no double holds.

    Examples
    --------
    >>> import ticketopt
    >>> ticketopt.solve_arrays([[4, 1, 3], [2, 0, 5], [3, 2, 2]]).assignment.tolist()
    [1, 0, 2]
    >>> ticketopt.solve_arrays([[4, 1], [2, 0], [3, 2]], capacity=2, load_cost=[0, 3]).assignment.tolist()
    [1, 1, 0]
    >>> ticketopt.solve_arrays([[1e15, 0.2], [0.1, 0.4]]).objective
    0.30000000000000004
    >>> from scipy.sparse import csr_array
    >>> allowed = csr_array(([4, 1, 2], ([0, 0, 1], [0, 1, 0])), shape=(2, 2))
    >>> ticketopt.solve_arrays(allowed).assignment.tolist()
    [1, 0]
    """
    deadline = time.perf_counter() + time_limit
    given = read_arrays(cost, capacity, load_cost, exit_cost)
    assignment, gap = least_cost(_first_level(given), deadline)
    numbers = _chosen(given, assignment)
    value = _rounded_sum(numbers)
    if not gap:
        return ArraySolution(assignment, value, Status.OPTIMAL, value, given)
    return ArraySolution(assignment, value, Status.FEASIBLE, _rounded_down(_exact_sum(numbers) - gap), given)


def _first_level(given: Arrays) -> Level:
    """Whole numbers as they are where sums have room; else the first digits, as many as there is room for."""
    n, n_columns = given.n_rows, len(given.limit)
    exits = np.zeros(n) if given.exit is None else given.exit
    extents = [extent(part) for part in (given.pair, given.unit, exits)]
    largest = max(extent.largest for extent in extents)
    steps = 2 * min(n, n_columns) + 2  # more numbers than a chain of exchanges adds and takes away
    weight = n * (steps + 1 if given.exit is None else 1) + len(given.unit) + 1
    exponent = spare_bits(weight) - math.frexp(largest)[1]
    if exponent >= 0 and all(extent.is_whole for extent in extents):
        exponent, is_exact = 0, True
    else:
        is_exact = all(is_whole_at(part, exponent) for part in (exits, given.unit, given.pair))
    pair, unit, leave = (whole_part(part, exponent) for part in (given.pair, given.unit, exits))
    if given.exit is None:  # dearer than whatever serving one more row can add
        leave = np.full(n, steps * (math.ceil(math.ldexp(largest, exponent)) + 1), dtype=np.int64)
    allowed = np.isfinite(given.pair) if given.stored is None and extents[0].has_infinity else None
    numbers = None if is_exact else Costs(given.pair, given.unit, exits)
    return Level(Costs(pair, unit, leave), exponent, given.limit, allowed, given.stored, numbers)


# The cost of a plan.


def _chosen(given: Arrays, assignment: Int) -> list[Matrix]:
    """The numbers that make up a plan's cost."""
    served = np.flatnonzero(assignment >= 0)
    taken = np.bincount(assignment[served], minlength=len(given.limit))
    place = np.arange(len(given.unit)) - np.repeat(np.cumsum(given.limit) - given.limit, given.limit)
    numbers = [given.pair_at(served, assignment[served]), given.unit[place < np.repeat(taken, given.limit)]]
    return numbers if given.exit is None else [*numbers, given.exit[assignment < 0]]


def _exact_sum(parts: list[Matrix]) -> Fraction:
    return sum((Fraction(number) for part in parts for number in part.tolist()), Fraction(0))


def _rounded_sum(parts: list[Matrix]) -> float:
    """The exact sum, rounded once; as `_exact_sum` says it, and much faster."""
    whole = sum(sum(part.tolist()) for part in parts if part.dtype.kind in "iu")
    doubles = [number for part in parts if part.dtype.kind not in "iu" for number in part.tolist()]
    while doubles and whole:  # as doubles that add up to it
        doubles.append(float(whole))
        whole -= int(doubles[-1])
    try:
        return math.fsum(doubles) if doubles else float(whole)
    except OverflowError:  # perhaps only on the way
        total = _exact_sum(parts)
    try:
        return float(total)
    except OverflowError:
        raise InvalidInputError.single("cost", "adds up to more than the largest double", "use a larger unit") from None


def _rounded_down(number: Fraction) -> float:
    try:
        nearest = float(number)
    except OverflowError:
        return -math.inf
    return nearest if nearest <= number else math.nextafter(nearest, -math.inf)

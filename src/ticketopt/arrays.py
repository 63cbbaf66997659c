"""`solve_arrays`: the door for people who have no tickets, only numbers."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ticketopt.array_prices import unit_savings
from ticketopt.errors import InvalidInputError, Issue
from ticketopt.model import MAX_SUM, Status
from ticketopt.refine import Costs, Level, least_cost, spare_bits, whole_part

__all__ = ["ArraySolution", "solve_arrays"]

Int = NDArray[np.int64]
Float = NDArray[np.float64]
Bool = NDArray[np.bool_]
Matrix = NDArray[Any]

_CHUNK = 1 << 18


@dataclass(frozen=True, slots=True, eq=False)
class _Arrays:
    """What the caller gave, as arrays: int64, uint64 or float64, number by number what it was.

    `limit` (A,) is the capacity, at most n; `unit` (sum of limits,) the load costs, column after column; `unit_after`
    (A,) that of one more unit; `exit` (n,), None where leaving out has no price.
    """

    pair: Matrix
    limit: Int
    unit: Matrix
    unit_after: Matrix
    exit: Matrix | None


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
    _given: _Arrays = field(repr=False)

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
        given = self._given
        return unit_savings(given.pair, given.limit, given.unit, given.unit_after, given.exit, self.assignment)


def solve_arrays(
    cost: ArrayLike,
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
        For NaN, -inf, wrong shapes, capacities that are no whole numbers from 0, falling load costs, numbers that
        neither a double nor a 64-bit integer holds, and sums that no double holds.

    Examples
    --------
    >>> solve_arrays([[4, 1, 3], [2, 0, 5], [3, 2, 2]]).assignment.tolist()
    [1, 0, 2]
    >>> solve_arrays([[4, 1], [2, 0], [3, 2]], capacity=2, load_cost=[0, 3]).assignment.tolist()
    [1, 1, 0]
    >>> solve_arrays([[1e15, 0.2], [0.1, 0.4]]).objective
    0.30000000000000004
    """
    deadline = time.perf_counter() + time_limit
    given = _read(cost, capacity, load_cost, exit_cost)
    assignment, gap = least_cost(_first_level(given), deadline)
    numbers = _chosen(given, assignment)
    value = _exact_sum(numbers)
    if not gap:
        return ArraySolution(assignment, value, Status.OPTIMAL, value, given)
    bound = Fraction(value) - gap  # the value is rounded, so is the bound: two doubles down for certain
    lower = math.nextafter(math.nextafter(_double(bound), -math.inf), -math.inf)
    return ArraySolution(assignment, value, Status.FEASIBLE, lower, given)


def _first_level(given: _Arrays) -> Level:
    """Whole numbers as they are where sums have room; else the first digits, as many as there is room for."""
    n, n_columns = given.pair.shape
    exits = np.zeros(n) if given.exit is None else given.exit
    numbers = Costs(given.pair, given.unit, exits)
    extents = [_extent(part) for part in (given.pair, given.unit, exits)]
    largest = max(extent.largest for extent in extents)
    steps = 2 * min(n, n_columns) + 2  # more numbers than a chain of exchanges adds and takes away
    weight = n * (steps + 1 if given.exit is None else 1) + len(given.unit) + 1
    exponent = spare_bits(weight) - math.frexp(largest)[1]
    is_whole = exponent >= 0 and all(extent.is_whole for extent in extents)
    exponent = 0 if is_whole else exponent
    pair, unit, leave = (whole_part(part, exponent) for part in (numbers.pair, numbers.unit, numbers.exit))
    if given.exit is None:  # dearer than whatever serving one more row can add
        leave = np.full(n, steps * (math.ceil(math.ldexp(largest, exponent)) + 1), dtype=np.int64)
    allowed = np.isfinite(given.pair) if extents[0].has_infinity else None
    return Level(Costs(pair, unit, leave), exponent, given.limit, allowed, None if is_whole else numbers)


# The cost of a plan.


def _chosen(given: _Arrays, assignment: Int) -> list[Matrix]:
    """The numbers that make up a plan's cost."""
    served = np.flatnonzero(assignment >= 0)
    taken = np.bincount(assignment[served], minlength=len(given.limit))
    place = np.arange(len(given.unit)) - np.repeat(np.cumsum(given.limit) - given.limit, given.limit)
    numbers = [given.pair[served, assignment[served]], given.unit[place < np.repeat(taken, given.limit)]]
    return numbers if given.exit is None else [*numbers, given.exit[assignment < 0]]


def _exact_sum(parts: list[Matrix]) -> float:
    """The exact sum, rounded once."""
    whole = sum(sum(part.tolist()) for part in parts if part.dtype.kind in "iu")
    fractions = [number for part in parts if part.dtype.kind not in "iu" for number in part.tolist()]
    if not fractions:
        return float(whole)
    while whole:  # as doubles that add up to it
        fractions.append(float(whole))
        whole -= int(fractions[-1])
    try:
        return math.fsum(fractions)
    except OverflowError:  # perhaps only on the way
        return _double(sum(map(Fraction, fractions), Fraction(0)))


def _double(number: Fraction) -> float:
    try:
        return float(number)
    except OverflowError:
        raise InvalidInputError.single("cost", "adds up to more than the largest double", "use a larger unit") from None


# Reading.


def _read(
    cost: ArrayLike, capacity: ArrayLike, load_cost: ArrayLike | Sequence[ArrayLike] | None, exit_cost: ArrayLike | None
) -> _Arrays:
    pair = _numbers(cost, "cost")
    if pair.ndim == 1 and pair.size == 0:
        pair = pair.reshape(0, 0)
    if pair.ndim != 2:
        raise InvalidInputError.single("cost", f"has shape {pair.shape}", "give an (n, A) matrix")
    n, n_columns = pair.shape
    limits = _capacity(capacity, n_columns)
    unit, unit_after = _load_cost(load_cost, limits, n)
    leave = None if exit_cost is None else _vector(exit_cost, n, "exit_cost")
    return _Arrays(pair, np.minimum(limits, n), unit, unit_after, leave)


def _numbers(values: ArrayLike, name: str) -> Matrix:
    """As int64, uint64 or float64, none of them changed; an error where there is no such array."""
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise InvalidInputError.single(name, "has rows of unequal length", "give a matrix") from error
    if array.dtype.kind in "bi":
        return array.astype(np.int64, copy=False)
    if array.dtype.kind == "u":
        return array if array.dtype.itemsize == 8 else array.astype(np.int64)
    if array.dtype.kind != "f":
        kind = "numbers of more than 64 bits, or no numbers," if array.dtype == np.object_ else f"{array.dtype} values"
        raise InvalidInputError.single(name, f"holds {kind}", "give a matrix of doubles or of 64-bit integers")
    with np.errstate(over="ignore"):
        doubles: Float = array.astype(np.float64, copy=False)
    is_same = array.dtype.itemsize <= 8 or bool(((doubles == array) | np.isnan(array)).all())
    if not is_same or _has_narrowed(values, doubles):
        repair = "round them to doubles, or give 64-bit integers alone"
        raise InvalidInputError.single(name, "holds numbers that no double holds", repair)
    return doubles


def _has_narrowed(values: ArrayLike, doubles: Float) -> bool:
    """Whether numpy has made doubles of whole numbers that are none, in a list of both kinds."""
    if isinstance(values, np.ndarray | np.generic | float) or not (np.abs(doubles) > MAX_SUM).any():
        return False
    given = np.asarray(values, dtype=np.object_).reshape(-1).tolist()
    return any(isinstance(one, int | np.integer) and int(float(one)) != int(one) for one in given)


def _vector(values: ArrayLike, size: int, name: str) -> Matrix:
    array = _numbers(values, name)
    if array.shape not in [(), (size,)]:
        raise InvalidInputError.single(name, f"has shape {array.shape}", f"give one number or ({size},)")
    if not np.isfinite(array).all():
        raise InvalidInputError.single(name, "holds NaN or infinity", "give finite numbers")
    return np.broadcast_to(array, (size,))


def _capacity(capacity: ArrayLike, n_columns: int) -> Int:
    limits = _vector(capacity, n_columns, "capacity")
    if (limits < 0).any() or (limits != np.rint(limits)).any():
        raise InvalidInputError.single("capacity", "holds a negative number or a fraction", "give whole numbers")
    return np.minimum(limits, 2**31).astype(np.int64)


def _load_cost(load_cost: ArrayLike | Sequence[ArrayLike] | None, capacity: Int, n: int) -> tuple[Matrix, Matrix]:
    """(sum of capacities up to n,) column after column, and (A,) that of one more unit."""
    limits = np.minimum(capacity, n)
    if load_cost is None:
        return np.zeros(int(limits.sum()), dtype=np.int64), np.zeros(len(limits), dtype=np.int64)
    per_column, issues = _columns_of(load_cost, len(limits)), []
    if len(per_column) != len(limits):
        issues.append(Issue("load_cost", f"has {len(per_column)} rows", f"give one per column ({len(limits)})"))
    for j, (costs, limit) in enumerate(zip(per_column, limits.tolist(), strict=False)):
        if costs.ndim != 1 or len(costs) < limit:
            issues.append(
                Issue(f"load_cost[{j}]", f"has {costs.size} entries", f"give {limit}, as many as the capacity")
            )
        elif not np.isfinite(costs).all() or (costs[1:] < costs[:-1]).any():
            issues.append(Issue(f"load_cost[{j}]", "falls, or is not finite", "give costs that never fall"))
    if issues:
        raise InvalidInputError(issues)
    pairs = list(zip(per_column, limits.tolist(), strict=True))
    after = [costs[min(limit, len(costs) - 1) :][:1] if len(costs) else np.zeros(1, np.int64) for costs, limit in pairs]
    return _joined([costs[:limit] for costs, limit in pairs]), _joined(after)


def _columns_of(load_cost: ArrayLike | Sequence[ArrayLike], n_columns: int) -> list[Matrix]:
    try:
        table = np.asarray(load_cost)
    except ValueError:  # rows of unequal length
        return [_numbers(row, f"load_cost[{j}]") for j, row in enumerate(load_cost)]  # type: ignore[arg-type]
    table = _numbers(load_cost if table.dtype.kind == "f" else table, "load_cost")
    return [table] * n_columns if table.ndim == 1 else list(np.atleast_2d(table))


def _joined(parts: list[Matrix]) -> Matrix:
    """One after the other; of several types, as doubles, which must hold them."""
    if len({part.dtype for part in parts}) <= 1:
        return np.concatenate([*parts, np.zeros(0, parts[0].dtype if parts else np.int64)])
    if any(part.dtype.kind in "iu" and part.size and max(-int(part.min()), int(part.max())) > MAX_SUM for part in parts):
        raise InvalidInputError.single(
            "load_cost", "mixes fractions with whole numbers above 2^53", "give every column the same type"
        )
    return np.concatenate([part.astype(np.float64) for part in parts])


@dataclass(frozen=True, slots=True)
class _Extent:
    """The largest absolute value but infinity, whether all others are whole, and whether there is infinity."""

    largest: float
    is_whole: bool
    has_infinity: bool


def _extent(values: Matrix) -> _Extent:
    """NaN and -inf are errors."""
    if values.dtype.kind in "iu" or not values.size:
        largest = max(abs(float(values.min())), abs(float(values.max()))) if values.size else 0.0
        return _Extent(largest, True, False)
    largest, is_whole, has_infinity = 0.0, True, False
    flat = values.reshape(-1) if values.flags.c_contiguous else values.ravel()
    for first in range(0, len(flat), _CHUNK):
        part = flat[first : first + _CHUNK]
        if np.isnan(part).any() or np.isneginf(part).any():
            raise InvalidInputError.single(
                "cost", "holds NaN or -inf", "give numbers, or inf where a pair is forbidden"
            )
        finite = part[np.isfinite(part)]
        has_infinity = has_infinity or len(finite) < len(part)
        largest = max(largest, float(np.abs(finite).max(initial=0)))
        is_whole = is_whole and bool((finite == np.rint(finite)).all())
    return _Extent(largest, is_whole, has_infinity)

"""What callers of `solve_arrays` give, read without changing a number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ticketopt._types import Float, Int, Matrix
from ticketopt.errors import InvalidInputError, Issue
from ticketopt.model.assignment import MAX_SUM
from ticketopt.model.stored import StoredPairs
from ticketopt.planning.array_stored import SparseMatrix, is_sparse, read_stored

__all__ = ["Arrays", "Extent", "extent", "read_arrays"]


_CHUNK = 1 << 18


@dataclass(frozen=True, slots=True, eq=False)
class Arrays:
    """What the caller gave, as arrays: int64, uint64 or float64, number by number what it was.

    `pair` is (n, A), with infinity where forbidden; or (m,), those of the pairs in `stored`. `limit` (A,) is the
    capacity, at most as many as could come; `unit` (sum of limits,) the load costs, column after column; `unit_after`
    (A,) that of one more unit; `exit` (n,), None where leaving out has no price.
    """

    pair: Matrix
    stored: StoredPairs | None
    limit: Int
    unit: Matrix
    unit_after: Matrix
    exit: Matrix | None

    @property
    def n_rows(self) -> int:
        """Rows."""
        return len(self.pair) if self.stored is None else self.stored.n_rows

    def pair_at(self, rows: Int, columns: Int) -> Matrix:
        """(k,) numbers of these pairs; of those alone that are stored."""
        if self.stored is None:
            return np.asarray(self.pair[rows, columns])
        found = self.stored.find(rows, columns)
        return np.asarray(self.pair[found[found >= 0]])


def read_arrays(
    cost: ArrayLike | SparseMatrix,
    capacity: ArrayLike,
    load_cost: ArrayLike | Sequence[ArrayLike] | None,
    exit_cost: ArrayLike | None,
) -> Arrays:
    """All issues at once, once it is known how many rows and columns there are."""
    pair, stored = _pairs(cost)
    n, n_columns = pair.shape if stored is None else (stored.n_rows, stored.n_columns)
    issues: list[Issue] = []
    with _collected(issues):
        _check_sign(pair)
    limits, most = np.zeros(n_columns, dtype=np.int64), np.full(n_columns, n) if stored is None else stored.counts()
    with _collected(issues):
        limits = np.minimum(_capacity(capacity, n_columns), n)
    unit = unit_after = leave = None
    with _collected(issues):
        unit, unit_after = _load_cost(load_cost, limits, most)
    with _collected(issues):
        leave = None if exit_cost is None else _vector(exit_cost, n, "exit_cost")
    if issues or unit is None or unit_after is None:
        raise InvalidInputError(issues)
    return Arrays(pair, stored, np.minimum(limits, most), unit, unit_after, leave)


@contextmanager
def _collected(issues: list[Issue]) -> Iterator[None]:
    try:
        yield
    except InvalidInputError as error:
        issues.extend(error.issues)


def _pairs(cost: ArrayLike | SparseMatrix) -> tuple[Matrix, StoredPairs | None]:
    """The numbers; and where they are, if they are stored pairs."""
    if is_sparse(cost):
        stored, numbers = read_stored(cost)
        return _numbers(numbers, "cost"), stored
    pair = _numbers(cost, "cost")
    if pair.ndim == 1 and pair.size == 0:
        pair = pair.reshape(0, 0)
    if pair.ndim != 2:
        raise InvalidInputError.single("cost", f"has shape {pair.shape}", "give an (n, A) matrix")
    return pair, None


def _numbers(values: Any, name: str) -> Matrix:
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
        kind = "numbers of more than 64 bits, or no numbers" if array.dtype == np.object_ else f"{array.dtype} values"
        raise InvalidInputError.single(name, f"holds {kind}", "give doubles or 64-bit integers")
    with np.errstate(over="ignore"):
        doubles: Float = array.astype(np.float64, copy=False)
    is_same = array.dtype.itemsize <= 8 or bool(((doubles == array) | np.isnan(array)).all())
    if not is_same or _has_narrowed(values, doubles):
        repair = "round them to doubles, or give 64-bit integers alone"
        raise InvalidInputError.single(name, "holds numbers that no double holds", repair)
    return doubles


def _has_narrowed(values: Any, doubles: Float) -> bool:
    """Whether numpy has made doubles of whole numbers that are none, in a list of both kinds."""
    if isinstance(values, np.ndarray | np.generic | float) or not (np.abs(doubles) >= MAX_SUM).any():
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


def _load_cost(load_cost: ArrayLike | Sequence[ArrayLike] | None, needed: Int, most: Int) -> tuple[Matrix, Matrix]:
    """(sum of limits,) column after column, and (A,) that of one more unit.

    There must be `needed` of them for a column; its limit is those, or `most` if that is less.
    """
    limits = np.minimum(needed, most)
    if load_cost is None:
        return np.zeros(int(limits.sum()), dtype=np.int64), np.zeros(len(limits), dtype=np.int64)
    per_column, issues = _columns_of(load_cost, len(limits)), []
    if len(per_column) != len(limits):
        issues.append(Issue("load_cost", f"has {len(per_column)} rows", f"give one per column ({len(limits)})"))
    for j, (costs, limit) in enumerate(zip(per_column, needed.tolist(), strict=False)):
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
        np.asarray(load_cost)
    except ValueError:  # rows of unequal length
        return [_numbers(row, f"load_cost[{j}]") for j, row in enumerate(load_cost)]  # type: ignore[arg-type]
    table = _numbers(load_cost, "load_cost")
    if table.ndim > 2:
        raise InvalidInputError.single("load_cost", f"has shape {table.shape}", "give (K,) or (A, K)")
    return [table] * n_columns if table.ndim == 1 else list(np.atleast_2d(table))


def _joined(parts: list[Matrix]) -> Matrix:
    """One after the other; of several types, as doubles, which must hold them."""
    if len({part.dtype for part in parts}) <= 1:
        return np.concatenate([*parts, np.zeros(0, parts[0].dtype if parts else np.int64)])
    if any(
        part.dtype.kind in "iu" and part.size and max(-int(part.min()), int(part.max())) > MAX_SUM for part in parts
    ):
        raise InvalidInputError.single(
            "load_cost", "mixes fractions with whole numbers above 2^53", "give every column the same type"
        )
    return np.concatenate([part.astype(np.float64) for part in parts])


def _check_sign(values: Matrix) -> None:
    """NaN and -inf are errors."""
    if values.dtype.kind == "f" and values.size and not values.min() > -np.inf:
        raise InvalidInputError.single("cost", "holds NaN or -inf", "give numbers, or inf where a pair is forbidden")


@dataclass(frozen=True, slots=True)
class Extent:
    """The largest absolute value but infinity, whether all others are whole, and whether there is infinity."""

    largest: float
    is_whole: bool
    has_infinity: bool


def extent(values: Matrix) -> Extent:
    """Of numbers without NaN and -inf."""
    if values.dtype.kind in "iu" or not values.size:
        largest = max(abs(float(values.min())), abs(float(values.max()))) if values.size else 0.0
        return Extent(largest, True, False)
    largest, is_whole, has_infinity = 0.0, True, False
    flat = values.reshape(-1) if values.flags.c_contiguous else values.ravel()
    for first in range(0, len(flat), _CHUNK):
        part = flat[first : first + _CHUNK]
        finite = part[np.isfinite(part)]
        has_infinity = has_infinity or len(finite) < len(part)
        largest = max(largest, float(np.abs(finite).max(initial=0)))
        is_whole = is_whole and bool((finite == np.rint(finite)).all())
    return Extent(largest, is_whole, has_infinity)

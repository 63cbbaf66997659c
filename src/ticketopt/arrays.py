"""`solve_arrays`: the door for people who have no tickets, only numbers."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ticketopt.errors import InvalidInputError, Issue, SolverError
from ticketopt.load_cost import LoadCost
from ticketopt.model import MAX_SUM, AssignmentModel, Status, objective
from ticketopt.solve import solve_model
from ticketopt.solvers import BACKENDS, Options
from ticketopt.verify import dual_bound, feasible

__all__ = ["ArraySolution", "solve_arrays"]

Int = NDArray[np.int64]
Float = NDArray[np.float64]
Bool = NDArray[np.bool_]
Matrix = NDArray[Any]

_LOG = logging.getLogger("ticketopt")
_CHUNK = 1 << 18


@dataclass(frozen=True, slots=True, eq=False)
class ArraySolution:
    """An optimal assignment of rows to columns, and the proof.

    Attributes
    ----------
    assignment : (n,) column per row, -1 where left out.
    objective : its cost, added up from the numbers as given. Rows left out count their exit cost, where one was given.
    price : (A,) what one more unit of each column's capacity would save; no less than the cost of its last unit.
    status : `Status.OPTIMAL`, or `FEASIBLE` when the time was over.
    rounding : the assignment is optimal but for at most this; 0 for whole numbers.
    """

    assignment: Int
    objective: float
    price: Float
    status: Status
    rounding: float

    @property
    def row_ind(self) -> Int:
        """The assigned rows, as `scipy.optimize.linear_sum_assignment` returns them."""
        return np.flatnonzero(self.assignment >= 0)

    @property
    def col_ind(self) -> Int:
        """The columns of those rows."""
        return self.assignment[self.row_ind]


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
    cost : (n, A) numbers, whole or not; `inf` forbids a pair. An int64 matrix in C order is not copied.
    capacity : how many rows a column can take: one number, or (A,).
    load_cost : marginal cost of a column's 1st, 2nd ... row, never falling: (K,) for every column alike, (A, K), or a
        sequence of A arrays; at least as long as the capacity. None is no cost.
    exit_cost : price of leaving a row out: one number, or (n,). None leaves a row out only where not all can be
        assigned: as many as possible are, and the cost is least among those plans.
    time_limit : seconds.

    Returns
    -------
    ArraySolution
        Whole numbers are solved as they are. Others are rounded to the finest binary fraction with which the sums stay
        below 2^53; `rounding` says what that can cost.

    Raises
    ------
    InvalidInputError
        For NaN, -inf, wrong shapes, capacities that are no whole numbers from 0, falling load costs, numbers too large.

    Examples
    --------
    >>> solve_arrays([[4, 1, 3], [2, 0, 5], [3, 2, 2]]).assignment.tolist()
    [1, 0, 2]
    >>> solve_arrays([[4, 1], [2, 0], [3, 2]], capacity=2, load_cost=[0, 3]).assignment.tolist()
    [1, 1, 0]
    """
    deadline = time.perf_counter() + time_limit
    pairs = _matrix(cost)
    n, n_agents = pairs.shape
    limits = np.minimum(_capacity(capacity, n_agents), n)
    units = _load_cost(load_cost, limits)
    exits = None if exit_cost is None else _vector(exit_cost, n, "exit_cost")
    parts = [pairs, units] if exits is None else [pairs, units, exits]
    largest, is_whole = 0.0, True
    for part in parts:
        high, whole = _extent(part)
        largest, is_whole = max(largest, high), is_whole and whole
    finest = _scale(largest, _weight(n, n_agents, len(units), exits is None))
    if pairs.dtype.kind in "iu" and is_whole and finest < 1:
        raise InvalidInputError.single("cost", f"can add up to more than 2^53 ({largest:g})", "use a coarser unit")
    scale = 1.0 if is_whole and finest >= 1 else finest
    scaled, allowed = _scaled(pairs, scale)
    top = int(np.ceil(2 * largest * scale)) + 1
    price = (
        np.full(n, (2 * min(n, n_agents) + 3) * top, dtype=np.int64)
        if exits is None
        else np.rint(exits * scale).astype(np.int64)
    )
    model = AssignmentModel(
        pair_cost=scaled,
        allowed=allowed,
        effort=np.ones(n, dtype=np.int64),
        capacity=limits,
        load_cost=LoadCost.listed(np.rint(units * scale).astype(np.int64), limits),
        exit_cost=price,
    )
    assignment, prices, status = _proven(model, deadline)
    served = np.flatnonzero(assignment >= 0)
    taken = np.bincount(assignment[served], minlength=n_agents)
    is_used = np.arange(len(units)) - np.repeat(np.cumsum(limits) - limits, limits) < np.repeat(taken, limits)
    value = pairs[served, assignment[served]].sum() + units[is_used].sum()
    value += 0 if exits is None else exits[assignment < 0].sum()
    rounding = 0.0 if is_whole and scale == 1 else (2 * n) / scale
    return ArraySolution(assignment, float(value), prices / scale, status, rounding)


def _proven(model: AssignmentModel, deadline: float) -> tuple[Int, Float, Status]:
    """The engine's answer, believed only if its prices add up to its cost; else the second opinion's."""
    outcome = BACKENDS["network"].solve(model, Options(_left(deadline)))
    if outcome.price is not None and feasible(model, outcome.assignment):
        bound, value = dual_bound(model, outcome.price), objective(model, outcome.assignment)
        if bound == value or (bound < value and outcome.status is Status.FEASIBLE):
            status = Status.OPTIMAL if bound == value else Status.FEASIBLE
            return outcome.assignment, outcome.price.astype(np.float64), status
    _LOG.warning("the network engine's prices do not prove its plan; min_cost_flow solves it again")
    second = solve_model(model, solver="min_cost_flow", time_limit=_left(deadline))
    if second.status is not Status.OPTIMAL:
        raise SolverError("neither engine proved a plan within the time limit")
    return second.assignment, np.full(model.n_agents, np.nan), second.status


def _left(deadline: float) -> float:
    return max(0.001, deadline - time.perf_counter())


# Reading.


def _matrix(cost: ArrayLike) -> Matrix:
    pairs = np.asarray(cost)
    if pairs.ndim == 1 and pairs.size == 0:
        pairs = pairs.reshape(0, 0)
    if pairs.ndim != 2 or pairs.dtype.kind not in "iufb":
        raise InvalidInputError.single("cost", f"is {pairs.dtype} of shape {pairs.shape}", "give an (n, A) matrix")
    return pairs.astype(np.int64) if pairs.dtype.kind in "b" else pairs


def _vector(values: ArrayLike, size: int, name: str) -> Float:
    array = np.asarray(values, dtype=np.float64)
    if array.shape not in [(), (size,)]:
        raise InvalidInputError.single(name, f"has shape {array.shape}", f"give one number or ({size},)")
    if not np.isfinite(array).all():
        raise InvalidInputError.single(name, "holds NaN or infinity", "give finite numbers")
    return np.broadcast_to(array, (size,))


def _capacity(capacity: ArrayLike, n_agents: int) -> Int:
    limits = _vector(capacity, n_agents, "capacity")
    if (limits < 0).any() or (limits != np.rint(limits)).any():
        raise InvalidInputError.single("capacity", "holds a negative number or a fraction", "give whole numbers")
    return np.minimum(limits, 2**31).astype(np.int64)


def _load_cost(load_cost: ArrayLike | Sequence[ArrayLike] | None, limits: Int) -> Float:
    """(sum of capacities,) column after column."""
    if load_cost is None:
        return np.zeros(int(limits.sum()))
    try:
        table = np.asarray(load_cost, dtype=np.float64)
        per_column = [table] * len(limits) if table.ndim == 1 else list(np.atleast_2d(table))
    except ValueError:  # rows of unequal length
        per_column = [np.asarray(row, dtype=np.float64) for row in load_cost]  # type: ignore[union-attr]
    issues = []
    if len(per_column) != len(limits):
        issues.append(Issue("load_cost", f"has {len(per_column)} rows", f"give one per column ({len(limits)})"))
    for j, (costs, limit) in enumerate(zip(per_column, limits, strict=False)):
        if len(costs) < limit:
            issues.append(
                Issue(f"load_cost[{j}]", f"has {len(costs)} entries", f"give {limit}, as many as the capacity")
            )
        elif not np.isfinite(costs).all() or (np.diff(costs) < 0).any():
            issues.append(Issue(f"load_cost[{j}]", "falls, or is not finite", "give costs that never fall"))
    if issues:
        raise InvalidInputError(issues)
    return np.concatenate([np.zeros(0), *(costs[:limit] for costs, limit in zip(per_column, limits, strict=True))])


def _extent(values: Matrix) -> tuple[float, bool]:
    """The largest absolute value but infinity, and whether all are whole; NaN and -inf are errors."""
    if values.dtype.kind in "iu" or not values.size:
        return (max(abs(float(values.min())), abs(float(values.max()))) if values.size else 0.0), True
    largest, is_whole = 0.0, True
    flat = values.reshape(-1) if values.flags.c_contiguous else values.ravel()
    for first in range(0, len(flat), _CHUNK):
        part = flat[first : first + _CHUNK]
        if np.isnan(part).any() or np.isneginf(part).any():
            raise InvalidInputError.single(
                "cost", "holds NaN or -inf", "give numbers, or inf where a pair is forbidden"
            )
        finite = part[np.isfinite(part)]
        largest = max(largest, float(np.abs(finite).max(initial=0)))
        is_whole = is_whole and bool((finite == np.rint(finite)).all())
    return largest, is_whole


# Scaling.


def _weight(n: int, n_agents: int, n_units: int, has_high_exit: bool) -> float:
    """How many times the largest number an objective can be."""
    per_row = 2 * (2 * min(n, n_agents) + 3) if has_high_exit else 1
    return float(n * per_row + n_units + 1)


def _scale(largest: float, weight: float) -> float:
    """The largest power of two with which no sum passes `MAX_SUM`."""
    room = MAX_SUM / 4 / max(largest, 1e-200) / weight
    return float(2.0 ** np.clip(np.floor(np.log2(room)), -900, 900))


def _scaled(pairs: Matrix, scale: float) -> tuple[Int, Bool]:
    if pairs.dtype.kind in "iu" and scale == 1:
        return np.ascontiguousarray(pairs, dtype=np.int64), np.broadcast_to(np.bool_(True), pairs.shape)
    scaled, allowed = np.empty(pairs.shape, dtype=np.int64), np.empty(pairs.shape, dtype=np.bool_)
    rows = max(1, _CHUNK // max(1, pairs.shape[1]))
    for first in range(0, len(pairs), rows):
        part = slice(first, first + rows)
        np.isfinite(pairs[part], out=allowed[part])
        scaled[part] = np.rint(np.where(allowed[part], pairs[part], 0) * scale)
    return scaled, allowed

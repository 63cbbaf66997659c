"""A SciPy sparse matrix read as stored pairs, without a dense one and without changing a number."""

from __future__ import annotations

import sys
from typing import Any, Protocol, TypeGuard

import numpy as np

from ticketopt._types import Bool, Int, Matrix
from ticketopt.errors import InvalidInputError
from ticketopt.model.stored import StoredPairs

__all__ = ["SparseMatrix", "is_sparse", "read_stored"]


FORMATS = ("csr", "csc", "coo")
"""Those in which an entry is stored or not; the others fill blocks or diagonals up, or drop zeros."""

MOST_COLUMNS, MOST_ROWS = 2**20 - 1, 2**30 - 1


class SparseMatrix(Protocol):
    """A SciPy sparse matrix or array; the compressed formats and COO are read."""

    @property
    def format(self) -> Any: ...
    @property
    def shape(self) -> Any: ...
    @property
    def nnz(self) -> Any: ...
    def tocsr(self) -> Any: ...


def is_sparse(cost: Any) -> TypeGuard[SparseMatrix]:
    """Whether it is one; nobody has one where SciPy's module has not been loaded."""
    module = sys.modules.get("scipy.sparse")
    return module is not None and bool(module.issparse(cost))


def read_stored(cost: SparseMatrix) -> tuple[StoredPairs, Matrix]:
    """The pairs that are stored, and their numbers as they are stored (explicit zeros are costs of 0).

    The matrix's own arrays are read in place where they are in order.
    """
    if cost.format not in FORMATS or len(cost.shape) != 2:
        problem = f"is a sparse {cost.format} array with shape {cost.shape}"
        raise InvalidInputError.single("cost", problem, f"give an (n, A) one as {', '.join(FORMATS)}")
    n, n_columns = cost.shape
    if n > MOST_ROWS or n_columns > MOST_COLUMNS:
        raise InvalidInputError.single(
            "cost", f"has shape {cost.shape}", f"give at most {MOST_ROWS:,} rows and {MOST_COLUMNS:,} columns"
        )
    rows = cost.tocsr()
    if rows.nnz < cost.nnz:  # SciPy has added up what is stored twice
        raise _twice(*_first_double(cost))
    pairs, numbers = _ordered(rows, n, n_columns)
    is_far = numbers == np.inf if numbers.dtype.kind == "f" else np.zeros(1, dtype=np.bool_)
    return _without(pairs, numbers, is_far) if is_far.any() else (pairs, numbers)


def _ordered(rows: Any, n: int, n_columns: int) -> tuple[StoredPairs, Matrix]:
    """Compressed rows with ascending columns, whatever their flags say."""
    for step in ("as they are", "sorted"):
        start, column = rows.indptr.astype(np.int64, copy=False), rows.indices[: rows.indptr[-1]]
        if start[0] != 0 or (np.diff(start) < 0).any() or start[-1] != len(column) or len(rows.data) < len(column):
            raise InvalidInputError.single("cost", "has row pointers that lead nowhere", "make the matrix anew")
        if len(column) and (int(column.min()) < 0 or int(column.max()) >= n_columns):
            raise InvalidInputError.single(
                "cost", "has column indices out of range", f"count from 0 to {n_columns - 1}"
            )
        at = _not_ascending(start, column)
        if at < 0:
            column = np.ascontiguousarray(column, dtype=np.int32)
            return StoredPairs(start, column, n_columns), np.ascontiguousarray(rows.data[: len(column)])
        if step == "sorted":
            break
        rows = _sorted(rows)
    raise _twice(int(np.searchsorted(start, at, side="right")) - 1, int(column[at]))


def _not_ascending(start: Int, column: Matrix) -> int:
    """The first place where a row's columns do not ascend, or -1."""
    is_wrong = column[1:] <= column[:-1]
    ends = start[1:-1]
    is_wrong[ends[(ends > 0) & (ends < len(column))] - 1] = False
    return int(is_wrong.argmax()) if is_wrong.any() else -1


def _sorted(rows: Any) -> Any:
    """A copy whose rows are sorted; a new matrix has no flags that say it is already."""
    copy = type(rows)((rows.data, rows.indices, rows.indptr), shape=rows.shape, copy=True)
    copy.has_sorted_indices = False
    copy.sort_indices()
    return copy


def _first_double(cost: Any) -> tuple[int, int]:
    """A pair of coordinates that stands twice."""
    row, column = cost.coords if hasattr(cost, "coords") else (cost.row, cost.col)
    order = np.lexsort((column, row))
    row, column = row[order], column[order]
    at = int(((row[1:] == row[:-1]) & (column[1:] == column[:-1])).argmax())
    return int(row[at]), int(column[at])


def _twice(row: int, column: int) -> InvalidInputError:
    repair = "store every pair once; `sum_duplicates()` adds them up, if that is meant"
    return InvalidInputError.single("cost", f"stores row {row}, column {column} twice", repair)


def _without(pairs: StoredPairs, numbers: Matrix, is_far: Bool) -> tuple[StoredPairs, Matrix]:
    """Stored infinity forbids a pair, as in a dense matrix."""
    kept = ~is_far
    before = np.concatenate([[0], np.cumsum(kept)])
    return StoredPairs(before[pairs.row_start], pairs.column[kept], pairs.n_columns), numbers[kept]

"""How much of what tickets want agents lack."""

from __future__ import annotations

import numpy as np

from ticketopt._types import Float

__all__ = ["divided", "product", "skill_gaps"]

DIGITS = 12
"""Decimals that a skill gap keeps: sums of products taken in another order agree in so many."""

SMALL = 2**18
"""So many products are added up in one call. Of more, a library for matrices makes work for threads, and these wait
for each other longer than all of it takes."""

MANY = 64
"""From so many skills on, of which a ticket wants few, it is quicker to skip those that it does not want."""


def skill_gaps(wanted: Float, level: Float) -> Float:
    """(k, A) `sum_s w_s^2 (1 - level_js) / sum_s w_s^2`, of (k, S) importances and (A, S) levels from 0 to 1."""
    squared = wanted**2
    total = squared.sum(axis=1, keepdims=True)
    shortfall: Float = (total > 0) - product(divided(squared, total), level.T)
    return np.clip(np.round(shortfall, DIGITS, out=shortfall), 0.0, 1.0, out=shortfall)


def divided(table: Float, totals: Float) -> Float:
    """The table itself, every row divided by its total where that is above 0; `totals` is (n, 1)."""
    return np.divide(table, totals, out=table, where=totals > 0)


def product(left: Float, right: Float) -> Float:
    """The matrix product, a few rows at a time; what is 0 in the left one is skipped where its rows are long."""
    if len(right) >= MANY:
        from scipy import sparse

        return np.asarray(sparse.csr_array(left) @ right)
    result = np.empty((len(left), right.shape[1]))
    size = max(1, SMALL // max(1, right.size))
    for first in range(0, len(left), size):
        np.matmul(left[first : first + size], right, out=result[first : first + size])
    return result

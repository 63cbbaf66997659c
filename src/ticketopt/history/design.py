"""Which effects act on which row of a regression, and the sums over rows that its Hessian is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy import sparse

from ticketopt._types import Float, Int

__all__ = ["Design", "Sums", "Target"]


@dataclass(frozen=True, eq=False)
class Design:
    """Which effects act on which row.

    Attributes
    ----------
    columns : the matrix X, sparse by rows. blocks : block of X -> the slice of its columns; others are fixed.
    agent : index per row. pair : index per row. agent_of : agent of each pair. n_agents : how many agents.
    """

    columns: Any
    blocks: Mapping[str, slice]
    agent: Int
    pair: Int
    agent_of: Int
    n_agents: int

    @cached_property
    def sums(self) -> Sums:
        """See the class; made once, whatever is fitted on the design."""
        return Sums(self)


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """What is explained: events over hours (a rate), or `log hours` measured once each (`hours` is then None)."""

    value: Float
    hours: Float | None = None

    @property
    def is_rate(self) -> bool:
        return self.hours is not None


class Sums:
    """Sums over rows, weighted: of products of columns, and of columns by pair. Where they go is found once."""

    def __init__(self, design: Design) -> None:
        x = design.columns
        self.n, self.n_pairs = x.shape[1], len(design.agent_of)
        filled = np.diff(x.indptr)
        self.row = np.repeat(np.arange(len(filled)), filled)
        self.value = x.data
        with_all = filled[self.row]
        self.first = np.repeat(np.arange(len(x.data)), with_all)
        within = np.arange(len(self.first)) - np.repeat(np.cumsum(with_all) - with_all, with_all)
        second = x.indptr[self.row[self.first]] + within
        self.cell = x.indices[self.first].astype(np.int64) * self.n + x.indices[second]
        self.product = x.data[self.first] * x.data[second]
        cells, self.place = np.unique(design.pair[self.row] * self.n + x.indices, return_inverse=True)
        self.pair, self.column = np.divmod(cells, self.n)
        self.starts = np.searchsorted(self.pair, np.arange(self.n_pairs + 1))

    def by_columns(self, weight: Float) -> Float:
        """Shape (columns, columns)."""
        sums = np.bincount(self.cell, self.product * weight[self.row[self.first]], minlength=self.n * self.n)
        return np.asarray(sums.reshape(self.n, self.n), np.float64)

    def by_pair(self, weight: Float, times: Float | None = None) -> Any:
        """Shape (pairs, columns), sparse; each pair `times` a factor."""
        sums: Float = np.bincount(self.place, self.value * weight[self.row], minlength=len(self.pair)).astype(
            np.float64
        )
        if times is not None:
            sums *= times[self.pair]
        return sparse.csr_array((sums, self.column, self.starts), shape=(self.n_pairs, self.n))

"""The numbers of `solve_arrays` cut into digits that make an integer model, and what the digits leave."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ticketopt._types import Bool, Int, Matrix
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.load_cost import LoadCost
from ticketopt.model.stored import StoredModel, StoredPairs

__all__ = ["Costs", "Level"]


@dataclass(frozen=True, slots=True, eq=False)
class Costs:
    """What decisions cost.

    Attributes
    ----------
    pair : (n, A), or (m,) where `m` pairs are stored.
    unit : (sum of limits,) column after column, never falling.
    exit : (n,).
    """

    pair: Matrix
    unit: Matrix
    exit: Matrix


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """An integer model, and what its digits leave of the numbers.

    Attributes
    ----------
    digits : int64; one of them is `2^-exponent`.
    limit : (A,) rows that each column can take.
    allowed : (n, A) mask, or None where every pair is.
    stored : the allowed pairs, where they alone are stored; None for a matrix.
    numbers : float64, int64 or uint64; what they have beyond `2^-exponent`, less than a unit each, is not among the
        digits. None where nothing is.
    """

    digits: Costs
    exponent: int
    limit: Int
    allowed: Bool | None = None
    stored: StoredPairs | None = None
    numbers: Costs | None = None

    @property
    def slack(self) -> int:
        """More units than the rests of one plan can be above those of another: each row and filled unit has two."""
        n = len(self.digits.exit)
        return 0 if self.numbers is None else 2 * (n + min(n, len(self.digits.unit)))

    def model(self) -> AssignmentModel | StoredModel:
        """The digits as a model; the only place that knows how it wants its load costs."""
        pair, load = self.digits.pair, LoadCost.listed(self.digits.unit, self.limit)
        if self.stored is not None:
            return StoredModel(self.stored, pair, self.limit, load, self.digits.exit)
        return AssignmentModel(
            pair_cost=pair,
            allowed=np.broadcast_to(np.True_, pair.shape) if self.allowed is None else self.allowed,
            effort=np.ones(len(pair), dtype=np.int64),
            capacity=self.limit,
            load_cost=load,
            exit_cost=self.digits.exit,
        )

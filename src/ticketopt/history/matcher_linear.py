"""Multinomial logistic regression: from the numbers of a text to the log of the probability of each class."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from ticketopt._types import Float, Int

MOST_STEPS = 100
"""Newton steps at most; a dozen do on all that was measured."""
CLOSE = 1e-3
"""The fit is done when the gradient is this part of what it was at 0."""

_MOST_PRODUCTS = 50  # of the Hessian with a direction, per step
_HALVINGS = 30
_ENOUGH = 1e-4  # part of the decrease that the slope promises with which a step is taken


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """Logit of class k = intercepts[k] + sum of values * coefficients[:, k]. Shapes (features, classes), (classes,)."""

    coefficients: Float
    intercepts: Float

    def logs(self, matrix: Any) -> Float:
        """The log of the probability of each class for each row, shape (rows, classes)."""
        return log_softmax(matrix @ self.coefficients + self.intercepts)


def fit_linear(matrix: Any, target: Int, n_classes: int, strength: float) -> Linear:
    """The coefficients under which the classes are likeliest.

    They minimize `strength` times the sum of log losses plus half the sum of the squares of the coefficients (not of
    the intercepts), by Newton's method from 0, each step by conjugate gradients as far as it pays (Nocedal & Wright,
    Numerical Optimization, 2006, algorithm 7.1). The same input gives the same bits.

    Parameters
    ----------
    matrix : dense, or a scipy.sparse array; shape (texts, features).
    target : the class of each text; every class has at least one. strength : above 0; larger trusts the texts more.
    """
    problem = _Problem(matrix, target, n_classes, strength)
    free = np.zeros((matrix.shape[1] + 1, n_classes))
    value, logs = problem.value(free)
    first = 0.0
    for _ in range(MOST_STEPS):
        gradient = problem.gradient(free, logs)
        size = float(np.sqrt((gradient**2).sum()))
        first = first or size
        if size <= CLOSE * first:
            break
        shares = np.exp(logs)
        near = min(0.3, (size / first) ** 0.5) * size
        step = _conjugate_gradients(partial(problem.curved, shares), -gradient, near)
        slope = float((gradient * step).sum())
        for k in range(_HALVINGS):
            tried = free + 0.5**k * step
            new, logs = problem.value(tried)
            if new <= value + _ENOUGH * 0.5**k * slope:
                break
        free, value = tried, new
    return Linear(free[:-1], free[-1])


class _Problem:
    """The loss of `fit_linear`. The last row of what is free are the intercepts."""

    def __init__(self, matrix: Any, target: Int, n_classes: int, strength: float) -> None:
        self.matrix, self.strength = matrix, strength
        self.transposed = matrix.T.tocsr() if hasattr(matrix, "tocsr") else matrix.T
        self.truth = np.zeros((len(target), n_classes))
        self.truth[np.arange(len(target)), target] = 1.0

    def value(self, free: Float) -> tuple[float, Float]:
        """The loss, and the logs of the probabilities."""
        logs = log_softmax(self.matrix @ free[:-1] + free[-1])
        return float(0.5 * (free[:-1] ** 2).sum() - self.strength * (logs * self.truth).sum()), logs

    def gradient(self, free: Float, logs: Float) -> Float:
        """How the loss changes with everything that is free."""
        return self._back(np.exp(logs) - self.truth, free)

    def curved(self, shares: Float, direction: Float) -> Float:
        """The product of the Hessian and a direction."""
        moved = shares * (self.matrix @ direction[:-1] + direction[-1])
        return self._back(moved - shares * moved.sum(axis=1, keepdims=True), direction)

    def _back(self, rows: Float, penalized: Float) -> Float:
        found = np.empty_like(penalized)
        found[:-1] = self.strength * (self.transposed @ rows) + penalized[:-1]
        found[-1] = self.strength * rows.sum(axis=0)
        return found


def _conjugate_gradients(product: Callable[[Float], Float], wanted: Float, near: float) -> Float:
    """About the solution of product(x) = wanted, until what is missing has norm `near`."""
    found = np.zeros_like(wanted)
    missing, direction = wanted.copy(), wanted.copy()
    square = float((missing**2).sum())
    for _ in range(_MOST_PRODUCTS):
        image = product(direction)
        length = square / float((direction * image).sum())
        found += length * direction
        missing -= length * image
        square, before = float((missing**2).sum()), square
        if square <= near**2:
            break
        direction = missing + square / before * direction
    return found


def log_softmax(logits: Float) -> Float:
    """The log of the probabilities, row by row."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))

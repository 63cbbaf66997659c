"""Multinomial logistic regression: from the numbers of a text to the log of the probability of each class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ticketopt._types import Float, Int

MOST_STEPS = 300
"""Steps of the optimizer; it is done long before on all that was measured."""


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """Logit of class k = intercepts[k] + sum of values * coefficients[:, k]. Shapes (features, classes), (classes,)."""

    coefficients: Float
    intercepts: Float


def fit_linear(matrix: Any, target: Int, n_classes: int, strength: float) -> Linear:
    """The coefficients under which the classes are likeliest.

    They minimize `strength` times the sum of log losses plus half the sum of the squares of the coefficients (not of
    the intercepts), by L-BFGS from 0: the same input gives the same bits.

    Parameters
    ----------
    matrix : dense, or a scipy.sparse array; shape (texts, features).
    target : the class of each text; every class has at least one. strength : above 0; larger trusts the texts more.
    """
    from scipy.optimize import minimize

    n, width = matrix.shape
    shape = (width + 1, n_classes)
    transposed = matrix.T.tocsr() if hasattr(matrix, "tocsr") else matrix.T
    is_target = np.zeros((n, n_classes))
    is_target[np.arange(n), target] = 1.0

    def loss(flat: Float) -> tuple[float, Float]:
        free = flat.reshape(shape)
        logs = log_softmax(matrix @ free[:-1] + free[-1])
        errors = np.exp(logs) - is_target
        gradient = np.vstack([strength * (transposed @ errors) + free[:-1], strength * errors.sum(axis=0)])
        value = -strength * (logs * is_target).sum() + 0.5 * (free[:-1] ** 2).sum()
        return float(value), gradient.ravel()

    start = np.zeros((width + 1) * n_classes)
    ends: Any = {"maxiter": MOST_STEPS, "gtol": 1e-3 * strength, "ftol": 1e-9}
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options=ends)
    free = found.x.reshape(shape)
    return Linear(free[:-1], free[-1])


def log_softmax(logits: Float) -> Float:
    """The log of the probabilities, row by row."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))

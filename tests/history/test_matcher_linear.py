"""Logistic regression."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.sparse import csr_array

from ticketopt._types import Float, Int
from ticketopt.history.matcher_linear import fit_linear, log_softmax


def drawn(n: int, width: int, classes: int) -> tuple[Float, Int]:
    chance = np.random.default_rng(0)
    target = np.concatenate([np.arange(classes), chance.integers(classes, size=n - classes)])
    rows = chance.normal(size=(n, width))
    rows[np.arange(n), target] += 1.0
    return rows, target


@pytest.mark.parametrize(("n", "width", "classes"), [(60, 5, 3), (12, 30, 2), (4, 6, 4)])
@pytest.mark.parametrize("strength", [0.1, 3.0, 30.0])
def test_it_is_the_minimum_that_another_optimizer_finds(n: int, width: int, classes: int, strength: float) -> None:
    rows, target = drawn(n, width, classes)

    def loss(flat: Float) -> float:
        free = flat.reshape(width + 1, classes)
        logs = log_softmax(rows @ free[:-1] + free[-1])
        return float(0.5 * (free[:-1] ** 2).sum() - strength * logs[np.arange(n), target].sum())

    found = fit_linear(rows, target, classes, strength)
    best = minimize(loss, np.zeros((width + 1) * classes), method="BFGS").fun
    assert loss(np.vstack([found.coefficients, found.intercepts]).ravel()) == pytest.approx(best, rel=5e-3, abs=1e-3)


def test_sparse_rows_say_what_dense_ones_say() -> None:
    rows, target = drawn(40, 8, 3)
    rows[np.abs(rows) < 0.5] = 0.0
    dense, sparse = fit_linear(rows, target, 3, 3.0), fit_linear(csr_array(rows), target, 3, 3.0)
    assert np.allclose(dense.coefficients, sparse.coefficients, atol=1e-9)
    assert np.allclose(np.exp(dense.logs(rows)).sum(axis=1), 1.0)


def test_without_any_feature_it_gives_the_shares_of_the_classes() -> None:
    found = fit_linear(np.zeros((4, 0)), np.array([0, 1, 1, 1]), 2, 3.0)
    assert np.exp(found.logs(np.zeros((1, 0)))) == pytest.approx(np.array([[0.25, 0.75]]), abs=1e-3)

"""The root by tiles is the library's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import cholesky

from ticketopt.history.cholesky import TILE, upper_root


@pytest.mark.parametrize("n", [1, 2, TILE - 1, TILE, TILE + 1, 3 * TILE, 200])
def test_the_root_is_that_of_the_library(n: int) -> None:
    x = np.random.default_rng(n).normal(size=(n, 2 * n + 1))
    matrix = x @ x.T
    before = matrix.copy()
    root = upper_root(matrix)
    assert (matrix == before).all()
    assert root == pytest.approx(cholesky(matrix), rel=1e-9, abs=1e-9)
    assert root.T @ root == pytest.approx(matrix, rel=1e-9, abs=1e-9)


def test_of_nothing_it_is_nothing() -> None:
    assert upper_root(np.zeros((0, 0))).shape == (0, 0)


@pytest.mark.parametrize("n", [2, TILE + 2])
def test_what_is_not_positive_definite_has_none(n: int) -> None:
    matrix = np.eye(n)
    matrix[-1, -1] = -1.0
    with pytest.raises(np.linalg.LinAlgError):
        upper_root(matrix)

"""Skill gaps are worked out a few rows at a time, and are those of the whole."""

from __future__ import annotations

import numpy as np
import pytest

from ticketopt.problem.skill_gap import divided, product, skill_gaps


def test_the_main_need_counts_more_than_many_weak_ones() -> None:
    wanted = np.array([[0.75, 0.25, 0.0], [0.0, 0.0, 0.0]])
    level = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 1.0], [0.5, 0.5, 0.0]])
    assert skill_gaps(wanted, level).tolist() == [[0.1, 0.9, 0.5], [0.0, 0.0, 0.0]]


@pytest.mark.parametrize(("n", "skills", "width"), [(0, 2, 3), (4, 0, 3), (3, 2, 0), (700, 20, 400), (3, 600, 500)])
def test_products_are_those_of_the_whole(n: int, skills: int, width: int) -> None:
    rng = np.random.default_rng(0)
    left, right = rng.integers(0, 9, (n, skills)).astype(float), rng.integers(0, 9, (skills, width)).astype(float)
    assert (product(left, right) == left @ right).all()


def test_rows_without_a_total_stay() -> None:
    table = np.array([[1.0, 3.0], [0.0, 0.0]])
    assert divided(table, table.sum(axis=1, keepdims=True)).tolist() == [[0.25, 0.75], [0.0, 0.0]]

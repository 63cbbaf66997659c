"""Blocks of rows cover a table once, in order."""

from __future__ import annotations

import numpy as np
import pytest

from ticketopt.problem.row_blocks import ENTRIES, divided, product, row_blocks


@pytest.mark.parametrize(("n", "width"), [(0, 5), (1, 0), (7, ENTRIES * 2), (3, ENTRIES // 2), (1000, 400)])
def test_every_row_is_in_one_block_of_limited_size(n: int, width: int) -> None:
    blocks = list(row_blocks(n, width))
    assert [k for rows in blocks for k in range(rows.start, rows.stop)] == list(range(n))
    assert all(rows.stop - rows.start == 1 or (rows.stop - rows.start) * width <= ENTRIES for rows in blocks)


@pytest.mark.parametrize(("n", "skills", "width"), [(0, 2, 3), (4, 0, 3), (3, 2, 0), (700, 20, 400), (3, 600, 500)])
def test_products_are_those_of_the_whole(n: int, skills: int, width: int) -> None:
    rng = np.random.default_rng(0)
    left, right = rng.integers(0, 9, (n, skills)).astype(float), rng.integers(0, 9, (skills, width)).astype(float)
    assert (product(left, right) == left @ right).all()


def test_rows_without_a_total_stay() -> None:
    table = np.array([[1.0, 3.0], [0.0, 0.0]])
    assert divided(table, table.sum(axis=1, keepdims=True)).tolist() == [[0.25, 0.75], [0.0, 0.0]]

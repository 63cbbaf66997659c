"""Blocks of rows cover a table once, in order."""

from __future__ import annotations

import pytest

from ticketopt.problem.row_blocks import ENTRIES, row_blocks

SIZES = [(0, 5), (1, 0), (7, ENTRIES * 2), (3, ENTRIES // 2), (1000, 100), (1000, 400), (5, ENTRIES - 1)]


@pytest.mark.parametrize(("n", "width"), SIZES)
def test_every_row_is_in_one_block_of_limited_size(n: int, width: int) -> None:
    blocks = list(row_blocks(n, width))
    assert [k for rows in blocks for k in range(rows.start, rows.stop)] == list(range(n))
    assert all(rows.stop - rows.start == 1 or (rows.stop - rows.start) * width < 2 * ENTRIES for rows in blocks)

"""Blocks of rows as columns: the same whatever the block, and every text of a column one object."""

from __future__ import annotations

import pytest

from ticketopt.intake.rows import columns_of_rows


@pytest.mark.parametrize("n", [0, 1, 399, 400, 401, 1_201])
def test_even_rows_are_transposed(n: int) -> None:
    columns, numbers, wide = columns_of_rows(iter([[str(k), "open"] for k in range(n)]), 2)
    assert columns == (tuple(map(str, range(n))), ("open",) * n)
    assert (list(numbers), wide) == (list(range(1, n + 1)), [])


def test_odd_rows_keep_their_numbers_across_blocks() -> None:
    rows = [["a", "b"] for _ in range(900)]
    rows[1], rows[450], rows[899] = [" ", ""], ["short"], ["wide", "b", "", "x"]
    columns, numbers, wide = columns_of_rows(iter(rows), 2)
    assert list(numbers) == [1, *range(3, 901)]
    assert [len(column) for column in columns] == [899, 899]
    assert (columns[0][449], columns[1][449]) == ("short", None)
    assert wide == [900]


def test_equal_texts_of_a_column_are_one_object() -> None:
    columns, _, _ = columns_of_rows(iter([["".join(["op", "en"])] for _ in range(1_000)]), 1)
    assert len(set(map(id, columns[0]))) == 1


def test_cells_of_a_spreadsheet_keep_their_types() -> None:
    columns, _, _ = columns_of_rows(iter([[1], [True], [1.0], ["1"]]), 1)
    assert list(map(type, columns[0])) == [int, bool, float, str]

"""Blocks of rows as columns: the same whatever the block, and every text of a column one object."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ticketopt.intake import rows
from ticketopt.intake.rows import columns_of_rows, rows_of_lines


@pytest.mark.parametrize("n", [0, 1, 399, 400, 401, 1_201])
def test_even_rows_are_transposed(n: int) -> None:
    columns, numbers, wide = columns_of_rows(iter([[str(k), "open"] for k in range(n)]), 2)
    assert columns == (tuple(map(str, range(n))), ("open",) * n)
    assert (list(numbers), wide) == (list(range(1, n + 1)), [])


def test_odd_rows_keep_their_numbers_across_blocks() -> None:
    given_rows = [["a", "b"] for _ in range(900)]
    given_rows[1], given_rows[450], given_rows[899] = [" ", ""], ["short"], ["wide", "b", "", "x"]
    columns, numbers, wide = columns_of_rows(iter(given_rows), 2)
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


def lines_of(text: str) -> Iterator[str]:
    return io.TextIOWrapper(io.BytesIO(text.encode()), "utf-8", newline="")


def rows_or_error(found: Iterator[list[str]]) -> list[list[str]] | str:
    try:
        return [row or [""] for row in found]
    except csv.Error as error:
        return str(error)


@given(
    text=st.text(st.sampled_from('ab,;" \t\n\r\x00\u2028\x85'), max_size=30),
    separator=st.sampled_from(",;\t"),
    block=st.integers(1, 3),
)
@example(text='a,b\n"c\nd",e\r\n\r\nf,g', separator=",", block=2)
@example(text='a,"b\n', separator=",", block=1)
def test_lines_are_what_a_csv_reader_reads(text: str, separator: str, block: int) -> None:
    expected = rows_or_error(csv.reader(lines_of(text), delimiter=separator, strict=True))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows, "_BLOCK", block)
        assert rows_or_error(rows_of_lines(lines_of(text), separator)) == expected


def test_what_cannot_separate_is_refused() -> None:
    with pytest.raises(TypeError):
        list(rows_of_lines(iter(["a"]), ";;"))

"""Blocks of rows as columns: as the careful way reads them, or not at all; every text of a column is one object."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import TextIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ticketopt.intake import blocks
from ticketopt.intake.blocks import Block, blocks_of_text, plain_columns
from ticketopt.intake.delimited import plain_rows
from ticketopt.intake.read import read_csv

HEADINGS = ("ticket_id", "status")


@pytest.fixture(autouse=True)
def short_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "_BLOCK", 1_000)


def blocks_of(rows: list[list[str]]) -> Iterator[Block]:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows(rows)
    text.seek(0)
    return blocks_of_text(text, ";", len(HEADINGS))


@pytest.mark.parametrize("n", [0, 1, 99, 100, 101, 1_201])
def test_even_rows_are_transposed(n: int) -> None:
    columns = plain_columns(blocks_of([[f"T{k}", "open"] for k in range(n)]), HEADINGS)
    assert columns == (tuple(f"T{k}" for k in range(n)), ("open",) * n)


NO_RECORDS = [
    ["", "open"], [" ", ""], ["short"], ["T1", "b", ""], ["Total:2", ""], ["n/a", "n/a"], ["Bob", ""], ["T 1", "open"],
    ["ticket_id", "status"], ["T1\nT2", "open"], ["sum3", "x"],
]  # fmt: skip


@pytest.mark.parametrize("row", NO_RECORDS, ids=repr)
@pytest.mark.parametrize("place", [0, 450, 899])
def test_a_row_that_may_be_no_record_ends_it(row: list[str], place: int) -> None:
    rows = [[f"T{k}", "open"] for k in range(900)]
    rows[place] = row
    assert plain_columns(blocks_of(rows), HEADINGS) is None


def test_equal_texts_of_a_column_are_one_object() -> None:
    columns = plain_columns(blocks_of([[f"T{k}", "open"] for k in range(1_000)]), HEADINGS)
    assert columns is not None
    assert len(set(map(id, columns[1]))) == 1


def opened(text: str) -> TextIO:
    return io.TextIOWrapper(io.BytesIO(text.encode()), "utf-8", newline="")


def rows_or_none(found: Iterator[list[str]], width: int) -> list[list[str]] | None:
    """The rows; None where one has another width, or is an error."""
    try:
        rows = list(found)
    except csv.Error:
        return None
    return rows if set(map(len, rows)) <= {width} else None


def rows_of_blocks(found: Iterator[Block]) -> Iterator[list[str]]:
    for block in found:
        yield from map(list, zip(*block, strict=True)) if block else iter([[]])


@given(
    text=st.text(st.sampled_from('ab,;" \t\n\r\x00\u2028\x85'), max_size=30),
    separator=st.sampled_from(",;\t"),
    block=st.integers(1, 12),
    width=st.integers(2, 3),
)
@example(text='a,b\n"c\nd",e\r\n\r\nf,g', separator=",", block=2, width=2)
@example(text='a,"b\n', separator=",", block=1, width=2)
@example(text="a,b,c,d\r\ne\nf,g\r\n", separator=",", block=12, width=2)
@example(text="a,b\r\nc,d,\ne,f\r\n", separator=",", block=12, width=2)
def test_lines_are_what_a_csv_reader_reads(text: str, separator: str, block: int, width: int) -> None:
    expected = rows_or_none(csv.reader(opened(text), delimiter=separator, strict=True), width)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "_BLOCK", block)
        assert rows_or_none(rows_of_blocks(blocks_of_text(opened(text), separator, width)), width) == expected


CELLS = st.sampled_from(["T1", "T2", "7", "Total: 2", "total2", "n/a", "", " ", "Bob", "a b1", '"q1"', '"x\ny1"', "id"])


@given(
    heads=st.permutations(["id", "title", "priority"]),
    rows=st.lists(st.lists(CELLS, min_size=2, max_size=4), max_size=5),
    separator=st.sampled_from(",;\t"),
    end=st.sampled_from(["", "\n", "\r\n\r\n"]),
)
@example(heads=["id", "title", "priority"], rows=[["T1", "x1", "T2"]] * 3, separator=",", end="")
def test_what_is_read_in_blocks_is_what_is_read_with_care(
    heads: list[str], rows: list[list[str]], separator: str, end: str
) -> None:
    text = "\n".join(separator.join(row) for row in [heads, *rows]) + end
    sheet = read_csv(text.encode(), "t.csv")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ticketopt.intake.read.plain_rows", lambda data: None)
        careful = read_csv(text.encode(), "t.csv")
    assert (sheet.headings, sheet.warnings, sheet.wrong_rows) == (
        careful.headings,
        careful.warnings,
        careful.wrong_rows,
    )
    assert list(map(list, sheet.cells)) == list(map(list, careful.cells))
    assert list(map(sheet.place_of, range(sheet.n_rows))) == list(map(careful.place_of, range(careful.n_rows)))


def test_most_files_are_read_in_blocks() -> None:
    plain = plain_rows(b"id,title\nT1,x\nT2,y\n")
    assert plain is not None
    assert plain_columns(plain.blocks, plain.headings) == (("T1", "T2"), ("x", "y"))


def test_what_cannot_separate_is_refused() -> None:
    with pytest.raises(TypeError):
        list(blocks_of_text(opened("a"), ";;", 2))

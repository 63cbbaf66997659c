"""Ids as they were before a spreadsheet read them; numbers as their column writes them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.columns import any_column, column, said
from ticketopt.intake.values import read_ids, read_numbers


def ids(cells: Sequence[Any]) -> tuple[list[str | int | None], list[str], list[str]]:
    return said(lambda report: read_ids(column(cells), report))


def numbers(cells: Sequence[Any], **options: Any) -> tuple[list[float | None], list[str], list[str]]:
    return said(lambda report: read_numbers(column(cells), report, **options))


IDS: list[tuple[list[Any], list[Any]]] = [
    (["T-1", " T-2 ", "t-3"], ["T-1", "T-2", "t-3"]),
    (["\uff21\uff22\uff11", "\u200bA\u00a0", "\ufeff7"], ["AB1", "A", "7"]),
    (["8.0", "9.0", None], ["8", "9", None]),
    (["8.0", "9", "10.00"], ["8", "9", "10"]),
    (["8.0", "T-9"], ["8.0", "T-9"]),
    (["8.0", "8.1"], ["8.0", "8.1"]),
    (["007", "8"], ["007", "8"]),
    (["5 732 943", "12"], ["5732943", "12"]),
    (["5\u00a0732\u00a0943", "5\u202f732\u202f944", "5\u2009732\u2009945"], ["5732943", "5732944", "5732945"]),
    (["5 732 943", "A 1"], ["5 732 943", "A 1"]),
    (["12 34"], ["12 34"]),
    (["'007", '="008"', "'a"], ["007", "008", "'a"]),
    ([8, 8.0, np.int64(9), np.float64(10.0), Decimal(11)], [8, 8, 9, 10, 11]),
    ([2**60, -1], [2**60, -1]),
    ([2.0**53], [2**53]),
    (["1E5", "E+05", "12E+05"], ["1E5", "E+05", "12E+05"]),
    ([UUID(int=1)], ["00000000-0000-0000-0000-000000000001"]),
]


@pytest.mark.parametrize(("cells", "expected"), IDS, ids=ascii)
def test_ids_are_as_written(cells: list[Any], expected: list[Any]) -> None:
    found, errors, warnings = ids(cells)
    assert (found, errors, warnings) == (expected, [], [])
    assert list(map(type, found)) == list(map(type, expected))


WRONG_IDS = [
    ("1.0E+05", "a spreadsheet rounded it"),
    ("1,23e+11", "a spreadsheet rounded it"),
    (2.0**53 * 2, "too large to be exact"),
    (8.5, "is not a whole number"),
    (math.inf, "is not a whole number"),
    (True, "is a boolean, not an id"),
    (np.True_, "is a bool, not an id"),
    ([1], "is a list, not an id"),
    ("\u200b", "is blank"),
]


@pytest.mark.parametrize(("cell", "problem"), WRONG_IDS, ids=ascii)
def test_no_id(cell: Any, problem: str) -> None:
    found, errors, _ = ids(["T-1", cell])
    assert found == ["T-1", None]
    assert len(errors) == 1
    assert errors[0].startswith("t.csv row 2.Column: ")
    assert problem in errors[0]


NUMBERS: list[tuple[list[Any], list[float | None]]] = [
    (["8", "0", "2.5", "+3", ".5", "007"], [8, 0, 2.5, 3, 0.5, 7]),
    (["1,5", "2", ",5"], [1.5, 2, 0.5]),
    (["1,234", "1,5"], [1.234, 1.5]),
    (["1,234", "1.5"], [1234, 1.5]),
    (["1,234", "0,125"], [1.234, 0.125]),
    (["1,234", "12,345,678"], [1234, 12_345_678]),
    (["1.234"], [1.234]),
    (["1.234", "1,5"], [1234, 1.5]),
    (["1.234", "1.234.567"], [1234, 1_234_567]),
    (["1.234,5"], [1234.5]),
    (["1,234.5"], [1234.5]),
    (["1 234,5", "1\u00a0234", "12\u202f345\u202f678"], [1234.5, 1234, 12_345_678]),
    (["1'234.50", "1\u2019234"], [1234.5, 1234]),
    (["1,5", "1.5"], [1.5, 1.5]),
    (["1e3", "2.5E-1"], [1000, 0.25]),
    ([8, 2.5, np.int64(3), np.float32(0.5), Decimal("1.5"), None], [8, 2.5, 3, 0.5, 1.5, None]),
    (["\uff11\uff12", "1000000"], [12, 1_000_000]),
]


@pytest.mark.parametrize(("cells", "expected"), NUMBERS, ids=ascii)
def test_numbers_are_as_their_column_writes_them(cells: list[Any], expected: list[float | None]) -> None:
    assert numbers(cells) == (expected, [], [])


WRONG_NUMBERS = [
    "2 h",
    "30 min",
    "1h30",
    "80 %",
    "$5",
    "five",
    "1,23,4",
    "1 23",
    "1-2",
    "--1",
    "1.2.3",
    "1.234,567.8",
    "0x10",
]

WRONG_NUMBERS += ["inf", "nan", "1e999", "5.", "1_000", "\u00bd", "2026-01-01", "9:30", "(5)", "5-"]


@pytest.mark.parametrize("cell", [*WRONG_NUMBERS, True, math.inf, math.nan, 10**400, [1], object, 1j], ids=ascii)
def test_no_number(cell: Any) -> None:
    found, errors, _ = numbers(["7", cell])
    assert found == [7, None]
    assert len(errors) == 1
    assert "write a number without a unit" in errors[0]


def test_a_comma_that_may_be_either_is_an_error_with_both_readings() -> None:
    found, errors, _ = numbers(["1,234", "7", "2,500"])
    assert found == [None, 7, None]
    assert "row 1.Column: '1,234' could be 1234 or 1.234" in errors[0]
    assert "row 3.Column: '2,500' could be 2500 or 2.5" in errors[1]


def test_where_cells_contradict_each_other_the_others_are_errors() -> None:
    assert numbers(["1,5", "1.5", "1,234"])[0] == [1.5, 1.5, None]


RANGES: list[tuple[Any, dict[str, Any], str]] = [
    ("-3", {}, "'-3' is out of range; give a number of at least 0"),
    ("\u22123", {}, "is out of range"),
    ("11", {"low": 1, "high": 10}, "'11' is out of range; give a number from 1 to 10"),
    ("2.5", {"whole": True}, "'2.5' is not a whole number; give a whole number"),
]


@pytest.mark.parametrize(("cell", "options", "problem"), RANGES, ids=ascii)
def test_a_number_out_of_range(cell: Any, options: dict[str, Any], problem: str) -> None:
    found, errors, _ = numbers([cell], **options)
    assert found == [None]
    assert problem in errors[0]


def test_whole_numbers_are_whole() -> None:
    found = numbers(["8.0", 3.0, "2"], whole=True)[0]
    assert found == [8, 3, 2]
    assert all(type(number) is int for number in found)


def test_equal_mistakes_are_counted() -> None:
    assert len(numbers(["x"] * 10 + ["-1"])[1]) == 5
    assert len(ids([True] * 10)[1]) == 4


@given(any_column)
def test_nothing_makes_another_exception(cells: list[Any]) -> None:
    for found, errors, _ in (ids(cells), numbers(cells), numbers(cells, whole=True, high=10)):
        assert len(found) == len(cells)
        assert errors or all((value is None) == (cell is None) for value, cell in zip(found, cells, strict=True))


@given(
    st.integers(0, 10**9), st.sampled_from([("", "."), (",", "."), (".", ","), (" ", ","), ("'", "."), ("\u202f", ",")])
)
def test_a_number_written_in_any_way_reads_back(hundredths: int, signs: tuple[str, str]) -> None:
    group, point = signs
    text = f"{hundredths / 100:,.2f}".translate(str.maketrans({",": group, ".": point}))
    assert numbers([text]) == ([hundredths / 100], [], [])

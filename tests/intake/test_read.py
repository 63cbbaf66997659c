"""Bytes to tables: encodings, separators, blank rows, sheets."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.spreadsheet import write_xlsx
from ticketopt.errors import InvalidInputError
from ticketopt.intake.read import Lines, flat, read_csv, read_file, sheet_of_rows

ROWS = [["ticket_id", "title"], ["T-1", 'Gerät; "rot", groß'], ["T-2", "zwei\nZeilen"]]


def text(separator: str) -> str:
    quoted = [[f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row] for row in ROWS]
    return "".join(separator.join(row) + "\r\n" for row in quoted)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_every_encoding_and_separator_is_found(encoding: str, separator: str) -> None:
    sheet = read_csv(text(separator).encode(encoding), "t.csv")
    assert list(sheet.headings) == ROWS[0]
    assert [list(row) for row in zip(*sheet.cells, strict=True)] == ROWS[1:]
    assert len(sheet.warnings) == (encoding in ("utf-16-le", "utf-16-be", "cp1252"))


@pytest.mark.parametrize(
    ("given", "headings", "cells"),
    [
        ("sep=;\nticket_id;title\n1;a,b\n", ("ticket_id", "title"), [["1"], ["a,b"]]),
        ("ticket_id\n1\n2\n", ("ticket_id",), [["1", "2"]]),
        ("ticket_id,title\n1,a\n,\n , \n\n2,b\n", ("ticket_id", "title"), [["1", "2"], ["a", "b"]]),
        ("ticket_id,title,,\n1,a,,\n", ("ticket_id", "title"), [["1"], ["a"]]),
        ("ticket_id,title\n1,a,\n", ("ticket_id", "title"), [["1"], ["a"]]),
        ("ticket_id,title\n1\n", ("ticket_id", "title"), [["1"], [None]]),
        ("\n\nticket_id,title\n1,a\n", ("ticket_id", "title"), [["1"], ["a"]]),
        ("ticket_id,title\n", ("ticket_id", "title"), [[], []]),
        ("", (), []),
    ],
)
def test_rows_without_content_are_none(given: str, headings: tuple[str, ...], cells: list[list[object]]) -> None:
    sheet = read_csv(given.encode(), "t.csv")
    assert (sheet.headings, [list(column) for column in sheet.cells]) == (headings, cells)


def test_a_cell_beyond_the_header_is_wrong_in_its_row() -> None:
    sheet = read_csv(b"ticket_id,title\n1,a\n2,b,c\n", "t.csv")
    assert list(map(str, sheet.wrong_rows)) == [
        "t.csv row 2: has more cells than the header; quote cells that hold the separator"
    ]


def test_broken_quoting_is_our_error() -> None:
    with pytest.raises(InvalidInputError, match="is not CSV"):
        read_csv(b'ticket_id,title\n1,"a"b\n', "t.csv")


def test_places_count_the_rows_of_the_file() -> None:
    sheet = read_csv(b"ticket_id,title\n1,a\n,\n2,-\n", "t.csv")
    column = sheet.column(1)
    assert (list(column.cells), column.place(1)) == (["a", None], "t.csv row 3.title")


def test_objects_become_a_table_and_nested_ones_are_flat() -> None:
    rows = [{"key": "A", "fields": {"labels": [{"name": "x"}, {"id": 2}], "status": {"name": "Open"}}}, {"n": 1}]
    sheet = sheet_of_rows([flat(row) for row in rows], "tickets")
    assert sheet.headings == ("key", "fields.labels", "fields.status.name", "n")
    assert [list(column) for column in sheet.cells] == [["A", None], [["x", 2], None], ["Open", None], [None, 1]]
    assert sheet.place_of(1) == "tickets[1]"


@pytest.mark.parametrize("suffix", [".xlsx", ".ods"])
def test_what_is_no_spreadsheet_says_so(tmp_path: Path, suffix: str) -> None:
    pytest.importorskip("python_calamine")
    path = tmp_path / f"t{suffix}"
    path.write_bytes(b"no spreadsheet")
    with pytest.raises(InvalidInputError, match="is no readable spreadsheet"):
        read_file(path)


def test_a_spreadsheet_is_its_first_sheet_with_content(tmp_path: Path) -> None:
    pytest.importorskip("python_calamine")
    rows = [["ticket_id", "title", "effort"], [7, "VPN_x000D_\nslow", 2], [None, None, None], [8, "Mail", 1.5]]
    sheet = read_file(write_xlsx(tmp_path / "t.xlsx", {"Cover": [], "Tickets": rows, "Old": [["x"]]}))
    assert sheet.headings == ("ticket_id", "title", "effort")
    numbers, titles, efforts = sheet.cells
    assert (list(numbers), list(efforts)) == ([7, 8], [2, 1.5])
    assert [title.split() for title in titles] == [["VPN", "slow"], ["Mail"]]
    assert [str(warning) for warning in sheet.warnings] == [
        f"{tmp_path}/t.xlsx: only its sheet 'Tickets' was read, not 'Old'; move that sheet to the front"
    ]


def test_an_empty_spreadsheet_is_an_empty_table(tmp_path: Path) -> None:
    pytest.importorskip("python_calamine")
    assert read_file(write_xlsx(tmp_path / "t.xlsx", {"Tickets": []})).n_rows == 0


def test_a_byte_order_mark_that_lies_does_not_stop_the_reading() -> None:
    sheet = read_csv(b"\xff\xfeticket_id\n1\n2", "t.csv")
    assert (len(sheet.warnings), [list(cells) for cells in sheet.cells]) == (1, [["1", "2"]])


LISTS = '[{"ticket_id": "T-1"}, {"ticket_id": "T-2"}]'
MISNAMED = [
    ("t.json", LISTS.encode("utf-16")),
    ("t.json", LISTS.encode("utf-8-sig")),
    ("t.csv", LISTS.encode()),
    ("t.txt", f"\n {LISTS}".encode()),
]


@pytest.mark.parametrize(("name", "data"), MISNAMED)
def test_json_is_known_by_what_it_holds(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    assert read_file(tmp_path / name) == [{"ticket_id": "T-1"}, {"ticket_id": "T-2"}]


@pytest.mark.parametrize("suffix", [".csv", ".xls", ".xlsx", ".ods", ".txt", ".tsv", ""])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_table_of_text_is_known_under_any_name(tmp_path: Path, suffix: str, encoding: str) -> None:
    path = tmp_path / f"t{suffix}"
    path.write_bytes("ticket_id\ttitle\nT-1\tVPN\n".encode(encoding))
    assert read_file(path).headings == ("ticket_id", "title")


def test_a_spreadsheet_is_known_under_any_name(tmp_path: Path) -> None:
    pytest.importorskip("python_calamine")
    write_xlsx(tmp_path / "t.xlsx", {"Tickets": [["ticket_id"], ["T-1"]]}).rename(tmp_path / "t.csv")
    assert list(read_file(tmp_path / "t.csv").cells[0]) == ["T-1"]


def test_lines_of_json_are_known_in_a_json_file(tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text('{"ticket_id": 1}\n{"ticket_id": 2}\n')
    assert read_file(tmp_path / "t.json") == Lines('{"ticket_id": 1}\n{"ticket_id": 2}\n')


@pytest.mark.parametrize("cell", [None, float("nan")])
def test_empty_rows_of_a_frame_are_none_and_places_stay(cell: object) -> None:
    rows = [{"ticket_id": "T-1"}, {"ticket_id": cell}, {"ticket_id": "T-2"}]
    sheet = sheet_of_rows(rows, "tickets", is_text=True)
    assert (list(sheet.cells[0]), sheet.place_of(1)) == (["T-1", "T-2"], "tickets[2]")
    assert sheet_of_rows(rows, "tickets").n_rows == 3

"""Plans as tables in files: read back as they were, and nothing in them is computed by a spreadsheet."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from python_calamine import load_workbook

import ticketopt
from ticketopt.errors import InvalidInputError
from ticketopt.report.table_file import PLAN_HEAD, check_form, plan_rows, write_table

EVIL = '=cmd|"/c calc"!A1'


def result() -> ticketopt.Result:
    tickets = [
        {"ticket_id": 7, "title": EVIL, "urgency": 0.5},
        {"ticket_id": "-x", "title": 'Zoë, "漢"\n2'},
        {"ticket_id": 10**20, "title": ""},
    ]
    return ticketopt.assign(tickets, [{"agent_id": "a", "name": "@Ada", "capacity": 2}])


def test_csv_reads_back_and_no_text_is_a_formula(tmp_path: Path) -> None:
    write_table(str(tmp_path / "p.csv"), PLAN_HEAD, plan_rows(result()))
    with (tmp_path / "p.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["ticket_id"] for row in rows] == ["7", "-x", str(10**20)]
    assert [row["title"] for row in rows] == [f"'{EVIL}", 'Zoë, "漢"\n2', ""]
    assert {row["agent"] for row in rows if row["agent_id"]} == {"'@Ada"}
    assert sum(row["reason"] == "no_capacity" for row in rows) == 1


def test_a_workbook_holds_texts_as_texts_and_numbers_as_numbers(tmp_path: Path) -> None:
    write_table(str(tmp_path / "p.XLSX"), PLAN_HEAD, plan_rows(result()))
    head, *rows = load_workbook(str(tmp_path / "p.XLSX")).get_sheet_by_index(0).to_python()
    assert head == list(PLAN_HEAD)
    assert [row[0] for row in rows] == [7, "-x", str(10**20)]
    assert [row[1] for row in rows] == [EVIL, 'Zoë, "漢"\n2', ""]
    assert rows[0][2] == 0.5


def test_json_is_one_object_per_row(tmp_path: Path) -> None:
    rows = plan_rows(result())
    write_table(str(tmp_path / "p.json"), PLAN_HEAD, rows)
    data = json.loads((tmp_path / "p.json").read_text("utf-8"))
    assert [list(row.values()) for row in data] == rows
    assert tuple(data[0]) == PLAN_HEAD


def test_tables_of_nothing_have_a_head(tmp_path: Path) -> None:
    for name in ("p.csv", "p.xlsx", "p.json"):
        write_table(str(tmp_path / name), PLAN_HEAD, [])
    assert (tmp_path / "p.csv").read_text("utf-8-sig").strip() == ",".join(PLAN_HEAD)
    assert json.loads((tmp_path / "p.json").read_text("utf-8")) == []


@pytest.mark.parametrize("name", ["plan", "plan.doc", "plan.csv.gz", ".csv", ""])
def test_a_name_that_says_no_form_is_an_error_that_says_which_there_are(name: str) -> None:
    with pytest.raises(InvalidInputError, match=r"end it in \.csv, \.xlsx, \.json"):
        check_form(name)

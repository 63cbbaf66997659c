"""Rows that are no records: empty ones, titles above the headings, totals and remarks below."""

from __future__ import annotations

import pytest

from ticketopt.intake.read import read_csv

HEAD = "ticket_id,title,priority\n"
ONE, TWO = "T1,VPN,high\n", "T2,x,low\n"

NOTHING = [
    ",,",
    "  , ,",
    "\u00a0,\u00a0,",
    "\u200b,,",
    '"","",""',
    "-,-,-",
    "NULL,NULL,NULL",
    "---,---,---",
    "?,n/a,#N/A",
]


@pytest.mark.parametrize("row", NOTHING, ids=ascii)
def test_a_row_that_says_nothing_is_none(row: str) -> None:
    sheet = read_csv(f"{HEAD}{row}\n{ONE}{row}\n{TWO}{row}\n".encode(), "t.csv")
    assert (list(sheet.cells[0]), sheet.warnings) == (["T1", "T2"], ())
    assert sheet.place_of(1) == "t.csv row 4"


ABOVE = {
    "Open tickets\n": 1,
    "Open tickets,,\n,,\n": 1,
    "Report,Open tickets,\nDate,23.11.2026,\n": 2,
    "Report: open tickets\nMade: 2026-11-23 09:00\n\n": 2,
    "# an export\n": 1,
    "\ufeffPat's list;\n": 1,
}


@pytest.mark.parametrize(("above", "count"), ABOVE.items(), ids=ascii)
def test_rows_above_the_headings_are_passed_over_and_said(above: str, count: int) -> None:
    sheet = read_csv(f"{above}{HEAD}{ONE}{TWO}".encode(), "t.csv")
    assert (sheet.headings, list(sheet.cells[0])) == (("ticket_id", "title", "priority"), ["T1", "T2"])
    note = f"t.csv: rows above its headings, passed over: {count}; nothing needs to be done"
    assert list(map(str, sheet.warnings)) == [note]


NO_RECORDS = [
    "Total,2,", "Total: 2,,", "TOTAL:,,", "Grand Total,,", "Summe,,2", "Gesamt,2,", "Somme,,", "Totale,,", "Suma,2,",
    "Count,2,", "Anzahl: 2,,", "(2 rows affected)", "Exported by Pat on 2026-11-23", "*** End of report ***,,",
    "Confidential,,", "High,,", "ticket_id,title,priority",
]  # fmt: skip


@pytest.mark.parametrize("row", NO_RECORDS)
def test_a_total_and_a_remark_are_no_records_and_that_is_said(row: str) -> None:
    sheet = read_csv(f"{HEAD}{ONE}{TWO}{row}\n".encode(), "t.csv")
    assert list(sheet.cells[0]) == ["T1", "T2"]
    assert len(sheet.warnings) == 1
    assert "totals, remarks or headings once more: row 3; give them an id" in str(sheet.warnings[0])


RECORDS = ["T3,,", "T3,Total,", "3,,", "A-7,,", ",Total: 2,", "Totality,x,", "Sum of T1,x,low", "T3"]


@pytest.mark.parametrize("row", RECORDS)
def test_a_row_with_an_id_of_its_own_is_a_record(row: str) -> None:
    sheet = read_csv(f"{HEAD}{ONE}{TWO}{row}\n".encode(), "t.csv")
    assert (sheet.n_rows, sheet.warnings) == (3, ())


def test_people_with_nothing_but_a_name_stay() -> None:
    sheet = read_csv(b"name,skills\nAda,VPN:9\nBo Lee,\nCy,Mail:3\n", "t.csv")
    assert (list(sheet.cells[0]), sheet.warnings) == (["Ada", "Bo Lee", "Cy"], ())

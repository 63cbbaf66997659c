"""A plan as a table in a file, whose form its name says: .csv, .xlsx or .json."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path

from ticketopt.errors import InvalidInputError
from ticketopt.planning.result import Result

__all__ = ["FORMS", "PLAN_HEAD", "check_form", "plan_rows", "write_table"]

PLAN_HEAD = ("ticket_id", "title", "urgency", "agent_id", "agent", "reason", "why")

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""What a text begins with that a spreadsheet would compute instead of showing it."""

Cell = str | int | float | None


def plan_rows(result: Result) -> list[list[Cell]]:
    """One row per ticket in the order of the queue, by `PLAN_HEAD`; `reason` is why it was left out, as a code."""
    return [
        [d.ticket_id, ticket.title, d.reading.urgency, d.agent_id, d.agent_name, d.reason, d.rationale]
        for d, ticket in zip(result.decisions, result.problem.tickets, strict=True)
    ]


def check_form(path: str) -> str:
    """The ending of a file's name that says its form.

    Raises
    ------
    InvalidInputError
        Where it says none that can be written.
    """
    ending = Path(path).suffix.lower()
    if ending not in FORMS:
        raise InvalidInputError.single(
            path, "does not say by its ending what to write", f"end it in {', '.join(FORMS)}"
        )
    return ending


def write_table(path: str, head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    """Write a table to a file, in the form that its name says."""
    Path(path).write_bytes(FORMS[check_form(path)](head, rows))


def _csv(head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """UTF-8 with a mark by which spreadsheets know it; a text that would be a formula gets an apostrophe."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([[_safe(name, value) for name, value in zip(head, row, strict=True)] for row in rows])
    return text.getvalue().encode("utf-8-sig")


def _safe(name: str, value: Cell) -> Cell:
    is_id = name.endswith("_id")
    return f"'{value}" if isinstance(value, str) and not is_id and value.startswith(FORMULA_SIGNS) else value


def _xlsx(head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """A workbook of one sheet; no cell is a formula or a link, whatever it says."""
    from xlsxwriter import Workbook

    content = io.BytesIO()
    workbook = Workbook(content, {"in_memory": True})
    sheet = workbook.add_worksheet("Plan")
    bold = workbook.add_format({"bold": True})
    for column, name in enumerate(head):
        sheet.write_string(0, column, name, bold)
    for k, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(k, column, value[:MOST_LETTERS])
            elif value is not None and abs(value) < EXACT:
                sheet.write_number(k, column, value)
            elif value is not None:
                sheet.write_string(k, column, str(value))
    sheet.freeze_panes(1, 0)
    sheet.autofit(max_width=300)
    workbook.close()
    return content.getvalue()


MOST_LETTERS = 32_767
"""A cell of a workbook holds no more."""

EXACT = 10**15
"""A workbook rounds larger numbers, which are ids, so they are written as text."""


def _json(head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    data = [dict(zip(head, row, strict=True)) for row in rows]
    return (json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


FORMS: dict[str, Callable[[Sequence[str], Sequence[Sequence[Cell]]], bytes]] = {
    ".csv": _csv,
    ".xlsx": _xlsx,
    ".json": _json,
}
"""Ending -> what makes the bytes of a table."""

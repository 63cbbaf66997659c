"""All columns of times of one table, of text or of plain values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, tzinfo
from typing import Any

from ticketopt.intake.column import Column
from ticketopt.intake.dates import read_times
from ticketopt.problem.report import Report

__all__ = ["times_of"]

_HAS_TIME = re.compile(r"\d[T ]\d")


def times_of(
    columns: Mapping[str, Column], names: Sequence[str], end: str, zone: tzinfo, day_first: bool | None, report: Report
) -> dict[str, Sequence[Any]]:
    """The columns of times, read together; a date without a time in the column `end` is the end of that day.

    In plain values (not from a table of text) ISO times, numbers and datetimes are left to the record's own reader, and
    so is what is no time.
    """
    there = {name: columns[name] for name in names if name in columns}
    foreign = {name: column if column.is_text else _foreign(column) for name, column in there.items()}
    if "due" in there and all(cell is None or _is_midnight(cell) for cell in there["due"].cells):
        foreign["due"] = there["due"]
    ends = frozenset(column.heading for name, column in there.items() if name == end)
    days = frozenset(column.heading for name, column in there.items() if name == "due")
    found = Report(names_all=report.names_all)
    columns_read = list(foreign.values())
    times = read_times(columns_read, found, zone=zone, day_first=day_first, date_ends_day=ends, whole_days=days)
    read: dict[str, Sequence[Any]] = dict(zip(there, times, strict=True))
    report.warnings += found.warnings
    if any(column.is_text for column in there.values()):
        report.issues += found.issues
        return read
    return {
        name: [cell if new is None else new for cell, new in zip(column.cells, read[name], strict=True)]
        for name, column in there.items()
    }


def _foreign(column: Column) -> Column:
    return replace(column, cells=[cell if _is_foreign(cell) else None for cell in column.cells])


def _is_midnight(cell: Any) -> bool:
    return isinstance(cell, datetime) and cell.tzinfo is None and cell.time() == datetime.min.time()


def _is_foreign(cell: Any) -> bool:
    """Whether a plain value is a time that our own reader does not know: a date, or a text that is no ISO time."""
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return True
    if not isinstance(cell, str):
        return False
    try:
        datetime.fromisoformat(cell.strip())
    except ValueError:
        return True
    return not _HAS_TIME.search(cell)

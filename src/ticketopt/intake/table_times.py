"""All columns of times of one table, of text or of plain values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from ticketopt.intake.cells import read_each
from ticketopt.intake.clear_times import clear_times
from ticketopt.intake.column import Column
from ticketopt.intake.dates import read_times
from ticketopt.problem.report import Report

__all__ = ["times_of"]

_HAS_TIME = re.compile(r"\d[T ]\d")


def times_of(
    columns: Mapping[str, Column], names: Sequence[str], end: str, zone: tzinfo, day_first: bool | None, report: Report
) -> dict[str, Sequence[Any]]:
    """The columns of times, read together; a date without a time in the column `end` is the end of that day.

    In plain values (not from a table of text) ISO times, numbers and datetimes mean what the record's own reader makes
    of them, and what is no time is left to it.
    """
    there = {name: columns[name] for name in names if name in columns}
    clear = {name: [] if column.is_text else clear_times(column.cells, UTC) for name, column in there.items()}
    foreign = {name: column if column.is_text else _foreign(column, clear[name]) for name, column in there.items()}
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
    return {name: _over(_over(column.cells, clear[name]), read[name]) for name, column in there.items()}


def _over(cells: Sequence[Any], times: Sequence[float | None]) -> Sequence[Any]:
    """The times, and the cells where there are none."""
    if not times or None not in times:
        return times or cells
    return [cell if time is None else time for cell, time in zip(cells, times, strict=True)]


def _foreign(column: Column, clear: Sequence[float | None]) -> Column:
    """The cells that our own reader does not know; none at all where every time is clear."""
    if clear and None not in clear:
        return replace(column, cells=())
    cells = column.cells
    if clear:
        cells = [cell if time is None else None for cell, time in zip(cells, clear, strict=True)]
    are_foreign = read_each(replace(column, cells=cells), _is_foreign)
    return replace(column, cells=[cell if is_one else None for cell, is_one in zip(cells, are_foreign, strict=True)])


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

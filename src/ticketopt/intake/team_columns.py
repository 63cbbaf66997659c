"""Which columns of a table of people say when each works."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ticketopt.intake.absences import AbsenceColumn, Kind, absence_kind
from ticketopt.intake.cells import Mistake
from ticketopt.intake.column import Column
from ticketopt.intake.levels import level_of
from ticketopt.intake.mapping import ColumnUse
from ticketopt.intake.read import Sheet
from ticketopt.intake.team_times import TeamTimes, TimeColumns, says_absences, says_hours, says_weekdays, weekday_of

__all__ = ["find_time_columns", "says_when", "without_clock_times"]

_KINDS: Mapping[str, Kind] = {
    "absence": "span",
    "absence_from": "from",
    "absence_until": "until",
    "absence_back": "back",
}
_FIELDS = {kind: name for name, kind in _KINDS.items()}
_MEANS: Mapping[str, Callable[[Column], bool]] = {
    "working_hours": says_hours,
    "weekdays": says_weekdays,
    "mail": lambda column: any("@" in str(cell) for cell in column.cells),
    "account": lambda column: any(
        isinstance(cell, str) and isinstance(level_of(cell), Mistake) for cell in column.cells
    ),
}
"""What a column needs to hold to be what its heading says: these words are names of shifts, counts and skills too."""
_FEW_DAYS = 3
"""So many columns of a table have to be called after weekdays before they are taken for those."""


def says_when(heading: str) -> bool:
    """Whether a heading is a weekday's or an absence's, whatever stands below it."""
    return weekday_of(heading) is not None or absence_kind(heading) is not None


def find_time_columns(
    sheet: Sheet, columns: Mapping[str, Column], uses: tuple[ColumnUse, ...]
) -> tuple[dict[str, Column], tuple[ColumnUse, ...], TimeColumns]:
    """The columns that are what their headings say, what became of each, and those that say when people work."""
    rest = dict(columns)
    for name, says in _MEANS.items():
        if name in rest and not says(rest[name]):
            del rest[name]
            uses = tuple(replace(use, field=None) if use.field == name else use for use in uses)
    found: dict[int, str] = {}
    by_day: dict[int, Column] = {}
    absences = [AbsenceColumn(kind, rest[name]) for name, kind in _KINDS.items() if name in rest]
    free = [(k, sheet.column(k)) for k, use in enumerate(uses) if use.field is None and use.heading]
    days = {k: day for k, column in free if (day := weekday_of(column.heading)) is not None}
    for k, column in free:
        kind = absence_kind(column.heading)
        if kind is not None and says_absences(column):
            found[k] = _FIELDS[kind]
            absences.append(AbsenceColumn(kind, column))
        elif k in days and len(set(days.values())) >= _FEW_DAYS:
            found[k] = "working_hours"
            by_day.setdefault(days[k], column)
    uses = tuple(replace(use, field=found[k]) if k in found else use for k, use in enumerate(uses))
    ends, hours = (rest.get("shift_start"), rest.get("shift_end")), rest.get("working_hours")
    zone = rest.get("timezone")
    return rest, uses, TimeColumns(*ends, hours, rest.get("weekdays"), zone, by_day or None, absences)


def without_clock_times(columns: Mapping[str, Column], told: TeamTimes) -> dict[str, Column]:
    """The columns, with nothing where a shift's end is a time of day."""
    result: dict[str, Any] = dict(columns)
    for name in ("shift_start", "shift_end"):
        if name in result:
            cells = [cell if m else None for cell, m in zip(result[name].cells, told.is_moment, strict=True)]
            result[name] = replace(result[name], cells=cells)
    return result

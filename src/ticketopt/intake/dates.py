"""Columns of times -> Unix seconds. The order of day and month is what all columns of a table say together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from ticketopt.intake.cells import Mistake, named, plain_value, read_each, without_mistakes
from ticketopt.intake.clear_times import EPOCH, LAST, YEAR_2000, YEAR_3000, clear_times
from ticketopt.intake.column import Column, are_texts
from ticketopt.intake.date_words import MONTH_NAMES
from ticketopt.intake.written_time import WRITE, WrittenTime, into_the_day, written_time
from ticketopt.problem.report import Report, is_number, shown

__all__ = ["REPAIR_ORDER", "read_times"]

_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:e[+-]?\d+)?", re.IGNORECASE)

_ZEROS = re.compile(r"0{1,4}[-./]0{1,2}[-./]0{1,4}(?:[t ][0:.]+z?)?", re.IGNORECASE)

_STAMP = re.compile(r"/Date\((\d{12,14})(?:[+-]\d{4})?\)/")  # milliseconds, as .NET writes them

_NOTE = re.compile(r"[(\[]([^()\[\]]*)[)\]]\s*$")

_NEVER = 9999
"""The year that stands for no time at all."""

_SAY_TIMES = "write the times of day where they matter"

_FIRST_SERIAL, _LAST_SERIAL = 36_526, 73_050  # 2000-01-01 and 2099-12-31, in days since the last of 1899

_UNITS = {1: "", 1_000: "milliseconds", 1_000_000: "microseconds"}
"""How many of a unit are a second -> the unit, where a number is read with a warning."""

_SERIAL = "date serials of a spreadsheet"

REPAIR_ORDER = "say day_first or month_first (--day-first, --month-first)"


def read_times(
    columns: Sequence[Column],
    report: Report,
    *,
    zone: tzinfo = UTC,
    day_first: bool | None = None,
    date_ends_day: frozenset[str] = frozenset(),
    whole_days: frozenset[str] = frozenset(),
) -> list[list[float | None]]:
    """Read all columns of times of one table.

    Parameters
    ----------
    zone : of times that name none.
    day_first : the order of day and month in dates such as 5/3/2026; None asks the columns.
    date_ends_day : headings of the columns in which a date without a time is the last second of that day, as for
        a due date; elsewhere it is the first.
    whole_days : headings of the columns that hold dates where all their times are midnight.

    Returns
    -------
    per column, per row: Unix seconds, or None where nothing is given or it is wrong
    """
    zones = [_zone_of(column, zone, report) for column in columns]
    clear = [
        _clear(column, own_zone, may_be_days=column.heading in whole_days)
        for column, own_zone in zip(columns, zones, strict=True)
    ]
    others = [_others(column, times) for column, times in zip(columns, clear, strict=True)]
    firsts = [_firsts(column) for column in others]
    written: list[list[WrittenTime | Mistake | None]] = [read_each(column, _written) for column in firsts]
    for column, values in zip(firsts, written, strict=True):
        _warn_of_numbers(column, values, report)
    if day_first is None:
        day_first = _order(firsts, written, report)
    times = []
    for known, column, first, values, own_zone in zip(clear, others, firsts, written, zones, strict=True):
        default = 86_399.0 if column.heading in date_ends_day else 0.0
        if column.heading in whole_days and not known and _are_dates(values):
            values = [value._replace(seconds=None) if isinstance(value, WrittenTime) else value for value in values]
            report.warn(column.place(0), "all times of the column are midnight; they were read as dates", _SAY_TIMES)
        moments: list[float | Mistake | None] = []
        for cell, value in zip(first.cells, values, strict=True):
            moment = _moment(value, cell, own_zone, day_first, default) if isinstance(value, WrittenTime) else value
            if moment is None and report.names_all and isinstance(value, WrittenTime) and value.year != _NEVER:
                moment = Mistake(f"{named(cell)} may have the day or the month first", REPAIR_ORDER)
            moments.append(moment)
        if first is not column:
            by_text = dict(zip(first.cells, moments, strict=True))
            moments = list(map(by_text.__getitem__, column.cells))
        read = without_mistakes(column, moments, report)
        times.append(_filled_up(known, read))
    return times


def _clear(column: Column, zone: tzinfo, *, may_be_days: bool) -> list[float | None]:
    """The times that are plain to see; none where a column of nothing but midnights would hold dates."""
    known = clear_times(column.cells, zone)
    times = (cell for cell, time in zip(column.cells, known, strict=False) if time is not None)
    if may_be_days and all(type(cell) is str and "00:00" in cell for cell in times):
        return []
    return known


def _others(column: Column, known: Sequence[float | None]) -> Column:
    """The cells of which no time is known; no cells at all where none is left."""
    if not known:
        return column
    if None not in known:
        return replace(column, cells=())
    cells = [cell if time is None else None for cell, time in zip(column.cells, known, strict=True)]
    return replace(column, cells=cells if any(cell is not None for cell in cells) else ())


def _firsts(column: Column) -> Column:
    """Of equal texts the first."""
    if not are_texts(column.cells):
        return column
    cells = list(dict.fromkeys(column.cells))
    row_of: dict[Any, int] = {}

    def place(k: int) -> str:
        if not row_of:  # few columns have anything to say of a cell
            row_of.update((cell, row) for row, cell in reversed(list(enumerate(column.cells))))
        return column.place(row_of[cells[k]])

    return Column(column.heading, cells, place, column.is_text)


def _filled_up(known: list[float | None], others: list[float | None]) -> list[float | None]:
    if not known or not others:
        return known or others
    return [other if time is None else time for time, other in zip(known, others, strict=True)]


def _are_dates(values: Sequence[object]) -> bool:
    """Whether a column has nothing but midnights on a wall's clock, as where dates were stored as times."""
    given = [value for value in values if value is not None]
    return bool(given) and all(isinstance(v, WrittenTime) and v.seconds == 0 and v.zone is None for v in given)


def _zone_of(column: Column, zone: tzinfo, report: Report) -> tzinfo:
    """The zone that a heading names, as in `Created (UTC)`; else `zone`."""
    notes = _NOTE.findall(column.heading)
    said = written_time(f"2026-01-01 00:00 {notes[0]}") if notes else None
    if isinstance(said, Mistake) and " zone " in said.problem and column.cells:
        report.error(column.place(0), f"its heading has the ambiguous or unknown zone {notes[0]}", said.repair)
    return (said.zone or zone) if isinstance(said, WrittenTime) else zone


def _written(cell: Any) -> WrittenTime | Mistake | None:
    """What a cell says, whatever it is; None where it is a database's time of zeros."""
    value = plain_value(_from_numpy(cell))
    if isinstance(value, datetime):
        try:
            return _of_datetime(value)
        except (ArithmeticError, ValueError):
            return Mistake("is a time out of range", WRITE)
    if isinstance(value, date):
        return WrittenTime(value.year, value.month, value.day)
    if isinstance(value, str) and value[:1] == "0" and _ZEROS.fullmatch(value):
        return None
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return _of_digits(value)
    if isinstance(value, str):
        stamp = _STAMP.fullmatch(value)
        return _of_number(float(stamp[1]), value) if stamp else written_time(value)
    if is_number(value):
        return _of_number(value, cell)
    return Mistake(f"is {named(cell)}, not a time", WRITE)


def _of_datetime(value: datetime) -> WrittenTime:
    if value.utcoffset() is None:
        return WrittenTime(value.year, value.month, value.day, into_the_day(value))
    value = value.astimezone(UTC)
    return WrittenTime(value.year, value.month, value.day, into_the_day(value), UTC)


def _from_numpy(cell: Any) -> Any:
    """A `numpy.datetime64` as a datetime or a date; everything else as it is."""
    if type(cell).__name__ != "datetime64":
        return cell
    unit = "D" if str(cell.dtype) in ("datetime64[D]", "datetime64[W]") else "us"
    return cell.astype(f"datetime64[{unit}]").item()


def _of_digits(text: str) -> WrittenTime | Mistake:
    """A text that is a number: `20261123`, `202611230900`, a date serial, Unix time."""
    if "e" in text.lower():
        repair = "a spreadsheet rounded it: export the column again, formatted as text or as a date"
        return Mistake(f"{shown(text)} is no longer the number that was there", repair)
    if text.isdecimal() and len(text) in (8, 12, 14):
        compact = written_time(text)
        if isinstance(compact, WrittenTime) and 1970 <= compact.year < 2200 and _is_day(compact):
            return compact
    return _of_number(float(text.replace(",", ".")), text)


def _is_day(value: WrittenTime) -> bool:
    try:
        return bool(date(value.year, value.month, value.day))
    except ValueError:
        return False


def _of_number(value: float, cell: Any) -> WrittenTime | Mistake:
    if _FIRST_SERIAL <= value < _LAST_SERIAL + 1:
        day = date(1899, 12, 30) + timedelta(days=int(value))
        seconds = float(round((value - int(value)) * 86_400))  # its digits do not hold more
        return WrittenTime(day.year, day.month, day.day, seconds or None, note=_SERIAL)
    for factor, unit in _UNITS.items():
        if YEAR_2000 * factor <= value < YEAR_3000 * factor:
            moment = EPOCH + timedelta(microseconds=round(value * 1_000_000 / factor))
            return _of_datetime(moment)._replace(note=unit)
    if not isinstance(cell, str) and 19_700_101 <= value < 10**14 and value == int(value):
        return _of_digits(str(int(value)))
    return Mistake(f"{named(cell)} is a number, but not of a time from 2000 on", WRITE)


def _warn_of_numbers(column: Column, values: Sequence[object], report: Report) -> None:
    first: dict[str, int] = {}
    for k, value in enumerate(values):
        if isinstance(value, WrittenTime) and value.note:
            first.setdefault(value.note, k)
    for note, k in first.items():
        report.warn(
            column.place(k), f"{named(column.cells[k])} and others were read as {note}", "give dates to be sure"
        )


def _order(columns: Sequence[Column], written: Sequence[Sequence[object]], report: Report) -> bool | None:
    """Whether the day comes first, as the columns say together; None, and one error, where they do not say it."""
    found: dict[str, tuple[Column, int, WrittenTime]] = {}
    for column, values in zip(columns, written, strict=True):
        for k, value in enumerate(values):
            if isinstance(value, WrittenTime) and value.is_open and value.day != value.month:
                first, second = value.day > 12, value.month > 12
                word = "open" if first == second else "day" if first else "month"
                if word != "open" or not first:
                    found.setdefault(word, (column, k, value))
    if "day" in found and "month" in found:
        (column, k, _), (other, n, _) = found["day"], found["month"]
        problem = (
            f"{named(column.cells[k])} has the day first, but {named(other.cells[n])} at {other.place(n)} the month"
        )
        report.error(column.place(k), problem, f"write all dates in one order, or {REPAIR_ORDER}")
        return None
    if "day" in found or "month" in found or "open" not in found:
        return "month" not in found
    column, k, value = found["open"]
    ways = (f"{n} {MONTH_NAMES[month - 1]}" for n, month in ((value.day, value.month), (value.month, value.day)))
    report.error(column.place(k), f"{named(column.cells[k])} could be {' or '.join(ways)}", REPAIR_ORDER)
    return None


def _moment(
    value: WrittenTime, cell: Any, zone: tzinfo, day_first: bool | None, default: float
) -> float | Mistake | None:
    """Unix seconds; None where nobody knows whether the day comes first."""
    year, month, day, seconds, own_zone, is_open, _ = value
    if is_open and day_first is None and month != day:
        return None
    if is_open and not day_first:
        month, day = day, month
    try:
        start = datetime(year, month, day, tzinfo=own_zone or zone)
        unix = (start + timedelta(seconds=default if seconds is None else seconds)).timestamp()
    except (ValueError, OverflowError):
        order = f" with the {'day' if day_first else 'month'} first" if is_open else ""
        return Mistake(f"{named(cell)} is not a time of the calendar{order}", "correct the date")
    if year == _NEVER:
        return None
    if not 0 <= unix < LAST:
        return Mistake(f"{named(cell)} is not a time from 1970 to 5138", "leave the cell empty where there is no time")
    return unix

"""The columns of a team that say when each works: clock times, weekdays, zones and absences, put together by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from ticketopt.intake.absences import AbsenceColumn, read_absences
from ticketopt.intake.cells import Mistake, plain_text, without_mistakes
from ticketopt.intake.clock import Span, clock_seconds, normal, span_between
from ticketopt.intake.column import Column
from ticketopt.intake.hour_words import DAYS, OFF
from ticketopt.intake.presence import ABSENCE_WORDS
from ticketopt.intake.tickets import How
from ticketopt.intake.work_times import WorkTimes
from ticketopt.intake.written_hours import (
    HOURS,
    WHOLE_DAY,
    Week,
    WrittenHours,
    looks_like_hours,
    week_of,
    written_days,
    written_hours,
)
from ticketopt.intake.zone_names import zone_of
from ticketopt.problem.names import spelled
from ticketopt.problem.report import Report, is_number

__all__ = ["TeamTimes", "TimeColumns", "read_team_times", "says_absences", "says_hours", "says_weekdays", "weekday_of"]

_ONE_END = Mistake("is a time of day without the other end of the shift", f"give both ends, or {HOURS}")
_WITHOUT_ZONE: tuple[set[tuple[Span, ...]], ...] = ({()}, {(WHOLE_DAY,)})
"""Weeks that are the same in every zone."""
_TWO_WAYS = Mistake(
    "makes hours that could be two or none", "write both on a clock of 24 hours, such as 09:00 and 17:00"
)


@dataclass(frozen=True, slots=True)
class TimeColumns:
    """The columns that say when people work; None where a table has none.

    Attributes
    ----------
    start, end : of shifts, as moments or as times of day. hours : both, maybe with weekdays and a zone.
    weekdays : the days of a shift. zone : where its clock hangs. by_day : weekday -> its hours. absences : when not.
    """

    start: Column | None = None
    end: Column | None = None
    hours: Column | None = None
    weekdays: Column | None = None
    zone: Column | None = None
    by_day: Mapping[int, Column] | None = None
    absences: Sequence[AbsenceColumn] = ()


@dataclass(frozen=True, slots=True)
class TeamTimes:
    """Per row: working hours and absences (None: nothing), who is away now, and which shifts are moments.

    `is_moment` tells rows whose `shift_start` and `shift_end` are no times of day, and are to be read as others are.
    """

    times: tuple[WorkTimes | None, ...]
    away: tuple[bool, ...]
    is_moment: tuple[bool, ...]


def weekday_of(heading: str) -> int | None:
    """The weekday that a heading names, if it is nothing but one."""
    days = DAYS.get(normal(heading).rstrip("."), ())
    return days[0] if len(days) == 1 else None


def says_hours(column: Column) -> bool:
    """Whether a column holds working hours; names of shifts and numbers of hours are none."""
    cells = [cell for cell in column.cells if cell is not None]
    return any(map(looks_like_hours, cells)) or (
        bool(cells) and all(isinstance(written_hours(cell), WrittenHours) for cell in cells)
    )


def says_weekdays(column: Column) -> bool:
    """Whether a column names days; single numbers are how many there are."""
    return any(isinstance(cell, str) and not is_number(_number(cell)) for cell in column.cells)


def says_absences(column: Column) -> bool:
    """Whether a column holds more than numbers, such as of days that are left."""
    return any(cell is not None and not is_number(_number(cell)) for cell in column.cells)


def _number(cell: Any) -> Any:
    try:
        return float(cell) if isinstance(cell, str) and spelled(cell) not in ABSENCE_WORDS else cell
    except ValueError:
        return cell


def read_team_times(columns: TimeColumns, n_rows: int, how: How, report: Report, *, is_text: bool) -> TeamTimes:
    """1. Read the ends of shifts that are times of day, 2. the other columns, 3. put them together, 4. absences."""
    spans = _spans(columns, n_rows, report, is_text=is_text)
    weeks = _weeks(columns, spans, n_rows, report)
    zones = _zones(columns.zone, weeks, how, report)
    away, dated = _split_absences(columns.absences, n_rows)
    absences = read_absences(dated, n_rows, report, zone=how.zone, day_first=how.day_first)
    times = tuple(
        WorkTimes(None if week is None else week[0], zone, own) if week is not None or own else None
        for week, zone, own in zip(weeks, zones, absences, strict=True)
    )
    return TeamTimes(times, tuple(away), tuple(span is None for span in spans))


def _cell(column: Column | None, k: int) -> Any:
    return None if column is None else column.cells[k]


def _spans(columns: TimeColumns, n_rows: int, report: Report, *, is_text: bool) -> list[tuple[Span, ...] | None]:
    """The shifts whose ends are times of day; none of them, where one end is missing or wrong, and an error."""
    column = columns.end or columns.start
    if column is None:
        return [None] * n_rows
    values: list[tuple[Span, ...] | Mistake | None] = []
    for k in range(n_rows):
        start, end = _cell(columns.start, k), _cell(columns.end, k)
        are_clocks = [clock_seconds(cell, with_numbers=is_text) is not None for cell in (start, end)]
        span = span_between(start, end, with_numbers=is_text) if all(are_clocks) else None
        values.append((span,) if span else None if not any(are_clocks) else _TWO_WAYS if all(are_clocks) else _ONE_END)
    read = without_mistakes(replace(column, cells=[None] * n_rows), values, report)
    return [() if isinstance(value, Mistake) else spans for value, spans in zip(values, read, strict=True)]


_WeekAndZone = tuple[Week, tzinfo | None]


def _weeks(
    columns: TimeColumns, spans: Sequence[tuple[Span, ...] | None], n_rows: int, report: Report
) -> list[_WeekAndZone | None]:
    if not (any(spans) or columns.weekdays or columns.hours or columns.by_day):
        return [None] * n_rows
    days = _each(columns.weekdays, written_days, report)
    hours = _each(columns.hours, written_hours, report)
    weeks: list[_WeekAndZone | None] = []
    for k in range(n_rows):
        own = None if columns.hours is None else hours[k]
        parts = [(None, span) for span in (spans[k] or None,) if span] if own is None else own.parts
        zone = None if own is None else own.zone
        is_given = bool(parts) or (columns.weekdays is not None and days[k] is not None)
        week = week_of(parts or ((None, (WHOLE_DAY,)),), days[k] if columns.weekdays is not None else None)
        by_day = _by_day(columns.by_day or {}, k, week if is_given else None, report)
        weeks.append((by_day, zone) if by_day is not None else (week, zone) if is_given else None)
    return weeks


def _each(column: Column | None, read: Any, report: Report) -> list[Any]:
    if column is None:
        return []
    return without_mistakes(column, [None if cell is None else read(cell) for cell in column.cells], report)


def _by_day(columns: Mapping[int, Column], k: int, week: Week | None, report: Report) -> Week | None:
    """The week of a row with one column per weekday: hours, yes (those of the row's shift, or all day), or nothing."""
    if all(column.cells[k] is None for column in columns.values()):
        return None
    result: list[tuple[Span, ...]] = [()] * 7
    for day, column in columns.items():
        cell = column.cells[k]
        word = "no" if cell is None else spelled(plain_text(str(cell)))
        if word in OFF or ABSENCE_WORDS.get(word) is False:
            continue
        if ABSENCE_WORDS.get(word):
            usual = () if week is None else next((spans for spans in week if spans), ())
            result[day] = usual or (WHOLE_DAY,)
            continue
        hours = written_hours(cell)
        if isinstance(hours, Mistake):
            report.error(column.place(k), hours.problem, hours.repair)
        else:
            result[day] = tuple(span for _, spans in hours.parts for span in spans)
    return tuple(result)


def _zones(column: Column | None, weeks: Sequence[_WeekAndZone | None], how: How, report: Report) -> list[tzinfo]:
    """The zone of every row with working hours: that of the hours themselves, of its column, or of all times."""
    zones, wrong, without = [], [], 0
    for k, week in enumerate(weeks):
        stated: tzinfo | Mistake | None = None if week is None else week[1]
        if week is not None and stated is None and column is not None and column.cells[k] is not None:
            stated = zone_of(column.cells[k])
        without += week is not None and stated is None and set(week[0]) not in _WITHOUT_ZONE
        wrong.append(stated if isinstance(stated, Mistake) else None)
        zones.append(how.zone if stated is None or isinstance(stated, Mistake) else stated)
    if column is not None:
        without_mistakes(column, wrong, report)
    if without and how.zone is UTC:
        problem = f"{without} have working hours without a time zone; they were read in UTC"
        report.warn("agents", problem, "say the zone, or add a column timezone")
    return zones


def _split_absences(columns: Sequence[AbsenceColumn], n_rows: int) -> tuple[list[bool], list[AbsenceColumn]]:
    """Rows of which a word says that they are away now, and the columns without these words; dates beside one win."""
    away, has_dates, dated = [False] * n_rows, [False] * n_rows, []
    for kind, column in columns:
        cells = list(column.cells)
        for k, cell in enumerate(cells):
            is_word = isinstance(cell, str | bool) or is_number(cell)
            said = ABSENCE_WORDS.get(spelled(str(cell))) if is_word and not isinstance(cell, date | datetime) else None
            if said is not None:
                away[k] = away[k] or said
                cells[k] = None
            has_dates[k] = has_dates[k] or cells[k] is not None
        dated.append(AbsenceColumn(kind, replace(column, cells=cells)))
    return [is_away and not has for is_away, has in zip(away, has_dates, strict=True)], dated

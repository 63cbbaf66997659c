"""When an agent is away, by date: kept with it beside its week, and taken out of its shifts at each decision.

    {"absences": [{"from": "2026-12-24", "until": "2027-01-02"}], "time_zone": "Europe/Berlin"}

Both days are part of an absence. Moments can stand in the place of days; then it is over at the last one. Where `from`
is left out it has always been so, and where `until` is, it lasts. Days and moments without an offset are those on the
clock of `time_zone`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from ticketopt.intake.work_times import Shift, WorkTimes
from ticketopt.problem.fields import MAX_TIMESTAMP, Report, kind, shown
from ticketopt.problem.records import Agent

__all__ = ["ABSENCE", "has_local_times", "shift_between", "spans_of", "stated_absences"]

ENDS = ("from", "until")
MOST = 1_000

_EXAMPLE = '[{"from": "2026-12-24", "until": "2027-01-02"}]'

ABSENCE = {
    "title": "Absence",
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "from": {"type": "string", "description": "Its first day, or the moment at which it begins, in ISO 8601."},
        "until": {"type": "string", "description": "Its last day, or the moment at which it is over."},
    },
}
"""The schema of one absence."""

Absences = Iterable[Mapping[str, str]]


def stated_absences(given: Any, path: str, report: Report) -> list[dict[str, str]]:
    """Absences as they are kept, in the order of their beginnings."""
    if not isinstance(given, list) or len(given) > MOST:
        problem = f"is {kind(given)}, not a list" if not isinstance(given, list) else f"has {len(given)} entries"
        report.error(path, problem, f"write it as {_EXAMPLE}, with at most {MOST}")
        return []
    found = [_one(row, f"{path}[{k}]", report) for k, row in enumerate(given)]
    return sorted((row for row in found if row), key=lambda row: (row.get("from", ""), row.get("until", "")))


def has_local_times(absences: Absences) -> bool:
    """Whether it takes a time zone to know when they are."""
    return any(_moment(text).tzinfo is None for row in absences for text in row.values())


def spans_of(absences: Absences, zone: tzinfo | None) -> tuple[tuple[float, float], ...]:
    """Absences as Unix seconds, each from the first until before the second."""
    return tuple((_unix(row.get("from"), zone, 0.0), _unix(row.get("until"), zone, MAX_TIMESTAMP)) for row in absences)


def shift_between(times: WorkTimes, agent: Agent, now: float) -> Shift | None:
    """The shift that a moment is in, else the next one, up to the next absence; None where there is none.

    Of an agent without a week it is the shift that its record says, or all the time.
    """
    moment = now
    while True:
        moment = times.away_until(moment) or moment
        shift = _shift(times, agent, moment) if moment < MAX_TIMESTAMP else None
        if shift is None:
            return None
        begin = max(shift.start, moment)
        if times.away_until(begin) is None:
            break
        moment = begin
    end = min((first for first, _ in times.absences if first > begin), default=None)
    ends = [one for one in (shift.end, end) if one is not None]
    return Shift(shift.start if begin == now else begin, min(ends, default=None))


def _shift(times: WorkTimes, agent: Agent, moment: float) -> Shift | None:
    if times.week is not None:
        return times.shift_at(moment)
    start, end = agent.shift_start or 0.0, agent.shift_end
    return None if end is not None and end <= moment else Shift(start, end)


def _one(row: Any, path: str, report: Report) -> dict[str, str]:
    """One absence; an empty one where it is none."""
    if not isinstance(row, Mapping):
        report.error(path, f"is {kind(row)}, not an object", f"write absences as {_EXAMPLE}")
        return {}
    for name in row:
        if name not in ENDS:
            report.error(f"{path}.{shown(name)}", "is not known", f"write absences as {_EXAMPLE}")
    kept: dict[str, str] = {}
    for end in (end for end in ENDS if row.get(end) is not None):
        try:
            _moment(row[end])
            kept[end] = row[end]
        except (TypeError, ValueError):
            value = shown(row[end]) if isinstance(row[end], str) else kind(row[end])
            report.error(f"{path}.{end}", f"{value} is no date", "write it as 2026-12-24, or 2026-12-24T12:00")
            return {}
    if not kept:
        report.error(path, "has neither from nor until", f"write absences as {_EXAMPLE}")
    elif len(kept) == len(ENDS) and _naive(kept["from"]) >= _naive(kept["until"], is_end=True):
        report.error(path, "ends before it begins", "correct its dates")
    return kept


def _moment(text: str) -> datetime:
    """The moment of a text, the beginning of the day where it is one."""
    found = datetime.fromisoformat(text)
    if not 1970 < found.year < 9999:
        raise ValueError
    return found


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _naive(text: str, *, is_end: bool = False) -> datetime:
    """A moment as its own clock shows it, to be compared with one of the same zone."""
    found = _moment(text).replace(tzinfo=None)
    return found + timedelta(days=1) if is_end and _is_day(text) else found


def _unix(text: str | None, zone: tzinfo | None, usual: float) -> float:
    """Unix seconds; the end of a day is the beginning of the next, on the clock on the wall."""
    if text is None:
        return usual
    found = _moment(text)
    if usual and _is_day(text):
        found = datetime.combine(found.date() + timedelta(days=1), time())
    return (found if found.tzinfo is not None else found.replace(tzinfo=zone)).timestamp()

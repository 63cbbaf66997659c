"""When an agent works, week by week: kept with it as two texts, and made the shift of the moment at each decision.

    {"working_hours": "Mon-Thu 09:00-17:00; Fri 09:00-15:30", "time_zone": "Europe/Berlin"}

They are data beside the fields of `Agent`: only a queue that goes on needs them, as whoever plans one batch knows its
moment. The clock is that on the agent's wall, so a shift begins at nine before and after the clocks are changed. It may
end on the next day. On other days, where the week is "off", and in absences, the agent takes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, tzinfo
from itertools import groupby
from typing import Any, NamedTuple

from ticketopt.errors import InvalidInputError, Issue
from ticketopt.intake.cells import Mistake
from ticketopt.intake.clock import DAY, Span
from ticketopt.intake.work_times import WorkTimes
from ticketopt.intake.written_hours import HOURS, Week, week_of, written_hours
from ticketopt.intake.zone_names import zone_of
from ticketopt.live.absences import has_local_times, shift_between, spans_of, stated_absences
from ticketopt.problem.fields import Report, kind
from ticketopt.problem.record_fields import clean_copy
from ticketopt.problem.records import AGENT_FIELDS, Agent

__all__ = ["HOUR_FIELDS", "OnDuty", "is_on_shift", "on_duty", "record_of", "stated_hours", "with_hours"]

HOUR_FIELDS = {
    "working_hours": "When the agent works, every week, such as `Mon-Fri 09:00-12:30, 13:00-17:00`; the shift follows.",
    "time_zone": "Where the clock of `working_hours` hangs: a zone of the IANA list, or an offset such as UTC+2.",
    "absences": "When the agent is away, by date: from the first until the last day; the week goes on afterwards.",
}
"""What a request may state of an agent's week, and what it means."""

ENDS = ("shift_start", "shift_end")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
OFF = "off"

AS_LONG = DAY
"""Seconds after which a week without a shift, or a shift without an end, is looked at again."""


class OnDuty(NamedTuple):
    """An agent with the shift that it is in, or has next, as it is from `since` until before `until`."""

    agent: Agent
    since: float
    until: float


def stated_hours(row: Mapping[str, Any], path: str, report: Report) -> dict[str, Any]:
    """The fields of a week that a row states, in one way of writing; None takes them back."""
    stated: dict[str, Any] = {}
    if "absences" in row:
        given = row["absences"]
        stated["absences"] = None if given is None else stated_absences(given, f"{path}.absences", report) or None
    zone: Any = row.get("time_zone")
    if "time_zone" in row:
        stated["time_zone"] = None if zone is None else _zone(zone, f"{path}.time_zone", report)
    if "working_hours" not in row:
        return stated
    given = row["working_hours"]
    hours = None if given is None else written_hours(given) if isinstance(given, str) else Mistake(kind(given), HOURS)
    if isinstance(hours, Mistake):
        problem = hours.problem if isinstance(given, str) else f"is {hours.problem}, not a text"
        report.error(f"{path}.working_hours", problem, hours.repair)
        return stated
    stated["working_hours"] = None if hours is None else _written(week_of(hours.parts, None))
    if hours is not None and hours.zone is not None:
        stated["time_zone"] = str(hours.zone)
    return stated


def with_hours(
    record: Mapping[str, Any], known: Mapping[str, Any], stated: Mapping[str, Any], path: str
) -> dict[str, Any]:
    """An agent's record to be kept, with the week that it has by now.

    Raises
    ------
    InvalidInputError
        For hours without a zone, and for a shift beside hours that say it.
    """
    kept = {name: known.get(name) for name in HOUR_FIELDS} | dict(stated)
    issues = []
    if kept["time_zone"] is None and has_local_times(kept["absences"] or ()):
        issues.append(Issue(f"{path}.absences", "have no time zone", "add time_zone, such as Europe/Berlin"))
    if kept["working_hours"] is not None:
        if kept["time_zone"] is None:
            problem = "have no time zone"
            issues.append(Issue(f"{path}.working_hours", problem, "add time_zone, such as Europe/Berlin"))
        issues += [
            Issue(f"{path}.{end}", "is said by working_hours as well", "leave it out, or set working_hours to null")
            for end in ENDS
            if record.get(end) is not None
        ]
    if issues:
        raise InvalidInputError(issues)
    return {**record, **{name: value for name, value in kept.items() if value is not None}}


def record_of(data: Mapping[str, Any]) -> Agent:
    """A stored agent as a record, whatever its week."""
    return Agent(**{name: value for name, value in data.items() if name in AGENT_FIELDS})


def on_duty(agent: Agent, data: Mapping[str, Any], now: float) -> OnDuty:
    """An agent with the shift of a moment, by the week that is stored with it."""
    stated, zone = data.get("working_hours"), zone_of(data["time_zone"]) if data.get("time_zone") else UTC
    week = None if stated is None else written_hours(stated)
    assert not isinstance(week, Mistake) and isinstance(zone, tzinfo), "they were read before they were kept"
    away = spans_of(data.get("absences") or (), zone)
    times = WorkTimes(None if week is None else week_of(week.parts, None), zone, away)
    shift = shift_between(times, agent, now)
    ends = {"shift_start": None, "shift_end": now} if shift is None else dict(zip(ENDS, shift, strict=True))
    until = now + AS_LONG if shift is None or shift.end is None else shift.end
    return OnDuty(clean_copy(Agent, {**{name: getattr(agent, name) for name in AGENT_FIELDS}, **ends}), now, until)


def is_on_shift(agent: Agent, now: float) -> bool:
    """Whether an agent's shift has begun and is not over; without one, always."""
    has_begun = agent.shift_start is None or agent.shift_start <= now
    return has_begun and (agent.shift_end is None or agent.shift_end > now)


def _zone(given: Any, path: str, report: Report) -> str | None:
    zone = zone_of(given)
    if isinstance(zone, Mistake):
        report.error(path, zone.problem, zone.repair)
        return None
    return str(zone)


def _written(week: Week) -> str:
    """A week as a text that is read as the same week."""
    parts = []
    for spans, days in groupby(range(7), key=lambda day: week[day]):
        first, *more = days
        if spans:
            name = f"{DAYS[first]}-{DAYS[more[-1]]}" if more else DAYS[first]
            parts.append(f"{name} {', '.join(map(_span, spans))}")
    return "; ".join(parts) or OFF


def _span(span: Span) -> str:
    return f"{_clock(span.start)}-{_clock(span.end if span.end <= DAY else span.end - DAY)}"


def _clock(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}" + (f":{rest:02}" if rest else "")

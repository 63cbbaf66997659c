"""Rows of our fields to records: everything that is wrong with any of them is said at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from itertools import chain
from typing import Any, TypeVar

from ticketopt.errors import InvalidInputError, Issue
from ticketopt.intake.at_moment import AgentHours, team_at
from ticketopt.intake.mapping import ColumnUse, warn_of_unknown
from ticketopt.problem import fields as f
from ticketopt.problem.checks import check_id
from ticketopt.problem.policy import NOTES
from ticketopt.problem.record_columns import values_of
from ticketopt.problem.record_fields import clean_copy, table_of
from ticketopt.problem.records import Agent, Ticket

__all__ = ["About", "Queue", "Skipped", "checked_object", "list_of", "queue_of", "records_of"]

_Record = TypeVar("_Record", Ticket, Agent)

_KEYS = ("agents", "tickets", "now", "skill_notes")


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that was left out because something in it is wrong: where it stands, what it says, and what is wrong."""

    place: str
    row: Mapping[str, Any]
    issues: tuple[Issue, ...]


@dataclass(frozen=True, slots=True)
class About:
    """How a queue was read, for people.

    Attributes
    ----------
    tickets_from, agents_from : what was recognized. ticket_columns, agent_columns : what became of each.
    set_aside : reason -> rows of finished tickets and of what is no ticket. in_work : agent id -> tickets that stay.
    """

    tickets_from: str = ""
    agents_from: str = ""
    ticket_columns: tuple[ColumnUse, ...] = ()
    agent_columns: tuple[ColumnUse, ...] = ()
    set_aside: Mapping[str, int] = field(default_factory=dict)
    in_work: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Queue:
    """Tickets and agents as read; `now` where the source states it; `warnings` about suspicious values.

    `about` tells how it was read, `skipped` which rows were left out with `skip_invalid`. Working hours and absences
    (`hours`, by id) are a shift and a presence at one moment, `now` or else the time of the newest ticket; `at` gives
    those of another. `notes` are the warnings that are of the moment. `skill_notes` has a line on what the team of a
    skill does, where the source has any.
    """

    tickets: Sequence[Ticket]
    agents: tuple[Agent, ...]
    now: float | None = None
    warnings: tuple[Issue, ...] = ()
    about: About = field(default=About(), compare=False)
    skipped: tuple[Skipped, ...] = ()
    hours: Mapping[str, AgentHours] = field(default_factory=dict, compare=False, repr=False)
    notes: tuple[Issue, ...] = field(default=(), compare=False, repr=False)
    skill_notes: Mapping[str, str] = field(default_factory=dict)

    def at(self, moment: float) -> Queue:
        """The queue with the team as it is at a moment, in Unix seconds."""
        if not self.hours:
            return self
        agents, notes = team_at(self.agents, self.hours, moment)
        kept = tuple(warning for warning in self.warnings if warning not in self.notes)
        return replace(self, agents=agents, warnings=(*kept, *notes), notes=notes)

    @property
    def is_timed(self) -> bool:
        """Whether the plan depends on the time of day, so that the newest ticket's time may not do."""
        shifts = (time for agent in self.agents for time in (agent.shift_start, agent.shift_end))
        return bool(self.hours) or any(time is not None for time in chain(shifts, values_of(self.tickets, "due")))


def checked_object(data: object, report: f.Report) -> Mapping[str, Any]:
    """The data, if it is an object of our own format; what its keys lack is reported."""
    if not isinstance(data, Mapping):
        raise InvalidInputError.single("", f"the input is {f.kind(data)}", 'give {"agents": [...], "tickets": [...]}')
    for name in ("agents", "tickets"):
        if name not in data:
            report.error(name, "is missing", f'add "{name}": [...] (it may be empty)')
    for key in data:
        if key not in _KEYS:
            report.warn(f.shown(key), "is not a known key", f.choices(str(key), _KEYS))
    return data


def queue_of(data: object) -> Queue:
    """Records of our own format in parsed data, `{"agents": [...], "tickets": [...]}`; nothing in them is mapped."""
    report = f.Report()
    data = checked_object(data, report)
    agents = records_of(Agent, list_of(data.get("agents"), "agents", report), "agents", report)
    tickets = records_of(Ticket, list_of(data.get("tickets"), "tickets", report), "tickets", report)
    now = data.get("now")
    if now is not None:
        now = f.timestamp(now, "now", report)
    notes = notes_of(data.get("skill_notes"), report)
    if report.issues:
        raise InvalidInputError(report.issues)
    return Queue(tuple(tickets), tuple(agents), now, tuple(report.warnings), skill_notes=notes)


def notes_of(given: object, report: f.Report) -> Mapping[str, str]:
    """Skill -> a line about it."""
    return {} if given is None else NOTES(given, "skill_notes", report)


def list_of(rows: object, where: str, report: f.Report) -> list[Any]:
    """The rows of a list, none where there is nothing; else an error."""
    if rows is None:
        return []
    if not isinstance(rows, Sequence) or isinstance(rows, (str, bytes)):
        report.error(where, f"is {f.kind(rows)}, not a list", "write it as [{...}, {...}]")
        return []
    return list(rows)


def records_of(
    kind: type[_Record],
    rows: Sequence[Any],
    where: str,
    report: f.Report,
    places: Sequence[str] | None = None,
    skipped: list[Skipped] | None = None,
) -> list[_Record]:
    """The records of rows.

    Parameters
    ----------
    where : what messages call the list; `places`, what they call each row, where that is not `where[k]`.
    skipped : where wrong rows go; None makes them errors.
    """
    table = table_of(kind)
    names = [f"{where}[{k}]" for k in range(len(rows))] if places is None else places
    first: dict[str, int] = {}
    unknown: dict[str, list[str]] = {}
    records = []
    for k, (row, path) in enumerate(zip(rows, names, strict=True)):
        found = f.Report()
        identity: str | None = None
        record: _Record | None = None
        if isinstance(row, kind):
            identity, record = str(getattr(row, table.id_field)), row
        elif (data := _data_of(row, path, found)) is not None:
            identity, record = _record(kind, data, path, found)
            for key in data:
                if key not in table.readers:
                    unknown.setdefault(str(key), []).append(path)
        if identity is not None:
            check_id(identity, k, first, f"{path}.{table.id_field}", names, found)
        report.warnings += found.warnings
        if found.issues and skipped is not None:
            skipped.append(Skipped(path, row if isinstance(row, Mapping) else {}, tuple(found.issues)))
            continue
        report.issues += found.issues
        if record is not None:
            records.append(record)
    counted = {key: (found_at[0], len(found_at)) for key, found_at in unknown.items()}
    warn_of_unknown(counted, where, table.readers, report)
    return records


def _data_of(row: object, path: str, report: f.Report) -> Mapping[str, Any] | None:
    """A row's fields by their names; None, and an error, where it is no object."""
    if is_dataclass(row) and not isinstance(row, type):
        return {item.name: getattr(row, item.name) for item in fields(row)}
    if isinstance(row, Mapping):
        return row
    report.error(path, f"is {f.kind(row)}, not an object", "write it as {...}")
    return None


def _record(
    kind: type[_Record], data: Mapping[str, Any], path: str, report: f.Report
) -> tuple[str | None, _Record | None]:
    """The id as text, and the record; None for what is wrong."""
    readers, id_field = table_of(kind).readers, table_of(kind).id_field
    found = f.Report()
    given = {key: value for key, value in data.items() if key in readers and value is not None}
    if id_field not in given:
        found.error(f"{path}.{id_field}", "is missing", "give every record an id")
    clean = f.clean_record(readers, given, path, found)
    report.issues += found.issues
    report.warnings += found.warnings
    if not found.issues:
        return str(clean[id_field]), clean_copy(kind, clean)
    is_named = all(issue.path != f"{path}.{id_field}" for issue in found.issues)
    return (str(clean[id_field]) if is_named else None), None

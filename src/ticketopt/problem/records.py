"""The records a user writes: tickets and agents.

Every object here is frozen and valid from birth: a constructor that returns has checked every field, so nothing below
checks again. A constructor that does not return raises one `InvalidInputError` that lists every issue.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, TypeVar

from ticketopt.errors import InputWarning, InvalidInputError
from ticketopt.problem import fields as f

__all__ = ["AVAILABILITY", "PRIORITY_URGENCY", "Agent", "Id", "Ticket"]

Id = str | int
_Record = TypeVar("_Record", bound="Ticket | Agent")

MAX_LEVEL = 10.0
"""The highest skill level."""

PRIORITY_URGENCY = {"low": 0.1, "medium": 0.4, "high": 0.7, "critical": 1.0}
"""What a stated priority means as an urgency."""

AVAILABILITY = {
    **dict.fromkeys(["available", "online", "active", "ready", "free", "on duty", "on shift"], True),
    **dict.fromkeys(["busy", "away", "offline", "unavailable", "not available", "inactive", "do not disturb"], False),
    **dict.fromkeys(["break", "on break", "lunch", "in a meeting", "in meeting", "in training", "invisible"], False),
    **dict.fromkeys(["off duty", "off shift", "on leave", "leave", "vacation", "on vacation", "holiday"], False),
    **dict.fromkeys(["sick", "out sick", "out of office", "ooo", "suspended"], False),
}
"""Known availability statuses (compared as `fields.spelled` has them), and whether such an agent takes work."""

_level = f.number(0, MAX_LEVEL)
_level_map = f.mapping_of(f.name, _level, f.spelled)

TICKET_FIELDS: dict[str, f.Reader] = {
    "ticket_id": f.identifier,
    "title": f.text,
    "description": f.text,
    "creation_timestamp": f.optional(f.timestamp),
    "skills": f.optional(f.mapping_of(f.name, f.number(0, 1e6), f.spelled)),
    "requires": _level_map,
    "urgency": f.optional(f.number(0, 1)),
    "priority": f.optional(f.one_of({level: level for level in PRIORITY_URGENCY})),
    "effort": f.units(1),
    "effort_by_agent": f.mapping_of(f.identifier, f.units(1)),
    "due": f.optional(f.timestamp),
    "customer": f.optional(f.identifier),
    "language": f.optional(f.name),
    "previous_agent": f.optional(f.identifier),
    "pinned_agent": f.optional(f.identifier),
    "excluded_agents": f.tuple_of(f.identifier),
}

AGENT_FIELDS: dict[str, f.Reader] = {
    "agent_id": f.identifier,
    "name": f.text,
    "skills": _level_map,
    "current_load": f.units(0),
    "availability_status": f.one_of({status: status for status in AVAILABILITY}),
    "experience_level": f.number(0, 1000),
    "capacity": f.optional(f.units(0)),
    "shift_end": f.optional(f.timestamp),
    "team": f.optional(f.name),
    "languages": f.tuple_of(f.name),
}


def freeze(record: Any, readers: Mapping[str, f.Reader], label: str) -> None:
    """Replace every field of a new record by its clean value, or raise with everything that is wrong."""
    report = f.Report()
    given = {item.name: getattr(record, item.name) for item in fields(record)}
    clean = f.clean_record(readers, given, "", report)
    if report.issues:
        raise InvalidInputError(issue.below(label) for issue in report.issues)
    for warning in report.warnings:
        warnings.warn(str(warning.below(label)), InputWarning, stacklevel=4)
    _fill(record, clean)


def _fill(record: Any, values: Mapping[str, Any]) -> None:
    for key, value in values.items():
        object.__setattr__(record, key, value)
    if isinstance(record, Agent) and not record.name.strip():
        object.__setattr__(record, "name", str(record.agent_id))


def clean_copy(kind: type[_Record], clean: Mapping[str, Any]) -> _Record:
    """A record from values that its readers have cleaned already; fields that are absent get their defaults."""
    constants, factories = DEFAULTS[kind]
    record = object.__new__(kind)
    _fill(record, {**constants, **{name: make() for name, make in factories.items()}, **clean})
    return record


def with_field(record: _Record, name: str, value: Any) -> _Record:
    """A copy of a record with one field read anew; the others have been read already."""
    readers, own = (TICKET_FIELDS, "ticket_id") if isinstance(record, Ticket) else (AGENT_FIELDS, "agent_id")
    report = f.Report()
    clean = readers[name](value, f"{type(record).__name__.lower()} {f.shown(getattr(record, own))}.{name}", report)
    if report.issues:
        raise InvalidInputError(report.issues)
    return clean_copy(type(record), {**{other: getattr(record, other) for other in readers}, name: clean})


def _defaults(kind: type[Any]) -> tuple[dict[str, Any], dict[str, Callable[[], Any]]]:
    """The constant default, or the maker of the default, of every field that has one."""
    constants = {item.name: item.default for item in fields(kind) if item.default is not MISSING}
    factories = {item.name: item.default_factory for item in fields(kind) if item.default_factory is not MISSING}
    return constants, factories


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A piece of work that one agent will do.

    Attributes
    ----------
    ticket_id : unique in the queue; text or whole number.
    title, description : free text, any language. Triage reads it; no message or store repeats it.
    creation_timestamp : Unix seconds (also read from milliseconds or ISO 8601); None means "just now": in a live queue,
        the time it was submitted.
    skills : wanted skill -> importance (0 or more; only ratios count). None lets triage read the text.
    requires : skill -> lowest level (0-10) an agent must have. A hard rule.
    urgency : 0 (can wait) to 1 (now). None lets `priority`, else the text, decide.
    priority : low, medium, high or critical; see `PRIORITY_URGENCY`.
    effort : positive whole number of the units that loads and capacities are counted in.
    effort_by_agent : agent id -> the units that it takes of that agent, in place of `effort`.
    due : when it must be done (a timestamp); a near one raises the urgency that triage reads.
    customer : carried through to results.
    language : an agent who lists languages must list this one. A hard rule.
    previous_agent : who worked on it before; costs less there.
    pinned_agent : only this agent may take it. excluded_agents : none of these may.
    """

    ticket_id: Id
    title: str = ""
    description: str = ""
    creation_timestamp: float | None = None
    skills: Mapping[str, float] | None = None
    requires: Mapping[str, float] = field(default_factory=dict)
    urgency: float | None = None
    priority: str | None = None
    effort: int = 1
    effort_by_agent: Mapping[Id, int] = field(default_factory=dict)
    due: float | None = None
    customer: Id | None = None
    language: str | None = None
    previous_agent: Id | None = None
    pinned_agent: Id | None = None
    excluded_agents: tuple[Id, ...] = ()

    def __post_init__(self) -> None:
        freeze(self, TICKET_FIELDS, f"ticket {f.shown(self.ticket_id)}")

    @property
    def stated_urgency(self) -> float | None:
        """The urgency given as a number or a priority, if any; the number wins."""
        if self.urgency is None and self.priority is not None:
            return PRIORITY_URGENCY[self.priority]
        return self.urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """Somebody who can take tickets.

    Attributes
    ----------
    agent_id : unique in the team; text or whole number.
    name : for people; the id where empty.
    skills : skill -> level, 0 to 10. Names of skills, teams and languages are compared as `fields.spelled` has them:
        case, `_`, `-` and the forms of Unicode do not count.
    current_load : units of open work, 0 or more.
    availability_status : any spelling of a key of `AVAILABILITY`.
    experience_level : 0 or more, any unit (years, grades); only ratios within the team count.
    capacity : units of work, the open included; None lets the policy decide. A load above it means no free slot.
    shift_end : a timestamp after which the agent takes nothing.
    team : for limits per team. languages : those the agent speaks; none listed means any.
    """

    agent_id: Id
    name: str = ""
    skills: Mapping[str, float] = field(default_factory=dict)
    current_load: int = 0
    availability_status: str = "available"
    experience_level: float = 0.0
    capacity: int | None = None
    shift_end: float | None = None
    team: str | None = None
    languages: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        freeze(self, AGENT_FIELDS, f"agent {f.shown(self.agent_id)}")

    @property
    def is_available(self) -> bool:
        """Whether the availability status means that the agent takes work."""
        return AVAILABILITY[self.availability_status]


DEFAULTS: dict[type[Any], tuple[dict[str, Any], dict[str, Callable[[], Any]]]] = {
    kind: _defaults(kind) for kind in (Ticket, Agent)
}

"""The records a user writes: tickets, agents and the policy.

Every object here is frozen and valid from birth: a constructor that returns has checked every field, so nothing below
checks again. A constructor that does not return raises one `InvalidInputError` that lists every issue.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, TypeVar

from ticketopt import fields as f
from ticketopt.errors import InputWarning, InvalidInputError

__all__ = ["AVAILABILITY", "PRIORITY_URGENCY", "Agent", "Id", "Policy", "Ticket"]

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


def _positive_units(value: Any, path: str, report: f.Report) -> int:
    return int(f.units(1)(value, path, report))


def _capacity(value: Any, path: str, report: f.Report) -> str | int | None:
    if value is None or value == "fair_share":
        return value  # type: ignore[no-any-return]
    if isinstance(value, str):
        report.error(path, f"{f.shown(value)} is not known", 'use "fair_share", a whole number, or None')
        return None
    return int(f.units(0)(value, path, report))


def _per_team(value: Any, path: str, report: f.Report) -> Any:
    if value is None or not isinstance(value, Mapping):
        return f.optional(f.units(0))(value, path, report)
    return f.mapping_of(f.name, f.units(0), f.spelled)(value, path, report)


def _pairs(value: Any, path: str, report: f.Report) -> tuple[tuple[Id, Id], ...]:
    pairs: tuple[tuple[Id, Id], ...] = f.tuple_of(f.tuple_of(f.identifier))(value, path, report)
    for k, pair in enumerate(pairs):
        if len(pair) != 2 or str(pair[0]) == str(pair[1]):
            report.error(f"{path}[{k}]", "is not a pair of different tickets", "give two ticket ids")
    return pairs


TIER_NAMES = ("unassigned", "urgent_unassigned", "cost", "balance")
"""What `Policy.tiers` may name; see `ticketopt.tiers.TIERS`."""


def _tiers(value: Any, path: str, report: f.Report) -> tuple[str, ...]:
    tiers: tuple[str, ...] = f.tuple_of(_tier)(value, path, report)
    if len(set(tiers)) < len(tiers):
        report.error(path, "name a tier twice", "keep the first of them")
    return tiers


def _tier(value: Any, path: str, report: f.Report) -> str:
    if value not in TIER_NAMES:
        report.unknown(path, f"{f.shown(value)} is not a tier", str(value), TIER_NAMES)
    return str(value)


POLICY_FIELDS: dict[str, f.Reader] = {
    "weights": f.mapping_of(f.name, f.number(0, 100)),
    "balance": f.number(0, 100),
    "capacity": _capacity,
    "urgent_from": f.number(0, 1),
    "max_urgent_per_agent": f.optional(f.units(0)),
    "max_new_per_agent": f.optional(f.units(0)),
    "max_new_per_team": _per_team,
    "separate": _pairs,
    "minutes_per_effort": f.number(0, 100_000),
    "expert_saving": f.number(0, 0.95),
    "tiers": _tiers,
}


def _freeze(record: Any, readers: Mapping[str, f.Reader], label: str) -> None:
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
        _freeze(self, TICKET_FIELDS, f"ticket {f.shown(self.ticket_id)}")

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
        _freeze(self, AGENT_FIELDS, f"agent {f.shown(self.agent_id)}")

    @property
    def is_available(self) -> bool:
        """Whether the availability status means that the agent takes work."""
        return AVAILABILITY[self.availability_status]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What matters, and which rules hold. Every default is neutral or the documented house default.

    Attributes
    ----------
    weights : cost term -> weight, 0 or more; terms not named keep the default weight of `ticketopt.costs.COST_TERMS`.
    balance : weight of the convex load cost, 0 or more; 0 switches balancing off.
    capacity : what an agent without a capacity of its own gets, open work included: "fair_share" (the smallest
        number with which the available agents' capacities add up to their open work plus the queue), a whole number,
        or None for no limit.
    urgent_from : tickets with at least this urgency count as urgent.
    max_urgent_per_agent, max_new_per_agent : at most so many (urgent) new tickets for one agent; None is no limit.
    max_new_per_team : the same for a team: one number for every team, or team -> number.
    separate : pairs of ticket ids that must not go to the same agent.
    minutes_per_effort : how long a unit of effort takes; a ticket must fit in before its agent's shift ends.
    expert_saving : the share of a ticket's effort that a master of all it wants saves, 0 to 0.95; at 0.5 an expert
        needs half the time. See `Problem.pair_effort`.
    tiers : goals in strict order, in place of one weighted sum: each is as good as it can be without making an earlier
        one worse. Of "unassigned" (tickets left out), "urgent_unassigned" (urgent ones), "cost" (pair costs) and
        "balance" (load cost); with unequal effort or limits across tickets, "balance" can only be the last. `solve` and
        what calls it go by tiers; `resolve`, `Session` and `frontier` by the weighted sum.
    """

    weights: Mapping[str, float] = field(default_factory=dict)
    balance: float = 0.5
    capacity: str | int | None = "fair_share"
    urgent_from: float = 0.7
    max_urgent_per_agent: int | None = None
    max_new_per_agent: int | None = None
    max_new_per_team: int | Mapping[str, int] | None = None
    separate: tuple[tuple[Id, Id], ...] = ()
    minutes_per_effort: float = 0.0
    expert_saving: float = 0.0
    tiers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _freeze(self, POLICY_FIELDS, "policy")

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Policy:
        """Read a policy from a plain mapping, such as a parsed JSON file; unknown names are an error."""
        report = f.Report()
        if not isinstance(data, Mapping):
            raise InvalidInputError.single("policy", f"is {f.kind(data)}, not an object", 'write {"balance": 0.5, ...}')
        for key in data:
            if key not in POLICY_FIELDS:
                report.unknown(f"policy.{f.shown(key)}", "is not a policy setting", str(key), POLICY_FIELDS)
        known = {key: value for key, value in data.items() if key in POLICY_FIELDS}
        clean = f.clean_record(POLICY_FIELDS, known, "policy", report)
        if report.issues:
            raise InvalidInputError(report.issues)
        return cls(**clean)


DEFAULTS: dict[type[Any], tuple[dict[str, Any], dict[str, Callable[[], Any]]]] = {
    kind: _defaults(kind) for kind in (Ticket, Agent)
}

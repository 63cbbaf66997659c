"""The records a user writes: tickets and agents.

A field is one entry here: what it may hold, its default and its words; `record_fields` says what comes from that. Every
object is frozen and valid from birth: a constructor that returns has checked every field, so nothing below checks
again. A constructor that does not return raises one `InvalidInputError` that lists every issue.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from ticketopt.errors import InvalidInputError
from ticketopt.problem import fields as f
from ticketopt.problem.record_columns import values_of
from ticketopt.problem.record_fields import clean_copy, freeze, record_field, table_of

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

_LEVELS = f.mapping_of(f.name, f.described(f.number(0, MAX_LEVEL), "a level"), f.spelled)
_IMPORTANCES = f.mapping_of(f.name, f.described(f.number(0, 1e6), "importance"), f.spelled)
_LEARNED = f.mapping_of(f.name, f.tuple_of(f.described(f.number(0, 1e9), "a number")), f.spelled)
_PRIORITY = f.one_of({level: level for level in PRIORITY_URGENCY})
_STATUS = f.one_of({status: status for status in AVAILABILITY}, is_enum=False)


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
    customer : whose ticket it is; a policy can raise the urgency of a customer's tickets, and wish for an agent.
    group : only agents of this team, or who list it among their groups, may take it. A hard rule.
    language : an agent who lists languages must list this one. A hard rule.
    previous_agent : who worked on it before; costs less there.
    pinned_agent : only this agent may take it. excluded_agents : none of these may.
    together : a key; tickets with the same one go to one agent, as far as they go to anybody. A hard rule.

    Examples
    --------
    >>> import ticketopt
    >>> ticket = ticketopt.Ticket(ticket_id="T-1", title="VPN drops", priority="high", requires={"VPN": 5})
    >>> ticket.effort
    1
    """

    ticket_id: Id = record_field(f.identifier, words="Unique in the queue; compared as text.", is_id=True)
    title: str = record_field(
        f.text,
        default="",
        words="Free text. Read for skills and urgency; never stored, and never repeated in an error.",
        is_private=True,
    )
    description: str = record_field(f.text, default="", words="Free text, as `title`.", is_private=True)
    creation_timestamp: float | None = record_field(
        f.optional(f.timestamp), default=None, words="When it came in; just now where it is left out."
    )
    skills: Mapping[str, float] | None = record_field(
        f.optional(_IMPORTANCES), default=None, words="Wanted skill -> importance, in place of reading the text."
    )
    requires: Mapping[str, float] = record_field(
        _LEVELS, default_factory=dict, words="Skill -> lowest level an agent must have."
    )
    urgency: float | None = record_field(
        f.optional(f.number(0, 1)), default=None, words="0 can wait, 1 is now; in place of reading the text."
    )
    priority: str | None = record_field(f.optional(_PRIORITY), default=None, words="An urgency as a word.")
    effort: int = record_field(f.whole_number(1), default=1, words="Units of work.")
    effort_by_agent: Mapping[Id, int] = record_field(
        f.mapping_of(f.identifier, f.described(f.whole_number(1), "units")),
        default_factory=dict,
        words="Agent id -> units that it takes of that agent, not `effort`.",
        is_younger=True,
    )
    due: float | None = record_field(f.optional(f.timestamp), default=None, words="When it must be done.")
    customer: Id | None = record_field(
        f.optional(f.identifier), default=None, words="Whose ticket it is.", is_private=True
    )
    language: str | None = record_field(
        f.optional(f.name), default=None, words="An agent who lists languages must list this one."
    )
    group: str | None = record_field(
        f.optional(f.name),
        default=None,
        words="Only agents whose `team` or `groups` name it may take it.",
        is_younger=True,
    )
    previous_agent: Id | None = record_field(
        f.optional(f.identifier), default=None, words="Who worked on it before, and is preferred."
    )
    pinned_agent: Id | None = record_field(f.optional(f.identifier), default=None, words="Only this agent may take it.")
    excluded_agents: tuple[Id, ...] = record_field(
        f.tuple_of(f.described(f.identifier, "an agent")), default=(), words="None of these may take it."
    )
    together: Id | None = record_field(
        f.optional(f.identifier), default=None, words="Tickets with the same key go to one agent.", is_younger=True
    )

    def __post_init__(self) -> None:
        freeze(self, f"ticket {f.shown(self.ticket_id)}")

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
    shift_start, shift_end : timestamps before and after which the agent takes nothing.
    team, groups : for limits per team; for tickets of that `group`, be it the team or one of the further groups.
    languages : those the agent speaks; none listed means any.
    learned_levels : skill -> its level as learned from past tickets, the ends of its interval, and of how many tickets.
        Explanations say so, as long as the level is still the learned one; `Policy.cautious` counts the lower end.

    Examples
    --------
    >>> import ticketopt
    >>> agent = ticketopt.Agent(agent_id="ada", skills={"VPN": 9}, current_load=2, capacity=5)
    >>> agent.availability_status
    'available'
    """

    agent_id: Id = record_field(f.identifier, words="Unique in the team; compared as text.", is_id=True)
    name: str = record_field(f.text, default="", words="For people; the id where it is left out.", if_blank="agent_id")
    skills: Mapping[str, float] = record_field(
        _LEVELS, default_factory=dict, words="Skill -> level, 0 to 10. Case, `_` and `-` do not matter."
    )
    current_load: int = record_field(
        f.whole_number(0), default=0, words="Units of open work. Counts only for agents whose load is not stored yet."
    )
    availability_status: str = record_field(
        _STATUS,
        default="available",
        words=f"In any case, with `_`, `-` or spaces. Known: {', '.join(AVAILABILITY)}.",
    )
    experience_level: float = record_field(
        f.number(0, 1000), default=0.0, words="Any unit; only ratios within the team count."
    )
    capacity: int | None = record_field(
        f.optional(f.whole_number(0)),
        default=None,
        words="Units of work, the open included; a fair share where it is left out.",
    )
    shift_start: float | None = record_field(
        f.optional(f.timestamp), default=None, words="The agent takes nothing before it.", is_younger=True
    )
    shift_end: float | None = record_field(
        f.optional(f.timestamp), default=None, words="The agent takes nothing after it."
    )
    team: str | None = record_field(
        f.optional(f.name), default=None, words="For limits per team, and for tickets of that `group`."
    )
    groups: tuple[str, ...] = record_field(
        f.tuple_of(f.described(f.name, "a group")),
        default=(),
        words="Further groups whose tickets the agent takes.",
        is_younger=True,
    )
    languages: tuple[str, ...] = record_field(
        f.tuple_of(f.described(f.name, "a language")),
        default=(),
        words="Those the agent speaks; any where it is left out.",
    )
    learned_levels: Mapping[str, tuple[float, ...]] = record_field(
        _LEARNED,
        default_factory=dict,
        words="Skill -> [level, lower end, upper end, tickets], where it was learned; see the policy's `cautious`.",
        is_younger=True,
    )

    def __post_init__(self) -> None:
        freeze(self, f"agent {f.shown(self.agent_id)}")

    @property
    def is_available(self) -> bool:
        """Whether the availability status means that the agent takes work."""
        return AVAILABILITY[self.availability_status]

    @property
    def all_groups(self) -> tuple[str, ...]:
        """The team, where there is one, and all other groups."""
        return self.groups if self.team is None else (self.team, *self.groups)


TICKET_FIELDS, AGENT_FIELDS = table_of(Ticket).readers, table_of(Agent).readers
"""What reads every field of a ticket, and of an agent."""

PRIVATE_TICKET_FIELDS = table_of(Ticket).private
"""The fields of a ticket that the live queue does not keep."""


def with_field(record: _Record, name: str, value: Any) -> _Record:
    """A copy of a record with one field read anew; the others have been read already."""
    kind, report = type(record), f.Report()
    readers, id_field = table_of(kind).readers, table_of(kind).id_field
    label = f"{kind.__name__.lower()} {f.shown(getattr(record, id_field))}"
    clean = readers[name](value, f"{label}.{name}", report)
    if report.issues:
        raise InvalidInputError(report.issues)
    return clean_copy(kind, {**{other: getattr(record, other) for other in readers}, name: clean})


def newest(tickets: Sequence[Ticket]) -> float:
    """The newest creation timestamp, 0 where none is known: what "now" is where nobody says so."""
    return max((time for time in values_of(tickets, "creation_timestamp") if time is not None), default=0.0)

"""What a store keeps, as frozen data: agents, tickets, events, and what is still to be told to a helpdesk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Any, NamedTuple

from ticketopt.errors import InvalidInputError
from ticketopt.problem.fields import Report, number, whole_number

__all__ = [
    "ASSIGNED",
    "CLOSED",
    "DEAD",
    "DELIVERY_STATES",
    "DONE",
    "DUE",
    "HELD",
    "ONCE",
    "RUNNING",
    "SENT",
    "STATES",
    "UNKEPT",
    "WAITING",
    "WITHDRAWN",
    "Answered",
    "Batch",
    "Delivery",
    "Entry",
    "Event",
    "Job",
    "Keep",
    "Kept",
    "Retention",
    "Snapshot",
    "StoredAgent",
    "StoredTicket",
]

MAX_DAYS = 1_000_000

WAITING, ASSIGNED, HELD, CLOSED = STATES = ("waiting", "assigned", "held", "closed")
"""The states of a ticket."""

DUE, SENT, DEAD, WITHDRAWN = DELIVERY_STATES = ("due", "sent", "dead", "withdrawn")
"""The states of a delivery: to be sent (again); sent; given up until somebody has it sent again; not sent, as the
ticket is done."""

RUNNING, DONE = "running", "done"
"""The states of a job after "waiting"."""

UNKEPT = frozenset({"dispatched", "agent", "copied", "edited", "removed"})
"""Kinds of events that change loads without a ticket that is kept."""

ONCE = "\x1fonce:"
"""How keys begin that nobody has given: unprintable, so that nobody does. They are forgotten when they have served."""


@dataclass(frozen=True, slots=True)
class StoredAgent:
    """An agent: units of open work, 0 or more, and the fields of its record as JSON holds them."""

    load: int
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StoredTicket:
    """A ticket: who has it (or had it, where closed), the units it takes of that agent, its state, and its numbers."""

    agent_id: str | None
    units: int
    state: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """What happened: its kind, to which ticket, and by how many units it changed which agent's load."""

    kind: str
    ticket_id: str | None = None
    agent_id: str | None = None
    change: int = 0


class Entry(NamedTuple):
    """An event as it is kept: numbers grow within a queue; `version` is the batch, `at` its time in Unix seconds."""

    number: int
    version: int
    at: float
    event: Event


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A queue at one version; agents and tickets by their ids as text, in the store's order.

    `is_part` says that it holds nothing but the tickets asked for by their ids; see `Store.snapshot`.
    """

    version: int
    agents: Mapping[str, StoredAgent]
    tickets: Mapping[str, StoredTicket]
    is_part: bool = False


class Answered(NamedTuple):
    """A request that is answered by a batch together with others."""

    key: str
    request_hash: str
    answer: Any


@dataclass(frozen=True, slots=True)
class Batch:
    """What one commit changes, and its answer.

    `agents` holds records to be kept (new agents start at load 0; None forgets an agent, whose load the events must
    bring to 0), `tickets` rows to be kept. Loads change by the events' changes, and by nothing else. `deliveries` says
    who is to have which ticket at the helpdesk, None for nobody: what was still to be sent of that ticket is replaced.
    `forgets` names idempotency keys that nobody will ask for again. `others` are requests under keys of their own that
    are answered by the same commit: where one of these keys is kept already, nothing is kept. Everything is JSON.
    """

    answer: Any
    events: tuple[Event, ...] = ()
    agents: Mapping[str, Mapping[str, Any] | None] = field(default_factory=dict)
    tickets: Mapping[str, StoredTicket] = field(default_factory=dict)
    at: float = 0.0
    deliveries: Mapping[str, str | None] = field(default_factory=dict)
    forgets: tuple[str, ...] = ()
    others: tuple[Answered, ...] = ()

    @property
    def changes_anything(self) -> bool:
        return bool(self.events or self.agents or self.tickets or self.deliveries)


class Kept(tuple[Any]):
    """The answer of a batch that was kept by this very commit, and not under its key before."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Who is to have a ticket at the helpdesk. There is one per ticket, and it is about the newest wish.

    Attributes
    ----------
    agent_id : None for nobody. number : grows within a queue; a newer wish has a greater one.
    at : when it was wished. due_at : not to be sent before. Both in Unix seconds.
    state : "due", "sent", "dead" or "withdrawn". attempts : how often it was claimed since it was wished.
    until : until when, in Unix seconds, whoever has claimed it may send it, and nobody else may.
    error : what went wrong the last time.
    """

    ticket_id: str
    agent_id: str | None
    number: int
    at: float
    due_at: float
    state: str = DUE
    attempts: int = 0
    until: float = 0.0
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Work that outlives the process that took it.

    Attributes
    ----------
    state : "waiting", "running" or "done". data : anything that JSON holds: what is to be done, and what came out.
    at : when it was put, in Unix seconds. until : until when whoever runs it holds it.
    """

    job_id: str
    data: Any
    at: float
    state: str = WAITING
    until: float = 0.0


@dataclass(frozen=True, slots=True)
class Keep:
    """For how long rows are kept: `days`, and at most so many `rows`, the newest. None is no limit."""

    days: float | None = None
    rows: int | None = None

    def __post_init__(self) -> None:
        report = Report()
        if self.days is not None:
            number(0, MAX_DAYS, " (days)")(self.days, "days", report)
        if self.rows is not None:
            whole_number(0)(self.rows, "rows", report)
        if report.issues:
            raise InvalidInputError(report.issues)

    def oldest(self, now: float) -> float:
        """The time before which rows are not kept."""
        return -inf if self.days is None else now - 86_400 * self.days


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """What a store keeps of what is over. The default keeps everything for ever.

    Attributes
    ----------
    events : what they add up to stays, so that a queue can still be checked.
    closed_tickets : since they were written last; one that is gone is a new ticket when it comes again.
    answers : to idempotency keys, which count once for as long.
    deliveries : that were sent, given up or withdrawn. jobs : that are done.
    """

    events: Keep = Keep()
    closed_tickets: Keep = Keep()
    answers: Keep = Keep()
    deliveries: Keep = Keep()
    jobs: Keep = Keep()

"""What a store keeps, as frozen data: agents, tickets, events, and what is still to be told to a helpdesk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

__all__ = [
    "ASSIGNED",
    "CLOSED",
    "DEAD",
    "DUE",
    "HELD",
    "SENT",
    "STATES",
    "WAITING",
    "Batch",
    "Delivery",
    "Entry",
    "Event",
    "Snapshot",
    "StoredAgent",
    "StoredTicket",
]

WAITING, ASSIGNED, HELD, CLOSED = STATES = ("waiting", "assigned", "held", "closed")
"""The states of a ticket."""

DUE, SENT, DEAD = "due", "sent", "dead"
"""The states of a delivery: to be sent (again), sent, and given up until somebody has it sent again."""


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
    """A queue at one version; agents and tickets by their ids as text, in the store's order."""

    version: int
    agents: Mapping[str, StoredAgent]
    tickets: Mapping[str, StoredTicket]


@dataclass(frozen=True, slots=True)
class Batch:
    """What one decision changes, and its answer.

    `agents` holds records to be kept (new agents start at load 0; None forgets an agent, whose load the events must
    bring to 0), `tickets` rows to be kept. Loads change by the events' changes, and by nothing else. `deliveries` says
    who is to have which ticket at the helpdesk, None for nobody: what was still to be sent of that ticket is replaced.
    Everything is JSON.
    """

    answer: Any
    events: tuple[Event, ...] = ()
    agents: Mapping[str, Mapping[str, Any] | None] = field(default_factory=dict)
    tickets: Mapping[str, StoredTicket] = field(default_factory=dict)
    at: float = 0.0
    deliveries: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def changes_anything(self) -> bool:
        return bool(self.events or self.agents or self.tickets or self.deliveries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Who is to have a ticket at the helpdesk. There is one per ticket, and it is about the newest wish.

    Attributes
    ----------
    agent_id : None for nobody. number : grows within a queue; a newer wish has a greater one.
    at : when it was wished. due_at : not to be sent before. Both in Unix seconds.
    state : "due", "sent" or "dead". attempts : how often it was claimed since it was wished.
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

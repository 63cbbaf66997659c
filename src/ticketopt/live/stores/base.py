"""What a store is: queues that survive, each changed by whole batches.

A queue belongs to a tenant. A batch names the version of the queue it was decided on; it is kept only where that is
still the version, as a whole or not at all, and its answer with it under an idempotency key. So nobody holds a lock
while deciding, and still no load gets lost and nothing is done twice.

A store keeps agents as they were given, and tickets as the numbers that deciding needs. It never keeps ticket text.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from ticketopt.errors import InvalidInputError

__all__ = [
    "ASSIGNED",
    "CLOSED",
    "HELD",
    "LOCK_TIMEOUT",
    "WAITING",
    "Batch",
    "Entry",
    "Event",
    "Snapshot",
    "Store",
    "StoreFactory",
    "StoredAgent",
    "StoredTicket",
    "other_request",
]

LOCK_TIMEOUT = 60.0
"""Seconds to wait for others before a change is given up."""

WAITING, ASSIGNED, HELD, CLOSED = "waiting", "assigned", "held", "closed"
"""The states of a ticket."""


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


class Store(Protocol):
    """Queues by tenant. Safe to use from many threads. Every method raises a `StoreError` where it cannot do its work.

    `lock_timeout` is how long a change may wait for others, in seconds.
    """

    lock_timeout: float

    def answer(self, tenant: str, key: str, request_hash: str) -> tuple[Any] | None:
        """The answer kept under a key, in a tuple; None for a new key.

        Raises
        ------
        InvalidInputError
            Where the key belongs to another request.
        """
        ...

    def snapshot(self, tenant: str, *, tickets: Collection[str] | None = None) -> Snapshot:
        """The queue now: all agents; all open tickets, or else the waiting ones and those named, closed or not."""
        ...

    def events(self, tenant: str, *, after: int = 0, limit: int | None = None) -> list[Entry]:
        """The events after a number, in order, at most `limit`; a negative `after` counts from the end."""
        ...

    def history(self, tenant: str) -> tuple[Snapshot, list[Entry]]:
        """The whole queue, closed tickets included, with all its events, as of one moment."""
        ...

    def commit(
        self, tenant: str, version: int, batch: Batch, *, key: str | None = None, request_hash: str = ""
    ) -> tuple[Any] | None:
        """Keep a batch and return `(answer,)`, durable; None where the version has changed, and nothing is kept.

        A key that is kept already is answered as the first time, and nothing else happens.

        Raises
        ------
        InvalidInputError
            Where the key belongs to another request.
        """
        ...


class StoreFactory(Protocol):
    """Opens a store at a location: the part of its URL after the scheme."""

    def __call__(self, location: str, *, lock_timeout: float) -> Store: ...


def other_request() -> InvalidInputError:
    """The error for a key that another request has used."""
    return InvalidInputError.single("idempotency_key", "was used for another request", "use a new key")

"""What a process remembers of queues between two changes, so that it neither reads nor parses again what has not moved.

Nothing depends on it but speed. Waiting tickets are taken from memory only where the queue is at the very version that
this process has written, or read, last; records only where the store holds the same data as when they were parsed.
"""

from __future__ import annotations

import json
import threading
import weakref
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ticketopt.live.stores import WAITING, Batch, Kept, Snapshot, Store, StoredTicket
from ticketopt.live.working_hours import OnDuty, on_duty, record_of
from ticketopt.problem.reading import Reading
from ticketopt.problem.record_fields import clean_copy
from ticketopt.problem.records import AGENT_FIELDS, Agent, Ticket

__all__ = ["Parsed", "Recall", "recall_of"]

MOST_PARSED = 50_000
"""So many parsed tickets of a queue are remembered; then it begins anew."""

MOST_TENANTS = 1_000
"""So many queues of a store are remembered; then it begins anew."""

RULED_BY = ("requires", "language", "group", "pinned_agent", "excluded_agents")
"""The fields of a ticket that say who may take it."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A stored ticket as records.

    Attributes
    ----------
    rules : what decides who may take it; tickets of unit effort that agree in it may go to the same agents.
    is_unit : whether it takes one unit of everybody, and no other ticket with it.
    """

    data: Mapping[str, Any]
    ticket: Ticket
    reading: Reading
    rules: str
    is_unit: bool

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Parsed:
        ticket = Ticket(**data["ticket"])
        rules = json.dumps([data["ticket"].get(name) for name in RULED_BY], sort_keys=True)
        is_unit = ticket.effort == 1 and not ticket.effort_by_agent and ticket.together is None
        return cls(data, ticket, Reading(data["skills"], data["urgency"]), rules, is_unit)


@dataclass(slots=True, eq=False)
class Recall:
    """What is remembered of one queue. Threads may share it: what they lose of each other is read again."""

    agents: dict[str, tuple[Mapping[str, Any], Agent]] = field(default_factory=dict)
    on_duty: dict[str, tuple[Mapping[str, Any], OnDuty]] = field(default_factory=dict)
    tickets: dict[str, Parsed] = field(default_factory=dict)
    standing: tuple[int, Mapping[str, StoredTicket]] | None = None
    """A version, and all tickets that wait in it, in the store's order."""

    def agent(self, name: str, data: Mapping[str, Any], load: int, now: float) -> Agent:
        """A stored agent with a load, 0 or more, and the shift of a moment where it has a week."""
        known = self.agents.get(name)
        if known is None or known[0] != data:
            known = self.agents[name] = data, record_of(data)
        has_hours = data.get("working_hours") or data.get("absences")
        agent = self._on_duty(name, known[1], data, now) if has_hours else known[1]
        if not load:
            return agent
        return clean_copy(Agent, {**{key: getattr(agent, key) for key in AGENT_FIELDS}, "current_load": load})

    def _on_duty(self, name: str, agent: Agent, data: Mapping[str, Any], now: float) -> Agent:
        known = self.on_duty.get(name)
        if known is None or known[0] != data or not known[1].since <= now < known[1].until:
            known = self.on_duty[name] = data, on_duty(agent, data, now)
        return known[1].agent

    def ticket(self, name: str, row: StoredTicket) -> Parsed:
        """A stored ticket as records."""
        known = self.tickets.get(name)
        if known is None or (known.data is not row.data and known.data != row.data):
            if len(self.tickets) >= MOST_PARSED:
                self.tickets.clear()
            known = self.tickets[name] = Parsed.of(row.data)
        return known

    def read(self, store: Store, tenant: str, tickets: Collection[str] | None) -> Snapshot:
        """A snapshot, as `Store.snapshot` gives it."""
        standing = self.standing
        if tickets is not None and standing is not None and store.version(tenant) == standing[0]:
            state = store.snapshot(tenant, tickets=tickets, with_waiting=False)
            if state.version == standing[0]:
                return replace(state, tickets={**standing[1], **state.tickets})
        state = store.snapshot(tenant, tickets=tickets)
        waiting = {name: row for name, row in state.tickets.items() if row.state == WAITING}
        self.standing = (state.version, waiting)
        return state

    def wrote(self, before: Snapshot, batch: Batch, answer: object) -> None:
        """A batch on a snapshot that `read` gave was answered so: where it was kept, it is the next version."""
        known = self.standing
        if not isinstance(answer, Kept) or known is None or known[0] != before.version:
            return
        waiting = dict(known[1])
        for name, row in batch.tickets.items():
            if row.state != WAITING:
                waiting.pop(name, None)
                self.tickets.pop(name, None)
            elif name in before.tickets and name not in waiting:
                self.standing = None  # it waits again; its place among the others is the store's to know
                return
            else:
                waiting[name] = replace(row, data=json.loads(json.dumps(row.data)))
        self.standing = (before.version + 1, waiting)


_RECALLS: weakref.WeakKeyDictionary[Store, defaultdict[str, Recall]] = weakref.WeakKeyDictionary()
_LOCK = threading.Lock()


def recall_of(store: Store, tenant: str) -> Recall:
    """What this process remembers of a tenant's queue in a store."""
    with _LOCK:
        tenants = _RECALLS.setdefault(store, defaultdict(Recall))
        if len(tenants) >= MOST_TENANTS and tenant not in tenants:
            tenants.clear()
        return tenants[tenant]

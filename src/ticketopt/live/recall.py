"""What a process remembers of queues between two changes, so that it neither reads nor parses again what has not moved.

Nothing depends on it but speed. Agents and waiting tickets are taken from memory only where the queue is at the very
version that this process has written, or read, last; records only where the store holds the same data as when they were
parsed.
"""

from __future__ import annotations

import json
import threading
import weakref
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import is_
from typing import Any

from ticketopt._types import Bool
from ticketopt.live.backlog import Backlog
from ticketopt.live.queue_rows import QueueRows, team_after
from ticketopt.live.stores import WAITING, Batch, Read, Snapshot, Store, StoredAgent, StoredTicket
from ticketopt.live.working_hours import OnDuty, on_duty, record_of
from ticketopt.problem.customers import for_team
from ticketopt.problem.policy import Policy
from ticketopt.problem.problem import Problem
from ticketopt.problem.reading import Reading
from ticketopt.problem.record_fields import clean_copy
from ticketopt.problem.records import AGENT_FIELDS, Agent, Ticket

__all__ = ["Parsed", "Recall", "after_batch", "recall_of"]

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
    rules : what decides who may take it; tickets that agree in it may go to the same agents, where there is room.
    least : units that it takes of whomever it takes least of, before experts save any.
    is_unit : whether it takes one unit of everybody, and no other ticket with it.
    """

    data: Mapping[str, Any]
    ticket: Ticket
    reading: Reading
    rules: str
    least: int
    is_unit: bool

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Parsed:
        ticket = Ticket(**data["ticket"])
        rules = json.dumps([data["ticket"].get(name) for name in RULED_BY], sort_keys=True)
        is_unit = ticket.effort == 1 and not ticket.effort_by_agent and ticket.together is None
        least = min(ticket.effort, *ticket.effort_by_agent.values()) if ticket.effort_by_agent else ticket.effort
        return cls(data, ticket, Reading(data["skills"], data["urgency"]), rules, least, is_unit)


@dataclass(slots=True, eq=False)
class Recall:
    """What is remembered of one queue. Threads may share it: what they lose of each other is read again.

    Attributes
    ----------
    standing : the queue at some version: all its agents, and all tickets that wait, in the store's order.
    backlog : what waits, sorted. Whoever uses it holds `backlog_lock`.
    plain : the newest team without weeks, as stored, and its agents without loads.
    team : the newest team without loads and the policy that it was checked with, as a problem without tickets.
    reach : that problem, and by the rules of tickets which of its agents may take them, (A,) each.
    """

    agents: dict[str, tuple[Mapping[str, Any], Agent]] = field(default_factory=dict)
    on_duty: dict[str, tuple[Mapping[str, Any], OnDuty]] = field(default_factory=dict)
    loaded: dict[str, tuple[Agent, Agent]] = field(default_factory=dict)
    tickets: dict[str, Parsed] = field(default_factory=dict)
    standing: Snapshot | None = None
    backlog: Backlog = field(default_factory=Backlog)
    backlog_lock: threading.Lock = field(default_factory=threading.Lock)
    plain: tuple[Sequence[Mapping[str, Any]], Sequence[Agent]] | None = None
    team: tuple[Policy, Problem] | None = None
    reach: tuple[Problem, dict[str, Bool]] | None = None

    def agent(self, name: str, data: Mapping[str, Any], load: int, now: float) -> Agent:
        """A stored agent with a load, 0 or more, and the shift of a moment where it has a week."""
        known = self.agents.get(name)
        if known is None or (known[0] is not data and known[0] != data):
            known = self.agents[name] = data, record_of(data)
        agent = self._on_duty(name, known[1], data, now) if _has_hours(data) else known[1]
        return self.with_load(name, agent, load)

    def with_load(self, name: str, agent: Agent, load: int) -> Agent:
        """An agent that was remembered without a load, with one."""
        if not load:
            return agent
        loaded = self.loaded.get(name)
        if loaded is None or loaded[0] is not agent or loaded[1].current_load != load:
            fields = {**{key: getattr(agent, key) for key in AGENT_FIELDS}, "current_load": load}
            loaded = self.loaded[name] = agent, clean_copy(Agent, fields)
        return loaded[1]

    def plain_agents(self, agents: Mapping[str, StoredAgent], now: float) -> Sequence[Agent]:
        """Stored agents without loads, with the shifts of a moment."""
        data = [agent.data for agent in agents.values()]
        known = self.plain
        if known is None or not _are_same(known[0], data):
            plain = tuple(self.agent(name, agent.data, 0, now) for name, agent in agents.items())
            if any(map(_has_hours, data)):
                return plain
            known = self.plain = data, plain
        return known[1]

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

    def team_of(self, agents: Sequence[Agent], policy: Policy, now: float) -> Problem:
        """A problem of agents without loads and of no tickets; what it knows of its agents is computed once."""
        known = self.team
        if known is None or known[0] is not policy or not _are_same(known[1].agents, agents):
            known = self.team = policy, Problem((), agents, for_team(policy, agents), now)
        return known[1]

    def read(self, snapshot: Read, tickets: Collection[str] | None) -> Snapshot:
        """A snapshot, as `Store.snapshot` gives it."""
        standing = self.standing
        known = None if standing is None or tickets is None else standing.version
        state = snapshot(tickets=tickets, known=known)
        if not state.is_part:
            rows = QueueRows.of(state.tickets)
            self.standing = replace(state, tickets=QueueRows(rows.waiting, {}))
            return replace(state, tickets=rows)
        assert standing is not None
        others = {name: row for name, row in state.tickets.items() if row.state != WAITING}
        return replace(standing, tickets=QueueRows.of(standing.tickets).after(others))

    def wrote(self, after: Snapshot | None) -> None:
        """A queue was committed, and is so from now on; None where it is not known exactly."""
        if after is None:
            self.standing = None
            return
        rows = QueueRows.of(after.tickets)
        self.standing = Snapshot(after.version + 1, after.agents, QueueRows(rows.waiting, {}))
        for name in rows.others:
            self.tickets.pop(name, None)


def _has_hours(data: Mapping[str, Any]) -> bool:
    """Whether a stored agent is there at some times only."""
    return bool(data.get("working_hours") or data.get("absences"))


def after_batch(state: Snapshot, batch: Batch) -> Snapshot | None:
    """A queue of which all waiting tickets are known, with what a batch changes, as a store would give it.

    None where a ticket waits again: its place among the others is the store's to know.
    """
    rows = QueueRows.of(state.tickets)
    if any(row.state == WAITING and name in rows.others for name, row in batch.tickets.items()):
        return None
    kept = {name: replace(row, data=json.loads(json.dumps(row.data))) for name, row in batch.tickets.items()}
    data = {name: None if data is None else json.loads(json.dumps(data)) for name, data in batch.agents.items()}
    return Snapshot(state.version, team_after(state.agents, data, batch.events), rows.after(kept))


def _are_same(some: Sequence[object], others: Sequence[object]) -> bool:
    return some is others or (len(some) == len(others) and all(map(is_, some, others)))


_RECALLS: weakref.WeakKeyDictionary[Store, defaultdict[str, Recall]] = weakref.WeakKeyDictionary()
_LOCK = threading.Lock()


def recall_of(store: Store, tenant: str) -> Recall:
    """What this process remembers of a tenant's queue in a store."""
    with _LOCK:
        tenants = _RECALLS.setdefault(store, defaultdict(Recall))
        if len(tenants) >= MOST_TENANTS and tenant not in tenants:
            tenants.clear()
        return tenants[tenant]

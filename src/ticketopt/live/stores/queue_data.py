"""A queue as plain data, for the stores that hold it in memory or in a file."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, astuple, dataclass, field, replace
from itertools import islice
from typing import Any, TypeVar

from ticketopt.errors import StoreError
from ticketopt.live.stores.base import other_request, unknown_cursor
from ticketopt.live.stores.plain_deliveries import wish
from ticketopt.live.stores.rows import (
    CLOSED,
    WAITING,
    Batch,
    Delivery,
    Entry,
    Event,
    Job,
    Kept,
    Snapshot,
    StoredAgent,
    StoredTicket,
)

__all__ = ["PlainQueue"]

T = TypeVar("T")


@dataclass(slots=True)
class PlainQueue:
    """A queue of one tenant. Whoever uses it keeps others away meanwhile."""

    version: int = 0
    agents: dict[str, StoredAgent] = field(default_factory=dict)
    tickets: dict[str, StoredTicket] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    answers: dict[str, tuple[str, Any, float]] = field(default_factory=dict)
    deliveries: dict[str, Delivery] = field(default_factory=dict)
    last_delivery: int = 0
    written_at: dict[str, float] = field(default_factory=dict)
    n_pruned: int = 0
    carried: dict[tuple[str | None, str], int] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)

    def answer(self, key: str, request_hash: str) -> tuple[Any] | None:
        if key not in self.answers:
            return None
        known, response, _ = self.answers[key]
        if known != request_hash:
            raise other_request()
        return (_copy(response),)

    def snapshot(self, tickets: Collection[str] | None = None, known: int | None = None) -> Snapshot:
        if tickets is not None and known == self.version:
            named = {name: self.tickets[name] for name in tickets if name in self.tickets}
            return Snapshot(self.version, {}, named, is_part=True)
        rows = {
            name: row
            for name, row in self.tickets.items()
            if (row.state != CLOSED if tickets is None else row.state == WAITING or name in tickets)
        }
        return Snapshot(self.version, dict(self.agents), rows)

    def counts(self) -> dict[str, int]:
        return dict(Counter(row.state for row in self.tickets.values()))

    def agents_after(self, after: str | None, limit: int | None) -> list[tuple[str, StoredAgent]]:
        return list(islice(_after(self.agents, after), limit))

    def tickets_after(
        self, states: Collection[str] | None, agent: str | None, after: str | None, limit: int
    ) -> list[tuple[str, StoredTicket]]:
        wanted = (
            (name, row)
            for name, row in _after(self.tickets, after)
            if (states is None or row.state in states) and agent in (None, row.agent_id)
        )
        return list(islice(wanted, limit))

    def events(self, after: int, limit: int | None) -> list[Entry]:
        found = self.entries[max(0, after - self.n_pruned) :] if after >= 0 else self.entries[after:]
        return found[:limit]

    def history(self) -> tuple[Snapshot, list[Entry]]:
        older = [Entry(0, 0, 0.0, Event("carried", *pair, change)) for pair, change in self.carried.items()]
        return Snapshot(self.version, dict(self.agents), dict(self.tickets)), older + self.entries

    def commit(self, version: int, batch: Batch, key: str | None, request_hash: str) -> tuple[Any] | None:
        """Change a copy first, so that whatever fails changes nothing."""
        old = None if key is None else self.answer(key, request_hash)
        if old is not None:
            return old
        if version != self.version or any(other.key in self.answers for other in batch.others):
            return None
        agents = dict(self.agents)
        kept = {name: data for name, data in batch.agents.items() if data is not None}
        for name, data in kept.items():
            agents[name] = StoredAgent(agents[name].load if name in agents else 0, _copy(data))
        for event in batch.events:
            if event.change:
                if event.agent_id not in agents or agents[event.agent_id].load + event.change < 0:
                    raise StoreError(f"the load of agent {event.agent_id} would fall below zero")
                agents[event.agent_id] = replace(
                    agents[event.agent_id], load=agents[event.agent_id].load + event.change
                )
        for name in batch.agents.keys() - kept.keys():
            if name not in agents or agents.pop(name).load:
                raise StoreError(f"agent {name} would be forgotten with a load, or is not there")
        tickets = {name: replace(row, data=_copy(row.data)) for name, row in batch.tickets.items()}
        answer = _copy(batch.answer)
        others = {other.key: (other.request_hash, _copy(other.answer), batch.at) for other in batch.others}
        if key is not None:
            self.answers[key] = (request_hash, answer, batch.at)
        self.answers.update(others)
        for name in batch.forgets:
            self.answers.pop(name, None)
        self.agents, self.version = agents, version + 1
        self.tickets.update(tickets)
        self.written_at.update(dict.fromkeys(tickets, batch.at))
        self.last_delivery = wish(self.deliveries, batch.deliveries, self.last_delivery, batch.at)
        first = self.n_pruned + len(self.entries) + 1
        self.entries += [Entry(first + k, self.version, batch.at, event) for k, event in enumerate(batch.events)]
        return Kept((_copy(answer),))

    def to_dict(self) -> dict[str, Any]:
        """The queue as JSON holds it."""
        return {
            "version": self.version,
            "agents": {name: agent.data for name, agent in self.agents.items()},
            "loads": {name: agent.load for name, agent in self.agents.items()},
            "tickets": {name: astuple(row) for name, row in self.tickets.items()},
            "events": [[entry.version, entry.at, *astuple(entry.event)] for entry in self.entries],
            "answers": self.answers,
            "deliveries": [asdict(row) for row in self.deliveries.values()],
            "last_delivery": self.last_delivery,
            "written_at": self.written_at,
            "n_pruned": self.n_pruned,
            "carried": [[*pair, change] for pair, change in self.carried.items()],
            "jobs": [asdict(job) for job in self.jobs.values()],
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> PlainQueue:
        """The queue that `to_dict` has written."""
        loads, n_pruned = data["loads"], int(data.get("n_pruned", 0))
        return cls(
            int(data["version"]),
            {name: StoredAgent(int(loads[name]), dict(record)) for name, record in data["agents"].items()},
            {name: StoredTicket(*row) for name, row in data["tickets"].items()},
            [Entry(k, row[0], row[1], Event(*row[2:])) for k, row in enumerate(data["events"], n_pruned + 1)],
            {key: (*kept, 0.0)[:3] for key, kept in data["answers"].items()},
            {row["ticket_id"]: Delivery(**row) for row in data.get("deliveries", ())},
            int(data.get("last_delivery", 0)),
            dict(data.get("written_at", {})),
            n_pruned,
            {(ticket_id, agent_id): change for ticket_id, agent_id, change in data.get("carried", ())},
            {row["job_id"]: Job(**row) for row in data.get("jobs", ())},
        )


def _after(rows: Mapping[str, T], after: str | None) -> Iterator[tuple[str, T]]:
    """The rows that come after the one named."""
    if after is not None and after not in rows:
        raise unknown_cursor(after)
    everything = iter(rows.items())
    if after is not None:
        next(name for name, _ in everything if name == after)
    return everything


def _copy(data: Any) -> Any:
    """Data as it would come back from JSON; text that is none is an error before anything is kept."""
    text = json.dumps(data, allow_nan=False)
    return json.loads(text)

"""Queues of plain data as the rows of a backup, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from ticketopt.errors import StoreError
from ticketopt.live.stores.backup_file import Row, Write
from ticketopt.live.stores.queue_data import PlainQueue
from ticketopt.live.stores.rows import Delivery, Entry, Event, Job, StoredAgent, StoredTicket

__all__ = ["dump", "queues_of", "rows_of"]

EVENT = ("kind", "ticket_id", "agent_id", "change")


def dump(queues: Mapping[str, PlainQueue], write: Write) -> None:
    """Write every row."""
    for tenant, queue in queues.items():
        for table, row in rows_of(queue):
            write(table, {"tenant": tenant, **row})


def rows_of(queue: PlainQueue) -> Iterator[Row]:
    """The rows of a queue, without its tenant."""
    yield "queue", {"version": queue.version, "last_delivery": queue.last_delivery}
    for position, (name, agent) in enumerate(queue.agents.items()):
        yield "agent", {"agent_id": name, "position": position, "load": agent.load, "data": agent.data}
    for position, (name, row) in enumerate(queue.tickets.items(), start=1):
        at = queue.written_at.get(name, 0.0)
        yield "assignment", {"ticket_id": name, "position": position, **asdict(row), "at": at}
    for (ticket_id, agent_id), change in queue.carried.items():
        yield "carried", {"ticket_id": ticket_id or "", "agent_id": agent_id, "change": change}
    for entry in queue.entries:
        yield "event", {"version": entry.version, "at": entry.at, **asdict(entry.event)}
    for key, (request_hash, response, at) in queue.answers.items():
        yield "idempotency", {"key": key, "request_hash": request_hash, "response": response, "at": at}
    for delivery in queue.deliveries.values():
        yield "delivery", asdict(delivery)
    for job in queue.jobs.values():
        yield "job", asdict(job)


def queues_of(rows: Iterable[Row]) -> dict[str, PlainQueue]:
    """The queues that rows describe, whatever store they come from.

    Raises
    ------
    StoreError
        Where a row is none.
    """
    queues: dict[str, PlainQueue] = {}
    for table, row in rows:
        try:
            _take(queues.setdefault(row.pop("tenant"), PlainQueue()), table, row)
        except (KeyError, TypeError, ValueError) as error:
            raise StoreError(f"the backup has a row of {table!r} that is none; use another backup") from error
    return queues


def _take(queue: PlainQueue, table: str, row: dict[str, Any]) -> None:
    match table:
        case "queue":
            queue.version, queue.last_delivery = row["version"], row["last_delivery"]
        case "agent":
            queue.agents[row["agent_id"]] = StoredAgent(row["load"], row["data"])
        case "assignment":
            name = row["ticket_id"]
            queue.tickets[name] = StoredTicket(row["agent_id"], row["units"], row["state"], row["data"])
            queue.written_at[name] = row["at"]
        case "carried":
            queue.carried[row["ticket_id"] or None, row["agent_id"]] = row["change"]
        case "event":
            number = len(queue.entries) + 1
            queue.entries.append(Entry(number, row["version"], row["at"], Event(*(row[name] for name in EVENT))))
        case "idempotency":
            queue.answers[row["key"]] = (row["request_hash"], row["response"], row["at"])
        case "delivery":
            queue.deliveries[row["ticket_id"]] = Delivery(**row)
        case "job":
            queue.jobs[row["job_id"]] = Job(**row)
        case _:
            raise ValueError(table)

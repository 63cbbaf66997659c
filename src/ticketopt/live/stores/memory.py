"""`memory:` keeps the queues of this process until it ends: for tests, trials and notebooks."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any

from ticketopt.errors import InvalidInputError, StoreError
from ticketopt.live.stores import plain_backup, plain_deliveries, plain_jobs, plain_retention
from ticketopt.live.stores.backup_file import Row, Write, write_rows
from ticketopt.live.stores.base import LOCK_TIMEOUT, Decided, Read, commit_unlocked
from ticketopt.live.stores.queue_data import PlainQueue
from ticketopt.live.stores.rows import Batch, Delivery, Entry, Job, Retention, Snapshot, StoredAgent, StoredTicket
from ticketopt.problem.fields import shown

__all__ = ["MemoryStore", "open_store"]


class MemoryStore:
    """Queues in memory. Two stores share nothing."""

    def __init__(self, *, lock_timeout: float = LOCK_TIMEOUT) -> None:
        self.lock_timeout = lock_timeout
        self._lock = threading.Lock()
        self._queues: defaultdict[str, PlainQueue] = defaultdict(PlainQueue)

    def ready(self, *, limit: float = 0.5) -> None:
        if not self._lock.acquire(timeout=limit):
            raise StoreError(f"the store was busy for {limit:g} s; try again")
        self._lock.release()

    def answer(self, tenant: str, key: str, request_hash: str) -> tuple[Any] | None:
        with self._lock:
            return self._queues[tenant].answer(key, request_hash)

    def kept_among(self, tenant: str, keys: Collection[str]) -> set[str]:
        with self._lock:
            return self._queues[tenant].answers.keys() & set(keys)

    def snapshot(self, tenant: str, *, tickets: Collection[str] | None = None, known: int | None = None) -> Snapshot:
        with self._lock:
            return self._queues[tenant].snapshot(tickets, known)

    def events(self, tenant: str, *, after: int = 0, limit: int | None = None) -> list[Entry]:
        with self._lock:
            return self._queues[tenant].events(after, limit)

    def history(self, tenant: str) -> tuple[Snapshot, list[Entry]]:
        with self._lock:
            return self._queues[tenant].history()

    def commit(
        self,
        tenant: str,
        version: int,
        batch: Batch,
        *,
        key: str | None = None,
        request_hash: str = "",
        limit: float | None = None,
    ) -> tuple[Any] | None:
        with self._lock:
            return self._queues[tenant].commit(version, batch, key, request_hash)

    def commit_locked(
        self, tenant: str, decide: Callable[[Read], Decided | None], *, limit: float | None = None
    ) -> tuple[Any] | None:
        return commit_unlocked(self, tenant, decide, limit)

    def version(self, tenant: str) -> int:
        with self._lock:
            return self._queues[tenant].version

    def counts(self, tenant: str) -> dict[str, int]:
        with self._lock:
            return self._queues[tenant].counts()

    def agents(
        self, tenant: str, *, after: str | None = None, limit: int | None = None
    ) -> list[tuple[str, StoredAgent]]:
        with self._lock:
            return self._queues[tenant].agents_after(after, limit)

    def ticket(self, tenant: str, ticket_id: str) -> StoredTicket | None:
        with self._lock:
            return self._queues[tenant].tickets.get(ticket_id)

    def tickets(
        self,
        tenant: str,
        *,
        states: Collection[str] | None = None,
        agent: str | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> list[tuple[str, StoredTicket]]:
        with self._lock:
            return self._queues[tenant].tickets_after(states, agent, after, limit)

    def tenants(self) -> list[str]:
        with self._lock:
            return sorted(tenant for tenant, queue in self._queues.items() if queue.version or queue.jobs)

    def due_deliveries(self, tenant: str, *, now: float, lease: float, limit: int = 100) -> list[Delivery]:
        with self._lock:
            return plain_deliveries.claim(self._queues[tenant].deliveries, now, lease, limit)

    def settle_delivery(
        self, tenant: str, delivery: Delivery, *, state: str, due_at: float | None = None, error: str | None = None
    ) -> bool:
        with self._lock:
            return plain_deliveries.settle(self._queues[tenant].deliveries, delivery, state, due_at, error)

    def deliveries(
        self, tenant: str, *, state: str | None = None, after: int = 0, limit: int | None = 100
    ) -> list[Delivery]:
        with self._lock:
            return plain_deliveries.listed(self._queues[tenant].deliveries, state, after, limit)

    def resend(self, tenant: str, ticket_ids: Collection[str] | None = None, *, now: float) -> int:
        with self._lock:
            return plain_deliveries.resend(self._queues[tenant].deliveries, ticket_ids, now)

    def prune(self, tenant: str, *, now: float, keep: Retention) -> dict[str, int]:
        with self._lock:
            return plain_retention.prune(self._queues[tenant], now, keep)

    def backup(self, path: Path) -> int:
        return write_rows(path, self.dump)

    def dump(self, write: Write) -> None:
        with self._lock:
            plain_backup.dump(self._queues, write)

    def load(self, rows: Iterable[Row]) -> int:
        queues = plain_backup.queues_of(rows)
        with self._lock:
            if any(queue.version for queue in self._queues.values()):
                raise StoreError("the store holds queues already; restore a backup into an empty one")
            self._queues.update(queues)
        return sum(1 for queue in queues.values() for _ in plain_backup.rows_of(queue))

    def put_job(self, tenant: str, job: Job, *, held: float | None = None) -> bool:
        with self._lock:
            return plain_jobs.put(self._queues[tenant].jobs, job, held)

    def job(self, tenant: str, job_id: str) -> Job | None:
        with self._lock:
            return self._queues[tenant].jobs.get(job_id)

    def jobs(self, tenant: str, *, state: str | None = None, limit: int | None = 100) -> list[Job]:
        with self._lock:
            return plain_jobs.listed(self._queues[tenant].jobs, state, limit)

    def claim_job(self, tenant: str, *, now: float, lease: float) -> Job | None:
        with self._lock:
            return plain_jobs.claim(self._queues[tenant].jobs, now, lease)


def open_store(location: str, *, lock_timeout: float = LOCK_TIMEOUT) -> MemoryStore:
    """A new, empty store. `memory:` has no location."""
    if location:
        raise InvalidInputError.single("store", f"memory: has the location {shown(location)}", 'write just "memory:"')
    return MemoryStore(lock_timeout=lock_timeout)

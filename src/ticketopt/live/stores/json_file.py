"""`json:PATH` keeps queues in one readable file, which begins with agents and their loads.

`{"agents": [{"agent_id", "name", "current_load"}], "queues": {tenant: ...}}`: first the loads of the default tenant,
then everything else under "queues". A file with the agents alone (the format of `agent_state.json`) is read as it is;
loads that another program has changed since are taken over, as events of the kind "edited".

Every change writes the whole file: for trials, for sharing loads with such a program, and for small desks. The file is
replaced as a whole, so a reader sees the old state or the new one and never half of either, whatever crashes. Changes
of all threads and processes of one machine follow each other: they lock `PATH.lock` beside it, a file that stays (a
lock file that is removed lets two lock at once).
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from ticketopt.errors import InvalidInputError, StoreError
from ticketopt.live.stores import plain_backup, plain_deliveries, plain_jobs, plain_retention
from ticketopt.live.stores.backup_file import Row, Write, write_rows
from ticketopt.live.stores.base import LOCK_TIMEOUT, Decided, Read, commit_unlocked
from ticketopt.live.stores.durable_file import PRIVATE, failed, replace_file
from ticketopt.live.stores.json_content import check_folder, queues_in, rendered
from ticketopt.live.stores.queue_data import PlainQueue
from ticketopt.live.stores.rows import (
    Batch,
    Delivery,
    Entry,
    Job,
    Retention,
    Snapshot,
    StoredAgent,
    StoredTicket,
)

__all__ = ["JsonStore", "open_store"]

T = TypeVar("T")

POLL_INTERVAL = 0.01  # seconds between two looks at another process's lock


class JsonStore:
    """Queues in a JSON file. No file means that nothing is there yet; its folder must be there.

    Parameters
    ----------
    path : the file. A symbolic link stands for the file it points to.
    lock_timeout : seconds to wait for other changes.

    Notes
    -----
    Requires a file system with `flock` (every local one) and is not for machines that share a folder.
    """

    def __init__(self, path: str | os.PathLike[str], *, lock_timeout: float = LOCK_TIMEOUT) -> None:
        self.path = Path(os.path.realpath(path))
        self.lock_timeout = lock_timeout
        self._thread_lock = threading.Lock()

    def ready(self, *, limit: float = 0.5) -> None:
        with self._locked(limit):
            queues_in(self.path)
            if not os.access(self.path if self.path.exists() else self.path.parent, os.W_OK):
                raise StoreError(f"{self.path} may not be written; check its permissions")

    def answer(self, tenant: str, key: str, request_hash: str) -> tuple[Any] | None:
        return self._queue(tenant).answer(key, request_hash)

    def kept_among(self, tenant: str, keys: Collection[str]) -> set[str]:
        return self._queue(tenant).answers.keys() & set(keys)

    def snapshot(self, tenant: str, *, tickets: Collection[str] | None = None, known: int | None = None) -> Snapshot:
        return self._queue(tenant).snapshot(tickets)

    def events(self, tenant: str, *, after: int = 0, limit: int | None = None) -> list[Entry]:
        return self._queue(tenant).events(after, limit)

    def history(self, tenant: str) -> tuple[Snapshot, list[Entry]]:
        return self._queue(tenant).history()

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
        return self._change(tenant, lambda queue: queue.commit(version, batch, key, request_hash), limit)

    def commit_locked(
        self, tenant: str, decide: Callable[[Read], Decided | None], *, limit: float | None = None
    ) -> tuple[Any] | None:
        return commit_unlocked(self, tenant, decide, limit)

    def version(self, tenant: str) -> int:
        return self._queue(tenant).version

    def counts(self, tenant: str) -> dict[str, int]:
        return self._queue(tenant).counts()

    def agents(
        self, tenant: str, *, after: str | None = None, limit: int | None = None
    ) -> list[tuple[str, StoredAgent]]:
        return self._queue(tenant).agents_after(after, limit)

    def ticket(self, tenant: str, ticket_id: str) -> StoredTicket | None:
        return self._queue(tenant).tickets.get(ticket_id)

    def tickets(
        self,
        tenant: str,
        *,
        states: Collection[str] | None = None,
        agent: str | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> list[tuple[str, StoredTicket]]:
        return self._queue(tenant).tickets_after(states, agent, after, limit)

    def tenants(self) -> list[str]:
        return sorted(tenant for tenant, queue in queues_in(self.path).items() if queue.version or queue.jobs)

    def due_deliveries(self, tenant: str, *, now: float, lease: float, limit: int = 100) -> list[Delivery]:
        if not plain_deliveries.claim(self._queue(tenant).deliveries, now, lease, 1):
            return []
        return self._change(tenant, lambda queue: plain_deliveries.claim(queue.deliveries, now, lease, limit))

    def settle_delivery(
        self, tenant: str, delivery: Delivery, *, state: str, due_at: float | None = None, error: str | None = None
    ) -> bool:
        return self._change(
            tenant, lambda queue: plain_deliveries.settle(queue.deliveries, delivery, state, due_at, error)
        )

    def deliveries(
        self, tenant: str, *, state: str | None = None, after: int = 0, limit: int | None = 100
    ) -> list[Delivery]:
        return plain_deliveries.listed(self._queue(tenant).deliveries, state, after, limit)

    def resend(self, tenant: str, ticket_ids: Collection[str] | None = None, *, now: float) -> int:
        return self._change(tenant, lambda queue: plain_deliveries.resend(queue.deliveries, ticket_ids, now))

    def prune(self, tenant: str, *, now: float, keep: Retention) -> dict[str, int]:
        return self._change(tenant, lambda queue: plain_retention.prune(queue, now, keep))

    def backup(self, path: Path) -> int:
        return write_rows(path, self.dump)

    def dump(self, write: Write) -> None:
        plain_backup.dump(queues_in(self.path), write)

    def load(self, rows: Iterable[Row]) -> int:
        queues = plain_backup.queues_of(rows)
        with self._locked():
            if any(queue.version for queue in queues_in(self.path).values()):
                raise StoreError("the store holds queues already; restore a backup into an empty one")
            replace_file(self.path, rendered(queues))
        return sum(1 for queue in queues.values() for _ in plain_backup.rows_of(queue))

    def put_job(self, tenant: str, job: Job, *, held: float | None = None) -> bool:
        return self._change(tenant, lambda queue: plain_jobs.put(queue.jobs, job, held))

    def job(self, tenant: str, job_id: str) -> Job | None:
        return self._queue(tenant).jobs.get(job_id)

    def jobs(self, tenant: str, *, state: str | None = None, limit: int | None = 100) -> list[Job]:
        return plain_jobs.listed(self._queue(tenant).jobs, state, limit)

    def claim_job(self, tenant: str, *, now: float, lease: float) -> Job | None:
        if plain_jobs.claim(self._queue(tenant).jobs, now, lease) is None:
            return None
        return self._change(tenant, lambda queue: plain_jobs.claim(queue.jobs, now, lease))

    def _change(self, tenant: str, work: Callable[[PlainQueue], T], limit: float | None = None) -> T:
        """Do work on a queue and write the file; what comes out empty has changed nothing."""
        with self._locked(limit):
            queues = queues_in(self.path)
            done = work(queues.setdefault(tenant, PlainQueue()))
            if done:
                replace_file(self.path, rendered(queues))
            return done

    def _queue(self, tenant: str) -> PlainQueue:
        return queues_in(self.path).get(tenant, PlainQueue())

    @contextmanager
    def _locked(self, limit: float | None = None) -> Iterator[None]:
        """Threads of this store queue at a lock in memory; the first in line competes with the other processes."""
        limit = self.lock_timeout if limit is None else limit
        busy = StoreError(f"{self.path} was locked by others for {limit:g} s; try again")
        deadline = time.monotonic() + limit
        if not self._thread_lock.acquire(timeout=limit):
            raise busy
        try:
            with self._process_lock(max(0.0, deadline - time.monotonic()), busy):
                yield
        finally:
            self._thread_lock.release()

    @contextmanager
    def _process_lock(self, timeout: float, busy: StoreError) -> Iterator[None]:
        try:
            from filelock import FileLock, Timeout
        except ImportError:
            raise StoreError('json: stores need the extra "ticketopt[service]"; install it') from None
        check_folder(self.path)
        place = f"{self.path}.lock"
        lock = FileLock(place, timeout, mode=PRIVATE, poll_interval=POLL_INTERVAL, fallback_to_soft=False)
        try:
            lock.acquire()
        except Timeout:
            raise busy from None
        except OSError as error:
            raise failed("lock", self.path, error) from error
        try:
            yield
        finally:
            lock.release()


def open_store(location: str, *, lock_timeout: float = LOCK_TIMEOUT) -> JsonStore:
    """The store in the file at a path."""
    if not location.strip():
        raise InvalidInputError.single("store", "json: names no file", 'write "json:agent_state.json"')
    return JsonStore(location, lock_timeout=lock_timeout)

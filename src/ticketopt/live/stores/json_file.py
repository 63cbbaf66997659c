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

import json
import os
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from ticketopt.errors import InvalidInputError, StoreError
from ticketopt.intake.strict_json import decode, parse_json
from ticketopt.live.stores import plain_deliveries, plain_jobs, plain_retention
from ticketopt.live.stores.base import LOCK_TIMEOUT
from ticketopt.live.stores.durable_file import PRIVATE, failed, replace_file
from ticketopt.live.stores.queue_data import PlainQueue
from ticketopt.live.stores.rows import (
    Batch,
    Delivery,
    Entry,
    Event,
    Job,
    Retention,
    Snapshot,
    StoredAgent,
    StoredTicket,
)
from ticketopt.problem.fields import Report, clean_record, kind
from ticketopt.problem.records import AGENT_FIELDS

__all__ = ["JsonStore", "open_store"]

T = TypeVar("T")

FIELDS = ("agent_id", "name", "current_load")
DEFAULT = ""
"""The tenant whose loads stand first, under "agents"."""

POLL_INTERVAL = 0.01  # seconds between two looks at another process's lock
REPAIR = "repair it, or move it away to start anew"


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
            _queues(self.path)
            if not os.access(self.path if self.path.exists() else self.path.parent, os.W_OK):
                raise StoreError(f"{self.path} may not be written; check its permissions")

    def answer(self, tenant: str, key: str, request_hash: str) -> tuple[Any] | None:
        return self._queue(tenant).answer(key, request_hash)

    def snapshot(self, tenant: str, *, tickets: Collection[str] | None = None, with_waiting: bool = True) -> Snapshot:
        return self._queue(tenant).snapshot(tickets, with_waiting=with_waiting)

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
        return sorted(tenant for tenant, queue in _queues(self.path).items() if queue.version)

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
            queues = _queues(self.path)
            done = work(queues.setdefault(tenant, PlainQueue()))
            if done:
                replace_file(self.path, _rendered(queues))
            return done

    def _queue(self, tenant: str) -> PlainQueue:
        return _queues(self.path).get(tenant, PlainQueue())

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
        _check_folder(self.path)
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


def _check_folder(path: Path) -> None:
    if not path.parent.is_dir():
        raise StoreError(f"the folder of {path} does not exist; create it")


def _content(path: Path) -> bytes | None:
    """The bytes of the file; None where there is no file."""
    _check_folder(path)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise failed("read", path, error) from error


def _queues(path: Path) -> dict[str, PlainQueue]:
    """What a file holds; anything but the exact format is an error, as writing would lose the rest."""
    content = _content(path)
    if content is None:
        return {}
    try:
        data = parse_json(decode(content))
        if not isinstance(data, dict) or not {"agents"} <= set(data) <= {"agents", "queues"}:
            raise InvalidInputError.single("", "is not an object with the key agents", REPAIR)
        if not isinstance(data["agents"], list):
            raise InvalidInputError.single("agents", f"is {kind(data['agents'])}, not a list", REPAIR)
        rows = [_agent(row, f"agents[{k}]") for k, row in enumerate(data["agents"])]
        try:
            queues = {tenant: PlainQueue.from_dict(item) for tenant, item in data.get("queues", {}).items()}
        except (AttributeError, KeyError, TypeError, ValueError, IndexError):
            raise InvalidInputError.single("queues", "are not as they were written", REPAIR) from None
    except InvalidInputError as error:
        issue = error.issues[0]
        problem = f"{issue.path}: {issue.problem}" if issue.path else issue.problem
        raise StoreError(f"{path} holds no queue ({problem}), so it is left as it is; {REPAIR}") from None
    if len({str(row["agent_id"]) for row in rows}) < len(rows):
        raise StoreError(f"{path} holds an agent_id twice, so it is left as it is; {REPAIR}")
    _take_over(queues.setdefault(DEFAULT, PlainQueue()), rows)
    return queues


def _take_over(queue: PlainQueue, rows: list[dict[str, Any]]) -> None:
    """Have the loads of a file count, whoever wrote them: what differs from the queue's own is one more version."""
    loads = {str(row["agent_id"]): row["current_load"] for row in rows}
    old = {name: agent.load for name, agent in queue.agents.items()}
    events = [
        Event("edited", None, name, loads.get(name, 0) - old.get(name, 0))
        for name in (*old, *(name for name in loads if name not in old))
        if name not in old or loads.get(name, 0) != old[name]
    ]
    new = {str(row["agent_id"]): {k: v for k, v in row.items() if k != "current_load"} for row in rows}
    records = {name: data for name, data in new.items() if name not in queue.agents}
    if events or records:
        queue.commit(queue.version, Batch(None, tuple(events), records), None, "")


def _agent(row: Any, where: str) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise InvalidInputError.single(where, f"is {kind(row)}, not an object", REPAIR)
    if not {"agent_id", "current_load"} <= set(row) <= set(FIELDS):
        raise InvalidInputError.single(where, f"does not have exactly the keys {', '.join(FIELDS)}", REPAIR)
    report = Report()
    clean = clean_record(AGENT_FIELDS, row, where, report)
    if report.issues:
        raise InvalidInputError(report.issues)
    return {"name": "", **clean}


def _rendered(queues: dict[str, PlainQueue]) -> bytes:
    rows = [_row(name, agent) for name, agent in queues.get(DEFAULT, PlainQueue()).agents.items()]
    kept = {tenant: queue.to_dict() for tenant, queue in queues.items()}
    agents = json.dumps({"agents": rows}, indent=2).removesuffix("\n}")
    return f'{agents},\n  "queues": {json.dumps(kept)}\n}}'.encode("ascii")


def _row(name: str, agent: StoredAgent) -> dict[str, Any]:
    return {
        "agent_id": agent.data.get("agent_id", name),
        "name": agent.data.get("name", ""),
        "current_load": agent.load,
    }


def open_store(location: str, *, lock_timeout: float = LOCK_TIMEOUT) -> JsonStore:
    """The store in the file at a path."""
    if not location.strip():
        raise InvalidInputError.single("store", "json: names no file", 'write "json:agent_state.json"')
    return JsonStore(location, lock_timeout=lock_timeout)

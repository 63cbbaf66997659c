"""`sqlite:///PATH` and `postgresql://...` keep queues in a database, through one code path.

Reading takes a snapshot and no lock. A commit locks its queue (`BEGIN IMMEDIATE` in SQLite, the queue's row in
PostgreSQL), looks for its key, moves the version by one from exactly where it was decided, writes, and commits. What
fails for others' sake (busy, deadlock, lost connection) is tried again for as long as `lock_timeout`; a commit whose
fate a lost connection left open is found by its key.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from ticketopt.errors import InvalidInputError, StoreError
from ticketopt.live.stores import sql_backup, sql_deliveries, sql_jobs, sql_reads, sql_retention
from ticketopt.live.stores.backup_file import Row, Write, write_rows
from ticketopt.live.stores.base import LOCK_TIMEOUT, Decided, Read
from ticketopt.live.stores.postgresql import Postgresql
from ticketopt.live.stores.rows import Batch, Delivery, Entry, Job, Retention, Snapshot, StoredAgent, StoredTicket
from ticketopt.live.stores.sql_commit import commit_batch, lock
from ticketopt.live.stores.sql_tables import is_newest, migrate
from ticketopt.live.stores.sql_transactions import Database, Transactions
from ticketopt.live.stores.sqlite_file import SqliteFile

__all__ = ["SqlStore", "open_postgresql", "open_sqlite"]

T = TypeVar("T")

MIGRATION_TIMEOUT = 600.0
"""Seconds for a change of the tables; opening a database that needs none is as fast as any reading."""


BACKUP_TIMEOUT = 86_400.0
"""Seconds for a backup and for taking one; each statement of it has the store's own limit."""


class SqlStore:
    """Queues in a SQLite file, whose folder must be there, or in a PostgreSQL database.

    Parameters
    ----------
    lock_timeout : seconds to go on trying before a `StoreError`.
    """

    def __init__(self, database: Database, *, lock_timeout: float = LOCK_TIMEOUT) -> None:
        self.lock_timeout, self.engine, self._database = lock_timeout, database.engine, database
        transactions = Transactions(database, lock_timeout)
        self._read, self._write = transactions.read, transactions.write
        if not self._read(is_newest):
            self._write(migrate, limit=max(lock_timeout, MIGRATION_TIMEOUT))

    def ready(self, *, limit: float = 0.5) -> None:
        self._write(sql_reads.try_to_write, limit=limit)

    def answer(self, tenant: str, key: str, request_hash: str) -> tuple[Any] | None:
        return self._read(lambda connection: sql_reads.stored(connection, tenant, key, request_hash))

    def kept_among(self, tenant: str, keys: Collection[str]) -> set[str]:
        return self._read(lambda connection: sql_reads.kept_among(connection, tenant, keys))

    def snapshot(self, tenant: str, *, tickets: Collection[str] | None = None, known: int | None = None) -> Snapshot:
        return self._read(lambda connection: sql_reads.snapshot(connection, tenant, tickets=tickets, known=known))

    def events(self, tenant: str, *, after: int = 0, limit: int | None = None) -> list[Entry]:
        return self._read(lambda connection: sql_reads.events(connection, tenant, after, limit))

    def history(self, tenant: str) -> tuple[Snapshot, list[Entry]]:
        return self._read(lambda connection: sql_reads.history(connection, tenant))

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
        plain = _plain(batch)
        return self._write(
            lambda connection: commit_batch(connection, tenant, version, plain, key, request_hash), limit=limit
        )

    def commit_locked(
        self, tenant: str, decide: Callable[[Read], Decided | None], *, limit: float | None = None
    ) -> tuple[Any] | None:
        def work(connection: sa.Connection) -> tuple[Any] | None:
            lock(connection, tenant)
            decided = decide(partial(sql_reads.snapshot, connection, tenant))
            if decided is None:
                return None
            version, batch, key, request_hash = decided
            return commit_batch(connection, tenant, version, _plain(batch), key, request_hash)

        return self._write(work, limit=limit)

    def version(self, tenant: str) -> int:
        return self._read(lambda connection: sql_reads.version(connection, tenant))

    def counts(self, tenant: str) -> dict[str, int]:
        return self._read(lambda connection: sql_reads.counts(connection, tenant))

    def agents(
        self, tenant: str, *, after: str | None = None, limit: int | None = None
    ) -> list[tuple[str, StoredAgent]]:
        return self._read(lambda connection: sql_reads.agents(connection, tenant, after, limit))

    def ticket(self, tenant: str, ticket_id: str) -> StoredTicket | None:
        return self._read(lambda connection: sql_reads.ticket(connection, tenant, ticket_id))

    def tickets(
        self,
        tenant: str,
        *,
        states: Collection[str] | None = None,
        agent: str | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> list[tuple[str, StoredTicket]]:
        return self._read(lambda connection: sql_reads.tickets(connection, tenant, states, agent, after, limit))

    def tenants(self) -> list[str]:
        return self._read(sql_reads.tenants)

    def due_deliveries(self, tenant: str, *, now: float, lease: float, limit: int = 100) -> list[Delivery]:
        if not self._read(lambda connection: sql_deliveries.is_due(connection, tenant, now)):
            return []
        return self._write(lambda connection: sql_deliveries.claim(connection, tenant, now, lease, limit))

    def settle_delivery(
        self, tenant: str, delivery: Delivery, *, state: str, due_at: float | None = None, error: str | None = None
    ) -> bool:
        return self._write(lambda connection: sql_deliveries.settle(connection, tenant, delivery, state, due_at, error))

    def deliveries(
        self, tenant: str, *, state: str | None = None, after: int = 0, limit: int | None = 100
    ) -> list[Delivery]:
        return self._read(lambda connection: sql_deliveries.listed(connection, tenant, state, after, limit))

    def resend(self, tenant: str, ticket_ids: Collection[str] | None = None, *, now: float) -> int:
        return self._write(lambda connection: sql_deliveries.resend(connection, tenant, ticket_ids, now))

    def prune(self, tenant: str, *, now: float, keep: Retention) -> dict[str, int]:
        counts = sql_retention.prune(self._read, self._write, tenant, now, keep)
        self._database.tidy()
        return counts

    def backup(self, path: Path) -> int:
        return self._database.copy(path) or write_rows(path, self.dump)

    def dump(self, write: Write) -> None:
        self._read(_only_once(lambda connection: sql_backup.dump(connection, write)), limit=BACKUP_TIMEOUT)

    def load(self, rows: Iterable[Row]) -> int:
        return self._write(_only_once(lambda connection: sql_backup.load(connection, rows)), limit=BACKUP_TIMEOUT)

    def put_job(self, tenant: str, job: Job, *, held: float | None = None) -> bool:
        return self._write(lambda connection: sql_jobs.put(connection, tenant, job, held))

    def job(self, tenant: str, job_id: str) -> Job | None:
        return self._read(lambda connection: sql_jobs.one(connection, tenant, job_id))

    def jobs(self, tenant: str, *, state: str | None = None, limit: int | None = 100) -> list[Job]:
        return self._read(lambda connection: sql_jobs.listed(connection, tenant, state, limit))

    def claim_job(self, tenant: str, *, now: float, lease: float) -> Job | None:
        if not self._read(lambda connection: sql_jobs.is_due(connection, tenant, now)):
            return None
        return self._write(lambda connection: sql_jobs.claim(connection, tenant, now, lease))

    def close(self) -> None:
        """Give up every connection."""
        self.engine.dispose()


def _plain(batch: Batch) -> Batch:
    """A batch whose answer is as it comes back from JSON."""
    return replace(batch, answer=json.loads(json.dumps(batch.answer)))


def _only_once(work: Callable[[sa.Connection], T]) -> Callable[[sa.Connection], T]:
    """Work that another attempt would not begin where the first one did."""
    started: list[bool] = []

    def begin(connection: sa.Connection) -> T:
        if started:
            raise StoreError("the connection to the database was lost meanwhile; try again")
        started.append(True)
        return work(connection)

    return begin


def open_sqlite(location: str, *, lock_timeout: float = LOCK_TIMEOUT) -> SqlStore:
    """The store in a SQLite file: `sqlite:///relative.db` or `sqlite:////absolute.db`."""
    path = location.removeprefix("///")
    if path == location or not path.strip() or path.startswith(":memory:") or "?" in path:
        raise InvalidInputError.single("store", "sqlite: names no file", 'write "sqlite:///tickets.db"')
    return SqlStore(SqliteFile(path), lock_timeout=lock_timeout)


def open_postgresql(location: str, *, lock_timeout: float = LOCK_TIMEOUT) -> SqlStore:
    """The store in a PostgreSQL database: `postgresql://user:password@host/database`."""
    try:
        url = sa.make_url(f"postgresql:{location}").set(drivername="postgresql+pg8000")
    except (SQLAlchemyError, ValueError):
        repair = 'write "postgresql://user:password@host/database"'
        raise InvalidInputError.single("store", "postgresql: has no readable address", repair) from None
    return SqlStore(Postgresql(url, lock_timeout), lock_timeout=lock_timeout)

"""`sqlite:///PATH` and `postgresql://...` keep queues in a database, through one code path.

Reading takes a snapshot and no lock. A commit locks its queue (`BEGIN IMMEDIATE` in SQLite, the queue's row in
PostgreSQL), looks for its key, moves the version by one from exactly where it was decided, writes, and commits. What
fails for others' sake (busy, deadlock, lost connection) is tried again for as long as `lock_timeout`; a commit whose
fate a lost connection left open is found by its key.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, InterfaceError, SQLAlchemyError

from ticketopt.errors import InvalidInputError, StoreError
from ticketopt.live.stores import sql_deliveries, sql_reads
from ticketopt.live.stores.base import LOCK_TIMEOUT
from ticketopt.live.stores.rows import Batch, Delivery, Entry, Snapshot, StoredAgent, StoredTicket
from ticketopt.live.stores.sql_commit import commit_batch
from ticketopt.live.stores.sql_tables import migrate

__all__ = ["SqlStore", "open_postgresql", "open_sqlite"]

T = TypeVar("T")

FIRST_PAUSE, LONGEST_PAUSE = 0.02, 1.0
"""Seconds between two attempts; the pause doubles."""

PASSING = ("40001", "40P01", "55P03", "57P01", "57P02", "57P03", "08", "53300")
"""How PostgreSQL's codes begin for errors that pass: conflicts, locks, and a server that stops, starts or is full."""


class SqlStore:
    """Queues in a SQLite file, whose folder must be there, or in a PostgreSQL database.

    Parameters
    ----------
    url : as SQLAlchemy reads it.
    lock_timeout : seconds to go on trying before a `StoreError`.
    """

    def __init__(self, url: sa.URL, *, lock_timeout: float = LOCK_TIMEOUT) -> None:
        self.lock_timeout = lock_timeout
        self._is_sqlite = url.get_backend_name() == "sqlite"
        if self._is_sqlite:
            self.engine = sa.create_engine(url, poolclass=sa.NullPool, connect_args={"timeout": lock_timeout})
            sa.event.listen(self.engine, "connect", _prepare)
            sa.event.listen(self.engine, "begin", _begin)
        else:
            self.engine = sa.create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=30)
        self._write(migrate)

    def answer(self, tenant: str, key: str, request_hash: str) -> tuple[Any] | None:
        return self._read(lambda connection: sql_reads.stored(connection, tenant, key, request_hash))

    def snapshot(self, tenant: str, *, tickets: Collection[str] | None = None) -> Snapshot:
        return self._read(lambda connection: sql_reads.snapshot(connection, tenant, sql_reads.wanted(tickets)))

    def events(self, tenant: str, *, after: int = 0, limit: int | None = None) -> list[Entry]:
        return self._read(lambda connection: sql_reads.events(connection, tenant, after, limit))

    def history(self, tenant: str) -> tuple[Snapshot, list[Entry]]:
        return self._read(lambda c: (sql_reads.snapshot(c, tenant, [sa.true()]), sql_reads.events(c, tenant, 0, None)))

    def commit(
        self, tenant: str, version: int, batch: Batch, *, key: str | None = None, request_hash: str = ""
    ) -> tuple[Any] | None:
        return self._write(lambda connection: commit_batch(connection, tenant, version, batch, key, request_hash))

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

    def close(self) -> None:
        """Give up every connection."""
        self.engine.dispose()

    def _read(self, work: Callable[[sa.Connection], T]) -> T:
        options = {} if self._is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        return self._attempts(work, options)

    def _write(self, work: Callable[[sa.Connection], T]) -> T:
        return self._attempts(work, {"writes": True})

    def _attempts(self, work: Callable[[sa.Connection], T], options: dict[str, Any]) -> T:
        """Do work in one transaction; again where what failed passes. Writing must find out that it was done before."""
        end, pause = time.monotonic() + self.lock_timeout, FIRST_PAUSE
        lost = self.engine.dialect.loaded_dbapi.InterfaceError  # comes as it is where a dead connection is given back
        while True:
            try:
                with self.engine.connect().execution_options(**options) as connection, connection.begin():
                    return work(connection)
            except (SQLAlchemyError, OSError, lost) as error:
                if not _passes(error) or time.monotonic() + pause > end:
                    raise StoreError(f"the database failed: {_reason(error)}; try again") from error
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver would otherwise begin transactions of its own
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.execute("PRAGMA synchronous=EXTRA")


def _begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _passes(error: Exception) -> bool:
    if not isinstance(error, DBAPIError):
        return not isinstance(error, SQLAlchemyError)
    return isinstance(error, InterfaceError) or error.connection_invalidated or _code(error).startswith(PASSING)


def _code(error: DBAPIError) -> str:
    """PostgreSQL's code of an error, else nothing."""
    details = error.orig.args[0] if error.orig is not None and error.orig.args else None
    return str(details.get("C", "")) if isinstance(details, dict) else ""


def _reason(error: Exception) -> str:
    original = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    details = original.args[0] if original.args else type(original).__name__
    return str(details.get("M", "no reason given")) if isinstance(details, dict) else str(details)


def open_sqlite(location: str, *, lock_timeout: float = LOCK_TIMEOUT) -> SqlStore:
    """The store in a SQLite file: `sqlite:///relative.db` or `sqlite:////absolute.db`."""
    path = location.removeprefix("///")
    if path == location or not path.strip() or path.startswith(":memory:") or "?" in path:
        raise InvalidInputError.single("store", "sqlite: names no file", 'write "sqlite:///tickets.db"')
    return SqlStore(sa.URL.create("sqlite", database=path), lock_timeout=lock_timeout)


def open_postgresql(location: str, *, lock_timeout: float = LOCK_TIMEOUT) -> SqlStore:
    """The store in a PostgreSQL database: `postgresql://user:password@host/database`."""
    try:
        url = sa.make_url(f"postgresql:{location}").set(drivername="postgresql+pg8000")
    except (SQLAlchemyError, ValueError):
        repair = 'write "postgresql://user:password@host/database"'
        raise InvalidInputError.single("store", "postgresql: has no readable address", repair) from None
    return SqlStore(url, lock_timeout=lock_timeout)

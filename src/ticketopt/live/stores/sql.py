"""`sqlite:///PATH` and `postgresql://...` keep queues in a database, through one code path.

Reading takes a snapshot and no lock. A commit locks its queue (`BEGIN IMMEDIATE` in SQLite, the queue's row in
PostgreSQL), looks for its key, moves the version by one from exactly where it was decided, writes, and commits. What
fails for others' sake (busy, deadlock, lost connection) is tried again for as long as `lock_timeout`; a commit whose
fate a lost connection left open is found by its key.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Iterable
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, InterfaceError, SQLAlchemyError

from ticketopt.errors import InvalidInputError, StoreError
from ticketopt.live.stores.base import (
    CLOSED,
    LOCK_TIMEOUT,
    WAITING,
    Batch,
    Entry,
    Event,
    Snapshot,
    StoredAgent,
    StoredTicket,
    other_request,
)
from ticketopt.live.stores.sql_tables import AGENT, ANSWER, EVENT, QUEUE, TICKET, migrate

__all__ = ["SqlStore", "open_postgresql", "open_sqlite"]

T = TypeVar("T")

FIRST_PAUSE, LONGEST_PAUSE = 0.02, 1.0
"""Seconds between two attempts; the pause doubles."""

MOST_NAMES = 10_000
"""Ids in one query: SQLite takes 32,766 values, PostgreSQL's protocol 65,535."""

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
        return self._read(lambda connection: _stored(connection, tenant, key, request_hash))

    def snapshot(self, tenant: str, *, tickets: Collection[str] | None = None) -> Snapshot:
        return self._read(lambda connection: _snapshot(connection, tenant, _wanted(tickets)))

    def events(self, tenant: str, *, after: int = 0, limit: int | None = None) -> list[Entry]:
        return self._read(lambda connection: _events(connection, tenant, after, limit))

    def history(self, tenant: str) -> tuple[Snapshot, list[Entry]]:
        return self._read(lambda c: (_snapshot(c, tenant, [sa.true()]), _events(c, tenant, 0, None)))

    def commit(
        self, tenant: str, version: int, batch: Batch, *, key: str | None = None, request_hash: str = ""
    ) -> tuple[Any] | None:
        return self._write(lambda connection: _commit(connection, tenant, version, batch, key, request_hash))

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


def _stored(connection: sa.Connection, tenant: str, key: str, request_hash: str) -> tuple[Any] | None:
    row = connection.execute(sa.select(ANSWER).where(ANSWER.c.tenant == tenant, ANSWER.c.key == key)).first()
    if row is not None and row.request_hash != request_hash:
        raise other_request()
    return None if row is None else (row.response,)


def _wanted(tickets: Collection[str] | None) -> list[sa.ColumnElement[bool]]:
    if tickets is None:
        return [TICKET.c.state != CLOSED]
    return [TICKET.c.state == WAITING, *_among(tickets)]


def _among(tickets: Iterable[str]) -> list[sa.ColumnElement[bool]]:
    """Conditions of which one holds for each ticket named."""
    names = list(tickets)
    return [TICKET.c.ticket_id.in_(names[k : k + MOST_NAMES]) for k in range(0, len(names), MOST_NAMES)]


def _snapshot(connection: sa.Connection, tenant: str, wanted: Iterable[sa.ColumnElement[bool]]) -> Snapshot:
    version = connection.scalar(sa.select(QUEUE.c.version).where(QUEUE.c.tenant == tenant))
    agents = connection.execute(sa.select(AGENT).where(AGENT.c.tenant == tenant).order_by(AGENT.c.position))
    team = {row.agent_id: StoredAgent(row.load, row.data) for row in agents}
    mine = sa.select(TICKET).where(TICKET.c.tenant == tenant)
    rows = {row.ticket_id: row for part in wanted for row in connection.execute(mine.where(part))}
    in_order = sorted(rows.values(), key=lambda row: row.position)
    tickets = {row.ticket_id: StoredTicket(row.agent_id, row.units, row.state, row.data) for row in in_order}
    return Snapshot(version or 0, team, tickets)


def _events(connection: sa.Connection, tenant: str, after: int, limit: int | None) -> list[Entry]:
    query = sa.select(EVENT).where(EVENT.c.tenant == tenant)
    if after < 0:
        newest = connection.execute(query.order_by(EVENT.c.number.desc()).limit(-after)).all()
        rows = newest[::-1][:limit]
    else:
        rows = list(connection.execute(query.where(EVENT.c.number > after).order_by(EVENT.c.number).limit(limit)))
    return [
        Entry(row.number, row.version, row.at, Event(row.kind, row.ticket_id, row.agent_id, row.change)) for row in rows
    ]


def _commit(
    connection: sa.Connection, tenant: str, version: int, batch: Batch, key: str | None, request_hash: str
) -> tuple[Any] | None:
    here = QUEUE.c.tenant == tenant
    connection.execute(sa.text("INSERT INTO queue VALUES (:tenant, 0) ON CONFLICT DO NOTHING"), {"tenant": tenant})
    found = connection.scalar(sa.select(QUEUE.c.version).where(here).with_for_update())
    old = None if key is None else _stored(connection, tenant, key, request_hash)
    if old is not None:
        return old
    if found != version:
        return None
    moved = connection.execute(sa.update(QUEUE).where(here, QUEUE.c.version == version).values(version=version + 1))
    if moved.rowcount != 1:
        raise StoreError(f"{moved.rowcount} queues have the version that one must have; restore a backup")
    _write_agents(connection, tenant, batch)
    _write_tickets(connection, tenant, batch)
    shared = {"tenant": tenant, "version": version + 1, "at": batch.at}
    events = [{name: getattr(event, name) for name in Event.__slots__} for event in batch.events]
    if events:
        connection.execute(sa.insert(EVENT), [{**shared, **event} for event in events])
    if key is not None:
        values = {"tenant": tenant, "key": key, "request_hash": request_hash, "response": batch.answer}
        connection.execute(sa.insert(ANSWER).values(values))
    return (json.loads(json.dumps(batch.answer)),)


def _write_agents(connection: sa.Connection, tenant: str, batch: Batch) -> None:
    mine = sa.select(AGENT.c.agent_id).where(AGENT.c.tenant == tenant)
    known = set(connection.scalars(mine)) if batch.agents else set()
    kept = {name: data for name, data in batch.agents.items() if data is not None}
    new = [name for name in kept if name not in known]
    if new:
        last = 1 + (connection.scalar(sa.select(sa.func.max(AGENT.c.position)).where(AGENT.c.tenant == tenant)) or 0)
        rows = [
            {"tenant": tenant, "agent_id": name, "load": 0, "position": last + k, "data": kept[name]}
            for k, name in enumerate(new)
        ]
        connection.execute(sa.insert(AGENT), rows)
    here = sa.and_(AGENT.c.tenant == tenant, AGENT.c.agent_id == sa.bindparam("name"))
    old = [{"name": name, "data": data} for name, data in sorted(kept.items()) if name in known]
    if old:
        connection.execute(sa.update(AGENT).where(here).values(data=sa.bindparam("data")), old)
    change: dict[str, int] = {}
    for event in batch.events:
        if event.change and event.agent_id is not None:
            change[event.agent_id] = change.get(event.agent_id, 0) + event.change
    for name, units in sorted(change.items()):
        update = sa.update(AGENT).where(here).values(load=AGENT.c.load + units)
        if connection.execute(update, {"name": name}).rowcount != 1:
            raise StoreError(f"agent {name} has no row to keep a load in")
    for name in sorted(batch.agents.keys() - kept.keys()):
        if connection.execute(sa.delete(AGENT).where(here, AGENT.c.load == 0), {"name": name}).rowcount != 1:
            raise StoreError(f"agent {name} would be forgotten with a load")


def _write_tickets(connection: sa.Connection, tenant: str, batch: Batch) -> None:
    if not batch.tickets:
        return
    mine = sa.select(TICKET.c.ticket_id).where(TICKET.c.tenant == tenant)
    known = {name for part in _among(batch.tickets) for name in connection.scalars(mine.where(part))}
    rows = [
        {"name": name, "agent": row.agent_id, "units": row.units, "state": row.state, "data": row.data}
        for name, row in batch.tickets.items()
    ]
    columns = {"agent_id": "agent", "units": "units", "state": "state", "data": "data"}
    changed: dict[str, Any] = {column: sa.bindparam(name) for column, name in columns.items()}
    old = [row for row in rows if row["name"] in known]
    if old:
        here = sa.and_(TICKET.c.tenant == tenant, TICKET.c.ticket_id == sa.bindparam("name"))
        connection.execute(sa.update(TICKET).where(here).values(changed), old)
    new = [row for row in rows if row["name"] not in known]
    if new:
        last = connection.scalar(sa.select(sa.func.max(TICKET.c.position)).where(TICKET.c.tenant == tenant)) or 0
        place: dict[str, Any] = {"ticket_id": sa.bindparam("name"), "position": sa.bindparam("place")}
        insert = sa.insert(TICKET).values({"tenant": tenant, **place, **changed})
        connection.execute(insert, [{**row, "place": last + k} for k, row in enumerate(new, start=1)])


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

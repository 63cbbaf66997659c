"""`SqlLedger`: a queue's agents, tickets, events and answers in one SQLite file, changed by whole batches.

A batch names the version it was decided on. It is kept only where that is still the version, and as one transaction:
after a crash all of it is there, or nothing. Tickets are kept as the numbers that deciding needs, never their text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from ticketopt.errors import InvalidInputError, StoreError
from ticketopt.stores.base import LOCK_TIMEOUT

__all__ = ["Batch", "Event", "Snapshot", "SqlLedger"]

_TABLES = sa.MetaData()


def _tenant() -> sa.Column[str]:
    return sa.Column("tenant", sa.Text, primary_key=True)


_QUEUE = sa.Table("queue", _TABLES, _tenant(), sa.Column("version", sa.Integer, nullable=False))
_AGENT = sa.Table(
    "agent",
    _TABLES,
    _tenant(),
    sa.Column("agent_id", sa.Text, primary_key=True),
    sa.Column("load", sa.Integer, sa.CheckConstraint("load >= 0"), nullable=False),
    sa.Column("data", sa.JSON, nullable=False),
)
_TICKET = sa.Table(
    "assignment",
    _TABLES,
    _tenant(),
    sa.Column("ticket_id", sa.Text, primary_key=True),
    sa.Column("data", sa.JSON, nullable=False),
)
_EVENT = sa.Table(
    "event",
    _TABLES,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("tenant", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("data", sa.JSON, nullable=False),
    sqlite_autoincrement=True,
)
_ANSWER = sa.Table(
    "idempotency",
    _TABLES,
    _tenant(),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("request_hash", sa.Text, nullable=False),
    sa.Column("response", sa.JSON, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Event:
    """What happened: its kind, to which ticket, and by how many units it changed which agent's load."""

    kind: str
    ticket_id: str | None
    agent_id: str | None
    change: int = 0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A queue at one version: id -> load, id -> agent's data, id -> ticket's data."""

    version: int
    loads: Mapping[str, int]
    agents: Mapping[str, Mapping[str, Any]]
    tickets: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Batch:
    """What one decision changes, and its answer. Loads change by the events' changes."""

    answer: Any
    events: tuple[Event, ...] = ()
    agents: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    tickets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


class SqlLedger:
    """Queues in a SQLite file; its folder must be there.

    Parameters
    ----------
    path : the file. lock_timeout : seconds to wait for other writers before a `StoreError`.
    """

    def __init__(self, path: str, *, lock_timeout: float = LOCK_TIMEOUT) -> None:
        url = sa.URL.create("sqlite", database=str(path))
        self.engine = sa.create_engine(url, poolclass=sa.NullPool, connect_args={"timeout": lock_timeout})
        sa.event.listen(self.engine, "connect", _prepare)
        sa.event.listen(self.engine, "begin", _begin)
        with self._transaction() as connection:
            _TABLES.create_all(connection)

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        try:
            with self.engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            reason = getattr(error, "orig", None) or type(error).__name__
            raise StoreError(f"the database failed: {reason}; try again") from error

    def answer(self, tenant: str, key: str, request_hash: str) -> tuple[Any] | None:
        """The stored answer to a key, in a tuple; None for a new key; another request's key is an error."""
        with self._transaction() as connection:
            return _stored(connection, tenant, key, request_hash)

    def snapshot(self, tenant: str) -> Snapshot:
        """The queue at its last version."""
        with self._transaction() as connection:
            version = connection.scalar(sa.select(_QUEUE.c.version).where(_QUEUE.c.tenant == tenant))
            agents = connection.execute(sa.select(_AGENT).where(_AGENT.c.tenant == tenant).order_by(_AGENT.c.agent_id))
            rows = agents.all()
            tickets = connection.execute(sa.select(_TICKET).where(_TICKET.c.tenant == tenant)).all()
        loads = {row.agent_id: row.load for row in rows}
        data = {row.agent_id: row.data for row in rows}
        return Snapshot(version or 0, loads, data, {row.ticket_id: row.data for row in tickets})

    def events(self, tenant: str, *, after: int = 0) -> list[tuple[int, int, Event]]:
        """(number, version, event) of every event after a number, in order."""
        query = sa.select(_EVENT).where(_EVENT.c.tenant == tenant, _EVENT.c.number > after).order_by(_EVENT.c.number)
        with self._transaction() as connection:
            return [(row.number, row.version, Event(**row.data)) for row in connection.execute(query)]

    def commit(self, tenant: str, version: int, batch: Batch, *, key: str | None, request_hash: str) -> Any:
        """Keep a batch and return `(answer,)`, durable; None where the version has moved, and nothing is kept."""
        with self._transaction() as connection:
            old = None if key is None else _stored(connection, tenant, key, request_hash)
            if old is not None:
                return old
            if not _advance(connection, tenant, version):
                return None
            _write(connection, tenant, version + 1, batch)
            if key is not None:
                values = {"tenant": tenant, "key": key, "request_hash": request_hash, "response": batch.answer}
                connection.execute(sa.insert(_ANSWER).values(values))
        return (json.loads(json.dumps(batch.answer)),)


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver would otherwise begin transactions of its own
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.execute("PRAGMA synchronous=EXTRA")


def _begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _stored(connection: sa.Connection, tenant: str, key: str, request_hash: str) -> tuple[Any] | None:
    row = connection.execute(sa.select(_ANSWER).where(_ANSWER.c.tenant == tenant, _ANSWER.c.key == key)).first()
    if row is not None and row.request_hash != request_hash:
        raise InvalidInputError.single("idempotency_key", "was used for another request", "use a new key")
    return None if row is None else (row.response,)


def _advance(connection: sa.Connection, tenant: str, version: int) -> bool:
    """Move the queue from exactly this version to the next."""
    if connection.scalar(sa.select(_QUEUE.c.version).where(_QUEUE.c.tenant == tenant)) is None:
        connection.execute(sa.insert(_QUEUE).values(tenant=tenant, version=0))
    here = sa.and_(_QUEUE.c.tenant == tenant, _QUEUE.c.version == version)
    return connection.execute(sa.update(_QUEUE).where(here).values(version=version + 1)).rowcount == 1


def _write(connection: sa.Connection, tenant: str, version: int, batch: Batch) -> None:
    for table, name, rows in ((_AGENT, "agent_id", batch.agents), (_TICKET, "ticket_id", batch.tickets)):
        for key, data in sorted(rows.items()):
            here = sa.and_(table.c.tenant == tenant, table.c[name] == key)
            if connection.execute(sa.update(table).where(here).values(data=data)).rowcount == 0:
                start = {"load": 0} if table is _AGENT else {}
                connection.execute(sa.insert(table).values({"tenant": tenant, name: key, "data": data, **start}))
    for event in sorted(batch.events, key=lambda event: event.agent_id or ""):
        if event.change:
            here = sa.and_(_AGENT.c.tenant == tenant, _AGENT.c.agent_id == event.agent_id)
            connection.execute(sa.update(_AGENT).where(here).values(load=_AGENT.c.load + event.change))
    for event in batch.events:
        data = {name: getattr(event, name) for name in Event.__slots__}
        connection.execute(sa.insert(_EVENT).values(tenant=tenant, version=version, data=data))

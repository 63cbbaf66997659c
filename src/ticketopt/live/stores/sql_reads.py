"""What `sql.py` reads: answers, queues and events."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator
from typing import Any

import sqlalchemy as sa

from ticketopt.live.stores.base import other_request, unknown_cursor
from ticketopt.live.stores.rows import CLOSED, STATES, WAITING, Entry, Event, Snapshot, StoredAgent, StoredTicket
from ticketopt.live.stores.sql_tables import AGENT, ANSWER, CARRIED, EVENT, JOB, QUEUE, SCHEMA, TICKET

__all__ = [
    "MOST_NAMES",
    "agents",
    "among",
    "carried",
    "counts",
    "events",
    "history",
    "kept_among",
    "snapshot",
    "stored",
    "tenants",
    "ticket",
    "tickets",
    "version",
]

MOST_NAMES = 10_000
"""Ids in one query: SQLite takes 32,766 values, PostgreSQL's protocol 65,535."""

VERSION = sa.select(QUEUE.c.version).where(QUEUE.c.tenant == sa.bindparam("of"))
KEPT = sa.select(ANSWER.c.key).where(
    ANSWER.c.tenant == sa.bindparam("of"), ANSWER.c.key.in_(sa.bindparam("keys", expanding=True))
)
NAMED = sa.select(TICKET).where(
    TICKET.c.tenant == sa.bindparam("of"), TICKET.c.ticket_id.in_(sa.bindparam("names", expanding=True))
)
"""What every change asks, built once."""

PORTION = 200
"""Rows that are read at once, while other threads wait."""


def try_to_write(connection: sa.Connection) -> None:
    """Read a little, and write what is taken back."""
    connection.execute(sa.select(QUEUE).limit(1)).all()
    connection.execute(sa.select(EVENT).order_by(EVENT.c.number.desc()).limit(1)).all()
    attempt = connection.begin_nested()
    connection.execute(sa.update(SCHEMA).values(version=SCHEMA.c.version))
    attempt.rollback()


def in_portions(result: sa.CursorResult[Any], *, rests: bool = False) -> Iterator[sa.Row[Any]]:
    """The rows of a result, read so that other threads get their turns meanwhile; who `rests`, for half of the time."""
    for portion in result.partitions(PORTION):
        began = time.perf_counter()
        yield from portion
        if rests:
            time.sleep(time.perf_counter() - began)


def stored(connection: sa.Connection, tenant: str, key: str, request_hash: str) -> tuple[Any] | None:
    row = connection.execute(sa.select(ANSWER).where(ANSWER.c.tenant == tenant, ANSWER.c.key == key)).first()
    if row is not None and row.request_hash != request_hash:
        raise other_request()
    return None if row is None else (row.response,)


def kept_among(connection: sa.Connection, tenant: str, keys: Collection[str]) -> set[str]:
    return {key for part in _parts(keys) for key in connection.scalars(KEPT, {"of": tenant, "keys": part})}


def _parts(names: Iterable[str]) -> list[list[str]]:
    """Names, so many at once as one query takes."""
    listed = list(names)
    return [listed[k : k + MOST_NAMES] for k in range(0, len(listed), MOST_NAMES)]


def among(ids: Iterable[str], column: sa.Column[str] = TICKET.c.ticket_id) -> list[sa.ColumnElement[bool]]:
    """Conditions of which one holds for each ticket named."""
    return [column.in_(part) for part in _parts(ids)]


def snapshot(
    connection: sa.Connection, tenant: str, *, tickets: Collection[str] | None = None, known: int | None = None
) -> Snapshot:
    moment = version(connection, tenant)
    if tickets is None:
        return _snapshot(connection, tenant, moment, [TICKET.c.state != CLOSED])
    if moment == known:
        found = [row for part in _parts(tickets) for row in connection.execute(NAMED, {"of": tenant, "names": part})]
        return Snapshot(moment, {}, _in_order(found), is_part=True)
    return _snapshot(connection, tenant, moment, [TICKET.c.state == WAITING, *among(tickets)])


def _snapshot(connection: sa.Connection, tenant: str, moment: int, parts: Iterable[sa.ColumnElement[bool]]) -> Snapshot:
    return Snapshot(moment, dict(agents(connection, tenant, None, None)), _rows(connection, tenant, parts))


def _rows(connection: sa.Connection, tenant: str, parts: Iterable[sa.ColumnElement[bool]]) -> dict[str, StoredTicket]:
    mine = sa.select(TICKET).where(TICKET.c.tenant == tenant)
    rows = {row.ticket_id: row for part in parts for row in in_portions(connection.execute(mine.where(part)))}
    return _in_order(rows.values())


def _in_order(rows: Iterable[sa.Row[Any]]) -> dict[str, StoredTicket]:
    return {row.ticket_id: _ticket(row) for row in sorted(rows, key=lambda row: row.position)}


def tenants(connection: sa.Connection) -> list[str]:
    changed = sa.select(QUEUE.c.tenant).where(QUEUE.c.version > 0)
    return sorted(connection.scalars(changed.union(sa.select(JOB.c.tenant))))


def version(connection: sa.Connection, tenant: str) -> int:
    return connection.scalar(VERSION, {"of": tenant}) or 0


def counts(connection: sa.Connection, tenant: str) -> dict[str, int]:
    query = (
        sa.select(TICKET.c.state, sa.func.count().label("number"))
        .where(TICKET.c.tenant == tenant)
        .group_by(TICKET.c.state)
    )
    return {row.state: row.number for row in connection.execute(query)}


def agents(
    connection: sa.Connection, tenant: str, after: str | None, limit: int | None
) -> list[tuple[str, StoredAgent]]:
    query = sa.select(AGENT).where(AGENT.c.tenant == tenant)
    if after is not None:
        query = query.where(AGENT.c.position > _position(connection, AGENT, AGENT.c.agent_id, tenant, after))
    rows = connection.execute(query.order_by(AGENT.c.position).limit(limit))
    return [(row.agent_id, StoredAgent(row.load, row.data)) for row in rows]


def ticket(connection: sa.Connection, tenant: str, ticket_id: str) -> StoredTicket | None:
    row = connection.execute(
        sa.select(TICKET).where(TICKET.c.tenant == tenant, TICKET.c.ticket_id == ticket_id)
    ).first()
    return None if row is None else _ticket(row)


def tickets(
    connection: sa.Connection,
    tenant: str,
    states: Collection[str] | None,
    agent: str | None,
    after: str | None,
    limit: int,
) -> list[tuple[str, StoredTicket]]:
    """A page of tickets: a filter asks each state for its first rows, which an index has in order."""
    query = sa.select(TICKET).where(TICKET.c.tenant == tenant).order_by(TICKET.c.position).limit(limit)
    if after is not None:
        query = query.where(TICKET.c.position > _position(connection, TICKET, TICKET.c.ticket_id, tenant, after))
    if agent is not None:
        query = query.where(TICKET.c.agent_id == agent)
    parts: list[sa.ColumnElement[bool]] = [sa.true()]
    if not (states is None and agent is None):
        parts = [TICKET.c.state == state for state in STATES if states is None or state in states]
    rows = [row for part in parts for row in connection.execute(query.where(part))]
    return [(row.ticket_id, _ticket(row)) for row in sorted(rows, key=lambda row: row.position)[:limit]]


def _position(connection: sa.Connection, table: sa.Table, column: sa.Column[str], tenant: str, after: str) -> int:
    place = connection.scalar(sa.select(table.c.position).where(table.c.tenant == tenant, column == after))
    if place is None:
        raise unknown_cursor(after)
    return int(place)


def _ticket(row: sa.Row[Any]) -> StoredTicket:
    return StoredTicket(row.agent_id, row.units, row.state, row.data)


def history(connection: sa.Connection, tenant: str) -> tuple[Snapshot, list[Entry]]:
    team = dict(agents(connection, tenant, None, None))
    asked = connection.execute(sa.select(TICKET).where(TICKET.c.tenant == tenant).order_by(TICKET.c.position))
    rows = {row.ticket_id: _ticket(row) for row in in_portions(asked, rests=True)}
    told = connection.execute(sa.select(EVENT).where(EVENT.c.tenant == tenant).order_by(EVENT.c.number))
    entries = [*carried(connection, tenant), *map(_entry, in_portions(told, rests=True))]
    return Snapshot(version(connection, tenant), team, rows), entries


def carried(connection: sa.Connection, tenant: str) -> list[Entry]:
    """What events that are not kept any more added up to."""
    rows = connection.execute(sa.select(CARRIED).where(CARRIED.c.tenant == tenant))
    return [Entry(0, 0, 0.0, Event("carried", row.ticket_id or None, row.agent_id, row.change)) for row in rows]


def events(connection: sa.Connection, tenant: str, after: int, limit: int | None) -> list[Entry]:
    query = sa.select(EVENT).where(EVENT.c.tenant == tenant)
    if after < 0:
        newest = connection.execute(query.order_by(EVENT.c.number.desc()).limit(-after)).all()
        rows = newest[::-1][:limit]
    else:
        rows = list(
            in_portions(connection.execute(query.where(EVENT.c.number > after).order_by(EVENT.c.number).limit(limit)))
        )
    return [_entry(row) for row in rows]


def _entry(row: sa.Row[Any]) -> Entry:
    return Entry(row.number, row.version, row.at, Event(row.kind, row.ticket_id, row.agent_id, row.change))

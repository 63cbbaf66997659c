"""What `sql.py` reads: answers, queues and events."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import sqlalchemy as sa

from ticketopt.live.stores.base import other_request
from ticketopt.live.stores.rows import CLOSED, WAITING, Entry, Event, Snapshot, StoredAgent, StoredTicket
from ticketopt.live.stores.sql_tables import AGENT, ANSWER, EVENT, QUEUE, TICKET

__all__ = ["MOST_NAMES", "among", "events", "snapshot", "stored", "wanted"]

MOST_NAMES = 10_000
"""Ids in one query: SQLite takes 32,766 values, PostgreSQL's protocol 65,535."""


def stored(connection: sa.Connection, tenant: str, key: str, request_hash: str) -> tuple[Any] | None:
    row = connection.execute(sa.select(ANSWER).where(ANSWER.c.tenant == tenant, ANSWER.c.key == key)).first()
    if row is not None and row.request_hash != request_hash:
        raise other_request()
    return None if row is None else (row.response,)


def wanted(tickets: Collection[str] | None) -> list[sa.ColumnElement[bool]]:
    if tickets is None:
        return [TICKET.c.state != CLOSED]
    return [TICKET.c.state == WAITING, *among(tickets)]


def among(tickets: Iterable[str], column: sa.Column[str] = TICKET.c.ticket_id) -> list[sa.ColumnElement[bool]]:
    """Conditions of which one holds for each ticket named."""
    names = list(tickets)
    return [column.in_(names[k : k + MOST_NAMES]) for k in range(0, len(names), MOST_NAMES)]


def snapshot(connection: sa.Connection, tenant: str, parts: Iterable[sa.ColumnElement[bool]]) -> Snapshot:
    version = connection.scalar(sa.select(QUEUE.c.version).where(QUEUE.c.tenant == tenant))
    agents = connection.execute(sa.select(AGENT).where(AGENT.c.tenant == tenant).order_by(AGENT.c.position))
    team = {row.agent_id: StoredAgent(row.load, row.data) for row in agents}
    mine = sa.select(TICKET).where(TICKET.c.tenant == tenant)
    rows = {row.ticket_id: row for part in parts for row in connection.execute(mine.where(part))}
    in_order = sorted(rows.values(), key=lambda row: row.position)
    tickets = {row.ticket_id: StoredTicket(row.agent_id, row.units, row.state, row.data) for row in in_order}
    return Snapshot(version or 0, team, tickets)


def events(connection: sa.Connection, tenant: str, after: int, limit: int | None) -> list[Entry]:
    query = sa.select(EVENT).where(EVENT.c.tenant == tenant)
    if after < 0:
        newest = connection.execute(query.order_by(EVENT.c.number.desc()).limit(-after)).all()
        rows = newest[::-1][:limit]
    else:
        rows = list(connection.execute(query.where(EVENT.c.number > after).order_by(EVENT.c.number).limit(limit)))
    return [
        Entry(row.number, row.version, row.at, Event(row.kind, row.ticket_id, row.agent_id, row.change)) for row in rows
    ]

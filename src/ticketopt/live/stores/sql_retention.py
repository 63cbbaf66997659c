"""Forgetting in SQL: in small transactions, so that nobody waits long for one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import sqlalchemy as sa

from ticketopt.live.stores.rows import CLOSED, DONE, DUE, ONCE, UNKEPT, Keep, Retention
from ticketopt.live.stores.sql_tables import ANSWER, CARRIED, DELIVERY, EVENT, JOB, QUEUE, TICKET

__all__ = ["prune"]

AT_ONCE = 500
"""Rows in one transaction."""

ONCE_KEPT = Keep(days=1)

Run = Callable[[Callable[[sa.Connection], Any]], Any]

CARRY = sa.text(
    "INSERT INTO carried (tenant, ticket_id, agent_id, change) VALUES (:tenant, :ticket_id, :agent_id, :change)"
    " ON CONFLICT (tenant, ticket_id, agent_id) DO UPDATE SET change = carried.change + excluded.change"
)


class _Rows(NamedTuple):
    """Rows that are over: a table, the column that names one, and what they have in common."""

    table: sa.Table
    name: sa.Column[str]
    are_over: sa.ColumnElement[bool]


def prune(read: Run, write: Run, tenant: str, now: float, keep: Retention) -> dict[str, int]:
    """Forget what is not to be kept, and carry what forgotten events add up to."""
    given = ANSWER.c.key.not_like(f"{ONCE}%")
    kinds = {
        "closed_tickets": (_Rows(TICKET, TICKET.c.ticket_id, TICKET.c.state == CLOSED), keep.closed_tickets),
        "answers": (_Rows(ANSWER, ANSWER.c.key, given), keep.answers),
        "deliveries": (_Rows(DELIVERY, DELIVERY.c.ticket_id, DELIVERY.c.state != DUE), keep.deliveries),
        "jobs": (_Rows(JOB, JOB.c.job_id, JOB.c.state == DONE), keep.jobs),
    }
    counts = {"events": _prune_events(read, write, tenant, now, keep.events)}
    counts |= {kind: _prune_rows(read, write, tenant, now, rows, kept) for kind, (rows, kept) in kinds.items()}
    _prune_rows(read, write, tenant, now, _Rows(ANSWER, ANSWER.c.key, ~given), ONCE_KEPT)
    return counts


def _prune_rows(read: Run, write: Run, tenant: str, now: float, rows: _Rows, keep: Keep) -> int:
    """Forget rows that are over and too old, and then those beyond the newest."""
    mine, at = sa.and_(rows.table.c.tenant == tenant, rows.are_over), rows.table.c.at
    some = []
    if keep.days is not None:
        some.append(sa.select(rows.name).where(mine, at < keep.oldest(now)))
    if keep.rows is not None:
        some.append(sa.select(rows.name).where(mine).order_by(at.desc(), rows.name).offset(keep.rows))
    count = 0
    for query in some:
        while names := read(partial(_names, query=query.limit(AT_ONCE))):
            count += write(
                partial(_forget, tenant=tenant, rows=sa.delete(rows.table).where(mine, rows.name.in_(names)))
            )
    return count


def _names(connection: sa.Connection, query: sa.Select[Any]) -> list[str]:
    return list(connection.scalars(query))


def _forget(connection: sa.Connection, tenant: str, rows: sa.Delete) -> int:
    _hold(connection, tenant)
    return connection.execute(rows).rowcount


def _hold(connection: sa.Connection, tenant: str) -> None:
    """Hold a queue until the transaction ends, so that no commit decides on what goes meanwhile."""
    connection.execute(sa.select(QUEUE.c.version).where(QUEUE.c.tenant == tenant).with_for_update())


def _prune_events(read: Run, write: Run, tenant: str, now: float, keep: Keep) -> int:
    beyond = 0
    if keep.rows is not None:
        newest = sa.select(EVENT.c.number).where(EVENT.c.tenant == tenant).order_by(EVENT.c.number.desc())
        beyond = read(lambda connection: connection.scalar(newest.offset(keep.rows).limit(1))) or 0
    oldest = keep.oldest(now)
    count = 0
    while done := write(lambda connection: _carry(connection, tenant, oldest, beyond)):
        count += done
    return count


def _carry(connection: sa.Connection, tenant: str, oldest: float, beyond: int) -> int:
    """Put the sums of the oldest events in their place. Whoever does it holds the queue: none is added twice."""
    _hold(connection, tenant)
    query = sa.select(EVENT).where(EVENT.c.tenant == tenant).order_by(EVENT.c.number).limit(AT_ONCE)
    last, sums = 0, Counter[tuple[str, str]]()
    old = 0
    for row in connection.execute(query):
        if row.at >= oldest and row.number > beyond:
            break
        last, old = row.number, old + 1
        if row.change:
            sums["" if row.kind in UNKEPT else row.ticket_id or "", row.agent_id] += row.change
    if not old:
        return 0
    rows = [
        {"tenant": tenant, "ticket_id": ticket_id, "agent_id": agent_id, "change": change}
        for (ticket_id, agent_id), change in sorted(sums.items())
        if change
    ]
    if rows:
        connection.execute(CARRY, rows)
        connection.execute(sa.delete(CARRIED).where(CARRIED.c.tenant == tenant, CARRIED.c.change == 0))
    connection.execute(sa.delete(EVENT).where(EVENT.c.tenant == tenant, EVENT.c.number <= last))
    return old

"""Deliveries in SQL: one row per ticket, claimed by a lease that a newer wish keeps."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import fields, replace
from typing import Any

import sqlalchemy as sa

from ticketopt.live.stores.rows import DEAD, DUE, Delivery
from ticketopt.live.stores.sql_reads import among
from ticketopt.live.stores.sql_tables import DELIVERY, QUEUE

__all__ = ["claim", "is_due", "listed", "resend", "settle", "wish"]

WISH = sa.text(
    "INSERT INTO delivery (tenant, ticket_id, agent_id, number, at, due_at, state, attempts, until)"
    " VALUES (:tenant, :ticket_id, :agent_id, :number, :at, :at, 'due', 0, 0) ON CONFLICT (tenant, ticket_id)"
    " DO UPDATE SET agent_id = excluded.agent_id, number = excluded.number, at = excluded.at,"
    " due_at = excluded.due_at, state = 'due', attempts = 0, error = NULL"
)
"""A newer wish takes the older one's place, and leaves the lease as it is."""


def wish(connection: sa.Connection, tenant: str, wanted: Mapping[str, str | None], at: float) -> None:
    """Put newer wishes in the place of older ones. The caller's transaction holds the queue."""
    here = QUEUE.c.tenant == tenant
    last = connection.scalar(sa.select(QUEUE.c.last_delivery).where(here)) or 0
    rows = [
        {"tenant": tenant, "ticket_id": ticket_id, "agent_id": agent_id, "number": number, "at": at}
        for number, (ticket_id, agent_id) in enumerate(wanted.items(), start=last + 1)
    ]
    connection.execute(WISH, rows)
    connection.execute(sa.update(QUEUE).where(here).values(last_delivery=last + len(rows)))


def is_due(connection: sa.Connection, tenant: str, now: float) -> bool:
    """Whether there is anything to claim."""
    return connection.execute(sa.select(DELIVERY.c.number).where(*_due(tenant, now)).limit(1)).first() is not None


def claim(connection: sa.Connection, tenant: str, now: float, lease: float, limit: int) -> list[Delivery]:
    """Claim what is due and not held; what another claimer is about to take is left to it."""
    query = sa.select(DELIVERY).where(*_due(tenant, now)).order_by(DELIVERY.c.number).limit(limit)
    found = [_delivery(row) for row in connection.execute(query.with_for_update(skip_locked=True))]
    claimed = [replace(row, attempts=row.attempts + 1, until=now + lease) for row in found]
    if claimed:
        row = sa.and_(DELIVERY.c.tenant == tenant, DELIVERY.c.ticket_id == sa.bindparam("name"))
        update = sa.update(DELIVERY).where(row).values(attempts=DELIVERY.c.attempts + 1, until=now + lease)
        connection.execute(update, [{"name": one.ticket_id} for one in claimed])
    return claimed


def settle(
    connection: sa.Connection, tenant: str, claimed: Delivery, state: str, due_at: float | None, error: str | None
) -> bool:
    """Let a claimed delivery go, and keep what became of it where it is the newest wish."""
    mine = (
        DELIVERY.c.tenant == tenant,
        DELIVERY.c.ticket_id == claimed.ticket_id,
        DELIVERY.c.until == claimed.until,
    )
    kept: dict[str, Any] = {"until": 0.0, "state": state, "error": error}
    if due_at is not None:
        kept["due_at"] = due_at
    newest = sa.update(DELIVERY).where(*mine, DELIVERY.c.number == claimed.number).values(kept)
    if connection.execute(newest).rowcount == 1:
        return True
    return connection.execute(sa.update(DELIVERY).where(*mine).values(until=0.0)).rowcount == 1


def listed(connection: sa.Connection, tenant: str, state: str | None, after: int, limit: int | None) -> list[Delivery]:
    """Deliveries by number."""
    query = sa.select(DELIVERY).where(DELIVERY.c.tenant == tenant, DELIVERY.c.number > after)
    if state is not None:
        query = query.where(DELIVERY.c.state == state)
    return [_delivery(row) for row in connection.execute(query.order_by(DELIVERY.c.number).limit(limit))]


def resend(connection: sa.Connection, tenant: str, ticket_ids: Collection[str] | None, now: float) -> int:
    """Have deliveries sent again."""
    again = sa.update(DELIVERY).where(DELIVERY.c.tenant == tenant)
    again = again.values(state=DUE, attempts=0, due_at=now, error=None)
    parts = [DELIVERY.c.state == DEAD] if ticket_ids is None else among(ticket_ids, DELIVERY.c.ticket_id)
    return sum(connection.execute(again.where(part)).rowcount for part in parts)


def _due(tenant: str, now: float) -> tuple[sa.ColumnElement[bool], ...]:
    here, is_wanted = DELIVERY.c.tenant == tenant, DELIVERY.c.state == DUE
    return here, is_wanted, DELIVERY.c.due_at <= now, DELIVERY.c.until <= now


def _delivery(row: sa.Row[Any]) -> Delivery:
    return Delivery(**{field.name: getattr(row, field.name) for field in fields(Delivery)})

"""Deliveries as plain data, for the stores that hold a queue in memory or in a file: ticket id -> its delivery."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from ticketopt.live.stores.rows import DEAD, DUE, Delivery

__all__ = ["claim", "listed", "resend", "settle", "wish"]

Deliveries = dict[str, Delivery]


def wish(rows: Deliveries, wanted: Mapping[str, str | None], number: int, at: float) -> int:
    """Put newer wishes in the place of older ones, which keep their leases; return the last number used."""
    for ticket_id, agent_id in wanted.items():
        number += 1
        until = rows[ticket_id].until if ticket_id in rows else 0.0
        rows[ticket_id] = Delivery(ticket_id=ticket_id, agent_id=agent_id, number=number, at=at, due_at=at, until=until)
    return number


def claim(rows: Deliveries, now: float, lease: float, limit: int) -> list[Delivery]:
    """Claim what is due and not held."""
    due = [row for row in rows.values() if row.state == DUE and row.due_at <= now and row.until <= now]
    claimed = [
        replace(row, attempts=row.attempts + 1, until=now + lease)
        for row in sorted(due, key=lambda row: row.number)[:limit]
    ]
    rows.update({row.ticket_id: row for row in claimed})
    return claimed


def settle(rows: Deliveries, claimed: Delivery, state: str, due_at: float | None, error: str | None) -> bool:
    """Let a claimed delivery go, and keep what became of it where it is the newest wish."""
    row = rows.get(claimed.ticket_id)
    if row is None or row.until != claimed.until:
        return False
    row = replace(row, until=0.0)
    if row.number == claimed.number:
        row = replace(row, state=state, error=error, due_at=row.due_at if due_at is None else due_at)
    rows[row.ticket_id] = row
    return True


def listed(rows: Deliveries, state: str | None, after: int, limit: int | None) -> list[Delivery]:
    """Deliveries by number."""
    found = [row for row in rows.values() if row.number > after and state in (None, row.state)]
    return sorted(found, key=lambda row: row.number)[:limit]


def resend(rows: Deliveries, ticket_ids: Collection[str] | None, now: float) -> int:
    """Have deliveries sent again."""
    again = [row for row in rows.values() if (row.state == DEAD if ticket_ids is None else row.ticket_id in ticket_ids)]
    for row in again:
        rows[row.ticket_id] = replace(row, state=DUE, attempts=0, due_at=now, error=None)
    return len(again)

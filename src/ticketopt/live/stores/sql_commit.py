"""How `sql.py` commits a batch, inside one transaction that holds the queue."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from ticketopt.errors import StoreError
from ticketopt.live.stores.rows import Answered, Batch, Event, Kept
from ticketopt.live.stores.sql_deliveries import wish
from ticketopt.live.stores.sql_reads import among, stored
from ticketopt.live.stores.sql_tables import AGENT, ANSWER, EVENT, QUEUE, TICKET

__all__ = ["commit_batch", "lock"]


def commit_batch(
    connection: sa.Connection, tenant: str, version: int, batch: Batch, key: str | None, request_hash: str
) -> tuple[Any] | None:
    here, found = QUEUE.c.tenant == tenant, lock(connection, tenant)
    old = None if key is None else stored(connection, tenant, key, request_hash)
    if old is not None:
        return old
    if found != version or _is_any_kept(connection, tenant, batch):
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
    if batch.deliveries:
        wish(connection, tenant, batch.deliveries, batch.at)
    for part in among(batch.forgets, ANSWER.c.key):
        connection.execute(sa.delete(ANSWER).where(ANSWER.c.tenant == tenant, part))
    own = [] if key is None else [Answered(key, request_hash, batch.answer)]
    answers = [
        {"tenant": tenant, "key": one.key, "request_hash": one.request_hash, "response": one.answer, "at": batch.at}
        for one in (*own, *batch.others)
    ]
    if answers:
        connection.execute(sa.insert(ANSWER), answers)
    return Kept((batch.answer,))


def lock(connection: sa.Connection, tenant: str) -> int | None:
    """Keep others from changing a queue until the transaction ends; return its version."""
    connection.execute(
        sa.text("INSERT INTO queue (tenant, version) VALUES (:tenant, 0) ON CONFLICT DO NOTHING"), {"tenant": tenant}
    )
    return connection.scalar(sa.select(QUEUE.c.version).where(QUEUE.c.tenant == tenant).with_for_update())


def _is_any_kept(connection: sa.Connection, tenant: str, batch: Batch) -> bool:
    """Whether a request that a batch answers beside its own was answered before."""
    mine = sa.select(ANSWER.c.key).where(ANSWER.c.tenant == tenant)
    parts = among((other.key for other in batch.others), ANSWER.c.key)
    return any(connection.execute(mine.where(part).limit(1)).first() is not None for part in parts)


def _write_agents(connection: sa.Connection, tenant: str, batch: Batch) -> None:
    mine = sa.select(AGENT.c.agent_id).where(AGENT.c.tenant == tenant)
    known = set(connection.scalars(mine)) if batch.agents else set()
    kept = {name: data for name, data in batch.agents.items() if data is not None}
    new = [name for name in kept if name not in known]
    if new:
        last = connection.scalar(sa.select(sa.func.max(AGENT.c.position)).where(AGENT.c.tenant == tenant)) or 0
        rows = [
            {"tenant": tenant, "agent_id": name, "load": 0, "position": last + k, "data": kept[name]}
            for k, name in enumerate(new, start=1)
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
            raise StoreError(f"agent {name} would be forgotten with a load, or is not there")


def _write_tickets(connection: sa.Connection, tenant: str, batch: Batch) -> None:
    if not batch.tickets:
        return
    mine = sa.select(TICKET.c.ticket_id).where(TICKET.c.tenant == tenant)
    known = {name for part in among(batch.tickets) for name in connection.scalars(mine.where(part))}
    rows = [
        {"name": name, "agent": row.agent_id, "units": row.units, "state": row.state, "data": row.data, "at": batch.at}
        for name, row in batch.tickets.items()
    ]
    columns = {"agent_id": "agent", "units": "units", "state": "state", "data": "data", "at": "at"}
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

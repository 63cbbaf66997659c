"""How `sql.py` commits a batch, inside one transaction that holds the queue.

Statements are built once, and each is sent once for all rows: a commit costs little more for many changes than for one.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import sqlalchemy as sa

from ticketopt.errors import StoreError
from ticketopt.live.stores.base import other_request
from ticketopt.live.stores.rows import Answered, Batch, Event, Kept
from ticketopt.live.stores.sql_deliveries import wish
from ticketopt.live.stores.sql_tables import AGENT, ANSWER, EVENT, QUEUE, TICKET

__all__ = ["commit_batch", "lock"]

LOCK = sa.select(QUEUE.c.version).where(QUEUE.c.tenant == sa.bindparam("of")).with_for_update()
BEGIN = sa.text("INSERT INTO queue (tenant, version) VALUES (:of, 0) ON CONFLICT DO NOTHING")
MOVE = (
    sa.update(QUEUE)
    .where(QUEUE.c.tenant == sa.bindparam("of"), QUEUE.c.version == sa.bindparam("known"))
    .values(version=QUEUE.c.version + 1)
)
ANSWERS = sa.select(ANSWER).where(
    ANSWER.c.tenant == sa.bindparam("of"), ANSWER.c.key.in_(sa.bindparam("keys", expanding=True))
)
LOAD = (
    sa.update(AGENT)
    .where(AGENT.c.tenant == sa.bindparam("of"), AGENT.c.agent_id == sa.bindparam("name"))
    .values(load=AGENT.c.load + sa.bindparam("units"))
)
PUT = sa.text(
    "INSERT INTO assignment (tenant, ticket_id, position, agent_id, units, state, data, at) VALUES (:tenant,"
    " :ticket_id, (SELECT coalesce(max(position), 0) + 1 FROM assignment WHERE tenant = :tenant), :agent_id, :units,"
    " :state, :data, :at) ON CONFLICT (tenant, ticket_id) DO UPDATE SET agent_id = excluded.agent_id,"
    " units = excluded.units, state = excluded.state, data = excluded.data, at = excluded.at"
).bindparams(*(sa.bindparam(column.name, type_=column.type) for column in TICKET.columns if column.name != "position"))
"""A new ticket comes last; a known one keeps its place."""
TELL, KEEP = sa.insert(EVENT), sa.insert(ANSWER)
FORGET = sa.delete(ANSWER).where(ANSWER.c.tenant == sa.bindparam("of"), ANSWER.c.key == sa.bindparam("old"))


def commit_batch(
    connection: sa.Connection, tenant: str, version: int, batch: Batch, key: str | None, request_hash: str
) -> tuple[Any] | None:
    found = lock(connection, tenant)
    own = [] if key is None else [Answered(key, request_hash, batch.answer)]
    answers = [
        {"tenant": tenant, "key": one.key, "request_hash": one.request_hash, "response": one.answer, "at": batch.at}
        for one in (*own, *batch.others)
    ]
    kept = _kept(connection, tenant, [one["key"] for one in answers])
    if key in kept:
        if kept[key].request_hash != request_hash:
            raise other_request()
        return (kept[key].response,)
    if found != version or kept:
        return None
    moved = connection.execute(MOVE, {"of": tenant, "known": version})
    if moved.rowcount != 1:
        raise StoreError(f"{moved.rowcount} queues have the version that one must have; restore a backup")
    _write_agents(connection, tenant, batch)
    _write_tickets(connection, tenant, batch)
    shared = {"tenant": tenant, "version": version + 1, "at": batch.at}
    events = [{name: getattr(event, name) for name in Event.__slots__} for event in batch.events]
    if events:
        connection.execute(TELL, [{**shared, **event} for event in events])
    if batch.deliveries:
        wish(connection, tenant, batch.deliveries, batch.at)
    if batch.forgets:
        connection.execute(FORGET, [{"of": tenant, "old": old} for old in batch.forgets])
    if answers:
        connection.execute(KEEP, answers)
    return Kept((batch.answer,))


def lock(connection: sa.Connection, tenant: str) -> int | None:
    """Keep others from changing a queue until the transaction ends; return its version."""
    version = connection.scalar(LOCK, {"of": tenant})
    if version is None:
        connection.execute(BEGIN, {"of": tenant})
        version = connection.scalar(LOCK, {"of": tenant})
    return version


def _kept(connection: sa.Connection, tenant: str, keys: list[str]) -> dict[str | None, sa.Row[Any]]:
    """The answers that are kept under some keys."""
    if not keys:
        return {}
    return {row.key: row for row in connection.execute(ANSWERS, {"of": tenant, "keys": keys})}


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
    _add_loads(connection, tenant, batch)
    for name in sorted(batch.agents.keys() - kept.keys()):
        if connection.execute(sa.delete(AGENT).where(here, AGENT.c.load == 0), {"name": name}).rowcount != 1:
            raise StoreError(f"agent {name} would be forgotten with a load, or is not there")


def _add_loads(connection: sa.Connection, tenant: str, batch: Batch) -> None:
    change: Counter[str] = Counter()
    for event in batch.events:
        if event.change and event.agent_id is not None:
            change[event.agent_id] += event.change
    moved = [{"of": tenant, "name": name, "units": units} for name, units in sorted(change.items()) if units]
    if moved and (count := connection.execute(LOAD, moved).rowcount) != len(moved):
        names = ", ".join(str(row["name"]) for row in moved)
        raise StoreError(f"{len(moved) - count} of these agents have no row to keep a load in: {names}")


def _write_tickets(connection: sa.Connection, tenant: str, batch: Batch) -> None:
    rows = [
        {
            "tenant": tenant,
            "ticket_id": name,
            "agent_id": row.agent_id,
            "units": row.units,
            "state": row.state,
            "data": row.data,
            "at": batch.at,
        }
        for name, row in batch.tickets.items()
    ]
    if rows:
        connection.execute(PUT, rows)

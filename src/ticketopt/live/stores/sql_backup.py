"""Every row of a database for a backup, from one snapshot, and back into an empty one."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby, islice
from typing import Any

import sqlalchemy as sa

from ticketopt.errors import StoreError
from ticketopt.live.stores.backup_file import Row, Write
from ticketopt.live.stores.sql_tables import AGENT, ANSWER, CARRIED, DELIVERY, EVENT, JOB, QUEUE, TICKET

__all__ = ["dump", "load"]

ORDERED: dict[sa.Table, tuple[sa.Column[Any], ...]] = {
    QUEUE: (QUEUE.c.tenant,),
    AGENT: (AGENT.c.tenant, AGENT.c.position),
    TICKET: (TICKET.c.tenant, TICKET.c.position),
    CARRIED: (CARRIED.c.tenant, CARRIED.c.ticket_id, CARRIED.c.agent_id),
    EVENT: (EVENT.c.number,),
    ANSWER: (ANSWER.c.tenant, ANSWER.c.key),
    DELIVERY: (DELIVERY.c.tenant, DELIVERY.c.number),
    JOB: (JOB.c.tenant, JOB.c.job_id),
}
"""Every table, and columns by which its rows are in order: no two are the same."""

AT_ONCE = 1000
"""Rows in one statement."""


def dump(connection: sa.Connection, write: Write) -> None:
    """Write every row, a portion at a time, so that a large table needs little memory."""
    for table, order in ORDERED.items():
        query, last = sa.select(table).order_by(*order).limit(AT_ONCE), None
        while True:
            after = sa.true() if last is None else sa.tuple_(*order) > sa.tuple_(*last)
            rows = connection.execute(query.where(after)).all()
            for row in rows:
                write(table.name, row._asdict())
            if len(rows) < AT_ONCE:
                break
            last = [getattr(rows[-1], column.name) for column in order]


def load(connection: sa.Connection, rows: Iterable[Row]) -> int:
    """Insert every row; return how many. Events keep their numbers, where they have any.

    Raises
    ------
    StoreError
        Where the database holds queues already, and for a row that is none.
    """
    if connection.execute(sa.select(QUEUE).limit(1)).first() is not None:
        raise StoreError("the store holds queues already; restore a backup into an empty one")
    tables = {table.name: table for table in ORDERED}
    count = 0
    for name, group in groupby(rows, key=lambda row: row[0]):
        if name not in tables:
            raise StoreError(f"the backup has a row of {name!r}, which is no table; use another backup")
        values = (row for _, row in group)
        while portion := list(islice(values, AT_ONCE)):
            _check(tables[name], portion)
            connection.execute(sa.insert(tables[name]), portion)
            count += len(portion)
    if connection.dialect.name == "postgresql":
        last = sa.select(sa.func.max(EVENT.c.number)).scalar_subquery()
        sequence = sa.func.pg_get_serial_sequence("event", "number")
        connection.execute(sa.select(sa.func.setval(sequence, sa.func.coalesce(last, 1))))
    return count


def _check(table: sa.Table, rows: list[dict[str, Any]]) -> None:
    """An error for rows that have other columns than their table."""
    wanted = {column.name for column in table.columns}
    for row in rows:
        if not wanted - {"number"} <= set(row) <= wanted:
            raise StoreError(f"the backup has a row of {table.name!r} that is none; use another backup")

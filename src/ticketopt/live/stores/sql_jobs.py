"""Jobs in SQL: one row each, claimed by a lease."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from ticketopt.live.stores.rows import RUNNING, WAITING, Job
from ticketopt.live.stores.sql_tables import JOB

__all__ = ["claim", "is_due", "listed", "one", "put"]


_INSERT = sa.text(
    "INSERT INTO job (tenant, job_id, state, at, until, data) VALUES (:tenant, :job_id, :state, :at, :until, :data) "
    "ON CONFLICT DO NOTHING"
).bindparams(sa.bindparam("data", type_=JOB.c.data.type))


def put(connection: sa.Connection, tenant: str, job: Job, held: float | None) -> bool:
    """Keep a job: a new one, or where a claim is named one whose claim still holds."""
    values = {"state": job.state, "at": job.at, "until": job.until, "data": job.data}
    if held is not None:
        mine = sa.update(JOB).where(*_here(tenant, job.job_id), JOB.c.until == held)
        return connection.execute(mine.values(values)).rowcount == 1
    connection.execute(_INSERT, {"tenant": tenant, "job_id": job.job_id, **values})
    return one(connection, tenant, job.job_id) == replace(job, data=json.loads(json.dumps(job.data)))


def one(connection: sa.Connection, tenant: str, job_id: str) -> Job | None:
    row = connection.execute(sa.select(JOB).where(*_here(tenant, job_id))).first()
    return None if row is None else _job(row)


def listed(connection: sa.Connection, tenant: str, state: str | None, limit: int | None) -> list[Job]:
    """Jobs, the oldest first."""
    query = sa.select(JOB).where(JOB.c.tenant == tenant).order_by(JOB.c.at, JOB.c.job_id).limit(limit)
    return [_job(row) for row in connection.execute(query if state is None else query.where(JOB.c.state == state))]


def is_due(connection: sa.Connection, tenant: str, now: float) -> bool:
    """Whether there is anything to claim."""
    return connection.execute(_due(tenant, now)).first() is not None


def claim(connection: sa.Connection, tenant: str, now: float, lease: float) -> Job | None:
    """Take the oldest job that nobody runs; one that another claimer is about to take is left to it."""
    row = connection.execute(_due(tenant, now).with_for_update(skip_locked=True)).first()
    if row is None:
        return None
    job = replace(_job(row), state=RUNNING, until=now + lease)
    mine = sa.update(JOB).where(*_here(tenant, job.job_id)).values(state=job.state, until=job.until)
    connection.execute(mine)
    return job


def _due(tenant: str, now: float) -> sa.Select[Any]:
    lost = sa.and_(JOB.c.state == RUNNING, JOB.c.until <= now)
    due = sa.select(JOB).where(JOB.c.tenant == tenant, sa.or_(JOB.c.state == WAITING, lost))
    return due.order_by(JOB.c.at, JOB.c.job_id).limit(1)


def _here(tenant: str, job_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return JOB.c.tenant == tenant, JOB.c.job_id == job_id


def _job(row: sa.Row[Any]) -> Job:
    return Job(job_id=row.job_id, data=row.data, at=row.at, state=row.state, until=row.until)

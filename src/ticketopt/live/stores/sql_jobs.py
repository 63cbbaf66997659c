"""Jobs in SQL: one row each, claimed by a lease."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from ticketopt.live.stores.rows import RUNNING, WAITING, Job
from ticketopt.live.stores.sql_tables import JOB

__all__ = ["claim", "is_due", "listed", "one", "put"]


def put(connection: sa.Connection, tenant: str, job: Job, held: float | None) -> bool:
    """Keep a job; where a claim is named, only if it still holds."""
    values = {"state": job.state, "at": job.at, "until": job.until, "data": job.data}
    mine = sa.update(JOB).where(*_here(tenant, job.job_id)).values(values)
    if held is not None:
        return connection.execute(mine.where(JOB.c.until == held)).rowcount == 1
    if connection.execute(mine).rowcount == 0:
        connection.execute(sa.insert(JOB).values(tenant=tenant, job_id=job.job_id, **values))
    return True


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

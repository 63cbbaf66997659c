"""Jobs as plain data: job id -> job."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from ticketopt.live.stores.rows import RUNNING, WAITING, Job

__all__ = ["claim", "listed", "put"]


def put(jobs: dict[str, Job], job: Job, held: float | None) -> bool:
    """Keep a job: a new one, or where a claim is named one whose claim still holds."""
    known, new = jobs.get(job.job_id), replace(job, data=json.loads(json.dumps(job.data)))
    if (None if known is None else known.until) != held:
        return known == new
    jobs[job.job_id] = new
    return True


def listed(jobs: Mapping[str, Job], state: str | None, limit: int | None) -> list[Job]:
    """Jobs, the oldest first."""
    found = [job for job in jobs.values() if state in (None, job.state)]
    return sorted(found, key=lambda job: (job.at, job.job_id))[:limit]


def claim(jobs: dict[str, Job], now: float, lease: float) -> Job | None:
    """Take the oldest job that nobody runs."""
    for job in listed(jobs, None, None):
        if job.state == WAITING or (job.state == RUNNING and job.until <= now):
            jobs[job.job_id] = replace(job, state=RUNNING, until=now + lease)
            return jobs[job.job_id]
    return None

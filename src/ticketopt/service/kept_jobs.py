"""Jobs that outlive the process that took them: it holds them by a lease, and whoever serves over the store takes over.

Only what holds no ticket's text may be kept: rebalances. A job commits under a key, so that one that is run again by
another process changes the queue once.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

from ticketopt.errors import StoreError
from ticketopt.live.stores import Job as Kept
from ticketopt.live.stores import Store
from ticketopt.live.stores.rows import DONE, RUNNING, WAITING
from ticketopt.service.jobs import Job, Jobs, Work
from ticketopt.service.problem_details import ServiceError, problem_details

__all__ = ["LEASE", "KeptJobs"]

log = logging.getLogger("ticketopt.service.jobs")

LEASE = 30.0
"""Seconds after which a job whose process is silent is taken over."""

MOST_ATTEMPTS = 3
"""A job that was lost so often is not tried again: it may be what ends its processes."""

WorkOf = Callable[[str, Mapping[str, Any]], Work]
"""From a tenant and what a job is to do, to its work."""


class KeptJobs:
    """The jobs of this process that the store keeps, and those of others that it may take over.

    Parameters
    ----------
    work_of : what a kept job does, from its tenant and its `data`, which holds a `key` to commit under.
    tenants : in whose queues there may be jobs to take over. clock : the time in Unix seconds.
    """

    def __init__(
        self, store: Store, jobs: Jobs, work_of: WorkOf, *, tenants: Iterable[str], clock: Callable[[], float]
    ) -> None:
        self._store, self._jobs, self._work_of, self._clock = store, jobs, work_of, clock
        self._tenants = set(tenants)
        self._held: dict[tuple[str, str], Kept] = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self, tenant: str, kind: str, data: Mapping[str, Any], *, key: str | None, request_hash: str) -> Job:
        """Begin a job, kept before it begins; see `Jobs.begin`."""
        job_id = str(uuid4())
        data = {**data, "kind": kind, "key": key or f"job:{job_id}", "attempts": 1}
        now = self._clock()
        kept = Kept(job_id=job_id, data=data, at=now, state=RUNNING, until=now + LEASE)

        def keep(job: Job) -> None:
            self._store.put_job(tenant, kept)
            self._hold(tenant, kept)

        work = self._work_of(tenant, data)
        return self._jobs.begin(
            tenant, kind, work, key=key, request_hash=request_hash, job_id=job_id, before=keep, after=self._end
        )

    def told(self, tenant: str, job_id: str) -> dict[str, Any]:
        """What there is to say of a job, wherever it runs or ran; `no-job` where there is none."""
        try:
            return self._jobs.get(tenant, job_id).to_dict()
        except ServiceError:
            kept = self._store.job(tenant, job_id) if job_id.isascii() and job_id.isprintable() else None
            if kept is None:
                raise
        if kept.state == DONE:
            ended: dict[str, Any] = kept.data["ended"]
            return ended
        elsewhere = Job(tenant, kept.data["kind"], kept.job_id, seconds=max(0.0, self._clock() - kept.at))
        return elsewhere.to_dict()

    def start(self) -> None:
        """Begin to hold what is held, and to look for what others have lost."""
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, name="ticketopt kept jobs", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End that; jobs have ended by then."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(LEASE)

    def look(self) -> None:
        """Make the leases of own jobs longer, and take over what others have lost."""
        self._renew()
        for tenant in tuple(self._tenants):
            lost = self._store.claim_job(tenant, now=self._clock(), lease=LEASE)
            if lost is not None:
                self._take_over(tenant, lost)

    def _run(self) -> None:
        while not self._stop.wait(LEASE / 3):
            try:
                self.look()
            except StoreError as error:
                log.warning("kept jobs could not be looked at: %s", error)

    def _hold(self, tenant: str, kept: Kept) -> None:
        with self._lock:
            self._held[tenant, kept.job_id] = kept
            self._tenants.add(tenant)

    def _renew(self) -> None:
        """Hold the jobs of this process for longer; one that another process has by now is stopped here."""
        with self._lock:
            for (tenant, job_id), kept in list(self._held.items()):
                longer = replace(kept, until=self._clock() + LEASE)
                if self._store.put_job(tenant, longer, held=kept.until):
                    self._held[tenant, job_id] = longer
                else:
                    del self._held[tenant, job_id]
                    self._jobs.stop(tenant, job_id)

    def _take_over(self, tenant: str, lost: Kept) -> None:
        attempts = lost.data["attempts"] + 1
        mine = replace(lost, data={**lost.data, "attempts": attempts})
        if attempts > MOST_ATTEMPTS:
            failed = Job(tenant, lost.data["kind"], lost.job_id, state="failed", seconds=self._clock() - lost.at)
            failed.problem = problem_details("internal-error", detail="Its process ended before it did, every time.")
            self._put_ended(tenant, mine, failed)
            return

        def keep(job: Job) -> None:
            self._store.put_job(tenant, mine, held=lost.until)
            self._hold(tenant, mine)

        try:
            self._jobs.begin(
                tenant,
                lost.data["kind"],
                self._work_of(tenant, lost.data),
                key=None,
                request_hash="",
                job_id=lost.job_id,
                before=keep,
                after=self._end,
            )
            log.info("took a job over")
        except ServiceError:  # too many run here
            self._store.put_job(tenant, replace(lost, state=WAITING, until=0.0), held=lost.until)

    def _end(self, job: Job) -> None:
        """Keep how a job of this process has ended."""
        with self._lock:
            kept = self._held.pop((job.tenant, job.job_id), None)
        if kept is None:
            return
        try:
            self._put_ended(job.tenant, kept, job)
        except StoreError as error:  # another process does it again, and finds its change made
            log.warning("how a job has ended could not be kept: %s", error)

    def _put_ended(self, tenant: str, kept: Kept, job: Job) -> None:
        ended = {**kept.data, "ended": job.to_dict()}
        self._store.put_job(tenant, replace(kept, state=DONE, data=ended), held=kept.until)

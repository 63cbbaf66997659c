"""Jobs that outlive the process that took them: it holds them by a lease, and whoever serves over the store takes over.

A job commits under a key, so that one that is run again by another process changes the queue once. Its id comes of the
key that it was sent with, so that the same request is the same job whichever process is asked. No ticket's text is
kept: a job that has some is not run again, but every process knows how it stands, and what came out as far as that
quotes nobody; where its process was lost, that is said, with the key under which the same request finds its answer.

**Stopping.** Who asks another process to stop a job writes so into the row, and moves the lease by the least that a
number can: so the process that holds the job can neither miss it nor take it for a claim.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID, uuid4, uuid5

from ticketopt.errors import StoreError
from ticketopt.live.stores import Job as Kept
from ticketopt.live.stores import Store
from ticketopt.live.stores.base import other_request
from ticketopt.live.stores.rows import DONE, RUNNING, WAITING
from ticketopt.service.background import Background, each
from ticketopt.service.jobs import Job, Jobs, Work
from ticketopt.service.problem_details import ServiceError, problem_details

__all__ = ["LEASE", "KeptJobs"]

log = logging.getLogger("ticketopt.service.jobs")

LEASE = 30.0
"""Seconds after which a job whose process is silent is taken over."""

LOST = (
    "Its process ended before it did, and its tickets are not kept. Send the same request with Idempotency-Key: {key}; "
    "what was kept by then is answered, and else it is begun again."
)

OF_KEYS = UUID("b1c1a0f4-6f0e-4f8e-9a53-2c8e3f3b7a10")
"""Where the ids of jobs with a key come from: any constant does, as long as every process has the same."""

MOST_ATTEMPTS = 3
"""A job that was lost so often is not tried again: it may be what ends its processes."""

HEED = 1.0
"""Seconds after which a process knows that another one was asked to stop its job."""

WorkOf = Callable[[str, Mapping[str, Any]], Work | None]
"""From a tenant and what a job is to do, to its work; None where it cannot be done again."""


class KeptJobs:
    """The jobs of this process that the store keeps, and those of others that it may take over.

    Parameters
    ----------
    work_of : what a kept job does, from its tenant and its `data`, which holds its `kind` and a `key` to commit under.
    kept_of : from a kind and what came out, to what of it may be kept.
    failed : told of a tenant, or None for all, and of the error, where jobs could not be looked after.
    clock : the time in Unix seconds.
    """

    def __init__(
        self,
        store: Store,
        jobs: Jobs,
        work_of: WorkOf,
        *,
        kept_of: Callable[[str, Any], Any] = lambda kind, result: result,
        failed: Callable[[str | None, Exception], object],
        clock: Callable[[], float],
    ) -> None:
        self._store, self._jobs, self._work_of, self._kept_of, self._clock = store, jobs, work_of, kept_of, clock
        self._failed = failed
        self._held: dict[tuple[str, str], Kept] = {}
        self._lock = threading.Lock()
        self._background = Background("kept jobs", self._run)

    def begin(
        self,
        tenant: str,
        kind: str,
        data: Mapping[str, Any],
        *,
        key: str | None,
        request_hash: str,
        work_under: Callable[[str], Work] | None = None,
    ) -> str:
        """Begin a job, kept before it begins, and return its id; see `Jobs.begin`.

        The same request under the same key is the job that any process began for it, unless that has failed.
        `work_under` is what a job does that cannot be done again, from the key to commit under.
        """
        begun = str(uuid4())
        job_id = begun if key is None else str(uuid5(OF_KEYS, f"{tenant}\n{key}"))
        data = {**data, "kind": kind, "key": key or f"job:{job_id}", "attempts": 1}
        data |= {"begun": begun, "request_hash": request_hash}
        now = self._clock()
        kept = Kept(job_id=job_id, data=data, at=now, state=RUNNING, until=now + LEASE)

        def keep(job: Job) -> None:
            if not self._begins(tenant, kept):
                raise _KnownError
            self._hold(tenant, kept)

        work = self._work_of(tenant, data) if work_under is None else work_under(data["key"])
        assert work is not None, "a job that cannot be done again comes with its work"
        begin = partial(self._jobs.begin, tenant, kind, work, before=keep, after=self._end)
        with suppress(_KnownError):
            begin(key=key, request_hash=request_hash, job_id=job_id)
        return job_id

    def _begins(self, tenant: str, new: Kept) -> bool:
        """Keep a new job, in the place of a failed one of the same request; False where it is known already."""
        while not self._store.put_job(tenant, new):
            known = self._store.job(tenant, new.job_id)
            if known is None:  # forgotten this very moment
                continue
            if known.data["request_hash"] != new.data["request_hash"]:
                raise other_request()
            if not _has_failed(known):
                return False
            if self._store.put_job(tenant, new, held=known.until):
                return True
        return True

    def told(self, tenant: str, job_id: str) -> dict[str, Any]:
        """What there is to say of a job, wherever it runs or ran; `no-job` where there is none."""
        with suppress(ServiceError):
            own = self._jobs.get(tenant, job_id)
            if own.state != "failed":  # else another process may have begun it again
                return own.to_dict()
        kept = self._kept(tenant, job_id)
        if kept.state == DONE:
            ended: dict[str, Any] = kept.data["ended"]
            return ended
        elsewhere = Job(tenant, kept.data["kind"], kept.job_id, seconds=max(0.0, self._clock() - kept.at))
        elsewhere.state = "stopping" if "stop" in kept.data else "running"
        return elsewhere.to_dict()

    def stop(self, tenant: str, job_id: str) -> dict[str, Any]:
        """Have a job end with its best plan so far, wherever it runs; `no-job` where there is none."""
        with suppress(ServiceError):
            own = self._jobs.stop(tenant, job_id)
            if own.state != "failed":
                return own.to_dict()
        kept = self._kept(tenant, job_id)
        while kept.state != DONE and "stop" not in kept.data:
            asked = replace(kept, data={**kept.data, "stop": True}, until=_asked(kept.until))
            if self._store.put_job(tenant, asked, held=kept.until):
                break
            kept = self._kept(tenant, job_id)
        return self.told(tenant, job_id)

    def start(self) -> None:
        """Begin to hold what is held, and to look for what others have lost."""
        self._background.begin()

    def close(self) -> None:
        """End that; jobs have ended by then."""
        self._background.end()

    def look(self) -> None:
        """Make the leases of own jobs longer, and take over what others have lost."""
        each(self._held_ids(), self._renew, self._failed)
        each(self._store.tenants(), self._take_over, self._failed)

    def _run(self) -> None:
        looked = time.monotonic()
        while not self._background.stop.wait(HEED):
            try:
                self.heed()
                if time.monotonic() - looked >= LEASE / 3:
                    looked = time.monotonic()
                    self.look()
            except Exception as error:  # the next look may go well
                self._failed(None, error)

    def heed(self) -> None:
        """Stop the jobs of this process that another one was asked to stop."""
        each(self._held_ids(), self._heed, self._failed)

    def _heed(self, tenant: str) -> None:
        for job_id in self._held_ids().get(tenant, ()):
            kept = self._store.job(tenant, job_id)
            if kept is not None and "stop" in kept.data:
                with suppress(ServiceError):  # it may end just now
                    self._jobs.stop(tenant, job_id)

    def _held_ids(self) -> dict[str, list[str]]:
        """The jobs that this process holds, by tenant."""
        with self._lock:
            held = tuple(self._held)
        return {tenant: [job_id for whose, job_id in held if whose == tenant] for tenant, _ in held}

    def _kept(self, tenant: str, job_id: str) -> Kept:
        kept = self._store.job(tenant, job_id) if job_id.isascii() and job_id.isprintable() else None
        if kept is None:
            raise ServiceError("no-job")
        return kept

    def _put(self, tenant: str, held: Kept, new: Kept) -> Kept | None:
        """Keep what has become of a job held here, and whether it is to stop; None where another process has it."""
        if self._store.put_job(tenant, new, held=held.until):
            return new
        kept = self._store.job(tenant, held.job_id)
        if kept is None or kept.until != _asked(held.until):
            return None
        new = replace(new, data={**new.data, "stop": True})
        return new if self._store.put_job(tenant, new, held=kept.until) else None

    def _hold(self, tenant: str, kept: Kept) -> None:
        with self._lock:
            self._held[tenant, kept.job_id] = kept

    def _renew(self, tenant: str) -> None:
        """Hold a tenant's jobs of this process for longer; one that another process has by now is stopped here."""
        for job_id in self._held_ids().get(tenant, ()):
            with self._lock:
                kept = self._held.get((tenant, job_id))
                if kept is None:  # it has just ended
                    continue
                longer = self._put(tenant, kept, replace(kept, until=self._clock() + LEASE))
                if longer is None:
                    del self._held[tenant, job_id]
                else:
                    self._held[tenant, job_id] = longer
            if longer is None or "stop" in longer.data:
                with suppress(ServiceError):  # it may end just now
                    self._jobs.stop(tenant, job_id)

    def _take_over(self, tenant: str) -> None:
        lost = self._store.claim_job(tenant, now=self._clock(), lease=LEASE)
        if lost is None:
            return
        attempts = lost.data["attempts"] + 1
        mine, work = replace(lost, data={**lost.data, "attempts": attempts}), self._work_of(tenant, lost.data)
        if work is None:
            self._give_up(tenant, mine, "job-lost", LOST.format(key=lost.data["key"]))
            return
        if attempts > MOST_ATTEMPTS:
            self._give_up(tenant, mine, "internal-error", "Its process ended before it did, every time.")
            return

        def keep(job: Job) -> None:
            kept = self._put(tenant, lost, mine)
            if kept is None:
                raise ServiceError("no-job")
            self._hold(tenant, kept)
            if "stop" in kept.data:
                job.stop.set()

        try:
            begin = partial(self._jobs.begin, tenant, lost.data["kind"], work, before=keep, after=self._end)
            begin(key=None, request_hash="", job_id=lost.job_id)
            log.info("took a job over")
        except ServiceError:  # too many run here, or another process has it by now
            self._store.put_job(tenant, replace(lost, state=WAITING, until=0.0), held=lost.until)

    def _give_up(self, tenant: str, lost: Kept, name: str, detail: str) -> None:
        failed = Job(tenant, lost.data["kind"], lost.job_id, state="failed", seconds=self._clock() - lost.at)
        failed.problem = problem_details(name, detail=detail)
        self._put_ended(tenant, lost, failed)

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
        told = job.to_dict()
        told["result"] = None if job.result is None else self._kept_of(job.kind, told["result"])
        self._put(tenant, kept, replace(kept, state=DONE, data={**kept.data, "ended": told}))


class _KnownError(Exception):
    """A job was begun already, here or elsewhere."""


def _has_failed(kept: Kept) -> bool:
    return kept.state == DONE and kept.data["ended"]["state"] == "failed"


def _asked(until: float) -> float:
    """The end of a lease once somebody has asked for its job to be stopped."""
    return math.nextafter(until, math.inf)

"""Long solves: they begin now, are asked for afterwards, and stop with the best so far."""

from __future__ import annotations

import json
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

from ticketopt.live.stores.base import other_request
from ticketopt.service.problem_details import ServiceError
from ticketopt.service.shares import Shares
from ticketopt.solvers.progress import Listener, Progress

__all__ = ["Job", "Jobs", "Work"]

Work = Callable[[Listener, threading.Event], Any]
"""What a job does: from a listener and an event that stops it to its answer as JSON."""

KEPT = 1000
"""So many finished jobs are remembered."""

KEPT_BYTES = 64 * 2**20
"""Of their results, so many bytes as they are kept: compressed."""


@dataclass(eq=False)
class Job:
    """A job: `state` is running, stopping, done or failed; `result` (packed) where done, `problem` where failed."""

    tenant: str
    kind: str
    job_id: str = field(default_factory=lambda: str(uuid4()))
    began: float = field(default_factory=time.monotonic)
    state: str = "running"
    progress: Progress | None = None
    result: bytes | None = None
    problem: dict[str, Any] | None = None
    seconds: float | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None
    after: Callable[[Job], None] = lambda job: None

    def to_dict(self) -> dict[str, Any]:
        """What there is to say now."""
        latest = self.progress
        known = dict.fromkeys(("objective", "lower_bound", "gap", "solver", "tier"))
        if latest is not None:
            known = {name: getattr(latest, name) for name in known}
        seconds = time.monotonic() - self.began if self.seconds is None else self.seconds
        return {
            "job_id": self.job_id,
            "kind": self.kind,
            "state": self.state,
            "seconds": round(seconds, 3),
            "progress": known,
            "result": None if self.result is None else json.loads(zlib.decompress(self.result)),
            "problem": self.problem,
        }


class Jobs:
    """The jobs of this process; see `kept_jobs.py` for what of them a restart leaves.

    Parameters
    ----------
    most, most_of_tenant : so many run at once; two tenants leave the last one to others.
    describe : an error as the content of an answer.
    ended : is told the tenant of each job that has ended.
    """

    def __init__(
        self,
        most: int,
        most_of_tenant: int,
        describe: Callable[[Exception], dict[str, Any]],
        ended: Callable[[str], None] = lambda tenant: None,
    ) -> None:
        self._describe, self._ended = describe, ended
        self._places = Shares(most, most_of_tenant)
        self._jobs: dict[tuple[str, str], Job] = {}
        self._by_key: dict[tuple[str, str], tuple[str, Job]] = {}
        self._lock = threading.Lock()

    def begin(
        self,
        tenant: str,
        kind: str,
        work: Work,
        *,
        key: str | None,
        request_hash: str,
        job_id: str | None = None,
        before: Callable[[Job], None] = lambda job: None,
        after: Callable[[Job], None] = lambda job: None,
    ) -> Job:
        """Begin a job; the same request under the same key is the job that it began before, unless that has failed.

        `before` and `after` are called with a new job before its work begins and after it has ended; what `before`
        raises keeps it from beginning.

        Raises
        ------
        ServiceError
            `too-many-jobs`.
        InvalidInputError
            Where the key began another one.
        """
        with self._lock:
            if key is not None and (tenant, key) in self._by_key:
                known, job = self._by_key[tenant, key]
                if known != request_hash:
                    raise other_request()
                return job
            if not self._places.take(tenant):
                raise ServiceError("too-many-jobs")
            job = Job(tenant, kind, job_id or str(uuid4()), after=after)
            self._jobs[tenant, job.job_id] = job
            if key is not None:
                self._by_key[tenant, key] = (request_hash, job)
        try:
            before(job)
        except BaseException:
            with self._lock:
                del self._jobs[tenant, job.job_id]
                self._drop_keys([job])
            self._places.give_back(tenant)
            raise
        job.thread = threading.Thread(target=self._run, args=(job, work), name="ticketopt job", daemon=True)
        job.thread.start()
        return job

    def get(self, tenant: str, job_id: str) -> Job:
        """A tenant's job, or a `no-job` error."""
        job = self._jobs.get((tenant, job_id))
        if job is None:
            raise ServiceError("no-job")
        return job

    def stop(self, tenant: str, job_id: str) -> Job:
        """Have a job end with its best plan so far, which is kept like any other."""
        job = self.get(tenant, job_id)
        job.stop.set()
        if job.state == "running":
            job.state = "stopping"
        return job

    def close(self) -> None:
        """Stop all jobs, and wait until they have kept their best."""
        jobs = list(self._jobs.values())
        for job in jobs:
            job.stop.set()
        for job in jobs:
            if job.thread is not None:
                job.thread.join()

    def _run(self, job: Job, work: Work) -> None:
        def listen(progress: Progress) -> None:
            job.progress = progress

        try:
            result = work(listen, job.stop)
            job.result = zlib.compress(json.dumps(result, allow_nan=False).encode(), 1)
            job.state = "done"
        except Exception as error:
            job.problem = self._describe(error)
            job.state = "failed"
        took = time.monotonic() - job.began
        job.after(replace(job, seconds=took))
        with self._lock:
            self._forget(job)
            job.seconds = took
        self._places.give_back(job.tenant)
        self._ended(job.tenant)

    def _forget(self, latest: Job) -> None:
        """Forget the oldest of too many, or too large, ended jobs; and the key of one that has failed."""
        if latest.state == "failed":
            self._drop_keys([latest])
        ended = [job for job in self._jobs.values() if job.seconds is not None and job is not latest]
        size = sum(len(job.result or b"") for job in (*ended, latest))
        gone: list[Job] = []
        for job in ended:
            if len(ended) - len(gone) < KEPT and size <= KEPT_BYTES:
                break
            size -= len(job.result or b"")
            gone.append(job)
            del self._jobs[job.tenant, job.job_id]
        if gone:
            self._drop_keys(gone)

    def _drop_keys(self, jobs: list[Job]) -> None:
        gone = set(map(id, jobs))
        self._by_key = {key: item for key, item in self._by_key.items() if id(item[1]) not in gone}

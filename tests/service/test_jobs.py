"""Jobs: a share for each tenant, keys that begin again after a failure, and results that do not pile up."""

import random
import threading

import pytest

from support.until import until
from ticketopt.service import jobs as rooms
from ticketopt.service.jobs import Jobs
from ticketopt.service.problem_details import ServiceError, describe


def begin(jobs, work, tenant="", key=None, request_hash="h"):
    return jobs.begin(tenant, "rebalance", work, key=key, request_hash=request_hash)


def ended(job):
    until(lambda: job.seconds is not None)
    return job


def hold(listen, stop):
    stop.wait(20)
    return {}


def test_a_tenant_has_its_share_of_the_jobs_and_two_leave_one_to_a_third():
    jobs = Jobs(4, 2, describe)
    begin(jobs, hold, "a"), begin(jobs, hold, "a")
    for tenant, is_taken in (("a", False), ("b", True), ("b", False), ("c", True), ("d", False)):
        if is_taken:
            begin(jobs, hold, tenant)
        else:
            with pytest.raises(ServiceError, match="too-many-jobs"):
                begin(jobs, hold, tenant)
    jobs.close()
    ended(begin(jobs, lambda *_: {}, "a"))


def test_a_failed_job_is_begun_again_under_its_key_and_one_that_is_done_is_not():
    jobs, outcomes = Jobs(4, 4, describe), [ServiceError("busy"), {"n": 1}, {"n": 2}]

    def work(listen, stop):
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    first = ended(begin(jobs, work, key="k"))
    assert (first.state, first.to_dict()["problem"]["status"]) == ("failed", 503)
    second = ended(begin(jobs, work, key="k"))
    assert second.to_dict()["result"] == {"n": 1}
    assert begin(jobs, work, key="k") is second
    assert jobs.get("", first.job_id) is first


def test_results_are_bounded_by_their_size_and_the_newest_stays(monkeypatch):
    monkeypatch.setattr(rooms, "KEPT_BYTES", 60_000)
    jobs = Jobs(4, 4, describe)
    noise = random.Random(0).randbytes(15_000).hex()  # packs to half its length
    made = [ended(begin(jobs, lambda *_: {"text": noise}, key=str(k))) for k in range(6)]
    kept = [job for job in made if ("", job.job_id) in jobs._jobs]
    assert kept == made[-3:]
    assert {key for _, key in jobs._by_key} == {"3", "4", "5"}
    large = ended(begin(jobs, lambda *_: {"text": noise * 4 + noise[::-1] * 3}))
    assert jobs.get("", large.job_id).to_dict()["result"]["text"].startswith(noise)


def test_so_many_ended_jobs_are_remembered(monkeypatch):
    monkeypatch.setattr(rooms, "KEPT", 3)
    jobs = Jobs(4, 4, describe)
    free = threading.Event()
    running = begin(jobs, lambda *_: free.wait(20) and {})
    for _ in range(8):
        last = ended(begin(jobs, lambda *_: {}))
    assert len(jobs._jobs) == 4
    assert jobs.get("", last.job_id) is last
    assert jobs.get("", running.job_id) is running
    free.set()
    ended(running)

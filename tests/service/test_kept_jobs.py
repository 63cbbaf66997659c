"""Jobs that the store keeps: another process takes over what one has lost, and nothing is done twice."""

import threading

import pytest

from support.until import until
from ticketopt.errors import StoreError
from ticketopt.live.stores import open_store
from ticketopt.service import create_app
from ticketopt.service.jobs import Jobs
from ticketopt.service.kept_jobs import LEASE, MOST_ATTEMPTS, KeptJobs
from ticketopt.service.problem_details import ServiceError, describe

from .client import Client


class Clock:
    now = 1_000.0

    def __call__(self):
        return self.now


class Replica:
    """One process: its jobs, which go on until they may end, and what they did."""

    def __init__(self, store, clock, most=2):
        self.may_end, self.keys, self.stopped = threading.Event(), [], []
        self.jobs = Jobs(most, most, describe)
        self.kept = KeptJobs(store, self.jobs, self._work_of, tenants={""}, clock=clock)

    def _work_of(self, tenant, data):
        def work(listen, stop):
            until(lambda: self.may_end.is_set() or stop.is_set())
            self.stopped.append(stop.is_set())
            self.keys.append(data["key"])
            return {"n": data["n"]}

        return work

    def begin(self, **options):
        return self.kept.begin("", "rebalance", {"n": 5}, **{"key": None, "request_hash": "h", **options})

    def state(self, job):
        return self.kept.told("", job.job_id)["state"]


@pytest.fixture
def store():
    return open_store("memory:")


@pytest.fixture
def clock():
    return Clock()


def test_a_job_that_its_process_has_lost_is_taken_over_and_its_first_process_has_no_say(store, clock):
    first, second, third = (Replica(store, clock) for _ in range(3))
    job = first.begin()
    second.kept.look()
    assert (first.state(job), second.state(job)) == ("running", "running")
    assert second.jobs._jobs == {}  # it is held
    clock.now += LEASE + 1
    second.kept.look()
    assert list(second.jobs._jobs) == [("", job.job_id)]
    first.kept.look()
    until(lambda: first.stopped == [True])  # it has noticed, and stopped
    second.may_end.set()
    until(lambda: third.state(job) == "done")
    assert third.kept.told("", job.job_id)["result"] == {"n": 5}
    assert first.keys == second.keys == [f"job:{job.job_id}"]
    clock.now += 10 * LEASE
    third.kept.look()
    assert third.jobs._jobs == {}


def test_a_job_that_is_held_is_not_taken_over(store, clock):
    first, second = Replica(store, clock), Replica(store, clock)
    job = first.begin(key="k")
    for _ in range(5):
        clock.now += LEASE / 2
        first.kept.look()
        second.kept.look()
    assert second.jobs._jobs == {}
    first.may_end.set()
    until(lambda: second.state(job) == "done")
    assert first.keys == ["k"]
    assert first.begin(key="k") is job


def test_who_has_too_many_leaves_a_lost_job_to_others(store, clock):
    first, full, other = Replica(store, clock), Replica(store, clock, most=1), Replica(store, clock)
    job = first.begin()
    clock.now += 1
    own = full.begin()
    clock.now += LEASE - 0.5
    full.kept.look()
    assert list(full.jobs._jobs) == [("", own.job_id)]
    other.kept.look()
    assert list(other.jobs._jobs) == [("", job.job_id)]
    for one in (first, full, other):
        one.may_end.set()


def test_a_job_that_ends_its_processes_is_given_up(store, clock):
    job = Replica(store, clock).begin()
    for _ in range(MOST_ATTEMPTS):
        replica = Replica(store, clock)
        clock.now += LEASE + 1
        replica.kept.look()
    told = replica.kept.told("", job.job_id)
    assert (told["state"], told["problem"]["status"]) == ("failed", 500)
    assert replica.jobs._jobs == {}


def test_a_job_that_cannot_be_kept_does_not_begin(store, clock, monkeypatch):
    def fail(*_, **__):
        raise StoreError("down")

    replica = Replica(store, clock)
    monkeypatch.setattr(store, "put_job", fail)
    with pytest.raises(StoreError):
        replica.begin(key="k")
    monkeypatch.undo()
    assert replica.jobs._jobs == {}
    assert replica.begin(key="k").state == "running"
    replica.may_end.set()


def test_what_is_no_job_is_none(store, clock):
    replica = Replica(store, clock)
    job = replica.begin()
    replica.may_end.set()
    for tenant, job_id in (("", "x"), ("", "\x00"), ("other", job.job_id)):
        with pytest.raises(ServiceError, match="no-job"):
            replica.kept.told(tenant, job_id)


def test_a_rebalance_is_seen_by_every_replica(store):
    here, there = (Client(create_app(store)) for _ in range(2))
    job = here.request("POST", "/v1/jobs", json={"kind": "rebalance"}).json()
    until(lambda: there.get(f"/v1/jobs/{job['job_id']}").json()["state"] == "done")
    assert there.get(f"/v1/jobs/{job['job_id']}").json()["result"] == {"decided": []}

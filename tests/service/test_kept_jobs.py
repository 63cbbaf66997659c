"""Jobs that the store keeps: another process takes over what one has lost, and nothing is done twice."""

import threading

import pytest

from support.until import until
from ticketopt.errors import InvalidInputError, StoreError
from ticketopt.live.stores import Job, open_store
from ticketopt.service import create_app, kept_jobs
from ticketopt.service.jobs import Jobs
from ticketopt.service.kept_jobs import LEASE, MOST_ATTEMPTS, KeptJobs
from ticketopt.service.problem_details import ServiceError, describe

from .client import Client, running

QUEUE = {
    "agents": [{"agent_id": "ann", "skills": {"vpn": 5}, "capacity": 9}],
    "tickets": [{"ticket_id": "t", "title": "canary: the vpn is down, urgent", "customer": "canary"}],
}


class Clock:
    now = 1_000.0

    def __call__(self):
        return self.now


class Replica:
    """One process: its jobs, which go on until they may end, and what they did."""

    def __init__(self, store, clock, most=2):
        self.may_end, self.keys, self.stopped, self.failed = threading.Event(), [], [], []
        self.jobs = Jobs(most, most, describe)
        self.kept = KeptJobs(store, self.jobs, self._work_of, failed=self._failed, clock=clock)

    def _failed(self, tenant, error):
        self.failed.append((tenant, type(error)))

    def _work_of(self, tenant, data):
        if data["kind"] == "assignment":
            return None

        def work(listen, stop):
            until(lambda: self.may_end.is_set() or stop.is_set())
            self.stopped.append(stop.is_set())
            self.keys.append(data["key"])
            return {"n": data["n"]}

        return work

    def begin(self, **options):
        return self.kept.begin("", "rebalance", {"n": 5}, **{"key": None, "request_hash": "h", **options})

    def state(self, job):
        return self.kept.told("", job)["state"]


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
    assert list(second.jobs._jobs) == [("", job)]
    first.kept.look()
    until(lambda: first.stopped == [True])  # it has noticed, and stopped
    second.may_end.set()
    until(lambda: third.state(job) == "done")
    assert third.kept.told("", job)["result"] == {"n": 5}
    assert first.keys == second.keys == [f"job:{job}"]
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
    assert first.begin(key="k") == job


def test_who_has_too_many_leaves_a_lost_job_to_others(store, clock):
    first, full, other = Replica(store, clock), Replica(store, clock, most=1), Replica(store, clock)
    job = first.begin()
    clock.now += 1
    own = full.begin()
    clock.now += LEASE - 0.5
    full.kept.look()
    assert list(full.jobs._jobs) == [("", own)]
    other.kept.look()
    assert list(other.jobs._jobs) == [("", job)]
    for one in (first, full, other):
        one.may_end.set()


def test_a_job_that_ends_its_processes_is_given_up(store, clock):
    job = Replica(store, clock).begin()
    for _ in range(MOST_ATTEMPTS):
        replica = Replica(store, clock)
        clock.now += LEASE + 1
        replica.kept.look()
    told = replica.kept.told("", job)
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
    assert replica.state(replica.begin(key="k")) == "running"
    replica.may_end.set()


def test_what_is_no_job_is_none(store, clock):
    replica = Replica(store, clock)
    job = replica.begin()
    replica.may_end.set()
    for tenant, job_id in (("", "x"), ("", "\x00"), ("other", job)):
        with pytest.raises(ServiceError, match="no-job"):
            replica.kept.told(tenant, job_id)


def test_a_job_is_stopped_from_another_process_and_keeps_its_best(store, clock):
    first, second, third = (Replica(store, clock) for _ in range(3))
    job = first.begin()
    assert second.kept.stop("", job)["state"] == "stopping"
    assert (second.kept.stop("", job)["state"], third.state(job)) == ("stopping", "stopping")
    first.kept.heed()
    until(lambda: third.state(job) == "done")
    assert (first.stopped, third.kept.told("", job)["result"]) == ([True], {"n": 5})
    assert second.kept.stop("", job)["state"] == "done"


def test_a_stop_is_heeded_within_moments_though_a_look_fails(store, clock, monkeypatch):
    monkeypatch.setattr("ticketopt.service.kept_jobs.HEED", 0.02)
    first, second = Replica(store, clock), Replica(store, clock)
    job, stop, calls = first.begin(), first.jobs.stop, []

    def stop_at_last(*of):
        calls.append(of)
        if len(calls) == 1:
            raise ServiceError("no-job")
        return stop(*of)

    monkeypatch.setattr(first.jobs, "stop", stop_at_last)
    first.kept.start()
    second.kept.stop("", job)
    until(lambda: second.state(job) == "done")
    first.kept.close()
    assert (first.stopped, len(calls) >= 2) == ([True], True)


def test_a_stop_is_not_lost_where_the_lease_is_made_longer_and_is_no_claim(store, clock):
    first, second = Replica(store, clock), Replica(store, clock)
    job = first.begin()
    second.kept.stop("", job)
    clock.now += LEASE / 2
    first.kept.look()  # it knew nothing of it
    clock.now += LEASE / 2 + 1
    second.kept.look()
    assert second.jobs._jobs == {}
    until(lambda: second.state(job) == "done")
    assert first.stopped == [True]


def test_how_a_job_ended_is_kept_where_it_was_to_be_stopped_at_that_very_moment(store, clock):
    first, second = Replica(store, clock), Replica(store, clock)
    job = first.begin()
    second.kept.stop("", job)
    first.may_end.set()
    until(lambda: second.state(job) == "done")
    assert second.kept.told("", job)["result"] == {"n": 5}


def test_a_lost_job_that_was_to_be_stopped_ends_at_once_where_it_is_taken_over(store, clock):
    first, second = Replica(store, clock), Replica(store, clock)
    job = first.begin()
    second.kept.stop("", job)
    clock.now += LEASE + 1
    second.kept.look()
    until(lambda: second.state(job) == "done")
    assert second.stopped == [True]
    first.may_end.set()


@pytest.mark.parametrize("url", ["memory:", "sqlite:///{}/t.db", "json:{}/t.json"])
def test_a_lost_job_of_a_tenant_nobody_named_is_taken_over_before_anybody_asks(tmp_path, clock, url):
    store = open_store(url.format(tmp_path))
    first, second = Replica(store, clock), Replica(store, clock)
    job = first.kept.begin("acme", "rebalance", {"n": 1}, key=None, request_hash="h")
    second.kept.look()
    assert second.jobs._jobs == {}
    clock.now += LEASE + 1
    second.kept.look()
    assert list(second.jobs._jobs) == [("acme", job)]
    for one in (first, second):
        one.may_end.set()


def test_a_lost_job_of_any_tenant_is_taken_over_by_the_app(store, monkeypatch):
    monkeypatch.setattr(kept_jobs, "LEASE", 0.3)  # it looks three times as often
    monkeypatch.setattr(kept_jobs, "HEED", 0.05)
    now = [1e9]
    app = create_app(store, clock=lambda: now[0])
    data = {"kind": "assignment", "key": "k", "attempts": 1, "begun": "b", "request_hash": "h"}
    store.put_job("acme", Job(job_id="j", data=data, at=now[0], state="running", until=now[0] + LEASE))
    now[0] += LEASE + 1
    with running(app) as client:
        until(lambda: store.job("acme", "j").state == "done")
        asked = client.request("GET", "/v1/jobs/j", headers={"X-Tenant": "acme"}).json()
    assert (asked["state"], asked["problem"]["type"]) == ("failed", "urn:ticketopt:problem:job-lost")


def failing_for(monkeypatch, store, method, tenant, error):
    real = getattr(store, method)

    def fail(of, *arguments, **options):
        if of == tenant:
            raise error
        return real(of, *arguments, **options)

    monkeypatch.setattr(store, method, fail)


@pytest.mark.parametrize("error", [StoreError("locked"), KeyError("attempts")])
def test_the_jobs_of_other_tenants_are_looked_after_where_the_store_fails_for_one(store, clock, monkeypatch, error):
    first, second = Replica(store, clock), Replica(store, clock)
    jobs = [first.kept.begin(name, "rebalance", {"n": 1}, key=None, request_hash="h") for name in ("aaa", "bbb")]
    for method in ("put_job", "job", "claim_job"):
        failing_for(monkeypatch, store, method, "aaa", error)
    clock.now += LEASE - 1
    first.kept.look()  # bbb's lease is longer
    clock.now += LEASE - 1
    second.kept.look()
    assert second.jobs._jobs == {}
    second.kept.stop("bbb", jobs[1])
    first.kept.heed()
    until(lambda: first.stopped == [True])
    clock.now += LEASE + 1
    first.failed.clear()
    first.kept.look()
    assert first.failed == [("aaa", type(error))] * 2
    monkeypatch.undo()
    second.kept.look()
    assert list(second.jobs._jobs) == [("aaa", jobs[0])]
    for one in (first, second):
        one.may_end.set()


def test_a_lost_job_that_cannot_be_done_again_says_so_and_under_which_key(store, clock):
    first, second = Replica(store, clock), Replica(store, clock)
    work = first._work_of("", {"kind": "rebalance", "key": "", "n": 0})
    job = first.kept.begin("", "assignment", {}, key=None, request_hash="h", work_under=lambda key: work)
    assert second.state(job) == "running"
    clock.now += LEASE + 1
    second.kept.look()
    told = second.kept.told("", job)
    assert (told["state"], told["problem"]["status"], told["problem"]["type"]) == (
        "failed",
        503,
        "urn:ticketopt:problem:job-lost",
    )
    assert f"job:{job}" in told["problem"]["detail"]
    first.may_end.set()
    until(lambda: first.jobs.get("", job).seconds is not None)
    assert second.kept.told("", job) == told  # its first process has no say any more


def test_an_assignment_is_seen_by_every_replica_and_after_a_restart_without_what_tickets_say(tmp_path):
    url = f"sqlite:///{tmp_path}/t.db"
    here, there = (Client(create_app(open_store(url))) for _ in range(2))
    job = here.request("POST", "/v1/jobs", json={"kind": "assignment", **QUEUE}).json()
    path = f"/v1/jobs/{job['job_id']}"
    until(lambda: there.get(path).json()["state"] == "done")
    assert "canary" in here.get(path).text or "urgent" in here.get(path).text
    later = Client(create_app(open_store(url)))
    for client in (there, later):
        told = client.get(path)
        assert told.json()["result"]["assignments"] == [{"ticket_id": "t", "assigned_agent_id": "ann"}]
        assert (told.json()["result"]["status"], told.json()["result"]["unassigned"]) == ("optimal", [])
        assert "canary" not in told.text and "urgent" not in told.text
        assert client.request("DELETE", path).json() == told.json()
    assert b"canary" not in (tmp_path / "t.db").read_bytes()


def test_what_a_lost_assignment_had_kept_is_answered_under_its_key(store, monkeypatch):
    """Its process ended after the commit, before it could say so."""
    here = create_app(store)
    monkeypatch.setattr(KeptJobs, "_put_ended", lambda *_: None)
    client = Client(here)
    job = client.request("POST", "/v1/jobs", json={"kind": "assignment", **QUEUE}).json()
    until(lambda: client.get(f"/v1/jobs/{job['job_id']}").json()["state"] == "done")
    monkeypatch.undo()
    there = Client(create_app(store))
    headers = {"Idempotency-Key": f"job:{job['job_id']}"}
    again = there.request("POST", "/v1/jobs", json={"kind": "assignment", **QUEUE}, headers=headers).json()
    until(lambda: there.get(f"/v1/jobs/{again['job_id']}").json()["state"] == "done")
    result = there.get(f"/v1/jobs/{again['job_id']}").json()["result"]
    assert result["assignments"][0]["assigned_agent_id"] == "ann"
    assert there.get("/v1/agents").json()["agents"][0]["current_load"] == 1


def test_a_rebalance_is_seen_by_every_replica(store):
    here, there = (Client(create_app(store)) for _ in range(2))
    job = here.request("POST", "/v1/jobs", json={"kind": "rebalance"}).json()
    until(lambda: there.get(f"/v1/jobs/{job['job_id']}").json()["state"] == "done")
    assert there.get(f"/v1/jobs/{job['job_id']}").json()["result"] == {"decided": []}


@pytest.mark.parametrize("url", ["memory:", "sqlite:///{}/t.db", "json:{}/t.json"])
def test_the_same_key_on_another_replica_is_the_same_job(tmp_path, clock, url):
    store = open_store(url.format(tmp_path))
    first, second = Replica(store, clock), Replica(store, clock)
    job = first.begin(key="k")
    assert second.begin(key="k") == job
    assert (second.state(job), second.jobs._jobs) == ("running", {})
    with pytest.raises(InvalidInputError, match="was used for another request"):
        second.begin(key="k", request_hash="other")
    first.may_end.set()
    until(lambda: second.state(job) == "done")
    assert second.begin(key="k") == Replica(store, clock).begin(key="k") == job
    assert (first.keys, second.keys) == (["k"], [])
    assert second.kept.begin("acme", "rebalance", {"n": 5}, key="k", request_hash="h") != job
    second.may_end.set()


def test_a_job_that_failed_is_begun_again_under_its_key_by_whoever_is_asked(store, clock, monkeypatch):
    def fail(listen, stop):
        raise ValueError

    first, second = Replica(store, clock), Replica(store, clock)
    with monkeypatch.context() as bad:
        bad.setattr(first.kept, "_work_of", lambda *_: fail)
        job = first.begin(key="k")
        until(lambda: second.state(job) == "failed")
    second.may_end.set()
    assert second.begin(key="k") == job
    until(lambda: first.state(job) == second.state(job) == "done")
    assert (first.begin(key="k"), first.keys, second.keys) == (job, [], ["k"])


def test_two_services_on_one_store_begin_one_rebalance_for_one_key(tmp_path):
    url = f"sqlite:///{tmp_path}/t.db"
    here, there = (Client(create_app(open_store(url))) for _ in range(2))
    headers = {"Idempotency-Key": "monday"}
    first, second = (
        one.request("POST", "/v1/jobs", json={"kind": "rebalance"}, headers=headers) for one in (here, there)
    )
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(open_store(url).jobs("")) == 1
    other = there.request("POST", "/v1/jobs", json={"kind": "rebalance", "max_changes": 1}, headers=headers)
    assert (other.status_code, other.json()["errors"][0]["path"]) == (422, "idempotency_key")
    until(lambda: there.get(first.headers["Location"]).json()["state"] == "done")

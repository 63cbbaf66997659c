"""Jobs that outlive the process that took them."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from ticketopt import StoreError
from ticketopt.live.stores import Job, open_store


def put(store, name, at, **fields):
    job = Job(job_id=name, data={"task": name}, at=at, **fields)
    assert store.put_job("", job)
    return job


def test_a_job_is_put_taken_and_done(store):
    job = put(store, "j", 1.0)
    assert store.job("", "j") == job
    assert store.job("", "unknown") is store.job("other", "j") is None
    taken = store.claim_job("", now=2.0, lease=10.0)
    assert taken == replace(job, state="running", until=12.0)
    assert store.claim_job("", now=11.9, lease=10.0) is None
    done = replace(taken, state="done", data={"answer": [1, None]}, until=0.0)
    assert store.put_job("", done, held=taken.until)
    assert store.job("", "j") == done
    assert store.claim_job("", now=1e9, lease=10.0) is None


def test_who_has_a_job_is_known_though_the_queue_was_never_changed(store):
    assert store.tenants() == []
    put(store, "j", 1.0)
    put(store, "k", 2.0)
    assert store.tenants() == [""]


def test_a_job_whose_runner_is_gone_is_taken_over_and_the_first_has_no_say(store):
    put(store, "j", 1.0)
    first = store.claim_job("", now=0.0, lease=10.0)
    second = store.claim_job("", now=10.0, lease=10.0)
    assert (second.job_id, second.until) == ("j", 20.0)
    assert not store.put_job("", replace(first, state="done"), held=first.until)
    assert store.put_job("", replace(second, until=30.0), held=20.0)
    assert store.claim_job("", now=29.0, lease=1.0) is None
    assert not store.put_job("", replace(second, job_id="unknown"), held=20.0)


def test_the_oldest_job_comes_first_and_jobs_are_listed(store):
    for name, at in (("b", 2.0), ("a", 2.0), ("c", 1.0)):
        put(store, name, at)
    put(store, "old", 0.0, state="done")
    assert [store.claim_job("", now=5.0, lease=9.0).job_id for _ in range(3)] == ["c", "a", "b"]
    assert [job.job_id for job in store.jobs("")] == ["old", "c", "a", "b"]
    assert [job.job_id for job in store.jobs("", state="running", limit=2)] == ["c", "a"]
    assert store.jobs("other") == []


def test_two_runners_never_take_the_same_job(url, store):
    for k in range(20):
        put(store, f"j{k:02}", float(k))
    others = [store] * 2 if url == "memory:" else [store, open_store(url)]

    def work(mine):
        taken = []
        while job := mine.claim_job("", now=0.0, lease=99.0):
            taken.append(job.job_id)
        return taken

    with ThreadPoolExecutor(2) as pool:
        taken = [name for names in pool.map(work, others) for name in names]
    assert sorted(taken) == [f"j{k:02}" for k in range(20)]
    getattr(others[1], "close", lambda: None)()


def test_what_is_no_json_is_no_job(store):
    with pytest.raises((TypeError, StoreError)):
        store.put_job("", Job(job_id="j", data=object(), at=0.0))
    assert store.job("", "j") is None


def test_a_new_job_does_not_take_the_place_of_another(store):
    job = put(store, "j", 1.0)
    assert store.put_job("", job)  # this very one: its first try may have been kept
    assert not store.put_job("", replace(job, at=2.0))
    assert store.put_job("other", replace(job, at=2.0))
    assert (store.job("", "j"), store.job("other", "j").at) == (job, 2.0)

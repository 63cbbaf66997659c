"""Committing once: within one limit of time, whoever is in the way, and with nothing left behind."""

import threading
import time

import pytest
import sqlalchemy as sa

from ticketopt import Dispatcher, StoreError
from ticketopt.live.commit import commit_once
from ticketopt.live.stores import Batch, Event, open_store

LIMIT, SLACK = 1.0, 2.0  # seconds; the second is for a machine that is busy


@pytest.mark.usefixtures("broken_connections")
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_everybody_who_waits_for_a_locked_queue_gives_up_in_time(postgresql):
    url = postgresql.url()
    store, other = open_store(url, lock_timeout=LIMIT), open_store(url)
    dispatcher, took = Dispatcher(store), []
    dispatcher.upsert_agents([{"agent_id": "ann"}])
    dispatcher.submit([{"ticket_id": "first"}])

    def work(name):
        start = time.monotonic()
        with pytest.raises(StoreError):
            dispatcher.submit([{"ticket_id": name}])
        took.append(time.monotonic() - start)

    with other.engine.connect() as connection, connection.begin():
        connection.execute(sa.text("SELECT * FROM queue FOR UPDATE"))
        threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(took) == 4
    assert max(took) < LIMIT + SLACK
    assert dispatcher.submit([{"ticket_id": "a"}]) == {"a": "ann"}
    assert dispatcher.check() == ()
    for one in (store, other):
        one.close()


def test_a_key_that_was_made_up_is_forgotten_by_the_next_commit_only_once_that_is_kept():
    store = open_store("memory:")
    dispatcher, commit, keys = Dispatcher(store), store.commit, []
    fails = False

    def recording(*arguments, **options):
        keys.append(options["key"])
        if fails:
            raise StoreError("the disk is full")
        return commit(*arguments, **options)

    store.commit = recording
    dispatcher.upsert_agents([{"agent_id": "ann"}])
    fails = True
    with pytest.raises(StoreError):
        dispatcher.submit([{"ticket_id": "a"}])
    assert store.answer("", keys[0], "") is not None
    fails = False
    dispatcher.submit([{"ticket_id": "a"}])
    assert [store.answer("", key, "") is not None for key in keys] == [False, False, True]


class Slow:
    """Decides when it may, and counts how often it was asked."""

    def __init__(self, name):
        self.name, self.may, self.began, self.count = name, threading.Event(), threading.Event(), 0

    def __call__(self, state):
        self.count += 1
        self.began.set()
        assert self.may.wait(20)
        return Batch(self.name, (Event("x"),))


def begin(store, decide, **options):
    thread = threading.Thread(target=commit_once, args=(store, "", decide), kwargs=options)
    thread.start()
    return thread


@pytest.mark.parametrize("is_quick", [True, False])
def test_while_another_commits_what_is_quick_waits_and_decides_once_and_what_is_long_decides_meanwhile(is_quick):
    store, first, second = open_store("memory:"), Slow("first"), Slow("second")
    commit, commits, may_commit = store.commit, threading.Event(), threading.Event()

    def slowly(*arguments, **options):
        commits.set()
        assert may_commit.wait(20)
        return commit(*arguments, **options)

    store.commit = slowly
    first.may.set()
    threads = [begin(store, first)]
    assert commits.wait(20)
    second.may.set()
    threads.append(begin(store, second, is_quick=is_quick))
    assert second.began.wait(0.2 if is_quick else 20) == (not is_quick)
    may_commit.set()
    for thread in threads:
        thread.join(20)
    assert (first.count, second.count) == (1, 1 if is_quick else 2)
    assert store.version("") == 2

"""Committing once: within one limit of time, whoever is in the way, and with nothing left behind."""

import threading
import time

import pytest
import sqlalchemy as sa

from ticketopt import Dispatcher, StoreError
from ticketopt.live.stores import open_store

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

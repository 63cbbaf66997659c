"""The SQL stores: whole batches, once each, whatever crashes; and tables that follow the program's version."""

import os
import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from support.until import until
from ticketopt import StoreError
from ticketopt.live.stores import Batch, Event, StoredTicket, open_store
from ticketopt.live.stores.sql_tables import MIGRATIONS, migrate

pytestmark = [
    pytest.mark.usefixtures("broken_connections"),
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]

SETUP = Batch("set up", (Event("agent", None, "ann", 3),), {"ann": {"agent_id": "ann"}})
ROW = StoredTicket("ann", 2, "assigned", {})
ASSIGN = Batch({"t": "ann"}, (Event("assigned", "t", "ann", 2), Event("x")), {"ann": {}, "bob": {}}, {"t": ROW})

PLACES = os.pathsep.join(map(str, (Path(__file__).parent, Path(__file__).parents[2])))
"""Where a process finds this file, and `support`."""

DYING = """
import os, sys
import sqlalchemy as sa
from ticketopt.live.stores import open_store
from test_sql import ASSIGN
store, left = open_store(sys.argv[1]), int(sys.argv[2])
def step(*_):
    global left
    left -= 1
    if left < 0:
        os._exit(9)
for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
    sa.event.listen(store.engine, name, step)
store.commit("", 1, ASSIGN, key="k", request_hash="h")
step()
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, new_url):
    return new_url(request.param)


def parts(store):
    state, entries = store.history("")
    loads = {name: agent.load for name, agent in state.agents.items()}
    assert sum(entry.event.change for entry in entries) == loads["ann"]
    return state.version, loads, dict(state.tickets), store.answer("", "k", "h"), len(entries)


BEFORE = (1, {"ann": 3}, {}, None, 1)
AFTER = (2, {"ann": 5, "bob": 0}, {"t": ROW}, ({"t": "ann"},), 3)


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["sqlite", "postgresql"])
def test_dying_at_any_step_of_the_commit_leaves_all_or_nothing(scheme, new_url, tmp_path):
    found = []
    for step in range(200):
        url = new_url(scheme).replace("tickets.db", f"{step}.db")
        open_store(url).commit("", 0, SETUP)
        command = [sys.executable, "-c", DYING, url, str(step)]
        code = subprocess.run(command, check=False, env={"PYTHONPATH": PLACES, "PATH": ""}).returncode
        assert code in (0, 9)
        store = open_store(url)
        found.append(parts(store))
        store.close()
        if scheme == "sqlite":
            with sqlite3.connect(tmp_path / f"{step}.db") as connection:
                assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            connection.close()
        if code == 0:
            break
    assert code == 0
    assert found[-1] == found[-2] == AFTER
    assert len(found) > 20
    assert all(state in (BEFORE, AFTER) for state in found)
    assert found.count(AFTER) <= 3


def test_a_failing_statement_leaves_nothing(url):
    store = open_store(url)
    store.commit("", 0, SETUP)
    left = 0

    def fail(*_):
        nonlocal left
        left -= 1
        if left < 0:
            raise sa.exc.DatabaseError("statement", {}, Exception("disk full"))

    for step in range(100):
        left = step
        sa.event.listen(store.engine, "before_cursor_execute", fail)
        try:
            kept = store.commit("", 1, ASSIGN, key="k", request_hash="h")
        except StoreError:
            kept = None
        sa.event.remove(store.engine, "before_cursor_execute", fail)
        if kept is not None:
            break
        assert parts(store) == BEFORE
    assert step > 8
    assert parts(store) == AFTER
    store.close()


def test_a_writer_waits_for_another_and_then_gives_up(url):
    store, other = open_store(url, lock_timeout=0.3), open_store(url)
    store.commit("", 0, SETUP)
    with other.engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(sa.text("UPDATE queue SET version = 7"))
        if connection.dialect.name == "postgresql":
            with store.engine.connect() as settings:
                settings.execute(sa.text("ALTER ROLE ticketopt SET lock_timeout = '200ms'"))
                settings.commit()
            store.engine.dispose()
        with pytest.raises(StoreError, match="try again"):
            store.commit("", 1, ASSIGN, key="k", request_hash="h")
        assert store.snapshot("").version == 1
        connection.rollback()
    assert store.commit("", 1, ASSIGN, key="k", request_hash="h") is not None
    if other.engine.dialect.name == "postgresql":
        with other.engine.connect() as settings:
            settings.execute(sa.text("ALTER ROLE ticketopt RESET lock_timeout"))
            settings.commit()
    store.close()
    other.close()


def test_a_writer_goes_on_when_another_has_ended(url):
    store, other, kept = open_store(url, lock_timeout=60), open_store(url), []
    store.commit("", 0, SETUP)
    begins = threading.Event()

    def work():
        begins.set()
        kept.append(store.commit("", 1, ASSIGN, key="k", request_hash="h"))

    thread = threading.Thread(target=work)
    with other.engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(sa.text("UPDATE queue SET version = 7"))
        thread.start()
        assert begins.wait(60)
        assert kept == []
        connection.rollback()
    thread.join(60)
    assert kept == [({"t": "ann"},)]
    assert parts(store) == AFTER
    store.close()
    other.close()


def test_many_processes_may_open_a_new_database_at_once(url):
    errors = []

    def work():
        try:
            open_store(url).close()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_tables_of_a_newer_version_are_refused(url):
    store = open_store(url)
    with store.engine.begin() as connection:
        connection.execute(sa.text("UPDATE ticketopt_schema SET version = 99"))
    store.close()
    with pytest.raises(StoreError, match="version 99, newer than 2; update ticketopt"):
        open_store(url)


def test_a_later_step_is_taken_once_and_loses_nothing(url):
    store, taken = open_store(url), []
    store.commit("", 0, SETUP)

    def step(connection):
        taken.append(1)
        connection.execute(sa.text("ALTER TABLE queue ADD COLUMN note TEXT"))

    for _ in range(2):
        with store.engine.begin() as connection:
            migrate(connection, [*MIGRATIONS, step])
            assert connection.scalar(sa.text("SELECT version FROM ticketopt_schema")) == 3
    assert taken == [1]
    assert parts(store) == BEFORE
    store.close()


def test_a_step_that_fails_changes_nothing(url):
    store = open_store(url)

    def step(connection):
        connection.execute(sa.text("ALTER TABLE queue ADD COLUMN note TEXT"))
        raise ZeroDivisionError

    writing = store.engine.connect().execution_options(writes=True)
    with writing as connection, pytest.raises(ZeroDivisionError), connection.begin():
        migrate(connection, [*MIGRATIONS, step])
    assert "note" not in {column["name"] for column in sa.inspect(store.engine).get_columns("queue")}
    store.commit("", 0, SETUP)
    store.close()


def test_a_database_that_cannot_be_reached_is_an_error(tmp_path):
    with pytest.raises(StoreError, match="try again"):
        open_store(f"postgresql://nobody@/x?unix_sock={tmp_path}/none", lock_timeout=0.1)
    with pytest.raises(StoreError, match="unable to open"):
        open_store(f"sqlite:///{tmp_path}/no/folder.db")
    (tmp_path / "text.db").write_text("this is no database, " * 100)
    with pytest.raises(StoreError, match="not a database"):
        open_store(f"sqlite:///{tmp_path}/text.db")


def test_the_drivers_own_error_on_a_dead_connection_passes(tmp_path, monkeypatch):
    store = open_store(f"sqlite:///{tmp_path}/some.db")
    connect, calls = store.engine.connect, []

    def once_dead():
        calls.append(1)
        if len(calls) == 1:
            raise sqlite3.InterfaceError("network error")
        return connect()

    monkeypatch.setattr(store.engine, "connect", once_dead)
    assert store.snapshot("").version == 0
    assert len(calls) == 2
    store.close()


@pytest.mark.slow
def test_a_server_that_crashes_is_waited_for_and_nothing_is_done_twice(postgresql):
    store = open_store(postgresql.url(), lock_timeout=60)
    store.commit("", 0, Batch(None, (), {"ann": {}}))

    kept = []

    def work():
        for k in range(150):
            version = store.snapshot("").version
            assert store.commit("", version, Batch(k, (Event("x", str(k), "ann", 1),)), key=str(k)) == (k,)
            kept.append(k)

    thread = threading.Thread(target=work)
    thread.start()
    for amid in (30, 80):
        until(lambda amid=amid: len(kept) > amid)
        postgresql.kill()
        postgresql.start()
    thread.join(120)
    state, entries = store.history("")
    assert (state.version, state.agents["ann"].load) == (151, 150)
    assert [entry.event.ticket_id for entry in entries] == [str(k) for k in range(150)]
    store.close()


def test_a_batch_of_more_tickets_than_one_query_can_name(url, monkeypatch):
    monkeypatch.setattr("ticketopt.live.stores.sql_reads.MOST_NAMES", 2)
    store = open_store(url)
    store.commit("", 0, SETUP)
    rows = dict.fromkeys("abcde", ROW)
    store.commit("", 1, Batch(None, tickets=rows))
    changed = {name: replace(ROW, state="closed") for name in "bde"}
    store.commit("", 2, Batch(None, tickets={**changed, "f": ROW}))
    assert store.history("")[0].tickets == {**rows, **changed, "f": ROW}
    store.close()

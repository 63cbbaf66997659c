"""SQLite's file: damaged in any way it raises a `StoreError` only, and it and its log stay small."""

import random
import shutil
import sqlite3
import threading
from contextlib import closing

import pytest

from ticketopt import Dispatcher, StoreError, TicketoptError
from ticketopt.live.audit import audit
from ticketopt.live.stores import Batch, Event, Keep, Retention, StoredTicket, open_store, sqlite_file

ROW = StoredTicket("ann", 1, "assigned", {"ticket": {"ticket_id": "t", "tags": ["a" * 500]}})
ADD = Batch(1, (Event("x", "t1", "a1", 1),), tickets={"n": ROW})


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The bytes of a queue's file."""
    path = tmp_path_factory.mktemp("w") / "a.db"
    store = open_store(f"sqlite:///{path}")
    dispatcher = Dispatcher(store, clock=lambda: 0.0)
    dispatcher.upsert_agents([{"agent_id": f"a{k}", "name": "Änn", "skills": {"vpn": 5}} for k in range(4)])
    for k in range(12):
        dispatcher.submit([{"ticket_id": f"t{k}", "skills": {"vpn": 1}}], idempotency_key=f"k{k}")
    dispatcher.close("t1")
    store.commit("", store.version(""), Batch(None, deliveries={"t1": "a1"}))
    store.close()
    return path.read_bytes()


def damaged(content, chance):
    """A file that lost its end, or with bytes, a bit or a stretch of it changed."""
    size, found = len(content), bytearray(content)
    match chance.randrange(4):
        case 0:
            return bytes(found[: chance.randrange(size)])
        case 1:
            for _ in range(chance.randrange(1, 200)):
                found[chance.randrange(size)] = chance.randrange(256)
        case 2:
            found[chance.randrange(size)] ^= 1 << chance.randrange(8)
        case 3:
            start = chance.randrange(size)
            found[start : start + 300] = chance.randbytes(len(found[start : start + 300]))
    return bytes(found)


def use(url):
    """Everything that a store does, whatever comes of each."""
    store = open_store(url, lock_timeout=0.2)
    with closing(store.engine.raw_connection()) as connection:  # these files need not survive a power cut
        connection.cursor().execute("PRAGMA synchronous=OFF")
    wanted = (
        lambda: store.ready(),
        lambda: audit(*store.history("")),
        lambda: store.snapshot(""),
        lambda: store.tickets("", states=["assigned"]),
        lambda: store.agents(""),
        lambda: store.events("", after=-3),
        lambda: store.counts(""),
        lambda: store.answer("", "k1", "h"),
        lambda: store.deliveries(""),
        lambda: store.due_deliveries("", now=1e9, lease=1.0),
        lambda: store.claim_job("", now=1.0, lease=1.0),
        lambda: store.commit(
            "", store.version(""), Batch(1, (Event("x", "t1", "a1", 1),), tickets={"n": ROW}), key="n"
        ),
        lambda: store.prune("", now=1e9, keep=Retention(events=Keep(rows=1), closed_tickets=Keep(rows=0))),
    )
    failed = 0
    for ask in wanted:
        try:
            ask()
        except TicketoptError:
            failed += 1
    store.close()
    return failed


def test_a_damaged_file_raises_an_error_of_the_store_only(whole, tmp_path, seeds):
    chosen, failed = seeds(75, 300), 0
    for seed in chosen:
        path = tmp_path / f"{seed}.db"
        path.write_bytes(damaged(whole, random.Random(seed)))
        try:
            failed += use(f"sqlite:///{path}") > 0
        except StoreError:
            failed += 1
        path.unlink()
    assert failed > len(chosen) / 4


def test_a_copy_of_a_damaged_file_is_refused(whole, tmp_path):
    path = tmp_path / "a.db"
    found = bytearray(whole)
    for start in range(4096, len(found), 4096):
        found[start] = 77  # no kind of page
    path.write_bytes(found)
    with pytest.raises(StoreError):
        open_store(f"sqlite:///{path}").backup(tmp_path / "backup")
    assert not (tmp_path / "backup").exists()


def test_the_file_alone_is_no_backup_while_it_is_open(tmp_path):
    store = open_store(f"sqlite:///{tmp_path}/a.db")
    store.commit("", 0, Batch(None, (Event("x"),)))
    shutil.copyfile(tmp_path / "a.db", tmp_path / "copy.db")
    store.backup(tmp_path / "backup.db")
    with sqlite3.connect(tmp_path / "backup.db") as connection:
        assert connection.execute("SELECT kind FROM event").fetchall() == [("x",)]
    connection.close()
    with sqlite3.connect(tmp_path / "copy.db") as connection, pytest.raises(sqlite3.DatabaseError):
        connection.execute("SELECT kind FROM event")
    connection.close()
    store.close()


def test_what_is_forgotten_is_given_back_and_the_log_stays_small(tmp_path, monkeypatch):
    monkeypatch.setattr(sqlite_file, "LOG_SIZE", 300_000)
    path, log = tmp_path / "a.db", tmp_path / "a.db-wal"
    store, sizes = open_store(f"sqlite:///{path}"), []
    for k in range(60):
        rows = {f"t{k}-{i}": StoredTicket(None, 0, "closed", {"words": "x" * 1000}) for i in range(100)}
        store.commit("", k, Batch(None, (Event("x"),), tickets=rows, at=float(k)))
        if k == 29:
            before = path.stat().st_size
            store.prune("", now=30.0, keep=Retention(closed_tickets=Keep(rows=100)))
            assert path.stat().st_size < before / 3
        if k > 30 and k % 5 == 0:
            store.prune("", now=float(k), keep=Retention(closed_tickets=Keep(rows=500)))
            sizes.append(path.stat().st_size)
        assert log.stat().st_size < 1_000_000
    assert max(sizes) < 2 * min(sizes)
    store.close()


def test_who_reads_everything_holds_up_nobody_who_writes(tmp_path):
    store = open_store(f"sqlite:///{tmp_path}/a.db", lock_timeout=0.2)
    store.commit("", 0, Batch(None, (Event("x"),)))
    reads, goes_on = threading.Event(), threading.Event()

    def write(_table, _row):
        reads.set()
        assert goes_on.wait(60)

    thread = threading.Thread(target=lambda: store.dump(write))
    thread.start()
    assert reads.wait(60)
    assert store.commit("", 1, Batch("kept", (Event("x"),))) == ("kept",)
    goes_on.set()
    thread.join(60)
    store.close()

"""A backup holds everything of one moment, any store takes it, and half a one is none."""

import os
import stat
import threading
from pathlib import Path

import pytest

from ticketopt import Dispatcher, StoreError
from ticketopt.live.audit import audit
from ticketopt.live.restore import restore
from ticketopt.live.stores import STORES, Batch, Event, Job, Keep, Retention, StoredTicket, open_store
from ticketopt.live.stores.backup_file import read_rows

ANN = {"agent_id": "ann", "name": "Änn"}
ROW = StoredTicket("ann", 2, "assigned", {"ticket": {"ticket_id": "t"}})


def close(store):
    getattr(store, "close", lambda: None)()


@pytest.fixture
def begun(store):
    """Everything that a store can hold, in two queues; some events are only carried any more."""
    team = Batch(None, (Event("agent", None, "ann", 3),), {"ann": ANN, "bob": {"agent_id": "bob", "name": ""}}, at=1.0)
    store.commit("", 0, team, key="k", request_hash="h")
    store.commit("other", 0, team)
    events = (Event("assigned", "t", "ann", 2), Event("x"))
    store.commit("", 1, Batch({"t": "ann"}, events, {}, {"t": ROW, "a": ROW}, 2.0, {"t": "ann", "a": None}), key="l")
    (delivery, _) = store.due_deliveries("", now=3.0, lease=9.0)
    store.settle_delivery("", delivery, state="dead", error="gone")
    store.put_job("", Job(job_id="j", data=[1, None], at=4.0))
    store.prune("", now=5.0, keep=Retention(events=Keep(rows=2)))
    return store


def everything(store):
    found = {}
    for tenant in store.tenants():
        (state, entries), deliveries = store.history(tenant), store.deliveries(tenant)
        agents, tickets = list(state.agents.items()), list(state.tickets.items())
        told = [(entry.version, entry.at, entry.event) for entry in entries]
        answers = [store.answer(tenant, *asked) for asked in (("k", "h"), ("l", ""), ("m", ""))]
        found[tenant] = (state.version, agents, tickets, told, deliveries, answers, store.jobs(tenant))
    return found


@pytest.mark.parametrize("scheme", STORES)
def test_a_backup_of_any_store_restores_into_any_store(begun, scheme, new_url, tmp_path):
    file = tmp_path / "backup"
    count = begun.backup(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    target = open_store(new_url(scheme).replace("tickets.db", "other.db").replace("agent_state", "other"))
    assert restore(file, target) == count
    assert everything(target) == everything(begun)
    version = target.version("")
    target.commit("", version, Batch(None, (Event("later"),), deliveries={"new": "ann"}))
    assert target.events("", after=-1)[0].event.kind == "later"
    assert target.deliveries("")[-1].number == 3
    with pytest.raises(StoreError, match="holds queues already"):
        restore(file, target)
    close(target)


def test_a_backup_replaces_the_last_one_and_leaves_nothing_beside_it(begun, tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "backup").write_text("old")
    begun.backup(folder / "backup")
    begun.backup(folder / "backup")
    assert [path.name for path in folder.iterdir()] == ["backup"]
    with pytest.raises(StoreError, match="cannot write"):
        begun.backup(tmp_path / "none" / "backup")


def test_backups_beside_writers_are_right_each(store, tmp_path):
    dispatcher = Dispatcher(store)
    dispatcher.upsert_agents([{"agent_id": f"a{k}", "capacity": 100} for k in range(3)])
    ends, done = threading.Event(), []

    def work():
        while not ends.is_set() and len(done) < 100:
            dispatcher.submit([{"ticket_id": f"t{len(done)}"}])
            done.append(1)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        for k in range(4):
            least = len(done)
            store.backup(tmp_path / f"{k}.backup")
            target = open_store("memory:")
            restore(tmp_path / f"{k}.backup", target)
            assert audit(*target.history("")) == ()
            assert least <= len(target.snapshot("").tickets) <= len(done) + 1
    finally:
        ends.set()
        thread.join()


@pytest.fixture
def lines(tmp_path):
    """The lines of a backup in rows, and a function that writes others."""
    store = open_store("memory:")
    store.commit("", 0, Batch(None, (Event("x"),), {"ann": ANN}, {"t": ROW}))
    store.backup(tmp_path / "b")
    return (tmp_path / "b").read_text().splitlines()


@pytest.mark.parametrize("scheme", STORES)
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda lines: lines[:-1], "its end is missing"),
        (lambda lines: [*lines[:2], *lines[3:]], "its end is missing"),
        (lambda lines: [*lines[:-1], lines[-2], lines[-1]], "its end is missing"),
        (lambda lines: [*lines, lines[1]], "is no row"),
        (lambda lines: [*lines[:2], lines[2][:9], *lines[3:]], "is no row"),
        (lambda lines: [*lines[:1], '["secrets", {}]', *lines[1:-1], '{"rows": 5}'], "is none|is no table"),
        (lambda lines: [*lines[:1], '["job", {"tenant": ""}]', *lines[1:-1], '{"rows": 5}'], "is none"),
        (lambda lines: [lines[0].replace("1", "2"), *lines[1:]], "is a backup of version 2, where 1 is known"),
        (lambda lines: lines[1:], "is no backup"),
        (lambda lines: [], "is no backup"),
        (lambda lines: ["SQLite format 3\0", *lines], "not a database|malformed|failed"),
    ],
)
def test_half_a_backup_is_none_and_nothing_is_restored(lines, change, words, scheme, new_url, tmp_path):
    (tmp_path / "b").write_text("\n".join(change(lines)))
    store = open_store(new_url(scheme))
    with pytest.raises(StoreError, match=words):
        restore(tmp_path / "b", store)
    assert store.tenants() == []
    close(store)


def test_a_file_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(StoreError, match="cannot read"):
        restore(tmp_path / "none", open_store("memory:"))
    with pytest.raises(StoreError, match="cannot read"):
        list(read_rows(Path(tmp_path)))


@pytest.mark.parametrize("scheme", ["json", "sqlite"])
def test_every_file_of_a_store_is_its_owners_alone(scheme, new_url, tmp_path):
    mask = os.umask(0)
    try:
        store = open_store(new_url(scheme))
        store.commit("", 0, Batch(None, (Event("x"),)))
    finally:
        os.umask(mask)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert set(modes.values()) == {0o600}
    close(store)

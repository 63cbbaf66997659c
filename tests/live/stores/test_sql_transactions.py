"""A documented limit of time is kept, whatever the database does; and what became of a lost commit is found out."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import replace

import pytest
import sqlalchemy as sa

from support.until import until
from ticketopt import StoreError, UnknownCommitError
from ticketopt.live.stores import Batch, Event, open_store

pytestmark = [
    pytest.mark.usefixtures("broken_connections"),
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]

LIMIT, SLACK = 0.5, 1.5  # seconds; what is beyond the limit and GRACE is for a machine that is busy
SETUP = Batch("set up", (Event("agent", None, "ann", 3),), {"ann": {}})
ADD = Batch("added", (Event("assigned", "t", "ann", 2),))


@contextmanager
def within(limit=LIMIT):
    """An error of the store, in time."""
    start = time.monotonic()
    with pytest.raises(StoreError) as caught:
        yield caught
    assert time.monotonic() - start < limit + SLACK


def fails(store):
    """Every kind of work fails in time."""
    for ask in (lambda: store.snapshot(""), lambda: store.commit("", 1, ADD, key="k"), lambda: store.events("")):
        with within():
            ask()
    with within(0.3):
        store.ready(limit=0.3)


@contextmanager
def frozen(pids):
    """What ends by itself meanwhile, as a server's workers do, keeps nobody else frozen."""
    try:
        for pid in pids:
            tell(pid, signal.SIGSTOP)
        yield
    finally:
        for pid in reversed(pids):
            tell(pid, signal.SIGCONT)


def tell(pid, sign):
    with suppress(ProcessLookupError):
        os.kill(pid, sign)


def processes(server):
    children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(server.process.pid)], capture_output=True, check=True)
    return [server.process.pid, *map(int, children.stdout.split())]


def test_a_server_that_accepts_and_never_answers():
    with socket.create_server(("127.0.0.1", 0)) as server, within() as caught:
        open_store(f"postgresql://u:p@127.0.0.1:{server.getsockname()[1]}/x", lock_timeout=LIMIT)
    assert "did not answer in time" in str(caught.value)


def test_a_server_that_is_down():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with within():
        open_store(f"postgresql://u:p@127.0.0.1:{port}/x", lock_timeout=LIMIT)


def test_a_server_that_is_frozen_and_then_goes_on(postgresql):
    store = open_store(postgresql.url(), lock_timeout=LIMIT)
    store.commit("", 0, SETUP)
    with frozen(processes(postgresql)):
        fails(store)
    until(lambda: _ready(store))
    until(lambda: _added(store))
    state, entries = store.history("")
    assert (state.version, state.agents["ann"].load, len(entries)) == (2, 5, 2)
    store.close()


def _ready(store):
    try:
        store.ready()
    except StoreError:
        return False
    return True


def _added(store):
    try:
        return store.commit("", 1, ADD, key="k")
    except StoreError:
        return None


def test_a_queue_that_is_locked_in_postgresql_holds_up_its_own_writers_only(postgresql):
    url = postgresql.url()
    store, other = open_store(url, lock_timeout=LIMIT), open_store(url)
    store.commit("", 0, SETUP)
    store.commit("other", 0, SETUP)
    with other.engine.connect() as connection, connection.begin():
        connection.execute(sa.text("SELECT * FROM queue WHERE tenant = '' FOR UPDATE"))
        with within():
            store.commit("", 1, ADD, key="k")
        store.ready()
        assert store.snapshot("").version == 1
        assert store.commit("other", 1, ADD) == ("added",)
    assert store.commit("", 1, ADD, key="k") == ("added",)
    for one in (store, other):
        one.close()


def test_a_database_of_postgresql_that_is_read_only_is_not_ready(postgresql):
    url = postgresql.url()
    store = open_store(url, lock_timeout=LIMIT)
    store.ready()
    with store.engine.connect() as connection:
        name = connection.scalar(sa.text("SELECT current_database()"))
        connection.execute(sa.text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
        connection.commit()
    store.engine.dispose()
    for ask in (store.ready, lambda: store.commit("", 0, SETUP)):
        with within() as caught:
            ask()
        assert "read-only" in str(caught.value)
    store.close()


HOLDER = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute(sys.argv[2])
connection.execute("BEGIN IMMEDIATE")
connection.execute("UPDATE queue SET version = 7")
print("holds", flush=True)
time.sleep(600)
"""


@contextmanager
def held(path, setting):
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, path, setting], stdout=subprocess.PIPE, text=True)
    assert holder.stdout.readline() == "holds\n"
    try:
        with frozen([holder.pid]):
            yield
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()


def test_a_sqlite_file_that_a_frozen_process_writes_is_read_and_becomes_free_with_its_end(tmp_path):
    store = open_store(f"sqlite:///{tmp_path}/a.db", lock_timeout=LIMIT)
    store.commit("", 0, SETUP)
    with held(f"{tmp_path}/a.db", "PRAGMA user_version"):
        assert store.snapshot("").version == 1
        with within():
            store.commit("", 1, ADD, key="k")
        with within(0.3):
            store.ready(limit=0.3)
    assert store.commit("", 1, ADD, key="k") == ("added",)
    store.close()


def test_a_sqlite_file_that_another_process_has_for_itself(tmp_path):
    path = f"{tmp_path}/a.db"
    store = open_store(f"sqlite:///{path}")
    store.commit("", 0, SETUP)
    store.close()
    with held(path, "PRAGMA locking_mode=EXCLUSIVE"), within():
        open_store(f"sqlite:///{path}", lock_timeout=LIMIT).commit("", 1, ADD)


def test_a_read_only_sqlite_file_is_not_ready(tmp_path):
    store = open_store(f"sqlite:///{tmp_path}/a.db", lock_timeout=LIMIT)

    def forbid(connection, _record, _proxy):
        connection.execute("PRAGMA query_only=ON")

    store.ready()
    sa.event.listen(store.engine, "checkout", forbid)
    with pytest.raises(StoreError, match="readonly"):
        store.ready()
    store.close()


def test_whoever_finds_no_free_connection_waits_within_the_limit(tmp_path, monkeypatch):
    monkeypatch.setattr("ticketopt.live.stores.sql_transactions.MOST_CONNECTIONS", 1)
    store = open_store(f"sqlite:///{tmp_path}/a.db", lock_timeout=LIMIT)
    begins, ends = threading.Event(), threading.Event()

    def slow(*_):
        begins.set()
        assert ends.wait(60)

    sa.event.listen(store.engine, "begin", slow)
    thread = threading.Thread(target=lambda: store.snapshot(""))
    thread.start()
    assert begins.wait(60)
    with within() as caught:
        store.snapshot("")
    assert "all connections" in str(caught.value)
    ends.set()
    thread.join(60)
    store.close()


EXECUTE = b"E\0\0\0\x09"
"""How PostgreSQL's protocol says: do what was parsed before."""


class Proxy:
    """Between a client and PostgreSQL: the next COMMIT is passed on or not, and its answer is not."""

    def __init__(self, folder, target, *, passes_on, accepts_again):
        self.path, self._target = str(folder / ".s.PGSQL.5432"), target
        self._passes_on, self._accepts_again = passes_on, accepts_again
        self.armed, self.cut, self._silent = False, 0, set()
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(self.path)
        self._server.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(self._target)
            for work in (self._upstream, self._downstream):
                threading.Thread(target=work, args=(client, server), daemon=True).start()

    def _upstream(self, client, server):
        commits = False
        while data := _received(client):
            commits |= self.armed and b"commit" in data.lower()
            if commits and EXECUTE in data:
                self.armed, self.cut = False, self.cut + 1
                if not self._accepts_again:
                    self.close()
                self._silent.add(server)
                client.settimeout(0.3)
                while self._passes_on and data:
                    server.sendall(data)
                    data = _received(client)
                break
            server.sendall(data)
        for one in (client, server):
            _end(one)

    def _downstream(self, client, server):
        while data := _received(server):
            if server not in self._silent:
                with suppress(OSError):
                    client.sendall(data)

    def close(self):
        _end(self._server)
        self._server.close()


def _end(side):
    with suppress(OSError):
        side.shutdown(socket.SHUT_RDWR)


def _received(side):
    try:
        return side.recv(65536)
    except OSError:
        return b""


@pytest.mark.parametrize("passes_on", [False, True], ids=["lost on the way", "kept, but the answer was lost"])
@pytest.mark.parametrize("accepts_again", [False, True], ids=["and down after it", "and up again"])
def test_a_commit_of_unknown_fate_is_asked_for_by_its_key(postgresql, tmp_path_factory, passes_on, accepts_again):
    url = postgresql.url()
    direct = open_store(url)
    direct.commit("", 0, SETUP)
    target = url.partition("unix_sock=")[2]
    proxy = Proxy(tmp_path_factory.mktemp("p"), target, passes_on=passes_on, accepts_again=accepts_again)
    store = open_store(url.replace(target, proxy.path), lock_timeout=LIMIT)
    store.snapshot("")
    proxy.armed = True
    if accepts_again:
        assert store.commit("", 1, ADD, key="k", request_hash="h") == ("added",)
        proxy.close()
    else:
        with pytest.raises(UnknownCommitError, match=r"unknown whether the change was kept.*idempotency key"):
            store.commit("", 1, ADD, key="k", request_hash="h")
        until(lambda: direct.snapshot("").version == (2 if passes_on else 1))
    assert proxy.cut == 1
    assert direct.commit("", 1, replace(ADD, answer="again"), key="k", request_hash="h") == (
        ("added",) if passes_on or accepts_again else ("again",)
    )
    state, entries = direct.history("")
    assert (state.version, state.agents["ann"].load, len(entries)) == (2, 5, 2)
    for one in (store, direct):
        one.close()


def test_a_commit_that_sqlite_refuses_is_no_unknown_one(tmp_path):
    store = open_store(f"sqlite:///{tmp_path}/a.db", lock_timeout=LIMIT)

    def fail(_connection):
        raise sa.exc.OperationalError("COMMIT", {}, error)

    sa.event.listen(store.engine, "commit", fail)
    for code, kind in ((13, StoreError), (10, UnknownCommitError)):  # SQLITE_FULL, SQLITE_IOERR
        error = CodedError(code)
        with pytest.raises(StoreError) as caught:
            store.commit("", 0, SETUP)
        assert type(caught.value) is kind
    store.close()


class CodedError(Exception):
    def __init__(self, code):
        super().__init__("disk")
        self.sqlite_errorcode = code

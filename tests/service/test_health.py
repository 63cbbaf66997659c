"""Health is told within half a second and says what is wrong, whatever store and solvers do."""

import asyncio
import sqlite3
import threading
import time

import httpx
import pytest

from support.until import until
from ticketopt.errors import SolverError, StoreError
from ticketopt.live.stores import open_store
from ticketopt.service import create_app
from ticketopt.service.health import Probe
from ticketopt.service.workers import Workers

from .client import Client


def issue_of(probe):
    return asyncio.run(probe.issue())


def test_a_probe_asks_at_most_once_a_second():
    asked = []
    probe = Probe(lambda: asked.append(1))
    for _ in range(5):
        assert issue_of(probe) is None
    assert len(asked) == 1
    probe._asked_at -= 2
    assert issue_of(probe) is None
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (StoreError("/data/t.db is read-only"), "cannot be read and written; the log says why"),
        (SolverError("none"), "none"),
        (KeyError("x"), "failed with KeyError"),
    ],
)
def test_a_probe_says_what_is_wrong(error, words):
    def fail():
        raise error

    assert issue_of(Probe(fail)) == words


def test_a_probe_that_hangs_is_not_waited_for_and_costs_one_thread():
    free = threading.Event()
    probe, began = Probe(free.wait), time.monotonic()
    before = set(threading.enumerate())
    assert "has not answered" in issue_of(probe)
    assert "has not answered" in issue_of(probe)
    assert time.monotonic() - began < 1
    asking = [thread for thread in threading.enumerate() if thread not in before and thread.name == "ticketopt health"]
    assert len(asking) == 1
    free.set()
    time.sleep(0.1)
    assert issue_of(probe) is None


def answers(client, paths=("/healthz", "/readyz", "/")):
    """Status and seconds of each path."""
    found = {}
    for path in paths:
        began = time.monotonic()
        answer = client.get(path)
        found[path] = (answer.status_code, time.monotonic() - began)
    return found


def test_a_store_that_hangs_keeps_nobody_from_hearing_so():
    store, free = open_store("memory:"), threading.Event()
    reader = store.events
    store.events = store.snapshot = store.ready = lambda *_, **__: free.wait()
    client = Client(create_app(store, tenants=("*",)))
    found = answers(client)
    assert {path: status for path, (status, _) in found.items()} == {"/healthz": 200, "/readyz": 503, "/": 200}
    assert max(seconds for _, seconds in found.values()) < 0.5
    details = client.get("/readyz").json()
    assert details["type"] == "urn:ticketopt:problem:not-ready"
    assert details["detail"].startswith("store: has not answered for ")
    free.set()
    store.events = reader


def test_health_answers_while_sixty_requests_hang():
    store, free = open_store("memory:"), threading.Event()
    calm = store.snapshot

    def snapshot(tenant, **options):
        if tenant == "":
            free.wait(20)
        return calm(tenant, **options)

    store.snapshot = snapshot
    app = create_app(store, tenants=("*",))

    async def drive():
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://service", timeout=60) as client:
            slow = [asyncio.create_task(client.get("/v1/agents")) for _ in range(60)]
            await asyncio.sleep(0.3)
            began = time.monotonic()
            health, ready = await client.get("/healthz"), await client.get("/readyz")
            seconds = time.monotonic() - began
            free.set()
            await asyncio.gather(*slow)
            return health.status_code, ready.status_code, seconds

    health, ready, seconds = asyncio.run(drive())
    assert (health, ready) == (200, 200)
    assert seconds < 0.5


def test_a_locked_database_is_told_in_time_and_so_is_its_return(tmp_path):
    client = Client(create_app(open_store(f"sqlite:///{tmp_path}/t.db")))
    assert client.get("/readyz").status_code == 200
    with sqlite3.connect(tmp_path / "t.db", isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        time.sleep(1.1)
        found = answers(client)
        assert {path: status for path, (status, _) in found.items()} == {"/healthz": 200, "/readyz": 503, "/": 200}
        assert max(seconds for _, seconds in found.values()) < 0.5
        assert client.get("/readyz").json()["detail"].startswith("store: ")
        other.execute("ROLLBACK")
    other.close()
    until(lambda: client.get("/readyz").status_code == 200)


def test_without_a_solver_process_the_service_is_not_ready_until_one_can_be_started(monkeypatch):
    workers = Workers(1)
    client = Client(create_app(open_store("memory:"), workers=workers))
    try:
        assert client.get("/readyz").status_code == 200
        monkeypatch.setattr("ticketopt.service.workers.SolverProcess", not_started)
        process = workers._short.idle[0]._process
        process.kill()
        process.join()
        time.sleep(1.1)
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert answer.json()["detail"] == "solvers: no solver process could be started: too many open files"
        monkeypatch.undo()
        time.sleep(1.1)
        assert client.get("/readyz").status_code == 200
    finally:
        workers.close()


def not_started(*_):
    raise SolverError("no solver process could be started: too many open files")

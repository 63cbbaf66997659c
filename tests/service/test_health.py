"""Health is told within half a second and says what is wrong, whatever store and solvers do."""

import asyncio
import threading
import time

import httpx
import pytest

from ticketopt.errors import SolverError, StoreError
from ticketopt.live.stores import open_store
from ticketopt.service import create_app
from ticketopt.service.health import Probe

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
        (StoreError("is read-only"), "is read-only"),
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
    before = threading.active_count()
    assert "has not answered" in issue_of(probe)
    assert "has not answered" in issue_of(probe)
    assert time.monotonic() - began < 1
    assert threading.active_count() == before + 1
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

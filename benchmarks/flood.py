"""Does one tenant's flood hold up another's submits, or health? The times of both, quiet and in each kind of flood."""

from __future__ import annotations

import argparse
import json
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path
from time import perf_counter, sleep
from typing import Any
from uuid import uuid4

import httpx
import numpy as np

from benchmarks.load import service
from ticketopt.live.stores import open_store

CALM, FLOOD = {"X-Tenant": "calm"}, {"X-Tenant": "flood"}

HARD = {
    "agents": [{"agent_id": k, "capacity": 1_000_000} for k in range(8)],
    "tickets": [{"ticket_id": k, "effort": 100_000 + 977 * k} for k in range(80)],
}
LARGE = {
    "agents": [{"agent_id": k, "capacity": 5, "skills": {"vpn": k % 9 + 1}} for k in range(500)],
    "tickets": [{"ticket_id": k, "title": "the VPN is down"} for k in range(2_000)],
}
HALF_BODY = b"POST /v1/tickets HTTP/1.1\r\nHost: localhost\r\nX-Tenant: flood\r\nContent-Length: 9000\r\n\r\n{"

LOCKED = "submits, its queue locked in the database, by 60"

Work = Callable[[httpx.Client, threading.Event], None]


def jobs(client: httpx.Client, stop: threading.Event) -> None:
    client.post("/v1/jobs", json={"kind": "assignment", "time_limit": 600, **HARD}, headers=FLOOD)
    sleep(0.2)


def hard(client: httpx.Client, stop: threading.Event) -> None:
    client.post("/v1/ticket-assignment", json=HARD, headers=FLOOD)


def large(client: httpx.Client, stop: threading.Event) -> None:
    client.post("/v1/ticket-assignment", json=LARGE, headers=FLOOD)


def views(client: httpx.Client, stop: threading.Event) -> None:
    client.get("/v1/check", headers=FLOOD)


def submit(client: httpx.Client, stop: threading.Event) -> None:
    client.post("/v1/tickets", json={"tickets": [{"ticket_id": uuid4().hex, "title": "VPN"}]}, headers=FLOOD)


def follow(client: httpx.Client, stop: threading.Event) -> None:
    with client.stream("GET", "/v1/events?after=-9", headers=FLOOD) as answer:
        for _ in answer.iter_raw():
            if stop.is_set():
                return


def half(client: httpx.Client, stop: threading.Event) -> None:
    with socket.create_connection((client.base_url.host, client.base_url.port or 80), timeout=30) as connection:
        connection.sendall(HALF_BODY)
        connection.settimeout(0.5)
        while not stop.is_set():
            with suppress(TimeoutError):
                if not connection.recv(1000):
                    return


FLOODS: dict[str, tuple[Work | None, int]] = {
    "nothing": (None, 0),
    "jobs of ten minutes, by 4": (jobs, 4),
    "solves to the limit of time, by 12": (hard, 12),
    "2,000 tickets x 500 agents, by 8": (large, 8),
    "checks of 5,000 tickets, by 60": (views, 60),
    LOCKED: (submit, 60),
    "200 who follow": (follow, 200),
    "300 half requests": (half, 300),
}
"""What the other tenant does, and by how many at once. A queue can be locked alone in PostgreSQL only."""


def repeat(client: httpx.Client, work: Work, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            work(client, stop)
        except httpx.HTTPError:
            sleep(0.1)


def go_on(address: str, work: Work, count: int) -> None:
    """The whole flood, in a process of its own."""
    stop = threading.Event()
    client = httpx.Client(base_url=address, timeout=120, limits=httpx.Limits(max_connections=None))
    threads = [threading.Thread(target=repeat, args=(client, work, stop), daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def submits(address: str, seconds: float) -> list[float]:
    """The seconds of one calm client's submits, each followed by a close; as long as one may take, where it fails."""
    found: list[float] = []
    end, k = perf_counter() + seconds, 0
    with httpx.Client(base_url=address, timeout=60, headers=CALM) as client:
        while perf_counter() < end:
            start, k = perf_counter(), k + 1
            with suppress(httpx.HTTPError):
                client.post("/v1/tickets", json={"tickets": [{"ticket_id": k, "title": "VPN"}]})
            found.append(perf_counter() - start)
            with suppress(httpx.HTTPError):
                client.post("/v1/tickets/close", json={"ticket_id": k})
    return found


def health(address: str, stop: threading.Event, found: list[float]) -> None:
    """The seconds of questions about health."""
    with httpx.Client(base_url=address, timeout=60) as client:
        while not stop.is_set():
            for path in ("/healthz", "/readyz"):
                start = perf_counter()
                with suppress(httpx.HTTPError):
                    client.get(path)
                found.append(perf_counter() - start)
            stop.wait(0.2)


@contextmanager
def locked(store: str) -> Iterator[None]:
    """The flooding tenant's queue, locked by somebody else's transaction."""
    import sqlalchemy as sa

    opened: Any = open_store(store)
    engine = sa.create_engine(opened.engine.url)
    with engine.begin() as connection:
        connection.execute(sa.text("SELECT version FROM queue WHERE tenant = 'flood' FOR UPDATE"))
        yield
    engine.dispose()
    opened.close()


@contextmanager
def store_of(kind: str) -> Iterator[str]:
    """The address of a store of its own."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/t.db"
        return
    from tests.support.postgresql import Server

    server = Server()
    try:
        yield server.url()
    finally:
        server.stop()


def measure(
    kind: str, settings: dict[str, object], name: str, seconds: float, wait: float
) -> tuple[list[float], float]:
    """The seconds of calm submits, and of the slowest answer about health, beside one flood."""
    work, count = FLOODS[name]
    with store_of(kind) as store, service({"store": store, **settings}, is_killed=True) as (url, _):
        team = {"agents": [{"agent_id": f"a{k}", "skills": {"vpn": 5}} for k in range(50)]}
        many = {"tickets": [{"ticket_id": f"t{k}", "title": "VPN"} for k in range(5_000)]}
        for headers in (CALM, FLOOD):
            httpx.post(f"{url}/v1/agents", json=team, headers=headers, timeout=120).raise_for_status()
        httpx.post(f"{url}/v1/tickets", json=many, headers=FLOOD, timeout=120).raise_for_status()
        submits(url, 1.0)  # the first requests load libraries
        stop, slowest = threading.Event(), [0.0]
        flood = get_context("spawn").Process(target=go_on, args=(url, work, count), daemon=True)
        with ExitStack() as stack:
            if name == LOCKED:
                stack.enter_context(locked(store))
            if work is not None:
                flood.start()
                stack.callback(flood.kill)
            sleep(wait)  # the flood is on its way
            asks = threading.Thread(target=health, args=(url, stop, slowest), daemon=True)
            asks.start()
            found = submits(url, seconds)
            stop.set()
            asks.join(90)
        return found, max(slowest)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print or write the table."""
    parser = argparse.ArgumentParser(prog="benchmarks.flood", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="of calm submits beside each flood")
    parser.add_argument("--wait", type=float, default=8.0, help="seconds that a flood has to come before")
    parser.add_argument("--store", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--only", help="the flood with this in its name")
    parser.add_argument("--settings", default='{"tenants": ["calm", "flood"]}', help="of the service, as JSON")
    parser.add_argument("--output", type=Path, help="folder for a dated page")
    options = parser.parse_args(arguments)
    lines = ["| the other tenant | p50, ms | p99, ms | p99, times that beside nothing | slowest about health, ms |"]
    lines.append("|---|---|---|---|---|")
    quiet = None
    for name in FLOODS:
        is_asked = options.only is None or options.only in name or name == "nothing"
        if not is_asked or (name == LOCKED and options.store == "sqlite"):
            continue
        found, slowest = measure(options.store, json.loads(options.settings), name, options.seconds, options.wait)
        middle, high = np.percentile(found, [50, 99]) * 1e3
        quiet = high if quiet is None else quiet
        lines.append(f"| {name} | {middle:.0f} | {high:.0f} | {high / quiet:.1f} | {slowest * 1e3:.0f} |")
        print(lines[-1], flush=True)
    if options.output is not None:
        today = datetime.now(UTC).date().isoformat()
        command = f"`python -m benchmarks.flood --store {options.store} --seconds {options.seconds:g}`"
        words = f"{command}: one client submits and closes tickets of one tenant while another floods;"
        setting = f"all share {cpu_count()} cores, which others use too."
        page = [f"# One tenant's flood, {today}", "", f"{words} {setting}", "", *lines, ""]
        (options.output / f"{today}-flood-{options.store}.md").write_text("\n".join(page), encoding="utf-8")


if __name__ == "__main__":
    main()

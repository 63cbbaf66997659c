"""How fast the service answers: single tickets submitted over loopback to a queue of open ones, 1 and 4 replicas.

Two versions are compared in one run, in turn: give the Python of each with `--python`, and `--repeats`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from time import perf_counter, process_time
from typing import NamedTuple

import httpx
import numpy as np

from benchmarks.http_client import Client

SERVE = "import json, sys; from ticketopt.service import serve; serve(**json.loads(sys.argv[1]))"
SKILLS = ("VPN", "Printers", "Databases", "Networking", "Billing", "Linux", "Security", "Payroll")
WORDS = ("{} is down", "cannot reach {}, urgent", "new colleague needs {}", "{} is slow since the update")


class Running(NamedTuple):
    """A service process."""

    address: str
    pid: int

    def processor_seconds(self) -> float:
        """What it has taken of processors so far, with the processes that solve for it."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        parts = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in (self.pid, *children)]
        return sum(int(part[11]) + int(part[12]) for part in parts) / os.sysconf("SC_CLK_TCK")


class Found(NamedTuple):
    """What was measured: seconds of all submits, submits (each with its close) per second.

    `processor` are the service's processor seconds for each of them, `clients` those of all clients.
    """

    seconds: list[float]
    rate: float
    processor: float
    clients: float


@contextmanager
def service(
    settings: Mapping[str, object], *, is_killed: bool = False, python: str = sys.executable
) -> Iterator[Running]:
    """A service process of a Python. `is_killed` has it end without finishing what is under way."""
    command = [python, "-c", SERVE, json.dumps({"port": 0, **settings})]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        address = next(
            found[1] for line in process.stderr if (found := re.search(r"running on (http://[^\s\"]+)", line))
        )
        reader = threading.Thread(target=process.stderr.read, daemon=True)
        reader.start()
        try:
            yield Running(address, process.pid)
        finally:
            if is_killed:
                process.kill()
            else:
                process.terminate()
            process.wait(60)
            reader.join()


def replica(store: str, processes: int, python: str) -> AbstractContextManager[Running]:
    """One of the services over a store."""
    return service({"store": store, "solver_processes": processes, "log_level": "info"}, python=python)


def ticket(random: Random, name: str) -> dict[str, object]:
    return {"ticket_id": name, "title": random.choice(WORDS).format(random.choice(SKILLS))}


def queue_of(
    n_tickets: int, n_agents: int, *, is_full: bool
) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Tickets, and a team that has room for some more, or only for one in twenty of them."""
    random = Random(1)
    capacity = max(1, n_tickets // (20 * n_agents)) if is_full else n_tickets // n_agents + 5
    agents: list[dict[str, object]] = [
        {
            "agent_id": f"a{k}",
            "capacity": capacity,
            "skills": {s: random.randint(3, 10) for s in random.sample(SKILLS, 3)},
        }
        for k in range(n_agents)
    ]
    return [ticket(random, f"open-{k}") for k in range(n_tickets)], agents


def fill(address: str, *, n_tickets: int, n_agents: int, is_full: bool) -> None:
    """Have so many tickets open at a service."""
    tickets, agents = queue_of(n_tickets, n_agents, is_full=is_full)
    with httpx.Client(base_url=address, timeout=120) as client:
        client.post("/v1/agents", json={"agents": agents}).raise_for_status()
        client.post("/v1/tickets", json={"tickets": tickets}).raise_for_status()


def work(address: str, number: int, submits: int, *, is_full: bool) -> list[float]:
    """One client: submits a ticket, waits for the answer, closes it; the seconds of the submits."""
    random, seconds = Random(number), []
    with Client(address) as client:
        for k in range(submits):
            body = {"tickets": [ticket(random, f"{number}-{k}")]}
            start = perf_counter()
            answer = client.post("/v1/tickets", body, key=f"{number}-{k}")
            seconds.append(perf_counter() - start)
            is_waiting = answer["decided"][0]["agent_id"] is None
            assert is_waiting == is_full, "the team is too small, or too large"
            client.post("/v1/tickets/close", {"ticket_id": f"{number}-{k}"})
    return seconds


def run(
    store: str,
    *,
    replicas: int,
    clients: int,
    submits: int,
    n_tickets: int,
    n_agents: int,
    is_full: bool = False,
    python: str = sys.executable,
) -> Found:
    """What so many clients at once have from so many replicas; fails where the queue is not right."""
    with ExitStack() as stack:
        services = [stack.enter_context(replica(store, 1, python)) for _ in range(replicas)]
        addresses = [one.address for one in services]
        fill(addresses[0], n_tickets=n_tickets, n_agents=n_agents, is_full=is_full)
        for k, address in enumerate(addresses):
            work(address, 1000 + k, 5, is_full=is_full)  # the first requests load libraries
        before, own = sum(one.processor_seconds() for one in services), process_time()
        start = perf_counter()
        with ThreadPoolExecutor(clients) as pool:
            found = list(pool.map(lambda k: work(addresses[k % replicas], k, submits, is_full=is_full), range(clients)))
        elapsed, own = perf_counter() - start, process_time() - own
        processor = sum(one.processor_seconds() for one in services) - before
        checked = httpx.get(f"{addresses[0]}/v1/check", timeout=120).json()
        assert checked["is_right"], checked
    n_submits = clients * submits
    seconds = [second for one in found for second in one]
    return Found(seconds, n_submits / elapsed, processor / n_submits, own / n_submits)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print or write the table."""
    options = _parser().parse_args(arguments)
    from tests.support.postgresql import Server

    lines = [
        "| version | store | replicas | clients | p50, ms | p99, ms | submits (and closes) per s "
        "| processor, ms a submit | the clients' |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    size = {"n_tickets": options.tickets, "n_agents": options.agents, "is_full": options.full}
    server = Server(is_durable=True)
    try:
        for scheme, replicas, clients in _settings(options):
            for python in options.python * options.repeats:
                with tempfile.TemporaryDirectory() as folder:
                    store = f"sqlite:///{folder}/tickets.db" if scheme == "sqlite" else server.url()
                    submits = options.submits // (clients if options.shared else 1)
                    found = run(store, replicas=replicas, clients=clients, submits=submits, python=python, **size)
                middle, high = np.percentile(found.seconds, [50, 99]) * 1e3
                cells = [f"{cell:.0f}" for cell in (middle, high, found.rate)]
                cells += [f"{1e3 * cell:.1f}" for cell in (found.processor, found.clients)]
                name = options.python.index(python) + 1
                lines.append(f"| {name} | {scheme} | {replicas} | {clients} | {' | '.join(cells)} |")
                print(lines[-1], flush=True)
    finally:
        server.stop()
    if options.output is not None:
        write(options.output, lines, options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks.load", description=__doc__)
    parser.add_argument("--tickets", type=int, default=1000)
    parser.add_argument("--agents", type=int, default=50)
    parser.add_argument("--submits", type=int, default=150, help="by each client")
    parser.add_argument("--shared", action="store_true", help="by all clients together")
    parser.add_argument("--full", action="store_true", help="everybody is full, and 19 of 20 tickets wait")
    parser.add_argument("--only", choices=("sqlite", "postgresql"), help="one of the stores")
    parser.add_argument("--clients", type=int, nargs="+", help="at once; the default is 1, 4 and 8")
    parser.add_argument("--replicas", type=int, nargs="+", help="the default is 1, and 4 as well on PostgreSQL")
    parser.add_argument("--python", nargs="+", default=[sys.executable], help="whose ticketopt serves, in turn")
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--output", type=Path, help="folder for a dated page")
    return parser


def _settings(options: argparse.Namespace) -> list[tuple[str, int, int]]:
    """Store, replicas and clients of each run."""
    stores = [options.only] if options.only else ["sqlite", "postgresql"]
    many = {"sqlite": [1], "postgresql": options.replicas or [1, 4]}
    return [(store, replicas, n) for store in stores for replicas in many[store] for n in options.clients or (1, 4, 8)]


def write(folder: Path, lines: list[str], options: argparse.Namespace) -> None:
    """A dated page with the setting and the table."""
    today = datetime.now(UTC).date().isoformat()
    words = [
        f"# Single tickets over HTTP, {today}",
        "",
        f"`python -m benchmarks.load --output benchmarks/results`: {options.tickets:,} open tickets, "
        f"{options.agents} agents, {options.submits} submits by {'all clients' if options.shared else 'each client'}, "
        "each with an `Idempotency-Key` and "
        f"followed by a close. Clients, replicas and the database share {os.cpu_count()} cores; Python "
        f"{platform.python_version()}, {platform.system()}. Durable: SQLite with synchronous=EXTRA, PostgreSQL with "
        "its defaults. One solver process per replica. Processor time is the service's, its "
        "solver's included, without clients, whose own is told beside it, and database.",
        "",
        *lines,
        "",
    ]
    (folder / f"{today}-load.md").write_text("\n".join(words), encoding="utf-8")


if __name__ == "__main__":
    main()

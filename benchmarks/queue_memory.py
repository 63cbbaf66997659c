"""How much memory does one decision on a live queue take? All that wait at once, then all open ones at once.

Nobody is there while the tickets come; then the whole team comes back, which is the largest decision that a queue of so
many tickets and agents can ask for, and everything is planned again. Each queue has a process of its own, whose highest
memory above what it held before is counted, the solver within.
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from os import cpu_count
from pathlib import Path
from time import perf_counter
from typing import Any

from ticketopt import Dispatcher, open_store
from ticketopt.formulation.costs import COST_TERMS
from ticketopt.live.submitted import MOST_PAIRS

SKILLS = ("vpn", "mail", "database", "printer", "phone")
AT_ONCE = 20_000
NOW = 1_795_424_400.0

KINDS: dict[str, tuple[int, dict[str, Any]]] = {
    "one unit each": (1, {}),
    "efforts of 1 to 3": (3, {}),
    "efforts, all terms and limits": (
        3,
        {"weights": dict.fromkeys(COST_TERMS, 1.0), "max_new_per_agent": 50, "minutes_per_effort": 1.0},
    ),
}
"""A kind of queue -> the largest effort, and the policy."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Bytes per pair of a ticket and an agent, megabytes and seconds, of the decision and of planning again."""

    pairs: int
    megabytes: tuple[float, float]
    seconds: tuple[float, float]

    @property
    def bytes_per_pair(self) -> float:
        return max(self.megabytes) * 2**20 / self.pairs


def measured(kind: str, n_tickets: int, n_agents: int) -> Taken:
    """What a queue takes, in a process of its own."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_work, args=(kind, n_tickets, n_agents, theirs))
    child.start()
    theirs.close()
    taken = ours.recv()
    child.join()
    assert isinstance(taken, Taken)
    return taken


def _work(kind: str, n_tickets: int, n_agents: int, answer: Connection) -> None:
    largest, policy = KINDS[kind]
    queue = Dispatcher(
        open_store("memory:"), policy=policy, clock=lambda: NOW, most_pairs=max(MOST_PAIRS, n_tickets * n_agents)
    )
    capacity = max(2, largest * n_tickets // n_agents)
    team = [
        {"agent_id": f"a{j}", "skills": {skill: (7 * j + k) % 10 for k, skill in enumerate(SKILLS)}}
        for j in range(n_agents)
    ]
    queue.upsert_agents([{**agent, "capacity": capacity, "availability_status": "away"} for agent in team])
    for first in range(0, n_tickets, AT_ONCE):
        queue.submit([_ticket(i, largest) for i in range(first, min(n_tickets, first + AT_ONCE))])
    gc.collect()
    before, start = _now(), perf_counter()
    queue.upsert_agents([{"agent_id": agent["agent_id"], "availability_status": None} for agent in team])
    decided, middle = _highest(), perf_counter()
    queue.rebalance()
    planned, end = _highest(), perf_counter()
    answer.send(
        Taken(n_tickets * n_agents, (decided - before, planned - before), (middle - start, end - middle)),
    )


def _ticket(i: int, largest: int) -> dict[str, Any]:
    return {
        "ticket_id": f"t{i}",
        "skills": {SKILLS[i % len(SKILLS)]: 1},
        "effort": 1 + i % largest,
        "urgency": i % 10 / 10,
    }


def _now() -> float:
    """The memory that this process holds, in megabytes; as only Linux says it."""
    import resource

    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20


def _highest() -> float:
    """The most memory that this process has held so far, in megabytes."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, default=1_000)
    parser.add_argument("--tickets", type=int, nargs="+", default=[1_000, MOST_PAIRS // 1_000])
    parser.add_argument("--output", type=Path, help="folder for a dated page")
    options = parser.parse_args(arguments)
    lines = [
        "| queue | pairs | decision, MB | planned again, MB | bytes a pair | decision, s | planned again, s |",
        "|---|---|---|---|---|---|---|",
    ]
    for kind in KINDS:
        for n_tickets in options.tickets:
            taken = measured(kind, n_tickets, options.agents)
            cells = [*(f"{mb:.0f}" for mb in taken.megabytes), f"{taken.bytes_per_pair:.0f}"]
            cells += [f"{seconds:.1f}" for seconds in taken.seconds]
            lines.append(f"| {kind} | {taken.pairs:,} | {' | '.join(cells)} |")
            print(lines[-1], flush=True)
    if options.output is not None:
        write(options.output, lines, options)


def write(folder: Path, lines: list[str], options: argparse.Namespace) -> None:
    """A dated page with the setting and the table."""
    today, tickets = datetime.now(UTC).date().isoformat(), " ".join(map(str, options.tickets))
    words = [
        f"# The memory of one decision on a live queue, {today}",
        "",
        f"`python -m benchmarks.queue_memory --agents {options.agents} --tickets {tickets}`: above what the process "
        "held before, the tickets themselves left out; solved in the same process, 10 s for each solve. "
        f"{cpu_count()} cores, which others use too; Python {platform.python_version()}, {platform.system()}.",
        "",
        *lines,
        "",
    ]
    (folder / f"{today}-queue-memory.md").write_text("\n".join(words), encoding="utf-8")


if __name__ == "__main__":
    main()

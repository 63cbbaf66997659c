"""What one change of a live queue costs by itself: a ticket submitted into open ones and closed again, without storage.

Processor time of this process, so that others on the machine count as little as can be. "makes room" closes a ticket
that has an agent, so that one that waits is given its place.
"""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from time import process_time

import ticketopt
from benchmarks.load import queue_of, ticket

SIZES = ((1_000, 50, False), (10_000, 200, False), (10_000, 200, True))
"""Open tickets, agents, and whether everybody is full."""


def milliseconds(work: Callable[[], object]) -> float:
    start = process_time()
    work()
    return 1e3 * (process_time() - start)


def run(n_tickets: int, n_agents: int, count: int, *, is_full: bool) -> tuple[float, float, float]:
    """The medians of a submit, of a close of what was submitted, and of a close that makes room, in milliseconds."""
    tickets, agents = queue_of(n_tickets, n_agents, is_full=is_full)
    queue, random = ticketopt.Dispatcher(ticketopt.open_store("memory:")), Random(2)
    queue.upsert_agents(agents)
    queue.submit(tickets)
    held = [name for name, row in queue.state().tickets.items() if row.agent_id is not None]
    found: tuple[list[float], ...] = ([], [], [])
    for k in range(-5, count):  # the first ones load libraries
        rows = [ticket(random, f"new-{k}")]
        times = [milliseconds(partial(queue.submit, rows, idempotency_key=f"k{k}"))]
        times.append(milliseconds(partial(queue.close, f"new-{k}")))
        times.append(milliseconds(partial(queue.close, held[k])))
        if k >= 0:
            for one, time in zip(found, times, strict=True):
                one.append(time)
    assert queue.check() == ()
    return median(found[0]), median(found[1]), median(found[2])


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print or write the table."""
    parser = argparse.ArgumentParser(prog="benchmarks.submits", description=__doc__)
    parser.add_argument("--count", type=int, default=100, help="changes of each kind")
    parser.add_argument("--output", type=Path, help="folder for a dated page")
    options = parser.parse_args(arguments)
    lines = ["| open tickets | agents | room | submit, ms | close, ms | makes room, ms |", "|---|---|---|---|---|---|"]
    for n_tickets, n_agents, is_full in SIZES:
        cells = run(n_tickets, n_agents, options.count, is_full=is_full)
        numbers = " | ".join(f"{cell:.1f}" for cell in cells)
        lines.append(f"| {n_tickets:,} | {n_agents} | {'no' if is_full else 'yes'} | {numbers} |")
        print(lines[-1], flush=True)
    if options.output is not None:
        write(options.output, lines, options.count)


def write(folder: Path, lines: list[str], count: int) -> None:
    """A dated page with the setting and the table."""
    today = datetime.now(UTC).date().isoformat()
    words = [
        f"# A change of a live queue by itself, {today}",
        "",
        f"`python -m benchmarks.submits --output benchmarks/results`: medians of {count} in processor time, in memory. "
        f"{os.cpu_count()} cores, which others use too; Python {platform.python_version()}, {platform.system()}.",
        "",
        *lines,
        "",
    ]
    (folder / f"{today}-submits.md").write_text("\n".join(words), encoding="utf-8")


if __name__ == "__main__":
    main()

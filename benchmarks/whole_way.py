"""What the whole way costs: from dictionaries or a data frame to a verified plan, beside the engine alone.

    python -m benchmarks.whole_way [--sizes 1000x100 30000x400 100000x1000] [--rounds 5] [--quick] [--output FOLDER]

Every ticket states its skills and its urgency, so no text is read. All ways run in turn, in this process; quoted are
medians of wall-clock seconds, and of the seconds of this process's CPU, which tell more where others use the machine
too. Peak memory, frame in and frame out, is what a process of its own grows by, by the kernel's account; the matrix is
that of pair costs, 8 bytes a pair. Checks are reading the dictionaries and making the problem.
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import platform
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from os import cpu_count
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.measure import memory, reset_peak
from ticketopt import assign, build_problem, formulate
from ticketopt.intake.files import read_tickets_and_agents
from ticketopt.problem.problem import Problem
from ticketopt.solvers.auto import solve_model

__all__ = ["WAYS", "Queue", "main", "measured", "queue_of"]

SKILLS = tuple(f"Skill {k}" for k in range(20))
NOW = 1_795_424_400.0
WEEKS = 10**6
"""Tickets came in so many seconds before that."""
TIME_LIMIT = 600.0

WAYS = ("engine", "from dicts", "frame to frame", "checks", "pandas, CSV")


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue and its team as dictionaries."""

    tickets: list[dict[str, Any]]
    agents: list[dict[str, Any]]


def queue_of(n: int, a: int, seed: int = 0) -> Queue:
    """`n` tickets that want one or two of twenty skills, for `a` agents who have four each."""
    rng = np.random.default_rng(seed)
    agents = [
        {
            "agent_id": f"A{j}",
            "name": f"Agent {j}",
            "skills": {SKILLS[k]: float(rng.integers(1, 11)) for k in rng.choice(len(SKILLS), 4, replace=False)},
            "current_load": int(rng.integers(0, 6)),
            "experience_level": float(rng.integers(0, 10)),
        }
        for j in range(a)
    ]
    tickets = [
        {
            "ticket_id": i,
            "title": f"Ticket {i}",
            "skills": {SKILLS[k]: float(rng.integers(1, 6)) for k in rng.choice(len(SKILLS), 1 + i % 2, replace=False)},
            "urgency": round(float(rng.random()), 2),
            "creation_timestamp": NOW - float(rng.integers(0, WEEKS)),
        }
        for i in range(n)
    ]
    return Queue(tickets, agents)


def ways_of(queue: Queue, folder: Path) -> dict[str, Callable[[], object]]:
    """What is measured, by its name in `WAYS`; `folder` is for the file that pandas reads."""
    problem = build_problem(queue.tickets, queue.agents)
    model, readings, frames = formulate(problem), problem.readings, frames_of(queue)
    frames[0].assign(skills=[_spelled(ticket["skills"]) for ticket in queue.tickets]).to_csv(folder / "tickets.csv")

    def checks() -> object:
        read = read_tickets_and_agents(queue.tickets, queue.agents)
        return Problem(read.tickets, read.agents, readings=readings)

    steps: tuple[Callable[[], object], ...] = (
        lambda: solve_model(model, time_limit=TIME_LIMIT),
        lambda: assign(queue.tickets, queue.agents, time_limit=TIME_LIMIT),
        lambda: assign(*frames, time_limit=TIME_LIMIT).to_frame(),
        checks,
        lambda: pd.read_csv(folder / "tickets.csv"),
    )
    return dict(zip(WAYS, steps, strict=True))


def frames_of(queue: Queue) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tickets and the agents as data frames."""
    return pd.DataFrame(queue.tickets), pd.DataFrame(queue.agents)


def _spelled(skills: dict[str, float]) -> str:
    return "; ".join(f"{skill}:{level:g}" for skill, level in skills.items())


def measured(queue: Queue, rounds: int) -> dict[str, tuple[float, float]]:
    """Way -> medians of its seconds by the wall clock and of its CPU."""
    with tempfile.TemporaryDirectory() as folder:
        ways = ways_of(queue, Path(folder))
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
        for _ in range(rounds):
            for name, way in ways.items():
                gc.collect()
                wall, cpu = time.perf_counter(), time.process_time()
                kept = way()
                found[name].append((time.perf_counter() - wall, time.process_time() - cpu))
                del kept
    return {name: (_median(times, 0), _median(times, 1)) for name, times in found.items()}


def _median(times: Sequence[tuple[float, float]], which: int) -> float:
    return statistics.median(pair[which] for pair in times)


def peak_of(n: int, a: int) -> float:
    """Megabytes that this process grows by, frame in and frame out, once a small queue has loaded what it needs."""
    assign(*frames_of(queue_of(300, 30))).to_frame()
    frames = frames_of(queue_of(n, a))
    gc.collect()
    reset_peak()
    before = memory("VmRSS")
    kept = assign(*frames, time_limit=TIME_LIMIT).to_frame()
    grown = memory("VmHWM") - before
    del kept
    return grown


def lines_of(n: int, a: int, found: dict[str, tuple[float, float]], peak: float) -> list[str]:
    """The table of one size, and what it comes to."""
    matrix = 8 * n * a / 2**20
    engine, dicts, frames = (found[name] for name in WAYS[:3])
    rows = [f"| {name} | {wall:.4f} | {cpu:.4f} | {wall / engine[0]:.1f} |" for name, (wall, cpu) in found.items()]
    share = found["checks"][0] / dicts[0]
    return [
        f"## {n:,} x {a:,}",
        "",
        "| way | s | CPU s | times the engine |",
        "|---|---|---|---|",
        *rows,
        "",
        f"Frame to frame takes {frames[0] / engine[0]:.1f} times the engine's time "
        f"({frames[1] / engine[1]:.1f} by CPU) and {peak:.0f} MB, {peak / matrix:.2f} times the matrix's {matrix:.0f}. "
        f"Checks are {share:.0%} of the way from dictionaries.",
        "",
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--sizes", nargs="+", default=["1000x100", "30000x400", "100000x1000"], help="tickets x agents")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="one round of a small size")
    parser.add_argument("--output", type=Path, help="folder for a dated page")
    options = parser.parse_args(arguments)
    sizes, rounds = (["200x20"], 1) if options.quick else (options.sizes, options.rounds)
    lines: list[str] = []
    for size in sizes:
        n, a = map(int, size.split("x"))
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            peak = pool.apply(peak_of, (n, a))
        of_size = lines_of(n, a, measured(queue_of(n, a), rounds), peak)
        print("\n".join(of_size), flush=True)
        lines += of_size
    if options.output is not None:
        write(options.output, lines, f"--sizes {' '.join(sizes)} --rounds {rounds}")


def write(folder: Path, lines: Sequence[str], asked: str) -> None:
    """A dated page with the setting and the tables."""
    today = datetime.now(UTC).date().isoformat()
    words = [
        f"# The whole way beside the engine, {today}",
        "",
        f"`python -m benchmarks.whole_way {asked}`: medians; every ticket states skills and urgency. "
        f"{cpu_count()} cores, which others use too; Python {platform.python_version()}, {platform.system()}.",
        "",
        *lines,
    ]
    (folder / f"{today}-whole-way.md").write_text("\n".join(words).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

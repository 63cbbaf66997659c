"""How far does it scale: many queues on threads, processes and a cluster; and one queue that is mostly forbidden pairs.

Each way has a process of its own. The sparse matrix is made row by row; no dense one is ever there.
"""

from __future__ import annotations

import argparse
import multiprocessing
import platform
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from multiprocessing.connection import Connection
from os import cpu_count
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from scipy.sparse import csr_array

from ticketopt import Problem, Result, build_problem, solve_arrays, solve_many

SKILLS = ("vpn", "mail", "database", "printer", "phone")
T = TypeVar("T")
PATIENCE = 900.0
"""Seconds for a solve."""


@dataclass(frozen=True, slots=True)
class Options:
    """What to measure; the numbers of the command line."""

    queues: int
    tickets: int
    agents: int
    workers: int
    rows: int
    columns: int
    share: float


@dataclass(frozen=True, slots=True)
class Way:
    """Seconds of everything, the caller's own processor time, and the most memory of the caller and of a worker, MB."""

    seconds: float
    own_seconds: float
    megabytes: float
    worker_megabytes: float


@dataclass(frozen=True, slots=True)
class Sparse:
    """One matrix: its megabytes, the process's peak, seconds to read, solve and prove, and what was found."""

    pairs: int
    matrix: float
    peak: float
    seconds: float
    processor: float
    objective: float
    lower_bound: float
    status: str
    served: int


# Many queues.


def problem(k: int, n_tickets: int, n_agents: int) -> Problem:
    """A queue of its own: which skills are wanted, and how urgently, changes from one to the next."""
    tickets = [
        {"ticket_id": f"{k}-{i}", "skills": {SKILLS[(3 * i + k) % 5]: 1 + i % 9}, "urgency": (7 * i + k) % 10 / 10}
        for i in range(n_tickets)
    ]
    agents = [
        {
            "agent_id": f"a{j}",
            "capacity": -(-n_tickets // n_agents) + 1,
            "skills": {skill: (7 * j + 3 * m + k) % 10 for m, skill in enumerate(SKILLS)},
        }
        for j in range(n_agents)
    ]
    return build_problem(tickets, agents)


@contextmanager
def _processes(workers: int) -> Iterator[Executor]:
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


@contextmanager
def _dask(workers: int) -> Iterator[Executor]:
    from distributed import Client, LocalCluster

    with (
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster,  # type: ignore[no-untyped-call]
        Client(cluster) as client,  # type: ignore[no-untyped-call]
    ):
        yield client.get_executor()


WAYS: dict[str, Callable[[int], Any]] = {
    "no executor": lambda workers: nullcontext(),
    "threads": ThreadPoolExecutor,
    "processes": _processes,
    "Dask, local cluster": _dask,
}


def many(name: str, options: Options) -> Way:
    """One way, from problems to checked results; workers have started before the clock does."""
    problems = [problem(k, options.tickets, options.agents) for k in range(options.queues)]
    with WAYS[name](options.workers) as executor:
        solve_many(problems[: 2 * options.workers], executor)
        began, own = time.perf_counter(), time.process_time()
        results = solve_many(problems, executor)
        seconds, own = time.perf_counter() - began, time.process_time() - own
    failed = [answer for answer in results if not isinstance(answer, Result)]
    if failed:
        raise failed[0]
    return Way(seconds, own, _peak("RUSAGE_SELF"), _peak("RUSAGE_CHILDREN"))


def many_lines(options: Options) -> list[str]:
    """A table, one row per way."""
    lines = [
        f"| {options.queues:,} queues of {options.tickets} x {options.agents} | seconds | ms a queue | speed-up "
        "| the caller's own ms a queue | caller, MB | largest worker, MB |",
        "|---|---|---|---|---|---|---|",
    ]
    alone = None
    for name in WAYS:
        way = apart(partial(many, name, options))
        alone = alone or way.seconds
        worker = f"{way.worker_megabytes:.0f}" if name in list(WAYS)[2:] else "-"
        each, own = 1000 * way.seconds / options.queues, 1000 * way.own_seconds / options.queues
        lines.append(
            f"| {name} | {way.seconds:.1f} | {each:.1f} | {alone / way.seconds:.2f} | {own:.1f} "
            f"| {way.megabytes:.0f} | {worker} |"
        )
        print(lines[-1], flush=True)
    return lines


# One matrix, mostly forbidden.


CAPACITIES = (("whole numbers", 1.05, "5 % room"), ("doubles", 1.05, "5 % room"), ("whole numbers", 1.0, "no room"))
"""Kind of costs; capacity as a part of the rows, and in words."""


def matrix(kind: str, options: Options) -> csr_array[Any]:
    """Row by row: every row may go to its share of the columns, at random costs."""
    random = np.random.default_rng(0)
    each = max(1, round(options.columns * options.share))
    column = np.empty(options.rows * each, dtype=np.int32)
    cost = np.empty(len(column), dtype=np.int64 if kind == "whole numbers" else np.float64)
    for i in range(options.rows):
        here = slice(i * each, (i + 1) * each)
        column[here] = np.sort(random.choice(options.columns, each, replace=False, shuffle=False))
        cost[here] = random.integers(0, 1000, each) if kind == "whole numbers" else random.random(each)
    start = np.arange(options.rows + 1, dtype=np.int64 if len(column) >= 2**31 else np.int32) * each
    return csr_array((cost, column, start), shape=(options.rows, options.columns))


def sparse(kind: str, slack: float, options: Options) -> Sparse:
    """Made, solved and proven in this process."""
    cost = matrix(kind, options)
    capacity = int(np.ceil(slack * options.rows / options.columns))
    began, processor = time.perf_counter(), time.process_time()
    found = solve_arrays(cost, capacity=capacity, time_limit=PATIENCE)
    seconds, processor = time.perf_counter() - began, time.process_time() - processor
    held = (cost.data.nbytes + cost.indices.nbytes + cost.indptr.nbytes) / 2**20
    return Sparse(
        cost.nnz,
        held,
        _peak("RUSAGE_SELF"),
        seconds,
        processor,
        found.objective,
        found.lower_bound,
        found.status.value,
        len(found.row_ind),
    )


def sparse_lines(options: Options) -> list[str]:
    """A table, one row per kind of costs and capacity."""
    lines = [
        f"| {options.rows:,} x {options.columns:,}, {1 - options.share:.0%} forbidden | pairs | matrix, MB "
        "| whole process, MB | seconds | processor, s | status | served | objective | lower bound |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for kind, slack, words in CAPACITIES:
        found = apart(partial(sparse, kind, slack, options))
        lines.append(
            f"| {kind}, {words} | {found.pairs:,} | {found.matrix:.0f} | {found.peak:.0f} | {found.seconds:.1f} "
            f"| {found.processor:.1f} | {found.status} | {found.served:,} | {found.objective:.6f} "
            f"| {found.lower_bound:.6f} |"
        )
        print(lines[-1], flush=True)
    return lines


# Processes and pages.


def apart(work: Callable[[], T]) -> T:
    """What a function returns, in a process of its own."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_run, args=(work, theirs))
    child.start()
    theirs.close()
    answer: T = ours.recv()
    child.join()
    return answer


def _run(work: Callable[[], object], answer: Connection) -> None:
    answer.send(work())


def _peak(who: str) -> float:
    """The most memory that this process, or the largest of its children that have ended, has held, in megabytes."""
    import resource

    unit = 2**20 if platform.system() == "Darwin" else 2**10
    return resource.getrusage(getattr(resource, who)).ru_maxrss / unit


def limits() -> list[str]:
    """What costs alone take: 8 bytes a pair in a matrix, 12 a stored pair."""
    lines = ["| costs of | matrix, MB | 5 % stored, MB |", "|---|---|---|"]
    for n, columns in ((30_000, 400), (100_000, 1_000), (300_000, 2_000), (1_000_000, 5_000)):
        lines.append(f"| {n:,} x {columns:,} | {n * columns * 8 / 2**20:,.0f} | {n * columns * 0.6 / 2**20:,.0f} |")
    return lines


def page(options: Options, queues: list[str], stored: list[str]) -> str:
    """A dated page."""
    command = " ".join(f"--{name} {getattr(options, name)}" for name in Options.__slots__)
    return "\n".join(
        [
            f"# Scale-out, {datetime.now(UTC).date().isoformat()}",
            "",
            f"`python -m benchmarks.scale_out {command}`. {cpu_count()} cores, which others use too: compare ratios, "
            f"not seconds. Python {platform.python_version()}, {platform.system()}. Every row is a process of its own.",
            "",
            "## Many queues",
            "",
            f"`solve_many`, {options.workers} workers, from problems to checked results; workers have started before "
            "the clock does. The caller's own time is what no number of workers shortens: sending problems, taking "
            "results and checking them; without an executor and on threads, solving as well.",
            "",
            *queues,
            "",
            "## One queue, mostly forbidden pairs",
            "",
            "`solve_arrays` with a SciPy CSR matrix, made row by row. The whole process is the highest memory "
            "of the process that makes the matrix, reads, solves and proves it. Where the objective equals the lower "
            "bound, the plan is proven.",
            "",
            *stored,
            "",
            "## What costs take",
            "",
            *limits(),
            "",
        ]
    )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--queues", type=int, default=1_000)
    parser.add_argument("--tickets", type=int, default=500)
    parser.add_argument("--agents", type=int, default=30)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rows", type=int, default=300_000)
    parser.add_argument("--columns", type=int, default=2_000)
    parser.add_argument("--share", type=float, default=0.05, help="of the pairs that are allowed")
    parser.add_argument("--output", type=Path, help="folder for a dated page")
    given = vars(parser.parse_args(arguments))
    folder = given.pop("output")
    options = Options(**given)
    text = page(options, many_lines(options), sparse_lines(options))
    if folder is not None:
        name = f"{datetime.now(UTC).date().isoformat()}-scale-out.md"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

"""The network engine beside everything else that solves its problem.

    python -m benchmarks.compare [--quick] [--patience SECONDS] [--or-library DIR] [--output DIR]

For every kind of instance and every size: median time and spread, peak memory, objective, whether proven, ratio to the
best exact peer, all in one run and one thread, each solver in a process of its own. Writes a dated table with its
conclusions and a chart into DIR (`benchmarks/results`; with `--quick` only where DIR is given). Exits with 1 if an
exact solver disagrees with the proven optimum.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

import numpy as np

from benchmarks.chart import draw
from benchmarks.instances import model_of
from benchmarks.measure import Measurement, measure
from benchmarks.or_library import instances as or_library
from benchmarks.peers import PEERS
from ticketopt import solve_arrays
from ticketopt._core import network
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.load_cost import LoadCost
from ticketopt.model.prices import dual_bound

KINDS = ("uniform", "few_values", "all_equal", "scarce", "sparse", "one_huge", "near_degenerate")
SQUARES = ("square 1-100", "square 1-10^6", "square geometric")
SIZES = ((10, 5), (100, 10), (500, 25), (2_000, 50), (10_000, 200), (30_000, 400), (100_000, 1_000))
QUICK_SIZES = SIZES[:3]
SQUARE_SIZES = (10, 100, 500, 1_000, 2_000)
REACH = {(500, 25): 15, (2_000, 50): 20, (10_000, 200): 30, (30_000, 400): 50}
"""Times the best exact peer that the engine should be at least, on uniform costs."""
OURS = "ticketopt"


@dataclass(frozen=True, slots=True)
class Row:
    """One solver on one instance. `proof` is the time to add up the certificate, and whether it holds."""

    kind: str
    size: tuple[int, int]
    peer: str
    found: Measurement
    proof: tuple[float, bool] | None = None


def square(kind: str, n: int) -> AssignmentModel:
    """A linear assignment problem: one slot per agent, nobody left out."""
    rng = np.random.default_rng(n)
    if kind == "square geometric":
        tickets, agents = rng.random((n, 1, 2)), rng.random((1, n, 2))
        cost = np.hypot(*np.moveaxis(tickets - agents, 2, 0)) * 1e6
    else:
        cost = rng.integers(1, 100 if kind == "square 1-100" else 10**6, (n, n), endpoint=True)
    return AssignmentModel(
        pair_cost=np.rint(cost).astype(np.int64),
        allowed=np.ones((n, n), dtype=np.bool_),
        effort=np.ones(n, dtype=np.int64),
        capacity=np.ones(n, dtype=np.int64),
        load_cost=LoadCost.zero(n),
        exit_cost=np.full(n, 10**7 * n, dtype=np.int64),
    )


def run(sizes: Sequence[tuple[int, int]], squares: Sequence[int], patience: float, repeats: int) -> Iterator[Row]:
    """Every solver on every instance. Who was too slow on an instance is not tried on a larger one of its kind."""
    jobs = [(kind, size) for kind in KINDS for size in sizes] + [(kind, (n, n)) for kind in SQUARES for n in squares]
    began, slow = time.perf_counter(), set()
    for k, (kind, size) in enumerate(jobs, start=1):
        print(
            f"[{k}/{len(jobs)}] {time.perf_counter() - began:4.0f} s  {kind}, {size[0]:,} x {size[1]:,}",
            file=sys.stderr,
        )
        model = square(kind, size[0]) if kind in SQUARES else model_of(kind, *size)
        for name, peer in PEERS.items():
            if (kind, name) in slow:
                yield Row(kind, size, name, Measurement(failure="not run: too slow before"))
                continue
            found = measure(peer, model, repeats=repeats, patience=patience)
            if not found.seconds or found.seconds[0] > patience:
                slow.add((kind, name))
            yield Row(kind, size, name, found, prove(model, found) if name == OURS else None)


def prove(model: AssignmentModel, found: Measurement) -> tuple[float, bool]:
    """The engine's prices, added up outside of it."""
    load = model.load_cost
    price = network.solve(model.pair_cost, model.allowed, model.capacity, load.start, load.segments, model.exit_cost)[1]
    began = time.perf_counter()
    bound = dual_bound(model, price)
    return time.perf_counter() - began, bound == found.value


def best_peer(rows: Sequence[Row]) -> Row | None:
    """The fastest exact solver but ours, among the rows of one instance."""
    exact = [row for row in rows if row.peer != OURS and PEERS[row.peer].is_exact and row.found.value is not None]
    return min(exact, key=lambda row: row.found.median, default=None)


def by_instance(rows: Sequence[Row]) -> dict[tuple[str, tuple[int, int]], list[Row]]:
    groups: dict[tuple[str, tuple[int, int]], list[Row]] = {}
    for row in rows:
        groups.setdefault((row.kind, row.size), []).append(row)
    return groups


def conclusions(rows: Sequence[Row]) -> tuple[list[str], bool]:
    """What the numbers say, in sentences computed from them; and whether anybody contradicts a proven optimum."""
    lines, wrong, slower = [], [], []
    groups = by_instance(rows)
    for (kind, size), group in groups.items():
        ours, peer = group[0], best_peer(group)
        label = f"{kind} {size[0]:,} x {size[1]:,}"
        if ours.proof is None or not ours.proof[1]:
            wrong.append(f"NOT PROVEN: {label}")
        wrong += [
            f"CONTRADICTION: {row.peer} finds {row.found.value:,} on {label}, the optimum is {ours.found.value:,}"
            for row in group
            if row.found.value is not None
            and ours.found.value is not None
            and (
                row.found.value != ours.found.value if PEERS[row.peer].is_exact else row.found.value < ours.found.value
            )
        ]
        if peer is not None and peer.found.median < ours.found.median:
            slower.append(f"{label} ({peer.peer} takes {peer.found.median / ours.found.median:.2f} times as long)")
    proven = sum(group[0].proof is not None and group[0].proof[1] for group in groups.values())
    lines.append(f"{OURS} proves its optimum on {proven} of {len(groups)} instances.")
    for (kind, size), group in groups.items():
        peer = best_peer(group)
        if kind == "uniform" and size in REACH and peer is not None:
            ratio = peer.found.median / group[0].found.median
            word = "reached" if ratio >= REACH[size] else "MISSED"
            lines.append(
                f"{size[0]:,} x {size[1]:,}: {ratio:.1f} times as fast as {peer.peer}, the best exact peer "
                f"({REACH[size]} wanted: {word})."
            )
    lines.append("Slower than the best peer: " + ("; ".join(slower) if slower else "nowhere") + ".")
    return wrong + lines, bool(wrong)


def page(rows: Sequence[Row], patience: float, library: Sequence[str]) -> str:
    packages = ", ".join(
        f"{name} {version(name)}" for name in ("ticketopt", "numpy", "scipy", "ortools", "lapx", "pot")
    )
    lines = [
        f"# The network engine compared, {date.today().isoformat()}",
        "",
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()};",
        f"{packages}.",
        f"One thread, a process per solver, building the library's own input included; stopped after {patience:g} s.",
        "The command is `python -m benchmarks.compare`.",
        "",
        "## Conclusions",
        "",
        *(f"* {line}" for line in conclusions(rows)[0]),
        *(f"* {line}" for line in library),
        "",
        "## Runs",
        "",
        "| instance | solver | median ms | spread ms | peak MB | objective | proven | times ours |",
        "|---|---|--:|--:|--:|--:|---|--:|",
    ]
    for (kind, size), group in by_instance(rows).items():
        for row in group:
            found = row.found
            label = f"{kind} {size[0]:,} x {size[1]:,}"
            if found.value is None:
                lines.append(f"| {label} | {row.peer} | - | - | - | {found.failure} | - | - |")
                continue
            proven = "claimed" if PEERS[row.peer].is_exact else "no"
            if row.proof is not None:
                proven = f"yes, in {row.proof[0] * 1e3:.3g} ms" if row.proof[1] else "NO"
            lines.append(
                f"| {label} | {row.peer} | {found.median * 1e3:.4g} | {found.spread * 1e3:.2g} "
                f"| {found.megabytes:.0f} | {found.value:,} | {proven} | {found.median / group[0].found.median:.2f} |"
            )
    return "\n".join([*lines, ""])


def check_library(folder: Path) -> list[str]:
    """One sentence per OR-Library file."""
    lines = []
    for name, cost, optimum in or_library(folder):
        began = time.perf_counter()
        found = solve_arrays(cost)
        seconds = time.perf_counter() - began
        word = "the known optimum" if found.objective == optimum else f"DIFFERS from the known {optimum}"
        lines.append(f"OR-Library {name}: {found.objective:g}, {word}, in {seconds * 1e3:.1f} ms.")
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compare")
    parser.add_argument("--quick", action="store_true", help="small sizes, about a minute")
    parser.add_argument("--patience", type=float, help="seconds for one solve (30; 5 with --quick)")
    parser.add_argument("--or-library", type=Path, metavar="DIR", help="a folder of OR-Library assign files")
    parser.add_argument("--output", type=Path, metavar="DIR", help="where page and chart are written")
    options = parser.parse_args(arguments)
    patience = options.patience or (5.0 if options.quick else 30.0)
    sizes, squares = (QUICK_SIZES, SQUARE_SIZES[:2]) if options.quick else (SIZES, SQUARE_SIZES)
    rows = list(run(sizes, squares, patience, 5 if options.quick else 15))
    library = check_library(options.or_library) if options.or_library else []
    text = page(rows, patience, library)
    folder = options.output or (None if options.quick else Path(__file__).parent / "results")
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        stem = f"{date.today().isoformat()}-compare"
        (folder / f"{stem}.md").write_text(f"{text}\n![uniform costs]({stem}.svg)\n", encoding="utf-8")
        curves = {
            name: [
                (row.size[0] * row.size[1], row.found.median)
                for row in rows
                if row.peer == name and row.kind == "uniform" and row.found.value is not None
            ]
            for name in PEERS
        }
        drawn = {name: points for name, points in curves.items() if points}
        draw(folder / f"{stem}.svg", drawn, "tickets x agents", "seconds, uniform costs")
    print(text)
    return int(conclusions(rows)[1] or any("DIFFERS" in line for line in library))


if __name__ == "__main__":
    sys.exit(main())

"""Unequal effort: our engines beside HiGHS and plain CP-SAT.

    python -m benchmarks.gap [--folder DIR] [--seconds 1 10]

Runs seeded instances of types C, D and E and of tickets, and the files of a folder (see `gap_instances`), every solver
with the same model and time, one after another; ours with several seeds, of which the median is told. Writes a dated
table with its conclusions into `--output`, and a chart of how the plans got better on a few instances.
"""

from __future__ import annotations

import argparse
import platform
import re
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.chart import draw
from benchmarks.gap_instances import Instance, folder, random_tickets, ruled, tickets, typed
from ticketopt.errors import SolverError
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.outcome import Outcome
from ticketopt.solvers import BACKENDS, Backend, Options, milp
from ticketopt.solvers.auto import solve_model
from ticketopt.solvers.base import SparseModel, no_answer
from ticketopt.solvers.check import Solution
from ticketopt.solvers.gap import cp_model
from ticketopt.solvers.progress import Progress


def highs(model: AssignmentModel, options: Options) -> Outcome:
    """What `scipy.optimize.milp` finds in this process: with equalities where leaving out never pays."""
    sparse = SparseModel.of(model)
    must_serve = milp.serves_all(model, sparse)
    program = milp.program_of(model, sparse, must_serve=must_serve)
    found = milp.solve_program({**program, "time_limit": np.array(options.time_limit)})
    outcome = milp.outcome_of(model, sparse, found, 0 if must_serve else int(model.exit_cost.sum()))
    return no_answer(model) if outcome is None else outcome


OURS = "price_guided"
PLAIN = {
    "HiGHS plain": Backend("every pair, all of the time", milp.obstacle, highs),
    "CP-SAT plain": Backend("every pair, its own presolve", cp_model.obstacle, partial(cp_model.search, presolve=True)),
}
TABLE = {**BACKENDS, **PLAIN}
SOLVERS = (OURS, "cp_sat", *PLAIN)

CHARTED = re.compile(r"d10200|type D 1,600 x 80|rules 1,600 x 80")
"""Instances that are in the chart."""


@dataclass(frozen=True, slots=True)
class Row:
    """One solver on one instance: every gap in percent of the cost; `known` None where no optimum is."""

    instance: str
    seconds: float
    solver: str
    objective: int | None
    gap: float | None
    known: float | None
    taken: float
    words: str = ""
    course: tuple[tuple[float, float], ...] = field(default=(), repr=False)
    """Seconds and the cost of the best plan at that time."""

    @property
    def is_wrong(self) -> bool:
        """A plan below a known optimum cannot be."""
        return self.known is not None and self.known < 0

    def __str__(self) -> str:
        cells = [self.instance, f"{self.seconds:g}", self.solver]
        cells += ["-" if self.objective is None else f"{self.objective:,}"]
        cells += ["-" if value is None else f"{value:.3f}" for value in (self.known, self.gap)]
        return f"| {' | '.join([*cells, f'{self.taken:.2f}', self.words])} |"


def instances(path: Path | None, *, quick: bool) -> Iterator[Instance]:
    """What is run."""
    sizes = [(60, 8)] if quick else [(400, 20), (1_600, 80)]
    for n, a in sizes:
        yield from (typed(kind, n, a) for kind in "cde")
        yield from (tickets(n, a, is_convex=is_convex) for is_convex in (False, True))
        yield random_tickets(n, a)
        yield ruled(n, a)
    if path is not None:
        yield from folder(path)


def measure(instance: Instance, solver: str, seconds: float, seed: int = 0) -> Row:
    """One solve, verified as ever."""
    course: list[tuple[float, float]] = []

    def listen(news: Progress) -> None:
        if news.objective is not None:
            course.append((news.seconds, news.objective))

    began = time.perf_counter()
    try:
        found: Solution = solve_model(
            instance.model, solver=solver, time_limit=seconds, seed=seed, backends=TABLE, progress=listen
        )
    except SolverError as error:
        return Row(instance.name, seconds, solver, None, None, None, time.perf_counter() - began, str(error)[:60])
    taken, cost, bound = time.perf_counter() - began, found.objective, found.lower_bound
    gap = None if bound is None else 100 * (cost - bound) / max(1, abs(cost))
    known = None if instance.known is None else 100 * (cost - instance.known) / instance.known
    words = "bound above the known optimum" if None not in (bound, instance.known) and bound > instance.known else ""  # type: ignore[operator]
    course.append((taken, cost))
    return Row(instance.name, seconds, solver, cost, gap, known, taken, words, tuple(course))


def median(instance: Instance, solver: str, seconds: float, seeds: int) -> Row:
    """The run of median cost; the solvers that are compared with ours get one seed."""
    runs = [measure(instance, solver, seconds, seed) for seed in range(seeds if solver == OURS else 1)]
    wrong = [row for row in runs if row.is_wrong or row.words]
    in_order = sorted(runs, key=lambda row: (row.objective is None, row.objective))
    return wrong[0] if wrong else in_order[(len(runs) - 1) // 2]


def curves(rows: Sequence[Row]) -> dict[str, list[tuple[float, float]]]:
    """For the chart: seconds, and how far the best plan was above the best bound known in the end, in percent."""
    longest = max((row.seconds for row in rows), default=0.0)
    drawn = [row for row in rows if CHARTED.search(row.instance) and row.seconds == longest and row.course]
    bounds: dict[str, float] = {}
    for row in drawn:
        if row.objective is not None and row.gap is not None:
            bound = row.objective - row.gap / 100 * abs(row.objective)
            bounds[row.instance] = max(bound, bounds.get(row.instance, bound))
    found = {}
    for row in drawn:
        if row.instance in bounds:
            bound = bounds[row.instance]
            above = [(max(s, 1e-2), max(100 * (cost - bound) / abs(bound), 1e-3)) for s, cost in row.course]
            found[f"{row.instance}, {row.solver}"] = above
    return found


def conclusions(rows: Sequence[Row]) -> Iterator[str]:
    """What the numbers say."""
    for seconds in sorted({row.seconds for row in rows}):
        ours = [row for row in rows if row.solver == OURS and row.seconds == seconds]
        known = [row.known for row in ours if row.known is not None]
        if known:
            mean, worst = np.mean(known), max(known)
            yield f"{seconds:g} s, {len(known)} files: {mean:.3f} % above the known value, at worst {worst:.3f} %."
        open_gaps = [row.gap for row in ours if row.known is None and row.gap is not None]
        if open_gaps:
            yield f"{seconds:g} s, {len(open_gaps)} generated: gap to our own bound at most {max(open_gaps):.3f} %."
        others = {(row.instance, row.solver): row for row in rows if row.solver != OURS and row.seconds == seconds}
        for solver in dict.fromkeys(row.solver for row in rows if row.solver != OURS):
            worse = [
                row.instance
                for row in ours
                if row.objective is not None
                and (other := others.get((row.instance, solver))) is not None
                and other.objective is not None
                and other.objective < row.objective
            ]
            yield f"{seconds:g} s: {solver} has a better plan on {len(worse)} of {len(ours)}" + "".join(
                f"{', ' if k else ': '}{name}" for k, name in enumerate(worse)
            )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print and write."""
    parser = argparse.ArgumentParser(prog="benchmarks.gap", description="Unequal effort: ours beside HiGHS and CP-SAT.")
    parser.add_argument("--folder", type=Path, help="files in the original format, with known_values.csv")
    parser.add_argument("--seconds", type=float, nargs="+", help="time limits (1 10; 1 with --quick)")
    parser.add_argument("--solvers", nargs="+", default=SOLVERS, choices=TABLE)
    parser.add_argument("--seeds", type=int, default=3, help="runs of ours, of which the median is told")
    parser.add_argument("--only", type=re.compile, default=re.compile(""), help="instances whose names match")
    parser.add_argument("--quick", action="store_true", help="small instances, half a minute")
    parser.add_argument(
        "--output", type=Path, help="folder for the page (benchmarks/results; with --quick only if given)"
    )
    options = parser.parse_args(arguments)
    rows = []
    for instance in filter(lambda one: options.only.search(one.name), instances(options.folder, quick=options.quick)):
        for seconds in options.seconds or ((1.0,) if options.quick else (1.0, 10.0)):
            for solver in options.solvers:
                rows.append(median(instance, solver, seconds, 1 if options.quick else options.seeds))
                print(rows[-1], flush=True)
    text = "\n".join(
        [
            f"# Unequal effort, {date.today().isoformat()}",
            "",
            f"{platform.system()} {platform.machine()}, Python {platform.python_version()}; one after another.",
            f"{OURS}: the median of {options.seeds} seeds.",
            "",
            *(f"* {line}" for line in conclusions(rows)),
            "",
            "| instance | limit, s | solver | cost | above the known, % | own gap, % | taken, s | |",
            "|---|--:|---|--:|--:|--:|--:|---|",
            *map(str, rows),
        ]
    )
    output = options.output or (None if options.quick else Path(__file__).parent / "results")
    if output is not None:
        output.mkdir(parents=True, exist_ok=True)
        (output / f"{date.today().isoformat()}-gap.md").write_text(text + "\n", encoding="utf-8")
        if drawn := curves(rows):
            axes = ("seconds", "best plan above the best bound known, %")
            draw(output / f"{date.today().isoformat()}-gap.svg", drawn, *axes)
    print("\n".join(conclusions(rows)))
    return int(any(row.is_wrong or row.words.startswith("bound") for row in rows))


if __name__ == "__main__":
    sys.exit(main())

"""All backends side by side with SciPy's assignment solver and greedy, on drawn instances.

    python -m benchmarks.backends [--quick] [--output DIR]

Prints a dated table with its conclusions and writes it into DIR (`benchmarks/results`; with `--quick` only where DIR is
given). Exits with 1 if two exact answers differ or a plan costs less than a proven bound. Times of backends are those
of `solve_model`, with greedy hint, check and certificate; "alone" is without them, like SciPy's (expand, then solve).
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from benchmarks.instances import KINDS, model_of, queue_of
from ticketopt.errors import TicketoptError
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.objective import objective
from ticketopt.model.outcome import Status
from ticketopt.planning.result import Result
from ticketopt.planning.solve import solve
from ticketopt.solvers import BACKENDS, Options
from ticketopt.solvers.auto import solve_model

Claim = tuple[int | None, int | None]
"""Objective (None is "no plan") and lower bound (None is "nothing proven")."""
Method = Callable[[], Claim]

LSA = "scipy linear_sum_assignment"
ALONE = "min_cost_flow alone"
ENOUGH_SECONDS = 1.0
"""A measurement is repeated until it has taken this long, or often enough."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What to run: (n, a) of unit and of hard models, (n, a, most effort) of queues, seconds, and repeats if short."""

    unit_sizes: tuple[tuple[int, int], ...]
    effort_sizes: tuple[tuple[int, int], ...]
    whole_sizes: tuple[tuple[int, int, int], ...]
    time_limit: float
    whole_limit: float
    repeats: int


FULL = Setting(((60, 12), (300, 30), (1000, 100)), ((40, 8), (120, 15)), ((1000, 100, 1), (300, 20, 8)), 2.0, 10.0, 5)
QUICK = Setting(((40, 8),), ((20, 5),), ((200, 20, 1), (60, 8, 8)), 0.3, 1.0, 3)


@dataclass(frozen=True, slots=True)
class Run:
    """One method on one instance; bound None is "nothing proven"; failure is why there is no plan."""

    instance: str
    method: str
    seconds: float
    value: int | None
    bound: int | None
    failure: str = ""

    @property
    def is_proven(self) -> bool:
        return self.value is not None and self.bound == self.value

    @property
    def gap(self) -> float | None:
        if self.value is None or self.bound is None:
            return None
        return (self.value - self.bound) / max(1, abs(self.value))


@dataclass(frozen=True, slots=True)
class Whole:
    """A queue through all of `ticketopt.solve`; `greedy` is the objective of greedy's plan for it."""

    instance: str
    seconds: float
    result: Result
    greedy: float


def expanded_assignment(model: AssignmentModel) -> NDArray[np.int64]:
    """The exact optimum of a unit-effort model without rows, by SciPy's shortest augmenting paths.

    1. A column for every free slot, at its agent's pair cost plus the slot's marginal cost. Slots of one agent rise in
       cost, so an optimal assignment fills them in order and pays the convex load cost.
    2. A column for every ticket's exit, at its exit price, open to that ticket alone.
    3. Forbidden pairs cost infinity. All other numbers are integers below 2^53, which doubles add without error.

    Returns
    -------
    (n,) agent index, -1 where left out.
    """
    slots = np.minimum(model.capacity, model.n_tickets)
    owner = np.repeat(np.arange(model.n_agents), slots)
    position = np.arange(len(owner)) - np.repeat(np.cumsum(slots) - slots, slots)
    marginal = model.load_cost.at(owner, position)
    cost = np.where(model.allowed[:, owner], model.pair_cost[:, owner] + marginal, np.inf)
    exits = np.full((model.n_tickets, model.n_tickets), np.inf)
    np.fill_diagonal(exits, model.exit_cost)
    rows, columns = linear_sum_assignment(np.hstack([cost, exits]))
    assignment = np.full(model.n_tickets, -1, dtype=np.int64)
    served = columns < len(owner)
    assignment[rows[served]] = owner[columns[served]]
    return assignment


def timed(run: Method, repeats: int) -> tuple[float, int | None, int | None]:
    """Median seconds, objective and bound."""
    seconds: list[float] = []
    value, bound = None, None
    while len(seconds) < repeats and sum(seconds) < ENOUGH_SECONDS:
        began = time.perf_counter()
        value, bound = run()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds), value, bound


def measure(instance: str, model: AssignmentModel, setting: Setting) -> list[Run]:
    """Every method that supports the model."""

    def by_backend(name: str) -> Claim:
        found = solve_model(model, solver=name, time_limit=setting.time_limit)
        return None if found.status is Status.UNKNOWN else found.objective, found.lower_bound

    def alone() -> Claim:
        value = objective(model, BACKENDS["min_cost_flow"].solve(model, Options(setting.time_limit)).assignment)
        return value, value

    def by_scipy() -> Claim:
        value = objective(model, expanded_assignment(model))
        return value, value

    methods: dict[str, Method] = {
        name: partial(by_backend, name) for name, backend in BACKENDS.items() if backend.supports(model)
    }
    if model.is_unit:
        methods |= {ALONE: alone, LSA: by_scipy}
    runs = []
    for name, method in methods.items():
        try:
            runs.append(Run(instance, name, *timed(method, setting.repeats)))
        except TicketoptError as error:
            runs.append(Run(instance, name, 0.0, None, None, str(error)))
    return runs


def measure_whole(n_tickets: int, n_agents: int, most_effort: int, setting: Setting) -> Whole:
    """`solve` with "auto" on a drawn queue, problem in, result with rationales out."""
    problem, same = (queue_of(n_tickets, n_agents, most_effort=most_effort) for _ in range(2))
    began = time.perf_counter()
    result = solve(problem, time_limit=setting.whole_limit)
    seconds = time.perf_counter() - began
    greedy = solve(same, solver="greedy")
    efforts = "effort 1" if most_effort == 1 else f"efforts 1 to {most_effort}"
    return Whole(f"{n_tickets:,} tickets x {n_agents} agents, {efforts}", seconds, result, greedy.objective)


def mismatches(runs: Sequence[Run]) -> list[str]:
    """One line per contradiction: proven optima that differ, and plans below a proven bound."""
    lines = []
    for instance in dict.fromkeys(run.instance for run in runs):
        mine = [run for run in runs if run.instance == instance and run.value is not None]
        values = {run.method: run.value for run in mine if run.is_proven}
        if len(set(values.values())) > 1:
            lines.append(f"MISMATCH on {instance}: exact answers differ: {values}")
        bounds = [(run.bound, run.method) for run in mine if run.bound is not None]
        best = min(((run.value, run.method) for run in mine if run.value is not None), default=None)
        bound, prover = max(bounds, default=(None, ""))
        if bound is not None and best is not None and bound > best[0]:
            lines.append(f"MISMATCH on {instance}: {best[1]} found {best[0]}, below the bound {bound} of {prover}")
    return lines


def conclusions(runs: Sequence[Run], wholes: Sequence[Whole], wrong: Sequence[str]) -> list[str]:
    """What the numbers say, in sentences computed from them."""
    solved = {name: [run for run in runs if run.method == name] for name in dict.fromkeys(run.method for run in runs)}
    proofs = Counter(run.instance for run in runs if run.is_proven)
    checked = sum(count > 1 for count in proofs.values())
    lines = list(wrong) or [f"Exact answers agree to the integer on all {checked} instances that two or more solved."]
    for name, mine in solved.items():
        proven = sum(run.is_proven for run in mine)
        slowest, empty = max(mine, key=lambda run: run.seconds), sum(run.value is None for run in mine)
        median = statistics.median(run.seconds for run in mine)
        lines.append(
            f"{name}: proven optimal on {proven} of {len(mine)}, without an answer in time on {empty}; "
            f"median {median:.4f} s, slowest {slowest.seconds:.3f} s ({slowest.instance})."
        )
    seconds = {(run.instance, run.method): run.seconds for run in runs}
    ratios = [taken / seconds[name, LSA] for (name, method), taken in seconds.items() if method == ALONE]
    if ratios:
        lines.append(
            f"{ALONE} takes {statistics.geometric_mean(ratios):.2f} times as long as {LSA} "
            f"(geometric mean; {min(ratios):.2f} to {max(ratios):.2f})."
        )
    optimum = {run.instance: run.value for run in runs if run.is_proven}
    greedy = [(run.value, optimum.get(run.instance)) for run in solved.get("greedy", [])]
    excess = [value / best - 1 for value, best in greedy if value and best]
    if excess:
        mean, most = statistics.mean(excess), max(excess)
        lines.append(f"greedy's objective is {mean:.2%} above the optimum on average, {most:.2%} at most.")
    for whole in wholes:
        better = whole.greedy - whole.result.objective
        word = "better than" if better > 0 else "equal to" if better == 0 else "WORSE THAN"
        lines.append(
            f"{whole.instance}: {whole.result.summary()}, objective {whole.result.objective:.3f}, "
            f"in {whole.seconds:.2f} s; {word} greedy's {whole.greedy:.3f} by {abs(better):.3f}."
        )
    return lines


def report(runs: Sequence[Run], wholes: Sequence[Whole], wrong: Sequence[str], setting: Setting) -> str:
    """The markdown page."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("ticketopt", "numpy", "scipy", "ortools"))
    head = [
        f"# Backends compared, {date.today().isoformat()}",
        "",
        f"Machine: {_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}; "
        f"Python {platform.python_version()}, {packages}.",
        f"Setting: {setting.time_limit:g} s per solve, median of up to {setting.repeats} repeats, seed 0. "
        "The command is `python -m benchmarks.backends`.",
        "",
        "## Conclusions",
        "",
        *(f"* {line}" for line in conclusions(runs, wholes, wrong)),
        "",
        "## Runs",
        "",
        "| instance | method | seconds | objective | proven | gap |",
        "|---|---|--:|--:|---|--:|",
    ]
    kinds = [f"* {name}: {kind.summary}" for name, kind in KINDS.items()]
    return "\n".join([*head, *map(_row, runs), "", "## Instances", "", *kinds, ""])


def _row(run: Run) -> str:
    value = run.failure or ("no answer" if run.value is None else f"{run.value:,}")
    gap = "-" if run.gap is None else f"{run.gap:.4%}"
    proven = "yes" if run.is_proven else "no"
    return f"| {run.instance} | {run.method} | {run.seconds:.4f} | {value} | {proven} | {gap} |"


def _processor() -> str:
    known = Path("/proc/cpuinfo")
    lines = known.read_text(encoding="utf-8").splitlines() if known.exists() else []
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.processor())


def run_all(setting: Setting) -> tuple[list[Run], list[Whole]]:
    """Everything that a setting asks for, with progress on standard error."""
    jobs = [
        (kind, n, a)
        for kind, trait in KINDS.items()
        for n, a in (setting.effort_sizes if trait.is_hard else setting.unit_sizes)
    ]
    measure("warm-up", model_of("uniform", 5, 3), setting)  # the first call of a backend loads its library
    runs = []
    for k, (kind, n, a) in enumerate(jobs, start=1):
        print(f"[{k}/{len(jobs)}] {kind}, {n} tickets x {a} agents", file=sys.stderr, flush=True)
        runs += measure(f"{kind} {n} x {a}", model_of(kind, n, a), setting)
    wholes = []
    for n, a, most in setting.whole_sizes:
        print(f"whole of solve: {n} tickets x {a} agents, efforts up to {most}", file=sys.stderr, flush=True)
        wholes.append(measure_whole(n, a, most, setting))
    return runs, wholes


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.backends")
    parser.add_argument("--quick", action="store_true", help="small instances, a few seconds")
    parser.add_argument("--output", type=Path, metavar="DIR", help="where the page is written")
    options = parser.parse_args(arguments)
    setting = QUICK if options.quick else FULL
    runs, wholes = run_all(setting)
    page = report(runs, wholes, wrong := mismatches(runs), setting)
    folder = options.output or (None if options.quick else Path(__file__).parent / "results")
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{date.today().isoformat()}-backends.md").write_text(page, encoding="utf-8")
    print(page)
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

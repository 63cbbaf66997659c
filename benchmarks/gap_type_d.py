"""Unequal effort of type D with few jobs per agent: with dives and without, beside the bound of whole knapsacks.

    python -m benchmarks.gap_type_d [--held-out] [--seconds 10] [--instances 5] [--reference 600]

Costs fall as efforts rise, and an agent has five or ten jobs. Development instances are for tuning; those held out are
for a last measurement only. The gap is to the bound of the linear program over all knapsacks, which no plan is below:
the distance from the best plan is less than it. `--reference` looks for a better plan for so many seconds more, with
another seed, and tells the distance from the best of all plans found, too. On a machine that others use too, `cpu`
says how much of the time the process got (both threads together), and a longer limit makes up for it.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from unittest.mock import patch

import numpy as np

from benchmarks.gap_instances import Instance, typed
from ticketopt._core import gap
from ticketopt.solvers.auto import solve_model
from ticketopt.solvers.gap.engine_arrays import arrays_of

SIZES = ((100, 20), (200, 20), (400, 40))
DEVELOPMENT, HELD_OUT = 1, 1001
"""First seeds."""

LONGEST = 600.0
"""Seconds for a bound."""


def bound_of(instance: Instance) -> int:
    """The bound of the linear program over all knapsacks, from which costs are at most so far away."""
    model = instance.model
    arrays, kept = arrays_of(model), np.ones(model.pair_cost.shape, dtype=np.bool_)
    price, _ = gap.raise_prices(arrays, np.ones(model.n_agents), float(model.pair_cost.sum()), 2000, LONGEST)
    worth = (model.pair_cost + model.effort * price).min(axis=1)
    knapsacks = gap.Knapsacks(arrays, price, kept)
    worth, bound = knapsacks.raise_bound(worth, float(worth.sum()), 400, LONGEST)
    found = gap.Dive(arrays, kept, worth, 0.3, 1.0, 0).solve(LONGEST)
    return int(np.ceil(max(bound, found) - 1e-3))


def measure(instance: Instance, seconds: float, *, dives: bool, seed: int = 0) -> tuple[int, float]:
    """The cost of the plan found, and the processor's seconds."""
    began = time.process_time()
    without = patch("ticketopt.solvers.price_guided.largest", return_value=0)
    with nullcontext() if dives else without:
        found = solve_model(instance.model, solver="price_guided", time_limit=seconds, seed=seed)
    return found.objective, time.process_time() - began


def over(cost: int, least: int) -> float:
    """How far a cost is above another one, in %."""
    return 100 * (cost - least) / least


def compare(instance: Instance, options: argparse.Namespace) -> tuple[list[str], float, float | None]:
    """Cells of the table; how far the plan with dives is above the bound, and above the best plan (if asked for)."""
    bound, costs, above = bound_of(instance), [], 0.0
    cells = [str(bound)]
    for dives in (False, True):
        if options.only_with_dives and not dives:
            cells += ["-"] * 3
            continue
        cost, cpu = measure(instance, options.seconds, dives=dives)
        costs.append(cost)
        above = over(cost, bound)
        cells += [str(cost), f"{above:.3f}", f"{cpu:.1f}"]
    if options.reference is None:
        return [*cells, "-", "-"], above, None
    best = min(*costs, measure(instance, options.reference, dives=True, seed=1)[0])
    return [*cells, str(best), f"{over(costs[-1], best):.3f}"], above, over(costs[-1], best)


def summary(gaps: Sequence[float], beyond: str) -> str:
    """Mean and worst."""
    return f"{np.mean(gaps):.3f} % above {beyond}, at worst {max(gaps):.3f} %"


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="benchmarks.gap_type_d", description="Type D, few jobs per agent.")
    parser.add_argument("--held-out", action="store_true", help="the instances for a last measurement")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--instances", type=int, default=5, help="of every size")
    parser.add_argument("--agents-jobs", nargs="+", default=[f"{a}x{n}" for n, a in SIZES], metavar="AxJ")
    parser.add_argument("--only-with-dives", action="store_true")
    parser.add_argument("--reference", type=float, metavar="SECONDS", help="also the best plan that so long finds")
    parser.add_argument("--output", type=Path, help="folder for the page")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print and write."""
    options = parsed(arguments)
    first = HELD_OUT if options.held_out else DEVELOPMENT
    gaps: list[float] = []
    from_best: list[float] = []
    lines = [
        "| agents x jobs | seed | bound | without dives | gap, % | cpu, s | with dives | gap, % | cpu, s "
        "| best found | above it, % |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for size in options.agents_jobs:
        agents, jobs = map(int, size.split("x"))
        for seed in range(first, first + options.instances):
            cells, gap_to_bound, gap_to_best = compare(typed("d", jobs, agents, seed), options)
            gaps.append(gap_to_bound)
            from_best += [] if gap_to_best is None else [gap_to_best]
            lines.append(f"| {agents} x {jobs} | {seed} | {' | '.join(cells)} |")
            print(lines[-1], flush=True)
    told = f"With dives: {summary(gaps, 'the bound')}."
    if from_best:
        told += f" {summary(from_best, f'the best plan that {options.reference:g} s more find')}."
    print(told)
    if options.output is not None:
        options.output.mkdir(parents=True, exist_ok=True)
        which = "held out" if options.held_out else "development"
        title = f"# Type D, {which} instances, limit {options.seconds:g} s, {date.today().isoformat()}"
        path = options.output / f"{date.today().isoformat()}-gap-type-d.md"
        path.write_text("\n".join([title, "", told, "", *lines]) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Exact work on the pairs that can still matter.

A pair stands in no better plan if all plans with it cost more than the best one known. Prices prove that of some; then
every agent's exact knapsack proves a better bound, and excludes more (`exclusion.py`), both in integers. What is
left goes to CP-SAT.
"""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import numpy as np

from ticketopt._types import Bool
from ticketopt.solvers import milp
from ticketopt.solvers.base import Options
from ticketopt.solvers.gap import cp_model
from ticketopt.solvers.gap.exclusion import Excess, at_prices, by_knapsacks
from ticketopt.solvers.gap.search import Run
from ticketopt.solvers.gap.usable import undominated

KNAPSACKS = 0.25
"""Part of the time that knapsacks may take."""

FEW = ((1.5, 0.4), (3.0, 0.4))
"""So many pairs per ticket are looked at first, one number after the other, each for this part of the time left."""

PLANS = 0.5
"""Part of the time for all pairs that are left in which better plans are looked for; then a better bound is."""

NARROW, LEAST_SECONDS = 0.5, 1.5
"""HiGHS finds these better where at most this part of the pairs is left, and there is time to start its process."""


def prove(run: Run, done: threading.Event, seconds: float, *, most: int, is_mixed: bool = False) -> None:
    """Better plans and bounds from CP-SAT, until `done` is set; `most` pairs left are too many for it.

    The best plan is probably nearer to the bound than to the best one known. Among the pairs of plans below a target
    that few pairs can reach, it is found soon; and if there is none, the target is a better bound. `is_mixed` lets
    HiGHS look for plans among all pairs that are left.
    """
    end = time.perf_counter() + seconds
    model, cost = run.model, run.cost
    first = at_prices(model, undominated(model), run.price, run.price_parts, run.price_bound)
    excess = by_knapsacks(
        model, run.arrays, run.price, first, cost, KNAPSACKS * seconds, lambda: run.is_over() or done.is_set()
    )
    run.raise_bound(min(excess.lower_bound, cost))
    rounds = [(excess.reached_by(round(few * run.model.n_tickets)), share, "few") for few, share in FEW]
    for target, share, goal in [*rounds, (None, PLANS, "plans"), (None, 1.0, "bound")]:
        target = run.cost if target is None else min(target, run.cost)
        keep, part = excess.may_be_better(target), share * (end - time.perf_counter())
        left = int(np.count_nonzero(keep))
        if not run.is_open or done.is_set() or left > most:
            break
        if target <= run.bound or part <= 0:
            continue
        is_narrow = left <= NARROW * keep.size
        asks_highs = is_mixed and is_narrow and goal == "plans" and part > LEAST_SECONDS
        bound = _ask(run, keep, excess, part, done, asks_highs=asks_highs, from_below=goal == "bound")
        run.raise_bound(run.bound if bound is None else min(bound, target))


def _ask(
    run: Run, keep: Bool, excess: Excess, seconds: float, done: threading.Event, *, asks_highs: bool, from_below: bool
) -> int | None:
    """A solver's plan on these pairs and those of the best plan is adopted; its bound for them is returned."""
    cost, plan, keep = run.cost, run.plan, keep & run.model.allowed
    served = np.flatnonzero(plan >= 0)
    keep[served, plan[served]] = True
    core = replace(run.model, allowed=keep)
    cheap = replace(core, exit_cost=excess.least_exit(core, cost))

    def report(found: int | None, bound: int | None) -> None:
        if found is not None and found < cost:  # others may have left tickets out, at less than their exit costs
            run.options.report(found, None)

    options = Options(seconds, run.options.seed, plan, progress=report, stop=done)
    if asks_highs or cp_model.obstacle(cheap):
        answer = milp.solve(core, options)
    else:
        answer = cp_model.search(cheap, options, from_below=from_below)
    run.adopt(answer.assignment)
    return answer.lower_bound

"""Unequal effort and rows (generalized assignment): prices, annealing along them, an exact finish on what is left.

1. A good plan, and prices that prove how good (`gap/search.py`).
2. In the calling thread, an exact backend works on the pairs that may stand in a better plan (`gap/exact.py`); where it
   has nothing more to say, a search does. Beside it goes a search, until the time is over or a plan reaches the bound:
   annealings, in turns with dives (`gap/dives.py`) where the plan is far from the bound and agents have few tickets.
   With so many tickets that dives seldom see all of them, the exact backend seldom finds anything there: it waits until
   dives do not.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from itertools import cycle

from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.outcome import Outcome
from ticketopt.solvers.base import Backend, Options, has_ties
from ticketopt.solvers.gap import cp_model
from ticketopt.solvers.gap.dives import MANY, Diver, largest
from ticketopt.solvers.gap.exact import prove
from ticketopt.solvers.gap.search import HOT, SMALL, Annealer, Run
from ticketopt.solvers.gap.usable import on_usable

HOTTER, REHEATED, WARM = 2.0, 0.2, 0.05
"""Other first temperatures than `HOT`."""

ANNEALINGS = ((HOT, False), (REHEATED, True), (HOTTER, False), (REHEATED, True))
"""First temperatures of the annealings, and whether they begin with the best plan."""

SHORT, ROUND = 25, 100
"""Moves per pair: up to so few, an annealing is better begun warm; after so many, another one is better begun."""

FAR = 0.1
"""Dives are begun if the first plan is so far above the bound, in typical reduced costs of a ticket's next choices, for
every ticket. It is a third and more on type D; on types C and E and on tickets a twentieth at most, and there annealing
alone goes on as well."""

PATIENCE = 0.1
"""Part of the time limit for which dives may find nothing better."""

ALONE = 0.4
"""A small model is given to CP-SAT alone for this part of the time, however short that is."""

MOST_PAIRS = 30_000_000
"""Above so many pairs nothing is excluded: what they cost above the bound alone would take a gigabyte."""

MOST_LEFT = 8
"""Pairs left per ticket up to which an exact backend is asked about all of them."""

LEAST_SECONDS = 0.5
"""It is asked if there is so much time for it, at least ..."""

OVERRUN = 0.1
"""The backend gets a limit that ends so much earlier than that."""

LAST = 0.05
"""With fewer seconds left, no annealing is begun."""

MOST_ENTRIES = 50_000_000
"""Rows with more entries take too much memory."""


def obstacle(model: AssignmentModel) -> str | None:
    return "the rows have too many entries" if len(model.rows.row) > MOST_ENTRIES else None


def solve(model: AssignmentModel, options: Options) -> Outcome:
    """See the steps above."""
    return on_usable(_solve, model, options)


def _solve(model: AssignmentModel, options: Options) -> Outcome:
    run = Run(model, options)
    run.begin()
    if run.is_open:
        _finish(run)
    return run.outcome()


def _finish(run: Run) -> None:
    """Step 2; a small model is first given to the exact backend alone."""
    done = threading.Event()
    if run.model.pair_cost.size <= SMALL and cp_model.obstacle(run.model) is None:
        with run.options.when_stopped(done.set):
            alone = replace(run.options, time_limit=ALONE * run.left, hint=run.plan, stop=done)
            found = cp_model.search(run.model, alone)
        run.adopt(found.assignment)
        run.raise_bound(run.bound if found.lower_bound is None else found.lower_bound)
        if run.is_over():
            return
    annealers = run.annealer, run.annealer.another()
    divers: list[Diver | None] = [None, None]
    scale = run.annealer.scale()
    if largest(run.model) and run.cost - run.bound > FAR * scale * run.model.n_tickets:
        divers = [Diver(run, annealer.seed, scale) for annealer in annealers]
    arguments = annealers[0], divers[0], done
    worker = threading.Thread(target=_search_until, args=arguments, name="ticketopt search", daemon=True)
    worker.start()
    is_worth_it = run.model.pair_cost.size <= MOST_PAIRS and run.is_quick("ortools.sat.python.cp_model")
    try:
        with run.options.when_stopped(done.set):
            if divers[1] is not None and run.model.n_tickets > MANY:
                divers[1].go(PATIENCE * run.options.time_limit, done)
            if is_worth_it and run.left >= LEAST_SECONDS:
                prove(run, done, run.left - OVERRUN, most=MOST_LEFT * run.model.n_tickets, is_mixed=True)
            _search_until(annealers[1], divers[1], done)
    finally:
        done.set()
        worker.join()


def _search_until(annealer: Annealer, diver: Diver | None, done: threading.Event) -> None:
    """Dives and annealings in turns: whichever found a better plan goes on."""
    run, heats, dives = annealer.run, cycle(ANNEALINGS), diver is not None
    while run.is_open and not done.is_set() and run.left >= LAST:
        before = run.cost
        if diver is not None and dives:
            diver.go(PATIENCE * run.options.time_limit, done)
        else:
            _anneal(annealer, *next(heats), done)
        dives ^= run.cost >= before
    if not run.is_open:
        done.set()


def _anneal(annealer: Annealer, hot: float, is_reheated: bool, done: threading.Event) -> None:
    """One of several: the best of them is better than that of a long one."""
    run, pairs = annealer.run, annealer.run.model.pair_cost.size
    is_short = annealer.rate * run.left < SHORT * pairs
    seconds = min(0.95 * run.left, ROUND * pairs / max(1.0, annealer.rate))
    annealer.go(seconds, WARM if is_short else hot, start=run.plan if is_reheated else None, done=done)


SUMMARY = "prices and annealing, then an exact finish; for unequal effort and rows, with a bound"
BACKEND = Backend(SUMMARY, obstacle, solve, is_weak=has_ties)

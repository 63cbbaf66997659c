"""Unequal effort and rows (generalized assignment): prices, annealing along them, an exact finish on what is left.

1. Greedy's plan (or the hint); smooth prices of capacities; then prices of capacities and rows, and their Lagrangian
   bound, by subgradients.
2. A short annealing along reduced costs, for a better plan; then prices and annealing once more.
3. A pair stands in no better plan if all plans with it cost more than the best one known. Prices tell that of some;
   then every agent's exact knapsack proves a better bound, and tells it of more. On the pairs that are left, an exact
   backend works in the calling thread; beside it go annealings, one after another, until the time is over or a plan
   reaches the bound.

The algorithms are told in `soft_prices.py`, `excess.py` and `_core/gap.hpp`. With a seed, all is deterministic but what
the clock ends.
"""

from __future__ import annotations

import math
import sys
import threading
import time
from dataclasses import replace
from itertools import cycle
from typing import TYPE_CHECKING

import numpy as np

from ticketopt.model import AssignmentModel, Outcome, Status, objective
from ticketopt.solvers import cp_sat, greedy, milp
from ticketopt.solvers.arrays import arrays_of
from ticketopt.solvers.base import Backend, Float, Int, Options
from ticketopt.solvers.excess import Bool, Excess, at_prices, by_knapsacks
from ticketopt.solvers.soft_prices import soft_prices
from ticketopt.solvers.usable import on_usable

if TYPE_CHECKING:
    from ticketopt._core import gap

HOTTER, HOT, REHEATED, WARM, COLD = 2.0, 0.4, 0.2, 0.05, 0.01
"""First temperatures, and the last, in typical reduced costs of a ticket's next choices."""

ANNEALINGS = ((HOT, False), (REHEATED, True), (HOTTER, False), (REHEATED, True))
"""First temperatures of the annealings of step 3, and whether they begin with the best plan."""

SHORT, ROUND = 25, 100
"""Moves per pair: up to so few, an annealing is better begun warm; after so many, another one is better begun."""

STEPS = 1500
"""Subgradient steps at most, each time."""

IMPORT = 1.5
"""With less time, in seconds, nothing is done for which a library must be imported first: that can take one."""

PRICES, SOFT = 0.75, 0.5
"""Parts of the time of steps 1 and 2 that go to prices, and to the first, smooth ones."""

UNHURRIED = 0.1
"""Each may take this part of the time left, however short their own: the clock is not to decide on small models."""

NEAR = 0.2
"""The best bound is expected so far above that of the smooth prices, in parts of how far it can be."""

CANDIDATES = 4
"""Nodes per ticket that annealing tries, at first."""

ENOUGH = 5
"""Moves per ticket after which some plan should have been feasible; else there are more candidates next time."""

PROBE = 2_000
"""Attempts that tell how many can be made in a second."""

MOST_MOVES = 2**62
FIRST_MOVES = 40
"""Moves per ticket of the short annealing."""

MOST_BEGIN, BEGIN, BEGIN_PER_PAIR = 0.6, 1.5, 1e-6
"""Steps 1 and 2 may take this part of the time, but not more than so many seconds, and so many more per pair."""

SMALL = 600
"""So few pairs get no smooth prices, and are given to an exact backend alone, however short the time is ..."""

ALONE = 0.4
"""... for this part of it."""

MOST_PAIRS = 30_000_000
"""Above so many pairs nothing is excluded: what they cost above the bound alone would take a gigabyte."""

KNAPSACKS = 0.25
"""Part of the time left that knapsacks may take."""

MOST_LEFT = 40_000
"""Pairs left up to which an exact backend is asked ..."""

FEW, WHOLE = 4, 12_000
"""The first pairs of every ticket are looked at alone, where more than `WHOLE` are left in all ..."""

CORE = 0.4
"""... for this part of the time."""

LEAST_SECONDS = 0.5
"""... if there is so much time for it, at least ..."""

OVERRUN = 0.1
"""... and it is told to be ready so much earlier than that."""

PLANS = 0.3
"""Part of the time for all pairs that are left in which better plans are looked for; then a better bound is."""

MOST_ENTRIES = 50_000_000
"""Rows with more entries take too much memory."""


def obstacle(model: AssignmentModel) -> str | None:
    return "the rows have too many entries" if len(model.rows.row) > MOST_ENTRIES else None


def solve(model: AssignmentModel, options: Options) -> Outcome:
    """See the steps above. The prices go to `ticketopt.solve`, which adds the proof up again."""
    return on_usable(_solve, model, options)


def _solve(model: AssignmentModel, options: Options) -> Outcome:
    end = time.perf_counter() + options.time_limit
    start = greedy.solve(model, options).assignment if options.hint is None else options.hint
    if not model.pair_cost.size:
        return Outcome(start, Status.OPTIMAL, int(model.exit_cost.sum()))
    run = _Run(model, options, start, end)
    run.begin()
    if run.is_open:
        run.finish()
    status = Status.FEASIBLE if run.is_open else Status.OPTIMAL
    if run.bound > math.ceil(run.price_bound):
        return Outcome(run.plan, status, run.bound)
    return Outcome(run.plan, status, run.bound, *_whole(model, run.price))


class _Run:
    """What is known so far: the best plan and its cost, prices, and the bound."""

    def __init__(self, model: AssignmentModel, options: Options, plan: Int, end: float) -> None:
        from ticketopt._core import gap

        self.model, self.options, self.plan, self.end = model, options, plan, end
        self.cost = objective(model, plan)
        options.report(self.cost, None)
        self.bound = -math.ceil(model.magnitude)
        self.price_bound = float(self.bound)  # the same at the prices
        self.price = np.zeros(model.n_agents + len(model.rows))  # of every agent's units, then of every row's
        self._search: gap.Search | None = None
        self._rate = 0.0  # attempts per second
        self._candidates = CANDIDATES
        self._lock, self._gap = threading.Lock(), gap
        self._arrays = arrays_of(model)

    @property
    def is_open(self) -> bool:
        return self.bound < self.cost

    @property
    def left(self) -> float:
        return self.end - time.perf_counter()

    def begin(self) -> None:
        """Steps 1 and 2, twice."""
        seconds = min(MOST_BEGIN * max(0.0, self.left), BEGIN + BEGIN_PER_PAIR * self.model.pair_cost.size) / 2
        most = FIRST_MOVES * self.model.n_tickets
        began, short = time.perf_counter(), math.inf
        is_worth_it = self.model.pair_cost.size > SMALL and self._is_quick("scipy.optimize")
        if is_worth_it and not len(self.model.rows):  # they see no rows
            limit = max(SOFT * seconds, UNHURRIED * self.left)
            self.price, short = soft_prices(self.model, replace(self.options, time_limit=limit))
        spent = min(SOFT * seconds, time.perf_counter() - began)
        self._raise_prices(short, PRICES * seconds - spent)
        self._anneal(max((1 - PRICES) * seconds, UNHURRIED * self.left), HOT, most=most)
        self._raise_prices(short, PRICES * seconds)
        self._anneal(max((1 - PRICES) * seconds, UNHURRIED * self.left), HOT, most=most)

    def _raise_prices(self, short: float, seconds: float) -> None:
        """Better prices, and their bound; that of the present ones is at most `short` below the best there is."""
        known = self._gap.raise_prices(self._arrays, self.price, 0.0, 0, 1.0)[1]
        target = min(float(self.cost), known + NEAR * short)
        self.price, bound = self._gap.raise_prices(
            self._arrays, self.price, target, STEPS, max(1e-3, seconds), self._is_over
        )
        self.price_bound = bound
        self._raise_bound(math.ceil(bound))
        self._search = None  # it knows the old prices

    def finish(self) -> None:
        """Step 3; a small model is first given to the exact backend alone."""
        done = threading.Event()
        if self.model.pair_cost.size <= SMALL and cp_sat.obstacle(self.model) is None:
            seconds = ALONE * self.left
            with self.options.when_stopped(done.set):
                found = cp_sat.solve_core(self.model, Options(seconds, self.options.seed, self.plan, stop=done))
            self._adopt(found.assignment)
            self._raise_bound(self.bound if found.lower_bound is None else found.lower_bound)
            if self._is_over():
                return
        worker = threading.Thread(target=self._anneal_until, args=(done,), name="ticketopt annealing", daemon=True)
        worker.start()
        try:
            with self.options.when_stopped(done.set):
                self._exactly(done, self.left - OVERRUN)
                worker.join(None if self.is_open and not done.is_set() else 0.0)
        finally:
            done.set()
            worker.join()

    def _is_over(self) -> bool:
        return self.options.stopped or not self.is_open

    def _is_quick(self, library: str) -> bool:
        """Whether a library is there, or there is time to import it."""
        return library in sys.modules or self.left > IMPORT

    def _adopt(self, plan: Int) -> None:
        """Keep a plan if it is better; its cost is computed anew."""
        cost = objective(self.model, plan)
        with self._lock:
            if cost < self.cost:
                self.plan, self.cost = plan, cost
                self.options.report(self.cost, self.bound)

    def _raise_bound(self, bound: int) -> None:
        with self._lock:
            if bound > self.bound:
                self.bound = bound
                self.options.report(self.cost, self.bound)

    def _anneal(
        self,
        seconds: float,
        hot: float,
        *,
        start: Int | None = None,
        most: int = MOST_MOVES,
        done: threading.Event | None = None,
    ) -> None:
        """One annealing of about so many seconds; the best plan that it met is adopted.

        If none was feasible, the next one has more candidates: where many nodes are tied, a few of them may not do.
        """
        if seconds <= 0 or self.left <= 0:
            return
        search, end = self._search, time.perf_counter() + seconds
        if search is None:
            search = self._gap.Search(self._arrays, self.price, self._candidates, self.options.seed)
            self._search = search
        temperatures = hot * search.scale(), COLD * search.scale()

        def is_over() -> bool:
            if (better := search.best()) is not None:  # the annealing waits while it is asked
                self._adopt(better)
            return self._is_over() or (done is not None and done.is_set())

        if not self._rate:
            self._rate = self._measured_rate(search, temperatures)
        began = time.perf_counter()
        wanted = min(most, max(PROBE, int(self._rate * (end - began))))
        made = search.anneal(start, *temperatures, wanted, max(1e-3, end - began), is_over)
        self._rate = max(1, made) / max(1e-6, time.perf_counter() - began)
        plan = search.best()
        if plan is not None:
            self._adopt(plan)
        elif made >= ENOUGH * self.model.n_tickets:
            self._candidates, self._search = min(self._candidates * 3 // 2, self.model.n_agents + 1), None

    def _measured_rate(self, search: gap.Search, temperatures: tuple[float, float]) -> float:
        """Attempts per second."""
        began = time.perf_counter()
        made = search.anneal(None, *temperatures, PROBE, 1.0, self._is_over)
        return max(1, made) / max(1e-6, time.perf_counter() - began)

    def _anneal_until(self, done: threading.Event) -> None:
        """Annealings one after another: the best of several is better than that of a long one."""
        for hot, is_reheated in cycle(ANNEALINGS):
            if not self.is_open or done.is_set() or self.left < LEAST_SECONDS / 10:
                break
            pairs = self.model.pair_cost.size
            is_short = self._rate * self.left < SHORT * pairs
            seconds = min(0.95 * self.left, ROUND * pairs / self._rate)
            start = self.plan if is_reheated else None
            self._anneal(seconds, WARM if is_short else hot, start=start, done=done)
        if not self.is_open:
            done.set()

    def _exactly(self, done: threading.Event, seconds: float) -> None:
        """Ask an exact backend about the pairs that may stand in a better plan; where they are many, first about a few.

        The few cheapest pairs of every ticket prove nothing, but a good plan on them lets more pairs be excluded.
        """
        is_worth_it = self.model.pair_cost.size <= MOST_PAIRS and self._is_quick("ortools.sat.python.cp_model")
        if not is_worth_it or self.left < LEAST_SECONDS:
            return
        end = time.perf_counter() + seconds
        excess, cost = at_prices(self.model, self.price, self.price_bound), self.cost
        excess = by_knapsacks(
            self._arrays, self.price, excess, cost, KNAPSACKS * seconds, lambda: self._is_over() or done.is_set()
        )
        self._raise_bound(min(math.ceil(excess.bound), cost))
        if np.count_nonzero(excess.may_be_better(self.cost)) > WHOLE:
            few = min(FEW, self.model.n_agents) - 1
            cheap = excess.above <= np.partition(excess.above, few, axis=1)[:, few, None]
            self._ask(cheap, excess, CORE * (end - time.perf_counter()), done)
        for part, from_below in ((PLANS, False), (1.0, True)):
            cost = self.cost
            keep = excess.may_be_better(cost)
            if not self.is_open or done.is_set() or np.count_nonzero(keep) > MOST_LEFT:
                break
            bound = self._ask(keep, excess, part * (end - time.perf_counter()), done, from_below=from_below)
            if bound is not None:
                self._raise_bound(min(bound, cost))

    def _ask(
        self, keep: Bool, excess: Excess, seconds: float, done: threading.Event, *, from_below: bool = False
    ) -> int | None:
        """An exact backend's plan on these pairs and those of the plan is adopted; its bound for them is returned."""
        if seconds <= 0:
            return None
        plan, keep = self.plan, keep & self.model.allowed
        served = np.flatnonzero(plan >= 0)
        keep[served, plan[served]] = True
        core = replace(self.model, allowed=keep, exit_cost=excess.least_exit(self.model, self.cost))
        options = Options(seconds, self.options.seed, plan, stop=done)
        if cp_sat.obstacle(core):
            found = milp.solve(core, options)
        else:
            found = cp_sat.solve_core(core, options, from_below=from_below)
        self._adopt(found.assignment)
        return found.lower_bound


def _whole(model: AssignmentModel, price: Float) -> tuple[Int, int]:
    """Prices in whole parts of a cost unit, and how many parts make one: as fine as can be added up exactly."""
    units, rows = price[: model.n_agents], price[model.n_agents :]
    total = model.magnitude + float(units @ model.capacity) + float(units.max(initial=0.0)) * float(model.effort.sum())
    if len(rows):
        total += float(rows @ model.rows.bound) + float((model.rows.coefficient * rows[model.rows.row]).sum())
    scale = int(2.0 ** np.clip(60 - np.ceil(np.log2(total + 2)), 0, 20))
    return np.rint(price * scale).astype(np.int64), scale


SUMMARY = "prices and annealing, then an exact finish; for unequal effort and rows, with a bound"
BACKEND = Backend(SUMMARY, obstacle, solve)

"""A good plan, and prices that prove how good: for unequal effort and rows (generalized assignment).

1. Greedy's plan (or the hint); smooth prices of capacities; then prices of capacities and rows, and their Lagrangian
   bound, by subgradients.
2. A short annealing along reduced costs, for a better plan; then prices and annealing once more.

`smooth_prices.py` and `_core/gap.hpp` describe the algorithms. With a seed, all is deterministic but what the clock
ends.
"""

from __future__ import annotations

import math
import sys
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ticketopt._types import Float, Int
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.objective import objective
from ticketopt.model.outcome import Outcome, Status
from ticketopt.solvers import greedy
from ticketopt.solvers.base import Options
from ticketopt.solvers.gap.engine_arrays import arrays_of
from ticketopt.solvers.gap.grid import on_grid, parts_of_unit, size_at_prices
from ticketopt.solvers.gap.smooth_prices import soft_prices

if TYPE_CHECKING:
    from ticketopt._core import gap

HOT, COLD = 0.4, 0.01
"""First temperature and the last, in typical reduced costs of a ticket's next choices."""

STEPS = 1500
"""Subgradient steps at most, each time."""

IMPORT = 1.5
"""With less time, in seconds, nothing is done for which a library must be imported first: that can take one."""

MOST_BEGIN, BEGIN, BEGIN_PER_PAIR = 0.6, 1.5, 1e-6
"""Steps 1 and 2 may take this part of the time, but not more than so many seconds, and so many more per pair."""

PRICES, SOFT = 0.75, 0.5
"""Parts of it that go to prices, and to the first, smooth ones."""

UNHURRIED = 0.1
"""Each may take this part of the time left, however short their own: the clock is not to decide on small models."""

SMALL = 600
"""Models of so few pairs get no smooth prices; `price_guided` first gives them to CP-SAT alone."""

NEAR = 0.2
"""The best bound is expected so far above that of the smooth prices, in parts of how far it can be."""

CANDIDATES = 4
"""Nodes per ticket that annealing tries, at first."""

ENOUGH = 5
"""Moves per ticket after which some plan should have been feasible; else there are more candidates next time."""

PROBE = 2_000
"""Attempts that measure how many can be made in a second."""

MOST_PARTS = 2.0**62
"""What a price may be as an integer."""

MOST_MOVES = 2**62
FIRST_MOVES = 40
"""Moves per ticket of the short annealing."""


class Run:
    """What is known so far: the best plan and its cost, prices, and the bound. Several threads may add to it."""

    def __init__(self, model: AssignmentModel, options: Options) -> None:
        self.end = time.perf_counter() + options.time_limit
        self.model, self.options = model, options
        self.plan = greedy.solve(model, options).assignment if options.hint is None else options.hint
        self.cost = objective(model, self.plan)
        options.report(self.cost, None)
        self.bound = -math.ceil(model.magnitude)
        self.price = np.zeros(model.n_agents + len(model.rows))  # of every agent's units, then of every row's
        self.price_bound = float(self.bound)  # the same at the prices
        self.price_parts = (
            0  # of an integer cost of 1: the grid on which the prices are (see `grid.py`); 0 before and off it
        )
        self.arrays = arrays_of(model)
        self.annealer = Annealer(self, options.seed)
        self._lock = threading.Lock()

    @property
    def is_open(self) -> bool:
        return self.bound < self.cost

    @property
    def left(self) -> float:
        return self.end - time.perf_counter()

    def is_over(self) -> bool:
        return self.options.stopped or not self.is_open

    def is_quick(self, library: str) -> bool:
        """Whether a library is there, or there is time to import it."""
        return library in sys.modules or self.left > IMPORT

    def adopt(self, plan: Int) -> None:
        """Keep a plan if it is better; its cost is computed anew."""
        cost = objective(self.model, plan)
        with self._lock:
            if cost < self.cost:
                self.plan, self.cost = plan, cost
                self.options.report(self.cost, self.bound)

    def raise_bound(self, bound: int) -> None:
        with self._lock:
            if bound > self.bound:
                self.bound = bound
                self.options.report(self.cost, self.bound)

    def outcome(self) -> Outcome:
        """The best plan and bound, and prices that prove all or part of it; `ticketopt.solve` adds them up again."""
        status, parts = Status.FEASIBLE if self.is_open else Status.OPTIMAL, max(1, self.price_parts)
        return Outcome(self.plan, status, self.bound, _whole(self.price * parts), parts)

    def begin(self) -> None:
        """Steps 1 and 2, twice."""
        pairs = self.model.pair_cost.size
        if not pairs:
            self.raise_bound(self.cost)
            return
        seconds = min(MOST_BEGIN * max(0.0, self.left), BEGIN + BEGIN_PER_PAIR * pairs) / 2
        most = FIRST_MOVES * self.model.n_tickets
        began, short = time.perf_counter(), math.inf
        if pairs > SMALL and not len(self.model.rows) and self.is_quick("scipy.optimize"):  # they see no rows
            limit = max(SOFT * seconds, UNHURRIED * self.left)
            self.price, short = soft_prices(self.model, replace(self.options, time_limit=limit))
        spent = min(SOFT * seconds, time.perf_counter() - began)
        self._raise_prices(short, PRICES * seconds - spent)
        self.annealer.go(max((1 - PRICES) * seconds, UNHURRIED * self.left), HOT, most=most)
        self._raise_prices(short, PRICES * seconds)
        self.annealer.go(max((1 - PRICES) * seconds, UNHURRIED * self.left), HOT, most=most)

    def _raise_prices(self, short: float, seconds: float) -> None:
        """Better prices, and their bound; that of the present ones is at most `short` below the best there is."""
        from ticketopt._core import gap

        known = gap.raise_prices(self.arrays, self.price, 0.0, 0, 1.0)[1]
        target = min(float(self.cost), known + NEAR * short)
        self.price = gap.raise_prices(self.arrays, self.price, target, STEPS, max(1e-3, seconds), self.is_over)[0]
        self.price_parts = parts_of_unit(size_at_prices(self.model, self.price))
        if self.price_parts:
            self.price = on_grid(self.price, self.price_parts)
            self.price_bound = gap.raise_prices(self.arrays, self.price, 0.0, 0, 1.0)[1]
            self.raise_bound(math.ceil(self.price_bound))
        self.annealer.forget_prices()


class Annealer:
    """One thread's annealings along the prices of a run, which gets their best plans."""

    def __init__(self, run: Run, seed: int, candidates: int = CANDIDATES, rate: float = 0.0) -> None:
        self.run, self.seed = run, seed
        self.rate = rate  # attempts per second, 0 before they are measured
        self._candidates = candidates
        self._search: gap.Search | None = None

    def another(self) -> Annealer:
        """For another thread."""
        return Annealer(self.run, self.seed + 1, self._candidates, self.rate)

    def scale(self) -> float:
        """The typical reduced cost of a ticket's next choices."""
        return (self._search or self._new_search()).scale()

    def forget_prices(self) -> None:
        """The run has better ones."""
        self._search = None

    def go(
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
        run = self.run
        if seconds <= 0 or run.left <= 0:
            return
        search, end = self._search or self._new_search(), time.perf_counter() + seconds
        temperatures = hot * search.scale(), COLD * search.scale()

        def is_over() -> bool:
            if (better := search.best()) is not None:  # the annealing waits while it is asked
                run.adopt(better)
            return run.is_over() or (done is not None and done.is_set())

        if not self.rate:
            self.rate = self._measured_rate(search, temperatures)
        began = time.perf_counter()
        wanted = min(most, max(PROBE, int(self.rate * (end - began))))
        made = search.anneal(start, *temperatures, wanted, max(1e-3, end - began), is_over)
        self.rate = max(1, made) / max(1e-6, time.perf_counter() - began)
        plan = search.best()
        if plan is not None:
            run.adopt(plan)
        elif made >= ENOUGH * run.model.n_tickets:
            self._candidates, self._search = min(self._candidates * 3 // 2, run.model.n_agents + 1), None

    def _new_search(self) -> gap.Search:
        from ticketopt._core import gap

        self._search = gap.Search(self.run.arrays, self.run.price, self._candidates, self.seed)
        return self._search

    def _measured_rate(self, search: gap.Search, temperatures: tuple[float, float]) -> float:
        """Attempts per second."""
        began = time.perf_counter()
        made = search.anneal(None, *temperatures, PROBE, 1.0, self.run.is_over)
        return max(1, made) / max(1e-6, time.perf_counter() - began)


def _whole(parts: Float) -> Int:
    """Prices as integers; those too large for that prove nothing."""
    return np.where(np.abs(parts) < MOST_PARTS, np.rint(parts), 0.0).astype(np.int64)

"""Better plans by dives: for a part of the agents and their tickets, out of the best whole knapsacks.

Where costs fall as efforts rise and an agent has few tickets, a good plan fills every agent almost exactly, and moves
of a few tickets seldom do that. The linear program over whole knapsacks sees nothing else. It is solved for some agents
at random with all that they serve; dives into it make plans (`_core/gap_dive.hpp`), a short annealing places what they
left over, and a better plan is adopted. So it goes on, with parts of other sizes: a large neighborhood search (Shaw
1998) whose neighborhoods are searched by column generation.
"""

from __future__ import annotations

import math
import threading
import time

import numpy as np

from ticketopt._types import Bool, Float, Int
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.objective import objective
from ticketopt.model.parts import among
from ticketopt.solvers.gap.engine_arrays import arrays_of
from ticketopt.solvers.gap.search import COLD, Run

FEW, MANY = 50, 200
"""Tickets of a part."""

FIRST = 400
"""Tickets of the first part, or as many as there is time for: it is often all there is."""

LONG = 5_000_000
"""So large a program and its dive take as long as so many attempts of annealing, about; with fewer tickets, less by the
third power."""

MOST_CELLS = 2_000_000
"""Pairs of a part times their agents' loads: so much takes milliseconds at every step."""

CANDIDATES = 8
"""Agents per ticket that are looked at, those of least cost at the prices."""

STEPS = 300
"""For the worths of a part's tickets, at most."""

BOX, NEAR = 0.15, 0.5
"""How far duals may be from those worths at first, and when the program counts as solved; in typical reduced costs of a
ticket's next choices."""

DIVES, NOISE = 2, 0.2
"""Dives into one program; what they take off a share, at most."""

WARM, MOVES = 0.05, 50
"""First temperature of the annealing after a dive, and its moves per ticket."""


def largest(model: AssignmentModel) -> int:
    """Tickets that a part may have at most; 0 where dives are of no use.

    That is so with rows, which they do not see; with agents of so many tickets, or of such capacities, that two are
    too many.
    """
    if len(model.rows) or model.n_agents < 2 or not model.n_tickets:
        return 0
    width = max(1.0, float(model.capacity.mean()))
    most = min(FIRST, model.n_tickets, int(MOST_CELLS / (min(CANDIDATES, model.n_agents) * width)))
    return most if 2 * model.n_tickets <= min(most, MANY) * model.n_agents else 0


class Diver:
    """One thread's dives along the prices of a run, which gets their plans.

    Parameters
    ----------
    scale : the typical reduced cost of a ticket's next choices.
    """

    def __init__(self, run: Run, seed: int, scale: float) -> None:
        self.run, self.scale = run, scale
        self._most = largest(run.model)
        self._rng = np.random.default_rng(seed)
        self._is_first = True
        model = run.model
        usable = model.allowed & (model.effort <= model.capacity)
        self._value: Float = np.where(usable, model.pair_cost + model.effort * run.price[: model.n_agents], np.inf)

    def go(self, patience: float, done: threading.Event) -> None:
        """Until no better plan was found for so many seconds."""
        run, since = self.run, time.perf_counter()
        while not run.is_over() and not done.is_set() and time.perf_counter() - since < min(patience, run.left):
            if self._improve(done):
                since = time.perf_counter()

    def _improve(self, done: threading.Event) -> bool:
        """Whether one part has a better plan."""
        run, plan = self.run, self.run.plan
        tickets, agents = self._part(plan)
        if not len(tickets):
            return False
        cheapest = self._value[np.ix_(tickets, agents)]
        here = np.where(plan[tickets] < 0, -1, np.searchsorted(agents, plan[tickets]))
        found = self._solve(among(run.model, tickets, agents), cheapest, here, run.price[agents], done)
        if found is None:
            return False
        better = plan.copy()
        better[tickets] = np.where(found < 0, -1, agents[found])
        run.adopt(better)
        return True

    def _part(self, plan: Int) -> tuple[Int, Int]:
        """Tickets and agents: some agents at random, all that they serve, and their share of what nobody does."""
        n_agents, rng = self.run.model.n_agents, self._rng
        most = min(self._most, MANY)
        target = min(self._most, int(FIRST * (self.run.annealer.rate * self.run.left / LONG) ** (1 / 3)))
        if not self._is_first or target < most:
            target = int(math.exp(rng.uniform(math.log(min(FEW, most)), math.log(most + 1))))
        self._is_first = False
        order = rng.permutation(n_agents)
        counts = np.bincount(plan[plan >= 0], minlength=n_agents)
        share = np.cumsum(counts[order]) + np.arange(1, n_agents + 1) * (np.count_nonzero(plan < 0) / n_agents)
        size = max(2, int(np.searchsorted(share, target + 1e-9, side="right")))
        agents = np.sort(order[:size])
        is_in = np.isin(plan, agents) | ((plan < 0) & (rng.random(len(plan)) < len(agents) / n_agents))
        return np.flatnonzero(is_in), agents

    def _solve(self, part: AssignmentModel, value: Float, here: Int, price: Float, done: threading.Event) -> Int | None:
        """A better plan of a part than `here`, if the dives find one; `value` (n, A): costs at the prices."""
        from ticketopt._core import gap

        run, arrays, kept = self.run, arrays_of(part), _kept(value, here)
        cost, tolerance, seed = objective(part, here), NEAR * self.scale, int(self._rng.integers(2**63))
        cheapest = np.where(part.exit_cost <= value.min(axis=1), -1, value.argmin(axis=1))

        def is_over() -> bool:
            return run.is_over() or done.is_set()

        def left() -> float:
            return max(1e-3, run.left)

        worth = np.minimum(value.min(axis=1), part.exit_cost)
        worth = gap.Knapsacks(arrays, price, kept).raise_bound(worth, float(cost), STEPS, left(), is_over)[0]
        dive, search, better = gap.Dive(arrays, kept, worth, BOX * self.scale, tolerance, seed), None, None
        if dive.solve(left(), is_over) > cost - 1 + tolerance:
            return None
        is_large = part.n_tickets > MANY
        for _ in range(1 if is_large else DIVES):
            plan = dive.dive(0.0 if is_large else NOISE, left(), is_over)
            start = np.where(plan >= 0, plan, cheapest)
            if (start != plan).any():
                search = search or gap.Search(arrays, price, min(CANDIDATES, part.n_agents), seed)
                hot, cold = WARM * self.scale, COLD * self.scale
                search.anneal(start, hot, cold, MOVES * part.n_tickets, left(), is_over)
                annealed = search.best()
                plan = plan if annealed is None else annealed
            if (made := objective(part, plan)) < cost:
                better, cost = plan, made
        return better


def _kept(value: Float, here: Int) -> Bool:
    """The pairs that are looked at: every ticket's few of least value, and those of the plan."""
    few = min(CANDIDATES, value.shape[1])
    kept = np.zeros(value.shape, dtype=np.bool_)
    np.put_along_axis(kept, np.argpartition(value, few - 1, axis=1)[:, :few], True, axis=1)
    kept &= np.isfinite(value)
    served = np.flatnonzero(here >= 0)
    kept[served, here[served]] = True
    return kept

"""First prices of capacities, by a smooth stand-in for their bound.

The bound at prices is concave, but has a kink wherever two of a ticket's nodes cost the same; with whole skill levels
that is nearly everywhere, and subgradients alone stall far below the best prices. With the soft minimum
`-T log sum exp(-value / T)` in place of the minimum it is smooth, and lower by at most `T log(A + 1)` per ticket; so it
is maximized at falling temperatures by L-BFGS-B, each from where the last one ended.
"""

from __future__ import annotations

import math
import time

import numpy as np

from ticketopt._types import Float
from ticketopt.model.assignment import AssignmentModel
from ticketopt.solvers.base import Options

TEMPERATURES = (0.03, 0.003)
"""In parts of what a ticket's mean pair costs above its cheapest."""

STEPS = 100
"""Of L-BFGS-B at each temperature; a few more evaluations are allowed, which its line searches may need."""

TOLERANCE = 1e-10
"""Of its values and gradients, which are about 1."""

MOST = 2.0**52
"""No unit costs more."""

MOST_PAIRS = 400_000
"""Larger models are seen through so many pairs: those of some tickets, who stand for all."""


def soft_prices(model: AssignmentModel, options: Options) -> tuple[Float, float]:
    """(A,) prices per unit of every agent, and by how much their bound falls short of the best one, at most about.

    The model's rows are not seen. Deterministic, except where the time limit ends it.
    """
    from scipy.optimize import Bounds, minimize

    smooth = _Smooth(model, options)
    scaled = smooth.best
    for temperature in smooth.temperatures():
        smooth.cool(temperature)
        try:
            found = minimize(
                smooth,
                scaled,
                jac=True,
                method="L-BFGS-B",
                bounds=Bounds(0.0, np.inf),
                options={"maxiter": STEPS, "maxfun": STEPS + STEPS // 4, "ftol": TOLERANCE, "gtol": TOLERANCE},
            )
        except TimeoutError:
            scaled = smooth.best
            break
        scaled = np.asarray(found.x, dtype=np.float64)
    return scaled * smooth.spread, smooth.temperature * model.n_tickets * float(np.log(model.n_agents + 1))


class _Smooth:
    """The smooth bound with its sign turned, and its gradient; prices and bound in parts of typical costs."""

    def __init__(self, model: AssignmentModel, options: Options) -> None:
        self.model, self.options = model, options
        self.end = time.perf_counter() + options.time_limit
        n, agents = model.pair_cost.shape
        count = min(n, max(1, MOST_PAIRS // agents))
        self.weight = n / count
        tickets = np.arange(n) if count == n else np.random.default_rng(options.seed).choice(n, count, replace=False)
        self.effort = model.effort[tickets].astype(np.float64)
        usable = model.allowed[tickets] & (model.effort[tickets] <= model.capacity)
        self.cost = np.where(usable, model.pair_cost[tickets].astype(np.float64), np.inf)
        self.exit = model.exit_cost[tickets].astype(np.float64)
        least = np.minimum(self.cost.min(axis=1), self.exit)
        above = np.where(usable, self.cost - least[:, None], 0.0).sum(axis=1) / np.maximum(1, usable.sum(axis=1))
        self.spread = max(float(above.mean()), 1e-6)
        self.best = np.zeros(agents)
        self.size = self.spread * n

    def temperatures(self) -> list[float]:
        """Falling. Where not all can be served, prices are as high as exits are, and the first temperatures too."""
        last = [part * self.spread for part in TEMPERATURES]
        if self.model.least_effort.sum() <= self.model.capacity.sum():
            return last
        exits = TEMPERATURES[0] * float((self.exit - self.cost.min(axis=1)).clip(0).mean())
        steps = max(0, math.ceil(math.log10(max(exits, last[0]) / last[0])))
        return [*(last[0] * 10.0**k for k in range(steps, 0, -1)), *last]

    def cool(self, temperature: float) -> None:
        """From here on, values are those of another temperature."""
        self.temperature, self.least = temperature, np.inf

    def __call__(self, scaled: Float) -> tuple[float, Float]:
        if self.options.stopped or time.perf_counter() > self.end:
            raise TimeoutError
        units, heat = scaled * self.spread, self.temperature
        value = self.cost + self.effort * units
        least = np.minimum(value.min(axis=1), self.exit)
        share = np.exp((least[:, None] - value) / heat)
        total = share.sum(axis=1) + np.exp((least - self.exit) / heat)
        share /= total[:, None]
        sold, rent = self._supply(units)
        bound = self.weight * float((least - heat * np.log(total)).sum()) - rent
        gradient = self.weight * (self.effort * share).sum(axis=0) - sold
        if -bound < self.least:
            self.least, self.best = -bound, scaled.copy()
        return -bound / self.size, -gradient * self.spread / self.size

    def _supply(self, units: Float) -> tuple[Float, float]:
        """What the agents sell at these prices of their units, and what they earn by it."""
        load, capacity = self.model.load_cost, self.model.capacity
        sold = load.count_below(np.ceil(np.clip(units, -MOST, MOST)).astype(np.int64), capacity)
        return sold.astype(np.float64), float(sold @ units - load.total(sold).sum())

"""What a replay is judged by, and differences between two replays of the same tickets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ticketopt._types import Bool, Float, Int
from ticketopt.history.backtest.engine import Replayed
from ticketopt.history.backtest.world import DAY, World
from ticketopt.history.history import Outcome

__all__ = ["Difference", "Figures", "Measured", "days_needed", "difference", "figures", "measured"]

N_RESAMPLES = 1_000

INTERVAL = (2.5, 97.5)
"""Percentiles of the resamples that an interval lies between."""

BUSIEST = 10


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """One entry per replayed ticket.

    Attributes
    ----------
    waited : working hours until the first assignment.
    took : working hours until the ticket was resolved or withdrawn, or the log ended.
    wall : the same as `took` in hours of the clock on the wall.
    missed : whether the ticket was late by its due time: 1, 0, or NaN where it has none.
    passed : how often it was passed on. alone : whether one agent resolved it.
    """

    waited: Float
    took: Float
    wall: Float
    missed: Float
    passed: Float
    alone: Bool

    @property
    def judged(self) -> Float:
        """What policies are compared by: lateness, where at least half of the tickets have a due time; else `took`."""
        return self.missed if np.isfinite(self.missed).mean() >= 0.5 else self.took


@dataclass(frozen=True, slots=True)
class Figures:
    """A row of the table.

    Attributes
    ----------
    first : median working hours until the first assignment.
    median, p90, mean : working hours until a ticket was resolved. wall : median hours on the wall.
    missed : share late by their due time, None where none has one. passed : times passed on, per ticket.
    alone : share that one agent resolved. busiest : share of the stints that the ten busiest had.
    chosen : share of the stints that the policy could decide. bound : of those, where the fastest had no room.
    """

    first: float
    median: float
    p90: float
    mean: float
    wall: float
    missed: float | None
    passed: float
    alone: float
    busiest: float
    chosen: float
    bound: float


@dataclass(frozen=True, slots=True)
class Difference:
    """A mean difference per ticket, and the ends of its 95 % interval over days, draws and seeds."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:+.2f} [{self.low:+.2f}, {self.high:+.2f}]"


def measured(world: World, run: Replayed) -> Measured:
    """See `Measured`."""
    n = len(world)
    order = np.lexsort((run.attempt, run.ticket))
    ticket = run.ticket[order]
    first = np.searchsorted(ticket, np.arange(n))
    last = np.searchsorted(ticket, np.arange(n), side="right") - 1
    begun, there = first <= last, last.clip(0)
    start = np.where(begun, run.start[order][first.clip(0, len(order) - 1)], world.end)
    end = np.where(begun, run.end[order][there], world.end)
    outcome = np.where(begun, run.outcome[order][there], int(Outcome.OPEN))
    due = world.history.tickets.due[world.ticket]
    at = [np.array([world.hours.at(t) for t in times.tolist()]) for times in (world.created, start, end)]
    missed = np.where(np.isfinite(due) & (outcome != Outcome.WITHDRAWN), (end > due).astype(np.float64), np.nan)
    passed = np.bincount(run.ticket[run.outcome == Outcome.PASSED], minlength=n).astype(np.float64)
    alone = (outcome == Outcome.RESOLVED) & (passed == 0)
    return Measured(at[1] - at[0], at[2] - at[0], (end - world.created) / 3600, missed, passed, alone)


def figures(world: World, run: Replayed, found: Measured) -> Figures:
    """See `Figures`."""
    given = np.sort(np.bincount(run.agent, minlength=len(world.history.agents)))[::-1]
    has_due = np.isfinite(found.missed)
    return Figures(
        first=float(np.median(found.waited)),
        median=float(np.median(found.took)),
        p90=float(np.quantile(found.took, 0.9)),
        mean=float(found.took.mean()),
        wall=float(np.median(found.wall)),
        missed=float(found.missed[has_due].mean()) if has_due.any() else None,
        passed=float(found.passed.mean()),
        alone=float(found.alone.mean()),
        busiest=float(given[:BUSIEST].sum() / max(given.sum(), 1)),
        chosen=float(run.chosen.mean()),
        bound=run.bound / max(int(run.chosen.sum()), 1),
    )


def difference(world: World, ones: Sequence[Measured], bases: Sequence[Measured], *, seed: int = 0) -> Difference:
    """Of pairs of replays (draws, seeds): each resample takes one pair, and days of arrival as they come."""
    day, place = np.unique(np.floor(world.created / DAY), return_inverse=True)
    rng = np.random.default_rng(seed)
    sums, counts = [], []
    for one, base in zip(ones, bases, strict=True):
        apart = one.judged - base.judged
        known = np.isfinite(apart)
        sums.append(np.bincount(place[known], apart[known], minlength=len(day)))
        counts.append(np.bincount(place[known], minlength=len(day)))
    total, n = np.stack(sums), np.stack(counts)
    times = rng.multinomial(len(day), np.full(len(day), 1 / len(day)), size=N_RESAMPLES)
    pair: Int = rng.integers(0, len(ones), N_RESAMPLES)
    drawn = (times * total[pair]).sum(axis=1) / np.maximum((times * n[pair]).sum(axis=1), 1)
    low, high = np.percentile(drawn, INTERVAL)
    return Difference(float(total.sum() / max(n.sum(), 1)), float(low), float(high))


def days_needed(world: World, base: Measured, effect: float) -> int:
    """Days of a test by turns (an hour with, an hour without) that would show an effect of this size.

    In 80 % of such tests, at a 95 % interval, if tickets are independent: no fewer.
    """
    known = base.judged[np.isfinite(base.judged)]
    each = 2 * (1.96 + 0.84) ** 2 * float(known.var()) / effect**2
    a_day = len(world) / max(len(np.unique(np.floor(world.created / DAY))), 1)
    return int(np.ceil(2 * each / a_day))

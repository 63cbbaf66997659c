"""What a replay is judged by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ticketopt._types import Bool, Float
from ticketopt.history.backtest.engine import Replayed
from ticketopt.history.backtest.world import World
from ticketopt.history.history import Outcome

__all__ = ["Figures", "Measured", "figures", "measured"]

BUSIEST = 10

SKILLED = 2.0
"""Who needs at most so many times the hours of the fastest in the group is skilled: levels of 5 or more."""


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
    first_p90 : the time that nine of ten wait at most.
    median, p90, mean : working hours until a ticket was resolved. wall, wall_p90 : hours on the wall, median and 90 %.
    missed : share late by their due time, None where none has one. missed_by : the same by priority.
    passed : times passed on, per ticket.
    alone : share that one agent resolved. busiest : share of the stints that the ten busiest had.
    spread : standard deviation over mean of the stints per agent, of those who had any.
    skilled : share of stints with an agent who needs at most twice the hours of the fastest in the group, as learned.
    chosen : share of the stints that the policy could decide. bound : of those, where the fastest had no room.
    """

    first: float
    first_p90: float
    median: float
    p90: float
    mean: float
    wall: float
    wall_p90: float
    missed: float | None
    missed_by: Mapping[str, float]
    passed: float
    alone: float
    busiest: float
    spread: float
    skilled: float
    chosen: float
    bound: float


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
    due = world.due
    at = [np.array([world.hours.at(t) for t in times.tolist()]) for times in (world.created, start, end)]
    missed = np.where(np.isfinite(due) & (outcome != Outcome.WITHDRAWN), (end > due).astype(np.float64), np.nan)
    passed = np.bincount(run.ticket[run.outcome == Outcome.PASSED], minlength=n).astype(np.float64)
    alone = (outcome == Outcome.RESOLVED) & (passed == 0)
    return Measured(at[1] - at[0], at[2] - at[0], (end - world.created) / 3600, missed, passed, alone)


def figures(world: World, run: Replayed, found: Measured, hours: Float) -> Figures:
    """See `Figures`; `hours` as in `Fitted.hours`."""
    given = np.sort(np.bincount(run.agent))[::-1]
    some = given[given > 0]
    has_due = np.isfinite(found.missed)
    return Figures(
        first=float(np.median(found.waited)),
        first_p90=float(np.quantile(found.waited, 0.9)),
        median=float(np.median(found.took)),
        p90=float(np.quantile(found.took, 0.9)),
        mean=float(found.took.mean()),
        wall=float(np.median(found.wall)),
        wall_p90=float(np.quantile(found.wall, 0.9)),
        missed=float(found.missed[has_due].mean()) if has_due.any() else None,
        missed_by=_by_priority(world, found.missed),
        passed=float(found.passed.mean()),
        alone=float(found.alone.mean()),
        busiest=float(given[:BUSIEST].sum() / max(given.sum(), 1)),
        spread=float(some.std() / some.mean()) if len(some) else 0.0,
        skilled=_skilled(world, run, hours),
        chosen=float(run.chosen.mean()),
        bound=run.bound / max(int(run.chosen.sum()), 1),
    )


def _by_priority(world: World, missed: Float) -> dict[str, float]:
    priority = world.history.tickets.priority[world.ticket]
    known = np.isfinite(missed)
    names = {p: world.history.priorities[p] for p in np.unique(priority[known & (priority >= 0)]).tolist()}
    found = {name: float(missed[known & (priority == p)].mean()) for p, name in names.items()}
    return dict(sorted(found.items()))


def _skilled(world: World, run: Replayed, hours: Float) -> float:
    if not len(run.agent):
        return 0.0
    best = np.array([hours[able, g].min() if len(able) else np.inf for g, able in enumerate(world.able)])
    learned = run.agent < len(hours)  # what a further agent is like was assumed, not learned
    group = world.history.stints.group[world.first[run.ticket[learned]]]
    return float(np.mean(hours[run.agent[learned], group] <= SKILLED * best[group]))

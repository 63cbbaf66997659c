"""Differences between replays of the same tickets, with what days, draws, shuffles and kappa leave open about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ticketopt._types import Float, Int
from ticketopt.history.backtest.absences import Absences
from ticketopt.history.backtest.world import DAY, World

__all__ = ["Difference", "Pairs", "Resamples", "resamples"]

N_RESAMPLES = 1_000

INTERVAL = (2.5, 97.5)
"""Percentiles of the resamples that an interval lies between."""

BLOCK = 5
"""Days with tickets that are drawn together, for queues carry over from one to the next."""

Pairs = tuple[Sequence[Float], Sequence[Float]]
"""What replays are judged by, ticket by ticket, and the same of what they are compared with; less is better."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A mean difference per ticket, and the ends of its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:+.2f} [{self.low:+.2f}, {self.high:+.2f}]"


@dataclass(frozen=True, slots=True, eq=False)
class Resamples:
    """The same for all differences, so that they can be compared draw by draw.

    Attributes
    ----------
    day : of each ticket. times : how often each day is drawn, shape (resamples, days). lot : 0 to 1, of the pair.
    wide : what days make a mean differ by, over what blocks that are few seem to. score : normal, of kappa.
    """

    day: Int
    times: Float
    lot: Float
    wide: float
    score: Float

    def drawn(self, pairs: Pairs) -> tuple[float, Float]:
        """The mean difference, and one of each resample: of one pair (draw, shuffle), and blocks of days."""
        n_days = self.times.shape[1]
        apart = [one - base for one, base in zip(*pairs, strict=True)]
        total = np.stack([np.bincount(self.day, np.nan_to_num(a), minlength=n_days) for a in apart])
        count = np.stack([np.bincount(self.day, np.isfinite(a), minlength=n_days) for a in apart])
        pair = (self.lot * len(apart)).astype(np.int64)
        mean = total.sum(axis=1) / np.maximum(count.sum(axis=1), 1)
        by_days = (self.times @ total.T) / np.maximum(self.times @ count.T, 1)
        found = by_days[np.arange(len(pair)), pair]
        return float(mean.mean()), mean[pair] + self.wide * (found - mean[pair])

    def difference(self, pairs: Pairs) -> Difference:
        """At one kappa."""
        value, drawn = self.drawn(pairs)
        return _between(value, drawn)

    def over_kappa(self, curve: Mapping[float, Pairs], away: Absences) -> Float:
        """One of each resample, each at a kappa that what was seen of absences allows; in between, on a line."""
        kappas = sorted(curve)
        drawn = np.stack([self.drawn(curve[k])[1] for k in kappas])
        at = np.clip(np.interp(away.at(self.score), kappas, np.arange(len(kappas))), 0, len(kappas) - 1)
        low = np.minimum(at.astype(np.int64), max(len(kappas) - 2, 0))
        high = np.minimum(low + 1, len(kappas) - 1)
        every = np.arange(len(at))
        return np.asarray(drawn[low, every] + (at - low) * (drawn[high, every] - drawn[low, every]))

    def overall(self, curve: Mapping[float, Pairs], away: Absences) -> Difference:
        """With what is left open about kappa."""
        drawn = self.over_kappa(curve, away)
        return _between(float(np.median(drawn)), drawn)

    def beyond(self, curve: Mapping[float, Pairs], placebo: Mapping[float, Pairs], away: Absences) -> Difference:
        """What is left where the placebo's own difference is taken off, at the same kappa, days and draw."""
        drawn, nothing = self.over_kappa(curve, away), self.over_kappa(placebo, away)
        left = np.where(
            drawn < 0, np.minimum(drawn - np.minimum(nothing, 0), 0), np.maximum(drawn - np.maximum(nothing, 0), 0)
        )
        return _between(float(np.median(left)), left)


def _between(value: float, drawn: Float) -> Difference:
    low, high = np.percentile(drawn, INTERVAL)
    return Difference(value, float(low), float(high))


def resamples(world: World, *, seed: int = 0) -> Resamples:
    """Circular blocks of days (Politis and Romano 1992)."""
    rng = np.random.default_rng(seed)
    day, place = np.unique(np.floor(world.created / DAY), return_inverse=True)
    n = len(day)
    length = min(BLOCK, max(n // 4, 1))
    blocks = -(-n // length)
    starts = rng.integers(0, n, (N_RESAMPLES, blocks))
    chosen = (starts[:, :, None] + np.arange(length)).reshape(N_RESAMPLES, -1)[:, :n] % n
    times = np.zeros((N_RESAMPLES, n))
    np.add.at(times, (np.arange(N_RESAMPLES)[:, None], chosen), 1)
    wide = float(np.sqrt(blocks / (blocks - 1))) if blocks > 1 else 1.0
    return Resamples(place, times, rng.random(N_RESAMPLES), wide, rng.standard_normal(N_RESAMPLES))

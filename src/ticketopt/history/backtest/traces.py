"""What pictures of a backtest are drawn from: how long tickets took, and how many were open each day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ticketopt._types import Float
from ticketopt.history.backtest.checks import lasted
from ticketopt.history.backtest.measure import Measured
from ticketopt.history.backtest.world import DAY, World

__all__ = ["Traces", "traced"]

SHARES = np.arange(1, 100) / 100

LOG = "the log"


@dataclass(frozen=True, slots=True, eq=False)
class Traces:
    """Of the replayed tickets.

    Attributes
    ----------
    shares : of tickets. real : working hours within which so many were resolved in the log. Shape as `shares`.
    fresh : the same of the log's people with luck that has nothing to do with it, least and most over draws.
    days : Unix seconds of midnights. open : policy, or the log -> replayed tickets that were open then.
    """

    shares: Float
    real: Float
    fresh: tuple[Float, Float]
    days: Float
    open: Mapping[str, Float]


def traced(world: World, found: Mapping[str, Measured], fresh: Sequence[Float]) -> Traces:
    """See `Traces`; `fresh` : what tickets took in each draw of luck."""
    several = np.stack([np.quantile(one, SHARES) for one in fresh])
    took = lasted(world)
    days = np.arange(np.ceil(world.begin / DAY), np.floor(world.end / DAY) + 1) * DAY
    ends = {name: world.created + 3600 * one.wall for name, one in found.items()}
    at = world.hours
    ends[LOG] = np.array([at.when(at.at(c) + t) for c, t in zip(world.created.tolist(), took.tolist(), strict=True)])
    counts = {name: _open(world.created, end, days) for name, end in ends.items()}
    return Traces(SHARES, np.quantile(took, SHARES), (several.min(axis=0), several.max(axis=0)), days, counts)


def _open(created: Float, end: Float, days: Float) -> Float:
    begun, over = (np.searchsorted(np.sort(times), days, side="right") for times in (created, end))
    return np.asarray(begun - over, np.float64)

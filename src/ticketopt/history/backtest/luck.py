"""A ticket's luck: unit exponentials per ticket, attempt and cause, the same under every policy.

A stint ends by a cause when its integrated intensity reaches the cause's luck (random time change). Realized luck is
what makes the log replay itself: the integrated intensity at the event, and more than that for what did not happen.
"""

from __future__ import annotations

import numpy as np

from ticketopt._types import Float
from ticketopt.history.backtest.speeds import CAUSES, Speeds
from ticketopt.history.backtest.world import World

__all__ = ["FURTHER", "fresh_luck", "realized_luck"]

FURTHER = 8
"""Attempts beyond those of the log that a ticket may take; the last one passes nothing on."""


def fresh_luck(world: World, rng: np.random.Generator) -> Float:
    """Luck that has nothing to do with what happened. Shape (tickets, attempts, causes)."""
    most = int(world.attempts.max(initial=1)) + FURTHER
    luck = rng.standard_exponential((len(world), most, len(CAUSES)))
    luck[:, -1, 1] = np.inf
    return luck


def realized_luck(world: World, speeds: Speeds, rng: np.random.Generator) -> Float:
    """The luck that every ticket had, if speeds are these; fresh where it is unknown."""
    luck = fresh_luck(world, rng)
    stints = world.history.stints
    i = np.repeat(np.arange(len(world)), world.attempts)
    attempt = np.arange(len(i)) - np.repeat(np.cumsum(world.attempts) - world.attempts, world.attempts)
    s = world.stints
    for cause in CAUSES:
        factor = np.exp(speeds.ticket[cause, s] + speeds.person[cause, stints.agent[s], stints.group[s]])
        reached = factor * speeds.integrated(cause, world.worked[s])
        luck[i, attempt, cause] = reached + np.where(stints.outcome[s] == cause, 0.0, luck[i, attempt, cause])
    return luck

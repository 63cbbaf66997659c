"""A ticket's luck: unit exponentials per ticket, attempt and cause, the same under every policy.

A stint ends by a cause when its integrated intensity reaches the cause's luck (random time change). Realized luck is
what makes the log replay itself: the integrated intensity at the event, and more than that for what did not happen.
"""

from __future__ import annotations

import numpy as np

from ticketopt._types import Float, Int
from ticketopt.history.backtest.speeds import CAUSES, Speeds
from ticketopt.history.backtest.world import World
from ticketopt.history.exposure import AGE_EDGES, load_of, shared_hours

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
        hours = _by_age(world, s, speeds.gamma[cause])
        factor = np.exp(speeds.ticket[cause][:, s] + speeds.person[cause][:, stints.agent[s], stints.group[s]])
        reached = speeds.integrated(cause, np.minimum(attempt, 1), factor, hours)
        luck[i, attempt, cause] = reached + np.where(stints.outcome[s] == cause, 0.0, luck[i, attempt, cause])
    return luck


def _by_age(world: World, stint: Int, gamma: float) -> Float:
    """Working hours of stints by age, each divided by `load ** gamma`. Shape (stints asked for, ages)."""
    if gamma == 0:
        longest = np.diff(AGE_EDGES, append=np.inf)
        return np.asarray(np.clip(world.worked[stint, None] - AGE_EDGES, 0.0, longest), np.float64)
    agent = world.history.stints.agent
    load = load_of(world.history, world.pieces)
    begin = np.zeros(len(agent))
    begin[world.pieces.stint[::-1]] = world.pieces.begin[::-1]
    upper = np.append(AGE_EDGES[1:], np.inf)
    row, age = np.nonzero(world.worked[stint, None] > AGE_EDGES)
    s = stint[row]
    length = np.minimum(world.worked[s], upper[age]) - AGE_EDGES[age]
    found = np.zeros((len(stint), len(AGE_EDGES)))
    found[row, age] = shared_hours(load, agent[s], begin[s] + AGE_EDGES[age], length, gamma)
    return found

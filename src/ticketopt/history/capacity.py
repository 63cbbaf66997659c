"""What people really hold open at once, and when they are seen at work."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from ticketopt._types import Bool, Float
from ticketopt.history.exposure import Load
from ticketopt.history.observed import Past
from ticketopt.history.worktime import WEEK_HOURS, zone_offsets

__all__ = ["capacities", "gone", "hours_of_day"]

SHARE = 0.95
"""A capacity is held, or less, for this share of an agent's working time. The most ever held would be a list that
nobody empties."""

HOURS = (3.0, 97.0)
"""Percentiles of an agent's actions that working hours lie between."""

FEWEST_ACTIONS = 40
"""With fewer, no working hours are told."""

GONE_WEEKS, GONE_GAPS = 4, 10
"""Nothing for so many working weeks, and for so many of an agent's usual gaps: the agent has left, or does not act."""


def capacities(load: Load, n_agents: int) -> Float:
    """The 95th percentile of open, not pending tickets, weighted by working time; NaN for who held none.

    From an agent's first ticket to the last. Shape (agents,).
    """
    found = np.full(n_agents, np.nan)
    edges = np.searchsorted(load.agent, np.arange(n_agents + 1))
    for j, (first, last) in enumerate(pairwise(edges)):
        time, count = load.time[first:last], load.count[first:last]
        lasting = np.diff(time, append=time[-1:])
        if lasting.sum() > 0:
            order = np.argsort(count, kind="stable")
            reached = np.cumsum(lasting[order])
            found[j] = max(count[order][np.searchsorted(reached, SHARE * reached[-1])], 1)
        elif len(time):
            found[j] = 1.0
    return found


def hours_of_day(past: Past) -> Mapping[int, tuple[float, float]]:
    """Agent -> the hours of the day, local time, between which nearly all actions lie."""
    history = past.history
    agent, time = history.actions.agent, history.actions.time
    if past.clock.is_daily or not len(time):
        return {}
    local = (time + zone_offsets(history.zone, time)) % 86_400 / 3600
    order = np.argsort(agent, kind="stable")
    edges = np.searchsorted(agent[order], np.arange(len(history.agents) + 1))
    hours = {}
    for j, (first, last) in enumerate(pairwise(edges)):
        if last - first >= FEWEST_ACTIONS:
            low, high = np.percentile(local[order[first:last]], HOURS)
            hours[j] = (round(float(low), 1), round(float(high), 1))
    return hours


def gone(past: Past) -> Bool:
    """Who had not acted for long when the last ticket came in. Shape (agents,).

    A log may go on until its last ticket is closed: to be silent then is no absence.
    """
    history = past.history
    n = len(history.agents)
    agent, time = history.actions.agent, history.actions.time
    if not len(time):
        agent, time = np.tile(history.stints.agent, 2), np.concatenate([history.stints.start, history.stints.end])
    at = past.clock(time)
    first, last = np.full(n, np.inf), np.full(n, -np.inf)
    np.minimum.at(first, agent, at)
    np.maximum.at(last, agent, at)
    count = np.bincount(agent, minlength=n)
    gap = np.where(count > 1, (last - first) / np.maximum(count - 1, 1), 0.0)
    came_in = history.tickets.created[history.stints.ticket]
    edge = float(np.nanmax(came_in)) if np.isfinite(came_in).any() else history.end
    silent = float(past.clock(np.array([edge]))[0]) - last
    return np.asarray(silent > np.maximum(GONE_WEEKS * WEEK_HOURS, GONE_GAPS * gap))

"""Working time: a clock that runs as fast as the team works.

`w(t)` is the integral of the team's own profile over the 168 hours of a week, learned from when people act; days on
which next to nobody acts run as Sundays. A normal week has 40 hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np

from ticketopt._types import Bool, Float, Int
from ticketopt.history.history import History

__all__ = ["WEEK_HOURS", "WorkTime", "work_time", "zone_offsets"]

WEEK_HOURS = 40.0
"""Working hours of a normal week."""

OFFICE = (9, 17)
"""Where a log has days and no times of day, work is spread evenly between these hours."""

QUIET_BELOW = 0.25
"""A day with less than this share of the usual actions of its weekday is quiet."""

FEWEST = 8.0
"""Usual actions a day below which nobody can tell a quiet day."""

NEAR_WEEKS = 8
"""What is usual is the median of this many weeks before and after."""

_DAY = 86_400
_MONDAY = 4 * _DAY  # 1970-01-05 was one


@dataclass(frozen=True, slots=True, eq=False)
class WorkTime:
    """Working hours as a function of Unix seconds.

    Attributes
    ----------
    profile : working hours per hour of the week, Monday first, local time; they add up to `WEEK_HOURS`. Shape (168,).
    quiet : days (local, counted from 1970-01-01) that run as Sundays, ascending.
    first : Unix seconds of the first edge; edges are hours. total : working hours up to each edge. Shape (edges,).
    is_daily : whether the log has days and no times of day.
    """

    profile: Float
    quiet: Int
    first: float
    total: Float
    is_daily: bool

    def __call__(self, time: Float) -> Float:
        """Working hours from the first edge to each time; times outside are counted at the edges."""
        at = np.clip((np.asarray(time) - self.first) / 3600, 0, len(self.total) - 1)
        return np.asarray(np.interp(at, np.arange(len(self.total)), self.total), np.float64)


def work_time(history: History) -> WorkTime:
    """The clock of a history. Actions tell when people work; where the log has none, the ends of stints do."""
    times = history.actions.time if len(history.actions.time) else np.sort(history.stints.end)
    local = times + zone_offsets(history.zone, times)
    is_daily = bool(len(local)) and float(np.mean(local % _DAY == 0)) > 0.9
    quiet = _quiet_days(local)
    profile = _profile(local, quiet, is_daily=is_daily)
    first = np.floor(history.begin / 3600) * 3600 - 3600
    edges = first + 3600 * np.arange(int((history.end - first) // 3600) + 3)
    local_edges = edges[:-1] + zone_offsets(history.zone, edges[:-1])
    hour = ((local_edges - _MONDAY) // 3600).astype(np.int64) % 168
    day = (local_edges // _DAY).astype(np.int64)
    hour = np.where(np.isin(day, quiet), 144 + hour % 24, hour)
    total = np.concatenate([[0.0], np.cumsum(profile[hour])])
    return WorkTime(profile, quiet, float(first), total, is_daily)


def _profile(local: Float, quiet: Int, *, is_daily: bool) -> Float:
    """Actions by hour of the week, per normal day of that weekday, scaled to a normal week."""
    local = local[~np.isin(local // _DAY, quiet)]
    hour = ((local - _MONDAY) // 3600).astype(np.int64) % 168
    counts = np.bincount(hour, minlength=168).astype(np.float64).reshape(7, 24)
    if len(local):
        days = np.arange(local.min() // _DAY, local.max() // _DAY + 1)
        normal = days[~np.isin(days, quiet)].astype(np.int64)
        counts /= np.maximum(np.bincount((normal - 4) % 7, minlength=7), 1)[:, None]
    if is_daily:
        by_day = counts.sum(axis=1)
        counts = np.zeros((7, 24))
        counts[:, OFFICE[0] : OFFICE[1]] = by_day[:, None]
    if not counts.any():
        counts = np.ones((7, 24))
    return np.asarray(counts.ravel() * (WEEK_HOURS / counts.sum()), np.float64)


def _quiet_days(local: Float) -> Int:
    """Days with far fewer actions than the same weekday has in the weeks around."""
    if not len(local):
        return np.zeros(0, np.int64)
    days = (local // _DAY).astype(np.int64)
    first = int(days.min()) - int((days.min() - 4) % 7)  # a Monday
    weeks = int((days.max() - first) // 7) + 1
    count = np.bincount(days - first, minlength=weeks * 7).reshape(weeks, 7).astype(np.float64)
    usual = np.array([np.median(count[max(0, k - NEAR_WEEKS) : k + NEAR_WEEKS + 1], axis=0) for k in range(weeks)])
    is_quiet: Bool = (usual >= FEWEST) & (count < QUIET_BELOW * usual)
    found = np.flatnonzero(is_quiet.ravel()) + first
    return np.asarray(found[(found >= days.min()) & (found <= days.max())], np.int64)


def zone_offsets(zone: str, times: Float) -> Float:
    """Seconds that local time is ahead of UTC; looked up once per day of UTC."""
    days, place = np.unique(np.floor(np.asarray(times, np.float64) / _DAY), return_inverse=True)
    if zone == "UTC":
        return np.zeros(len(place))
    there = ZoneInfo(zone)
    noon = [datetime.fromtimestamp(float(day) * _DAY + _DAY / 2, UTC).astimezone(there) for day in days]
    offsets = np.array([(moment.utcoffset() or moment - moment).total_seconds() for moment in noon])
    return np.asarray(offsets[place.ravel()], np.float64)

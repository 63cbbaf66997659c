"""A test by turns that would settle it: how long, and a plan (a switchback experiment, Bojinov et al. 2023)."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from ticketopt._types import Float
from ticketopt.history.backtest.world import DAY, World

__all__ = ["LONGEST_TEST", "Switchback", "Turn", "days_needed", "work_hours"]

POWER = 1.96 + 0.84
"""Standard errors that an effect is to have: 80 % of such tests then show it with a 95 % interval."""

LONGEST_TEST = 1000
"""Days, four years: whose test would take longer has none, for nobody would hold the rest alike so long."""

BUSY = 0.02
"""Hours of the day in which so large a share of the tickets come are tested."""


@dataclass(frozen=True, slots=True)
class Turn:
    """An hour of the test. `on` : whether the policy assigns what comes in it."""

    begin: datetime
    end: datetime
    on: bool


@dataclass(frozen=True, slots=True)
class Switchback:
    """An hour with the policy, an hour without, in the order of a coin: every pair of hours has one of each.

    Attributes
    ----------
    policy : its name. turns : in the order of time.
    """

    policy: str
    turns: tuple[Turn, ...]

    def to_csv(self) -> str:
        """The plan as a table: begin, end, policy."""
        out = io.StringIO()
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(["begin", "end", "assign by"])
        for turn in self.turns:
            rows.writerow([*(t.strftime("%Y-%m-%d %H:%M") for t in (turn.begin, turn.end)), self._by(turn)])
        return out.getvalue()

    def _by(self, turn: Turn) -> str:
        return self.policy if turn.on else "as before"

    @staticmethod
    def of(policy: str, days: int, start: datetime, hours: tuple[int, int], seed: int) -> Switchback:
        """On so many days from Monday to Friday, from the first hour to the last."""
        rng = np.random.default_rng(seed)
        turns: list[Turn] = []
        first, last = hours
        day = start.replace(hour=0, minute=0, second=0, microsecond=0)
        on = False
        for _ in range(days):
            while day.weekday() >= 5:
                day += timedelta(days=1)
            for hour in range(first, last):
                on = bool(rng.integers(2)) if len(turns) % 2 == 0 else not on
                begin = day + timedelta(hours=hour)
                turns.append(Turn(begin, begin + timedelta(hours=1), on))
            day += timedelta(days=1)
        return Switchback(policy, tuple(turns))


def days_needed(world: World, one: Float, base: Float, effect: float) -> int:
    """Days of such a test that would show an effect of this size; at least two.

    Tickets of one hour go together: what varies is the sum of each hour, with the policy in one half of the hours.

    Parameters
    ----------
    one, base : what every ticket is judged by, with the policy and without. effect : of the policy, per ticket.
    """
    hour = np.unique(np.floor(world.created / 3600), return_inverse=True)[1]
    known = np.isfinite(one) & np.isfinite(base)
    days = max(len(np.unique(np.floor(world.created / DAY))), 1)
    spread = sum(float(np.sum(np.bincount(hour[known], (arm[known] - arm[known].mean())) ** 2)) for arm in (one, base))
    a_day, each = known.sum() / days, spread / days
    return max(int(np.ceil(POWER**2 * 2 * each / (a_day * effect) ** 2)), 2)


def work_hours(world: World) -> tuple[int, int]:
    """From which hour of the day (UTC) to which tickets come."""
    hour = np.array([datetime.fromtimestamp(t, UTC).hour for t in world.created.tolist()])
    share = np.bincount(hour, minlength=24) / max(len(hour), 1)
    busy = np.flatnonzero(share >= BUSY)
    return (int(busy[0]), int(busy[-1]) + 1) if len(busy) else (9, 17)

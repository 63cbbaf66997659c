"""What a log shows of whose speed it is: groups when their fast people are away.

Who is always given the easy tickets looks fast, and no later ticket shows otherwise, for it is given in the same way.
But when somebody is away, the tickets of the group are as hard as ever. If what agents differ by is theirs, the group
is slower without its fast people; if it is the tickets', it is not. So kappa is what leaves the tickets' luck unrelated
to who was there when they came: an instrumental variable. Its interval is that of Anderson and Rubin, which is honest
where little can be learned (and is then all that is possible).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ticketopt._types import Float, Int
from ticketopt.history.backtest.speeds import Fitted
from ticketopt.history.backtest.world import DAY, World
from ticketopt.history.bands import BAND
from ticketopt.history.forward import rows_of
from ticketopt.history.observed import Rows, past_of

__all__ = ["MOST_KAPPA", "Absences", "absences"]

MOST_KAPPA = 3.0
"""Where hard tickets go to fast people, a log shows only a part of what they differ by: a third of it at least."""

GRID = np.linspace(-2.0, 6.0, 161)

SPAN = 28 * DAY
"""Within a group and so many days, who was there is compared: over longer times the tickets change, too."""

NEAR = 1
"""Days before and after in which who was given a ticket was there."""

BLOCK = 5 * DAY
"""Days that are taken to go together, for queues carry over."""

SURE = 1.96


@dataclass(frozen=True, slots=True, eq=False)
class Absences:
    """What was seen of kappa when people were away.

    Attributes
    ----------
    score : how far from unrelated, in standard errors, luck and who was there are, at each kappa of `GRID`; it falls.
    """

    score: Float

    def at(self, score: Float) -> Float:
        """The kappas that have these scores, at least 0, at most `MOST_KAPPA`."""
        return np.clip(np.interp(-score, -self.score, GRID), 0.0, MOST_KAPPA)

    @property
    def value(self) -> float:
        """The likeliest kappa."""
        return float(self.at(np.zeros(1))[0])

    @property
    def interval(self) -> tuple[float, float]:
        """Ends of the 95 % interval."""
        low, high = self.at(np.array([SURE, -SURE]))
        return float(low), float(high)


def absences(world: World, fitted: Fitted) -> Absences:
    """Of all routed tickets of the log, in the groups in which somebody can be chosen."""
    gamma = 0.0 if fitted.choice is None else fitted.choice.gamma
    past = past_of(world.history, "group", world.end)
    rows = rows_of(past, gamma, uses_hours=False)
    rows = rows.of((rows.group >= 0) & (BAND[rows.age] == 1))  # first minutes tell how people sign
    effects = fitted.effects[0]
    there = _there(world, rows, effects.person(_everybody(world)).reshape(len(world.history.agents), -1))
    rows, there = rows.of(np.isfinite(there)), there[np.isfinite(there)]
    if not len(rows) or np.ptp(there) < 1e-9:
        return Absences(np.zeros(len(GRID)))
    start = world.history.stints.start[rows.stint]
    cell = np.unique(
        rows.group * 10_000 + ((start - world.history.begin) // SPAN).astype(np.int64), return_inverse=True
    )[1]
    day = np.unique(((start - world.history.begin) // BLOCK).astype(np.int64), return_inverse=True)[1]
    common, person = effects.common(rows), effects.person(rows)
    scores = [_score(rows, common + kappa * person, there, cell, day) for kappa in GRID]
    return Absences(np.minimum.accumulate(np.array(scores)))


def _everybody(world: World) -> Rows:
    n, g = len(world.history.agents), len(world.history.groups)
    none, nothing = np.full(n * g, -1), np.zeros(n * g)
    return Rows(
        np.arange(n * g), np.repeat(np.arange(n), g), none, np.tile(np.arange(g), n), np.tile(np.arange(g), n), none,
        np.ones(n * g, np.int64), np.zeros(n * g, np.int64), np.full(n * g, np.nan), nothing, nothing, nothing, nothing,
    )  # fmt: skip


def _there(world: World, rows: Rows, speed: Float) -> Float:
    """Mean log speed, by their shares of the group, of the people who were there when each row's stint began.

    Who was given another ticket in the days around was there. NaN where nobody was.
    """
    stints = world.history.stints
    day = ((stints.start - world.history.begin) // DAY).astype(np.int64)
    given = np.zeros((int(day.max()) + 1, len(speed)), np.int64)
    np.add.at(given, (day, stints.agent), 1)
    around = np.pad(np.cumsum(given, axis=0), ((NEAR + 1, NEAR), (0, 0)), mode="edge")
    around[: NEAR + 1] = 0
    around = around[2 * NEAR + 1 :] - around[: -2 * NEAR - 1]
    share = np.zeros((len(world.able), len(speed)))
    for g, who in enumerate(world.able):
        share[g, who] = world.share[g]
    when, group, agent = day[rows.stint], rows.group, rows.agent
    here = around > 0
    weight = (here @ share.T)[when, group]
    total = (here @ (share[:-1].T * speed))[when, group]
    alone = around[when, agent] == 1
    mine = share[group, agent] * alone
    weight, total = weight - mine, total - mine * speed[agent, group]
    return np.where(weight > 1e-9, total / np.maximum(weight, 1e-9), np.nan)


def _score(rows: Rows, eta: Float, there: Float, cell: Int, day: Int) -> float:
    expected = rows.hours * np.exp(eta)
    level = np.bincount(cell, rows.value) / np.maximum(np.bincount(cell, expected), 1e-300)
    expected *= level[cell]
    middle = np.bincount(cell, expected * there) / np.maximum(np.bincount(cell, expected), 1e-300)
    about = there - middle[cell]
    by_day = np.bincount(day, about * (rows.value - expected))
    return float(by_day.sum() / max(float(by_day @ by_day), 1e-300) ** 0.5)

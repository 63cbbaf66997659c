"""How long every ticket could have been resolved, by its age: what an intensity is estimated from.

Every stint is cut at `AGE_EDGES`, in working hours without pauses since it began. Open stints are censored, and all
stints at `OLDEST`: they have exposure and no event.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ticketopt._types import Float, Int
from ticketopt.history.history import History, Outcome
from ticketopt.history.worktime import WorkTime

__all__ = [
    "AGE_EDGES", "FLOOR", "OLDEST", "Exposure", "Load", "Pieces", "exposure", "load_of", "pieces_of", "shared_hours",
]  # fmt: skip

AGE_EDGES = np.array([0.0, 0.05, 0.25, 1.0, 3.0, 8.0, 20.0, 60.0])
"""Lower edges of the ages, in working hours; the last is open."""

OLDEST = 200.0
"""Working hours, five weeks, after which a ticket tells no more of who has it: it waits for something else."""

FLOOR = 1 / 60
"""Working hours that a stint lasts at least: logs are written to the minute."""


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Stints without their pauses, as pieces of working time: one entry per piece, in the order of stint, then time.

    Attributes
    ----------
    stint : index into the stints. begin, end : working hours. age : working hours that the stint had at `begin`.
    """

    stint: Int
    begin: Float
    end: Float
    age: Float


@dataclass(frozen=True, slots=True, eq=False)
class Load:
    """How many not pending tickets an agent holds, over working time. Shape (steps,), in the order of agent, then time.

    Attributes
    ----------
    agent : index. time : working hours at which the number becomes `count`, which it is until the next step.
    """

    agent: Int
    time: Float
    count: Int


@dataclass(frozen=True, slots=True, eq=False)
class Exposure:
    """Cells of one stint and one age: shape (cells,) each.

    Attributes
    ----------
    stint, age : indices; ages into `AGE_EDGES`.
    hours : working hours at risk, each divided by `load ** gamma`.
    events : cause -> 1 where the stint ended so in this cell.
    crowding : `gamma` times the log of the load at the stint's end, where it ended in this cell; else 0.
    """

    stint: Int
    age: Int
    hours: Float
    events: Mapping[Outcome, Float]
    crowding: Float


def pieces_of(history: History, clock: WorkTime) -> Pieces:
    """See the class."""
    stints, pauses = history.stints, history.pauses
    every = np.arange(len(stints))
    stint = np.concatenate([every, pauses.stint])
    begin = clock(np.concatenate([stints.start, pauses.end]))
    order = np.lexsort((begin, stint))
    stint, begin = stint[order], begin[order]
    ends = np.concatenate([pauses.start, stints.end])
    of = np.concatenate([pauses.stint, every])
    end = clock(ends)[np.lexsort((ends, of))]
    length = np.maximum(end - begin, 0.0)
    before = np.concatenate([[0.0], np.cumsum(length)])[:-1]
    is_first = np.concatenate([[True], stint[1:] != stint[:-1]]) if len(stint) else np.zeros(0, bool)
    age = before - np.maximum.accumulate(np.where(is_first, before, 0.0))
    return Pieces(stint, begin, begin + length, np.maximum(age, 0.0))


def load_of(history: History, pieces: Pieces) -> Load:
    """Steps of every agent's load; tickets that nobody routed count too."""
    agent = np.tile(history.stints.agent[pieces.stint], 2)
    time = np.concatenate([pieces.begin, pieces.end])
    change = np.repeat([1, -1], len(pieces.stint))
    order = np.lexsort((-change, time, agent))
    agent, time, change = agent[order], time[order], change[order]
    count = np.cumsum(change)  # every agent's changes add up to 0
    return Load(agent, time, count)


def exposure(history: History, pieces: Pieces, load: Load, *, gamma: float = 0.0) -> Exposure:
    """The cells of all stints. At `gamma` 0 an hour is an hour, at 1 it is the ticket's share of its agent's time."""
    n = len(history.stints)
    upper = np.append(AGE_EDGES[1:], OLDEST)
    until = pieces.age + pieces.end - pieces.begin
    low, high = np.maximum(pieces.age[:, None], AGE_EDGES), np.minimum(until[:, None], upper)
    piece, age = np.nonzero(high > low)
    begin = pieces.begin[piece] + low[piece, age] - pieces.age[piece]
    length = high[piece, age] - low[piece, age]
    stint = pieces.stint[piece]
    hours = length if gamma == 0 else shared_hours(load, history.stints.agent[stint], begin, length, gamma)
    table = np.zeros((n, len(AGE_EDGES)))
    np.add.at(table, (stint, age), hours)
    worked = np.bincount(pieces.stint, until - pieces.age, minlength=n)
    short = worked < FLOOR
    table[short] = 0.0
    table[short, 0] = FLOOR
    last = np.where(short, 0, np.searchsorted(AGE_EDGES, worked, side="left") - 1).clip(0)
    used = table > 0
    used[np.arange(n), last] = True
    rows, ages = np.nonzero(used)
    is_last = ages == last[rows]
    events = {
        cause: (is_last & (history.stints.outcome[rows] == cause) & (worked[rows] <= OLDEST)).astype(np.float64)
        for cause in (Outcome.RESOLVED, Outcome.PASSED)
    }
    crowding = np.zeros(len(rows))
    if gamma != 0:
        crowding[is_last] = gamma * np.log(_load_at_end(history, pieces, load))[rows[is_last]]
    return Exposure(rows, ages, np.maximum(table[rows, ages], 1e-9), events, crowding)


def _load_at_end(history: History, pieces: Pieces, load: Load) -> Float:
    """What its agent held when a stint ended, the stint included; at least 1."""
    end = np.zeros(len(history.stints))
    np.maximum.at(end, pieces.stint, pieces.end)
    span = float(load.time.max(initial=0.0)) + 1.0
    key = load.agent * span + load.time
    at = np.searchsorted(key, history.stints.agent * span + end, side="left") - 1
    return np.maximum(load.count[np.maximum(at, 0)], 1).astype(np.float64)


def shared_hours(load: Load, agent: Int, begin: Float, length: Float, gamma: float) -> Float:
    """The integral of `load ** -gamma` over stretches of working time in which the agent holds something."""
    span = float(load.time.max(initial=0.0)) + 1.0
    key = load.agent * span + load.time
    weight = np.maximum(load.count, 1).astype(np.float64) ** -gamma
    step = np.diff(load.time, append=load.time[-1:])
    step = np.where(np.append(load.agent[1:] == load.agent[:-1], False), step, 0.0)
    total = np.concatenate([[0.0], np.cumsum(step * weight)])[:-1]

    def integral(time: Float) -> Float:
        at = np.searchsorted(key, agent * span + time, side="right") - 1
        return total[at] + (time - load.time[at]) * weight[at]

    return np.asarray(integral(begin + length) - integral(begin))

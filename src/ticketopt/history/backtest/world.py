"""What is the same under every policy: the tickets of a window, their way through groups, who was there, other work."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from ticketopt._types import Bool, Float, Int
from ticketopt.history.capacity import capacities
from ticketopt.history.exposure import FLOOR, Pieces, load_of, pieces_of
from ticketopt.history.history import History, Outcome, Pauses
from ticketopt.history.levels import FEWEST_STINTS
from ticketopt.history.observed import Past
from ticketopt.history.worktime import WorkTime, work_time

__all__ = ["DAY", "Hours", "World", "world_of"]

DAY = 86_400.0

PRESENT_DAYS = 4.0
"""Who acted within so many days before is present. Presence on the same day would be the future: who resolves is
there."""

WINDOW_SHARE = 0.7
"""Tickets are replayed that were created in this first part of what was not learned from; the rest of it shows how they
ended."""


Changes = tuple[list[float], list[int], list[int]]


class Hours:
    """Working hours of moments and back, one at a time."""

    def __init__(self, first: float, total: Float) -> None:
        self.first, self.total = first, total.tolist()

    def at(self, time: float) -> float:
        """Working hours up to a moment."""
        place = min(max((time - self.first) / 3600, 0.0), len(self.total) - 1.000001)
        k = int(place)
        return float(self.total[k] + (place - k) * (self.total[k + 1] - self.total[k]))

    def when(self, hours: float) -> float:
        """The first moment by which so many working hours are over; infinity where there never are."""
        k = bisect_left(self.total, hours)
        if k >= len(self.total):
            return float("inf")
        if k == 0:
            return self.first
        before = self.total[k - 1]
        return float(self.first + 3600 * (k - 1 + (hours - before) / (self.total[k] - before)))


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """Columns of the replayed tickets (shape (tickets,), in the order of `created`), and what is around them.

    Attributes
    ----------
    history : the whole log. ticket : index into its tickets. created, due : Unix seconds; NaN where nothing is due.
    first, attempts : where a ticket's stints begin in the log, and how many there are up to its first resolution.
    withdrawn : when the ticket was closed without being resolved; infinity for never.
    worked : working hours without pauses of each stint of the log, no fewer than a minute. Shape (stints,).
    waited : working hours that each stint's ticket waited for somebody else. They are the ticket's, whoever has it, and
        however fast. Shape (stints,).
    gap : working hours that each stint of the log began after the one before it. Shape (stints,).
    later : the replayed tickets' stints after their first: what an attempt that the log has not waits and lies like.
    able : group -> agents with at least five routed stints there before `begin`. share : their stints; alike.
    present : whether an agent acted in the days before each hour. Shape (hours, agents).
    capacity : what agents hold or less 95 % of the time, before `begin`. Shape (agents,).
    other : times, agents and changes (+1, -1) of the load that nobody moves, in the order of time.
    active : the same without what waits for somebody else.
    pieces : when stints of the log were worked on; of the replayed ones as if their waiting came last.
    begin, end : Unix seconds: of the window, and of the log. hours : the clock.
    own : as `able`; another where people are exchanged across groups, and `able` is everybody in all of them.
    """

    history: History
    ticket: Int
    created: Float
    due: Float
    first: Int
    attempts: Int
    withdrawn: Float
    worked: Float
    waited: Float
    gap: Float
    later: Int
    able: tuple[Int, ...]
    share: tuple[Float, ...]
    present: Bool
    capacity: Float
    other: Changes
    active: Changes
    pieces: Pieces
    begin: float
    end: float
    hours: Hours
    own: tuple[Int, ...]
    _known: dict[tuple[int, int], Int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ticket)

    @property
    def is_across(self) -> bool:
        return self.able is not self.own

    @property
    def n_agents(self) -> int:
        return len(self.capacity)

    @property
    def stints(self) -> Int:
        """The replayed tickets' stints in the log, in the order of ticket, then attempt."""
        return _stints_of(self.first, self.attempts)

    def candidates(self, group: int, time: float) -> Int:
        """Agents that a policy may choose among."""
        hour = min(int((time - self.hours.first) // 3600), len(self.present) - 1)
        found = self._known.get((group, hour))
        if found is None:
            able = self.able[group]
            found = self._known[group, hour] = able[self.present[hour, able]]
        return found

    def group(self, i: int, attempt: int) -> int:
        """The group that an attempt goes to; further attempts stay in the last."""
        return int(self.history.stints.group[self.stint(i, attempt)])

    def stint(self, i: int, attempt: int) -> int:
        """The stint of the log that stands for an attempt."""
        return int(self.first[i]) + min(attempt, int(self.attempts[i]) - 1)


def world_of(
    history: History, past: Past, targets: Mapping[str, float] | None = None, *, across: bool = False
) -> World:
    """The world after what was learned from. See `backtest` for `targets` and `across`."""
    begin = float(past.history.end)
    edge = begin + WINDOW_SHARE * (history.end - begin)
    tickets, stints = history.tickets, history.stints
    clock = work_time(history)
    count = np.bincount(stints.ticket, minlength=len(tickets))
    moved = ~tickets.own & (tickets.created >= begin) & (tickets.created < edge) & (count > 0)
    ticket = np.flatnonzero(moved)
    first = np.searchsorted(stints.ticket, ticket)
    attempts = _until_resolved(history, first, count[ticket])
    last = first + attempts - 1
    withdrawn = np.where(stints.outcome[last] == Outcome.WITHDRAWN, stints.end[last], np.inf)
    pieces = pieces_of(history, clock)
    worked = np.bincount(pieces.stint, pieces.end - pieces.begin, minlength=len(stints))
    own = _able(past)
    able, share = _anybody(*own) if across else own
    gap = np.maximum(clock(stints.start) - np.roll(clock(stints.end), 1), 0.0)
    later = _stints_of(first, attempts)
    later = later[~np.isin(later, first)]
    hours = Hours(clock.first, clock.total)
    waited = np.maximum(clock(stints.end) - clock(stints.start) - worked, 0.0)
    return World(
        history, ticket, tickets.created[ticket], _due(history, targets or {})[ticket],
        first, attempts, withdrawn, np.maximum(worked, FLOOR), waited,
        gap, later, able, share,
        _present(history, clock.first, len(clock.total)), _capacity(past), _other(history, moved),
        _active(history, moved),
        _as_replayed(history, pieces, moved, np.maximum(worked, FLOOR), clock), begin, float(history.end), hours,
        own[0],
    )  # fmt: skip


def _due(history: History, targets: Mapping[str, float]) -> Float:
    """What the log says, else so many hours on the wall after the ticket came, by its priority."""
    tickets = history.tickets
    hours = np.array([*(targets.get(name, np.nan) for name in history.priorities), np.nan], np.float64)
    return np.where(np.isfinite(tickets.due), tickets.due, tickets.created + 3600 * hours[tickets.priority])


def _stints_of(first: Int, attempts: Int) -> Int:
    return np.asarray(np.repeat(first - np.cumsum(attempts) + attempts, attempts) + np.arange(attempts.sum()), np.int64)


def _until_resolved(history: History, first: Int, count: Int) -> Int:
    """How many stints of each ticket lead to its first resolution; what is reopened is another story."""
    attempts = count.copy()
    for k, (begin, n) in enumerate(zip(first.tolist(), count.tolist(), strict=True)):
        if n > 1:
            done = np.flatnonzero(history.stints.outcome[begin : begin + n] == Outcome.RESOLVED)
            attempts[k] = done[0] + 1 if len(done) else n
    return attempts


def _able(past: Past) -> tuple[tuple[Int, ...], tuple[Float, ...]]:
    """By group; the last entry is of tickets without a group, which nobody can decide."""
    stints, routed = past.history.stints, past.history.routed
    n, g = len(past.history.agents), len(past.history.groups)
    counts = np.zeros((g + 1, n))
    np.add.at(counts, (stints.group[routed], stints.agent[routed]), 1)
    counts[g] = 0
    able = tuple(np.flatnonzero(row >= FEWEST_STINTS) for row in counts)
    return able, tuple(row[who] for row, who in zip(counts, able, strict=True))


def _anybody(able: tuple[Int, ...], share: tuple[Float, ...]) -> tuple[tuple[Int, ...], tuple[Float, ...]]:
    """Everybody in every group."""
    who, place = np.unique(np.concatenate(able), return_inverse=True)
    count = np.bincount(place, np.concatenate(share), minlength=len(who)).astype(np.float64)
    n = len(able) - 1
    return (*[who] * n, able[-1]), (*[count] * n, share[-1])


def _present(history: History, first: float, n_hours: int) -> Bool:
    """Where a log has no actions, taking and ending a ticket are some."""
    who, when = history.actions.agent, history.actions.time
    if not len(when):
        ended = history.stints.outcome != Outcome.OPEN
        who = np.concatenate([history.stints.agent, history.stints.agent[ended]])
        when = np.concatenate([history.stints.start, history.stints.end[ended]])
    span = int(PRESENT_DAYS * 24)
    change = np.zeros((n_hours + span + 2, len(history.agents)), np.int64)
    hour = np.clip(((when - first) // 3600).astype(np.int64) + 1, 0, n_hours)  # known from the next hour on
    np.add.at(change, (hour, who), 1)
    np.add.at(change, (hour + span, who), -1)
    return np.asarray(np.cumsum(change, axis=0)[:n_hours] > 0)


def _capacity(past: Past) -> Float:
    """Waiting tickets count: they stay on the list. Who held none has room for one."""
    nothing = Pauses(np.zeros(0, np.int64), np.zeros(0), np.zeros(0))
    history = History(
        source="", tickets=past.history.tickets, stints=past.history.stints, pauses=nothing,
        actions=past.history.actions, agents=past.history.agents, groups=(), kinds=(), priorities=(), requesters=(),
        begin=past.history.begin, end=past.history.end,
    )  # fmt: skip
    held = capacities(load_of(history, pieces_of(history, past.clock)), len(history.agents))
    return np.where(np.isnan(held), 1.0, held)


def _other(history: History, moved: Bool) -> Changes:
    stints = history.stints
    fixed = np.flatnonzero(~moved[stints.ticket])
    ends = fixed[stints.outcome[fixed] != Outcome.OPEN]
    time = np.concatenate([stints.start[fixed], stints.end[ends]])
    agent = np.concatenate([stints.agent[fixed], stints.agent[ends]])
    change = np.repeat([1, -1], [len(fixed), len(ends)])
    return _in_order(time, agent, change)


def _active(history: History, moved: Bool) -> Changes:
    """Of the stints that nobody moves: when they were worked on."""
    stints, pauses = history.stints, history.pauses
    fixed = np.flatnonzero(~moved[stints.ticket])
    held = ~moved[stints.ticket[pauses.stint]]
    of = stints.agent[pauses.stint[held]]
    time = np.concatenate([stints.start[fixed], pauses.end[held], stints.end[fixed], pauses.start[held]])
    agent = np.concatenate([stints.agent[fixed], of, stints.agent[fixed], of])
    return _in_order(time, agent, np.repeat([1, -1], len(time) // 2))


def _in_order(time: Float, agent: Int, change: Int) -> Changes:
    order = np.lexsort((-change, time))
    return time[order].tolist(), agent[order].tolist(), change[order].tolist()


def _as_replayed(history: History, pieces: Pieces, moved: Bool, worked: Float, clock: WorkTime) -> Pieces:
    stints = history.stints
    fixed = ~moved[stints.ticket[pieces.stint]]
    s = np.flatnonzero(moved[stints.ticket])
    begin = clock(stints.start[s])
    return Pieces(
        np.concatenate([pieces.stint[fixed], s]), np.concatenate([pieces.begin[fixed], begin]),
        np.concatenate([pieces.end[fixed], begin + worked[s]]), np.concatenate([pieces.age[fixed], np.zeros(len(s))]),
    )  # fmt: skip

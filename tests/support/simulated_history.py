"""Simulated logs of a helpdesk whose agents' true speeds are known.

The clock of the simulation is working time: the team works on weekdays from nine to five. Every open, not pending
ticket of agent j in group g, of kind k and difficulty d, is resolved with intensity
`exp(base(age) + kind_k + group_g + speed_j + speed_jg - d) * n_j ** -gamma` per working hour and passed on with
`exp(pass_base + passing_j)`, whatever the load. Time goes in small steps, so load, pending time and passing on need no
further thought.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from ticketopt._types import Bool, Float, Int
from ticketopt.history.history import Actions, History, Outcome, PastTickets, Pauses, Stints

__all__ = ["AGE_EDGES", "AGE_EFFECTS", "MONDAY", "Helpdesk", "Simulated", "simulated_history", "wall_clock"]

MONDAY = 1_704_067_200.0
"""The simulated team's first day begins then: 2024-01-01, UTC."""

STEP = 0.02
"""Working hours that the clock goes forward at once."""

SPELL = 80.0
"""Working hours of two weeks."""

AGE_EDGES = np.array([0.0, 1.0, 8.0])
AGE_EFFECTS = np.array([0.5, 0.0, -0.5])


@dataclass(frozen=True, slots=True, kw_only=True)
class Helpdesk:
    """How the simulated helpdesk is. Effects are in log units.

    Attributes
    ----------
    confounding : how strongly hard tickets go to fast agents; 0 is not at all.
    has_estimate : whether the log holds each ticket's difficulty, as hours expected before the work.
    pending : chance per working hour that a ticket begins to wait for its customer; it then waits 4 hours in the mean.
    own : share of tickets that their opener kept; nobody routed those, and they are easy.
    rate : new tickets per working hour.
    away : share of the two-week spells in which an agent gets nothing new.
    """

    agents: int = 20
    groups: int = 4
    kinds: int = 6
    days: int = 60
    rate: float = 8.0
    agent_sd: float = 0.5
    pair_sd: float = 0.25
    kind_sd: float = 0.3
    group_sd: float = 0.3
    difficulty_sd: float = 0.0
    confounding: float = 0.0
    has_estimate: bool = False
    base: float = -1.5
    passing: float = -3.5
    passing_sd: float = 0.5
    pending: float = 0.05
    own: float = 0.1
    gamma: float = 0.0
    away: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Simulated:
    """A log and the truth behind it.

    Attributes
    ----------
    speed : log units. Shape (agents,). pair : the same on top of it. Shape (agents, groups).
    hours : expected working hours until a ticket of mean difficulty is resolved, passing on counted. Shape as `pair`.
    levels : 10 times the best of those who take tickets of the group, over one's own. Shape as `pair`.
    member : who takes tickets of which group. Shape as `pair`.
    kind, group, passing, difficulty : the other effects, by kind, group, agent and ticket.
    """

    history: History
    speed: Float
    pair: Float
    hours: Float
    levels: Float
    member: Bool
    kind: Float
    group: Float
    passing: Float
    difficulty: Float


@dataclass(slots=True)
class _Truth:
    speed: Float
    pair: Float
    kind: Float
    group: Float
    passing: Float
    member: Bool


def wall_clock(hours: Float) -> Float:
    """Unix seconds of working hours since `MONDAY`; eight a day, five days a week."""
    day, hour = np.divmod(hours, 8.0)
    week, weekday = np.divmod(day, 5.0)
    return np.asarray(MONDAY + (week * 7 + weekday) * 86_400 + (9 + hour) * 3_600)


@cache
def simulated_history(helpdesk: Helpdesk | None = None, *, seed: int = 0) -> Simulated:
    """One log of one helpdesk; the same seed gives the same log everywhere."""
    desk = helpdesk or Helpdesk()
    rng = np.random.default_rng(seed)
    truth = _truth_of(desk, rng)
    run = _Run(desk, truth, rng)
    history = run.history()
    hours = _expected_hours(desk, truth)
    best = np.where(truth.member, hours, np.inf).min(axis=0)
    return Simulated(
        history, truth.speed, truth.pair, hours, 10 * best / hours, truth.member, truth.kind, truth.group,
        truth.passing, run.difficulty,
    )  # fmt: skip


def _truth_of(desk: Helpdesk, rng: np.random.Generator) -> _Truth:
    member = rng.random((desk.agents, desk.groups)) < 0.6
    member[np.arange(desk.agents), np.arange(desk.agents) % desk.groups] = True
    return _Truth(
        rng.normal(0, desk.agent_sd, desk.agents),
        rng.normal(0, desk.pair_sd, (desk.agents, desk.groups)),
        rng.normal(0, desk.kind_sd, desk.kinds),
        rng.normal(0, desk.group_sd, desk.groups),
        rng.normal(0, desk.passing_sd, desk.agents),
        member,
    )


def _expected_hours(desk: Helpdesk, truth: _Truth) -> Float:
    """By summing the survival function over small steps; a ticket passed on begins anew with a typical agent."""
    ages = np.arange(0, 400, 0.05) + 0.025
    base = desk.base + AGE_EFFECTS[np.searchsorted(AGE_EDGES, ages, side="right") - 1]

    def parts(speed: Float, passing: Float) -> tuple[Float, Float]:
        resolving = np.exp(base + speed[:, None])
        total = resolving + np.exp(desk.passing + passing)[:, None]
        alive = np.exp(-(np.cumsum(total, axis=1) - total / 2) * 0.05)
        return alive.sum(axis=1) * 0.05, (alive * (total - resolving)).sum(axis=1) * 0.05

    hours = np.empty((desk.agents, desk.groups))
    for g in range(desk.groups):
        common = truth.group[g] + truth.kind.mean()
        alone, share = parts(np.array([common]), np.zeros(1))
        typical = alone / (1 - share)
        alone, share = parts(common + truth.speed + truth.pair[:, g], truth.passing)
        hours[:, g] = alone + share * typical
    return hours


class _Run:
    """One run of the clock. Columns of stints grow as stints begin."""

    def __init__(self, desk: Helpdesk, truth: _Truth, rng: np.random.Generator) -> None:
        self.desk, self.truth, self.rng = desk, truth, rng
        n = int(desk.rate * desk.days * 8)
        self.created = np.sort(rng.uniform(0, desk.days * 8, n))
        self.kind = rng.integers(0, desk.kinds, n)
        self.group = rng.integers(0, desk.groups, n)
        self.own = rng.random(n) < desk.own
        self.difficulty = np.where(self.own, -1.0, rng.normal(0, desk.difficulty_sd, n))
        spells = np.random.default_rng([int(rng.integers(1 << 31)) if desk.away else 0]).random(
            (int(desk.days * 8 / SPELL) + 1, desk.agents)
        )
        self.away: Bool = spells < desk.away
        self.columns: dict[str, list[float]] = {
            name: [] for name in ("ticket", "agent", "attempt", "start", "end", "outcome")
        }
        self.pauses: list[tuple[int, float, float]] = []
        self._go()

    def _agent_for(self, i: int, now: float, but: int = -1) -> int:
        """Somebody of the group who is there; under confounding the faster, the harder the ticket is."""
        able = self.truth.member[:, self.group[i]].copy()
        here = able & ~self.away[int(now / SPELL)]
        able = here if here.sum() > 1 else able
        if but >= 0 and able.sum() > 1:
            able[but] = False
        liking = np.exp(self.desk.confounding * self.difficulty[i] * self.truth.speed) * able
        return int(self.rng.choice(len(able), p=liking / liking.sum()))

    def _begin(self, i: int, agent: int, attempt: int, now: float) -> None:
        for name, value in zip(self.columns, (i, agent, attempt, now, np.inf, Outcome.OPEN), strict=True):
            self.columns[name].append(value)

    def _go(self) -> None:
        desk, rng = self.desk, self.rng
        live, age, wake = np.zeros(0, np.int64), np.zeros(0), np.zeros(0)
        agent, able, passing = np.zeros(0, np.int64), np.zeros(0), np.zeros(0)
        by_age = np.exp(desk.base + AGE_EFFECTS)
        upcoming = 0
        for now in np.arange(0, desk.days * 8, STEP):
            first = len(self.columns["ticket"])
            while upcoming < len(self.created) and self.created[upcoming] < now + STEP:
                self._begin(upcoming, self._agent_for(upcoming, now), 0, float(self.created[upcoming]))
                upcoming += 1
            active = wake <= now
            resolving = by_age[np.searchsorted(AGE_EDGES, age, side="right") - 1] * able
            if desk.gamma:
                load = np.bincount(agent[active], minlength=desk.agents)
                resolving = resolving * np.maximum(load[agent], 1.0) ** -desk.gamma
            either = resolving + passing
            ends = active & (rng.random(len(live)) < 1 - np.exp(-either * STEP))
            if ends.any():
                self._end(live, ends, resolving / np.maximum(either, 1e-300), now)
            waits = active & ~ends & (rng.random(len(live)) < desk.pending * STEP)
            pause = rng.exponential(4.0, len(live))
            if waits.any():
                wake = np.where(waits, now + STEP + pause, wake)
                self.pauses += [(int(s), now + STEP, float(w)) for s, w in zip(live[waits], wake[waits], strict=True)]
            age += STEP * active
            new = np.arange(first, len(self.columns["ticket"]))
            if len(new) or ends.any():
                old, none = (live, age, wake, agent, able, passing), np.zeros(len(new))
                later = (new, none, none, *self._intensities(new))
                live, age, wake, agent, able, passing = (
                    np.concatenate([here[~ends], more]) for here, more in zip(old, later, strict=True)
                )

    def _intensities(self, stints: Int) -> tuple[Int, Float, Float]:
        """Of new stints: their agents, how fast each is resolved but for its age and the load, and passed on."""
        desk, truth = self.desk, self.truth
        ticket = np.array([self.columns["ticket"][s] for s in stints], np.int64)
        agent = np.array([self.columns["agent"][s] for s in stints], np.int64)
        group = self.group[ticket]
        able = truth.kind[self.kind[ticket]] + truth.group[group] + truth.speed[agent] + truth.pair[agent, group]
        passing = np.where(self.own[ticket], 0.0, np.exp(desk.passing + truth.passing[agent]))
        return agent, np.exp(able - self.difficulty[ticket]), passing

    def _end(self, live: Int, ends: Bool, share: Float, now: float) -> None:
        for s, resolved in zip(live[ends], self.rng.random(int(ends.sum())) < share[ends], strict=True):
            moment = now + STEP * float(self.rng.random())
            moment = max(moment, self.columns["start"][s])
            self.columns["end"][s] = moment
            self.columns["outcome"][s] = Outcome.RESOLVED if resolved else Outcome.PASSED
            if not resolved:
                i, attempt = int(self.columns["ticket"][s]), int(self.columns["attempt"][s])
                other = self._agent_for(i, now, int(self.columns["agent"][s]))
                self._begin(i, other, attempt + 1, moment)

    def history(self) -> History:
        desk = self.desk
        edge = desk.days * 8.0
        column = {name: np.array(values) for name, values in self.columns.items()}
        column["end"] = np.minimum(column["end"], edge)
        order = np.lexsort((column["start"], column["ticket"]))
        place = np.argsort(order)
        column = {name: values[order] for name, values in column.items()}
        ticket, agent, attempt, outcome = (
            column[k].astype(np.int64) for k in ("ticket", "agent", "attempt", "outcome")
        )
        start, end = wall_clock(column["start"]), wall_clock(column["end"])
        stints = Stints(ticket, agent, self.group[ticket], attempt, start, end, outcome)
        waits = sorted((int(place[s]), begin, until) for s, begin, until in self.pauses)
        stint = np.array([s for s, _, _ in waits], np.int64)
        begun, over = (wall_clock(np.array([wait[k] for wait in waits])) for k in (1, 2))
        pauses = Pauses(stint, begun, np.minimum(over, end[stint]))
        return _assembled(desk, self, stints, pauses, float(wall_clock(np.array([edge - 1e-6]))[0]))


def _assembled(desk: Helpdesk, run: _Run, stints: Stints, pauses: Pauses, edge: float) -> History:
    stints = replace(stints, end=np.minimum(stints.end, edge), start=np.minimum(stints.start, edge))
    keep = pauses.start < np.minimum(pauses.end, edge)
    pauses = Pauses(pauses.stint[keep], pauses.start[keep], np.minimum(pauses.end[keep], edge))
    n = len(run.created)
    resolved = np.full(n, np.nan)
    done = stints.outcome == Outcome.RESOLVED
    resolved[stints.ticket[done]] = stints.end[done]
    unknown = np.full(n, np.nan)
    none = np.full(n, -1, np.int64)
    tickets = PastTickets(
        ids=tuple(f"T{i}" for i in range(n)), created=wall_clock(run.created), resolved=resolved,
        kind=run.kind, group=run.group, priority=none, requester=none, own=run.own, reopened=np.zeros(n, np.int64),
        estimate=2 * np.exp(run.difficulty) if desk.has_estimate else unknown, hours=unknown, due=unknown,
        texts=("",) * n,
    )  # fmt: skip
    ended = stints.outcome != Outcome.OPEN
    time = np.concatenate([stints.start, stints.end[ended]])
    order = np.argsort(time, kind="stable")
    actions = Actions(
        np.concatenate([stints.agent, stints.agent[ended]])[order],
        np.concatenate([stints.ticket, stints.ticket[ended]])[order],
        time[order],
    )
    return History(
        source="a simulated helpdesk", tickets=tickets, stints=stints, pauses=pauses, actions=actions,
        agents=tuple(f"agent {j}" for j in range(desk.agents)), groups=tuple(f"group {g}" for g in range(desk.groups)),
        kinds=tuple(f"kind {k}" for k in range(desk.kinds)), priorities=(), requesters=(),
        begin=MONDAY, end=edge,
    )  # fmt: skip

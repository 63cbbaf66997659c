"""How fast everybody is thought to be: the intensities that tickets are replayed with.

A stint of agent `j` on a ticket of group `g` ends by cause `c` with
`exp(age + ticket[c, b] + kappa person[c, b, j, g])` per working hour, where `b` is 0 in its first minutes and 1 later,
see `bands`. The part of the age is common to all first attempts, and another to all later ones, so a stint's end is
read off one of two curves.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf

import numpy as np

from ticketopt._types import Bool, Float, Int
from ticketopt.history.bands import BAND, N_BANDS, Banded, KnownApart, learned_apart
from ticketopt.history.exposure import AGE_EDGES
from ticketopt.history.forward import Choice, choose, rows_of
from ticketopt.history.history import History
from ticketopt.history.levels import MOST_PASSED, until_end
from ticketopt.history.observed import Past, Rows, past_of

__all__ = ["CAUSES", "Fitted", "Speeds", "age_at", "effects_of", "fitted", "reached"]

CAUSES = (0, 1)
"""Resolved, passed on: the values of `Outcome` that end a stint by what its agent does."""

EDGES = AGE_EDGES.tolist()

SPREAD, PASSING_SPREAD = 0.1, 0.1
"""How far agents differ from group to group, in log units: where nothing can be chosen, and in passing on."""


@dataclass(frozen=True, slots=True, eq=False)
class Speeds:
    """Intensities at one kappa.

    Attributes
    ----------
    curve : integrated intensity by age at the `AGE_EDGES`, of each cause, in first and in later attempts. Shape
        (2, 2, ages). rate : in each age; alike.
    ticket : log units of each stint of the log, by cause and band. Shape (2, 2, stints).
    person : log units of each agent in each group, kappa counted. Shape (2, 2, agents, groups + 1); the last is no
        group.
    kappa : what agents' differences were multiplied by.
    gamma : by cause: with `n` tickets in hand that wait for nobody, an agent's intensities are `n ** -gamma` of these.
    """

    curve: Float
    rate: Float
    ticket: Float
    person: Float
    kappa: float
    gamma: tuple[float, float] = (0.0, 0.0)

    def integrated(self, cause: int, again: Int, factor: Float, hours: Float) -> Float:
        """Integrated intensities of stints.

        Parameters
        ----------
        again : 1 for later attempts. factor : in the first minutes, and later. Shape (2, stints).
        hours : of each stint in each age. Shape (stints, ages).
        """
        return np.asarray((hours * self.rate[cause, again] * factor[BAND].T).sum(axis=1))


def reached(curve: Sequence[float], rate: Sequence[float], head: float, age: float) -> float:
    """A curve at an age, where the first minutes count `head` times."""
    if age < EDGES[1]:
        return head * rate[0] * age
    k = bisect_right(EDGES, age) - 1
    return float(curve[k] + (age - EDGES[k]) * rate[k] + (head - 1) * curve[1])


def age_at(curve: Sequence[float], rate: Sequence[float], head: float, luck: float) -> float:
    """The age at which it is so much: the inverse of `reached`."""
    if luck == inf:
        return inf
    if luck < head * curve[1]:
        return luck / (head * rate[0])
    luck -= (head - 1) * curve[1]
    k = max(bisect_right(curve, luck) - 1, 1)
    return float(EDGES[k] + (luck - curve[k]) / rate[k])


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """What was learned before a moment.

    Attributes
    ----------
    past : what was known. choice : what was chosen forward in time; None where the log is too short.
    gamma : exponent of load. effects : of resolving and of passing on.
    ahead : rows, one per stint of the whole log, that effects are read for.
    """

    past: Past
    choice: Choice | None
    gamma: float
    effects: tuple[Banded, Banded]
    ahead: Rows

    @property
    def kappa(self) -> float:
        """The share of agents' differences that was seen again later."""
        return 0.0 if self.choice is None else self.choice.kappa

    def with_gamma(self, gamma: float) -> Fitted:
        """The same effects with another exponent of load."""
        return replace(self, gamma=gamma)

    def drawn(self, rng: np.random.Generator) -> Fitted:
        """The same with effects drawn from what the log leaves open about them."""
        resolving, passing = (effects.drawn(rng) for effects in self.effects)
        return replace(self, effects=(resolving, passing))

    def speeds(self, kappa: float) -> Speeds:
        """Intensities where `kappa` of what agents differ by is theirs."""
        rate = np.exp(np.stack([effects.ages() for effects in self.effects]))
        curve = np.pad(np.cumsum(rate[..., :-1] * np.diff(AGE_EDGES), axis=-1), ((0, 0), (0, 0), (1, 0)))
        return Speeds(curve, rate, self._ticket(self.ahead), kappa * self._person(), kappa, (self.gamma, self.gamma))

    def _ticket(self, rows: Rows) -> Float:
        """Log units of stints, by cause and band: all effects but those of ages and agents."""
        found = [[e.common(rows) - e.fit.intercept - e.fit.columns[0] for e in both.bands] for both in self.effects]
        return np.array(found).reshape(len(CAUSES), N_BANDS, len(rows))

    def _person(self) -> Float:
        n, g = len(self.past.history.agents), len(self.past.history.groups)
        agent, group = np.repeat(np.arange(n), g + 1), np.tile(np.append(np.arange(g), -1), n)
        rows = _rows(agent, group, np.full(len(agent), -1), np.full(len(agent), -1), np.full(len(agent), np.nan))
        found = [[e.person(rows) for e in both.bands] for both in self.effects]
        return np.array(found).reshape(len(CAUSES), N_BANDS, n, g + 1)

    def hours(self) -> Float:
        """Working hours that each agent is expected to need in each group, passing on counted: what a policy may know.

        Shape (agents, groups + 1). With a list of the usual length, where load slows people.
        """
        known = self.speeds(self.kappa)
        crowding = self.gamma * np.log(_usual_load(self.past))
        passing_kappa = 0.0 if self.choice is None else self.choice.passing_kappa
        routed = np.flatnonzero(self.past.history.routed)
        of = self.past.history.stints.group[routed]
        ticket = self._ticket(_rows_of(self.past.history))[..., routed]
        groups = len(self.past.history.groups)
        found = np.empty((len(self.past.history.agents), groups + 1))
        whole = ticket.mean(axis=-1)
        theirs = self._person()[1] * passing_kappa
        for g in range(groups + 1):
            here: Bool = of == (g if g < groups else -1)
            mean = ticket[..., here].mean(axis=-1) if here.any() else whole
            base = np.log(known.rate) + mean[:, None, BAND] - crowding
            alone, share = until_end(base[:1, 1], base[1:, 1])
            typical = float(alone[0] / (1 - min(float(share[0]), MOST_PASSED)))
            alone, share = until_end(base[0, 0] + known.person[0][BAND, :, g].T, base[1, 0] + theirs[BAND, :, g].T)
            found[:, g] = alone + share * typical
        return found


def _usual_load(past: Past) -> float:
    """The median of what somebody holds who holds anything, over changes."""
    count = past.load.count[past.load.count > 0]
    return float(np.median(count)) if len(count) else 1.0


def fitted(history: History, until: float, *, gamma: float | None = None) -> Fitted:
    """Learn from what was known at `until`. Where no exponent of load is given, the one that foretold best."""
    past = past_of(history, "group", until)
    choice = choose(past.history, "group", uses_hours=False, learner=KnownApart.of)
    chosen = (0.0 if choice is None else choice.gamma) if gamma is None else gamma
    rows = rows_of(past, chosen, uses_hours=False)
    return Fitted(past, choice, chosen, effects_of(rows, len(past.skills), choice), _rows_of(history))


def effects_of(rows: Rows, n_skills: int, choice: Choice | None) -> tuple[Banded, Banded]:
    """The effects of resolving and of passing on in rows, with the spreads that were chosen."""
    spreads = {"pair": SPREAD} if choice is None else choice.spreads
    passing = learned_apart(rows, n_skills, {"pair": PASSING_SPREAD}, passing=True)
    return learned_apart(rows, n_skills, spreads), passing


def _rows_of(history: History) -> Rows:
    tickets, stints = history.tickets, history.stints
    of = stints.ticket
    estimate = np.where(tickets.estimate[of] > 0, tickets.estimate[of], np.nan)
    return _rows(stints.agent, stints.group, tickets.kind[of], tickets.priority[of], np.log(estimate))


def _rows(agent: Int, group: Int, kind: Int, priority: Int, estimate: Float) -> Rows:
    """Rows of stints that have just begun."""
    n = len(agent)
    index, none = np.arange(n), np.zeros(n)
    first = np.zeros(n, np.int64)
    return Rows(index, agent, kind, group, group, priority, first, first, estimate, none, none, none, none)

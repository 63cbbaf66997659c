"""How fast everybody is thought to be: the intensities that tickets are replayed with.

A stint of agent `j` on a ticket of group `g` ends by cause `c` with `exp(age + ticket[c] + kappa person[c, j, g])` per
working hour. The part of the age is common to all, so the hours until a stint's luck is used up are read off one curve.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ticketopt._types import Bool, Float, Int
from ticketopt.history.crossed import Crossed
from ticketopt.history.effects import N_AGES, Effects
from ticketopt.history.exposure import AGE_EDGES
from ticketopt.history.forward import Choice, choose, learned, rows_of
from ticketopt.history.history import History
from ticketopt.history.levels import MOST_PASSED, until_end
from ticketopt.history.observed import Past, Rows, past_of

__all__ = ["CAUSES", "Fitted", "Speeds", "fitted"]

CAUSES = (0, 1)
"""Resolved, passed on: the values of `Outcome` that end a stint by what its agent does."""

SPREAD, PASSING_SPREAD = 0.1, 0.1
"""How far agents differ from group to group, in log units: where nothing can be chosen, and in passing on."""


@dataclass(frozen=True, slots=True, eq=False)
class Speeds:
    """Intensities at one kappa.

    Attributes
    ----------
    curve : integrated intensity by age at the `AGE_EDGES`, of each cause. Shape (2, ages). rate : in each age; alike.
    ticket : log units of each stint of the log, by cause. Shape (2, stints).
    person : log units of each agent in each group, kappa counted. Shape (2, agents, groups + 1); the last is no group.
    kappa : what agents' differences were multiplied by.
    gamma : with `n` tickets in hand that wait for nobody, all intensities of an agent are `n ** -gamma` of these.
    """

    curve: Float
    rate: Float
    ticket: Float
    person: Float
    kappa: float
    gamma: float = 0.0

    def integrated(self, cause: int, age: Float) -> Float:
        """The curve at ages in working hours."""
        at = np.searchsorted(AGE_EDGES, age, side="right") - 1
        return np.asarray(self.curve[cause][at] + self.rate[cause][at] * (age - AGE_EDGES[at]))


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
    effects: tuple[Effects, Effects]
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
        resolving, passing = (replace(effects, fit=_draw(effects.fit, rng)) for effects in self.effects)
        return replace(self, effects=(resolving, passing))

    def speeds(self, kappa: float) -> Speeds:
        """Intensities where `kappa` of what agents differ by is theirs."""
        log = np.stack([e.fit.intercept + e.fit.columns[:N_AGES] for e in self.effects])
        rate = np.exp(log)
        curve = np.concatenate([np.zeros((2, 1)), np.cumsum(rate[:, :-1] * np.diff(AGE_EDGES), axis=1)], axis=1)
        ticket = np.stack([e.common(self.ahead) for e in self.effects]) - log[:, :1]
        return Speeds(curve, rate, ticket, kappa * self._person(), kappa, self.gamma)

    def _person(self) -> Float:
        n, g = len(self.past.history.agents), len(self.past.history.groups)
        agent, group = np.repeat(np.arange(n), g + 1), np.tile(np.append(np.arange(g), -1), n)
        rows = _rows(agent, group, np.full(len(agent), -1), np.full(len(agent), -1), np.full(len(agent), np.nan))
        return np.stack([e.person(rows).reshape(n, g + 1) for e in self.effects])

    def hours(self) -> Float:
        """Working hours that each agent is expected to need in each group, passing on counted: what a policy may know.

        Shape (agents, groups + 1). With a list of the usual length, where load slows people.
        """
        known = self.speeds(self.kappa)
        crowding = self.gamma * np.log(_usual_load(self.past))
        passing_kappa = 0.0 if self.choice is None else self.choice.passing_kappa
        routed = np.flatnonzero(self.past.history.routed)
        of = self.past.history.stints.group[routed]
        ticket = self._before()[:, routed]
        groups = len(self.past.history.groups)
        found = np.empty((len(self.past.history.agents), groups + 1))
        whole = ticket.mean(axis=1)
        theirs = self._person()[1] * passing_kappa
        for g in range(groups + 1):
            here: Bool = of == (g if g < groups else -1)
            mean = ticket[:, here].mean(axis=1) if here.any() else whole
            base = np.log(known.rate) + mean[:, None] - crowding
            alone, share = until_end(base[:1], base[1:])
            typical = float(alone[0] / (1 - min(float(share[0]), MOST_PASSED)))
            alone, share = until_end(base[0] + known.person[0][:, g, None], base[1] + theirs[:, g, None])
            found[:, g] = alone + share * typical
        return found

    def _before(self) -> Float:
        """Log units of the stints that were known."""
        rows = _rows_of(self.past.history)
        log = np.stack([e.fit.intercept + e.fit.columns[:1] for e in self.effects])
        return np.stack([e.common(rows) for e in self.effects]) - log


def _usual_load(past: Past) -> float:
    """The median of what somebody holds who holds anything, over changes."""
    count = past.load.count[past.load.count > 0]
    return float(np.median(count)) if len(count) else 1.0


def fitted(history: History, until: float, *, gamma: float | None = None) -> Fitted:
    """Learn from what was known at `until`. Where no exponent of load is given, the one that foretold best."""
    past = past_of(history, "group", until)
    choice = choose(past.history, "group", uses_hours=False)
    chosen = (0.0 if choice is None else choice.gamma) if gamma is None else gamma
    rows = rows_of(past, chosen, uses_hours=False)
    n, fixed = len(past.skills), {"pair": SPREAD} if choice is None else choice.spreads
    effects = learned(rows, n, fixed), learned(rows, n, {"pair": PASSING_SPREAD}, passing=True)
    return Fitted(past, choice, chosen, effects, _rows_of(history))


def _draw(fit: Crossed, rng: np.random.Generator) -> Crossed:
    columns, agent, pair = fit.draws(rng, 1)
    return replace(fit, columns=columns[0], agent=agent[0], pair=pair[0])


def _rows_of(history: History) -> Rows:
    tickets, stints = history.tickets, history.stints
    of = stints.ticket
    estimate = np.where(tickets.estimate[of] > 0, tickets.estimate[of], np.nan)
    return _rows(stints.agent, stints.group, tickets.kind[of], tickets.priority[of], np.log(estimate))


def _rows(agent: Int, group: Int, kind: Int, priority: Int, estimate: Float) -> Rows:
    """Rows of stints that have just begun."""
    n = len(agent)
    index, none = np.arange(n), np.zeros(n)
    return Rows(index, agent, kind, group, group, priority, np.zeros(n, np.int64), estimate, none, none, none, none)

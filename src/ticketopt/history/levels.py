"""From effects to levels: how many working hours an agent is expected to need, against the best on the same skill.

The hours until a ticket of a skill is resolved, if the agent gets it, count passing on: what is passed on takes as long
again as it takes a typical agent. A level is 10 times the best hours over one's own, so that 5 needs twice as long; who
is alone on a skill is compared with a typical agent.
Intervals are of draws: what the log leaves open about effects, and that a part of an agent's difference goes by
(`Choice.kappa`): of a variance `v`, `kappa v` stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from ticketopt._types import Float, Int
from ticketopt.history.crossed import Crossed
from ticketopt.history.effects import N_AGES, Effects
from ticketopt.history.exposure import AGE_EDGES
from ticketopt.history.forward import Choice
from ticketopt.history.history import Outcome
from ticketopt.history.observed import Past, Rows

__all__ = ["FEWEST_STINTS", "Level", "Levels", "Support", "levels_of", "support_of", "until_end"]

FEWEST_STINTS = 5
"""Routed tickets of a skill from which on an agent is listed under it."""

N_DRAWS = 200

INTERVAL = (5.0, 95.0)
"""Percentiles of the draws that an interval lies between: 90 % of them are inside."""

MOST_PASSED = 0.95
"""A typical agent resolves at least a twentieth: else nothing would ever end."""

OWN, PACE, TEAM = "own tickets of this skill", "the agent's pace on all skills", "the team"
"""What a level can rest on."""


@dataclass(frozen=True, slots=True)
class Level:
    """How good an agent is at a skill.

    Attributes
    ----------
    value : 0 to 10; 5 needs twice the working hours of the best. low, high : ends of the 90 % interval.
    tickets : of the skill, that the agent had. passed : of those, passed on.
    basis : what it rests on: the agent's own tickets of this skill, the agent's pace on all skills, or the team.
    pace_share : how much of the difference from a typical agent is the agent's pace on all skills; 0 to 1.
    """

    value: float
    low: float
    high: float
    tickets: int
    basis: str
    passed: int = 0
    pace_share: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Support:
    """What agents had of each skill: one entry per agent and skill of which there is any.

    Attributes
    ----------
    agent, skill : indices. tickets, passed : counts of routed stints.
    """

    agent: Int
    skill: Int
    tickets: Int
    passed: Int


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """Levels by (agent, skill), of agents on all skills (`pace`), of a typical agent by skill; hours by kind."""

    own: Mapping[tuple[int, int], Level]
    pace: Mapping[int, Level]
    typical: Mapping[int, Level]
    kinds: Mapping[int, float]


def support_of(past: Past, rows: Rows) -> Support:
    """Counts over the stints that rows are of."""
    stint = np.unique(rows.stint)
    agent, skill = past.history.stints.agent[stint], past.skill[stint]
    is_passed = past.history.stints.outcome[stint] == Outcome.PASSED
    key, place = np.unique(agent * (len(past.skills) + 1) + skill + 1, return_inverse=True)
    counts = [np.bincount(place, weights, minlength=len(key)).astype(np.int64) for weights in (None, is_passed)]
    named = key % (len(past.skills) + 1) > 0
    who, what = key // (len(past.skills) + 1), key % (len(past.skills) + 1) - 1
    return Support(who[named], what[named], counts[0][named], counts[1][named])


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """Effects in draws; the first draw is the mode. Log units; more is faster (for hours worked: slower).

    The last agent and the last pair are those not seen before: 0.
    """

    base: Float
    columns: Float
    agent: Float
    pair: Float
    of: Effects

    @staticmethod
    def from_fits(fits: Sequence[tuple[Effects, int]], kappa: float, rng: np.random.Generator) -> _Drawn:
        """So many draws of each fit of the same design, after the mode of the first."""
        first = fits[0][0]
        drawn = [tuple(mode[None] for mode in (first.fit.columns, first.fit.agent, first.fit.pair))]
        drawn += [effects.fit.draws(rng, n) for effects, n in fits]
        columns, agent, pair = (np.concatenate([part[k] for part in drawn]) for k in range(3))
        of_agent = np.concatenate([[0.0], *(np.full(n, _passing_by(e.fit, "agent", kappa)) for e, n in fits)])
        of_pair = np.concatenate([[0.0], *(np.full(n, _passing_by(e.fit, "pair", kappa)) for e, n in fits)])
        agent = kappa * agent + of_agent[:, None] * rng.standard_normal(agent.shape)
        pair = kappa * pair + of_pair[:, None] * rng.standard_normal(pair.shape)
        ages = N_AGES if columns.shape[1] >= N_AGES else 1
        agent, pair = (np.hstack([drawn, np.zeros((len(drawn), 1))]) for drawn in (agent, pair))
        return _Drawn(first.fit.intercept + columns[:, :ages], columns, agent, pair, first)

    def common(self, rows: Rows, part: Int, n: int) -> Float:
        """What all but age and agent adds, in the mean over the rows of each part; -1: of none. Shape (n, draws)."""
        seen = np.flatnonzero(part >= 0)
        of = sparse.csr_array((np.ones(len(seen)), (part[seen], seen)), shape=(n, len(part)))
        mean = (of @ self.of.coding.columns(rows)).toarray()
        mean /= np.maximum(np.bincount(part[seen], minlength=n), 1)[:, None]
        mean[:, : self.base.shape[1]] = 0.0
        return np.asarray(mean @ self.columns.T)

    def person(self, agent: Int, skill: int | None) -> Float:
        """What agents add, on a skill or on all. Shape (draws, agents)."""
        coding = self.of.coding
        pace = self.agent[:, coding.place(agent, coding.agent)]
        if skill is None:
            return pace
        pair = coding.place(agent * (coding.n_skills + 1) + skill + 1, coding.pair)
        return np.asarray(pace + self.pair[:, pair])


def _passing_by(fit: Crossed, block: str, kappa: float) -> float:
    return float(np.sqrt(kappa * (1 - kappa) * fit.variances[block]))


@dataclass(frozen=True, slots=True, eq=False)
class _Model:
    """Draws of what was learned; `crowding` is how much slower a typical load makes everybody, by draw."""

    choice: Choice
    resolving: _Drawn
    passing: _Drawn | None
    crowding: Float

    def common(self, rows: Rows, part: Int, n: int) -> list[tuple[Float, Float]]:
        """What all but age and agent adds to resolving and to passing on, for each part of the rows."""
        resolving = self.resolving.common(rows, part, n)
        passing = np.zeros_like(resolving) if self.passing is None else self.passing.common(rows, part, n)
        return list(zip(resolving, passing, strict=True))

    def hours(self, common: tuple[Float, Float], agent: Int, skill: int | None) -> tuple[Float, Float]:
        """Expected hours of agents, shape (draws, agents), and of a typical one, shape (draws,)."""
        mine = self.resolving.person(agent, skill)
        to_resolving, to_passing = common
        if self.choice.uses_hours:
            base = to_resolving + self.resolving.base[:, 0] + self.resolving.of.fit.sigma2 / 2
            return np.exp(base[:, None] + mine), np.exp(base)
        resolving = self.resolving.base + (to_resolving - self.crowding)[:, None]
        passing = np.full_like(resolving, -np.inf)
        theirs = np.zeros_like(mine)
        if self.passing is not None:
            passing = self.passing.base + to_passing[:, None]
            theirs = self.passing.person(agent, skill)
        alone, share = until_end(resolving[:, None], passing[:, None])
        typical = alone[:, 0] / (1 - np.minimum(share[:, 0], MOST_PASSED))
        alone, share = until_end(resolving[:, None] + mine[:, :, None], passing[:, None] + theirs[:, :, None])
        return alone + share * typical[:, None], typical


def until_end(resolving: Float, passing: Float) -> tuple[Float, Float]:
    """Expected hours that one agent has a ticket, and the chance that it is passed on; log rates by age, last axis."""
    rate = np.exp(resolving) + np.exp(passing)
    width = np.diff(AGE_EDGES)
    spent = np.concatenate([np.zeros((*rate.shape[:-1], 1)), np.cumsum(rate[..., :-1] * width, axis=-1)], axis=-1)
    ends = np.ones_like(rate)
    ends[..., :-1] = -np.expm1(-rate[..., :-1] * width)
    inside = np.exp(-spent) * ends
    return (inside / rate).sum(axis=-1), (inside * np.exp(passing) / rate).sum(axis=-1)


def levels_of(
    past: Past,
    rows: Rows,
    resolving: Sequence[tuple[Effects, float, float]],
    passing: Effects | None,
    choice: Choice,
    *,
    seed: int,
) -> Levels:
    """Levels of everybody with `FEWEST_STINTS` tickets of a skill, and paces of everybody with as many in all.

    `resolving` are fits that differ in what load does and in how far agents differ from skill to skill, the likeliest
    first, each with its exponent of load and its share of the draws.
    """
    rng = np.random.default_rng(seed)
    counts = [round(N_DRAWS * share) for *_, share in resolving]
    counts[0] += N_DRAWS - sum(counts)
    fits = [(effects, n) for (effects, *_), n in zip(resolving, counts, strict=True)]
    gammas = np.repeat([gamma for _, gamma, _ in resolving], counts)
    crowding = np.append(gammas[:1], gammas) * float(np.log(max(_typical_load(past), 1.0)))
    drawn = None if passing is None else _Drawn.from_fits([(passing, N_DRAWS)], choice.passing_kappa, rng)
    model = _Model(choice, _Drawn.from_fits(fits, choice.kappa, rng), drawn, crowding)
    one = rows.of(np.unique(rows.stint, return_index=True)[1])
    support = support_of(past, rows)
    commons = model.common(one, one.skill, len(past.skills))
    own: dict[tuple[int, int], Level] = {}
    typical = {}
    for skill in np.unique(support.skill[support.tickets >= FEWEST_STINTS]):
        here = np.flatnonzero((support.skill == skill) & (support.tickets >= FEWEST_STINTS))
        agents = support.agent[here]
        hours, usual = model.hours(commons[skill], agents, int(skill))
        best = hours.min(axis=1) if len(here) > 1 else np.minimum(hours[:, 0], usual)
        shares = _pace_shares(model, agents, int(skill))
        basis = OWN if choice.spreads["pair"] > 0 else PACE
        for k, entry in enumerate(here):
            had = int(support.tickets[entry]), int(support.passed[entry])
            own[int(agents[k]), int(skill)] = _level(best, hours[:, k], had, basis, float(shares[k]))
        typical[int(skill)] = _level(np.minimum(best, usual), usual, (int(support.tickets[here].sum()), 0), TEAM)
    return Levels(own, _paces(model, one, support), typical, _of_kinds(model, one))


def _of_kinds(model: _Model, one: Rows) -> dict[int, float]:
    """Expected hours of a typical agent, at the mode."""
    nobody = np.zeros(0, np.int64)
    kinds = np.unique(one.kind[one.kind >= 0])
    place = np.where(one.kind >= 0, np.searchsorted(kinds, one.kind), -1)
    commons = model.common(one, place, len(kinds))
    return {int(k): float(model.hours(common, nobody, None)[1][0]) for k, common in zip(kinds, commons, strict=True)}


def _typical_load(past: Past) -> float:
    """The median of what somebody holds who holds anything, over changes."""
    count = past.load.count[past.load.count > 0]
    return float(np.median(count)) if len(count) else 1.0


def _pace_shares(model: _Model, agent: Int, skill: int) -> Float:
    """Of the squared difference from a typical agent."""
    pace = model.resolving.person(agent, None)[0]
    apart = model.resolving.person(agent, skill)[0] - pace
    return np.asarray(pace**2 / np.maximum(pace**2 + apart**2, 1e-12))


def _paces(model: _Model, one: Rows, support: Support) -> dict[int, Level]:
    tickets = np.bincount(support.agent, support.tickets)
    passed = np.bincount(support.agent, support.passed)
    agents = np.flatnonzero(tickets >= FEWEST_STINTS)
    if not len(agents):
        return {}
    (common,) = model.common(one, np.zeros(len(one), np.int64), 1)
    hours, _ = model.hours(common, agents, None)
    best = hours.min(axis=1)
    return {int(j): _level(best, hours[:, k], (int(tickets[j]), int(passed[j])), PACE) for k, j in enumerate(agents)}


def _level(best: Float, own: Float, counts: tuple[int, int], basis: str, pace_share: float = 1.0) -> Level:
    """The middle and the interval of the draws, to a tenth."""
    drawn = 10 * best[1:] / own[1:]
    value, low, high = np.percentile(drawn, (50.0, *INTERVAL))
    tickets, passed = counts
    return Level(
        round(float(value), 1), round(float(low), 1), round(float(high), 1), tickets, basis, passed,
        round(pace_share, 2),
    )  # fmt: skip

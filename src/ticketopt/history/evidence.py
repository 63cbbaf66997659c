"""What the levels are worth, seen on tickets that came after everything they were learned from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ticketopt._types import Bool, Float, Int
from ticketopt.history.effects import Effects
from ticketopt.history.exposure import FLOOR
from ticketopt.history.forward import (
    Choice,
    choose,
    held_out,
    learned,
    rows_of,
    windows,
)
from ticketopt.history.history import History, Outcome
from ticketopt.history.observed import Past, Rows, past_of
from ticketopt.history.slope import Slope, score, slope_of

__all__ = ["Concordance", "TeamEvidence", "concordance", "evidence_of"]

DAY = 86_400.0

NEAR_DAYS = (7.0, 30.0, 90.0)
"""Two tickets are compared that began within so many days of each other; the longer where the log is sparse."""

ENOUGH_PAIRS = 1_000

MOST_LAGS = 400
"""A ticket is compared with at most so many that follow it."""

ALONE = {"kind": 0.0, "group": 0.0, "pair": 0.0}
"""Spreads of all but agents, where agents are known alone."""

FREE = 10.0
"""A spread at which nothing is shrunk."""


@dataclass(frozen=True, slots=True)
class Concordance:
    """Of two agents on the same kind of ticket, how often the faster was named; 0.5 is chance.

    How long a ticket took is compared with what its priority and its estimate, where there are any, let expect.

    Attributes
    ----------
    value : share of pairs of tickets. low, high : ends of the 95 % interval, over agents.
    pairs : how many. days : how far apart at most.
    """

    value: float
    low: float
    high: float
    pairs: int
    days: float


@dataclass(frozen=True, slots=True)
class TeamEvidence:
    """How a team learned from the first part of a log fared in the last.

    Attributes
    ----------
    begin, end : Unix seconds, the edges of the last part; tickets : resolved in it, agents : who resolved them.
    concordance : see `Concordance`; None where no two tickets could be compared. with_ticket : the same of expected
        hours that the ticket's own priority and estimate are part of, of what the tickets really took.
    slope : how far later tickets differ by, per difference claimed (1 is as much as claimed), after shrinking.
    over_kinds, over_agents, over_cells : gain in log likelihood per resolved ticket over knowing the kind alone, the
        agent alone, and the mean of every agent on every skill as it is.
    is_worth : whether levels are given. reason : why not, in words; empty where they are.
    """

    begin: float
    end: float
    tickets: int
    agents: int
    concordance: Concordance | None
    with_ticket: Concordance | None
    slope: Slope | None
    over_kinds: float
    over_agents: float
    over_cells: float
    is_worth: bool
    reason: str

    def __str__(self) -> str:
        if self.concordance is None or self.slope is None:
            return f"No levels are given: {self.reason}."
        c, s = self.concordance, self.slope
        words = (
            f"On {self.tickets:,} later tickets, same kind, two agents within {c.days:g} days: the faster one was named"
            f" in {c.value:.0%} of pairs ({c.low:.0%} to {c.high:.0%}; 50 % is chance). Of what agents were said to"
            f" differ by, {s.value:.0%} was seen ({s.low:.0%} to {s.high:.0%})."
        )
        return words if self.is_worth else f"{words} No levels are given: {self.reason}."


def evidence_of(history: History, skill: str, *, uses_hours: bool) -> TeamEvidence:
    """Learn from the first two thirds of the events, all choices included, and look at the last third."""
    edges = windows(history, uses_hours=uses_hours, n=1)
    choice = None
    if len(edges) == 2:
        before = past_of(history, skill, edges[0])
        choice = choose(before.history, skill, uses_hours=uses_hours)
    if choice is None:
        reason = "the log has too few resolved tickets that somebody routed to tell"
        return TeamEvidence(history.begin, history.end, 0, 0, None, None, None, 0.0, 0.0, 0.0, False, reason)
    return judged(before, past_of(history, skill, history.end), edges[0], choice)


def judged(before: Past, after: Past, begin: float, choice: Choice) -> TeamEvidence:
    """What is claimed at `begin`, learned from `before`, about the stints of `after` that began later."""
    rows = rows_of(before, choice.gamma, uses_hours=choice.uses_hours)
    later = held_out(rows_of(after, choice.gamma, uses_hours=choice.uses_hours), after, begin)
    n_skills = len(before.skills)
    effects = learned(rows, n_skills, choice.spreads)
    person = choice.kappa * effects.person(later)
    target = later.target
    own = score(target, effects.common(later) + person)
    n = max(float(target.value.sum() if target.is_rate else len(target.value)), 1.0)
    over = [(own - other) / n for other in _rivals(rows, later, n_skills, choice)]
    slope = slope_of([(target, effects.common(later), person, later.agent)])
    named, with_ticket = _named(effects, later, after, choice)
    resolvers = len(np.unique(after.history.stints.agent[later.stint]))
    reason = _doubt(named, slope, over[0])
    facts = begin, float(after.history.end), int(n), resolvers, named, with_ticket, slope
    return TeamEvidence(*facts, over[0], over[1], over[2], not reason, reason)


def _rivals(rows: Rows, later: Rows, n_skills: int, choice: Choice) -> list[float]:
    """Scores of the kind alone, the agent alone, and of agents' means on every skill without shrinking."""
    kinds = learned(rows, n_skills, {**choice.spreads, "agent": 0.0, "pair": 0.0})
    agents = learned(rows, n_skills, {**choice.spreads, **ALONE})
    cells = learned(rows, n_skills, {**ALONE, "agent": 0.0, "pair": FREE})
    target = later.target
    return [score(target, rival.common(later) + rival.person(later)) for rival in (kinds, agents, cells)]


def _doubt(named: Concordance | None, slope: Slope | None, over_kinds: float) -> str:
    if named is None:
        return "no two agents had the same kind of ticket at about the same time"
    if named.low <= 0.5:
        return f"the faster of two agents was named in {named.value:.0%} of pairs, which may be chance"
    if slope is None or slope.low <= 0:
        return "differences between agents did not hold in the tickets that came later"
    if over_kinds <= 0:
        return "later tickets were foretold as well by their kind alone"
    return ""


def _named(effects: Effects, later: Rows, after: Past, choice: Choice) -> tuple[Concordance | None, Concordance | None]:
    """How often the faster is named by what is claimed of agents and their groups; and by all that is known before."""
    stints = after.history.stints
    one = later.of(np.unique(later.stint, return_index=True)[1])
    one = one.of(stints.outcome[one.stint] == Outcome.RESOLVED)
    agents, ahead = effects.person(one) + effects.of_block("group", one), effects.ahead(one)
    if choice.uses_hours:
        took, agents, ahead = one.value, -agents, -ahead
    else:
        worked = np.bincount(after.pieces.stint, after.pieces.end - after.pieces.begin, minlength=len(stints))
        took = np.log(np.maximum(worked[one.stint], FLOOR))
    kind = np.where(one.kind >= 0, one.kind, -2 - one.group)
    of = kind, stints.start[one.stint], stints.agent[one.stint]
    return concordance(*of, took + ahead, agents), concordance(*of, took, agents + ahead)


def concordance(kind: Int, start: Float, agent: Int, took: Float, faster: Float) -> Concordance | None:
    """Over pairs of tickets of the same kind, of two agents, that began near each other and took unequally long.

    Parameters
    ----------
    took : how long each took. faster : what was claimed; more is faster, and equal claims count as half right.
    """
    found = None
    for days in NEAR_DAYS:
        one, two = _pairs(kind, start, agent, took, days)
        if len(one):
            found = _counted(agent, took, faster, one, two, days)
        if len(one) >= ENOUGH_PAIRS:
            break
    return found


def _pairs(kind: Int, start: Float, agent: Int, took: Float, days: float) -> tuple[Int, Int]:
    order = np.lexsort((start, kind))
    ones, twos = [], []
    for lag in range(1, min(MOST_LAGS, len(order))):
        one, two = order[:-lag], order[lag:]
        near: Bool = (kind[one] == kind[two]) & (start[two] - start[one] <= days * DAY)
        if not near.any():
            break
        near &= (agent[one] != agent[two]) & (took[one] != took[two])
        ones.append(one[near])
        twos.append(two[near])
    none = np.zeros(0, np.int64)
    return np.concatenate([none, *ones]), np.concatenate([none, *twos])


def _counted(agent: Int, took: Float, faster: Float, one: Int, two: Int, days: float) -> Concordance:
    """Pairs that share an agent are not independent: the error is that of sums over agents."""
    claimed = np.sign(faster[one] - faster[two])
    right = (1 + claimed * np.sign(took[two] - took[one])) / 2
    value = float(right.mean())
    about = right - value
    n = int(agent.max()) + 1
    by_agent = np.bincount(agent[one], about, minlength=n) + np.bincount(agent[two], about, minlength=n)
    error = float(np.sqrt(by_agent @ by_agent)) / len(right)
    return Concordance(value, max(value - 1.96 * error, 0.0), min(value + 1.96 * error, 1.0), len(right), days)

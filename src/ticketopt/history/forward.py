"""How much to believe, chosen on what came later: never by the fit to what was learned from.

The last third of the events is cut into windows. Before each, the model is learned from all that was known until then,
and asked about the tickets that begin in the window. So are chosen: how far agents, kinds and groups differ, the
exponent of load, how far an agent differs from one skill to the next, and how much of what agents differ by will still
be there (the slope).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ticketopt._types import Float, Int
from ticketopt.history.crossed import Crossed, fit_crossed
from ticketopt.history.design import Design, Target
from ticketopt.history.effects import Coding, Effects, coding_of, design_of
from ticketopt.history.history import History, Outcome
from ticketopt.history.observed import Past, Rows, hours_rows, packed, past_of, rate_rows
from ticketopt.history.slope import Slope, score, slope_of

__all__ = ["Choice", "Known", "Learner", "choose", "held_out", "learned", "windows"]

GAMMAS = {0.0: 0.5, 0.1: 1 / 6, 0.25: 1 / 6, 0.5: 1 / 6}
"""Exponents of load that are tried, and what is believed of each before the log is asked: that load slows nobody is as
likely as that it does. 1, that an agent's time is shared, is far from every log seen."""

SPREADS = (0.05, 0.1, 0.2, 0.3, 0.45, 0.7, 1.0, 1.5)
"""Standard deviations, in log units, that agents, kinds and groups may differ by. The fit is no judge of it: one agent
with five odd tickets makes that of agents five times as large, and then nobody is shrunk."""

PAIR_SPREADS = (0.0, 0.1, 0.2, 0.3, 0.45)
"""The same, of an agent from skill to skill."""

USUAL = {"agent": 0.3, "kind": 0.2, "group": 0.2, "pair": 0.1}
"""Standard deviations until they are chosen, in the order in which they are."""

LEAST_SHARE = 0.05
"""What load does and how far agents differ from skill to skill counts in intervals if it is at least so likely."""

N_WINDOWS = 3

FEWEST_EVENTS = 100
"""With fewer in the last third nothing can be chosen, and nothing is claimed."""

START = {"kind": 0.2, "group": 0.1, "agent": 0.3}
"""Variances that EM starts from where no standard deviation is given."""

QUICK, NEAR, FULL = 5, 2, 30
"""Rounds of EM: for choosing, for choosing near what is known, and for what is kept."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen forward in time.

    Attributes
    ----------
    uses_hours : whether hours really worked are explained, else how fast tickets are resolved.
    gamma : exponent of load.
    spreads : of agents, kinds, groups and of an agent's skills ("pair"), standard deviations in log units.
    likely : exponent of load, standard deviation and how likely the two make what came later, of all with a share of
        at least `LEAST_SHARE`, likeliest first. The shares add up to 1; the first are those that were chosen.
    slope : of what agents differ by; passing : the same of passing on, None where nobody does, or all alike.
    events : resolved tickets it was chosen on.
    """

    uses_hours: bool
    gamma: float
    spreads: Mapping[str, float]
    slope: Slope | None
    passing: Slope | None
    events: int
    likely: tuple[tuple[float, float, float], ...]

    @property
    def kappa(self) -> float:
        """What agents differ by is multiplied by it."""
        return 0.0 if self.slope is None else float(np.clip(self.slope.value, 0.0, 1.0))

    def shrunk_by(self, seen: Slope) -> Choice:
        """The same, where less was seen later than was claimed with it, claiming that much less."""
        if seen.high >= 1 or self.slope is None:
            return self
        ends = self.slope.value, self.slope.low, self.slope.high
        return replace(self, slope=Slope(*(end * max(seen.value, 0.0) for end in ends)))

    @property
    def passing_kappa(self) -> float:
        return 0.0 if self.passing is None else float(np.clip(self.passing.value, 0.0, 1.0))


def rows_of(past: Past, gamma: float, *, uses_hours: bool) -> Rows:
    return hours_rows(past) if uses_hours else rate_rows(past, gamma)


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """Rows as they are learned from, whatever the spreads."""

    packing: Rows
    coding: Coding
    design: Design

    @staticmethod
    def of(rows: Rows, n_skills: int, *, by_attempt: bool = False) -> Known:
        packing, coding = packed(rows), coding_of(rows, n_skills, by_attempt=by_attempt)
        return Known(packing, coding, design_of(packing, coding))

    def learned(
        self, spreads: Mapping[str, float], *, passing: bool, start: Effects | None = None, rounds: int = FULL
    ) -> Effects:
        """See the function."""
        fixed = {block: spread**2 for block, spread in spreads.items()}
        begin = {**START, **({} if start is None else start.fit.variances), **fixed}
        target = self.packing.passing if passing else self.packing.target
        near = _start(start, self.design.columns.shape[1], self.design.n_agents, len(self.design.agent_of))
        fit = fit_crossed(self.design, target, variances=begin, fixed=frozenset(fixed), start=near, rounds=rounds)
        return Effects(fit, self.coding)


def learned(rows: Rows, n_skills: int, spreads: Mapping[str, float], *, passing: bool = False) -> Effects:
    """The effects in rows, with the standard deviations given; those of other blocks than pairs may be left to EM."""
    return Known.of(rows, n_skills).learned(spreads, passing=passing)


Learner = Callable[[Rows, int], Any]
"""`Known.of`, or what gives the like: what has been seen, from which effects are learned that rows are read by."""


def _start(start: Effects | None, columns: int, agents: int, pairs: int) -> Crossed | None:
    if start is None or (len(start.fit.columns), len(start.fit.agent), len(start.fit.pair)) != (columns, agents, pairs):
        return None
    return start.fit


def windows(history: History, *, uses_hours: bool, share: float = 1 / 3, n: int = N_WINDOWS) -> list[float]:
    """Edges (Unix seconds) of `n` windows with as many events each, which make up the last `share` of them."""
    stints = history.stints
    done = history.routed & (stints.outcome == Outcome.RESOLVED)
    if uses_hours:
        done &= history.tickets.hours[stints.ticket] > 0
    ends = np.sort(stints.end[done])
    if len(ends) * share < FEWEST_EVENTS:
        return []
    inner = np.quantile(ends, 1 - share * (1 - np.arange(n) / n), method="higher")
    edges = [float(edge) for edge in np.unique(inner) if edge < history.end]
    return [*edges, float(history.end)]


def held_out(rows: Rows, past: Past, begin: float) -> Rows:
    """Those of stints that began at `begin` or later."""
    return rows.of(past.history.stints.start[rows.stint] >= begin)


def choose(history: History, skill: str, *, uses_hours: bool, learner: Learner = Known.of) -> Choice | None:
    """What to believe about `history`, learned so; None where it is too short to tell."""
    edges = windows(history, uses_hours=uses_hours)
    if len(edges) < 2:
        return None
    ahead = _Ahead([past_of(history, skill, edge) for edge in edges], edges, learner, uses_hours=uses_hours)
    gammas = {0.0: 1.0} if uses_hours else GAMMAS
    gamma, spreads = next(iter(gammas)), dict(USUAL)
    near = ahead.ask(gamma, spreads)
    for block in ("agent", "kind", "group"):
        spreads[block], near = ahead.climb(gamma, spreads, block, near)
    by_gamma = ahead.ask_all([(gamma, spreads) for gamma in gammas], near)
    of_gammas = _shares(by_gamma, list(gammas.values()))
    gamma = list(gammas)[k := int(np.argmax(of_gammas))]
    by_pairs = ahead.ask_all([(gamma, {**spreads, "pair": spread}) for spread in PAIR_SPREADS], by_gamma[k])
    of_pairs = _shares(by_pairs, [1.0] * len(PAIR_SPREADS))
    spreads["pair"], best = PAIR_SPREADS[k := int(np.argmax(of_pairs))], by_pairs[k]
    passing = None
    if not uses_hours and _passes(history) >= FEWEST_EVENTS:
        passing = ahead.ask(0.0, {"pair": USUAL["pair"]}, passing=True).slope
    events = int(sum(target.value.sum() if target.is_rate else len(target.value) for target, *_ in best.parts))
    likely = _likely(list(gammas), np.outer(of_gammas, of_pairs))
    return Choice(uses_hours, gamma, spreads, best.slope, passing, events, likely)


def _shares(asked: Sequence[_Asked], believed: Sequence[float]) -> Float:
    """How likely each is after what came later, by what was believed before."""
    scores = np.array([one.score for one in asked]) + np.log(believed)
    likely = np.exp(scores - scores.max())
    return np.asarray(likely / likely.sum())


def _likely(gammas: Sequence[float], shares: Float) -> tuple[tuple[float, float, float], ...]:
    """`Choice.likely`, of the share of every exponent with every spread."""
    rows, columns = np.nonzero(shares >= min(LEAST_SHARE, float(shares.max())))
    order = np.argsort(-shares[rows, columns], kind="stable")
    total = float(shares[rows, columns].sum())
    return tuple(
        (gammas[rows[k]], PAIR_SPREADS[columns[k]], round(float(shares[rows[k], columns[k]]) / total, 3))
        for k in order.tolist()
    )


def _passes(history: History) -> int:
    return int(np.sum(history.routed & (history.stints.outcome == Outcome.PASSED)))


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """What the model, learned before each window, says about it."""

    score: float
    parts: list[tuple[Target, Float, Float, Int]]
    effects: list[Any]

    @property
    def slope(self) -> Slope | None:
        return slope_of(self.parts)


class _Ahead:
    """Asks about every window what is learned before it."""

    def __init__(self, pasts: Sequence[Past], edges: Sequence[float], learner: Learner, *, uses_hours: bool) -> None:
        self.pasts, self.edges, self.learner, self.uses_hours = pasts, edges, learner, uses_hours
        self.seen: dict[float, list[tuple[Any, Rows]]] = {}

    def _windows(self, gamma: float) -> list[tuple[Any, Rows]]:
        """Of each window what is learned from, and what is asked about."""
        if gamma not in self.seen:
            rows = [rows_of(past, gamma, uses_hours=self.uses_hours) for past in self.pasts]
            known = [self.learner(rows[k], len(past.skills)) for k, past in enumerate(self.pasts[:-1])]
            later = [held_out(rows[k + 1], self.pasts[k + 1], edge) for k, edge in enumerate(self.edges[:-1])]
            self.seen[gamma] = list(zip(known, later, strict=True))
        return self.seen[gamma]

    def climb(self, gamma: float, spreads: Mapping[str, float], block: str, near: _Asked) -> tuple[float, _Asked]:
        """The spread of a block whose neighbors in `SPREADS` foretell no better, and what is said with it."""
        start = k = SPREADS.index(spreads[block])
        for step in (1, -1):
            while 0 <= k + step < len(SPREADS):
                tried = self.ask(gamma, {**spreads, block: SPREADS[k + step]}, starts=near.effects)
                if tried.score <= near.score:
                    break
                k, near = k + step, tried
            if k != start:
                break
        return SPREADS[k], near

    def ask_all(self, asked: Sequence[tuple[float, Mapping[str, float]]], near: _Asked) -> list[_Asked]:
        """What is said with each exponent of load and spreads, each looked for near the one before it."""
        found: list[_Asked] = []
        for gamma, spreads in asked:
            near = self.ask(gamma, spreads, starts=near.effects)
            found.append(near)
        return found

    def ask(
        self, gamma: float, spreads: Mapping[str, float], *, passing: bool = False, starts: Sequence[Any] = ()
    ) -> _Asked:
        parts, found, total = [], [], 0.0
        for k, (known, later) in enumerate(self._windows(gamma)):
            start = starts[k] if starts else None
            rounds = QUICK if start is None else NEAR
            effects = known.learned(spreads, passing=passing, start=start, rounds=rounds)
            target = later.passing if passing else later.target
            common, person = effects.common(later), effects.person(later)
            total += score(target, common + person) - float(target.value @ later.crowding)
            parts.append((target, common, person, later.agent))
            found.append(effects)
        return _Asked(total, parts, found)

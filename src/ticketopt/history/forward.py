"""How much to believe, chosen on what came later: never by the fit to what was learned from.

The last third of the events is cut into windows. Before each, the model is learned from all that was known until then,
and asked about the tickets that begin in the window. So are chosen: the exponent of load, how far agents differ from
one skill to the next, and how much of an agent's difference from the others will still be there (the slope).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ticketopt._types import Float, Int
from ticketopt.history.crossed import Crossed, fit_crossed
from ticketopt.history.design import Target
from ticketopt.history.effects import Effects, coding_of, design_of
from ticketopt.history.history import History, Outcome
from ticketopt.history.observed import Past, Rows, hours_rows, packed, past_of, rate_rows

__all__ = ["Choice", "Learner", "Slope", "choose", "held_out", "learned", "score", "slope_of", "windows"]

GAMMAS = {0.0: 0.5, 0.1: 1 / 6, 0.25: 1 / 6, 0.5: 1 / 6}
"""Exponents of load that are tried, and what is believed of each before the log is asked: that load slows nobody is as
likely as that it does. 1, that an agent's time is shared, is far from every log seen."""

PAIR_SPREADS = (0.0, 0.1, 0.2, 0.3, 0.45)
"""Standard deviations, in log units, that an agent may differ by from skill to skill."""

LEAST_SHARE = 0.05
"""What load does and how far agents differ from skill to skill counts in intervals if it is at least so likely."""

N_WINDOWS = 3

FEWEST_EVENTS = 100
"""With fewer in the last third nothing can be chosen, and nothing is claimed."""

START = {"kind": 0.2, "group": 0.1, "agent": 0.3, "pair": 0.04}
"""Variances that EM starts from."""

QUICK, NEAR, FULL = 5, 2, 30
"""Rounds of EM: for choosing, for choosing near what is known, and for what is kept."""


Learner = Callable[..., Any]
"""`learned`, or what takes and gives the like: effects that are read by `common` and `person`."""


@dataclass(frozen=True, slots=True)
class Slope:
    """How many log units later tickets differ by, per log unit claimed; 1 is as much as claimed, 0 is not at all.

    `low` and `high` are the ends of the 95 % interval, over agents.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen forward in time.

    Attributes
    ----------
    uses_hours : whether hours really worked are explained, else how fast tickets are resolved.
    gamma : exponent of load. pair_spread : standard deviation in log units.
    likely : exponent of load, standard deviation and how likely the two make what came later, of all with a share of
        at least `LEAST_SHARE`, likeliest first. The shares add up to 1; the first are those that were chosen.
    slope : of what agents differ by; passing : the same of passing on, None where nobody does, or all alike.
    events : resolved tickets it was chosen on.
    """

    uses_hours: bool
    gamma: float
    pair_spread: float
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


def learned(
    rows: Rows,
    n_skills: int,
    *,
    pair_spread: float,
    passing: bool = False,
    by_attempt: bool = False,
    held: frozenset[str] = frozenset(),
    variances: dict[str, float] | None = None,
    start: Effects | None = None,
    rounds: int = FULL,
) -> Effects:
    """The effects in rows. Blocks in `held` keep the variance that they start from, as pairs always do."""
    packing, coding = packed(rows), coding_of(rows, n_skills, by_attempt=by_attempt)
    design = design_of(packing, coding)
    begin = {**START, **({} if start is None else start.fit.variances), **(variances or {}), "pair": pair_spread**2}
    target = packing.passing if passing else packing.target
    near = _start(start, design.columns.shape[1], design.n_agents, len(design.agent_of))
    fit = fit_crossed(design, target, variances=begin, fixed=held | {"pair"}, start=near, rounds=rounds)
    return Effects(fit, coding)


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


def score(target: Target, eta: Float) -> float:
    """Log likelihood, with the best common level: only differences are judged."""
    value, hours = target.value, target.hours
    if hours is None:
        left = value - eta
        return -0.5 * len(value) * float(np.log(max(left.var(), 1e-12)))
    total = value.sum()
    if total == 0:
        return 0.0
    return float(value @ eta + total * np.log(total / (hours @ np.exp(eta))) - total)


def slope_of(parts: Sequence[tuple[Target, Float, Float, Int]]) -> Slope | None:
    """The slope over windows: of each the target, the linear predictor without the agent, what the agent adds, who.

    None where agents do not differ.
    """
    kappa, bend = 1.0, 0.0
    for _ in range(50):
        derived = [_derivatives(target, common, person, kappa) for target, common, person, _ in parts]
        bend = sum(b for _, b in derived)
        if bend <= 1e-12:
            return None
        step = sum(float(left.sum()) for left, _ in derived) / bend
        kappa += float(np.clip(step, -1.0, 1.0))
        if abs(step) < 1e-9:
            break
    left = np.concatenate([_derivatives(target, common, person, kappa)[0] for target, common, person, _ in parts])
    agent = np.concatenate([who for _, _, _, who in parts])
    by_agent = np.bincount(agent, left)
    n = max(len(np.unique(agent)), 2)
    error = float(np.sqrt(n / (n - 1) * by_agent @ by_agent)) / bend
    return Slope(kappa, kappa - 1.96 * error, kappa + 1.96 * error)


def _derivatives(target: Target, common: Float, person: Float, kappa: float) -> tuple[Float, float]:
    """Per row the first derivative of the likelihood by the slope, and the sum of the second, at the best level."""
    if target.hours is None:
        left = target.value - common - kappa * person
        about = person - person.mean()
        return (left - left.mean()) * about, float(about @ about)
    weight = target.hours * np.exp(common + kappa * person)
    weight *= target.value.sum() / max(weight.sum(), 1e-300)
    about = person - weight @ person / max(weight.sum(), 1e-300)
    return (target.value - weight) * about, float(weight @ about**2)


def choose(history: History, skill: str, *, uses_hours: bool, learner: Learner = learned) -> Choice | None:
    """What to believe about `history`, learned so; None where it is too short to tell."""
    edges = windows(history, uses_hours=uses_hours)
    if len(edges) < 2:
        return None
    ahead = _Ahead([past_of(history, skill, edge) for edge in edges], edges, learner, uses_hours=uses_hours)
    gammas = {0.0: 1.0} if uses_hours else GAMMAS
    by_gamma: list[_Asked] = []
    for gamma in gammas:
        by_gamma.append(ahead.ask(gamma, 0.1, starts=by_gamma[-1].effects if by_gamma else ()))
    of_gammas = _shares(by_gamma, list(gammas.values()))
    k = int(np.argmax(of_gammas))
    gamma, asked = list(gammas)[k], [by_gamma[k]]
    for spread in PAIR_SPREADS:
        asked.append(ahead.ask(gamma, spread, starts=asked[-1].effects))
    of_spreads = _shares(asked[1:], [1.0] * len(PAIR_SPREADS))
    k = int(np.argmax(of_spreads))
    spread, best = PAIR_SPREADS[k], asked[1 + k]
    passing = None
    if not uses_hours and _passes(history) >= FEWEST_EVENTS:
        passing = ahead.ask(0.0, 0.1, passing=True).slope
    events = int(sum(target.value.sum() if target.is_rate else len(target.value) for target, *_ in best.parts))
    shares = np.outer(of_gammas, of_spreads)
    return Choice(uses_hours, gamma, spread, best.slope, passing, events, _likely(list(gammas), shares))


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
        self.known: dict[float, list[Rows]] = {}

    def _rows(self, gamma: float) -> list[Rows]:
        if gamma not in self.known:
            self.known[gamma] = [rows_of(past, gamma, uses_hours=self.uses_hours) for past in self.pasts]
        return self.known[gamma]

    def ask(self, gamma: float, spread: float, *, passing: bool = False, starts: Sequence[Any] = ()) -> _Asked:
        rows = self._rows(gamma)
        parts, found, total = [], [], 0.0
        for k, edge in enumerate(self.edges[:-1]):
            start = starts[k] if starts else None
            n = len(self.pasts[k].skills)
            rounds = QUICK if start is None else NEAR
            effects = self.learner(rows[k], n, pair_spread=spread, passing=passing, start=start, rounds=rounds)
            later = held_out(rows[k + 1], self.pasts[k + 1], edge)
            target = later.passing if passing else later.target
            common, person = effects.common(later), effects.person(later)
            total += score(target, common + person) - float(target.value @ later.crowding)
            parts.append((target, common, person, later.agent))
            found.append(effects)
        return _Asked(total, parts, found)

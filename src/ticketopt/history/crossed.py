"""Regression with crossed normal effects: of kinds, groups, agents, and agents on one skill.

    eta = X c + a[agent] + b[pair],   events ~ Poisson(hours exp(eta))   or   log hours ~ Normal(eta, sigma^2)

`X` holds the fixed columns and the indicators of the crossed blocks (kind, group), each block normal around 0. Every
pair belongs to one agent, so pairs are eliminated first and agents second, both by division; what is left is a small
dense system (Schur's complement). The mode is found by damped Newton steps, variances by EM, and the covariance is
Laplace's: the inverse Hessian at the mode (Breslow and Clayton 1993).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from scipy.linalg import cho_solve, solve_triangular

from ticketopt._types import Float, Int
from ticketopt.history.cholesky import upper_root
from ticketopt.history.design import Design, Sums, Target

__all__ = ["LEAST", "Crossed", "Variances", "fit_crossed"]

Variances = Mapping[str, float]
"""Block -> variance in squared log units; "agent" and "pair" are among them."""

LEAST = 1e-6
"""A variance is never smaller: the effects are then 0 for every purpose."""

TOLERANCE = 1e-3
"""A mode is reached where another step would gain less log likelihood."""

RIDGE = 0.01
"""Precision of the fixed columns: an age that saw no event has an effect, not minus infinity."""


@dataclass(frozen=True, slots=True, eq=False)
class Crossed:
    """A fit: the mode, the variances and what Laplace's covariance needs.

    Attributes
    ----------
    intercept : log of the overall rate, or the mean; the effects are around it.
    columns, agent, pair : effects. variances : of each block. sigma2 : of one row, where rows are normal; else 1.
    """

    intercept: float
    columns: Float
    agent: Float
    pair: Float
    variances: Variances
    sigma2: float
    _system: _System

    def common(self, design: Design) -> Float:
        """The linear predictor without the agent. Shape (rows,)."""
        return np.asarray(self.intercept + design.columns @ self.columns)

    def person(self, design: Design) -> Float:
        """What the agent adds to it. Shape (rows,)."""
        return np.asarray(self.agent[design.agent] + self.pair[design.pair])

    def draws(self, rng: np.random.Generator, n: int) -> tuple[Float, Float, Float]:
        """Draws around the mode. Shapes (n, columns), (n, agents), (n, pairs)."""
        s = self._system
        around = rng.standard_normal((n, len(self.columns)))
        columns = solve_triangular(s.root, around.T, lower=False).T
        agent = rng.standard_normal((n, len(s.agent))) / np.sqrt(s.agent) - (s.by_agent @ columns.T).T
        pair = rng.standard_normal((n, len(s.pair))) / np.sqrt(s.pair)
        pair -= agent[:, s.agent_of] * s.share + np.asarray(s.by_pair @ columns.T).T
        return self.columns + columns, self.agent + agent, self.pair + pair

    def spread(self) -> tuple[Float, Float, Float]:
        """Variances of the effects around the mode. Shapes (columns,), (agents,), (pairs,)."""
        s = self._system
        inverse = cho_solve((s.root, False), np.eye(len(self.columns)))
        agent = 1 / s.agent + _quadratic(s.by_agent, inverse)
        of = _indicator(s.agent_of, len(s.agent))
        along = (sparse.diags_array(s.share) @ (of @ s.by_agent) - s.by_pair).tocsr()
        pair = 1 / s.pair + s.share**2 / s.agent[s.agent_of] + _quadratic(along, inverse)
        return np.diag(inverse).copy(), agent, pair


@dataclass(frozen=True, slots=True, eq=False)
class _System:
    """The Hessian, eliminated: pairs, then agents, then a Cholesky root of the rest.

    `pair` and `agent` are what is divided by; `share` is how a pair follows its agent, `by_pair` and `by_agent` how
    they follow the columns.
    """

    pair: Float
    agent: Float
    share: Float
    by_pair: Any
    by_agent: Any
    root: Float
    agent_of: Int

    def solve(self, columns: Float, agent: Float, pair: Float) -> tuple[Float, Float, Float]:
        agent = agent - np.bincount(self.agent_of, self.share * pair, minlength=len(agent))
        x = cho_solve((self.root, False), columns - self.by_pair.T @ pair - self.by_agent.T @ agent)
        a = agent / self.agent - self.by_agent @ x
        return x, a, pair / self.pair - self.share * a[self.agent_of] - self.by_pair @ x


def fit_crossed(
    design: Design,
    target: Target,
    *,
    variances: Variances,
    fixed: frozenset[str] = frozenset(),
    start: Crossed | None = None,
    rounds: int = 30,
) -> Crossed:
    """The mode and the variances.

    Parameters
    ----------
    variances : where EM starts. fixed : blocks whose variance stays as it is.
    start : a fit of the same design, near which the mode is looked for.
    rounds : of EM at most.
    """
    tau = {name: max(v, LEAST) for name, v in variances.items()}
    value, hours = target.value, target.hours
    rate = hours is not None
    middle = float(np.log(max(value.sum(), 0.5) / hours.sum())) if hours is not None else float(value.mean())
    sigma2 = 1.0 if rate else float(max(value.var(), LEAST))
    intercept = middle if start is None else start.intercept
    state, sums = _effects(design, start), design.sums
    for turn in range(max(rounds, 1)):
        state, system = _mode(design, sums, target, intercept, state, tau, sigma2, steps=20 if turn == 0 else 1)
        fit = Crossed(intercept, *state, tau, sigma2, system)
        if rate and fixed >= set(tau):
            return fit
        if turn == rounds - 1:
            break
        grown, sigma2 = _grown(design, target, fit, fixed)
        change = max(abs(np.log(grown[name] / tau[name])) for name in tau)
        tau = grown
        if change < 0.02:
            break
    state, system = _mode(design, sums, target, intercept, state, tau, sigma2, steps=20)
    return Crossed(intercept, *state, tau, sigma2, system)


def _effects(design: Design, start: Crossed | None) -> tuple[Float, Float, Float]:
    if start is not None:
        return start.columns, start.agent, start.pair
    return np.zeros(design.columns.shape[1]), np.zeros(design.n_agents), np.zeros(len(design.agent_of))


def _grown(design: Design, target: Target, fit: Crossed, fixed: frozenset[str]) -> tuple[dict[str, float], float]:
    """One step of EM: a variance is the mean of squared effects, and of what is not known about them."""
    of_columns, of_agent, of_pair = fit.spread()
    known = {"agent": (fit.agent, of_agent), "pair": (fit.pair, of_pair)}
    known |= {name: (fit.columns[part], of_columns[part]) for name, part in design.blocks.items()}
    grown = dict(fit.variances)
    spent = float(fit.columns.size)
    for name, (effect, spread) in known.items():
        spent += float(np.sum(1 - spread / fit.variances[name])) - (len(effect) if name in design.blocks else 0)
        if len(effect) and name not in fixed:
            grown[name] = max(float(np.mean(effect**2 + spread)), LEAST)
    if target.is_rate:
        return grown, 1.0
    left = target.value - fit.common(design) - fit.person(design)
    return grown, max(float((left @ left + fit.sigma2 * spent) / len(left)), LEAST)


def _mode(
    design: Design,
    sums: Sums,
    target: Target,
    intercept: float,
    state: tuple[Float, Float, Float],
    tau: Variances,
    sigma2: float,
    *,
    steps: int,
) -> tuple[tuple[Float, Float, Float], _System]:
    """Damped Newton: a step is halved until it does not make the penalized likelihood worse.

    The Hessian that comes with the mode is that of the last step, which at the mode is next to nothing.
    """
    prior = np.full(design.columns.shape[1], RIDGE)
    for name, part in design.blocks.items():
        prior[part] = 1 / tau[name]
    priors = (prior, 1 / tau["agent"], 1 / tau["pair"])

    def height(at: tuple[Float, Float, Float], eta: Float) -> float:
        penalty = float(priors[0] @ at[0] ** 2 + priors[1] * at[1] @ at[1] + priors[2] * at[2] @ at[2]) / 2
        return _likelihood(target, eta, sigma2) - penalty

    eta = _eta(design, intercept, state)
    now = height(state, eta)
    for _ in range(steps):
        system, slope = _newton(design, sums, target, eta, state, priors, sigma2)
        step = system.solve(*slope)
        gain = sum(float(a @ b) for a, b in zip(step, slope, strict=True))
        if gain < TOLERANCE:
            return state, system
        for halving in range(30):
            new = tuple(x + s * 0.5**halving for x, s in zip(state, step, strict=True))
            eta = _eta(design, intercept, (new[0], new[1], new[2]))
            then = height((new[0], new[1], new[2]), eta)
            if then >= now:
                break
        state, now = (new[0], new[1], new[2]), then
    return state, system


def _eta(design: Design, intercept: float, state: tuple[Float, Float, Float]) -> Float:
    return np.asarray(intercept + design.columns @ state[0] + state[1][design.agent] + state[2][design.pair])


def _likelihood(target: Target, eta: Float, sigma2: float) -> float:
    if target.hours is None:
        return -0.5 * float(np.sum((target.value - eta) ** 2)) / sigma2
    return float(np.sum(target.value * eta - target.hours * np.exp(np.minimum(eta, 50.0))))


def _newton(
    design: Design,
    sums: Sums,
    target: Target,
    eta: Float,
    state: tuple[Float, Float, Float],
    priors: Any,
    sigma2: float,
) -> tuple[_System, tuple[Float, Float, Float]]:
    """The eliminated Hessian and the gradient of the penalized likelihood."""
    x, n_agents, n_pairs = design.columns, design.n_agents, len(design.agent_of)
    if target.hours is None:
        weight, left = np.full(len(eta), 1 / sigma2), (target.value - eta) / sigma2
    else:
        weight = target.hours * np.exp(np.minimum(eta, 50.0))
        left = target.value - weight
    slope = (
        x.T @ left - priors[0] * state[0],
        np.bincount(design.agent, left, minlength=n_agents) - priors[1] * state[1],
        np.bincount(design.pair, left, minlength=n_pairs) - priors[2] * state[2],
    )
    within = np.bincount(design.pair, weight, minlength=n_pairs)
    pair = within + priors[2]
    share = within / pair
    of_pair = sums.by_pair(weight)
    by_pair = sums.by_pair(weight, 1 / pair)
    of_agent = _indicator(design.agent_of, n_agents).T
    agent = np.bincount(design.agent_of, within - within * share, minlength=n_agents) + priors[1]
    # every row has a pair, so an agent meets the columns through its pairs alone
    to_columns = (of_agent @ sums.by_pair(weight, 1 - share)).tocsr()
    by_agent = (sparse.diags_array(1 / agent) @ to_columns).tocsr()
    rest = sums.by_columns(weight) - (of_pair.T @ by_pair).toarray() - (to_columns.T @ by_agent).toarray()
    rest[np.diag_indices_from(rest)] += priors[0]
    return _System(pair, agent, share, by_pair, by_agent, upper_root(rest), design.agent_of), slope


def _quadratic(rows: Any, inverse: Float) -> Float:
    """`r' inverse r` of every sparse row r."""
    of = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    sums = np.bincount(of, rows.data * (rows @ inverse)[of, rows.indices], minlength=rows.shape[0])
    return np.asarray(sums, np.float64)


def _indicator(index: Int, n: int) -> Any:
    return sparse.csr_array((np.ones(len(index)), index, np.arange(len(index) + 1)), shape=(len(index), n))

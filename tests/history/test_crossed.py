"""The regression with crossed effects: against dense algebra, against statsmodels, and against the truth."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from ticketopt.history.crossed import fit_crossed
from ticketopt.history.design import Design, Target

RNG = np.random.default_rng(5)
ROWS, KINDS, AGENTS, PAIRS = 3_000, 6, 12, 40
AGENT_OF = RNG.integers(0, AGENTS, PAIRS)
PAIR, KIND, AGE = RNG.integers(0, PAIRS, ROWS), RNG.integers(0, KINDS, ROWS), RNG.integers(0, 3, ROWS)
HOURS = RNG.gamma(1, 1, ROWS)
TRUE = {"kind": RNG.normal(0, 0.4, KINDS), "agent": RNG.normal(0, 0.6, AGENTS), "pair": RNG.normal(0, 0.3, PAIRS)}
ETA = -0.5 * AGE + TRUE["kind"][KIND] + TRUE["agent"][AGENT_OF[PAIR]] + TRUE["pair"][PAIR]
COLUMNS = sparse.csr_array(np.hstack([np.eye(3)[AGE], np.eye(KINDS)[KIND]]))
DESIGN = Design(COLUMNS, {"kind": slice(3, 3 + KINDS)}, AGENT_OF[PAIR], PAIR, AGENT_OF, AGENTS)
COUNTS = Target(RNG.poisson(HOURS * np.exp(ETA)).astype(float), HOURS)
LOGS = Target(ETA + RNG.normal(0, 0.7, ROWS))
START = {"kind": 0.2, "agent": 0.3, "pair": 0.1}
HELD = frozenset(START)


def dense() -> np.ndarray:
    return np.hstack([COLUMNS.toarray(), np.eye(AGENTS)[DESIGN.agent], np.eye(PAIRS)[PAIR]])


def precision() -> np.ndarray:
    return np.concatenate([np.full(3, 0.01), np.full(KINDS, 5), np.full(AGENTS, 1 / 0.3), np.full(PAIRS, 10)])


@pytest.mark.parametrize("target", [COUNTS, LOGS], ids=["rates", "logs"])
def test_the_mode_and_its_spread_are_those_of_dense_algebra(target: Target) -> None:
    fit = fit_crossed(DESIGN, target, variances=START, fixed=HELD)
    z, found = dense(), np.concatenate([fit.columns, fit.agent, fit.pair])
    eta = fit.intercept + z @ found
    weight = HOURS * np.exp(eta) if target.is_rate else np.full(ROWS, 1 / fit.sigma2)
    left = target.value - weight if target.is_rate else (target.value - eta) / fit.sigma2
    slope = z.T @ left - precision() * found
    inverse = np.linalg.inv(z.T @ (weight[:, None] * z) + np.diag(precision()))
    assert slope @ inverse @ slope < 2e-3
    assert np.allclose(np.concatenate(fit.spread()), np.diag(inverse), rtol=1e-2)


def test_draws_have_that_spread() -> None:
    fit = fit_crossed(DESIGN, COUNTS, variances=START, fixed=HELD)
    drawn = np.hstack(fit.draws(np.random.default_rng(1), 4_000))
    assert np.allclose(drawn.mean(axis=0), np.concatenate([fit.columns, fit.agent, fit.pair]), atol=0.05)
    assert np.allclose(drawn.var(axis=0), np.concatenate(fit.spread()), rtol=0.15)


def test_variances_are_found() -> None:
    for target in (COUNTS, LOGS):
        fit = fit_crossed(DESIGN, target, variances=START, rounds=60)
        for name, effects in TRUE.items():
            assert fit.variances[name] == pytest.approx(effects.var(), rel=0.6), name
    assert fit.sigma2 == pytest.approx(0.49, rel=0.1)


def test_without_random_effects_it_is_the_poisson_regression_of_statsmodels() -> None:
    models = pytest.importorskip("statsmodels.api")
    free = np.hstack([np.eye(3)[AGE], np.eye(KINDS)[KIND][:, 1:]])
    alone = Design(sparse.csr_array(free), {}, DESIGN.agent, PAIR, AGENT_OF, AGENTS)
    fit = fit_crossed(alone, COUNTS, variances={"agent": 1e-6, "pair": 1e-6}, fixed=frozenset({"agent", "pair"}))
    peer = models.GLM(COUNTS.value, free, family=models.families.Poisson(), exposure=HOURS).fit()
    ours = fit.columns + fit.intercept * (np.arange(free.shape[1]) < 3)
    assert np.allclose(ours, peer.params, atol=2e-3)
    assert np.allclose(np.sqrt(fit.spread()[0]), peer.bse, rtol=0.02)


def test_a_cell_with_next_to_no_exposure_does_not_diverge() -> None:
    hours = HOURS.copy()
    hours[:50] = 1e-9
    value = COUNTS.value.copy()
    value[:50] = 1.0
    fit = fit_crossed(DESIGN, Target(value, hours), variances=START)
    assert np.isfinite(np.concatenate([fit.columns, fit.agent, fit.pair])).all()
    assert np.abs(fit.columns).max() < 30

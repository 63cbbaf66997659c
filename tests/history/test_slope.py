"""How much of what is claimed is seen later."""

from __future__ import annotations

import numpy as np
import pytest

from ticketopt.history.design import Target
from ticketopt.history.slope import score, slope_of

RNG = np.random.default_rng(0)


def test_the_slope_is_how_much_of_the_claim_was_there() -> None:
    agent = RNG.integers(0, 30, 20_000)
    person, hours = RNG.normal(0, 0.8, 30)[agent], RNG.gamma(1, 1, 20_000)
    seen = Target(RNG.poisson(hours * np.exp(0.3 + 0.6 * person)).astype(float), hours)
    found = slope_of([(seen, np.zeros(20_000), person, agent)])
    assert found is not None
    assert found.value == pytest.approx(0.6, abs=0.03)
    assert found.low < 0.6 < found.high < 0.8


def test_hours_worked_have_a_slope_too() -> None:
    agent = RNG.integers(0, 30, 5_000)
    person = RNG.normal(0, 0.8, 30)[agent]
    found = slope_of([(Target(2 + 0.5 * person + RNG.normal(0, 0.4, 5_000)), np.zeros(5_000), person, agent)])
    assert found is not None
    assert found.value == pytest.approx(0.5, abs=0.03)


def test_agents_who_do_not_differ_have_no_slope() -> None:
    assert slope_of([(Target(np.ones(4), np.ones(4)), np.zeros(4), np.zeros(4), np.arange(4))]) is None


def test_a_common_level_is_not_judged() -> None:
    target = Target(RNG.poisson(2.0, 50).astype(float), RNG.gamma(1, 1, 50))
    eta = RNG.normal(0, 1, 50)
    assert score(target, eta) == pytest.approx(score(target, eta + 3))
    assert score(Target(target.value), eta) == pytest.approx(score(Target(target.value), eta - 2))

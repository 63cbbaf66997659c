"""Expected hours, in closed form and from draws."""

from __future__ import annotations

import numpy as np
import pytest

from support.simulated_history import Helpdesk, simulated_history
from ticketopt.history.exposure import AGE_EDGES
from ticketopt.history.levels import support_of, until_end
from ticketopt.history.observed import past_of, rate_rows


def test_hours_until_the_end_are_those_of_a_sum_over_small_steps() -> None:
    resolving = np.array([-1.0, -0.5, 0.2, -0.3, -1.0, -2.0, -2.5, -4.0])
    passing = np.array([-3.0, -3.0, -2.0, -1.0, -3.0, -4.0, -3.0, -5.0])
    hours, share = until_end(resolving, passing)
    ages = np.arange(0, 3_000, 0.005) + 0.0025
    at = np.searchsorted(AGE_EDGES, ages, side="right") - 1
    rate = np.exp(resolving)[at] + np.exp(passing)[at]
    alive = np.exp(-(np.cumsum(rate) - rate / 2) * 0.005)
    assert hours == pytest.approx(alive.sum() * 0.005, rel=1e-3)
    assert share == pytest.approx((alive * np.exp(passing)[at]).sum() * 0.005, rel=1e-3)


def test_a_constant_rate_has_the_mean_of_the_exponential() -> None:
    hours, share = until_end(np.full(8, np.log(0.25)), np.full(8, -np.inf))
    assert hours == pytest.approx(4.0)
    assert share == 0.0


def test_support_counts_routed_stints() -> None:
    history = simulated_history(Helpdesk(days=10, agents=4, groups=2)).history
    past = past_of(history, "group", history.end)
    support = support_of(past, rate_rows(past, 0.0))
    routed = history.routed
    for agent, skill, tickets, passed in zip(
        support.agent, support.skill, support.tickets, support.passed, strict=True
    ):
        mine = routed & (history.stints.agent == agent) & (history.stints.group == skill)
        assert tickets == mine.sum()
        assert passed == (mine & (history.stints.outcome == 1)).sum()
    assert support.tickets.sum() == routed.sum()

"""What is chosen forward in time."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from support.simulated_history import Helpdesk, simulated_history
from ticketopt import read_history
from ticketopt.history.forward import Choice, choose, learned, windows
from ticketopt.history.observed import hours_rows, past_of
from ticketopt.history.slope import Slope

RNG = np.random.default_rng(0)


def test_windows_hold_the_last_third_of_what_was_resolved() -> None:
    history = simulated_history(Helpdesk(days=30)).history
    edges = windows(history, uses_hours=False)
    ends = history.stints.end[history.routed & (history.stints.outcome == 0)]
    counts = [int(((a <= ends) & (ends <= b)).sum()) for a, b in pairwise(edges)]
    assert len(counts) == 3
    assert np.allclose(counts, len(ends) / 9, atol=4)
    assert windows(simulated_history(Helpdesk(days=2)).history, uses_hours=False) == []


@pytest.mark.slow
def test_what_agents_share_from_skill_to_skill_is_found() -> None:
    apart = choose(simulated_history(Helpdesk(agent_sd=0.1, pair_sd=0.9), seed=1).history, "group", uses_hours=False)
    alike = choose(simulated_history(Helpdesk(agent_sd=0.9, pair_sd=0.0), seed=1).history, "group", uses_hours=False)
    assert apart is not None
    assert alike is not None
    assert apart.spreads["pair"] > 0.25 > alike.spreads["pair"]
    assert alike.kappa > 0.8


def test_load_that_matters_is_found() -> None:
    desk = Helpdesk(agents=12, rate=9, days=60, gamma=0.6, base=-0.8)
    choice = choose(simulated_history(desk, seed=1).history, "group", uses_hours=False)
    assert choice is not None
    assert choice.gamma >= 0.25


def test_an_agent_of_five_odd_tickets_does_not_make_all_others_differ() -> None:
    rows = []
    for number in range(700):
        agent = "odd" if number % 40 == 0 and number < 200 else f"agent {number % 6}"
        hours = float(RNG.lognormal(0, 0.5)) * (50 if agent == "odd" else 1)
        day = f"2025-{1 + number // 60:02}-{1 + number % 60 // 3:02}"
        row = {"ticket": number, "agent": agent, "opened by": "caller", "category": f"kind {number % 3}"}
        rows.append({**row, "created": f"{day} 09:00", "resolved": f"{day} 16:00", "hours worked": hours})
    history = read_history(rows)
    choice = choose(history, "kind", uses_hours=True)
    assert choice is not None
    assert choice.spreads["agent"] <= 0.2
    past = past_of(history, "kind", history.end)
    assert learned(hours_rows(past), 3, {"pair": 0.1}).fit.variances["agent"] > 0.5  # which is what EM makes of it


def test_claims_shrink_until_the_interval_holds_one() -> None:
    choice = Choice(False, 0.0, {"pair": 0.1}, Slope(0.9, 0.8, 1.0), None, 500, ((0.0, 0.1, 1.0),))
    assert choice.shrunk_by(Slope(0.9, 0.7, 1.1)) is choice
    assert choice.shrunk_by(Slope(0.5, 0.3, 0.8)).kappa == pytest.approx(0.45)
    assert choice.shrunk_by(Slope(-0.5, -0.9, -0.1)).kappa == 0.0


def test_what_is_likely_begins_with_what_was_chosen() -> None:
    choice = choose(simulated_history(Helpdesk(agents=10, days=25)).history, "group", uses_hours=False)
    assert choice is not None
    shares = [share for _, _, share in choice.likely]
    assert choice.likely[0][:2] == (choice.gamma, choice.spreads["pair"])
    assert sum(shares) == pytest.approx(1.0, abs=0.01)
    assert shares == sorted(shares, reverse=True)
    assert len(choice.likely) > 1  # so few tickets leave it open what load does

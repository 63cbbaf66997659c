"""First minutes and what follows are told apart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from support.simulated_history import Helpdesk, simulated_history
from ticketopt.history.bands import BAND, learned_apart
from ticketopt.history.exposure import AGE_EDGES
from ticketopt.history.forward import learned
from ticketopt.history.history import History
from ticketopt.history.observed import past_of, rate_rows

DESK = Helpdesk(agents=12, groups=2, days=40, agent_sd=0.0, pair_sd=0.0)

SIGNERS = 4
"""The first agents sign half of their tickets only when they are done."""


def signed_late() -> History:
    log = simulated_history(DESK).history
    stints = log.stints
    late = (stints.agent < SIGNERS) & (np.random.default_rng(0).random(len(stints)) < 0.5)
    return replace(log, stints=replace(stints, start=np.where(late, stints.end, stints.start)))


def test_who_signs_only_what_is_done_is_not_taken_to_be_fast() -> None:
    past = past_of(signed_late(), "group", np.inf)
    rows = rate_rows(past, 0.0)
    n = len(past.skills)
    one, apart = learned(rows, n, {"pair": 0.1}), learned_apart(rows, n, {"pair": 0.1})
    later = rows.of(BAND[rows.age] == 1)

    def gap(person: np.ndarray) -> float:
        signs = later.agent < SIGNERS
        return float(person[signs].mean() - person[~signs].mean())

    assert gap(one.person(later)) > 0.5
    assert abs(gap(apart.person(later))) < 0.1
    first = rows.of(BAND[rows.age] == 0)
    signs = first.agent < SIGNERS
    assert apart.person(first)[signs].mean() > apart.person(first)[~signs].mean() + 1


def test_bands_are_fitted_to_their_own_rows_and_later_attempts_have_their_own_curve() -> None:
    past = past_of(simulated_history(Helpdesk(agents=12, groups=2, days=40, passing=-2.0)).history, "group", np.inf)
    rows = rate_rows(past, 0.0)
    found = learned_apart(rows, len(past.skills), {"pair": 0.1})
    expected = rows.hours * np.exp(found.common(rows) + found.person(rows))
    for again in (0, 1):
        for age in range(len(AGE_EDGES)):
            here = (rows.again == again) & (rows.age == age)
            events = rows.value[here].sum()
            assert expected[here].sum() == pytest.approx(events, abs=0.02 * events + 0.5)
    assert found.ages().shape == (2, len(AGE_EDGES))


def test_draws_are_around_the_mode() -> None:
    past = past_of(simulated_history(DESK).history, "group", np.inf)
    rows = rate_rows(past, 0.0)
    found = learned_apart(rows, len(past.skills), {"pair": 0.1})
    rng = np.random.default_rng(0)
    curves = np.stack([found.drawn(rng).ages()[0] for _ in range(50)])
    assert np.allclose(curves.mean(axis=0)[1:5], found.ages()[0][1:5], atol=0.15)
    assert (curves.std(axis=0) > 0.01).all()

"""When people are away, it is seen whose the differences are."""

from __future__ import annotations

import numpy as np
import pytest

from support.replays import desk_of
from support.seeds import Seeds
from support.simulated_history import Helpdesk, simulated_history
from ticketopt.history.backtest.absences import MOST_KAPPA, Absences, absences
from ticketopt.history.backtest.speeds import fitted
from ticketopt.history.backtest.world import world_of

DESK = {"agents": 16, "groups": 2, "days": 90, "rate": 14.0, "away": 0.25}


def seen(seed: int, **changes: float) -> Absences:
    log = simulated_history(Helpdesk(**{**DESK, **changes}), seed=seed).history
    found = fitted(log, log.begin + 2 / 3 * (log.end - log.begin), gamma=0.0)
    return absences(world_of(log, found.past), found)


@pytest.mark.slow
def test_where_the_differences_are_theirs_kappa_is_one(seeds: Seeds) -> None:
    for seed in seeds(1, 2):
        found = seen(seed, agent_sd=0.6)
        assert found.interval[0] > 0.4
        assert found.interval[0] < 1 < found.interval[1]


@pytest.mark.slow
def test_where_easy_tickets_make_people_look_fast_it_is_shown() -> None:
    found = seen(1, agent_sd=0.05, pair_sd=0.0, difficulty_sd=0.7, confounding=-20.0)
    assert found.value < 0.5
    assert found.interval[1] < 1


def test_where_nobody_is_away_little_is_known() -> None:
    desk = desk_of()
    low, high = absences(desk.world, desk.fitted).interval
    assert high - low > 1


def test_scores_are_read_as_kappas_within_bounds() -> None:
    flat = Absences(np.zeros(161))
    assert flat.at(np.array([1.0, -1.0])).tolist() == [0.0, MOST_KAPPA]

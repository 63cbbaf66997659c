"""What the benchmark of backtests takes for the truth is what the simulated helpdesks do."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.backtest import true_speeds

from support.simulated_history import Helpdesk, simulated_history
from ticketopt.history.backtest.checks import lasted
from ticketopt.history.backtest.engine import replayed
from ticketopt.history.backtest.luck import fresh_luck
from ticketopt.history.backtest.measure import measured
from ticketopt.history.backtest.policies import POLICIES
from ticketopt.history.backtest.world import world_of
from ticketopt.history.observed import past_of


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 2])
def test_where_load_slows_people_tickets_replayed_at_true_speeds_take_as_long_as_they_did(seed: int) -> None:
    desk = Helpdesk(agents=8, groups=2, days=40, rate=4.0, agent_sd=0.4, gamma=0.5, passing=-2.0)
    simulated = simulated_history(desk, seed=seed)
    log = simulated.history
    world = world_of(log, past_of(log, "group", log.begin + (log.end - log.begin) / 4))
    speeds, hours = true_speeds(desk, simulated), np.zeros((len(log.agents), len(log.groups) + 1))
    lucks = [fresh_luck(world, np.random.default_rng([k, 99])) for k in range(2)]
    runs = [replayed(world, speeds, luck, POLICIES["history"], hours) for luck in lucks]
    took = np.mean([measured(world, run).took.mean() for run in runs])
    assert took == pytest.approx(lasted(world).mean(), rel=0.1)

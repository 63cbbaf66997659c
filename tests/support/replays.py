"""What a replay needs, of a simulated helpdesk."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from support.simulated_history import Helpdesk, simulated_history
from ticketopt._types import Float
from ticketopt.history.backtest.engine import Replayed, replayed
from ticketopt.history.backtest.luck import realized_luck
from ticketopt.history.backtest.policies import POLICIES, Policy
from ticketopt.history.backtest.speeds import Fitted, Speeds, fitted
from ticketopt.history.backtest.world import World, world_of
from ticketopt.history.history import History

__all__ = ["Desk", "desk_of"]


@dataclass(frozen=True)
class Desk:
    history: History
    until: float
    fitted: Fitted
    world: World
    speeds: Speeds
    luck: Float

    def replay(self, policy: str | Policy, kappa: float = 1.0, seed: int = 0) -> Replayed:
        """The world under a policy, with the luck that every ticket had."""
        speeds = self.speeds if kappa == 1 else self.fitted.speeds(kappa)
        luck = self.luck if kappa == 1 else realized_luck(self.world, speeds, np.random.default_rng(0))
        rule = POLICIES[policy] if isinstance(policy, str) else policy
        return replayed(self.world, speeds, luck, rule, self.fitted.hours(), seed=seed)


@cache
def desk_of(agent_sd: float = 0.8, seed: int = 0, gamma: float = 0.0) -> Desk:
    """A helpdesk of twelve; learned from the first two thirds of its log, with that exponent of load."""
    log = simulated_history(Helpdesk(agents=12, groups=3, days=45, agent_sd=agent_sd, passing=-3.0), seed=seed).history
    until = log.begin + 2 / 3 * (log.end - log.begin)
    found = fitted(log, until, gamma=gamma)
    world, speeds = world_of(log, found.past), found.speeds(1.0)
    return Desk(log, until, found, world, speeds, realized_luck(world, speeds, np.random.default_rng(0)))

"""History with fresh luck: whether the replay makes tickets take as long, and be late as often, as they were."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ticketopt._types import Float
from ticketopt.history.backtest.checks import Check, lasted, late
from ticketopt.history.backtest.engine import replayed
from ticketopt.history.backtest.luck import fresh_luck
from ticketopt.history.backtest.measure import measured
from ticketopt.history.backtest.policies import POLICIES
from ticketopt.history.backtest.speeds import Fitted, Speeds, effects_of
from ticketopt.history.backtest.world import World
from ticketopt.history.forward import rows_of
from ticketopt.history.observed import past_of

__all__ = ["fresh", "learned_then"]

NEAR, NEAR_P90 = 0.10, 0.20
"""With fresh luck, mean, median and the share late are to be as near as this, and the 90th percentile as this."""

N_FRESH = 5
"""Draws of fresh luck."""


def fresh(world: World, speeds: Speeds, hours: Float, *, name: str, seed: int) -> tuple[Check, list[Float]]:
    """History with luck that has nothing to do with it; and what tickets took in each draw."""
    lucks = (fresh_luck(world, np.random.default_rng([seed, k, 7])) for k in range(N_FRESH))
    each = [measured(world, replayed(world, speeds, luck, POLICIES["history"], hours, seed=seed)) for luck in lucks]
    took, real = np.concatenate([one.took for one in each]), lasted(world)
    words, near = [], []
    for what, of in (("mean", np.mean), ("median", np.median), ("90 %", lambda x: np.quantile(x, 0.9))):
        now, then = float(of(took)), float(of(real))
        off = now / max(then, 1e-9) - 1
        words.append(f"{what} {now:.1f} h against {then:.1f} ({off:+.0%})")
        near.append(abs(off) <= (NEAR_P90 if what == "90 %" else NEAR))
    missed, was = np.concatenate([one.missed for one in each]), late(world)
    if np.isfinite(was).any():
        now, then = float(np.nanmean(missed)), float(np.nanmean(was))
        off = now / max(then, 1e-9) - 1
        words.append(f"late {now:.1%} against {then:.1%} ({off:+.0%})")
        near.append(abs(off) <= NEAR)
    return Check(name, all(near), ", ".join(words)), [one.took for one in each]


def learned_then(world: World, fit: Fitted) -> Speeds:
    """What is learned from the replayed tickets themselves: where these fit and the earlier do not, times changed."""
    past = past_of(world.history, "group", world.end)
    rows = rows_of(past, fit.gamma, uses_hours=False)
    rows = rows.of(np.isin(rows.stint, world.stints))
    return replace(fit, effects=effects_of(rows, len(past.skills), fit.choice)).speeds(1.0)

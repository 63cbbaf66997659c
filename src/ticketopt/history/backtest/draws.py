"""One draw of what the log leaves open about speeds, replayed under all policies: the work that can be given away.

A draw depends on its number and the seed alone, so results are the same whatever runs them, and in whatever order.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from ticketopt._types import Float
from ticketopt.history.backtest.checks import shuffled
from ticketopt.history.backtest.engine import Replayed, replayed
from ticketopt.history.backtest.luck import realized_luck
from ticketopt.history.backtest.measure import Measured, measured
from ticketopt.history.backtest.policies import POLICIES, Policy, WhatIf
from ticketopt.history.backtest.speeds import Fitted, Speeds
from ticketopt.history.backtest.what_if import changed
from ticketopt.history.backtest.world import World

__all__ = ["Drawn", "Packed", "Setting", "one_draw"]

N_PLACEBOS = 10
"""Shuffles of each kappa, over all draws."""


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """What all draws share. `known` is what policies know of everybody's speed, see `Fitted.hours`."""

    world: World
    fit: Fitted
    policies: Mapping[str, Policy]
    kappas: tuple[float, ...]
    draws: int
    seed: int
    known: Float


@dataclass(frozen=True, slots=True, eq=False)
class Packed:
    """A setting as it is sent to who runs draws: a fifth of the bytes, packed once for all of them.

    Policies stay as they are: an executor may know how to send functions that `pickle` does not.
    """

    policies: Mapping[str, Policy]
    rest: bytes

    @staticmethod
    def of(setting: Setting) -> Packed:
        rest = pickle.dumps(replace(setting, policies={}), pickle.HIGHEST_PROTOCOL)
        return Packed(setting.policies, zlib.compress(rest, 1))

    def one_draw(self, draw: int) -> Drawn:
        """See the function."""
        setting: Setting = pickle.loads(zlib.decompress(self.rest))
        return one_draw(replace(setting, policies=self.policies), draw)


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """What came of one draw.

    Attributes
    ----------
    judged : policy, kappa -> what tickets are judged by. placebos : kappa -> the same of each shuffle.
    shown, measured : policy -> its replay at the learned kappa and the likeliest speeds; empty but in the first draw.
    """

    draw: int
    judged: Mapping[tuple[str, float], Float]
    placebos: Mapping[float, list[Float]]
    shown: Mapping[str, Replayed]
    measured: Mapping[str, Measured]


def one_draw(setting: Setting, draw: int) -> Drawn:
    """Draw 0 has the likeliest speeds."""
    fit = setting.fit if draw == 0 else setting.fit.drawn(np.random.default_rng([setting.seed, draw, 1]))
    judged: dict[tuple[str, float], Float] = {}
    placebos: dict[float, list[Float]] = {}
    shown, kept = {}, {}
    for kappa in setting.kappas:
        speeds = fit.speeds(kappa)
        luck = realized_luck(setting.world, speeds, np.random.default_rng([setting.seed, draw, 2]))
        for name, policy in setting.policies.items():
            run = _played(setting, speeds, luck, policy, setting.seed + draw)
            found = measured(setting.world, run)
            judged[name, kappa] = found.judged
            if draw == 0 and kappa == fit.kappa:
                shown[name], kept[name] = run, found
        placebos[kappa] = list(_placebos(setting, speeds, luck, draw))
    return Drawn(draw, judged, placebos, shown, kept)


def _played(setting: Setting, speeds: Speeds, luck: Float, policy: Policy, seed: int) -> Replayed:
    if not isinstance(policy, WhatIf):
        return replayed(setting.world, speeds, luck, policy, setting.known, seed=seed)
    other = changed(policy, setting.world, speeds, luck, setting.known, seed=seed)
    return other.without_clones(replayed(other.world, other.speeds, other.luck, other.policy, other.known, seed=seed))


def _placebos(setting: Setting, speeds: Speeds, luck: Float, draw: int) -> Iterator[Float]:
    world, at_once = setting.world, POLICIES["at_once"]
    for k in range(ceil(N_PLACEBOS / setting.draws)):
        other = shuffled(world, np.random.default_rng([setting.seed, draw, 3, k]))
        run = replayed(world, speeds, luck, at_once, setting.known, followed=other, seed=setting.seed + draw)
        yield measured(world, run).judged

"""Effects that are others in the first minutes of a stint than later.

Some people sign only what is done: their stints are over in the minute they begin. That is a habit, and says little of
how fast they are with what they really hold. So agents, kinds, groups and priorities have effects of their own in the
first minutes (the first age), and others in all that follow. Ages have a curve of first attempts, and one of tickets
that were passed on before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ticketopt._types import Float, Int
from ticketopt.history.crossed import Crossed
from ticketopt.history.effects import N_AGES, Effects
from ticketopt.history.forward import FULL, Known
from ticketopt.history.observed import Rows

__all__ = ["BAND", "N_BANDS", "Banded", "KnownApart", "learned_apart"]

BAND: Int = np.minimum(np.arange(N_AGES), 1)
"""Age -> 0 for the first minutes, 1 for what follows."""

N_BANDS = 2


@dataclass(frozen=True, slots=True, eq=False)
class Banded:
    """`Effects` of each band, read as one."""

    bands: tuple[Effects, Effects]

    def common(self, rows: Rows) -> Float:
        """The linear predictor without the agent."""
        return np.where(BAND[rows.age] == 0, *(effects.common(rows) for effects in self.bands))

    def person(self, rows: Rows) -> Float:
        """What the agent adds."""
        return np.where(BAND[rows.age] == 0, *(effects.person(rows) for effects in self.bands))

    def ages(self) -> Float:
        """Log intensities without all other effects, by whether the ticket was passed on before. Shape (2, ages)."""
        first, later = (e.fit.intercept + e.fit.columns[: 2 * N_AGES].reshape(2, N_AGES) for e in self.bands)
        return np.where(BAND == 0, first, later)

    def drawn(self, rng: np.random.Generator) -> Banded:
        """The same with effects drawn from what the rows leave open about them."""
        first, later = (replace(effects, fit=_draw(effects.fit, rng)) for effects in self.bands)
        return Banded((first, later))


@dataclass(frozen=True, slots=True, eq=False)
class KnownApart:
    """What has been seen of each band: a likelihood by ages falls apart into them. See `Known`."""

    bands: tuple[Known, Known]

    @staticmethod
    def of(rows: Rows, n_skills: int) -> KnownApart:
        first, later = (Known.of(rows.of(BAND[rows.age] == k), n_skills, by_attempt=True) for k in range(N_BANDS))
        return KnownApart((first, later))

    def learned(
        self, spreads: Mapping[str, float], *, passing: bool, start: Banded | None = None, rounds: int = FULL
    ) -> Banded:
        """The effects of each band, with the same standard deviations."""
        starts = (None, None) if start is None else start.bands
        first, later = (
            band.learned(spreads, passing=passing, start=begin, rounds=rounds)
            for band, begin in zip(self.bands, starts, strict=True)
        )
        return Banded((first, later))


def learned_apart(rows: Rows, n_skills: int, spreads: Mapping[str, float], *, passing: bool = False) -> Banded:
    """`learned`, of each band."""
    return KnownApart.of(rows, n_skills).learned(spreads, passing=passing)


def _draw(fit: Crossed, rng: np.random.Generator) -> Crossed:
    columns, agent, pair = fit.draws(rng, 1)
    return replace(fit, columns=columns[0], agent=agent[0], pair=pair[0])

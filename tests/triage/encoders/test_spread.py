"""How far apart an encoder puts the probe's texts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from ticketopt.triage.encoders.base import Vectors, unit
from ticketopt.triage.encoders.spread import probe_texts, spread
from ticketopt.triage.encoders.static import default_encoder


class Squeezed:
    """An encoder whose vectors all have a part in common, so that its cosines lie close together."""

    name = "squeezed"

    def __init__(self, common: float) -> None:
        self.common = common
        self.inner = default_encoder()

    def encode(self, texts: Sequence[str]) -> Vectors:
        rows = self.inner.encode(texts)
        return unit(np.hstack([rows, np.full((len(rows), 1), self.common, np.float32)]))


def test_the_probe_has_different_texts() -> None:
    texts = probe_texts()
    assert len(texts) == len(set(texts)) >= 200
    assert all(3 <= len(text.split()) <= 20 for text in texts)


def test_a_common_part_is_seen_through() -> None:
    """Cosines c become (c + k) / (1 + k) for k the square of the common part: their spread shrinks by 1 + k."""
    own = spread(default_encoder())
    assert 0.02 < own < 0.3
    for common in (1.0, 3.0):
        assert spread(Squeezed(common)) == pytest.approx(own / (1 + common**2), rel=1e-3)


def test_an_encoder_that_tells_nothing_apart_has_none() -> None:
    assert spread(Squeezed(1e6)) == pytest.approx(0, abs=1e-6)

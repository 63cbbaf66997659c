"""What the name of a skill brings to mind, where no phrase of the lexicon holds it: the topics that lie near it.

A topic is the direction in which the phrases of one concept of our lexicon point together. A skill that says little by
its name alone, or that the lexicon does not know, is given the mean of the topics, each as much as it is like the name:
`Bereavement & Estates` is near to inheritance, wills and insurance. All sums are sums of whole numbers, so they are
exact. The topics lie beside our table (`ticketopt.triage.encoders.train_topics` makes them of it and the lexicon).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib import resources

import numpy as np

from ticketopt._types import Float
from ticketopt.triage.encoders.base import Encoder
from ticketopt.triage.encoders.static import StaticEncoder, default_encoder
from ticketopt.triage.likeness import UNIT, unit_rows

NEARNESS = 0.05
"""A topic whose cosine with a name is so much less than another's counts 1 / e of it."""

FILE = "data/vectors/topics.npy"
"""Where they lie in the package: int8, shape (topics, dimension)."""


def near_topics(encoder: Encoder, names: Sequence[str]) -> Float | None:
    """For every name the direction of the topics near it, at length 1, shape (names, dimension of the encoder).

    Zeros for a name of which nothing is known; None for an encoder whose space is not that of the topics.
    """
    if not isinstance(encoder, StaticEncoder) or encoder.name != default_encoder().name:
        return None
    directions, topics = unit_rows(encoder.encode(names)), _shipped()
    cosines = directions @ topics.T / UNIT**2
    powers = np.exp((cosines - cosines.max(axis=1, keepdims=True)) / NEARNESS)
    parts = np.rint(powers * UNIT) * directions.any(axis=1, keepdims=True)
    return unit_rows(parts @ topics) / UNIT


@lru_cache(maxsize=1)
def _shipped() -> Float:
    """The topics of the package, as unit rows times UNIT."""
    return unit_rows(np.load(str(resources.files("ticketopt").joinpath(FILE))))

"""How far apart an encoder puts texts, measured on texts that we ship.

Cosines of one encoder lie between .7 and .9, those of another between 0 and .6. A weight that was fitted for the one
holds for the other when it is multiplied by the ratio of their spreads.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib import resources

import numpy as np

from ticketopt.triage.encoders.base import Encoder


@lru_cache(maxsize=1)
def probe_texts() -> tuple[str, ...]:
    """Short texts as helpdesks get them, of many trades; `data/probe.json`."""
    content = resources.files("ticketopt").joinpath("data/probe.json").read_text("utf-8")
    return tuple(json.loads(content)["texts"])


def spread(encoder: Encoder) -> float:
    """The standard deviation of the cosines between the probe's texts, less the mean of each text's cosines.

    A text's cosine with itself does not count. 0 for an encoder that tells no text from another.
    """
    vectors = encoder.encode(probe_texts()).astype(np.float64)
    cosines = vectors @ vectors.T
    others = ~np.eye(len(cosines), dtype=np.bool_)
    count = len(cosines) - 1
    means = (cosines.sum(axis=1) - cosines.diagonal()) / count
    total = (cosines.sum() - cosines.trace()) / (count * len(cosines))
    centered = cosines - means[:, None] - means[None, :] + total
    return float(centered[others].std())

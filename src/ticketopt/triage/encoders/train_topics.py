"""Makes the topics of `ticketopt.triage.topics` anew: `python -m ticketopt.triage.encoders.train_topics FILE`.

A topic is the direction in which the phrases of one concept of our lexicon point together, in bytes. It needs our table
and the lexicon's sources, and no teacher.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ticketopt.triage.encoders.base import Encoder
from ticketopt.triage.encoders.static import default_encoder
from ticketopt.triage.encoders.table import LARGEST_ENTRY
from ticketopt.triage.encoders.texts import phrases_of_concept
from ticketopt.triage.lexicon import Lexicon
from ticketopt.triage.lexicon_file import lexicon_of_sources


def topics_of(encoder: Encoder, lexicon: Lexicon) -> NDArray[np.int8]:
    """For each concept the mean direction of its phrases, shape (concepts of which anything is known, dimension)."""
    rows = []
    for concept in lexicon.concepts:
        direction = encoder.encode(phrases_of_concept(concept)).astype(np.float64).sum(axis=0)
        if direction.any():
            rows.append(np.rint(direction * (LARGEST_ENTRY / np.abs(direction).max())))
    return np.array(rows, dtype=np.int8).reshape(len(rows), encoder.encode([""]).shape[1])


if __name__ == "__main__":
    np.save(Path(sys.argv[1]), topics_of(default_encoder(), lexicon_of_sources()))

"""Topics made of a lexicon: a direction for each concept of which anything is known."""

from __future__ import annotations

import numpy as np

from ticketopt.triage.encoders.static import default_encoder
from ticketopt.triage.encoders.table import LARGEST_ENTRY
from ticketopt.triage.encoders.train_topics import topics_of
from ticketopt.triage.lexicon import Concept, Lexicon


def test_a_topic_points_where_its_phrases_point() -> None:
    concepts = (Concept("lifts", sure=("stuck in the lift", "elevator stopped")), Concept("none", sure=("\u6797",)))
    found = topics_of(default_encoder(), Lexicon(concepts))
    assert found.shape == (1, default_encoder().dimension) and np.abs(found).max() == LARGEST_ENTRY
    goal = default_encoder().encode(["stuck in the lift", "elevator stopped"]).sum(axis=0)
    assert found[0] @ goal / np.linalg.norm(found[0].astype(float)) / np.linalg.norm(goal) > 0.99


def test_no_concepts_no_topics() -> None:
    assert topics_of(default_encoder(), Lexicon()).shape == (0, default_encoder().dimension)

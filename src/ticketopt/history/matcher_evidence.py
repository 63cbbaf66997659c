"""The words of a ticket that speak most for a class: by the regression on words, and by that on vectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ticketopt.history.matcher_fit import Learned
from ticketopt.history.matcher_words import bag_of_features, word_feature
from ticketopt.problem.reading import Evidence
from ticketopt.triage.likeness import TicketVectors
from ticketopt.triage.text import Text
from ticketopt.triage.weighing import LEAST_PART, MOST_WORDS
from ticketopt.triage.words import folded

EVIDENCE_WORDS = 5
"""Words shown for each class."""

_Place = tuple[Text, int]  # a field, and which of its words


def by_words(learned: Learned, fields: Sequence[Text], about: Mapping[int, str]) -> list[Evidence]:
    """What words add to the log odds of some classes (column -> the skill's name), the most telling of each."""
    ids, values = learned.table.row(bag_of_features(fields))
    value_of = dict(zip(ids.tolist(), values.tolist(), strict=True))
    places: dict[int, _Place] = {}
    for text in fields:
        for k, word in enumerate(text.words):
            feature = learned.table.vocabulary.get(word_feature(word))
            if feature is not None and feature in value_of:
                places.setdefault(feature, (text, k))
    coefficients = learned.stack.words * learned.words.coefficients
    return [
        item
        for column, skill in about.items()
        for item in _first(
            skill,
            [(value_of[n] * float(coefficients[n, column]), place) for n, place in places.items()],
            EVIDENCE_WORDS,
            "words",
        )
    ]


def by_vectors(
    learned: Learned, vectors: TicketVectors, fields: Sequence[Text], about: Mapping[int, str]
) -> list[Evidence]:
    """What words add to the log odds as parts of the ticket's vector; nothing where it is no sum of words."""
    words, bag = vectors.of_words(0), vectors.bag
    if bag is None or not len(words):
        return []
    total = words.sum(axis=0)
    first: dict[str, _Place] = {}
    for text in fields:
        for k, word in enumerate(text.words):
            first.setdefault(folded(word), (text, k))
    parts = learned.stack.vectors * words / np.sqrt(total @ total) @ learned.vectors.coefficients
    places = [first[bag.words[k]] for k in bag.ids.tolist()]
    return [
        item
        for column, skill in about.items()
        for item in _first(skill, list(zip(parts[:, column].tolist(), places, strict=True)), MOST_WORDS, "vectors")
    ]


def _first(skill: str, parts: Sequence[tuple[float, _Place]], most: int, source: str) -> list[Evidence]:
    largest = sorted(parts, key=lambda part: -part[0])[:most]
    shown = [(part, place) for part, place in largest if part >= LEAST_PART]
    return [Evidence(skill, text.passage(k, k), text.field, part, source) for part, (text, k) in shown]

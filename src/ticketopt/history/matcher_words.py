"""The words of past tickets as numbers: TF-IDF of words, word pairs and parts of words."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ticketopt._types import Float, Int
from ticketopt.triage.text import Text
from ticketopt.triage.words import GENERAL, folded, stem

LEAST_WEIGHT = 0.3
"""Words that count less (older mail, signatures, logs) are not learned from."""

_NGRAM = 4
_MANY = 200  # texts from which on a feature must be in two of them

Row = tuple[Int, Float]
"""The features of one text: their numbers and their values, whose squares add up to 1."""


@dataclass(frozen=True, slots=True, eq=False)
class WordTable:
    """The features that past tickets had. `vocabulary` : feature -> its number; `idf` : its weight, (features,)."""

    vocabulary: Mapping[str, int]
    idf: Float

    @classmethod
    def of(cls, bags: Sequence[Mapping[str, int]]) -> WordTable:
        """The table of some texts' features."""
        seen = Counter(itertools.chain.from_iterable(bags))
        least = 1 if len(bags) < _MANY else 2
        names = sorted(name for name, n in seen.items() if n >= least)
        counts = np.array([seen[name] for name in names], dtype=float)
        return cls({name: k for k, name in enumerate(names)}, np.log((1 + len(bags)) / (1 + counts)) + 1)

    def row(self, bag: Mapping[str, int]) -> Row:
        """A text's features, as far as they are known."""
        known = sorted((self.vocabulary[name], n) for name, n in bag.items() if name in self.vocabulary)
        ids = np.array([k for k, _ in known], dtype=np.int64)
        values = (1 + np.log([n for _, n in known])) * self.idf[ids]
        return ids, values / np.sqrt((values**2).sum()) if len(known) else values

    def coverage(self, bag: Mapping[str, int]) -> float:
        """The part of a text's features that is known, 0 to 1."""
        return sum(name in self.vocabulary for name in bag) / max(1, len(bag))


def bag_of_features(fields: Iterable[Text]) -> Counter[str]:
    """How often each feature is in the fields of one ticket."""
    return Counter(name for text in fields for name in _features(text))


def word_feature(word: str) -> str:
    """The feature that a word as it stands is."""
    return "w " + stem(word)


def _features(text: Text) -> list[str]:
    stems = [stem(word) for word, weight in zip(text.words, text.weights, strict=True) if weight >= LEAST_WEIGHT]
    stems = [base for base in stems if base not in GENERAL]
    pairs = [f"p {a} {b}" for a, b in itertools.pairwise(stems)]
    grams = []
    for base in stems:
        padded = f" {folded(base)} "
        grams += [f"g {padded[k : k + _NGRAM]}" for k in range(max(1, len(padded) - _NGRAM + 1))]
    return [*(f"w {base}" for base in stems), *pairs, *grams]

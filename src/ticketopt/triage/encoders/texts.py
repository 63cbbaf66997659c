"""The texts that our table learns from: the lexicon's phrases, tickets made up of them, a dictionary's sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from ticketopt.triage.lexicon import TIERS, Concept, Lexicon

WORDNET_FILES = ("data.noun", "data.verb", "data.adj", "data.adv")

WORDNET_LEFT_OUT = ("05", "20")  # animals and plants, by `man 5 lexnames`

_SIGNS = re.compile(r"[=^#]")


def plain_phrases(phrase: str) -> Iterator[str]:
    """A phrase of the lexicon as people would write it, without signs: each alternative once, not each with each."""
    if "*" in phrase:
        return
    parts = [part.split("|") for part in phrase.split("~")]
    for k in range(max(map(len, parts))):
        text = " ".join(_SIGNS.sub("", " ".join(part[k % len(part)] for part in parts)).split())
        if text:
            yield text


def phrases_of_concept(concept: Concept) -> list[str]:
    """Everything that a concept has, once."""
    return list(dict.fromkeys(p for kind in TIERS for phrase in getattr(concept, kind) for p in plain_phrases(phrase)))


def lexicon_texts(lexicon: Lexicon) -> list[str]:
    """Every phrase of the lexicon, once."""
    others = [p for sign in lexicon.signs for p in sign.phrases] + [p for part in lexicon.stated.values() for p in part]
    texts = [p for concept in lexicon.concepts for p in phrases_of_concept(concept)]
    return list(dict.fromkeys(texts + [p for phrase in others for p in plain_phrases(phrase)]))


def made_up_tickets(lexicon: Lexicon, count: int, seed: int) -> list[str]:
    """Two to four phrases of one concept, or of two, as one text."""
    chance = np.random.default_rng(seed)
    concepts = [phrases for phrases in map(phrases_of_concept, lexicon.concepts) if len(phrases) > 3]
    weights = np.sqrt([len(phrases) for phrases in concepts])
    texts = []
    for _ in range(count):
        first, second = chance.choice(len(concepts), size=2, p=weights / weights.sum())
        own = _some(concepts[first], int(chance.integers(2, 5)), chance)
        if chance.random() < 0.4:
            own = own[: len(own) - 1] + _some(concepts[second], 1, chance)
        texts.append(". ".join(own))
    return texts


def _some(phrases: Sequence[str], count: int, chance: np.random.Generator) -> list[str]:
    return [phrases[k] for k in chance.choice(len(phrases), size=min(count, len(phrases)), replace=False)]


def wordnet_texts(folder: Path) -> list[str]:
    """The examples of WordNet's entries that are more than a word: short sentences of everyday English.

    An entry is a line: numbers, words and pointers, and after a bar the meaning, with examples in quotes
    (`man 5 wndb`). Kinds of animals and plants, and what is one of its kind (a person, a town), are left out.
    """
    examples: dict[str, None] = {}
    for name in WORDNET_FILES:
        for line in (folder / name).read_text("latin-1").splitlines():
            data, _, gloss = line.partition(" | ")
            fields = data.split()
            if line.startswith(" ") or fields[1] in WORDNET_LEFT_OUT or "@i" in fields:
                continue
            quoted = (part.strip(" ;") for part in gloss.split('"')[1:])
            examples.update(dict.fromkeys(example for example in quoted if " " in example))
    return list(examples)

"""The lexicon in memory: what a dispatcher knows of the trade. How files say it: `ticketopt.triage.lexicon_file`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ticketopt.triage.phrases import PhraseTree, phrase_tree

TIERS = {"names": 2.0, "sure": 3.0, "words": 1.2, "hints": 0.7}
"""What one phrase of each kind adds to the score of a skill that is linked to its concept."""


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that tickets are about. See the module's text; `boost` multiplies all its phrases."""

    name: str
    names: tuple[str, ...] = ()
    sure: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Sign:
    """Phrases that imply an urgency without naming a level.

    `points` above 0 raise it. `at_least` is a level below which it does not fall, or empty. With `counts_people`,
    the points depend on the number in the phrase. Only `severe` signs can make a ticket critical. `calms` names the
    signs that mean little in the same part of a sentence (`drill`, `test environment`).
    """

    name: str
    points: float = 0.0
    phrases: tuple[str, ...] = ()
    at_least: str = ""
    counts_people: bool = False
    severe: bool = False
    calms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """Concepts, and the words around them. Lists of concepts may hold one name twice: a user's and ours.

    `tokens` (the stems of phrases) and `trees` (by who finds phrases) are what is known beforehand, because it was
    worked out when the package was built. Both may be empty: they save time and change nothing.
    """

    concepts: tuple[Concept, ...] = ()
    generic: tuple[str, ...] = ()
    contrast: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stated: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    signs: tuple[Sign, ...] = ()
    ignore: tuple[str, ...] = ()
    tokens: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    trees: Mapping[str, PhraseTree] = field(default_factory=dict, repr=False)

    def tree(self, name: str, phrases_of: Callable[[Lexicon], Sequence[str]]) -> PhraseTree:
        """The tree of that name, which is the one of the phrases that the function picks."""
        return self.trees.get(name) or phrase_tree(phrases_of(self), self.tokens)

    def extended(self, other: Lexicon) -> Lexicon:
        """Both together."""
        return Lexicon(
            concepts=self.concepts + other.concepts,
            generic=self.generic + other.generic,
            contrast=_joined(self.contrast, other.contrast),
            stated=_joined(self.stated, other.stated),
            signs=self.signs + other.signs,
            ignore=self.ignore + other.ignore,
            tokens={**self.tokens, **other.tokens},
        )


def _joined(
    first: Mapping[str, tuple[str, ...]], second: Mapping[str, tuple[str, ...]]
) -> Mapping[str, tuple[str, ...]]:
    return {key: (*first.get(key, ()), *second.get(key, ())) for key in {**first, **second}}

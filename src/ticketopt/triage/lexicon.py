"""The lexicon in memory: what a dispatcher knows of the trade. How files say it: `ticketopt.triage.lexicon_file`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Self, overload

from ticketopt.triage.phrases import PhraseTree, Shape, phrase_tree

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


Form = tuple[str, str]
"""A word as names have it: its stem, and `ing` or `ed` where it ends so."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A phrase that can stand in a skill's name.

    Attributes
    ----------
    concept, kind : whose phrase it is, and of which kind.
    words : its words as forms, in order.
    exact : the word, folded, that counts only in this form, or empty.
    """

    concept: str
    kind: str
    words: tuple[Form, ...]
    exact: str = ""


@dataclass(frozen=True, slots=True)
class Stem:
    """What the phrases of a lexicon do with one stem.

    Attributes
    ----------
    entries : those filed under it: it is their first word that says something.
    having : how many concepts have it in a name.
    forms : ending -> the concepts that have the word with this ending in any phrase.
    """

    entries: Sequence[Entry] = ()
    having: int = 0
    forms: Mapping[str, Sequence[str]] = field(default_factory=dict)


Weighted = tuple[str, float, Shape]
"""A phrase of a concept, what it adds to the score of a skill that is the concept, and what to find."""


class Prepared(ABC):
    """What linking needs of concepts, whatever the skills are: by stem of a name, and by concept."""

    @abstractmethod
    def __len__(self) -> int:
        """How many concepts there are."""

    @abstractmethod
    def stem(self, stem: str) -> Stem:
        """What stands under a stem."""

    @abstractmethod
    def phrases(self, concept: str) -> Sequence[Weighted]:
        """All phrases of a concept; none of one that is not here."""

    @abstractmethod
    def broader(self) -> Mapping[str, Sequence[str]]:
        """Concept -> what lies right above, where something does."""

    @abstractmethod
    def exact(self) -> Mapping[str, str]:
        """Names of one word that count only as they are written -> the sign that says so."""


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """Concepts, and the words around them. Lists of concepts may hold one name twice: a user's and ours.

    `trees` (by who finds phrases) are known beforehand where they were worked out when the package was built, as are
    the concepts that are `Prepared`: both save time and change nothing. `parts` are the lexicons that it is made of.
    """

    concepts: Sequence[Concept] = ()
    generic: tuple[str, ...] = ()
    contrast: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stated: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    signs: tuple[Sign, ...] = ()
    ignore: tuple[str, ...] = ()
    trees: Mapping[str, PhraseTree] = field(default_factory=dict, repr=False)
    parts: tuple[Lexicon, ...] = field(default=(), repr=False)

    def tree(self, name: str, phrases_of: Callable[[Lexicon], Sequence[str]]) -> PhraseTree:
        """The tree of that name, which is the one of the phrases that the function picks."""
        return self.trees.get(name) or phrase_tree(phrases_of(self))

    def extended(self, other: Lexicon) -> Lexicon:
        """Both together."""
        return Lexicon(
            concepts=Joined(self.concepts, other.concepts),
            generic=self.generic + other.generic,
            contrast=_joined(self.contrast, other.contrast),
            stated=_joined(self.stated, other.stated),
            signs=self.signs + other.signs,
            ignore=self.ignore + other.ignore,
            parts=(*(self.parts or (self,)), *(other.parts or (other,))),
        )


class LazyConcepts(Sequence[Concept]):
    """Concepts none of which is read before it is asked for. They never change, so a copy is the same object."""

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, LazyConcepts) and tuple(self) == tuple(other))

    __hash__ = None  # type: ignore[assignment]

    def __deepcopy__(self, memo: object) -> Self:
        return self


class Joined(LazyConcepts):
    """Lists of concepts one after another."""

    def __init__(self, *lists: Sequence[Concept]) -> None:
        self._lists = lists

    def __len__(self) -> int:
        return sum(map(len, self._lists))

    def __iter__(self) -> Iterator[Concept]:
        return chain.from_iterable(self._lists)

    @overload
    def __getitem__(self, index: int) -> Concept: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Concept]: ...
    def __getitem__(self, index: int | slice) -> Concept | Sequence[Concept]:
        return tuple(self)[index]


def _joined(
    first: Mapping[str, tuple[str, ...]], second: Mapping[str, tuple[str, ...]]
) -> Mapping[str, tuple[str, ...]]:
    return {key: (*first.get(key, ()), *second.get(key, ())) for key in {**first, **second}}

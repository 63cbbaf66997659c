"""Which concepts of the lexicon a skill's name means.

A skill is called by telling words (`mortgage`), words that say nothing (`support`), and numbers. A concept's phrase can
stand in it where the skill has all telling words of the phrase, in any order.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log

from ticketopt.problem.fields import SEPARATORS
from ticketopt.triage.lexicon import Concept, Lexicon
from ticketopt.triage.text import DETERMINERS
from ticketopt.triage.words import folded, runs_of, stem, visible

LINK_BY = {"names": 1.0, "sure": 0.8, "words": 0.5}
"""Kinds of phrases that can stand in a skill's name, and how fully a skill covers a concept that is found by one."""
LEAST_LINK = 0.3
"""Weaker links are none: one word that half of the lexicon's names have says nothing."""
UNIQUE = 2
"""A word tells its concept alone, inside a longer name, where at most so many concepts have it in their names."""

MOST_SHARED = 4
"""One word inside a longer name says nothing where more concepts than this go by it alone: `accounts`, `repairs`."""

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_JOINTS = re.compile(r"\s[-\u2013\u2014]\s|\s*[&+;,:|]\s+|\s/\s|\s+(?:and|und|et|y|e)\s+")
"""What stands between the things that a name lists: `Parks & Trees`, `Payments - Wires`."""
_NO_NAME = re.compile(r"[~*|]|(?:^|\s)[#/]")
_ENDINGS = ("ing", "ed")


def spaced(skill: str) -> str:
    """The skill's name as words: `MobileAppSupport_EMEA` is `Mobile App Support EMEA`."""
    parts = unicodedata.normalize("NFKC", visible(skill)).translate(SEPARATORS).split()
    return " ".join(_CAMEL.sub(" ", part) if len(part) > 12 else part for part in parts)


Form = tuple[str, str]
"""A word as names have it: its stem, and `ing` or `ed` where it ends so."""


@lru_cache(maxsize=1 << 14)
def form(word: str) -> Form:
    """The word without its number, but with its ending: `markets` and `market` are one form, `marketing` is another.

    Inflection brings together what is not one thing in names.
    """
    base, low = stem(word), folded(word).removesuffix("s")
    return base, next((e for e in _ENDINGS if low.endswith(e) and not base.endswith(e)), "")


@dataclass(frozen=True, slots=True)
class Entry:
    """A phrase that can stand in a skill's name.

    Attributes
    ----------
    concept, kind : whose phrase it is, and a key of `LINK_BY`.
    words : all its words, as forms. telling : those that must stand in the name; all where none says anything.
    exact : the word, folded, that counts only in this form, or empty.
    """

    concept: str
    kind: str
    words: frozenset[Form]
    telling: frozenset[Form]
    exact: str = ""


@dataclass(frozen=True, slots=True)
class Naming:
    """The phrases of a lexicon that can stand in names.

    Attributes
    ----------
    by_stem : stem -> the entries that have it as the first of their telling words.
    having : stem -> the concepts that have it in a name.
    forms : form -> the concepts that have it in any phrase.
    generic : forms of words that say nothing in a name.
    concepts : how many there are.
    """

    by_stem: Mapping[str, Sequence[Entry]]
    having: Mapping[str, Collection[str]]
    forms: Mapping[Form, Collection[str]]
    generic: frozenset[Form]
    concepts: int


@lru_cache(maxsize=8)
def naming(lexicon: Lexicon) -> Naming:
    """The index of a lexicon's names."""
    generic = frozenset(map(form, lexicon.generic))
    by_stem: defaultdict[str, list[Entry]] = defaultdict(list)
    having: defaultdict[str, set[str]] = defaultdict(set)
    forms: defaultdict[Form, set[str]] = defaultdict(set)
    for concept, kind, phrase in _phrases(lexicon.concepts):
        words = _words(phrase)
        telling = [word for word in words if word not in generic] or words
        exact = folded(phrase[1:]) if phrase[0] in "=!" else ""
        by_stem[telling[0][0]].append(Entry(concept, kind, frozenset(words), frozenset(telling), exact))
        for word in words:
            forms[word].add(concept)
            if kind == "names":
                having[word[0]].add(concept)
    return Naming(by_stem, having, forms, generic, len(lexicon.concepts))


def _words(name: str) -> list[Form]:
    return [form(word) for word in runs_of(name) if folded(word) not in DETERMINERS]


def _telling(words: Sequence[Form], generic: Collection[Form]) -> list[Form]:
    """The words that say something, or all where none does; numbers do not."""
    return [word for word in words if word not in generic and not word[0].isdigit()] or list(words)


def _phrases(concepts: Iterable[Concept]) -> Iterator[tuple[str, str, str]]:
    """Those that a name can hold: plain words, no paths."""
    for concept in concepts:
        for kind in LINK_BY:
            for phrase in getattr(concept, kind):
                if not _NO_NAME.search(phrase) and _words(phrase):
                    yield concept.name, kind, phrase


def concepts_of(skill: str, names: Naming) -> dict[str, float]:
    """Concept -> how fully the skill covers it, 0 to 1.

    1. A phrase counts where all its telling words stand in the name; those of a larger one hide the smaller ones.
    2. What is the whole name, or the whole of a thing that the name lists, counts fully; so does a phrase of several
       words, or with a word that hardly another concept has. Else the phrase counts by how much of what the name says
       its word is.
    3. Sure words count where no name stands; other words only where nothing else was found.
    """
    words = _words(spaced(skill))
    parts = [_words(spaced(part)) for part in _JOINTS.split(unicodedata.normalize("NFKC", visible(skill)))]
    wholes = [frozenset(_telling(part, names.generic)) for part in [words, *parts]]
    found = _found(skill, words, names)
    links: dict[str, float] = {}
    covered: set[Form] = set()
    for kind, full in LINK_BY.items():
        if kind == "words" and links:
            break
        here = [(entry, have) for entry, have in found if entry.kind == kind and not have <= covered]
        here = [(entry, have) for entry, have in here if not any(have < other for _, other in here)]
        sharing = Counter(have for _, have in {(entry.concept, have) for entry, have in here})
        for entry, have in here:
            part = _part(entry, have, wholes, names)
            if full * part >= LEAST_LINK and (part == 1.0 or sharing[have] <= MOST_SHARED):
                links[entry.concept] = max(links.get(entry.concept, 0.0), full * part)
                covered |= have
    return links


def _found(skill: str, words: Sequence[Form], names: Naming) -> list[tuple[Entry, frozenset[Form]]]:
    """The entries that stand in the name, with the words of the name that they cover."""
    written = dict(words)
    spellings = {folded(word) for word in runs_of(spaced(skill))}
    found = []
    for first in written:
        for entry in names.by_stem.get(first, ()):
            if _stands(entry, written, spellings, names):
                found.append((entry, frozenset((base, written[base]) for base, _ in entry.words if base in written)))
    exact = {have for entry, have in found if entry.exact}
    return [(entry, have) for entry, have in found if entry.exact or have not in exact]


def _stands(entry: Entry, written: Mapping[str, str], spellings: Collection[str], names: Naming) -> bool:
    """Whether a phrase stands in a name (stem -> ending): with all its telling words or, where it has none, alone."""
    if entry.exact:
        return entry.exact in spellings
    if entry.telling <= names.generic and len(entry.words) < len(written):
        return False
    if not all(base in written for base, _ in entry.telling):
        return False
    [(base, ending), *others] = entry.telling
    return bool(others) or _same((base, written[base]), (base, ending), entry.concept, names)


def _same(written: Form, meant: Form, concept: str, names: Naming) -> bool:
    """Whether two forms of one stem are one word: not where the lexicon knows the written form, of other things."""
    return written == meant or written not in names.forms or concept in names.forms[written]


def _part(entry: Entry, have: frozenset[Form], wholes: Sequence[frozenset[Form]], names: Naming) -> float:
    """How much of what the skill's name says the words of the entry are."""
    telling = frozenset(_telling(sorted(have), names.generic))
    if telling in wholes or len(have) > 1:
        return 1.0
    [(base, _)] = have
    if entry.kind == "names" and len(names.having.get(base, ())) <= UNIQUE:
        return 1.0
    whole = min((words for words in wholes if telling < words), key=len, default=telling)
    return _says(base, names) / sum(_says(other, names) for other, _ in whole)


def _says(base: str, names: Naming) -> float:
    """How much a word tells: the fewer concepts have it, the more."""
    return log((names.concepts + 1) / max(1, len(names.having.get(base, ()))))

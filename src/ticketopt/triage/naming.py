"""Which concepts of the lexicon a skill's name means.

A skill is called by telling words (`mortgage`), words that say nothing (`support`), and numbers. A concept's phrase can
stand in it where the skill has all telling words of the phrase, in any order.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from math import log

from ticketopt.problem.fields import SEPARATORS
from ticketopt.triage.lexicon import Entry, Form, Prepared, Stem
from ticketopt.triage.prepared import LINK_BY, form, forms_of
from ticketopt.triage.words import folded, runs_of, stem, visible

LEAST_LINK = 0.3
"""Weaker links are none: one word that half of the lexicon's names have says nothing."""
SHORTENED = 0.7
"""What a whole name counts that is a common word of a longer phrase: `clients` may be no `client management`."""
UNIQUE = 2
"""A word tells its concept alone, inside a longer name, where at most so many concepts have it in their names."""

MOST_SHARED = 4
"""One word inside a longer name says nothing where more concepts than this go by it alone: `accounts`, `repairs`."""

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BREAK = re.compile(r"[\s_\-\u2013\u2014]{3,}")
_JOINTS = re.compile(r"\s*[&+;,:|]\s+|\s/\s|\s+(?:and|und|et|y|e)\s+", re.IGNORECASE)
"""What stands between the things that a name lists: `Payments - Wires`, `Parks & Trees`."""
_LONG_PART = 12  # letters from which on capitals inside a word begin new ones
_SHORTEST_PART = 3
_SHORTEST_RUN = 10  # letters of the shortest word that may be several written together


class Naming:
    """The names of a lexicon, over all its parts. `generic` are forms of words that say nothing in a name."""

    def __init__(self, parts: Sequence[Prepared], generic: Iterable[str]) -> None:
        self._parts = parts
        self._size = sum(map(len, parts))
        self.generic = frozenset(map(form, generic))
        self._stems: dict[str, tuple[Stem, ...]] = {}

    def spaced(self, skill: str) -> str:
        """The skill's name as words: `MobileAppSupport_EMEA` and `mobileappsupport-emea` are `Mobile App Support EMEA`.

        Capitals show where words begin; where there are none, the words that the lexicon knows do.
        """
        parts = unicodedata.normalize("NFKC", visible(skill)).translate(SEPARATORS).split()
        words = " ".join(_CAMEL.sub(" ", part) if len(part) > _LONG_PART else part for part in parts).split()
        return " ".join(self._apart(word) if len(word) >= _SHORTEST_RUN and word.isalpha() else word for word in words)

    def _apart(self, word: str) -> str:
        """A word that the lexicon does not have as the fewest ones that it has, if it is made of such."""
        if self._is_known(word):
            return word
        best: dict[int, tuple[str, ...]] = {0: ()}
        for end in range(_SHORTEST_PART, len(word) + 1):
            starts = [k for k in best if end - k >= _SHORTEST_PART and self._is_known(word[k:end])]
            if starts:
                start = min(starts, key=lambda k: len(best[k]))
                best[end] = (*best[start], word[start:end])
        return " ".join(best.get(len(word), (word,)))

    def _is_known(self, word: str) -> bool:
        return form(word) in self.generic or self.having(stem(word)) > 0

    def stems(self, base: str) -> tuple[Stem, ...]:
        """What stands under a stem in each part."""
        if base not in self._stems:
            self._stems[base] = tuple(part.stem(base) for part in self._parts)
        return self._stems[base]

    def having(self, base: str) -> int:
        """How many concepts have the word in a name."""
        return sum(found.having for found in self.stems(base))

    def says(self, base: str) -> float:
        """How much a word tells: the fewer concepts have it, the more."""
        return log((self._size + 1) / max(1, self.having(base)))

    def is_of(self, word: Form, concept: str) -> bool:
        """Whether a form is used of a concept: not where it is known, of others alone."""
        known = [found.forms[word[1]] for found in self.stems(word[0]) if word[1] in found.forms]
        return not known or any(concept in concepts for concepts in known)

    def telling(self, words: Iterable[Form]) -> frozenset[Form]:
        """The words that say something, or all where none does; numbers do not."""
        words = tuple(words)
        return frozenset(word for word in words if word not in self.generic and not word[0].isdigit()) or frozenset(
            words
        )

    def needed(self, entry: Entry) -> frozenset[Form]:
        """The words that must stand in a name: those that say something, numbers among them, or all."""
        return frozenset(word for word in entry.words if word not in self.generic) or frozenset(entry.words)


def is_idiom(skill: str, names: Naming) -> bool:
    """Whether the lexicon knows the words of a name only together."""
    words = forms_of(names.spaced(skill))
    stems = [base for base, _ in words]
    return len(words) > 1 and any(
        entry.kind == "names" and [base for base, _ in entry.words] == stems
        for base in dict.fromkeys(stems)
        for found in names.stems(base)
        for entry in found.entries
    )


def concepts_of(skill: str, names: Naming) -> dict[str, float]:
    """Concept -> how fully the skill covers it, 0 to 1.

    1. A phrase counts where all its telling words stand in the name; those of a larger one hide the smaller ones.
    2. What is the whole name, or the whole of a thing that the name lists, counts fully; so does a phrase of several
       words, or with a word that hardly another concept has. Else the phrase counts by how much of what the name says
       its word is.
    3. Sure words count where no name stands; other words only where nothing else was found.
    """
    words = forms_of(names.spaced(skill))
    things = [thing for part in _BREAK.split(skill) for thing in _JOINTS.split(names.spaced(part))]
    wholes = [names.telling(words), *(names.telling(forms_of(thing)) for thing in things)]
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
            if part >= LEAST_LINK and (part == 1.0 or sharing[have] <= MOST_SHARED):
                links[entry.concept] = max(links.get(entry.concept, 0.0), full * part)
                covered |= have
    return links


def _found(skill: str, words: Sequence[Form], names: Naming) -> list[tuple[Entry, frozenset[Form]]]:
    """The entries that stand in the name, with the words of the name that they cover."""
    written = dict(words)
    spellings = {folded(word) for word in runs_of(names.spaced(skill))}
    found = []
    for first in written:
        for entry in chain.from_iterable(known.entries for known in names.stems(first)):
            if _stands(entry, written, spellings, names):
                found.append((entry, frozenset((base, written[base]) for base, _ in entry.words if base in written)))
    exact = {have for entry, have in found if entry.exact}
    return [(entry, have) for entry, have in found if entry.exact or have not in exact]


def _stands(entry: Entry, written: Mapping[str, str], spellings: Collection[str], names: Naming) -> bool:
    """Whether a phrase stands in a name (stem -> ending): with all its telling words or, where it has none, alone."""
    if entry.exact:
        return entry.exact in spellings
    needed = names.needed(entry)
    if needed <= names.generic and len(set(entry.words)) < len(written):
        return False
    if not all(base in written for base, _ in needed):
        return False
    [(base, ending), *others] = needed
    return bool(others) or written[base] == ending or names.is_of((base, written[base]), entry.concept)


def _part(entry: Entry, have: frozenset[Form], wholes: Sequence[frozenset[Form]], names: Naming) -> float:
    """How much of what the skill's name says the words of the entry are."""
    telling = names.telling(have)
    if len(have) > 1:
        return 1.0
    [(base, _)] = have
    if telling in wholes:
        return 1.0 if len(entry.words) == 1 or names.having(base) <= UNIQUE else SHORTENED
    if entry.kind == "names" and names.having(base) <= UNIQUE:
        return 1.0
    whole = min((words for words in wholes if telling < words), key=len, default=telling)
    return names.says(base) / sum(names.says(other) for other, _ in sorted(whole))

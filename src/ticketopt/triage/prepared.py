"""What linking needs of a lexicon's concepts, worked out: when the package is built, or of a user's own lexicon."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from math import log2

from ticketopt.triage.lexicon import TIERS, Concept, Entry, Form, Lexicon, Prepared, Stem, Weighted
from ticketopt.triage.phrases import shape
from ticketopt.triage.text import DETERMINERS
from ticketopt.triage.words import folded, pattern, runs_of, stem

LINK_BY = {"names": 1.0, "sure": 0.8, "words": 0.5}
"""Kinds of phrases that can stand in a skill's name, and how fully a skill covers a concept that is found by one."""
SHORT_NAME = 0.75
"""What a name of one word counts in a text, compared with longer ones, where it is seldom meant otherwise."""
NEAR = 0.8
"""What a `~` phrase counts, compared with one that stands as written."""
AMBIGUITY = 0.1
"""How much less a word says that many concepts of the lexicon share."""

_DECIMALS = 4  # of points; more would be no truer, and longer to read
_NO_NAME = r"[~*|]|(?:^|\s)[#/]"
_ENDINGS = ("ing", "ed")


@lru_cache(maxsize=1 << 14)
def form(word: str) -> Form:
    """The word without its number, but with its ending: `markets` and `market` are one form, `marketed` is another.

    Inflection brings together what is not one thing in names.
    """
    base, low = stem(word), folded(word).removesuffix("s")
    return base, next((e for e in _ENDINGS if low.endswith(e) and not base.endswith(e)), "")


def forms_of(name: str) -> list[Form]:
    """The words of a name as forms, without determiners."""
    return [form(word) for word in runs_of(name) if folded(word) not in DETERMINERS]


class PreparedConcepts(Prepared):
    """Concepts worked out in memory. `generic` are forms of words that say nothing in a name."""

    def __init__(self, concepts: Sequence[Concept], generic: Collection[Form]) -> None:
        points = points_of(concepts)
        self._size = len(concepts)
        self._phrases = {
            concept.name: list(zip(phrases, points[concept.name], map(shape, phrases), strict=True))
            for concept in concepts
            for phrases in [phrases_of(concept)]
        }
        self._broader = {concept.name: concept.broader for concept in concepts if concept.broader}
        names = (name for concept in concepts for name in concept.names)
        self._exact = {folded(name[1:]): name[0] for name in names if name[0] in "=!"}
        self.stems = _stems(concepts, generic)

    def __len__(self) -> int:
        return self._size

    def stem(self, stem: str) -> Stem:
        return self.stems.get(stem, _NO_STEM)

    def phrases(self, concept: str) -> Sequence[Weighted]:
        return self._phrases.get(concept, ())

    def broader(self) -> Mapping[str, Sequence[str]]:
        return self._broader

    def exact(self) -> Mapping[str, str]:
        return self._exact


_NO_STEM = Stem()


@lru_cache(maxsize=8)
def prepared_parts(lexicon: Lexicon) -> tuple[Prepared, ...]:
    """Each part of a lexicon; what says nothing in a part's names is what the part, and those before it, say of it."""
    parts: list[Prepared] = []
    generic: list[str] = []
    for part in lexicon.parts or (lexicon,):
        generic += part.generic
        if isinstance(part.concepts, Prepared):
            parts.append(part.concepts)
        else:
            parts.append(PreparedConcepts(part.concepts, frozenset(map(form, generic))))
    return tuple(parts)


def points_of(concepts: Iterable[Concept]) -> dict[str, list[float]]:
    """Concept -> what each of its phrases adds to the score of a skill that is the concept, in the order of `TIERS`."""
    shared = Counter(phrase for concept in concepts for kind in TIERS for phrase in getattr(concept, kind))
    return {
        concept.name: [
            round(_points(kind, phrase) * concept.boost / (1 + AMBIGUITY * log2(shared[phrase])), _DECIMALS)
            for kind in TIERS
            for phrase in getattr(concept, kind)
        ]
        for concept in concepts
    }


def _points(kind: str, phrase: str) -> float:
    return TIERS[kind] * (NEAR if "~" in phrase else SHORT_NAME if kind == "names" and " " not in phrase else 1.0)


def phrases_of(concept: Concept) -> list[str]:
    """All phrases, in the order of `TIERS`."""
    return [phrase for kind in TIERS for phrase in getattr(concept, kind)]


def _stems(concepts: Iterable[Concept], generic: Collection[Form]) -> dict[str, Stem]:
    entries: defaultdict[str, list[Entry]] = defaultdict(list)
    having: defaultdict[str, set[str]] = defaultdict(set)
    forms: defaultdict[str, defaultdict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
    for concept, kind, phrase in _possible_names(concepts):
        words = forms_of(phrase)
        first = next((base for base, ending in words if (base, ending) not in generic), words[0][0])
        exact = folded(phrase[1:]) if phrase[0] in "=!" else ""
        entries[first].append(Entry(concept, kind, tuple(words), exact))
        for base, ending in words:
            forms[base][ending][concept] = None
            if kind == "names":
                having[base].add(concept)
    return {
        base: Stem(
            tuple(entries.get(base, ())), len(having.get(base, ())), {ending: tuple(c) for ending, c in known.items()}
        )
        for base, known in forms.items()
    }


def _possible_names(concepts: Iterable[Concept]) -> Iterator[tuple[str, str, str]]:
    """Concept, kind and phrase of those that a name can hold: plain words, no paths."""
    for concept in concepts:
        for kind in LINK_BY:
            for phrase in getattr(concept, kind):
                if not pattern(_NO_NAME).search(phrase) and forms_of(phrase):
                    yield concept.name, kind, phrase

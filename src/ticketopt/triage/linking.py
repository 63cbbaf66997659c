"""Which phrases speak for which skill, worked out from the skills' names and the lexicon alone."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log2

from ticketopt.triage.lexicon import TIERS, Concept, Lexicon
from ticketopt.triage.phrases import PhraseTable, phrase_tokens
from ticketopt.triage.text import DETERMINERS, read_text
from ticketopt.triage.words import WORD, folded, stem

WHOLE_NAME = 4.0
NAME_WORD = 2.2
INITIALS = 2.5
BROADER = 0.45
"""What a concept's phrases count for a skill that is linked only to the broader concept."""

_LINK_BY = {"names": 1.0, "sure": 0.8, "words": 0.5}
_RARITY = 0.5

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

Links = list[dict[str, float]]
"""For every skill: concept -> how fully the skill covers it, 0 to 1."""


@dataclass(frozen=True, slots=True)
class PhraseIndex:
    """Phrases ready to be found, and for each the (skill index, weight) pairs it speaks for."""

    table: PhraseTable
    phrases: tuple[str, ...]
    weights: tuple[tuple[tuple[int, float], ...], ...]


def link(skills: Sequence[str], lexicon: Lexicon) -> PhraseIndex:
    """Everything the team's skills need of the lexicon, as one index.

    1. The names of a skill's concepts are found in its own name; the longest ones win.
    2. A concept's phrases speak for every skill linked to it or, less, to something broader.
    3. The words of the skill's name speak for it directly.
    4. A phrase that speaks for many skills says little about each.
    """
    links = _concept_links(skills, lexicon)
    weights: defaultdict[str, dict[int, float]] = defaultdict(dict)
    for phrase, skill, weight in (*_concept_phrases(links, lexicon), *_name_phrases(skills, lexicon)):
        weights[phrase][skill] = max(weights[phrase].get(skill, 0.0), weight)
    phrases = tuple(weights)
    return PhraseIndex(PhraseTable(phrases), phrases, tuple(_by_rarity(weights[phrase]) for phrase in phrases))


def _by_rarity(weights: Mapping[int, float]) -> tuple[tuple[int, float], ...]:
    shared = sum(weights.values()) / max(weights.values())
    factor = 1 / (1 + _RARITY * log2(shared))
    return tuple((skill, weight * factor) for skill, weight in sorted(weights.items()))


def _concept_links(skills: Sequence[str], lexicon: Lexicon) -> Links:
    entries = [(concept.name, kind, p) for concept in lexicon.concepts for kind in _LINK_BY for p in getattr(concept, kind)]
    entries = [entry for entry in entries if "~" not in entry[2]]
    table = PhraseTable([phrase for _, _, phrase in entries])
    narrower = defaultdict(set)
    for concept in lexicon.concepts:
        for broad in concept.broader:
            narrower[broad].add(concept.name)
    generic = {stem(word) for word in lexicon.generic}
    return [_with_narrower(_direct_links(skill, table, entries, generic), narrower) for skill in skills]


def _direct_links(
    skill: str, table: PhraseTable, entries: Sequence[tuple[str, str, str]], generic: set[str]
) -> dict[str, float]:
    """Concept names found in the skill's name. Inside a longer match shorter ones do not count."""
    text = read_text(_spaced(skill), "title")
    found = []
    for key, (span,) in table.find(text):
        concept, kind, _ = entries[key]
        if not all(stem(text.words[k]) in generic for k in range(span[0], span[1] + 1)):
            found.append((span, kind, concept))
    links: dict[str, float] = {}
    order = list(_LINK_BY)
    found.sort(key=lambda item: (item[0][0] - item[0][1], order.index(item[1])))
    taken: dict[int, tuple[tuple[int, int], str]] = {}
    for span, kind, concept in found:
        words = range(span[0], span[1] + 1)
        if all(taken.get(k, (span, kind)) == (span, kind) for k in words):
            taken.update(dict.fromkeys(words, (span, kind)))
            links[concept] = max(links.get(concept, 0.0), _LINK_BY[kind])
    return links


def _with_narrower(links: Mapping[str, float], narrower: Mapping[str, set[str]]) -> dict[str, float]:
    """The links, and weaker ones to everything below, two levels deep."""
    result = dict(links)
    level = dict(links)
    for _ in range(2):
        below: dict[str, float] = {}
        for broad, weight in level.items():
            for name in narrower.get(broad, ()):
                below[name] = max(below.get(name, 0.0), weight * BROADER)
        for name, weight in below.items():
            result[name] = max(result.get(name, 0.0), weight)
        level = below
    return result


def _concept_phrases(links: Links, lexicon: Lexicon) -> Iterator[tuple[str, int, float]]:
    holders: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for skill, concepts in enumerate(links):
        for concept, weight in concepts.items():
            holders[concept].append((skill, weight))
    for entry in lexicon.concepts:
        for skill, weight in holders.get(entry.name, ()):
            yield from _weighted_phrases(entry, skill, weight)


def _weighted_phrases(concept: Concept, skill: int, weight: float) -> Iterator[tuple[str, int, float]]:
    for kind, tier in TIERS.items():
        for phrase in getattr(concept, kind):
            yield phrase, skill, tier * weight * concept.boost


def _name_phrases(skills: Sequence[str], lexicon: Lexicon) -> Iterator[tuple[str, int, float]]:
    generic = {stem(word) for word in lexicon.generic} | {stem(word) for word in DETERMINERS}
    telling = [[w for w in WORD.findall(_spaced(skill)) if stem(w) not in generic] for skill in skills]
    sharing: defaultdict[str, int] = defaultdict(int)
    for words in telling:
        for base in {stem(word) for word in words}:
            sharing[base] += 1
    for skill, words in enumerate(telling):
        if len(words) > 1:
            yield " ".join(words), skill, WHOLE_NAME
            if "".join(words).isalpha() and len(words) > 2:
                yield "^" + "".join(word[0] for word in words), skill, INITIALS
        elif len(WORD.findall(_spaced(skills[skill]))) > 1 and phrase_tokens(_spaced(skills[skill])):
            yield _spaced(skills[skill]), skill, WHOLE_NAME
        for word in words:
            short = len(folded(word)) <= 2
            yield ("^" + word if short else word), skill, NAME_WORD / (1 + 0.5 * log2(sharing[stem(word)]))


def _spaced(skill: str) -> str:
    """The skill's name as words: `MobileApp_Support` is `Mobile App Support`."""
    return " ".join(_CAMEL.sub(" ", part) if len(part) > 12 else part for part in skill.replace("_", " ").split())

"""Which phrases speak for which skill, worked out from the skills' names and the lexicon alone."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log2

from ticketopt.problem.fields import SEPARATORS
from ticketopt.triage.lexicon import TIERS, Concept, Lexicon
from ticketopt.triage.phrases import PhraseTable, PhraseTree, Span, phrase_tokens, phrase_tree, tokens_of
from ticketopt.triage.text import DETERMINERS, read_text
from ticketopt.triage.words import folded, is_dense, runs_of, stem, visible

WHOLE_NAME = 4.0
NAME_WORD = 2.2
NAME_WORD_OF_KNOWN = 1.3
"""The same for one of several words, where the lexicon knows the skill and hence better words."""
NAME_WORD_OF_IDIOM = 0.4
"""The same where the lexicon knows the words only together: a `point` is no `point of sale`."""
INITIALS = 2.5
BROADER = 0.3
"""What a concept's phrases count for a skill that is linked only to the broader concept."""
BROADER_BESIDE_SPECIALIST = 0.05
"""The same where somebody knows the concept itself."""
NARROWER = 0.3
"""What a concept's phrases count for a skill that is linked to a narrower concept, where nobody knows it itself."""
SHORT_NAME = 0.75
"""What a name of one word counts in a text, compared with longer ones, where it is seldom meant otherwise."""
NEAR = 0.8
"""What a `~` phrase counts, compared with one that stands as written."""
AMBIGUITY = 0.1
"""How much less a word says that many concepts of the lexicon share."""

GRAIN = 1024.0
"""Weights are whole multiples of 1 / GRAIN: sums of them are exact, and no order of adding up matters."""

LEAST_PART = 0.08
"""A phrase is silent on skills for which it would speak with less than this part of its largest weight."""

_LINK_BY = {"names": 1.0, "sure": 0.8, "words": 0.5}
_RARITY = 0.5

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

Links = list[dict[str, float]]
"""For every skill: concept -> how fully the skill covers it, 0 to 1."""


@dataclass(frozen=True, slots=True)
class PhraseIndex:
    """Phrases ready to be found, and for each the weight with which it speaks for each skill (by index).

    `links` has for every skill the concepts that it is linked to, and how fully it covers each, 0 to 1.
    """

    table: PhraseTable
    phrases: tuple[str, ...]
    weights: tuple[Mapping[int, float], ...]
    links: tuple[Mapping[str, float], ...] = ()


NOTHING = PhraseIndex(PhraseTable(PhraseTree()), (), ())
"""The index of no skills."""


def link(skills: Sequence[str], lexicon: Lexicon) -> PhraseIndex:
    """Everything the team's skills need of the lexicon, as one index.

    1. The names of a skill's concepts are found in its own name; the longest ones win.
    2. A concept's phrases speak for every skill linked to it or, less, to something broader.
    3. The words of the skill's name speak for it directly.
    4. A phrase that speaks for many skills says little about each.
    """
    trade = _trade(lexicon)
    links = _concept_links(skills, trade)
    weights: defaultdict[tuple[bool, str], dict[int, float]] = defaultdict(dict)
    for phrase, skill, weight in _concept_phrases(links, trade):
        _raise(weights[False, phrase], skill, weight)
    is_known = [any(weight == 1 for weight in concepts.values()) for concepts in links]
    for phrase, skill, weight in _name_phrases(skills, trade, is_known):
        _raise(weights[True, phrase.casefold()], skill, weight)
    phrases = tuple(phrase for _, phrase in weights)
    table = PhraseTable(phrase_tree(phrases, lexicon.tokens), guessing=True)
    return PhraseIndex(table, phrases, tuple(map(_by_rarity, weights.values())), tuple(links))


def _raise(weights: dict[int, float], skill: int, weight: float) -> None:
    weights[skill] = max(weights.get(skill, 0.0), weight)


@dataclass(frozen=True, slots=True, eq=False)
class _Trade:
    """What linking needs of a lexicon, whatever the skills are.

    Attributes
    ----------
    concepts : as the lexicon has them. shared : phrase -> how many concepts have it.
    entries, table : (concept, kind, phrase) of what can stand in a skill's name, and what finds it there.
    broader, narrower : concept -> what lies right above, and right below.
    generic : stems of words that say nothing in a name.
    idioms, exact : names of several words as stems; names that count only as they are written.
    """

    concepts: tuple[Concept, ...]
    shared: Mapping[str, int]
    entries: tuple[tuple[str, str, str], ...]
    table: PhraseTable
    broader: Mapping[str, Sequence[str]]
    narrower: Mapping[str, set[str]]
    generic: frozenset[str]
    idioms: frozenset[tuple[str, ...]]
    exact: frozenset[str]


def _entries(lexicon: Lexicon) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (c.name, kind, p) for c in lexicon.concepts for kind in _LINK_BY for p in getattr(c, kind) if "~" not in p
    )


def names_of(lexicon: Lexicon) -> list[str]:
    """The phrases that can stand in a skill's name."""
    return [phrase for _, _, phrase in _entries(lexicon)]


@lru_cache(maxsize=8)
def _trade(lexicon: Lexicon) -> _Trade:
    concepts = lexicon.concepts
    narrower = defaultdict(set)
    for concept in concepts:
        for broad in concept.broader:
            narrower[broad].add(concept.name)
    names = [name for concept in concepts for name in concept.names]
    tokens_of_names = (tokens_of(name, lexicon.tokens) for name in names)
    return _Trade(
        concepts=concepts,
        shared=Counter(phrase for c in concepts for kind in TIERS for phrase in getattr(c, kind)),
        entries=_entries(lexicon),
        table=PhraseTable(lexicon.tree("names", names_of)),
        broader={concept.name: concept.broader for concept in concepts},
        narrower=narrower,
        generic=frozenset(stem(word) for word in lexicon.generic),
        idioms=frozenset(tokens for tokens in tokens_of_names if len(tokens) > 1),
        exact=frozenset(name[1:] for name in names if name.startswith("=")),
    )


def _by_rarity(weights: Mapping[int, float]) -> dict[int, float]:
    most = max(weights.values())
    factor = 1 / (1 + _RARITY * log2(sum(weights.values()) / most))
    return {
        skill: round(weight * factor * GRAIN) / GRAIN
        for skill, weight in sorted(weights.items())
        if weight >= LEAST_PART * most
    }


def _concept_links(skills: Sequence[str], trade: _Trade) -> Links:
    direct = [_direct_links(skill, trade) for skill in skills]
    known = {concept for links in direct for concept, weight in links.items() if weight == 1}
    return [
        _with_broader(links, trade.broader, known) | _with_narrower(links, trade.narrower, known) for links in direct
    ]


def _direct_links(skill: str, trade: _Trade) -> dict[str, float]:
    """Concepts found in the skill's name.

    1. The concepts' names; inside a longer one shorter ones do not count.
    2. Their sure words, where no name stands; their other words only where nothing else was found.
    3. A concept that covers only words that another one covers with more is a homonym and is dropped.
    """
    text = read_text(spaced(skill), "title")
    found: dict[str, list[tuple[Span, str]]] = {kind: [] for kind in _LINK_BY}
    for key, (span,) in trade.table.find(text):
        concept, kind, _ = trade.entries[key]
        if not all(stem(text.words[k]) in trade.generic for k in _words(span)):
            found[kind].append((span, concept))
    links: dict[str, float] = {}
    covered: defaultdict[str, set[int]] = defaultdict(set)
    for kind, matches in found.items():
        if kind == "words" and links:
            break
        known = set().union(*covered.values())
        for span, concept in _longest(matches):
            if not _words(span) <= known:
                links[concept] = max(links.get(concept, 0.0), _LINK_BY[kind])
                covered[concept] |= _words(span)
    homonyms = {name for name in links if any(covered[name] < other for other in covered.values())}
    return {name: weight for name, weight in links.items() if name not in homonyms}


def _words(span: Span) -> set[int]:
    return set(range(span[0], span[1] + 1))


def _longest(matches: Sequence[tuple[Span, str]]) -> list[tuple[Span, str]]:
    """The matches that overlap no longer one."""
    taken: dict[int, Span] = {}
    kept = []
    for span, concept in sorted(matches, key=lambda match: match[0][0] - match[0][1]):
        if all(taken.get(k, span) == span for k in _words(span)):
            taken.update(dict.fromkeys(_words(span), span))
            kept.append((span, concept))
    return kept


def _with_narrower(
    links: Mapping[str, float], narrower: Mapping[str, set[str]], known: Collection[str]
) -> dict[str, float]:
    """The links, and weaker ones to everything below, two levels deep."""
    result = dict(links)
    level = dict(links)
    for _ in range(2):
        below: dict[str, float] = {}
        for broad, weight in level.items():
            for name in narrower.get(broad, ()):
                factor = BROADER_BESIDE_SPECIALIST if name in known else BROADER
                below[name] = max(below.get(name, 0.0), weight * factor)
        for name, weight in below.items():
            result[name] = max(result.get(name, 0.0), weight)
        level = below
    return result


def _with_broader(
    links: Mapping[str, float], broader: Mapping[str, Sequence[str]], known: Collection[str]
) -> dict[str, float]:
    """Weak links to what lies right above, where nobody knows that itself."""
    above = {name: weight * NARROWER for concept, weight in links.items() for name in broader.get(concept, ())}
    return {name: weight for name, weight in above.items() if name not in known}


def _concept_phrases(links: Links, trade: _Trade) -> Iterator[tuple[str, int, float]]:
    holders: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for skill, concepts in enumerate(links):
        for concept, weight in concepts.items():
            holders[concept].append((skill, weight))
    for entry in trade.concepts:
        for skill, weight in holders.get(entry.name, ()):
            for phrase, tier in _phrases(entry):
                yield phrase, skill, tier * weight / (1 + AMBIGUITY * log2(trade.shared[phrase]))


def _phrases(concept: Concept) -> Iterator[tuple[str, float]]:
    for kind, tier in TIERS.items():
        for phrase in getattr(concept, kind):
            factor = NEAR if "~" in phrase else SHORT_NAME if kind == "names" and " " not in phrase else 1.0
            yield phrase, tier * concept.boost * factor


def _name_phrases(skills: Sequence[str], trade: _Trade, is_known: Sequence[bool]) -> Iterator[tuple[str, int, float]]:
    generic = trade.generic | {stem(word) for word in DETERMINERS}
    telling = [[w for w in runs_of(spaced(skill)) if stem(w) not in generic] for skill in skills]
    sharing: defaultdict[str, int] = defaultdict(int)
    for words in telling:
        for base in {stem(word) for word in words}:
            sharing[base] += 1
    for skill, words in enumerate(telling):
        if len(words) > 1:
            yield " ".join(words), skill, WHOLE_NAME
            if "".join(words).isalpha() and len(words) > 2:
                yield "^" + "".join(word[0] for word in words), skill, INITIALS
        elif len(runs_of(spaced(skills[skill]))) > 1 and phrase_tokens(spaced(skills[skill])):
            yield spaced(skills[skill]), skill, WHOLE_NAME
        known = NAME_WORD_OF_IDIOM if phrase_tokens(spaced(skills[skill])) in trade.idioms else NAME_WORD_OF_KNOWN
        for word in words:
            is_sign = is_dense(word[:1])
            if is_sign and len(word) == 1 and len(words) > 1:
                continue  # one sign is part of too many words
            sign = "^" if len(folded(word)) <= 2 and not is_sign else "=" if folded(word) in trade.exact else ""
            weight = known if is_known[skill] and len(words) > 1 else NAME_WORD
            yield sign + word, skill, weight / (1 + 0.5 * log2(sharing[stem(word)]))


def spaced(skill: str) -> str:
    """The skill's name as words: `MobileAppSupport_EMEA` is `Mobile App Support EMEA`."""
    parts = unicodedata.normalize("NFKC", visible(skill)).translate(SEPARATORS).split()
    return " ".join(_CAMEL.sub(" ", part) if len(part) > 12 else part for part in parts)

"""Which phrases speak for which skill, worked out from the skills' names and the lexicon alone."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log2

from ticketopt.triage.lexicon import TIERS, Concept, Lexicon
from ticketopt.triage.naming import Naming, concepts_of, naming, spaced
from ticketopt.triage.phrases import PhraseTable, phrase_tokens, phrase_tree, tokens_of
from ticketopt.triage.text import DETERMINERS
from ticketopt.triage.words import folded, is_dense, runs_of, stem

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

_RARITY = 0.5

_JOINED = re.compile(r"\w/\w")

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
    table = PhraseTable(phrase_tree(phrases, lexicon.tokens))
    return PhraseIndex(table, phrases, tuple(map(_by_rarity, weights.values())), tuple(links))


def _raise(weights: dict[int, float], skill: int, weight: float) -> None:
    weights[skill] = max(weights.get(skill, 0.0), weight)


@dataclass(frozen=True, slots=True, eq=False)
class _Trade:
    """What linking needs of a lexicon, whatever the skills are.

    Attributes
    ----------
    concepts : as the lexicon has them. shared : phrase -> how many concepts have it.
    names : what can stand in a skill's name.
    broader, narrower : concept -> what lies right above, and right below.
    generic : stems of words that say nothing in a name.
    idioms : names of several words as stems.
    exact : names that count only as they are written -> the sign that says so.
    """

    concepts: tuple[Concept, ...]
    shared: Mapping[str, int]
    names: Naming
    broader: Mapping[str, Sequence[str]]
    narrower: Mapping[str, set[str]]
    generic: frozenset[str]
    idioms: frozenset[tuple[str, ...]]
    exact: Mapping[str, str]


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
        names=naming(lexicon),
        broader={concept.name: concept.broader for concept in concepts},
        narrower=narrower,
        generic=frozenset(stem(word) for word in lexicon.generic),
        idioms=frozenset(tokens for tokens in tokens_of_names if len(tokens) > 1),
        exact={folded(name[1:]): name[0] for name in names if name[0] in "=!"},
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
    direct = [concepts_of(skill, trade.names) for skill in skills]
    known = {concept for links in direct for concept, weight in links.items() if weight == 1}
    return [
        _with_broader(links, trade.broader, known) | _with_narrower(links, trade.narrower, known) for links in direct
    ]


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
    names = [spaced(skill) for skill in skills]
    telling = [[w for w in runs_of(name) if stem(w) not in generic] for name in names]
    sharing: Counter[str] = Counter()
    for words in telling:
        sharing.update({stem(word) for word in words})
    for skill, (name, words) in enumerate(zip(names, telling, strict=True)):
        yield from ((phrase, skill, weight) for phrase, weight in _whole_name(name, words))
        known = NAME_WORD_OF_IDIOM if phrase_tokens(name) in trade.idioms else NAME_WORD_OF_KNOWN
        for word in words:
            if len(word) == 1 and len(runs_of(name)) > 1:
                continue  # one sign is part of too many words, one letter of too many names
            is_short = len(folded(word)) <= 2 and not is_dense(word[:1])
            sign = "!" if is_short else trade.exact.get(folded(word), "")
            weight = known if is_known[skill] and len(words) > 1 else NAME_WORD
            yield sign + word, skill, weight / (1 + 0.5 * log2(sharing[stem(word)]))


def _whole_name(name: str, telling: Sequence[str]) -> Iterator[tuple[str, float]]:
    """The name as a whole; of everyday words alone it is found where it is written as a name."""
    if _JOINED.search(name):
        yield name, WHOLE_NAME
    elif len(telling) > 1:
        yield " ".join(telling), WHOLE_NAME
        if "".join(telling).isalpha() and len(telling) > 2:
            yield "^" + "".join(word[0] for word in telling), INITIALS
    elif len(runs_of(name)) > 1 and phrase_tokens(name):
        yield name, WHOLE_NAME
    elif not telling and phrase_tokens("!" + name):
        yield "!" + name, NAME_WORD

"""Which phrases speak for which skill, worked out from the skills' names and the lexicon alone."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, log2

from ticketopt.triage.lexicon import Lexicon, Prepared
from ticketopt.triage.naming import Naming, concepts_of, is_idiom
from ticketopt.triage.phrase_table import PhraseTable
from ticketopt.triage.phrases import Shape, phrase_tokens, shape, tree_of
from ticketopt.triage.prepared import prepared_parts
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

    `links` has for every skill the concepts that it is linked to, and how fully it covers each, 0 to 1; `spaced` its
    name as words.
    """

    table: PhraseTable
    phrases: tuple[str, ...]
    weights: tuple[Mapping[int, float], ...]
    links: tuple[Mapping[str, float], ...] = ()
    spaced: tuple[str, ...] = ()


def link(skills: Sequence[str], lexicon: Lexicon) -> PhraseIndex:
    """Everything the team's skills need of the lexicon, as one index.

    1. The names of a skill's concepts are found in its own name; the longest ones win.
    2. A concept's phrases speak for every skill linked to it or, less, to something broader.
    3. The words of the skill's name speak for it directly.
    4. A phrase that speaks for many skills says little about each.
    """
    parts = prepared_parts(lexicon)
    names = Naming(parts, lexicon.generic)
    links = _concept_links([concepts_of(skill, names) for skill in skills], parts)
    shapes: list[Shape] = []
    weights = _concept_weights(links, parts, shapes)
    is_known = [any(weight == 1 for weight in concepts.values()) for concepts in links]
    of_names: dict[str, dict[int, float]] = {}
    for phrase, skill, weight in _name_phrases(skills, names, _exact(parts), is_known):
        held = of_names.setdefault(phrase.casefold(), {})
        held[skill] = max(held.get(skill, 0.0), weight)
    shapes += map(shape, of_names)
    table = PhraseTable(tree_of(shapes))
    rare = tuple(map(_by_rarity, (*weights.values(), *of_names.values())))
    return PhraseIndex(table, (*weights, *of_names), rare, tuple(links), tuple(map(names.spaced, skills)))


def _exact(parts: Sequence[Prepared]) -> dict[str, str]:
    return {word: sign for part in parts for word, sign in part.exact().items()}


def _by_rarity(weights: Mapping[int, float]) -> Mapping[int, float]:
    most = max(weights.values())
    factor = 1 / (1 + _RARITY * log2(fsum(weights.values()) / most))
    return {
        skill: round(weight * factor * GRAIN) / GRAIN
        for skill, weight in sorted(weights.items())
        if weight >= LEAST_PART * most
    }


def _concept_links(direct: Links, parts: Sequence[Prepared]) -> Links:
    broader: defaultdict[str, list[str]] = defaultdict(list)
    narrower: defaultdict[str, list[str]] = defaultdict(list)
    for part in parts:
        for concept, above in part.broader().items():
            broader[concept] += above
            for name in above:
                narrower[name].append(concept)
    known = {concept for links in direct for concept, weight in links.items() if weight == 1}
    return [_with_broader(links, broader, known) | _with_narrower(links, narrower, known) for links in direct]


def _with_narrower(
    links: Mapping[str, float], narrower: Mapping[str, Sequence[str]], known: Collection[str]
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


def _concept_weights(links: Links, parts: Sequence[Prepared], shapes: list[Shape]) -> dict[str, dict[int, float]]:
    """Phrase of a concept -> skill -> weight; the shapes of the phrases are put into the list, in the same order."""
    holders: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for skill, concepts in enumerate(links):
        for concept, weight in concepts.items():
            holders[concept].append((skill, weight))
    weights: dict[str, dict[int, float]] = {}
    by_shape: dict[Shape, dict[int, float]] = {}
    for part in parts:
        for concept, held in holders.items():
            for phrase, points, found in part.phrases(concept):
                known = by_shape.get(found)
                if known is None:
                    shapes.append(found)
                    by_shape[found] = weights[phrase] = {skill: points * weight for skill, weight in held}
                    continue
                for skill, weight in held:
                    if points * weight > known.get(skill, 0.0):
                        known[skill] = points * weight
    return weights


def _name_phrases(
    skills: Sequence[str], known: Naming, exact: Mapping[str, str], is_known: Sequence[bool]
) -> Iterator[tuple[str, int, float]]:
    generic = {base for base, _ in known.generic} | {stem(word) for word in DETERMINERS}
    names = [known.spaced(skill) for skill in skills]
    telling = [[w for w in runs_of(name) if stem(w) not in generic] for name in names]
    sharing: Counter[str] = Counter()
    for words in telling:
        sharing.update({stem(word) for word in words})
    for skill, (name, words) in enumerate(zip(names, telling, strict=True)):
        yield from ((phrase, skill, weight) for phrase, weight in _whole_name(name, words))
        usual = NAME_WORD_OF_IDIOM if is_idiom(name, known) else NAME_WORD_OF_KNOWN
        for word in words:
            if len(word) == 1 and len(runs_of(name)) > 1:
                continue  # one sign is part of too many words, one letter of too many names
            is_short = len(folded(word)) <= 2 and not is_dense(word[:1])
            sign = "!" if is_short else exact.get(folded(word), "")
            weight = usual if is_known[skill] and len(words) > 1 else NAME_WORD
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

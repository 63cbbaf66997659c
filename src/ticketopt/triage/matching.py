"""From the phrases found in a ticket to a distribution over skills."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from ticketopt.triage.base import Evidence
from ticketopt.triage.linking import PhraseIndex
from ticketopt.triage.phrases import Span
from ticketopt.triage.text import Text

SHARPNESS = 2.0
"""Exponent that turns scores into shares: one strong need outweighs many weak echoes."""
SMALLEST_SHARE = 0.07
"""Skills with a smaller share are echoes and are dropped."""
LEAST_SCORE = 0.5
"""A skill with a lower score is not recognized at all."""

_REPEAT = 0.3  # what each further occurrence of the same phrase adds, of the one before
_LONG_QUEUE = 20  # from so many tickets on, the queue tells how rare a phrase is


@dataclass(frozen=True, slots=True)
class Found:
    """One phrase in one ticket: index, factor of its place, and the places' words (positions over all fields)."""

    phrase: int
    factor: float
    spans: tuple[Span, ...]
    text: Text
    offset: int


def find_phrases(texts: Sequence[tuple[Text, list[float]]], index: PhraseIndex) -> list[Found]:
    """Every phrase of the index in the fields of one ticket, each field with its factors of stance."""
    found = []
    offset = 0
    for text, stance in texts:
        for phrase, spans in index.table.find(text):
            weight = max(text.weights[first] for first, _ in spans)
            factor = weight * min(stance[last] for _, last in spans)
            if factor:
                found.append(Found(phrase, factor, spans, text, offset))
        offset += len(text.words)
    return found


def queue_rarity(queue: Sequence[Sequence[Found]]) -> dict[int, float]:
    """Factor of each phrase, 0.5 to 1: one that half of a long queue holds says little. No effect on short queues."""
    total = len(queue)
    if total < _LONG_QUEUE:
        return {}
    counts = Counter(phrase for found in queue for phrase in {item.phrase for item in found})
    return {phrase: max(0.5, min(1.0, 0.4 + log(total / n) / log(_LONG_QUEUE))) for phrase, n in counts.items()}


def score_skills(
    found: Sequence[Found], index: PhraseIndex, rarity: dict[int, float], skills: Sequence[str]
) -> tuple[dict[int, float], list[Evidence]]:
    """Score of every skill that something speaks for, and the evidence, in the order of the skills.

    A word counts once per skill, in the strongest phrase that holds it; a phrase that comes again adds less.
    """
    claims: defaultdict[int, list[tuple[float, Found]]] = defaultdict(list)
    for item in found:
        factor = item.factor * rarity.get(item.phrase, 1.0)
        for skill, weight in index.weights[item.phrase]:
            claims[skill].append((weight * factor, item))
    scores: dict[int, float] = {}
    evidence: list[Evidence] = []
    for skill in sorted(claims):
        accepted = _accepted(claims[skill])
        scores[skill] = sum(weight for weight, _ in accepted)
        for weight, item in accepted:
            evidence += _as_evidence(skills[skill], weight, item)
    return scores, evidence


def _accepted(claims: list[tuple[float, Found]]) -> list[tuple[float, Found]]:
    claims.sort(key=lambda claim: (-abs(claim[0]), claim[1].offset + claim[1].spans[0][0]))
    taken: set[int] = set()
    seen: Counter[int] = Counter()
    accepted = []
    for weight, item in claims:
        words = {item.offset + k for first, last in item.spans for k in range(first, last + 1)}
        if taken.isdisjoint(words):
            taken |= words
            accepted.append((weight * _REPEAT ** seen[item.phrase], item))
            seen[item.phrase] += 1
    return accepted


def _as_evidence(skill: str, weight: float, item: Found) -> list[Evidence]:
    share = weight / len(item.spans)
    return [Evidence(skill, item.text.passage(*span), item.text.field, share) for span in item.spans]


def distribution(scores: dict[int, float], skills: Sequence[str]) -> dict[str, float]:
    """Shares that add up to 1, largest first (ties in the order of the skills)."""
    good = {skill: score for skill, score in scores.items() if score >= LEAST_SCORE}
    if not good:
        return {}
    best = max(good.values())
    powers = {skill: (score / best) ** SHARPNESS for skill, score in good.items()}
    total = sum(powers.values())
    kept = {skill: power for skill, power in powers.items() if power / total >= SMALLEST_SHARE or power == 1.0}
    total = sum(kept.values())
    order = sorted(kept, key=lambda skill: (-kept[skill], skill))
    return {skills[skill]: kept[skill] / total for skill in order}

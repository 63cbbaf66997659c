"""From the phrases found in a ticket to a distribution over skills."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from math import log, sqrt

from ticketopt.problem.reading import Evidence
from ticketopt.triage.linking import PhraseIndex
from ticketopt.triage.phrases import Span
from ticketopt.triage.text import Text

SHARPNESS = 2.6
"""Exponent that turns scores into shares: one strong need outweighs many weak echoes."""
SMALLEST_SHARE = 0.03
"""Skills with a smaller share are echoes and are dropped."""
LEAST_SCORE = 0.5
"""A skill with a lower score is not recognized at all."""

_REPEAT = 0.3  # what each further occurrence of the same phrase adds, of the one before
_MOST_REPEATS = 4  # occurrences of one phrase that are looked at; the rest would add under 1 %
_LONG_QUEUE = 20  # from so many tickets on, the queue tells how rare a phrase is

Found = tuple[int, float, tuple[Span, ...], int]
"""One phrase in one ticket: its index, the factor of its place, its spans (words counted over all fields), its field.

A bare tuple: a long queue has millions, and tuples of numbers cost the garbage collector nothing.
"""

Accepted = list[tuple[float, Found]]
"""What speaks for one skill: the weight and the place of each phrase."""


def find_phrases(texts: Iterable[tuple[Text, list[float]]], index: PhraseIndex) -> list[Found]:
    """Every phrase of the index in the fields of one ticket, each field with its factors of stance."""
    found = []
    offset = 0
    seen: Counter[int] = Counter()
    for field, (text, stance) in enumerate(texts):
        hits = index.table.find(text)
        for phrase, spans in hits:
            seen[phrase] += 1
            if seen[phrase] > _MOST_REPEATS:
                continue
            if len(spans) == 1:
                first, last = spans[0]
                factor = text.weights[first] * stance[last]
            else:
                factor = max(text.weights[first] for first, _ in spans) * min(stance[last] for _, last in spans)
            if factor:
                places = tuple((offset + first, offset + last) for first, last in spans) if offset else spans
                found.append((phrase, factor, places, field))
        offset += len(text.words)
    return found


def queue_rarity(queue: Sequence[Sequence[Found]]) -> dict[int, float]:
    """Factor of each phrase, 0.5 to 1: one that half of a long queue holds says little. No effect on short queues."""
    total = len(queue)
    if total < _LONG_QUEUE:
        return {}
    counts = Counter(phrase for found in queue for phrase in {phrase for phrase, *_ in found})
    return {phrase: max(0.5, min(1.0, 0.4 + log(total / n) / log(_LONG_QUEUE))) for phrase, n in counts.items()}


def score_skills(found: Sequence[Found], index: PhraseIndex, rarity: Mapping[int, float]) -> dict[int, Accepted]:
    """What speaks for (and against) each skill that can have a share.

    1. The sum of all positive weights bounds a skill's score.
    2. In the order of the bounds, scores are worked out exactly: a word counts once per skill, in the strongest
       phrase that holds it, and a phrase that comes again adds less.
    3. Where the bound is too small for the smallest share beside the best score, the rest is dropped.
    """
    bounds: defaultdict[int, float] = defaultdict(float)
    claims: defaultdict[int, list[tuple[float, int]]] = defaultdict(list)
    for position, (phrase, factor, _, _) in enumerate(found):
        factor *= rarity.get(phrase, 1.0)
        for skill, weight in index.weights[phrase].items():
            claim = weight * factor
            claims[skill].append((claim, position))
            if claim > 0:
                bounds[skill] += claim
    accepted: dict[int, Accepted] = {}
    best = LEAST_SCORE
    for skill in sorted(bounds, key=lambda skill: (-bounds[skill], skill)):
        if bounds[skill] < best * sqrt(SMALLEST_SHARE):
            break
        accepted[skill] = _accepted(claims[skill], found)
        best = max(best, score_of(accepted[skill]))
    return accepted


def score_of(accepted: Accepted) -> float:
    """The sum of the weights."""
    return sum(weight for weight, _ in accepted)


def _accepted(claims: list[tuple[float, int]], found: Sequence[Found]) -> Accepted:
    claims.sort(key=lambda claim: (-abs(claim[0]), claim[1]))
    taken: set[int] = set()
    seen: dict[int, float] = {}
    accepted = []
    for weight, position in claims:
        phrase, _, spans, _ = found[position]
        words = [k for first, last in spans for k in range(first, last + 1)]
        if taken.isdisjoint(words):
            taken.update(words)
            factor = seen.get(phrase, 1.0)
            accepted.append((weight * factor, found[position]))
            seen[phrase] = factor * _REPEAT
    return accepted


def evidence_for(skill: str, accepted: Accepted, texts: Sequence[Text]) -> list[Evidence]:
    """The same as evidence; a phrase that stands in several places gives each its part."""
    offsets = list(accumulate((len(text.words) for text in texts), initial=0))
    return [
        Evidence(skill, texts[field].passage(first - offsets[field], last - offsets[field]), texts[field].field, share)
        for weight, (_, _, spans, field) in accepted
        for share in [weight / len(spans)]
        for first, last in spans
    ]


def distribution(scores: Mapping[int, float]) -> dict[int, float]:
    """Shares that add up to 1, largest first (ties in the order of the skills)."""
    good = {skill: score for skill, score in scores.items() if score >= LEAST_SCORE}
    if not good:
        return {}
    best = max(good.values())
    powers = {skill: (score / best) ** SHARPNESS for skill, score in good.items()}
    total = sum(powers.values())
    kept = {skill: power for skill, power in powers.items() if power / total >= SMALLEST_SHARE or power == 1.0}
    total = sum(kept.values())
    return {skill: kept[skill] / total for skill in sorted(kept, key=lambda skill: (-kept[skill], skill))}

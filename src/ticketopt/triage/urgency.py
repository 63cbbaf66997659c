"""How soon a ticket must be done: stated levels first, else what the text implies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ticketopt.records import PRIORITY_URGENCY
from ticketopt.triage.base import DEFAULT_URGENCY, Evidence
from ticketopt.triage.lexicon import Lexicon, Sign
from ticketopt.triage.phrases import PhraseTable, Span
from ticketopt.triage.stance import NEGATORS
from ticketopt.triage.text import Text
from ticketopt.triage.words import folded, number_value

LEVELS_FROM = {"critical": 0.85, "high": 0.55, "medium": 0.25, "low": 0.0}
"""The smallest urgency of each level."""

DUE_URGENCY = ((0.0, 1.0), (2.0, 0.9), (8.0, 0.8), (24.0, 0.7), (72.0, 0.5))
"""Hours left until `due`, and the urgency that a ticket with at most so many left has at least."""

PEOPLE_POINTS = ((100, 1.7), (20, 1.3), (5, 0.9), (2, 0.4), (0, 0.0))
"""Number of people affected, and the points for at least so many."""

_CURVE = (
    (-2.0, -0.6, -0.3, 0.0, 0.7, 0.8, 2.4, 2.5, 4.0),
    (0.05, 0.20, 0.30, DEFAULT_URGENCY, 0.5, 0.7, 0.8, 0.9, 1.0),
)
_FURTHER = 0.25  # what further phrases of one sign add, of their points
_NEGATION_REACH = 3


@dataclass(frozen=True, slots=True)
class _Cue:
    level: str = ""
    sign: Sign | None = None


@dataclass(frozen=True, slots=True)
class _Match:
    cue: _Cue
    text: Text
    spans: tuple[Span, ...]
    weight: float


def level_of(urgency: float) -> str:
    """critical, high, medium or low."""
    return next(level for level, least in LEVELS_FROM.items() if urgency >= least)


def due_urgency(due: float, now: float) -> float:
    """The least urgency of something due then; 0 where that is days away."""
    hours = (due - now) / 3600
    return next((urgency for limit, urgency in DUE_URGENCY if hours <= limit), 0.0)


class UrgencyReader:
    """Reads the urgency from the fields of a ticket.

    1. Phrases to ignore (`critical illness`) and longer phrases hide the shorter ones inside them.
    2. A negated alarm (`not urgent`) states a low level; a negated sign says nothing.
    3. A stated level (`P1`, `low priority`) decides; of several the one that stands most prominently.
    4. Else the signs add up: per sign the strongest phrase, a little more for further ones.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        entries: list[tuple[str, _Cue]] = [(phrase, _Cue()) for phrase in lexicon.ignore]
        entries += [(p, _Cue(level=level)) for level, phrases in lexicon.stated.items() for p in phrases]
        entries += [(p, _Cue(sign=sign)) for sign in lexicon.signs for p in sign.phrases]
        self._cues = [cue for _, cue in entries]
        self._table = PhraseTable([phrase for phrase, _ in entries])

    def read(self, texts: Sequence[Text]) -> tuple[float, list[Evidence]]:
        """The urgency, and what moved it."""
        stated: list[_Match] = []
        signs: list[_Match] = []
        for text in texts:
            for match in self._matches(text):
                (stated if match.cue.level else signs).append(match)
        if stated:
            best = max(stated, key=lambda match: (match.weight, PRIORITY_URGENCY[match.cue.level]))
            value = PRIORITY_URGENCY[best.cue.level]
            agreeing = [match for match in stated if match.cue.level == best.cue.level]
            return value, [item for match in agreeing for item in _evidence(match, value - DEFAULT_URGENCY)]
        return _implied(signs)

    def _matches(self, text: Text) -> list[_Match]:
        hits = self._table.find(text)
        hits.sort(key=lambda hit: (len(hit[1]), hit[1][0][0] - hit[1][0][1], bool(self._cues[hit[0]].level)))
        hidden: dict[int, int] = {}
        matches = []
        for key, spans in hits:
            cue = self._cues[key]
            words = {k for first, last in spans for k in range(first, last + 1)}
            if any(hidden.get(k, 0) > (len(words) if cue.sign or cue.level else 0) for k in words):
                continue
            is_trap = not (cue.sign or cue.level)
            for k in words if len(spans) == 1 else ():
                hidden[k] = max(hidden.get(k, 0), 1000 if is_trap else len(words))
            if is_trap:
                continue
            weight = max(text.weights[first] for first, _ in spans)
            if _negated(text, spans[0]):
                cue = _opposite(cue)
            if weight and (cue.level or cue.sign):
                matches.append(_Match(cue, text, spans, weight))
        return matches


def _opposite(cue: _Cue) -> _Cue:
    alarming = cue.level in ("critical", "high") or (cue.sign is not None and cue.sign.at_least in ("critical", "high"))
    return _Cue(level="low") if alarming else _Cue()


def _negated(text: Text, span: Span) -> bool:
    first = span[0]
    before = range(max(0, first - _NEGATION_REACH), first)
    return any(text.clauses[k] == text.clauses[first] and folded(text.words[k]) in NEGATORS for k in before)


def _points(match: _Match) -> float:
    assert match.cue.sign is not None
    if not match.cue.sign.counts_people:
        return match.cue.sign.points
    numbers = [number_value(folded(w)) for first, last in match.spans for w in match.text.words[first : last + 1]]
    count = max((n for n in numbers if n is not None), default=0)
    return next(points for least, points in PEOPLE_POINTS if count >= least)


def _implied(signs: Sequence[_Match]) -> tuple[float, list[Evidence]]:
    seen: Counter[str] = Counter()
    total = 0.0
    floor = 0.0
    evidence = []
    for match in sorted(signs, key=lambda match: -abs(_points(match)) * match.weight):
        sign = match.cue.sign
        assert sign is not None
        points = _points(match) * min(match.weight, 1.0) * (_FURTHER if seen[sign.name] else 1.0)
        if seen[sign.name] < 3 and points:
            total += points
            evidence += _evidence(match, points)
            if sign.at_least and match.weight >= 0.5:
                floor = max(floor, PRIORITY_URGENCY[sign.at_least])
        seen[sign.name] += 1
    return max(floor, float(np.interp(total, *_CURVE))), evidence


def _evidence(match: _Match, weight: float) -> list[Evidence]:
    share = weight / len(match.spans)
    return [Evidence("urgency", match.text.passage(*span), match.text.field, share) for span in match.spans]

"""From the phrases found in tickets to how strongly their words speak for each skill."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from ticketopt._types import Bool, Float, Int
from ticketopt.triage.linking import GRAIN, PhraseIndex
from ticketopt.triage.phrases import Span
from ticketopt.triage.text import Text

_REPEAT = 0.25  # what each further occurrence of the same phrase adds, of the one before
_MOST_REPEATS = 4  # occurrences of one phrase that are looked at; the rest would add under 1 %

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
                found.append((phrase, round(factor * GRAIN) / GRAIN, places, field))
        offset += len(text.words)
    return found


class WordScores:
    """How strongly the words of tickets speak for each of a team's skills.

    A phrase adds its weight for the skill, times the factor of its place; one that comes again adds less. `of_queue`
    adds all of that up at once. `exact` has besides that a word counts once per skill, in the strongest phrase that
    holds it: slower, and worth it for the skills that may win.
    """

    def __init__(self, index: PhraseIndex, n_skills: int) -> None:
        counts = [len(weights) for weights in index.weights]
        self._by_phrase, self._n_skills = index.weights, n_skills
        self._starts: Int = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])
        self._skills = np.array([skill for weights in index.weights for skill in weights], dtype=np.int64)
        self._weights = np.array([weight for weights in index.weights for weight in weights.values()])

    def of_queue(self, queue: Sequence[Sequence[Found]]) -> tuple[Float, Bool]:
        """Scores, negative where the words speak against a skill; and which are exact, as at most one phrase speaks.

        Shapes (tickets, skills).
        """
        rows: list[int] = []
        phrases: list[int] = []
        factors: list[float] = []
        for row, found in enumerate(queue):
            seen: dict[int, float] = {}
            for phrase, factor, _, _ in found:
                again = seen.get(phrase, 1.0)
                seen[phrase] = again * _REPEAT
                rows.append(row)
                phrases.append(phrase)
                factors.append(factor * again)
        scores: Float = np.zeros(len(queue) * self._n_skills)
        is_exact: Bool = np.ones(len(scores), dtype=np.bool_)
        if rows:
            hits = np.array(phrases, dtype=np.int64)
            widths = self._starts[hits + 1] - self._starts[hits]
            first = np.repeat(self._starts[hits] - np.cumsum(widths) + widths, widths)
            claims = first + np.arange(len(first))
            cells = np.repeat(np.array(rows, dtype=np.int64) * self._n_skills, widths) + self._skills[claims]
            parts = np.repeat(np.rint(np.array(factors) * GRAIN) / GRAIN, widths) * self._weights[claims]
            scores = np.bincount(cells, parts, len(scores)).astype(np.float64, copy=False)
            is_exact = np.bincount(cells, minlength=len(scores)) < 2
        shape = len(queue), self._n_skills
        return scores.reshape(shape), is_exact.reshape(shape)

    def exact(self, found: Sequence[Found], skill: int) -> Accepted:
        """What speaks for (and against) one skill, strongest first; their sum is its score."""
        by_phrase = self._by_phrase
        claims = [
            (by_phrase[phrase][skill] * factor, spans, position)
            for position, (phrase, factor, spans, _) in enumerate(found)
            if skill in by_phrase[phrase]
        ]
        claims.sort(key=lambda claim: (-abs(claim[0]), claim[1]))
        taken: set[int] = set()
        seen: dict[int, float] = {}
        accepted = []
        for weight, spans, position in claims:
            words = [k for first, last in spans for k in range(first, last + 1)]
            if taken.isdisjoint(words):
                taken.update(words)
                phrase = found[position][0]
                factor = seen.get(phrase, 1.0)
                accepted.append((weight * factor, found[position]))
                seen[phrase] = factor * _REPEAT
        return accepted


def score_of(accepted: Accepted) -> float:
    """The sum of the weights."""
    return sum(weight for weight, _ in accepted)

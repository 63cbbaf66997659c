"""From the phrases found in tickets to how strongly their words speak for each skill."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ticketopt._core.text import accepted
from ticketopt._types import Bool, Float, Int
from ticketopt.triage.linking import GRAIN, PhraseIndex
from ticketopt.triage.phrase_table import Span
from ticketopt.triage.stream import Stream, ranges

_REPEAT = 0.25  # what each further occurrence of the same phrase adds, of the one before
_MOST_REPEATS = 4  # occurrences of one phrase that are looked at; the rest would add under 1 %


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The phrases in tickets, each with the factor of its place.

    Attributes
    ----------
    stream : their words. tickets, phrases, factors : shape (found,), ordered by tickets.
    spans : where the spans of each begin, shape (found + 1,). firsts, lasts : places of the words of every span.
    """

    stream: Stream
    tickets: Int
    phrases: Int
    factors: Float
    spans: Int
    firsts: Int
    lasts: Int

    def spans_of(self, places: Int) -> list[list[Span]]:
        """The spans of some of them."""
        counts = self.spans[places + 1] - self.spans[places]
        chosen = ranges(self.spans[places], counts)
        pairs = list(zip(self.firsts[chosen].tolist(), self.lasts[chosen].tolist(), strict=True))
        ends = np.cumsum(counts).tolist()
        return [pairs[end - count : end] for end, count in zip(ends, counts.tolist(), strict=True)]


def find_phrases(stream: Stream, stance: Float, index: PhraseIndex) -> Found:
    """Every phrase of the index in some tickets.

    Parameters
    ----------
    stance : the factor of every word.
    """
    hits = index.table.find(stream)
    tickets = stream.owners[hits.texts]
    factors = np.zeros(0)
    if len(hits.phrases):
        most = np.maximum.reduceat(stream.weights[hits.firsts], hits.spans[:-1])
        factors = np.rint(most * np.minimum.reduceat(stance[hits.lasts], hits.spans[:-1]) * GRAIN) / GRAIN
    kept = np.flatnonzero((_rank(tickets, hits.phrases, index) < _MOST_REPEATS) & (factors != 0))
    counts = np.diff(hits.spans)[kept]
    spans = ranges(hits.spans[kept], counts)
    ends = np.concatenate([[0], np.cumsum(counts)])
    return Found(stream, tickets[kept], hits.phrases[kept], factors[kept], ends, hits.firsts[spans], hits.lasts[spans])


def _rank(tickets: Int, phrases: Int, index: PhraseIndex) -> Int:
    """How often each phrase was there before in its ticket."""
    numbers = tickets * (len(index.weights) + 1) + phrases
    order = np.argsort(numbers, kind="stable")
    is_new = np.diff(numbers[order], prepend=-1) != 0
    firsts = np.flatnonzero(is_new)
    ranks = np.empty(len(numbers), dtype=np.int64)
    ranks[order] = np.arange(len(numbers)) - np.repeat(firsts, np.diff(firsts, append=len(numbers)))
    return ranks


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """How strongly the words of tickets speak for each skill.

    A phrase adds its weight for the skill, times the factor of its place; one that comes again adds less.

    Attributes
    ----------
    found : the phrases.
    values : sums of weights, shape (tickets, skills); negative where the words speak against a skill.
    is_exact : where a word counts once, as at most one phrase speaks for the skill.
    cells, claims, weights : ticket * skills + skill, which phrase of `found` speaks there, and how strongly; ordered
        by cells.
    """

    found: Found
    values: Float
    is_exact: Bool
    cells: Int
    claims: Int
    weights: Float

    def exact(self, tickets: Int, skills: Int) -> Accepted:
        """For each ticket and skill what speaks for it (and against it), strongest first.

        A word counts once, in the strongest phrase that holds it: slower, and worth it for the skills that may win.
        """
        cells = tickets * self.values.shape[1] + skills
        begins = np.searchsorted(self.cells, cells)
        counts = np.searchsorted(self.cells, cells, side="right") - begins
        chosen, found = ranges(begins, counts), self.found
        claims, ends = self.claims[chosen], np.cumsum(counts)
        words = found.spans, found.firsts, found.lasts
        return Accepted(*accepted(self.weights[chosen], claims, ends, found.phrases, *words, repeat=_REPEAT))


@dataclass(frozen=True, slots=True, eq=False)
class Accepted:
    """What speaks for some pairs of a ticket and a skill.

    Attributes
    ----------
    counts : of each pair. weights, places : of all, one pair's after the other's; places are those in `Found`.
    """

    counts: Int
    weights: Float
    places: Int

    def scores(self) -> Float:
        """The sum of the weights of each pair; exact, as `GRAIN` says."""
        pairs = np.repeat(np.arange(len(self.counts)), self.counts)
        return np.bincount(pairs, self.weights, len(self.counts)).astype(np.float64, copy=False)


class WordScores:
    """What phrases say of a team's skills."""

    def __init__(self, index: PhraseIndex, n_skills: int) -> None:
        self._index, self._n_skills = index, n_skills
        counts = [len(weights) for weights in index.weights]
        self._starts: Int = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])
        self._skills = np.array([skill for weights in index.weights for skill in weights], dtype=np.int64)
        self._weights = np.array([weight for weights in index.weights for weight in weights.values()])

    def of(self, found: Found) -> Scores:
        """The scores of some tickets."""
        shape = len(found.stream.queue), self._n_skills
        size = shape[0] * shape[1]
        counts = self._starts[found.phrases + 1] - self._starts[found.phrases]
        claims = np.repeat(np.arange(len(counts)), counts)
        said = ranges(self._starts[found.phrases], counts)
        cells = found.tickets[claims] * self._n_skills + self._skills[said]
        weights = self._weights[said]
        again = np.rint(found.factors * _REPEAT ** _rank(found.tickets, found.phrases, self._index) * GRAIN) / GRAIN
        values = np.bincount(cells, again[claims] * weights, size).astype(np.float64, copy=False)
        is_exact = np.bincount(cells, minlength=size) < 2
        order = np.argsort(cells, kind="stable")
        weights = weights * found.factors[claims]
        return Scores(
            found, values.reshape(shape), is_exact.reshape(shape), cells[order], claims[order], weights[order]
        )

"""The words of many texts one after the other, as numbers, so that they are looked up once and compared all at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np

from ticketopt._core.text import numbered
from ticketopt._types import Bool, Float, Int
from ticketopt.triage.text import Text, compiled_words
from ticketopt.triage.words import folded, stem

LONGEST_WORD = 60
"""Letters of a word by which phrases are found."""

COMPOUNDS, SHOUTED = 1, 2
"""Kinds of texts, as bits: it looks German; it is all in capitals."""


@dataclass(frozen=True, slots=True, eq=False)
class WordBag:
    """The words of tickets, each once: `words`, and for every ticket which of them it has, and how much each counts.

    Attributes
    ----------
    words : different ones, without case and accents.
    ids, weights : the words of all tickets one after the other, as places in `words`, and what each counts.
    starts : where each ticket begins in them, shape (tickets + 1,).
    """

    words: Sequence[str]
    ids: Int
    weights: Float
    starts: Int


@dataclass(frozen=True, eq=False)
class Stream:
    """The words of tickets. A place is the position of a word among all.

    Attributes
    ----------
    queue : the fields of every ticket. texts : all of them. owners : the ticket of every text.
    starts : where each text begins, shape (texts + 1,).
    words, kinds : the different words as they stand, and the kind of their texts (`COMPOUNDS`, `SHOUTED`).
    ids : of every word its place in `words`.
    sentences : the sentence of every word; no two texts share one.
    """

    queue: Sequence[Sequence[Text]]
    texts: Sequence[Text]
    owners: Int
    starts: Int
    words: list[str]
    kinds: Int
    ids: Int
    sentences: Int

    def text_at(self, places: Int) -> Int:
        """The text that each of some places lies in."""
        return np.searchsorted(self.starts, places, side="right") - 1

    def texts_with(self, is_sought: Callable[[str], bool]) -> Bool:
        """Which texts have a word, without case and accents, of which that is so."""
        sought = np.fromiter(map(is_sought, self.low), np.bool_, len(self.low))
        found = np.zeros(len(self.texts), dtype=np.bool_)
        found[self.text_at(np.flatnonzero(sought[self.ids]))] = True
        return found

    @cached_property
    def low(self) -> list[str]:
        """The words without case and accents."""
        return compiled_words().folded(self.words, folded)

    @cached_property
    def stems(self) -> list[str]:
        """The words without inflection."""
        return compiled_words().stems(self.words, LONGEST_WORD, stem)

    @cached_property
    def weights(self) -> Float:
        """How much each word counts."""
        return np.fromiter(chain.from_iterable(text.weights for text in self.texts), np.float64, len(self.ids))

    @cached_property
    def bag(self) -> WordBag:
        """The different words of each ticket's fields, each counted once, where it counts most."""
        numbers: dict[str, int] = {}
        folds = [numbers.setdefault(low, len(numbers)) for low in self.low]
        counts = np.flatnonzero(self.weights)
        tickets = np.repeat(self.owners, np.diff(self.starts))[counts]
        words = tickets * len(numbers) + np.array(folds, dtype=np.int64)[self.ids[counts]]
        order = np.argsort(words, kind="stable")
        firsts = np.flatnonzero(np.diff(words[order], prepend=-1))
        weights = self.weights[counts[order]]
        most = np.maximum.reduceat(weights, firsts) if len(firsts) else weights
        again = np.argsort(order[firsts])  # as they come in the text
        words = words[order[firsts]][again]
        starts = np.searchsorted(words // max(1, len(numbers)), np.arange(len(self.queue) + 1))
        return WordBag(tuple(numbers), words % max(1, len(numbers)), most[again], starts)


def stream_of(queue: Sequence[Sequence[Text]]) -> Stream:
    """The stream of some tickets."""
    texts = [text for fields in queue for text in fields]
    kinds = [COMPOUNDS * text.compounds + SHOUTED * text.raw.isupper() for text in texts]
    words, kinds_of_words, ids = numbered([text.words for text in texts], np.array(kinds, dtype=np.int64))
    lengths = np.fromiter((len(text.words) for text in texts), np.int64, len(texts))
    sentences = np.fromiter(chain.from_iterable(text.sentences for text in texts), np.int64, len(ids))
    apart = np.repeat(np.arange(len(texts)) * (sentences.max(initial=0) + 1), lengths)
    return Stream(
        queue,
        texts,
        owners=np.repeat(np.arange(len(queue)), [len(fields) for fields in queue]),
        starts=np.concatenate([[0], np.cumsum(lengths)]),
        words=words,
        kinds=kinds_of_words,
        ids=ids,
        sentences=sentences + apart,
    )


def ranges(starts: Int, counts: Int) -> Int:
    """The numbers `start, ..., start + count - 1` of each range, one range after the other."""
    ends = np.cumsum(counts)
    return np.repeat(starts - ends + counts, counts) + np.arange(ends[-1] if len(ends) else 0)

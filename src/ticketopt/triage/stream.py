"""The words of many texts one after the other, as numbers, so that they are looked up once and compared all at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np

from ticketopt._types import Float, Int
from ticketopt.triage.text import Text, compiled_words
from ticketopt.triage.words import folded, stem

LONGEST_WORD = 60
"""Letters of a word by which phrases are found."""

Form = tuple[str, tuple[bool, bool]]
"""A word as it stands, and of its text whether it looks German, and whether it is all in capitals."""


class _Numbers(dict[str, int]):
    """The words of one kind of texts -> the place of their form, in the order in which they are asked for."""

    def __init__(self, forms: list[Form], compounds: bool, is_shouted: bool) -> None:
        super().__init__()
        self._forms, self._kind = forms, (compounds, is_shouted)

    def __missing__(self, word: str) -> int:
        self[word] = number = len(self._forms)
        self._forms.append((word, self._kind))
        return number


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
    forms : the different forms of words.
    ids : the form of every word, as a place in `forms`.
    sentences : the sentence of every word; no two texts share one.
    """

    queue: Sequence[Sequence[Text]]
    texts: Sequence[Text]
    owners: Int
    starts: Int
    forms: Sequence[Form]
    ids: Int
    sentences: Int

    def text_at(self, places: Int) -> Int:
        """The text that each of some places lies in."""
        return np.searchsorted(self.starts, places, side="right") - 1

    @cached_property
    def low(self) -> list[str]:
        """The forms without case and accents."""
        return compiled_words().folded([word for word, _ in self.forms], folded)

    @cached_property
    def stems(self) -> list[str]:
        """The forms without inflection."""
        return compiled_words().stems([word for word, _ in self.forms], LONGEST_WORD, stem)

    @cached_property
    def german(self) -> list[int]:
        """The forms of texts that look German."""
        return [k for k, (_, (compounds, _)) in enumerate(self.forms) if compounds]

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
    forms: list[Form] = []
    numbers: dict[tuple[bool, bool], _Numbers] = {}
    ids: list[int] = []
    sentences: list[int] = []
    texts = [text for fields in queue for text in fields]
    for text in texts:
        kind = text.compounds, text.raw.isupper()
        known = numbers.get(kind)
        if known is None:
            known = numbers[kind] = _Numbers(forms, *kind)
        ids += map(known.__getitem__, text.words)
        sentences += text.sentences
    lengths = np.fromiter((len(text.words) for text in texts), np.int64, len(texts))
    apart = np.repeat(np.arange(len(texts)) * (max(sentences, default=0) + 1), lengths)
    return Stream(
        queue,
        texts,
        owners=np.repeat(np.arange(len(queue)), [len(fields) for fields in queue]),
        starts=np.concatenate([[0], np.cumsum(lengths)]),
        forms=forms,
        ids=np.array(ids, dtype=np.int64),
        sentences=np.array(sentences, dtype=np.int64) + apart,
    )


def ranges(starts: Int, counts: Int) -> Int:
    """The numbers `start, ..., start + count - 1` of each range, one range after the other."""
    ends = np.cumsum(counts)
    return np.repeat(starts - ends + counts, counts) + np.arange(ends[-1] if len(ends) else 0)

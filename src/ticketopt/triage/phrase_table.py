"""Many phrases found in many texts at once, in time linear in the texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np

from ticketopt._types import Bool, Int
from ticketopt.triage.phrases import PhraseTree
from ticketopt.triage.stream import Stream, ranges
from ticketopt.triage.word_symbols import Symbols, WordSymbols

Span = tuple[int, int]
"""First and last word of a match, both included."""

Hit = tuple[int, tuple[Span, ...]]
"""Index of the phrase, and where: one span, or one per part of a `~` phrase."""


@dataclass(frozen=True, slots=True, eq=False)
class Hits:
    """Where phrases stand in a stream: of each hit the text, the phrase, and its spans one after the other.

    In the order of the texts; in a text those of one span in the order in which they begin, then those of several,
    once per sentence.

    Attributes
    ----------
    texts, phrases : shape (hits,). spans : where the spans of each hit begin, shape (hits + 1,).
    firsts, lasts : places of the first and of the last word of every span, shape (spans,).
    """

    texts: Int
    phrases: Int
    spans: Int
    firsts: Int
    lasts: Int

    def by_text(self, stream: Stream) -> list[list[Hit]]:
        """The hits of each text, with the words counted within it."""
        starts = stream.starts[np.repeat(self.texts, np.diff(self.spans))]
        pairs = list(zip((self.firsts - starts).tolist(), (self.lasts - starts).tolist(), strict=True))
        ends = self.spans.tolist()
        found: list[list[Hit]] = [[] for _ in stream.texts]
        for k, (text, phrase) in enumerate(zip(self.texts.tolist(), self.phrases.tolist(), strict=True)):
            found[text].append((phrase, tuple(pairs[ends[k] : ends[k + 1]])))
        return found


@dataclass(frozen=True, slots=True, eq=False)
class _Walk:
    """Where phrases begin in a stream (`starts`), where they have got to (`positions`), and where in the tree."""

    starts: Int
    positions: Int
    places: Int


class _Arrays:
    """A tree as arrays.

    Attributes
    ----------
    root : symbol -> the place that it leads to from the root, 0 for none.
    edges : place * symbols + symbol of every other edge, in order. below : the place that each leads to.
    is_open : the places that something lies below. is_part : those that are part of a `~` phrase.
    ends, keys : place -> where its phrases begin among the keys, and all these.
    """

    def __init__(self, tree: PhraseTree) -> None:
        self.n_symbols = len(tree.words) + len(tree.prefixes)
        flat = [(p, s, b) for p, here in tree.below.items() for s, b in here.items()]
        edges = np.array(flat, dtype=np.int64).reshape(-1, 3)
        n_places = int(edges[:, 2].max(initial=0)) + 1
        from_root = edges[:, 0] == 0
        self.root = np.zeros(self.n_symbols, dtype=np.int64)
        self.root[edges[from_root, 1]] = edges[from_root, 2]
        edges = edges[~from_root]
        numbers = edges[:, 0] * self.n_symbols + edges[:, 1]
        order = np.argsort(numbers)
        self.edges, self.below = numbers[order], edges[order, 2]
        self.is_open: Bool = np.zeros(n_places, dtype=np.bool_)
        self.is_open[edges[:, 0]] = True
        self.is_part: Bool = np.zeros(n_places, dtype=np.bool_)
        self.is_part[list(tree.part_places)] = True
        counts = np.zeros(n_places, dtype=np.int64)
        places = sorted(tree.ends)
        counts[places] = [len(tree.ends[place]) for place in places]
        self.ends = np.concatenate([[0], np.cumsum(counts)])
        self.keys = np.array([key for place in places for key in tree.ends[place]], dtype=np.int64)

    def longer(self, places: Int, symbols: Int) -> Int:
        """Where symbols lead from places, 0 for nowhere."""
        if not len(self.edges):
            return np.zeros_like(places)
        numbers = places * self.n_symbols + symbols
        at = np.minimum(np.searchsorted(self.edges, numbers), len(self.edges) - 1)
        return np.where(self.edges[at] == numbers, self.below[at], 0)


class PhraseTable:
    """Finds the phrases of a tree."""

    def __init__(self, tree: PhraseTree) -> None:
        self._tree = tree
        self._words = WordSymbols(tree)

    @cached_property
    def _arrays(self) -> _Arrays:
        return _Arrays(self._tree)

    def find(self, stream: Stream) -> Hits:
        """Every phrase in some texts."""
        walks = self._walks(stream)
        starts, positions, places = (
            np.concatenate([getattr(walk, name) for walk in walks]) for name in ("starts", "positions", "places")
        )
        order = np.argsort(starts, kind="stable")  # those that begin together stay in the order of their lengths
        walk = _Walk(starts[order], positions[order], places[order])
        arrays = self._arrays
        counts = np.diff(arrays.ends)[walk.places]
        keys = arrays.keys[ranges(arrays.ends[walk.places], counts)]
        firsts, lasts = np.repeat(walk.starts, counts), np.repeat(walk.positions, counts)
        return _joined(stream, keys, firsts, lasts, list(self._apart(stream, walk)))

    def _symbols(self, stream: Stream) -> tuple[Int, Int, Int]:
        """What words stand for: of every word where its symbols begin, and how many they are; and all these."""
        symbols = self._words.of(stream)
        ids, more = stream.ids, dict[int, Symbols]()
        for place, others in self._words.besides(stream):
            more[place] = more.get(place, symbols[int(stream.ids[place])]) + others
        if more:
            ids = ids.copy()
            ids[list(more)] = np.arange(len(symbols), len(symbols) + len(more))
            symbols += more.values()
        counts = np.fromiter(map(len, symbols), np.int64, len(symbols))
        flat = np.fromiter(chain.from_iterable(symbols), np.int64, int(counts.sum()))
        return (np.cumsum(counts) - counts)[ids], counts[ids], flat

    def _walks(self, stream: Stream) -> list[_Walk]:
        """Every beginning of a phrase in the stream, by its number of words."""
        arrays = self._arrays
        firsts, counts, symbols = self._symbols(stream)
        begins = np.flatnonzero(counts)
        starts = np.repeat(begins, counts[begins])
        places = arrays.root[symbols[ranges(firsts[begins], counts[begins])]]
        walks = [_Walk(starts[places > 0], starts[places > 0], places[places > 0])]
        goes_on = np.append(stream.sentences[1:] == stream.sentences[:-1], False) if len(counts) else np.zeros(0, bool)
        while len(walks[-1].places):
            last = walks[-1]
            going = arrays.is_open[last.places] & goes_on[last.positions]
            positions = last.positions[going] + 1
            several = counts[positions]
            found = symbols[ranges(firsts[positions], several)]
            places = arrays.longer(np.repeat(last.places[going], several), found)
            starts, positions = np.repeat(last.starts[going], several), np.repeat(positions, several)
            walks.append(_Walk(starts[places > 0], positions[places > 0], places[places > 0]))
        return walks

    def _apart(self, stream: Stream, walk: _Walk) -> Iterator[tuple[int, int, Sequence[Span]]]:
        """The `~` phrases: of each hit the text, the phrase and its spans, in the order of the sentences."""
        is_part = self._arrays.is_part[walk.places]
        starts = walk.starts[is_part]
        sentences = stream.sentences[starts]
        present: dict[int, dict[int, Span]] = {}
        lists = (values.tolist() for values in (sentences, walk.places[is_part], starts, walk.positions[is_part]))
        for sentence, place, first, last in zip(*lists, strict=True):
            here = present.get(sentence)
            if here is None:
                present[sentence] = {place: (first, last)}
            elif place not in here:
                here[place] = first, last
        for here in present.values():
            if len(here) > 1:
                for key, spans in self._near(here):
                    yield int(stream.text_at(np.array(spans[0][0]))), key, spans

    def _near(self, present: Mapping[int, Span]) -> Iterator[Hit]:
        """The `~` phrases of one sentence; every part needs words of its own."""
        tree = self._tree
        there = present.keys()
        complete = []
        for key in dict.fromkeys(key for place in present for key in tree.anchored.get(place, ())):
            for part in tree.parts[key]:
                if part.isdisjoint(there):
                    break
            else:
                complete.append(key)
        for key in complete:
            spans: list[Span] = []
            for part in tree.parts[key]:
                spots = [present[place] for place in there & part if present[place] not in spans]
                if not spots:
                    break
                spans.append(min(spots))
            else:
                yield key, tuple(spans)


def _joined(
    stream: Stream, keys: Int, firsts: Int, lasts: Int, apart: Sequence[tuple[int, int, Sequence[Span]]]
) -> Hits:
    """Hits of one span, and behind them in each text those of several."""
    texts = stream.text_at(firsts)
    if not apart:
        return Hits(texts, keys, np.arange(len(keys) + 1), firsts, lasts)
    texts = np.concatenate([texts, [text for text, _, _ in apart]])
    keys = np.concatenate([keys, [key for _, key, _ in apart]])
    spans = np.array([span for _, _, spans in apart for span in spans], dtype=np.int64)
    firsts, lasts = np.concatenate([firsts, spans[:, 0]]), np.concatenate([lasts, spans[:, 1]])
    counts = np.ones(len(keys), dtype=np.int64)
    counts[len(keys) - len(apart) :] = [len(spans) for _, _, spans in apart]
    order = np.argsort(texts, kind="stable")
    places = ranges((np.cumsum(counts) - counts)[order], counts[order])
    ends = np.concatenate([[0], np.cumsum(counts[order])])
    return Hits(texts[order], keys[order], ends, firsts[places], lasts[places])

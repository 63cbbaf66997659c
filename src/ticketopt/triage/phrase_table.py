"""Many phrases found in many texts at once, in time linear in the texts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ticketopt._core.text import PhraseWalk
from ticketopt._types import Int
from ticketopt.triage.phrases import PhraseTree
from ticketopt.triage.stream import Stream
from ticketopt.triage.word_symbols import WordSymbols

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


class PhraseTable:
    """Finds the phrases of a tree: what the words stand for leads down the tree, and stays within a sentence.

    A `~` phrase is found once in a sentence, where each of its parts has words of its own: the first ones that no part
    before it has.
    """

    def __init__(self, tree: PhraseTree) -> None:
        self._words = WordSymbols(tree)
        self._walk = PhraseWalk(tree.below, tree.ends, tree.parts, tree.anchored)

    def find(self, stream: Stream) -> Hits:
        """Every phrase in some texts."""
        return Hits(*self._walk.find(*self._words.of(stream), stream.sentences, stream.starts))

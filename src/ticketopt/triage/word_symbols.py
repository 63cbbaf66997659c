"""What the words of texts stand for in a tree of phrases: their stems, and what the signs of phrases ask for."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import chain

import numpy as np

from ticketopt._core import text as compiled
from ticketopt._types import Int
from ticketopt.triage.phrases import PhraseTree
from ticketopt.triage.stream import LONGEST_WORD, Stream
from ticketopt.triage.text import Text, compiled_words
from ticketopt.triage.words import GENERAL, NUMBER_WORDS, folded, stem

_SHORT = 3  # letters of everyday words whose capital alone, inside a sentence, makes no name: `It`, `Or`
_LONGEST_ADDRESS = 300


class WordSymbols:
    """The symbols of words in a tree: by the word itself, and by what stands around it."""

    def __init__(self, tree: PhraseTree) -> None:
        self._tokens = tree.words
        self._names = {word[1:]: symbol for word, symbol in tree.words.items() if word[0] == "!"}
        self._has_slashes = any(word[:1] in "/+" for word in tree.words)
        self._compiled = compiled.WordSymbols(
            tree.words, tree.prefixes, GENERAL, NUMBER_WORDS, compiled_words(), folded, stem
        )

    def of(self, stream: Stream) -> tuple[Int, Int, Int]:
        """What words stand for.

        Returns
        -------
        Of every word a number; of every number how many symbols it has; all these, those of one number after the other.
        """
        counts, symbols = self._compiled.of(stream.words, stream.stems, stream.low, stream.kinds, LONGEST_WORD)
        ids, ends = stream.ids, np.cumsum(counts)
        more: dict[int, list[int]] = {}
        for place, others in chain(self._by_name(stream), self._by_slash(stream)):
            number = int(ids[place])
            own = more.setdefault(place, symbols[ends[number] - counts[number] : ends[number]].tolist())
            own += others
        if more:
            ids = ids.copy()
            ids[list(more)] = np.arange(len(counts), len(counts) + len(more))
            counts = np.concatenate([counts, [len(own) for own in more.values()]])
            symbols = np.array([*symbols.tolist(), *chain.from_iterable(more.values())], dtype=np.int64)
        return ids, counts, symbols

    def _by_name(self, stream: Stream) -> Iterator[tuple[int, list[int]]]:
        """What words stand for that are written as names."""
        named = [number for number, low in enumerate(stream.low) if low in self._names] if self._names else []
        for place in np.flatnonzero(np.isin(stream.ids, named)).tolist() if named else ():
            text = int(stream.text_at(np.array(place)))
            if _is_name(stream.texts[text], place - int(stream.starts[text])):
                yield place, [self._names[stream.low[stream.ids[place]]]]

    def _by_slash(self, stream: Stream) -> Iterator[tuple[int, list[int]]]:
        """What words stand for behind a slash."""
        for start, text in zip(stream.starts.tolist(), stream.texts, strict=False) if self._has_slashes else ():
            if "/" in text.raw:
                for k, word in enumerate(text.words):
                    if text.raw.endswith("/", 0, text.starts[k]):
                        tokens = [sign + stem(word) for sign in (("/", "+") if _is_in_path(text, k) else ("+",))]
                        yield start + k, [self._tokens[t] for t in tokens if t in self._tokens]


def _is_in_path(text: Text, k: int) -> bool:
    """Whether the slash before a word is a path's: it stands alone, or behind an address."""
    start = text.starts[k] - 1
    before = (
        text.raw[max(0, start - _LONGEST_ADDRESS) : start].rsplit(maxsplit=1)[-1:]
        if start and not text.raw[start - 1].isspace()
        else []
    )
    return not before or not before[0][-1].isalnum() or any(sign in before[0] for sign in "./:")


def _is_name(text: Text, k: int) -> bool:
    """Whether a word is written as a name.

    1. It is all there is, or the only one in capitals.
    2. It has a capital inside a sentence whose words are mostly small; everyday words of three letters need more.
    3. It has one at the beginning of a sentence, where everyday words have it, too.
    """
    word = text.words[k]
    if len(text.words) == 1:
        return True
    if word.isupper():
        return not text.raw.isupper()
    is_everyday = stem(word) in GENERAL
    if not word[0].isupper() or (is_everyday and len(word) <= _SHORT):
        return False
    sentence = text.sentences[k]
    first, last = bisect_left(text.sentences, sentence), bisect_right(text.sentences, sentence)
    if k == first and not text.after_determiner[k]:
        return len(word) > _SHORT and not is_everyday
    return 2 * sum(other[0].isupper() for other in text.words[first:last]) <= last - first

"""What the words of texts stand for in a tree of phrases: their stems, and what the signs of phrases ask for."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

from ticketopt._core.text import candidates
from ticketopt.triage.phrases import PhraseTree
from ticketopt.triage.stream import LONGEST_WORD, Form, Stream
from ticketopt.triage.text import Text
from ticketopt.triage.words import GENERAL, NUMBER_WORDS, folded, number_value, stem

Symbols = tuple[int, ...]
"""What a word stands for."""

_SHORT = 3  # letters of everyday words whose capital alone, inside a sentence, makes no name: `It`, `Or`
_LONGEST_ADDRESS = 300
_MIN_PART = 5  # letters of a known word that may be recognized inside a compound
_MIN_COMPOUND = 9
_SHORTEST_PREFIX = 2
_MOST_REMEMBERED = 1 << 18  # forms whose symbols are kept between texts


class WordSymbols:
    """The symbols of words in a tree."""

    def __init__(self, tree: PhraseTree) -> None:
        self._vocabulary, self._prefixes = tree.words, tree.prefixes
        self._exact, self._capitals, self._names = (
            {word[1:]: symbol for word, symbol in tree.words.items() if word[0] == sign} for sign in "=^!"
        )
        self._has_slashes = any(word[:1] in "/+" for word in tree.words)
        self._number = tree.words.get("#")
        self._lengths = _lengths(tree.prefixes)
        self._head = min(map(len, tree.prefixes), default=1)
        self._heads = {prefix[: self._head] for prefix in tree.prefixes}
        self._known: dict[Form, Symbols] = {}
        self._special = {*self._exact, *(NUMBER_WORDS if self._number is not None else ())}

    def of(self, stream: Stream) -> list[Symbols]:
        """What each form stands for; that most words stand for nothing is seen at a glance."""
        if len(self._known) > _MOST_REMEMBERED:
            self._known = {}
        symbols: list[Symbols] = [()] * len(stream.forms)
        sought = self._vocabulary, self._special, self._capitals, self._heads, self._head
        for k in candidates(stream.stems, stream.low, *sought):
            symbols[k] = self._remembered(stream.forms[k])
        for k in stream.german:
            if not symbols[k] and len(stream.low[k]) >= _MIN_COMPOUND:
                symbols[k] = self._remembered(stream.forms[k])
        return symbols

    def _remembered(self, form: Form) -> Symbols:
        found = self._known.get(form)
        if found is None:
            found = self._known[form] = self._resolve(form)
        return found

    def besides(self, stream: Stream) -> Iterator[tuple[int, Symbols]]:
        """What words stand for besides, by what stands around them: names, and words behind a slash."""
        if not self._names and not self._has_slashes:
            return
        for start, text in zip(stream.starts.tolist(), stream.texts, strict=False):
            if not self._names.keys().isdisjoint(text.low):
                for k, low in enumerate(text.low):
                    if low in self._names and _is_name(text, k):
                        yield start + k, (self._names[low],)
            if self._has_slashes and "/" in text.raw:
                for k, word in enumerate(text.words):
                    if text.raw[: text.starts[k]].endswith("/"):
                        tokens = [sign + stem(word) for sign in (("/", "+") if _is_in_path(text, k) else ("+",))]
                        yield start + k, tuple(self._vocabulary[t] for t in tokens if t in self._vocabulary)

    def _resolve(self, form: Form) -> Symbols:
        word, (compounds, is_shouted) = form[0][:LONGEST_WORD], form[1]
        base, low = stem(word), folded(word)
        found = [self._vocabulary[base]] if base in self._vocabulary else []
        if low in self._exact:
            found.append(self._exact[low])
        if base in self._capitals and word.isupper() and not (is_shouted and base in GENERAL):
            found.append(self._capitals[base])
        if self._number is not None and number_value(low) is not None:
            found.append(self._number)
        for length in self._lengths.get(low[:_SHORTEST_PREFIX], ()):
            if low[:length] in self._prefixes and length <= len(low):
                found.append(self._prefixes[low[:length]])
        if compounds and not found and len(low) >= _MIN_COMPOUND and low.isalpha():
            found = self._compound(low)
        return tuple(found)

    def _compound(self, low: str) -> list[int]:
        """The longest known words at the beginning and at the end of an unknown long one (`Druckertreiber`)."""
        found = []
        for cut in (low[:k] for k in range(len(low) - 3, _MIN_PART - 1, -1)):
            if stem(cut) in self._vocabulary and len(stem(cut)) >= _MIN_PART:
                found.append(self._vocabulary[stem(cut)])
                break
        for cut in (low[k:] for k in range(3, len(low) - _MIN_PART + 1)):
            if stem(cut) in self._vocabulary and len(stem(cut)) >= _MIN_PART:
                found.append(self._vocabulary[stem(cut)])
                break
        return found


def _lengths(prefixes: Iterable[str]) -> dict[str, list[int]]:
    """How long the prefixes are that have the same first letters, the shortest first."""
    found: dict[str, set[int]] = {}
    for prefix in prefixes:
        if len(prefix) >= _SHORTEST_PREFIX:
            found.setdefault(prefix[:_SHORTEST_PREFIX], set()).add(len(prefix))
    return {head: sorted(lengths) for head, lengths in found.items()}


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

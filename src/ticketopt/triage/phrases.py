"""Many phrases found in a text at once, in time linear in the text.

A phrase is written as people write it: `paper jam`. Case, accents, inflection and determiners do not matter. Six
signs say more:

* `# users`: any number, in figures or in words.
* `imprim*`: any word that begins so.
* `=teams`: only in this form (`Teams`, not `team`).
* `^ad`: only in capitals (`AD`, not `ad`).
* `paper jam|out of toner`: either, also without `~` (the lexicon makes two phrases of it).
* `sheet|page ~ jam|stuck`: one of the first and one of the second in the same sentence, in either order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count

from ticketopt.triage.spelling import Spelling
from ticketopt.triage.text import DETERMINERS, Text
from ticketopt.triage.words import folded, number_value, stem, words_of

Span = tuple[int, int]
"""First and last word of a match, both included."""

Hit = tuple[int, tuple[Span, ...]]
"""Index of the phrase, and where: one span, or one per part of a `~` phrase."""

_MIN_PART = 5  # letters of a known word that may be recognized inside a compound
_MIN_COMPOUND = 9
_MAX_WORD = 60
_MOST_REMEMBERED = 1 << 18  # words whose meaning is kept between texts


@dataclass(frozen=True, slots=True)
class PhraseTree:
    """Phrases as a tree over their words, in plain data; place 0 is the root.

    Attributes
    ----------
    words, prefixes : what a word stands for, exactly or by its beginning -> symbol.
    below : place -> symbol -> the place below it.
    ends : place -> the phrases (keys) that end there.
    parts : key of a `~` phrase -> for each of its parts the places where an alternative ends.
    part_places : all of these.
    anchored : place -> the `~` phrases to look at where a sentence has it: each is anchored at its part with the fewest
        alternatives, so that common words do not make every phrase be looked at.
    """

    words: dict[str, int] = field(default_factory=dict)
    prefixes: dict[str, int] = field(default_factory=dict)
    below: dict[int, dict[int, int]] = field(default_factory=lambda: {0: {}})
    ends: dict[int, list[int]] = field(default_factory=dict)
    parts: dict[int, list[set[int]]] = field(default_factory=dict)
    part_places: set[int] = field(default_factory=set)
    anchored: dict[int, list[int]] = field(default_factory=dict)


def phrase_tree(phrases: Sequence[str], tokens: Mapping[str, tuple[str, ...]] | None = None) -> PhraseTree:
    """The tree of phrases; the key of each is its position. `tokens` are those of some phrases, known already."""
    tree = PhraseTree()
    known = {} if tokens is None else tokens
    places = count(1)
    for key, phrase in enumerate(phrases):
        if "~" in phrase:
            _add_near(tree, key, phrase, known, places)
        elif place := _place(tree, tokens_of(phrase, known), places):
            tree.ends.setdefault(place, []).append(key)
    return tree


def _add_near(
    tree: PhraseTree, key: int, phrase: str, known: Mapping[str, tuple[str, ...]], places: Iterator[int]
) -> None:
    found: list[set[int]] = []
    for part in phrase.split("~"):
        ends = {_place(tree, tokens_of(words, known), places) for words in part.split("|")}
        found.append(ends - {0})
    tree.parts[key] = found
    tree.part_places.update(*found)
    for place in min(map(sorted, found), key=len):
        tree.anchored.setdefault(place, []).append(key)


def _place(tree: PhraseTree, tokens: Sequence[str], places: Iterator[int]) -> int:
    """Where these tokens lead in the tree, which grows to there; 0 for none."""
    place = 0
    for token in tokens:
        table, key = (tree.prefixes, token[:-1]) if token.endswith("*") else (tree.words, token)
        symbol = table.setdefault(key, len(tree.words) + len(tree.prefixes))
        below = tree.below.setdefault(place, {})
        place = below.get(symbol) or below.setdefault(symbol, next(places))
    return place


class PhraseTable:
    """Finds the phrases of a tree.

    With `guessing`, a word that no phrase has stands for the known word that it nearly is, if any (`guessed` says so).
    """

    def __init__(self, tree: PhraseTree, *, guessing: bool = False) -> None:
        self._tree = tree
        self._vocabulary, self._prefixes = tree.words, tree.prefixes
        self._known: tuple[dict[str, tuple[int, ...]], dict[str, tuple[int, ...]]] = ({}, {})
        self.guessed: set[str] = set()
        self._spelling = Spelling(self._vocabulary) if guessing else None

    def symbols(self, word: str, compounds: bool = False) -> tuple[int, ...]:
        """What a word of a text stands for; empty for a word that no phrase has."""
        cache = self._known[compounds]
        known = cache.get(word)
        if known is None:
            known = cache[word] = self._resolve(word[:_MAX_WORD], compounds)
        return known

    def _forget(self) -> None:
        for words in self._known:
            words.clear()
        self.guessed.clear()

    def _resolve(self, word: str, compounds: bool) -> tuple[int, ...]:
        base = stem(word)
        found = [self._vocabulary[base]] if base in self._vocabulary else []
        if "=" + folded(word) in self._vocabulary:
            found.append(self._vocabulary["=" + folded(word)])
        if word.isupper() and "^" + base in self._vocabulary:
            found.append(self._vocabulary["^" + base])
        low = folded(word)
        if number_value(low) is not None and "#" in self._vocabulary:
            found.append(self._vocabulary["#"])
        for length in range(2, len(low) + 1):
            if low[:length] in self._prefixes:
                found.append(self._prefixes[low[:length]])
        if compounds and not found and len(low) >= _MIN_COMPOUND and low.isalpha():
            found = self._compound(low)
        if not found and self._spelling is not None and (guess := self._spelling.guess(base)) is not None:
            self.guessed.add(word)
            found = [self._vocabulary[guess]]
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

    def find(self, text: Text) -> list[Hit]:
        """Every phrase in the text, in the order in which matches begin; `~` phrases once per sentence, after them."""
        plain: list[Hit] = []
        present: dict[int, dict[int, Span]] = {}
        known = self._known[text.compounds]
        if len(known) > _MOST_REMEMBERED:
            self._forget()
        stream = [known[w] if w in known else self.symbols(w, text.compounds) for w in text.words]
        tree, sentences, last = self._tree, text.sentences, len(stream) - 1
        below, ends, part_places = tree.below, tree.ends, tree.part_places
        root = below[0]
        for start, symbols in enumerate(stream):
            if not symbols:
                continue
            sentence = sentences[start]
            frontier = [(root[symbol], start) for symbol in symbols if symbol in root]
            for place, position in frontier:  # grows while it is walked
                for key in ends.get(place, ()):
                    plain.append((key, ((start, position),)))
                if place in part_places:
                    present.setdefault(sentence, {}).setdefault(place, (start, position))
                longer = below.get(place)
                if longer and position < last and sentences[position + 1] == sentence:
                    for symbol in stream[position + 1]:
                        if symbol in longer:
                            frontier.append((longer[symbol], position + 1))
        return plain + [hit for places in present.values() for hit in self._near(places)]

    def _near(self, present: Mapping[int, Span]) -> Iterator[Hit]:
        """The `~` phrases of one sentence; every part needs words of its own."""
        tree = self._tree
        for key in dict.fromkeys(key for place in present for key in tree.anchored.get(place, ())):
            if any(part.isdisjoint(present) for part in tree.parts[key]):
                continue
            spans: list[Span] = []
            for part in tree.parts[key]:
                spots = [present[place] for place in present.keys() & part if present[place] not in spans]
                if not spots:
                    break
                spans.append(min(spots))
            else:
                yield key, tuple(spans)


def tokens_of(phrase: str, known: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The same as `phrase_tokens`, looked up where they are known already."""
    return known.get(phrase) or phrase_tokens(phrase)


@lru_cache(maxsize=1 << 16)
def phrase_tokens(phrase: str) -> tuple[str, ...]:
    """The stems of a phrase, with its signs kept and without determiners."""
    tokens: list[str] = []
    for piece in phrase.split():
        if piece == "#":
            tokens.append(piece)
        elif piece.endswith("*"):
            tokens.append(folded(piece.strip("^*")) + "*")
        elif piece.startswith("="):
            tokens += ["=" + folded(word) for word in words_of(piece)]
        else:
            sign = "^" if piece.startswith("^") else ""
            tokens += [sign + stem(word) for word in words_of(piece) if folded(word) not in DETERMINERS]
    return tuple(tokens)

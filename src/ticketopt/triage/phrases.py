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
from functools import lru_cache

from ticketopt.triage.spelling import Spelling
from ticketopt.triage.text import DETERMINERS, Text
from ticketopt.triage.words import WORD, folded, number_value, stem

Span = tuple[int, int]
"""First and last word of a match, both included."""

Hit = tuple[int, tuple[Span, ...]]
"""Index of the phrase, and where: one span, or one per part of a `~` phrase."""

_MIN_PART = 5  # letters of a known word that may be recognized inside a compound
_MIN_COMPOUND = 9
_MAX_WORD = 60
_MOST_REMEMBERED = 1 << 18  # words whose meaning is kept between texts


class _Node:
    """A place in the tree of phrases.

    `phrases` end here. `anchored` are the `~` phrases to look at where this node is in a sentence: each is anchored at
    its part with the fewest alternatives, so that common words do not make every phrase be looked at.
    """

    __slots__ = ("anchored", "below", "is_part", "phrases")

    def __init__(self) -> None:
        self.phrases: list[int] = []
        self.anchored: list[int] = []
        self.is_part = False
        self.below: dict[int, _Node] = {}


class PhraseTable:
    """Finds phrases. The key of a phrase is its position in `phrases`.

    With `guessing`, a word that no phrase has stands for the known word that it nearly is, if any (`guessed` says so).
    """

    def __init__(self, phrases: Sequence[str], *, guessing: bool = False) -> None:
        self._vocabulary: dict[str, int] = {}
        self._prefixes: dict[str, int] = {}
        self._root: dict[int, _Node] = {}
        self._parts: dict[int, list[set[_Node]]] = {}
        self._known: tuple[dict[str, tuple[int, ...]], dict[str, tuple[int, ...]]] = ({}, {})
        self.guessed: set[str] = set()
        for key, phrase in enumerate(phrases):
            if "~" in phrase:
                self._add_near(key, phrase.split("~"))
            elif (node := self._node(phrase)) is not None:
                node.phrases.append(key)

        self._spelling = Spelling(self._vocabulary) if guessing else None

    def _add_near(self, key: int, parts: Sequence[str]) -> None:
        found = [{node for words in part.split("|") if (node := self._node(words)) is not None} for part in parts]
        self._parts[key] = found
        for node in set().union(*found):
            node.is_part = True
        for node in min(found, key=len):
            node.anchored.append(key)

    def _node(self, phrase: str) -> _Node | None:
        level = self._root
        node = None
        for token in phrase_tokens(phrase):
            table, key = (self._prefixes, token[:-1]) if token.endswith("*") else (self._vocabulary, token)
            node = level.setdefault(table.setdefault(key, len(self._vocabulary) + len(self._prefixes)), _Node())
            level = node.below
        return node

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
        present: dict[int, dict[_Node, Span]] = {}
        known = self._known[text.compounds]
        if len(known) > _MOST_REMEMBERED:
            self._forget()
        stream = [known[w] if w in known else self.symbols(w, text.compounds) for w in text.words]
        root, sentences, last = self._root, text.sentences, len(stream) - 1
        for start, symbols in enumerate(stream):
            if not symbols:
                continue
            sentence = sentences[start]
            frontier = [(root[symbol], start) for symbol in symbols if symbol in root]
            for node, position in frontier:  # grows while it is walked
                for key in node.phrases:
                    plain.append((key, ((start, position),)))
                if node.is_part:
                    present.setdefault(sentence, {}).setdefault(node, (start, position))
                below = node.below
                if below and position < last and sentences[position + 1] == sentence:
                    for symbol in stream[position + 1]:
                        if symbol in below:
                            frontier.append((below[symbol], position + 1))
        return plain + [hit for nodes in present.values() for hit in self._near(nodes)]

    def _near(self, present: Mapping[_Node, Span]) -> Iterator[Hit]:
        """The `~` phrases of one sentence; every part needs words of its own."""
        for key in dict.fromkeys(key for node in present for key in node.anchored):
            if any(part.isdisjoint(present) for part in self._parts[key]):
                continue
            spans: list[Span] = []
            for part in self._parts[key]:
                spots = [present[node] for node in present.keys() & part if present[node] not in spans]
                if not spots:
                    break
                spans.append(min(spots))
            else:
                yield key, tuple(spans)


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
            tokens += ["=" + folded(word) for word in WORD.findall(piece)]
        else:
            sign = "^" if piece.startswith("^") else ""
            tokens += [sign + stem(word) for word in WORD.findall(piece) if folded(word) not in DETERMINERS]
    return tuple(tokens)

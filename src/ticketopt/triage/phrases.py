"""Many phrases found in a text at once, in time linear in the text.

A phrase is written as people write it: `paper jam`. Case, accents, inflection and determiners do not matter. Four
signs say more:

* `# users`: any number, in figures or in words.
* `imprim*`: any word that begins so.
* `^ad`: only in capitals (`AD`, not `ad`).
* `sheet|page ~ jam|stuck`: one of the first and one of the second in the same sentence, in either order.
"""

from __future__ import annotations

from collections.abc import Sequence

from ticketopt.triage.text import DETERMINERS, Text
from ticketopt.triage.words import WORD, folded, number_value, stem

Span = tuple[int, int]
"""First and last word of a match, both included."""

Hit = tuple[int, tuple[Span, ...]]
"""Index of the phrase, and where: one span, or one per part of a `~` phrase."""

_END = -1  # the key in a trie node that holds what ends there
_MIN_PART = 5  # letters of a known word that may be recognized inside a compound
_MIN_COMPOUND = 9
_MAX_WORD = 60

_Node = dict[int, "_Node | list[tuple[int, int]]"]


class PhraseTable:
    """Finds phrases. The key of a phrase is its position in `phrases`."""

    def __init__(self, phrases: Sequence[str]) -> None:
        self._vocabulary: dict[str, int] = {}
        self._prefixes: dict[str, int] = {}
        self._root: _Node = {}
        self._parts: list[int] = []
        self._known: dict[str, tuple[int, ...]] = {}
        for key, phrase in enumerate(phrases):
            parts = phrase.split("~")
            self._parts.append(len(parts))
            for number, part in enumerate(parts):
                for alternative in part.split("|") if len(parts) > 1 else parts:
                    self._add(alternative, (key, number))

    def _add(self, phrase: str, payload: tuple[int, int]) -> None:
        node = self._root
        tokens = phrase_tokens(phrase)
        if not tokens:
            return
        for token in tokens:
            if token.endswith("*"):
                symbol = self._prefixes.setdefault(token[:-1], len(self._vocabulary) + len(self._prefixes))
            else:
                symbol = self._vocabulary.setdefault(token, len(self._vocabulary) + len(self._prefixes))
            node = node.setdefault(symbol, {})  # type: ignore[assignment]
        ends = node.setdefault(_END, [])
        ends.append(payload)  # type: ignore[union-attr, arg-type]

    def symbols(self, word: str) -> tuple[int, ...]:
        """What a word of a text stands for; empty for a word that no phrase has."""
        known = self._known.get(word)
        if known is None:
            if len(self._known) > 1 << 18:
                self._known.clear()
            known = self._known[word] = self._resolve(word[:_MAX_WORD])
        return known

    def _resolve(self, word: str) -> tuple[int, ...]:
        base = stem(word)
        found = [self._vocabulary[base]] if base in self._vocabulary else []
        if word.isupper() and "^" + base in self._vocabulary:
            found.append(self._vocabulary["^" + base])
        low = folded(word)
        if number_value(low) is not None and "#" in self._vocabulary:
            found.append(self._vocabulary["#"])
        for length in range(2, len(low) + 1):
            if low[:length] in self._prefixes:
                found.append(self._prefixes[low[:length]])
        if not found and len(low) >= _MIN_COMPOUND and low.isalpha():
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

    def find(self, text: Text) -> list[Hit]:
        """Every phrase in the text, in the order in which matches begin; `~` phrases once per sentence, after them."""
        plain: list[Hit] = []
        halves: dict[tuple[int, int], dict[int, Span]] = {}
        stream = [self.symbols(word) for word in text.words]
        root, sentences, parts = self._root, text.sentences, self._parts

        def walk(node: _Node, first: int, position: int) -> None:
            for symbol in stream[position]:
                below = node.get(symbol)
                if below is None:
                    continue
                for key, part in below.get(_END, ()):  # type: ignore[union-attr, call-overload]
                    if parts[key] == 1:
                        plain.append((key, ((first, position),)))
                    else:
                        halves.setdefault((sentences[first], key), {}).setdefault(part, (first, position))
                following = position + 1
                if following < len(stream) and sentences[following] == sentences[first]:
                    walk(below, first, following)  # type: ignore[arg-type]

        for start, symbols in enumerate(stream):
            if symbols:
                walk(root, start, start)
        whole = [(key, tuple(found.values())) for (_, key), found in halves.items() if len(found) == parts[key]]
        return plain + [hit for hit in whole if len(set(hit[1])) == len(hit[1])]


def phrase_tokens(phrase: str) -> list[str]:
    """The stems of a phrase, with its signs kept and without determiners."""
    tokens = []
    for piece in phrase.split():
        if piece == "#":
            tokens.append(piece)
        elif piece.endswith("*"):
            tokens.append(folded(piece.strip("^*")) + "*")
        sign = "^" if piece.startswith("^") else ""
        for word in WORD.findall(piece) if not piece.endswith("*") else ():
            if folded(word) not in DETERMINERS:
                tokens.append(sign + stem(word))
    return tokens

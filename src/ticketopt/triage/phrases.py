"""Many phrases found in a text at once, in time linear in the text.

A phrase is written as people write it: `paper jam`. Case, accents, inflection and determiners do not matter; a slash
stays one: `/login` is found in paths alone, `tcp/ip` where the slash stands. Seven signs say more:

* `# users`: any number, in figures or in words.
* `imprim*`: any word that begins so.
* `=teams`: only in this form (`Teams`, not `team`).
* `^ad`: only in capitals (`AD`, not `ad`).
* `!go`: only where it is written as a name (`Go`, `GO`, not `go`).
* `paper jam|out of toner`: either, also without `~` (the lexicon makes two phrases of it).
* `sheet|page ~ jam|stuck`: one of the first and one of the second in the same sentence, in either order.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import count

from ticketopt.triage.text import DETERMINERS, Text
from ticketopt.triage.words import DENSE_WORD_PATTERN, GENERAL, WORD, folded, is_dense, number_value, pattern, stem

Span = tuple[int, int]
"""First and last word of a match, both included."""

Hit = tuple[int, tuple[Span, ...]]
"""Index of the phrase, and where: one span, or one per part of a `~` phrase."""

Shape = tuple[tuple[tuple[str, ...], ...], ...]
"""A phrase as tokens: its parts, each with its alternatives."""

_SIGNS = "=^!"
_SHORT = 3  # letters of everyday words whose capital alone, inside a sentence, makes no name: `It`, `Or`
_LONGEST_ADDRESS = 300
_MIN_PART = 5  # letters of a known word that may be recognized inside a compound
_MIN_COMPOUND = 9
_MAX_WORD = 60
_SHORTEST_PREFIX = 2
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


def phrase_tree(phrases: Iterable[str]) -> PhraseTree:
    """The tree of phrases; the key of each is its position."""
    return tree_of(map(shape, phrases))


def tree_of(shapes: Iterable[Shape]) -> PhraseTree:
    """The tree of phrases whose shapes are known."""
    tree = PhraseTree()
    places = count(1)
    for key, parts in enumerate(shapes):
        if len(parts) == 1:
            if place := _place(tree, parts[0][0], places):
                tree.ends.setdefault(place, []).append(key)
        else:
            tree.parts[key] = [{_place(tree, tokens, places) for tokens in part} - {0} for part in parts]
            anchor(tree, key)
    return tree


def anchor(tree: PhraseTree, key: int) -> None:
    """Make the tree look at a `~` phrase whose parts it has."""
    found = tree.parts[key]
    tree.part_places.update(*found)
    for place in min(map(sorted, found), key=len):
        tree.anchored.setdefault(place, []).append(key)


def _place(tree: PhraseTree, tokens: Sequence[str], places: Iterator[int]) -> int:
    """Where these tokens lead in the tree, which grows to there; 0 for none."""
    place = 0
    words, below = tree.words, tree.below
    for token in tokens:
        symbol = words.get(token)
        if symbol is None:
            table, key = (tree.prefixes, token[:-1]) if token[-1] == "*" else (words, token)
            symbol = table.setdefault(key, len(words) + len(tree.prefixes))
        here = below.get(place)
        if here is None:
            here = below[place] = {}
        place = here.get(symbol, 0)
        if not place:
            place = here[symbol] = next(places)
    return place


_Symbols = tuple[int, ...]
"""What a word stands for."""


class _Known(dict[str, tuple[_Symbols, _Symbols]]):
    """Words as they stand -> what each stands for, and the places that it leads to from the root."""

    def __init__(self, read: Callable[[str], _Symbols], root: Mapping[int, int]) -> None:
        super().__init__()
        self._read, self._root = read, root

    def __missing__(self, word: str) -> tuple[_Symbols, _Symbols]:
        self[word] = found = self.with_places(self._read(word[:_MAX_WORD]))
        return found

    def with_places(self, symbols: _Symbols) -> tuple[_Symbols, _Symbols]:
        """The symbols, and where a phrase that begins with one of them leads."""
        return symbols, tuple([self._root[symbol] for symbol in symbols if symbol in self._root])


class PhraseTable:
    """Finds the phrases of a tree."""

    def __init__(self, tree: PhraseTree) -> None:
        self._tree = tree
        self._vocabulary, self._prefixes = tree.words, tree.prefixes
        self._known: dict[tuple[bool, bool], _Known] = {}
        self._names = {word[1:]: symbol for word, symbol in tree.words.items() if word[0] == "!"}
        self._has_slashes = any(word[:1] in "/+" for word in tree.words)
        self._has_exact = any(word[0] == "=" for word in tree.words)
        self._number = tree.words.get("#")
        self._beginnings = _by_beginning(tree.prefixes)

    def _stream(self, text: Text) -> list[tuple[_Symbols, _Symbols]]:
        """What every word of a text stands for, and where it leads; empty for a word that no phrase has."""
        is_shouted = text.raw.isupper()
        known = self._known.get((text.compounds, is_shouted))
        if known is None:
            read = partial(self._resolve, compounds=text.compounds, is_shouted=is_shouted)
            known = self._known[text.compounds, is_shouted] = _Known(read, self._tree.below[0])
        if len(known) > _MOST_REMEMBERED:
            known.clear()
        stream = list(map(known.__getitem__, text.words))
        for k, more in self._more(text):
            stream[k] = known.with_places(stream[k][0] + more)
        return stream

    def _more(self, text: Text) -> Iterator[tuple[int, _Symbols]]:
        """What words stand for besides, by what stands around them: names, and words behind a slash."""
        if not self._names.keys().isdisjoint(text.low):
            for k, low in enumerate(text.low):
                if low in self._names and _is_name(text, k):
                    yield k, (self._names[low],)
        if self._has_slashes and "/" in text.raw:
            for k, word in enumerate(text.words):
                if text.raw[: text.starts[k]].endswith("/"):
                    signs = ("/", "+") if _is_in_path(text, k) else ("+",)
                    found = (sign + stem(word) for sign in signs)
                    yield k, tuple(self._vocabulary[token] for token in found if token in self._vocabulary)

    def _resolve(self, word: str, compounds: bool, is_shouted: bool) -> _Symbols:
        base, low = stem(word), folded(word)
        vocabulary = self._vocabulary
        found = [vocabulary[base]] if base in vocabulary else []
        if self._has_exact and "=" + low in vocabulary:
            found.append(vocabulary["=" + low])
        if word.isupper() and "^" + base in vocabulary and not (is_shouted and base in GENERAL):
            found.append(vocabulary["^" + base])
        if self._number is not None and number_value(low) is not None:
            found.append(self._number)
        for beginning, symbol in self._beginnings.get(low[:_SHORTEST_PREFIX], ()):
            if low.startswith(beginning):
                found.append(symbol)
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

    def find(self, text: Text) -> list[Hit]:
        """Every phrase in the text, in the order in which matches begin; `~` phrases once per sentence, after them."""
        plain: list[Hit] = []
        present: dict[int, dict[int, Span]] = {}
        stream = self._stream(text)
        tree, sentences, last = self._tree, text.sentences, len(stream) - 1
        below, ends, part_places = tree.below, tree.ends, tree.part_places
        for start, (_, places) in enumerate(stream):
            if not places:
                continue
            sentence = sentences[start]
            frontier = [(place, start) for place in places]
            for place, position in frontier:  # grows while it is walked
                if place in ends:
                    span = ((start, position),)
                    plain += [(key, span) for key in ends[place]]
                if place in part_places:
                    present.setdefault(sentence, {}).setdefault(place, (start, position))
                if place in below and position < last and sentences[position + 1] == sentence:
                    longer = below[place]
                    for symbol in stream[position + 1][0]:
                        if symbol in longer:
                            frontier.append((longer[symbol], position + 1))
        for there in present.values():
            if len(there) > 1:
                plain += self._near(there)
        return plain

    def _near(self, present: Mapping[int, Span]) -> Iterator[Hit]:
        """The `~` phrases of one sentence; every part needs words of its own."""
        tree = self._tree
        there = present.keys()
        for key in dict.fromkeys(key for place in present for key in tree.anchored.get(place, ())):
            if any(part.isdisjoint(there) for part in tree.parts[key]):
                continue
            spans: list[Span] = []
            for part in tree.parts[key]:
                spots = [present[place] for place in there & part if present[place] not in spans]
                if not spots:
                    break
                spans.append(min(spots))
            else:
                yield key, tuple(spans)


def _by_beginning(prefixes: Mapping[str, int]) -> dict[str, list[tuple[str, int]]]:
    """The prefixes and their symbols by their first letters, the shortest first."""
    found: dict[str, list[tuple[str, int]]] = {}
    for prefix in sorted(prefixes, key=len):
        if len(prefix) >= _SHORTEST_PREFIX:
            found.setdefault(prefix[:_SHORTEST_PREFIX], []).append((prefix, prefixes[prefix]))
    return found


@lru_cache(maxsize=1 << 16)
def shape(phrase: str) -> Shape:
    """What is to be found: the tokens of every alternative of every part. Only a `~` phrase has several of either."""
    if "~" not in phrase:
        return ((phrase_tokens(phrase),),)
    return tuple(tuple(map(phrase_tokens, part.split("|"))) for part in phrase.split("~"))


@lru_cache(maxsize=1 << 16)
def phrase_tokens(phrase: str) -> tuple[str, ...]:
    """The stems of a phrase, with its signs kept and without determiners.

    `/login` is what follows a slash that begins a path; `+ip` follows one between two words.
    """
    tokens: list[str] = []
    for piece in phrase.split():
        if piece == "#":
            tokens.append(piece)
        elif piece.endswith("*"):
            tokens.append(folded(piece.strip("^*")) + "*")
        else:
            sign = piece[0] if piece[0] in _SIGNS else ""
            tokens += _tokens_of_piece(piece[len(sign) :], sign)
    return tuple(tokens)


def _tokens_of_piece(piece: str, sign: str) -> Iterator[str]:
    found = (pattern(DENSE_WORD_PATTERN) if is_dense(piece) else WORD).finditer(piece)
    for match in found:
        word, is_behind = match.group(), piece[: match.start()].endswith("/")
        if is_behind:
            yield ("/" if match.start() == 1 else "+") + stem(word)
        elif sign in ("=", "!"):
            yield sign + folded(word)
        elif sign or folded(word) not in DETERMINERS or (len(word) == 1 and piece[match.end() :][:1] == "/"):
            yield sign + stem(word)


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

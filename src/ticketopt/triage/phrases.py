"""Phrases: how they are written, and as a tree over their words.

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

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count

from ticketopt.triage.text import DETERMINERS
from ticketopt.triage.words import DENSE_WORD_PATTERN, WORD, folded, is_dense, pattern, stem

Shape = tuple[tuple[tuple[str, ...], ...], ...]
"""A phrase as tokens: its parts, each with its alternatives."""

_SIGNS = "=^!"


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

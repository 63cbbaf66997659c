"""Writes the compiled lexicon: `python -m ticketopt.triage.compile FILE`, which CMakeLists.txt calls."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np

from ticketopt.triage import stance, urgency
from ticketopt.triage.compiled import digest_of, origin
from ticketopt.triage.lexicon import TIERS, Lexicon, Stem
from ticketopt.triage.lexicon_file import lexicon_of_sources
from ticketopt.triage.phrases import PhraseTree, phrase_tree, shape
from ticketopt.triage.prepared import PreparedConcepts, form, phrases_of, points_of

TREES = {"contrast": stance.phrases_of, "urgency": urgency.phrases_of}
"""Tree of phrases -> which phrases of a lexicon are in it."""

Sections = Iterator[tuple[str, bytes]]
"""Name and content of each."""


def content_of(lexicon: Lexicon) -> bytes:
    """The compiled file of a lexicon of one part, with all that can be known of it beforehand."""
    prepared = PreparedConcepts(lexicon.concepts, frozenset(map(form, lexicon.generic)))
    index = {concept.name: k for k, concept in enumerate(lexicon.concepts)}
    plain = {name: getattr(lexicon, name) for name in ("generic", "contrast", "stated", "ignore")}
    plain |= {"signs": [_values(sign) for sign in lexicon.signs], "trees": list(TREES)}
    sections = {
        "lexicon": _json(plain),
        "exact": _json(prepared.exact()),
        "broader": _json(prepared.broader()),
        **dict(_lines("stems", {name: _stem(stem, index) for name, stem in prepared.stems.items()})),
        **dict(_concepts(lexicon)),
        **{key: part for name, of in TREES.items() for key, part in _tree(name, phrase_tree(of(lexicon)))},
    }
    ends = list(accumulate(map(len, sections.values()), initial=0))
    places = {name: (start, end) for name, start, end in zip(sections, ends, ends[1:], strict=False)}
    rest = b"\n".join([_json({"origin": origin(), "places": places}), b"".join(sections.values())])
    return digest_of(rest) + b"\n" + rest


def _concepts(lexicon: Lexicon) -> Sections:
    points = points_of(lexicon.concepts)
    ids: dict[str, int] = {}

    def numbers(tokens: Iterable[str]) -> list[int]:
        return [ids.setdefault(token, len(ids)) for token in tokens]

    lines = {}
    for concept in lexicon.concepts:
        shapes = [
            numbers(found[0][0]) if len(found) == 1 else [[numbers(tokens) for tokens in part] for part in found]
            for found in map(shape, phrases_of(concept))
        ]
        lines[concept.name] = {
            **{kind: getattr(concept, kind) for kind in TIERS},
            "boost": concept.boost,
            "points": points[concept.name],
            "ids": shapes,
        }
    yield from _lines("concepts", lines)
    yield "words", _words(ids)


def _stem(stem: Stem, index: Mapping[str, int]) -> list[Any]:
    kinds = list(TIERS)
    entries = [
        (index[e.concept], kinds.index(e.kind), " ".join("|".join(filter(None, word)) for word in e.words), e.exact)
        for e in stem.entries
    ]
    return [entries, stem.having, {ending: [index[c] for c in concepts] for ending, concepts in stem.forms.items()}]


def _lines(group: str, items: Mapping[str, Any]) -> Sections:
    lines = [_json(item) for item in items.values()]
    yield group, b"".join(lines)
    yield f"{group}.names", _words(items)
    yield f"{group}.ends", _numbers(accumulate(map(len, lines)))


def _tree(name: str, tree: PhraseTree) -> Sections:
    tokens = {symbol: word for word, symbol in tree.words.items()}
    tokens |= {symbol: prefix + "*" for prefix, symbol in tree.prefixes.items()}
    edges = ((place, symbol, below) for place, here in tree.below.items() for symbol, below in here.items())
    parts = ((key, len(part), *sorted(part)) for key, parts in tree.parts.items() for part in parts)
    yield f"{name}.tokens", _words(tokens[symbol] for symbol in range(len(tokens)))
    yield f"{name}.edges", _numbers(number for edge in edges for number in edge)
    yield f"{name}.ends", _numbers(n for place, keys in tree.ends.items() for key in keys for n in (place, key))
    yield f"{name}.parts", _numbers(number for part in parts for number in part)


def _json(item: Any) -> bytes:
    return json.dumps(item, ensure_ascii=False, separators=(",", ":")).encode()


def _words(words: Iterable[str]) -> bytes:
    return "\n".join(words).encode()


def _numbers(numbers: Iterable[int]) -> bytes:
    return np.fromiter(numbers, dtype="<i4").tobytes()


def _values(item: Any) -> list[Any]:
    return [getattr(item, part.name) for part in fields(item)]


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(content_of(lexicon_of_sources()))

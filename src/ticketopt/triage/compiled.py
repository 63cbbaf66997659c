"""Our lexicon as the build leaves it: prepared, with token ids in place of phrases' words, and read where it is needed.

What every process would work out anew is worked out once, by `ticketopt.triage.compile`, which CMakeLists.txt calls.
The file is a digest of all that follows; a line of JSON that says what it was made of (a digest of the sources and of
the code that reads them) and where every section begins; then the sections: texts, small whole numbers, and lines of
JSON, one per concept and one per stem of a name, of which a process reads those of its skills.

Where the file is torn, or of another origin, or where there is none, the lexicon is read from its sources: the same
lexicon, half a second later.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from hashlib import blake2b
from importlib import resources
from typing import Any, overload

import numpy as np

from ticketopt.problem.collector import collector_paused
from ticketopt.triage.lexicon import TIERS, Concept, Entry, LazyConcepts, Lexicon, Prepared, Sign, Stem, Weighted
from ticketopt.triage.phrases import PhraseTree, anchor

TRADES = (
    *("business", "cloud", "commerce", "education", "facilities", "finance", "games_media", "health", "industry"),
    *("insurance", "it", "logistics", "property", "public", "saas", "telecom", "travel", "urgency"),
)
"""The files of `data/lexicon`, in the order of reading: where two concepts score alike, the earlier wins."""

COMPILED = "data/lexicon.bin"
"""Where the build puts it, in the package."""

_KINDS = tuple(TIERS)
_CODE = (
    *("compile", "compiled", "lexicon", "lexicon_file", "phrases", "prepared", "stance", "text", "urgency", "words"),
)
"""Modules of `triage` on which the content of the compiled lexicon depends."""


def sources() -> Iterator[str]:
    """The texts of the lexicon's files, in order."""
    folder = resources.files("ticketopt").joinpath("data/lexicon")
    return (folder.joinpath(f"{trade}.json").read_text("utf-8") for trade in TRADES)


def origin() -> str:
    """Digest of what the lexicon is read from and by: a compiled lexicon of another origin is not used."""
    folder = resources.files("ticketopt")
    digest = blake2b(digest_size=16)
    for name in (*(f"triage/{name}.py" for name in _CODE), *(f"data/lexicon/{trade}.json" for trade in TRADES)):
        digest.update(folder.joinpath(name).read_bytes())
    return digest.hexdigest()


def load() -> Lexicon | None:
    """The compiled lexicon; None where there is none of this origin."""
    try:
        content = resources.files("ticketopt").joinpath(COMPILED).read_bytes()
    except OSError:
        return None
    return restored(content)


def restored(content: bytes) -> Lexicon | None:
    """What `ticketopt.triage.compile` made the content of; None where it is of another origin, or torn."""
    start = content.find(b"\n") + 1
    if content[:start] != digest_of(memoryview(content)[start:]) + b"\n":
        return None
    file = _File(content, start)
    if file.origin != origin():
        return None
    with collector_paused():
        return file.lexicon()


def digest_of(content: bytes | memoryview) -> bytes:
    return blake2b(content, digest_size=16).hexdigest().encode()


class _File:
    """Sections, each read when it is asked for."""

    def __init__(self, content: bytes, start: int) -> None:
        self._begin = content.find(b"\n", start) + 1
        self._content = content
        header = json.loads(content[start : self._begin])
        self.origin: str = header["origin"]
        self._places: dict[str, tuple[int, int]] = header["places"]

    def section(self, name: str) -> bytes:
        start, end = self._places[name]
        return self._content[self._begin + start : self._begin + end]

    def json(self, name: str) -> Any:
        return json.loads(self.section(name))

    def words(self, name: str) -> list[str]:
        return self.section(name).decode().split("\n")

    def numbers(self, name: str) -> list[int]:
        numbers: list[int] = np.frombuffer(self.section(name), dtype="<i4").tolist()
        return numbers

    def lexicon(self) -> Lexicon:
        """All that every process needs, and the concepts, unread."""
        plain = self.json("lexicon")
        return Lexicon(
            concepts=CompiledConcepts(self),
            generic=tuple(plain["generic"]),
            contrast={name: tuple(phrases) for name, phrases in plain["contrast"].items()},
            stated={name: tuple(phrases) for name, phrases in plain["stated"].items()},
            signs=tuple(_sign(values) for values in plain["signs"]),
            ignore=tuple(plain["ignore"]),
            trees={name: _tree(self, name) for name in plain["trees"]},
        )


class _Lines:
    """Lines of JSON by name."""

    def __init__(self, file: _File, group: str) -> None:
        self.names = file.words(f"{group}.names")
        self._place = {name: k for k, name in enumerate(self.names)}
        self._ends = file.numbers(f"{group}.ends")
        self._lines = file.section(group)

    def get(self, name: str) -> Any:
        """The line of that name; None where there is none."""
        k = self._place.get(name)
        return None if k is None else json.loads(self._lines[self._ends[k - 1] if k else 0 : self._ends[k]])


class CompiledConcepts(Prepared, LazyConcepts):
    """The concepts of a file."""

    def __init__(self, file: _File) -> None:
        self._concepts, self._stems = _Lines(file, "concepts"), _Lines(file, "stems")
        self._words = file.words("words")
        self._exact: dict[str, str] = file.json("exact")
        self._broader: dict[str, list[str]] = file.json("broader")
        self._read = cache(self._concept)

    def __len__(self) -> int:
        return len(self._concepts.names)

    @overload
    def __getitem__(self, index: int) -> Concept: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Concept]: ...
    def __getitem__(self, index: int | slice) -> Concept | Sequence[Concept]:
        names = self._concepts.names[index]
        return self._read(names) if isinstance(names, str) else tuple(map(self._read, names))

    def _concept(self, name: str) -> Concept:
        line = self._concepts.get(name)
        kinds = {kind: tuple(line[kind]) for kind in TIERS}
        return Concept(name, **kinds, broader=tuple(self._broader.get(name, ())), boost=line["boost"])

    def stem(self, stem: str) -> Stem:
        line = self._stems.get(stem)
        if line is None:
            return Stem()
        entries, having, forms = line
        names = self._concepts.names
        found = (
            Entry(
                names[concept],
                _KINDS[kind],
                tuple([(w, ending) for w, _, ending in map(_parted, words.split())]),
                exact,
            )
            for concept, kind, words, exact in entries
        )
        return Stem(tuple(found), having, {ending: [names[k] for k in concepts] for ending, concepts in forms.items()})

    def phrases(self, concept: str) -> Sequence[Weighted]:
        line = self._concepts.get(concept)
        if line is None:
            return ()
        phrases = [phrase for kind in _KINDS for phrase in line[kind]]
        word = self._words.__getitem__
        shapes = [
            ((tuple(map(word, ids)),),)
            if not ids or isinstance(ids[0], int)
            else tuple([tuple([tuple(map(word, tokens)) for tokens in part]) for part in ids])
            for ids in line["ids"]
        ]
        return list(zip(phrases, line["points"], shapes, strict=True))

    def broader(self) -> Mapping[str, Sequence[str]]:
        return self._broader

    def exact(self) -> Mapping[str, str]:
        return self._exact


def _parted(word: str) -> tuple[str, str, str]:
    return word.partition("|")


def _sign(values: Sequence[Any]) -> Sign:
    name, points, phrases, at_least, counts_people, severe, calms = values
    return Sign(name, points, tuple(phrases), at_least, counts_people, severe, tuple(calms))


def _tree(file: _File, name: str) -> PhraseTree:
    """A tree from its tokens in the order of their symbols, its (place, symbol, place below), and where phrases end."""
    tree = PhraseTree()
    for symbol, token in enumerate(file.words(f"{name}.tokens")):
        if token.endswith("*"):
            tree.prefixes[token[:-1]] = symbol
        else:
            tree.words[token] = symbol
    edges, ends, parts = (file.numbers(f"{name}.{part}") for part in ("edges", "ends", "parts"))
    for place, symbol, below in zip(edges[::3], edges[1::3], edges[2::3], strict=True):
        tree.below.setdefault(place, {})[symbol] = below
    for place, key in zip(ends[::2], ends[1::2], strict=True):
        tree.ends.setdefault(place, []).append(key)
    k = 0
    while k < len(parts):
        key, size = parts[k : k + 2]
        tree.parts.setdefault(key, []).append(set(parts[k + 2 : k + 2 + size]))
        k += 2 + size
    for key in tree.parts:
        anchor(tree, key)
    return tree

"""Our lexicon as the build leaves it: prepared, with token ids in place of phrases' words, and read where it is needed.

What every process would work out anew is worked out once, by `ticketopt.triage.compile`, which CMakeLists.txt calls.
The file is JSON, line by line: a digest of all that follows; the contents (what it was made of, a digest of the
sources and of the code that reads them, and where every line begins); then one line per stem of the names, one per
concept, and some for the rest. A process reads the contents, and of the others only the lines of its skills.

Where the file is torn, or of another origin, or where there is none, the lexicon is read from its sources: the same
lexicon, half a second later.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cache, cached_property
from hashlib import blake2b
from importlib import resources
from typing import Any, overload

from ticketopt.triage.lexicon import TIERS, Concept, Entry, Lexicon, Prepared, Sign, Stem, Weighted
from ticketopt.triage.phrases import PhraseTree, Shape, anchor
from ticketopt.triage.prepared import PreparedConcepts

TRADES = (
    *("business", "cloud", "commerce", "education", "facilities", "finance", "games_media", "health", "industry"),
    *("insurance", "it", "logistics", "property", "public", "saas", "telecom", "travel", "urgency"),
)
"""The files of `data/lexicon`, in the order of reading: where two concepts score alike, the earlier wins."""

COMPILED = "data/lexicon.bin"
"""Where the build puts it, in the package."""

_CODE = (
    *("compiled", "lexicon", "lexicon_file", "phrases", "prepared", "stance", "text", "urgency", "words"),
    "compile",
)
"""Modules of `triage` on which the content of the compiled lexicon depends."""

_REST = ("generic", "contrast", "stated", "signs", "ignore")


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
    """What `dump` made the content of; None where it is of another origin, or torn."""
    digest, _, rest = content.partition(b"\n")
    if digest != _digest(rest):
        return None
    file = _File(rest)
    return file.lexicon() if file.contents["origin"] == origin() else None


def _digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=16).hexdigest().encode()


class _File:
    """Lines of JSON, each read when it is asked for."""

    def __init__(self, content: bytes) -> None:
        first, _, self._lines = content.partition(b"\n")
        self.contents: dict[str, Any] = json.loads(first)

    def line(self, group: str, name: str) -> Any:
        """The line of that name; None where there is none."""
        place = self.contents[group].get(name)
        return None if place is None else json.loads(self._lines[place[0] : place[1]])

    def lexicon(self) -> Lexicon:
        """All that every process needs, and the concepts, unread."""
        plain = self.line("rest", "lexicon")
        return Lexicon(
            concepts=CompiledConcepts(self),
            generic=tuple(plain["generic"]),
            contrast={name: tuple(phrases) for name, phrases in plain["contrast"].items()},
            stated={name: tuple(phrases) for name, phrases in plain["stated"].items()},
            signs=tuple(_sign(values) for values in plain["signs"]),
            ignore=tuple(plain["ignore"]),
            trees={name: _tree(self.line("rest", name)) for name in self.contents["trees"]},
        )


class CompiledConcepts(Prepared, Sequence[Concept]):
    """The concepts of a file."""

    def __init__(self, file: _File) -> None:
        self._file = file
        self._names = list(file.contents["concepts"])
        self._read = cache(self._concept)

    def __len__(self) -> int:
        return len(self._names)

    @overload
    def __getitem__(self, index: int) -> Concept: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Concept]: ...
    def __getitem__(self, index: int | slice) -> Concept | Sequence[Concept]:
        names = self._names[index]
        return self._read(names) if isinstance(names, str) else tuple(map(self._read, names))

    @cached_property
    def _words(self) -> list[str]:
        words: list[str] = self._file.line("rest", "words")
        return words

    def _concept(self, name: str) -> Concept:
        line = self._file.line("concepts", name)
        kinds = {kind: tuple(line[kind]) for kind in TIERS}
        return Concept(name, **kinds, broader=tuple(self.broader().get(name, ())), boost=line["boost"])

    def stem(self, stem: str) -> Stem:
        line = self._file.line("stems", stem)
        if line is None:
            return Stem()
        entries, having, forms = line
        found = (Entry(concept, kind, tuple(map(tuple, words)), exact) for concept, kind, words, exact in entries)
        return Stem(tuple(found), having, forms)

    def phrases(self, concept: str) -> Sequence[Weighted]:
        line = self._file.line("concepts", concept)
        if line is None:
            return ()
        phrases = [phrase for kind in TIERS for phrase in line[kind]]
        shapes = (_shape(ids, self._words) for ids in line["ids"])
        return list(zip(phrases, line["points"], shapes, strict=True))

    @cache  # noqa: B019
    def broader(self) -> Mapping[str, Sequence[str]]:
        broader: dict[str, Sequence[str]] = self._file.line("rest", "broader")
        return broader

    def exact(self) -> Mapping[str, str]:
        exact: dict[str, str] = self._file.line("rest", "exact")
        return exact


def _shape(ids: Sequence[Any], words: Sequence[str]) -> Shape:
    """A phrase from its token ids: one list of them, or one per alternative of every part."""
    if not ids or isinstance(ids[0], int):
        return ((tuple(words[k] for k in ids),),)
    return tuple(tuple(tuple(words[k] for k in tokens) for tokens in part) for part in ids)


def dump(lexicon: Lexicon, prepared: PreparedConcepts, trees: Mapping[str, PhraseTree]) -> bytes:
    """The file's content. `lexicon` is of one part, `prepared` are its concepts."""
    ids: dict[str, int] = {}

    def numbers(tokens: Iterable[str]) -> list[int]:
        return [ids.setdefault(token, len(ids)) for token in tokens]

    def concept(item: Concept) -> Mapping[str, Any]:
        weighted = prepared.phrases(item.name)
        shapes = [
            numbers(found[0][0]) if len(found) == 1 else [[numbers(tokens) for tokens in part] for part in found]
            for _, _, found in weighted
        ]
        kinds = {kind: getattr(item, kind) for kind in TIERS}
        return {**kinds, "points": [points for _, points, _ in weighted], "ids": shapes, "boost": item.boost}

    groups: dict[str, dict[str, Any]] = {
        "concepts": {item.name: concept(item) for item in lexicon.concepts},
        "stems": {name: [list(map(_values, s.entries)), s.having, s.forms] for name, s in prepared.stems.items()},
    }
    rest = {name: getattr(lexicon, name) for name in _REST} | {"signs": list(map(_values, lexicon.signs))}
    groups["rest"] = {
        **{"lexicon": rest, "words": list(ids), "broader": prepared.broader(), "exact": prepared.exact()},
        **{name: _plain_tree(tree) for name, tree in trees.items()},
    }
    return _written(groups, list(trees))


def _written(groups: Mapping[str, Mapping[str, Any]], trees: Sequence[str]) -> bytes:
    places: dict[str, dict[str, tuple[int, int]]] = {}
    lines: list[bytes] = []
    start = 0
    for group, items in groups.items():
        places[group] = {}
        for name, item in items.items():
            lines.append(_json(item))
            places[group][name] = (start, start + len(lines[-1]))
            start += len(lines[-1]) + 1
    rest = b"\n".join([_json({"origin": origin(), "trees": trees, **places}), *lines])
    return _digest(rest) + b"\n" + rest


def _json(item: Any) -> bytes:
    return json.dumps(item, ensure_ascii=False, separators=(",", ":")).encode()


def _values(item: Any) -> list[Any]:
    return [getattr(item, part.name) for part in fields(item)]


def _sign(values: Sequence[Any]) -> Sign:
    name, points, phrases, at_least, counts_people, severe, calms = values
    return Sign(name, points, tuple(phrases), at_least, counts_people, severe, tuple(calms))


def _plain_tree(tree: PhraseTree) -> dict[str, Any]:
    """A tree as lists: of each place its symbols and what is below, of each `~` phrase the places of its parts."""
    return {
        "words": tree.words,
        "prefixes": tree.prefixes,
        "below": [[place, list(below), list(below.values())] for place, below in tree.below.items()],
        "ends": list(tree.ends.items()),
        "parts": [[key, list(map(sorted, parts))] for key, parts in tree.parts.items()],
    }


def _tree(plain: Mapping[str, Any]) -> PhraseTree:
    tree = PhraseTree(
        words=plain["words"],
        prefixes=plain["prefixes"],
        below={place: dict(zip(symbols, places, strict=True)) for place, symbols, places in plain["below"]},
        ends=dict(plain["ends"]),
        parts={key: list(map(set, parts)) for key, parts in plain["parts"]},
    )
    for key in tree.parts:
        anchor(tree, key)
    return tree

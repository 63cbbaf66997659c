"""Lists of phrases that are found where a word begins: quick to make, quick to search, in any script.

What mail programs and machines say, in the languages of their users, is in `data/mail.json`, by who looks for it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources

Span = tuple[int, int]
"""Where a passage begins and where it ends."""

_WITHOUT_BLANKS = "\u2e80"
"""Scripts from here on write words together, so that a phrase may begin anywhere."""
_LONGEST_BEGINNING = 3
_HEAD = re.compile(r"(?<![^\W_])[^\W_]{1,3}")
_PLAIN = (
    dict.fromkeys(map(ord, "\n\r\t\xa0\u202f"), " ")
    | dict.fromkeys(map(ord, "\u2019\u02bc"), "'")
    | dict.fromkeys(range(ord("1"), ord("9") + 1), "0")
)


def plain(text: str) -> str:
    """The text as lists are searched: small letters, any digit a 0, any blank a space; each character in its place."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return low.translate(_PLAIN)


@cache
def mail_tables() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """The file: who looks -> name of the list -> its phrases."""
    tables: Mapping[str, Mapping[str, Sequence[str]]]
    tables = json.loads(resources.files("ticketopt").joinpath("data/mail.json").read_text("utf-8"))
    return tables


class WordList:
    """Phrases with alternatives in brackets: `out of office`, `on (annual |)leave`.

    A phrase needs a word's beginning, not its end: `deliver` finds `delivered`. `0` is any digit.
    """

    def __init__(self, table: Iterable[str]) -> None:
        phrases = (unicodedata.normalize("NFC", phrase) for entry in table for phrase in _expanded(entry))
        self._phrases = {phrase: _beginning(phrase) for phrase in phrases}
        self._by_sign: dict[str, list[str]] = {}
        for phrase in self._phrases:
            self._by_sign.setdefault(phrase[0], []).append(phrase)

    def __iter__(self) -> Iterator[str]:
        return iter(self._phrases)

    def find(self, low: str, end: int | None = None) -> Span | None:
        """Where the first of them that stands in the text (as `plain` makes it) stands."""
        return next(self._found(low, end), None)

    def count(self, low: str, enough: int) -> int:
        """How many different ones stand in the text; not counted further than enough."""
        number = 0
        for _ in self._found(low, None):
            number += 1
            if number == enough:
                break
        return number

    def begins(self, low: str) -> int:
        """How many characters of the text the longest one takes with which it begins; 0 for none."""
        alike = self._by_sign.get(low[:1], ())
        return max((len(phrase) for phrase in alike if low.startswith(phrase)), default=0)

    def _found(self, low: str, end: int | None) -> Iterator[Span]:
        there = _beginnings(low)
        for phrase, beginning in self._phrases.items():
            if beginning not in there:
                continue
            start = low.find(phrase, 0, end)
            while start > 0 and phrase[0] < _WITHOUT_BLANKS and phrase[0].isalnum() and low[start - 1].isalnum():
                start = low.find(phrase, start + 1, end)
            if start >= 0:
                yield start, start + len(phrase)


def _beginning(phrase: str) -> str:
    """Letters that a word of a text must begin with to begin the phrase; empty where it may begin anywhere."""
    if phrase[0] >= _WITHOUT_BLANKS or not phrase[0].isalnum():
        return ""
    return next((phrase[:k] for k in range(1, _LONGEST_BEGINNING) if not phrase[k : k + 1].isalnum()), phrase[:3])


@lru_cache(maxsize=16)
def _beginnings(low: str) -> frozenset[str]:
    """The first letters of every word, one to three of them, and the empty text: far quicker than to seek phrases."""
    heads = set(_HEAD.findall(low))
    return frozenset(("", *heads, *(head[:2] for head in heads), *(head[:1] for head in heads)))


def _expanded(phrase: str) -> list[str]:
    """A phrase with alternatives in brackets, as phrases without; brackets may stand in brackets."""
    start = phrase.find("(")
    if start < 0:
        return [phrase]
    depth, parts, begin = 0, [], start + 1
    for k in range(start, len(phrase)):
        depth += {"(": 1, ")": -1}.get(phrase[k], 0)
        if depth == 0 or (depth == 1 and phrase[k] == "|"):
            parts.append(phrase[begin:k])
            begin = k + 1
        if depth == 0:
            break
    return [text for part in parts for text in _expanded(phrase[:start] + part + phrase[begin:])]

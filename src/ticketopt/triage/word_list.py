"""Lists of phrases that are found where a word begins: quick to make, quick to search, in any script.

What mail programs and machines say, in the languages of their users, is in `data/mail.json`, by who looks for it.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources

Span = tuple[int, int]
"""Where a passage begins and where it ends."""

_WITHOUT_BLANKS = "\u2e80"
"""Scripts from here on write words together, so that a phrase may begin anywhere."""
_BEGINNING = 5  # characters: phrases that begin alike are looked for once
_PLAIN = (
    *((sign, " ") for sign in "\n\r\t\xa0\u202f"),
    *((sign, "'") for sign in "\u2019\u02bc"),
    *((sign, "0") for sign in "123456789"),
)


def plain(text: str) -> str:
    """The text as lists are searched: small letters, any digit a 0, any blank a space; each character in its place."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    for sign, instead in _PLAIN:  # far quicker than to look at every character
        low = low.replace(sign, instead)
    return low


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
        self._phrases = tuple(dict.fromkeys(phrases))
        self._beginnings = tuple(dict.fromkeys(phrase[:_BEGINNING] for phrase in self._phrases))
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
        low = low[:end]
        there = [beginning for beginning in self._beginnings if beginning in low]
        if not there:
            return
        for phrase in self._phrases:
            if phrase[:_BEGINNING] not in there:
                continue
            start = low.find(phrase)
            while start > 0 and phrase[0] < _WITHOUT_BLANKS and phrase[0].isalnum() and low[start - 1].isalnum():
                start = low.find(phrase, start + 1)
            if start >= 0:
                yield start, start + len(phrase)


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

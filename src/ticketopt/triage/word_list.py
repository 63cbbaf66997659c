"""Lists of phrases that are found where a word begins: quick to make, quick to search, in any script.

What mail programs and machines say, in the languages of their users, is in `data/mail.json`, by who looks for it.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from importlib import resources

from ticketopt._core.text import PhraseList

Span = tuple[int, int]
"""Where a passage begins and where it ends."""

_WITHOUT_BLANKS = 0x2E80
"""Scripts from here on write words together, so that a phrase may begin anywhere."""
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
        self._by_sign: dict[str, list[str]] = {}
        for phrase in self._phrases:
            self._by_sign.setdefault(phrase[0], []).append(phrase)

    def __iter__(self) -> Iterator[str]:
        return iter(self._phrases)

    def find(self, low: str, end: int | None = None) -> Span | None:
        """Where the first of them that stands in the text (as `plain` makes it) stands."""
        return self._compiled.find(low, len(low) if end is None else end)

    def count(self, low: str, enough: int) -> int:
        """How many different ones stand in the text; not counted further than enough."""
        return self._compiled.count(low, enough)

    def begins(self, low: str) -> int:
        """How many characters of the text the longest one takes with which it begins; 0 for none."""
        alike = self._by_sign.get(low[:1], ())
        return max((len(phrase) for phrase in alike if low.startswith(phrase)), default=0)

    @cached_property
    def _compiled(self) -> PhraseList:
        return PhraseList(self._phrases, _WITHOUT_BLANKS)


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

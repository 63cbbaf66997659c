"""What machines add to every mail: notes on confidentiality, banners about the sender, footers of apps and lists."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ticketopt.triage.quotes import Line
from ticketopt.triage.word_list import WordList, mail_tables, plain


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of notice, by lists of `data/mail.json`.

    Attributes
    ----------
    words : what it talks about.
    least : of these, so many different ones stand in it.
    topic : and one of these as well.
    anywhere : whether it can also be the first paragraph.
    """

    words: str
    least: int
    topic: str
    anywhere: bool = False

    def stands_in(self, low: str) -> bool:
        """Whether the text (as `plain` makes it) is a notice of this kind, or holds one."""
        return _LISTS[self.topic].find(low) is not None and _LISTS[self.words].count(low, self.least) >= self.least


_LISTS = {name: WordList(table) for name, table in mail_tables()["notices"].items()}
_KINDS = (
    _Kind(words="confidential", least=3, topic="mail"),
    _Kind(words="outside", least=2, topic="outside topic", anywhere=True),
    _Kind(words="survey", least=1, topic="survey"),
    _Kind(words="environment", least=1, topic="printing"),
    _Kind(words="list", least=1, topic="list", anywhere=True),
    _Kind(words="company", least=2, topic="company"),
    _Kind(words="meeting", least=2, topic="meeting topic"),
)

_SENT_AT_END = ("gesendet", "送信", "傳送", "gönderildi")

_FIRST_PERSON = re.compile(
    r"(?<![^\W_])(?:I|(?i:I['\u2019](?:m|ve|d|ll)|my|mich|mir|meine?[nrm]?|j['\u2019]ai|je|mon|mes|yo|eu|meu|minha|io|"
    r"ik|mijn|jag|jeg|minun|\u043c\u043d\u0435|\u043c\u043e\u0439))(?![^\W_])|\u6211(?!\u4eec|\u5011)"
)
_TITLE_TAG = re.compile(r"\s*(\[[^\[\]]{1,60}\]|(?:external|extern)\s?:)", re.IGNORECASE)


def boilerplate(lines: Sequence[Line]) -> list[Line]:
    """The lines of notices that say nothing about the matter. A notice in the first person is none."""
    whole = plain(" ".join(line.words for line in lines))
    kinds = [kind for kind in _KINDS if kind.stands_in(whole)]
    found: list[Line] = []
    for first, last in _paragraphs(lines):
        block = lines[first:last]
        if kinds and _is_notice(" ".join(line.words for line in block), kinds, first == 0):
            found += block
            continue
        for k, line in enumerate(block):
            if _is_sent_from(line.words):
                found += block[k:]
                break
            if kinds and len(block) > 1 and _is_notice(line.words, kinds, first + k == 0):
                found.append(line)
    return found


def _paragraphs(lines: Sequence[Line]) -> list[tuple[int, int]]:
    spans = []
    first = 0
    for k in range(len(lines) + 1):
        if k == len(lines) or not lines[k].words:
            if k > first:
                spans.append((first, k))
            first = k + 1
    return spans


def _is_notice(words: str, kinds: Sequence[_Kind], is_first: bool) -> bool:
    low = plain(words)
    is_one = any((kind.anywhere or not is_first) and kind.stands_in(low) for kind in kinds)
    return is_one and not _FIRST_PERSON.search(words)


def _is_sent_from(words: str) -> bool:
    """`Sent from my iPhone`, but not a sentence that begins so."""
    if not words or len(words) > 80 or words[-1] in "?!." or len(words.split()) > 9:
        return False
    low = plain(words)
    return _LISTS["sent from"].begins(low) > 0 or (low.endswith(_SENT_AT_END) and len(words) < 40)


def title_tags(title: str) -> int:
    """Where the title begins after the tags that a gateway put before it (`[EXTERNAL] `)."""
    position = 0
    while (match := _TITLE_TAG.match(title, position)) and _LISTS["title tags"].find(plain(match.group(1))):
        position = match.end()
    return position

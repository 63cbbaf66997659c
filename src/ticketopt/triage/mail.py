"""A ticket's text as it was written: what is new in it, and what is repeated, signed or added by machines.

    raw text -> what it shows (`markup`) -> lines -> older mails (`quotes`) -> of the rest: notices (`boilerplate`),
    signature (`signatures`), logs (`logs`)

Nothing is thrown away but what nobody sees: each passage is a `Part`, and how much it counts is for the reader to say.
A mail that is passed on is what the ticket is about where whoever passed it on says nothing; so is any older mail where
nothing is new at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ticketopt.triage import mail_words as say
from ticketopt.triage.boilerplate import boilerplate, title_tags
from ticketopt.triage.logs import log_runs, shortened
from ticketopt.triage.markup import MAX_MARKUP, shown
from ticketopt.triage.quotes import History, Line, history, lines_of
from ticketopt.triage.signatures import signature
from ticketopt.triage.word_list import Span
from ticketopt.triage.words import GENERAL, WORD, folded, stem

MAX_CHARACTERS = 20_000
"""What is read of one field; the rest is cut, and the evidence says so."""

QUOTED, SIGNATURE, NOTICE, LOG, LINK = "quoted", "signature", "notice", "log", "link"
"""Kinds of parts. What no part covers is new."""

_QUOTED_BY_TAG = re.compile(r"\{quote\}.*?\{quote\}", re.DOTALL)  # as Jira writes it
_MOST_OPENED = 3  # mails passed on within each other that are looked into
_FEW_WORDS = 2  # so many telling words, such as a name, may stand above a mail that is passed on
_MANY_LINES = 40  # above a mail that is passed on, blank ones included


@dataclass(frozen=True, slots=True)
class Part:
    """The passage `text[start:end]` and its kind."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Written:
    """One field of a ticket. `is_cut` says that there is more of it than `text`, which is what is read."""

    text: str
    parts: tuple[Part, ...] = ()
    is_cut: bool = False


def written_title(raw: str) -> Written:
    """A title, with the tags of gateways (`[EXTERNAL]`) as a notice."""
    page = shown(raw[:MAX_MARKUP])
    text = page.text[:MAX_CHARACTERS]
    tags = title_tags(text) if text[:1] in ("[", " ", "e", "E") else 0
    return Written(text, (Part(NOTICE, 0, tags),) if tags else (), len(page.text) > MAX_CHARACTERS)


def written_body(raw: str, title: str = "") -> Written:
    """A description; its title tells whether it is a mail that somebody passed on."""
    page = shown(raw[:MAX_MARKUP])
    text = page.text
    if len(text) > MAX_CHARACTERS and not page.quotations:
        text = shortened(text, lines_of(text))
    is_cut = len(text) > MAX_CHARACTERS or len(raw) > MAX_MARKUP
    text = text[:MAX_CHARACTERS]
    if "\n" not in text:
        return Written(text, (), is_cut)
    quotations = [*page.quotations, *(match.span() for match in _QUOTED_BY_TAG.finditer(text))]
    parts = _parts(text, quotations, is_forward(title))
    return Written(text, (*parts, *_lone_links(text, page.links)), is_cut)


def _lone_links(text: str, links: Sequence[Span]) -> list[Part]:
    """Links that stand alone on their line, like buttons: they say where one can go and not what the matter is."""
    return [
        Part(LINK, start, end)
        for start, end in links
        if text[text.rfind("\n", 0, start) + 1 : start].isspace() or text[max(0, start - 1) : start] in ("", "\n")
        if text[end : end + 1] in ("", "\n")
    ]


def is_forward(title: str) -> bool:
    """Whether a title begins as that of a mail that was passed on (`Fwd: `, `WG: `)."""
    head, colon, _ = title.replace("\uff1a", ":").partition(":")
    return bool(colon) and folded(head.strip().strip("[")) in say.FORWARD_PREFIXES


def _parts(text: str, quotations: Sequence[Span], forwarded: bool) -> list[Part]:
    """Every part of a text, in order of discovery; they may overlap.

    1. Older mails, by their heads and by the markup.
    2. Of the rest the notices, then the signature, then the logs.
    3. Where nothing is left but an older mail, or next to nothing above one that was passed on, that mail is new, and
       the same begins again within it.
    """
    lines = lines_of(text)
    parts: list[Part] = []
    first = 0
    for _ in range(_MOST_OPENED):
        older = _older(lines, first, quotations)
        repeated = {k for mail in older for k in range(mail.first, mail.last)}
        said = [line for k, line in enumerate(lines) if k >= first and k not in repeated]
        around, rest = _around(said, has_older=bool(older))
        opened = _opened(older, rest, forwarded)
        parts += around
        if opened is None:
            return parts + _logs(rest) + [part for mail in older for part in _repeated(mail, lines)]
        parts += _head(opened, lines)
        parts += [part for mail in older if mail is not opened for part in _repeated(mail, lines)]
        first, forwarded = opened.body, False
        quotations = [span for span in quotations if span[0] > lines[first].start] if first < len(lines) else []
    return parts


def _older(lines: Sequence[Line], first: int, quotations: Sequence[Span]) -> list[History]:
    """The older mails below line `first`, those that the markup tells included; none lies within another one."""
    found = history(lines, first)
    for start, end in quotations:
        covered = [k for k in range(first, len(lines)) if lines[k].start < end and lines[k].end > start]
        covered = [k for k in covered if lines[k].words]
        if not covered or any(m.first <= covered[0] and covered[-1] < m.last for m in found):
            continue
        within = [m for m in found if covered[0] <= m.first <= covered[-1]]
        opener = next((m for m in within if m.first == covered[0]), None)
        body = opener.body if opener else covered[0]
        found = [m for m in found if m not in within]
        found.append(History(covered[0], body, covered[-1] + 1, opener is not None and opener.is_forward))
    return sorted(found, key=lambda mail: mail.first)


def _around(said: Sequence[Line], *, has_older: bool) -> tuple[list[Part], list[Line]]:
    """The notices and the signature among the lines that are new, and the lines that are left.

    Where there is no older mail something must be left: what looks like a notice is the text then.
    """
    notices = boilerplate(said)
    kept = _without(said, notices)
    signed = signature(_without_blank_start(kept), first=0 if has_older else 1)
    rest = _without(kept, signed)
    if not has_older and not any(line.words for line in rest):
        return [], list(said)
    return [_span(NOTICE, [line]) for line in notices] + [_span(SIGNATURE, [line]) for line in signed], rest


def _without(lines: Sequence[Line], others: Sequence[Line]) -> list[Line]:
    starts = {line.start for line in others}
    return [line for line in lines if line.start not in starts]


def _without_blank_start(lines: Sequence[Line]) -> Sequence[Line]:
    start = next((k for k, line in enumerate(lines) if line.words), len(lines))
    return lines[start:]


def _opened(older: Sequence[History], rest: Sequence[Line], forwarded: bool) -> History | None:
    """The older mail that is what the ticket is about, if any."""
    if not older or len(rest) > _MANY_LINES:
        return None
    is_forward = forwarded or older[0].is_forward
    if any(line.words for line in rest) and not (is_forward and _telling(rest) <= _FEW_WORDS):
        return None
    return older[0]


def _telling(lines: Sequence[Line]) -> int:
    """How many words say something about the matter; greetings with a name (`Hi Bob,`) say nothing."""
    said = [
        line.words for line in lines if not (line.words[-1:] in (",", "!", "\uff0c") and len(line.words.split()) < 5)
    ]
    words = {folded(word) for words in said for word in WORD.findall(words)}
    return sum(word not in say.PASSED_ON and stem(word) not in GENERAL and not word.isdigit() for word in words)


def _repeated(mail: History, lines: Sequence[Line]) -> list[Part]:
    return [*_head(mail, lines), _span(QUOTED, lines[mail.first : mail.last])]


def _head(mail: History, lines: Sequence[Line]) -> list[Part]:
    """What a mail program put above an older mail; its subject says what the mail is about."""
    return [_span(NOTICE, [line]) for line in lines[mail.first : mail.body] if not _is_subject(line)]


def _is_subject(line: Line) -> bool:
    head = folded(line.words.replace("*", "").replace("\uff1a", ":").partition(":")[0].strip("> "))
    return say.HEADER_KINDS.get(head) == "subject"


def _logs(rest: Sequence[Line]) -> list[Part]:
    """The logs, but for their first line where nothing else is said."""
    runs = log_runs(rest)
    logged = {k for first, last in runs for k in range(first, last)}
    is_all = not any(line.words for k, line in enumerate(rest) if k not in logged)
    return [_span(LOG, rest[first + is_all : last]) for first, last in runs]


def _span(kind: str, lines: Sequence[Line]) -> Part:
    return Part(kind, lines[0].start, lines[-1].end)

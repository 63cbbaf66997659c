"""Mail that no person wrote: absences, bounces, receipts, alarms that are over, advertising."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from ticketopt.triage.mail_words import composed
from ticketopt.triage.word_list import Span, WordList, mail_tables, plain
from ticketopt.triage.words import folded, word_set

READ = 1500
"""Characters of the text in which the signs are sought."""
_LEAD = 250
"""Characters at its beginning in which a machine says what it is, where the title does not."""
_LONG_HEAD = 8
"""Letters of a head of a title that says enough where there is no text; `OK: ...` may be anything."""
_LOUD = 3
"""So many words of trade under a title with an exclamation mark are advertising, also without a way to unsubscribe."""

_TITLE_HEAD = re.compile(r"[^\w]{0,12}([^:\uff1a\])|(\[#*\u2013\u2014]{1,80})")
_WORDS = re.compile(r"[^\W\d_]{2,}(?:'[^\W\d_]+)?|[\u2e80-\U0003ffff]")
_NUMBER = word_set("no nr n num number nummer numero numer")
_WHOLE = 60
"""A word that ends before this character of a title lies wholly in its head, if it begins there."""


@dataclass(frozen=True, slots=True)
class Automatic:
    """A mail that a machine wrote, and the words of its title and of its text that show it (either may be empty)."""

    kind: str
    title: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class _Kind:
    """How one kind of automatic mail is known, by lists of `data/mail.json`.

    Attributes
    ----------
    name : as evidence says it.
    signs : groups of phrases; each group counts once.
    lead : what stands at the beginning of its text, where the title says nothing; in its very first words with `first`.
    alone : so many groups must stand in a text with that lead. Below a title that says it, one is enough.
    titled : one more group, which counts only below such a title, as people write so, too.
    unless : phrases of which none stands in it, beside those of a person who asks for something.
    """

    name: str
    signs: tuple[str, ...]
    lead: str
    alone: int
    first: bool = False
    titled: str = ""
    unless: str = ""


_KINDS = (
    _Kind("out of office", ("away", "return", "instead", "machine"), "away", alone=3, titled="unavailable"),
    _Kind("bounce", ("undelivered", "mail system", "machine"), "bounce leads", alone=2, first=True),
    _Kind("receipt", ("received", "promise", "numbered", "machine"), "received", alone=3),
    _Kind("recovery", ("recovered",), "recovery leads", alone=1, first=True, unless="not over"),
)
_TITLES = {
    "out of office": "away titles",
    "bounce": "bounce titles",
    "receipt": "receipt titles",
    "recovery": "recovery titles",
}


@cache
def _list(name: str) -> WordList:
    return WordList(mail_tables()["automatic"][name])


@cache
def _leads() -> WordList:
    """What an automatic mail has somewhere, unless its title or its very first words tell."""
    tables = mail_tables()["automatic"]
    return WordList([*(p for kind in _KINDS if not kind.first for p in tables[kind.lead]), *tables["unsubscribe"]])


@cache
def _first_words() -> frozenset[str]:
    """What the titles of such mails begin with."""
    return frozenset(title.partition(" ")[0] for title in _kinds_of_titles())


@cache
def _kinds_of_titles() -> dict[str, str]:
    return {_letters(title): kind for kind, table in _TITLES.items() for title in _list(table)}


def _letters(title: str) -> str:
    """The words of a title without their numbers and units."""
    words = [folded(word) for word in _WORDS.findall(title.replace("\u2019", "'"))]
    return " ".join(words[:-1] if words and words[-1] in _NUMBER else words)


def automatic_of(title: str, text: str) -> Automatic | None:
    """What kind of automatic mail this is, or None for what a person wrote, or may have written.

    Precision comes first: the title must be headed as machines head it *and* the text say the same, or the text alone
    say it several times; and nobody may ask for anything.

    Parameters
    ----------
    title : without the tags that gateways put before it.
    text : what is new in the mail.
    """
    title, text = composed(title), composed(text[:READ])
    low = plain(text)
    titled, head = _of_title(title)
    if not head and _leads().find(low) is None and not _begins_so(low):
        return _advertising(title, text, low) if "!" in title or _last_line(text, low) else None
    for kind in _KINDS:
        found = _judged(kind, head if titled == kind.name else "", title, text, low)
        if found is not None:
            return found
    return _advertising(title, text, low)


def _begins_so(low: str) -> bool:
    """Whether the very first words are those of an automatic mail."""
    begin = low.lstrip()
    return any(kind.first and _list(kind.lead).begins(begin) for kind in _KINDS)


def _of_title(title: str) -> tuple[str, str]:
    """The kind of mail that such a title heads, empty for none; and its head: up to the first division, or all of it.

    `Read: ...` and `OK: ...` head a mail of a machine; `Read` and `OK` alone are words like others.
    """
    first = _WORDS.search(title.replace("\u2019", "'"))
    if first is None or (first.end() < _WHOLE and folded(first[0]) not in _first_words()):
        return "", ""
    match = _TITLE_HEAD.match(title)
    if match is None:
        return "", ""
    head = match.group(1).partition(" - ")[0].strip()
    for passage in (head, title.strip()):
        words = _letters(passage)
        kind = _kinds_of_titles().get(words, "")
        if kind:
            is_bare = passage == title.strip() and " " not in words and not any(c.isdigit() for c in passage)
            return ("", "") if is_bare and kind in ("receipt", "recovery") else (kind, passage)
    return "", ""


def _judged(kind: _Kind, head: str, title: str, text: str, low: str) -> Automatic | None:
    lead = _list(kind.lead)
    if not head and not (lead.begins(low.lstrip()) if kind.first else lead.find(low, _LEAD)):
        return None
    signs = (*kind.signs, kind.titled) if head and kind.titled else kind.signs
    shown = [span for span in (_list(sign).find(low) for sign in signs) if span]
    is_headed = bool(head) and (bool(shown) or (not low.strip() and len(head) >= _LONG_HEAD))
    is_sure = is_headed or (not head and len(shown) >= kind.alone)
    if not is_sure or _is_asked(title, low):
        return None
    if kind.unless and _list(kind.unless).find(f"{plain(title)} {low}"):
        return None
    return Automatic(kind.name, head, _whole_words(text, shown[0]) if shown else "")


def _advertising(title: str, text: str, low: str) -> Automatic | None:
    """A way to unsubscribe beside a word of trade, or many of these under a loud title."""
    leave = _list("unsubscribe").find(low) or _last_line(text, low)
    if not leave and "!" not in title:
        return None
    trade = _list("advertising").count(f"{plain(title)} {low}", _LOUD)
    if trade < (1 if leave else _LOUD) or _is_asked(title, low):
        return None
    shown = leave or _list("advertising").find(low)
    return Automatic("advertising", "", _whole_words(text, shown) if shown else "")


def _last_line(text: str, low: str) -> Span | None:
    """The last line, where it is a mere `Unsubscribe`."""
    start = text.rstrip().rfind("\n") + 1
    length = _list("unsubscribe lines").begins(low[start:].lstrip())
    return (start, start + length) if length and len(low[start:].strip(" .|")) == length else None


def _whole_words(text: str, span: Span) -> str:
    """The words that a phrase begins, as they stand."""
    start, end = span
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum() and text[end] < "\u2e80":
        end += 1
    return text[start:end].strip()


def _is_asked(title: str, low: str) -> bool:
    return _list("asks").find(f"{plain(title)} {low}") is not None

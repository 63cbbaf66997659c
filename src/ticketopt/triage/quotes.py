"""Where a mail repeats an older one: replies and forwards, by the shape of what mail programs put above them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ticketopt.triage import mail_words as say
from ticketopt.triage.word_list import plain
from ticketopt.triage.words import folded

_MAX_LINE = 300
_MAX_HEAD = 12  # lines that the head of a quoted mail has at most
_BAR = re.compile(r"[-\u2010-\u2015_=*~#]{3,}")
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,255}|mailto:", re.IGNORECASE)
_BRACKETED = re.compile(r"[<\[(][^<>\s]{1,64}@[^<>\s]{1,255}[>\])]|mailto:", re.IGNORECASE)
_DATE = re.compile(r"\d{1,2}[./-]\s?\d{1,2}[./-]|(?:19|20)\d\d|\d\s?[\u5e74\u6708\u65e5]|\d{1,2}[:.h]\d\d")
_ENDS_HEAD = re.compile(r"(?:[:\uff1a]|-{2,})\s*$")
_ON_A_DAY = re.compile(r"(?:on|am|el|le|em|il|op|den|dne|w|в)\s", re.IGNORECASE)
_HEADER = re.compile(r"([^\W\d_](?:[^\W\d_]|[ ./-](?=[^\W_])){0,28})\s?[:\uff1a](?:\s|$|(?=[^\s\d/]))")
_TICKET_NUMBER = re.compile(r"#\s?\d{2,}")
_DECORATION = "> *\t\u00a0|"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text: `text[start:end]`, its end of line included; `words` is what stands on it, trimmed."""

    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class History:
    """Lines `first` to `last` (excluded) that repeat an older mail, whose own text begins at line `body`.

    `is_forward` says that its sender passed it on and did not answer it.
    """

    first: int
    body: int
    last: int
    is_forward: bool = False


def lines_of(text: str) -> list[Line]:
    """The lines of a text, in order."""
    lines = []
    start = 0
    for line in text.splitlines(keepends=True):
        lines.append(Line(start, start + len(line), say.composed(line.strip())))
        start += len(line)
    return lines


def is_quoted(line: Line) -> bool:
    """Whether the line bears the mark of a quotation; a row of a table between bars is none."""
    return line.words[:1] == ">" or (line.words[:1] == "|" and not (line.words[-1] == "|" and len(line.words) > 1))


def is_bar(words: str) -> bool:
    """Whether a line is a bar of dashes or the like, and nothing else."""
    return _BAR.fullmatch(words) is not None or words in ("\u2013", "\u2014")


def history(lines: Sequence[Line], first: int = 0) -> list[History]:
    """What the lines from `first` on repeat of older mails, in order.

    A head (see `_head`) begins it. Where marked lines (`>`) follow, it ends with them, as people answer below what
    they quote; else it goes on to the end.
    """
    found = []
    k = first
    while k < len(lines):
        if is_quoted(lines[k]):
            end = _end_of_marked(lines, k)
            found.append(History(k, k, end))
            k = end
            continue
        length, is_forward = _head(lines, k)
        if length:
            body = _next_said(lines, k + length)
            is_marked = body < len(lines) and is_quoted(lines[body])
            end = _end_of_marked(lines, body) if is_marked else len(lines)
            found.append(History(k, body, end, is_forward))
            k = end
            continue
        k += 1
    return found


def _end_of_marked(lines: Sequence[Line], k: int) -> int:
    """The line after the marked lines from `k` on, blank lines between them included."""
    end = k
    while k < len(lines) and (is_quoted(lines[k]) or not lines[k].words):
        k += 1
        if is_quoted(lines[k - 1]):
            end = k
    return end


def _next_said(lines: Sequence[Line], k: int) -> int:
    while k < len(lines) and not lines[k].words:
        k += 1
    return k


def _head(lines: Sequence[Line], k: int) -> tuple[int, bool]:
    """How many lines from `k` on announce an older mail (0: none does), and whether it is a forward."""
    words = lines[k].words
    if not words or len(words) > _MAX_LINE:
        return 0, False
    is_barred = _BAR.search(words) is not None
    ends = words[-1] in ":\uff1a-"
    if is_barred or ends or "#" in words:
        forward = _announces_forward(words, ends)
        if forward or _follows_up(words) or (is_barred and _divides(words)):
            after = _next_said(lines, k + 1)
            return after - k + _header_block(lines, after), forward
    length = _attribution(lines, k) or _header_block(lines, k) or _bare_block(lines, k)
    if not length and is_bar(words):
        after = _next_said(lines, k + 1)
        block = _header_block(lines, after, below_bar=True)
        length = after - k + block if block else 0
    return length, False


def _announces_forward(words: str, ends: bool) -> bool:
    """`---------- Forwarded message ---------`, `Begin forwarded message:`."""
    low = plain(words)
    if not _BAR.match(words) and not (ends and len(words) < 80 and say.MESSAGE.find(low)):
        return False
    return say.FORWARDED.find(low) is not None


def _divides(words: str) -> bool:
    """`-----Original Message-----`, `--- Reply above this line ---`."""
    if len(words) > 150 or not (_BAR.match(words) or words[:2] == "##"):
        return False
    low = plain(words)
    return say.ORIGINAL.find(low) is not None or (say.ANSWER.find(low) is not None and say.ABOVE.find(low) is not None)


def _follows_up(words: str) -> bool:
    return _TICKET_NUMBER.search(words) is not None and say.FOLLOWS_UP.find(plain(words)) is not None


def _attribution(lines: Sequence[Line], k: int) -> int:
    """How many lines (1 to 3) say who wrote when: `On Mon, Nov 23, 2026, Jo <jo@x.com> wrote:`; else 0."""
    words = ""
    for length in range(1, 4):
        if k + length > len(lines) or not lines[k + length - 1].words:
            return 0
        words = f"{words} {lines[k + length - 1].words}".strip()
        if len(words) > _MAX_LINE:
            return 0
        if _ENDS_HEAD.search(words):
            return length if _says_who_wrote(words) else 0
        if not _DATE.search(words) and not _ADDRESS.search(words) and not _ON_A_DAY.match(words):
            return 0
    return 0


def _says_who_wrote(words: str) -> bool:
    is_dated = _DATE.search(words) is not None
    if say.WROTE.find(plain(words)):
        return is_dated or _ADDRESS.search(words) is not None or _ON_A_DAY.match(words) is not None
    return is_dated and _BRACKETED.search(words) is not None and len(words.split()) < 16 and words[-1] != "-"


def _header_block(lines: Sequence[Line], k: int, below_bar: bool = False) -> int:
    """How many lines from `k` on are the head of a mail (`From: ...`, `Sent: ...`, `Subject: ...`); 0 for none.

    Known words: a sender, and a subject or both a date and an address. Any words, below a bar: three lines
    `Word: value`, with an address in brackets and a date; without a bar it might as well be a form.
    """
    kinds: set[str] = set()
    last = k
    named = addressed = dated = 0
    for position in range(k, min(k + _MAX_HEAD, len(lines))):
        words = lines[position].words.lstrip(_DECORATION).replace("*", "")
        match = _HEADER.match(words)
        if match is None:
            if not named or not (_runs_on(words) or (not words and _is_header(lines, position + 1))):
                break
            continue
        kind = say.HEADER_KINDS.get(folded(match.group(1).replace(" ", "")), "")
        has_address, has_date = _BRACKETED.search(words) is not None, _DATE.search(words) is not None
        if not kind and "from" in kinds and not has_address and not has_date:
            break
        kinds.add(kind)
        named, addressed, dated = named + 1, addressed + has_address, dated + has_date
        last = position + 1
    known = "from" in kinds and ("subject" in kinds or ("sent" in kinds and addressed > 0))
    unknown = below_bar and named >= 3 and addressed > 0 and dated > 0
    return last - k if known or unknown else 0


def _bare_block(lines: Sequence[Line], k: int) -> int:
    """The same where each word stands alone on its line, below who wrote when, as Notes writes it; 0 for none."""
    if len(lines[k].words) > 80 or _DATE.search(lines[k].words) is None:
        return 0
    kinds: dict[str, int] = {}
    for position in range(k + 1, min(k + 1 + _MAX_HEAD, len(lines))):
        words = lines[position].words
        if len(words) < 20 and (kind := say.HEADER_KINDS.get(folded(words.replace(" ", "")), "")):
            kinds.setdefault(kind, position)
    if not {"to", "subject"} <= kinds.keys():
        return 0
    return _next_said(lines, kinds["subject"] + 1) + 1 - k


def _is_header(lines: Sequence[Line], k: int) -> bool:
    return k < len(lines) and _HEADER.match(lines[k].words.lstrip(_DECORATION).replace("*", "")) is not None


def _runs_on(words: str) -> bool:
    """Whether a line goes on with the list of recipients above it."""
    return _ADDRESS.search(words) is not None

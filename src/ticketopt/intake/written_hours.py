"""Working hours as somebody wrote them -> the spans of every weekday: `Mon-Thu 9-17, Fri 9:00-15:30 CET`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import tzinfo
from typing import Any, NamedTuple

from ticketopt.intake.cells import Mistake, named
from ticketopt.intake.clock import CLOCK, DAY, Span, normal, span_of
from ticketopt.intake.hour_words import ALL_DAY, DAYS, NOTHING, OFF
from ticketopt.intake.written_time import ZONE_WORDS
from ticketopt.intake.zone_names import zone_of

__all__ = ["HOURS", "WHOLE_DAY", "Week", "WrittenHours", "looks_like_hours", "week_of", "written_days", "written_hours"]

HOURS = "write them such as Mon-Fri 09:00-17:00"

WHOLE_DAY = Span(0, DAY)

Week = tuple[tuple[Span, ...], ...]
"""Per weekday, from Monday, when work begins and ends; the end may be on the next day."""

_LINK = r"\s?(?:-|\b(?:to|until|till|bis|a|as|ate|hasta|au|al|alle|tot|thru|through)\b)\s?"
_SPAN = re.compile(rf"({CLOCK}){_LINK}({CLOCK})(?![\d:])")
_WORD = re.compile(r"[a-z']+")
_ALL_DAY = re.compile("|".join(re.escape(words) for words in ALL_DAY))
_LETTERS = {"m-f": range(5), "m-th": range(4), "m-t": range(4), "m-sa": range(6), "m-su": range(7)}
_DAY_RANGE = re.compile(rf"([a-z]+)\.?{_LINK}([a-z]+)\b\.?")
_DIGITS = re.compile(r"([0-7])(?:\s?-\s?([0-7]))?")
_BETWEEN = re.compile(r"[\s,;.:|/&+()\[\]]+")
_LOOKS = re.compile(rf"{_SPAN.pattern}|\d:\d|{_ALL_DAY.pattern}")


class WrittenHours(NamedTuple):
    """Working hours as written: which days have which spans, None where no day is named; and their zone, if written."""

    parts: tuple[tuple[tuple[int, ...] | None, tuple[Span, ...]], ...]
    zone: tzinfo | None = None


class _Token(NamedTuple):
    kind: str
    value: Any


_NO_SPAN = Mistake("has hours that could be two or none", "write them on a clock of 24 hours, such as 09:00-17:00")


def looks_like_hours(cell: Any) -> bool:
    """Whether a cell holds the time of day, be it readable or not."""
    return isinstance(cell, str) and len(cell) < 500 and _LOOKS.search(normal(cell)) is not None


def week_of(parts: Iterable[tuple[tuple[int, ...] | None, tuple[Span, ...]]], days: tuple[int, ...] | None) -> Week:
    """The week that parts make; those that name no days are for `days`, or for every day."""
    week: list[list[Span]] = [[] for _ in range(7)]
    for own, spans in parts:
        for day in own if own is not None else range(7) if days is None else days:
            week[day] += spans
    return tuple(tuple(sorted(set(spans))) for spans in week)


def written_days(cell: Any) -> tuple[int, ...] | Mistake:
    """The weekdays of a cell that names nothing else; 1 to 7 are Monday to Sunday, and 0 is Sunday."""
    text = normal(cell) if isinstance(cell, str) and len(cell) < 500 else str(cell) if isinstance(cell, int) else ""
    found: list[int] = []
    pieces = [piece for piece in _BETWEEN.split(re.sub(r"\s?-\s?", "-", text)) if piece]
    if pieces and all(_DIGITS.fullmatch(piece) for piece in pieces):
        for piece in pieces:
            first, _, last = piece.partition("-")
            found += [(day - 1) % 7 for day in _run(int(first), int(last or first))]
        return tuple(sorted(set(found)))
    tokens = _tokens(text)
    if isinstance(tokens, Mistake) or not tokens or any(token.kind not in ("days", "off") for token in tokens):
        return Mistake(f"{named(cell)} does not name weekdays", "write them such as Mon-Fri")
    return tuple(sorted({day for token in tokens if token.kind == "days" for day in token.value}))


def written_hours(cell: Any) -> WrittenHours | Mistake:
    """What a cell says of working hours: days before their hours, or all of them behind theirs."""
    tokens = _tokens(normal(cell)) if isinstance(cell, str) and len(cell) < 500 else Mistake("", HOURS)
    if isinstance(tokens, Mistake):
        return Mistake(f"{named(cell)} {tokens.problem or 'is not working hours'}", tokens.repair)
    zones = {token.value for token in tokens if token.kind == "zone"}
    tokens = [token for token in tokens if token.kind != "zone"]
    if not tokens or len(zones) > 1:
        return Mistake(f"{named(cell)} is not working hours", HOURS)
    parts = _parts(tokens)
    if parts is None:
        return Mistake(f"{named(cell)} does not say which hours are of which days", HOURS)
    return WrittenHours(parts, next(iter(zones), None))


def _parts(tokens: Sequence[_Token]) -> tuple[tuple[tuple[int, ...] | None, tuple[Span, ...]], ...] | None:
    """Groups of days and hours; None where hours and days cannot be told to belong together."""
    runs: list[tuple[bool, list[Any]]] = []
    for token in tokens:
        is_days = token.kind == "days"
        if not runs or runs[-1][0] != is_days:
            runs.append((is_days, []))
        runs[-1][1].extend(token.value)
    days = [tuple(dict.fromkeys(values)) for is_days, values in runs if is_days]
    spans = [tuple(values) for is_days, values in runs if not is_days]
    if not days:
        return ((None, spans[0]),)
    if not spans:
        return ((days[0], (WHOLE_DAY,)),)
    return tuple(zip(days, spans, strict=True)) if len(days) == len(spans) else None


def _tokens(text: str) -> list[_Token] | Mistake:
    """The days, spans and zones of a normal text in their order; of a mistake the problem may be left open."""
    tokens: list[_Token] = []
    text = re.sub(r"-feira\b", "", text)
    at = 0
    while at < len(text):
        between = _BETWEEN.match(text, at)
        if between:
            at = between.end()
            continue
        token, end = _token_at(text, at)
        if token is None or end <= at:
            return Mistake("", HOURS)
        if isinstance(token, Mistake):
            return token
        if token.kind != "nothing":
            tokens.append(token)
        at = end
    return tokens


def _token_at(text: str, at: int) -> tuple[_Token | Mistake | None, int]:
    if (found := _ALL_DAY.match(text, at)) and not text[found.end() : found.end() + 1].isalnum():
        return _Token("spans", (WHOLE_DAY,)), found.end()
    if found := _SPAN.match(text, at):
        span = span_of(found[1], found[2])
        return (_NO_SPAN if span is None else _Token("spans", (span,))), found.end()
    if found := _DAY_RANGE.match(text, at):
        if found[0].replace(" ", "") in _LETTERS:
            return _Token("days", tuple(_LETTERS[found[0].replace(" ", "")])), found.end()
        if found[1] in DAYS and found[2] in DAYS:
            return _Token("days", tuple(d % 7 for d in _run(DAYS[found[1]][0], DAYS[found[2]][-1]))), found.end()
    if token := _zone_at(text, at):
        return token
    word = _WORD.match(text, at)
    if word is None:
        return None, at
    if word[0] in DAYS:
        return _Token("days", DAYS[word[0]]), word.end()
    if word[0] in OFF:
        return _Token("off", ()), word.end()
    return (_Token("nothing", ()) if word[0] in NOTHING else None), word.end()


_ZONE = re.compile(r"(?:utc|gmt)\s?[+-]\s?\d{1,2}(?::?\d{2})?|[+-]\d{2}:\d{2}|[a-z]+(?:/[a-z_+-]+)+|[a-z]{2,4}\b")


def _zone_at(text: str, at: int) -> tuple[_Token | Mistake, int] | None:
    found = _ZONE.match(text, at)
    if found is None or found[0] in DAYS or found[0] in NOTHING or found[0] in OFF:
        return None
    zone = zone_of(found[0])
    if not isinstance(zone, Mistake):
        return _Token("zone", zone), found.end()
    is_name = found[0] in ZONE_WORDS or "/" in found[0]
    return (Mistake("names no zone that is known, or several", zone.repair), found.end()) if is_name else None


def _run(first: int, last: int) -> range:
    """Days from the first to the last, over the end of the week where the last comes before it; not yet modulo 7."""
    return range(first, (last if last >= first else last + 7) + 1)

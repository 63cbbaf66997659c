"""One time of day, or a span between two, as somebody wrote it -> seconds into the day."""

from __future__ import annotations

import re
from datetime import time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from ticketopt.intake.cells import plain_text, plain_value
from ticketopt.intake.date_words import without_accents
from ticketopt.problem.report import is_number

__all__ = ["CLOCK", "DAY", "Span", "clock_seconds", "normal", "span_between", "span_of"]

DAY = 86_400

CLOCK = (
    r"(?:\d{1,2}(?:\s?[:.h]\s?\d{2}(?::\d{2})?)?|\d{4})\s?(?:[ap]\.?\s?m\b\.?|uhr\b|h\b|hrs\b)?"
    r"|noon|midnight|mitternacht"
)
"""What a time of day looks like in normal text."""

_CLOCK = re.compile(
    r"(\d{1,2})(?:\s?[:.h]\s?(\d{2})(?::(\d{2})(?:\.\d+)?)?)?\s?(?:([ap])\.?\s?m\b\.?|uhr|h|hrs)?|(\d{2})(\d{2})(?:\s?(?:uhr|h|hrs))?"
)
_NAMED = {"noon": DAY // 2, "midday": DAY // 2, "mittag": DAY // 2, "midnight": 0, "mitternacht": 0}


class Span(NamedTuple):
    """From one time of day to another, in seconds; the end is after the start, on the next day where need be."""

    start: int
    end: int


class _Clock(NamedTuple):
    """A time of day as it is written. `is_bare`: 5 may be in the morning or in the afternoon."""

    seconds: int
    half: str = ""
    is_bare: bool = False


def normal(text: str) -> str:
    """A text in lower case without accents, its dashes plain and its blanks single."""
    plain = re.sub("[\u2010-\u2015\u2212]", "-", without_accents(plain_text(text)))
    return " ".join(plain.split())


def clock_seconds(cell: Any, *, with_numbers: bool = False) -> int | None:
    """Seconds into the day of a cell that is nothing but a time of day, else None.

    `with_numbers` takes 9 for nine o'clock and 0.375 for its part of the day, as spreadsheets store times.
    """
    found = _clock_of(cell, with_numbers=with_numbers)
    return None if found is None else found.seconds


def span_between(start: Any, end: Any, *, with_numbers: bool = False) -> Span | None:
    """The span between the times of day of two cells; None where one is none, or it could be two spans."""
    first, last = (_clock_of(cell, with_numbers=with_numbers) for cell in (start, end))
    return None if first is None or last is None else _span(first, last)


def span_of(first: str, last: str) -> Span | None:
    """The span between two times in normal text; None where they are none or could be two spans (9-5)."""
    start, end = _written(first), _written(last)
    return None if start is None or end is None else _span(start, end)


def _span(first: _Clock, last: _Clock) -> Span | None:
    start, end = first.seconds % DAY, last.seconds
    if last.half and first.is_bare and not first.half:
        start %= DAY // 2
        if last.half == "p" and start < end % (DAY // 2):
            start += DAY // 2
    elif end <= start and first.is_bare and last.is_bare and not (first.half or last.half):
        return None
    return Span(start, end if end > start else end + DAY)


def _clock_of(cell: Any, *, with_numbers: bool) -> _Clock | None:
    if isinstance(cell, time):
        return _Clock(cell.hour * 3600 + cell.minute * 60 + cell.second)
    if isinstance(cell, timedelta):
        seconds = round(cell.total_seconds())
        return _Clock(seconds) if 0 <= seconds <= DAY else None
    value = plain_value(cell)
    if isinstance(value, str):
        text = normal(value) if len(value) < 40 else ""
        if with_numbers and re.fullmatch(r"0?[.,]\d+", text):
            return _Clock(round(float(text.replace(",", ".")) * DAY))
        return None if not with_numbers and text.isdecimal() else _written(text)
    if not with_numbers or not (is_number(value) or isinstance(value, Decimal)) or not 0 <= value <= 24:
        return None
    return _Clock(round(value * DAY)) if 0 < value < 1 else _written(f"{value:g}")


def _written(text: str) -> _Clock | None:
    if text in _NAMED:
        return _Clock(_NAMED[text])
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        return None
    hour, minute, second = int(found[1] or found[5]), int(found[2] or found[6] or 0), int(found[3] or 0)
    half = found[4] or ""
    if half and not 1 <= hour <= 12:
        return None
    seconds = (hour % 12 + 12 * (half == "p") if half else hour) * 3600 + minute * 60 + second
    if minute > 59 or second > 59 or seconds > DAY:
        return None
    return _Clock(
        seconds, half, found[1] is not None and len(found[1].lstrip("0") or "0") == len(found[1]) and 1 <= hour <= 12
    )

"""Words of the page for a team lead: numbers of things, names in a row, days and times, urgencies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

from ticketopt.explain.rationale import listed

__all__ = ["LEVEL_WORDS", "counted", "day_of", "few", "lasting", "share"]

LEVEL_WORDS = {"critical": "Critical", "high": "High", "medium": "Medium", "low": "Low"}
"""Levels of urgency as the page writes them, most urgent first."""

SHOWN_NAMES = 5

HOUR, DAY = 3600.0, 86_400.0

_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def counted(number: int, one: str, many: str = "") -> str:
    """`1 ticket`, `1,200 tickets`, `no tickets`."""
    return f"{number or 'no'} {one}" if number == 1 else f"{f'{number:,}' if number else 'no'} {many or f'{one}s'}"


def few(names: Sequence[str], most: int = SHOWN_NAMES) -> str:
    """The first names in a row, and how many more there are."""
    return listed([*names[:most], f"{len(names) - most:,} more"] if len(names) > most + 1 else list(names))


def day_of(moment: float, zone: tzinfo) -> str:
    """`Tuesday, 10 March 2026, 09:30 (UTC)`."""
    time = (_EPOCH + timedelta(seconds=moment)).astimezone(zone)
    return f"{time:%A}, {time.day} {time:%B %Y, %H:%M} ({time.tzname()})"


def lasting(seconds: float) -> str:
    """How long something takes or took, as people say it."""
    if seconds < 1.5 * HOUR:
        return counted(max(1, round(seconds / 60)), "minute") if seconds >= 60 else "a moment"
    return counted(round(seconds / HOUR), "hour") if seconds < 1.5 * DAY else counted(round(seconds / DAY), "day")


def share(part: int, whole: int) -> int:
    """Per cent, for the width of a bar; at least 1 for what is there."""
    return max(1, round(100 * part / whole)) if part and whole else 0

"""The times of a column that are ISO 8601 with day and hour, or whole Unix seconds, all at once: most are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import compress, repeat
from operator import attrgetter, itemgetter, sub
from types import NoneType
from typing import Any, TypeVar

from ticketopt.intake.column import are_repeated

__all__ = ["EPOCH", "LAST", "YEAR_2000", "YEAR_3000", "clear_times"]

_T = TypeVar("_T")

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

LAST = 10**11
"""The first second that is taken for milliseconds elsewhere; a time from then on is none."""

YEAR_2000, YEAR_3000 = 946_684_800, 32_503_680_000

_DASH, _SIGN = itemgetter(slice(4, 5)), itemgetter(slice(10, 11))
_ZONE = attrgetter("tzinfo")

_BEFORE_TIME = frozenset("Tt ")

_NUMBERS = {int, float, NoneType}


def clear_times(cells: Sequence[Any], zone: tzinfo) -> list[float | None]:
    """What `dates` would make of the cells that are clearly a time, quickly.

    Parameters
    ----------
    zone : of times that name none.

    Returns
    -------
    per cell: Unix seconds, None for all other cells; empty where there is no such cell, or many texts are equal
    """
    kinds = set(map(type, cells))
    if kinds <= _NUMBERS:
        return _seconds(cells)
    if are_repeated(cells):
        return []
    if kinds == {str} and set(map(_DASH, cells)) == {"-"} and set(map(_SIGN, cells)) <= _BEFORE_TIME:
        is_iso = [True] * len(cells)
    else:
        is_iso = [type(cell) is str and _DASH(cell) == "-" and _SIGN(cell) in _BEFORE_TIME for cell in cells]
    if not any(is_iso):
        return []
    try:
        return _spread(_unix(_moments(list(compress(cells, is_iso))), zone), is_iso)
    except OverflowError:
        return []


def _spread(found: Sequence[_T], is_there: Sequence[bool]) -> list[_T | None]:
    """What was found for some, in their places; None in all others."""
    if len(found) == len(is_there):
        return list(found)
    rest = iter(found)
    return [next(rest) if is_one else None for is_one in is_there]


def _seconds(cells: Sequence[float | None]) -> list[float | None]:
    """Numbers that are whole seconds of a time."""
    found = [
        float(cell) if cell is not None and YEAR_2000 <= cell < YEAR_3000 and cell == int(cell) else None
        for cell in cells
    ]
    return found if any(time is not None for time in found) else []


def _moments(texts: Sequence[str]) -> list[datetime | None]:
    """None for what neither calendar nor clock show; that is looked for by halves, as there is little of it."""
    try:
        return list(map(datetime.fromisoformat, texts))
    except ValueError:
        middle = len(texts) // 2
        return [*_moments(texts[:middle]), *_moments(texts[middle:])] if middle else [None]


def _unix(moments: Sequence[datetime | None], zone: tzinfo) -> list[float | None]:
    """Unix seconds; None before 1970 and from `LAST` on."""
    there, start = [moment for moment in moments if moment is not None], EPOCH
    if zone is UTC and not any(map(_ZONE, there)):
        start = EPOCH.replace(tzinfo=None)
    else:
        there = [moment if moment.tzinfo else moment.replace(tzinfo=zone) for moment in there]
    seconds = list(map(timedelta.total_seconds, map(sub, there, repeat(start))))
    are_there = [moment is not None for moment in moments]
    if not seconds or 0 <= min(seconds) <= max(seconds) < LAST:
        return _spread(seconds, are_there)
    return _spread([time if 0 <= time < LAST else None for time in seconds], are_there)

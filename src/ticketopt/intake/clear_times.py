"""The times of a column that are ISO 8601 with day and hour, or whole Unix seconds, all at once: most are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from types import NoneType
from typing import Any

from ticketopt.intake.column import are_repeated

__all__ = ["EPOCH", "LAST", "YEAR_2000", "YEAR_3000", "clear_times"]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

LAST = 10**11
"""The first second that is taken for milliseconds elsewhere; a time from then on is none."""

YEAR_2000, YEAR_3000 = 946_684_800, 32_503_680_000

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
    if set(map(type, cells)) <= _NUMBERS:
        return _seconds(cells)
    if are_repeated(cells):
        return []
    is_iso = [type(cell) is str and cell[4:5] == "-" and cell[10:11] in _BEFORE_TIME for cell in cells]
    if not any(is_iso):
        return []
    moments = _moments(cells if all(is_iso) else [cell for cell, is_one in zip(cells, is_iso, strict=True) if is_one])
    try:
        seconds = _unix(moments, zone)
    except OverflowError:
        return []
    if len(seconds) == len(cells):
        return seconds
    found = iter(seconds)
    return [next(found) if is_one else None for is_one in is_iso]


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
    start = EPOCH
    if zone is UTC and {moment and moment.tzinfo for moment in moments} == {None} and None not in moments:
        start = EPOCH.replace(tzinfo=None)
    else:
        moments = [moment and (moment if moment.tzinfo else moment.replace(tzinfo=zone)) for moment in moments]
    seconds = [None if moment is None else (moment - start).total_seconds() for moment in moments]
    return [time if time is not None and 0 <= time < LAST else None for time in seconds]

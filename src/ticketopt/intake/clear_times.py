"""The times of a column that are written in ISO 8601 with day and hour, all at once: most exports write them so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any

from ticketopt.problem.fields import MAX_TIMESTAMP

__all__ = ["EPOCH", "clear_times"]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_BEFORE_TIME = frozenset("Tt ")


def clear_times(cells: Sequence[Any], zone: tzinfo) -> list[float | None]:
    """What `dates` would make of the texts that are clearly a time, quickly.

    Parameters
    ----------
    zone : of times that name none.

    Returns
    -------
    per cell: Unix seconds, None for all other cells; empty where there is no such text
    """
    is_iso = [type(cell) is str and cell[4:5] == "-" and cell[10:11] in _BEFORE_TIME for cell in cells]
    if not any(is_iso):
        return []
    moments = _moments([cell for cell, is_one in zip(cells, is_iso, strict=True) if is_one])
    try:
        seconds = [None if moment is None else _unix(moment, zone) for moment in moments]
    except OverflowError:
        return []
    found = iter(seconds)
    return [next(found) if is_one else None for is_one in is_iso]


def _moments(texts: Sequence[str]) -> list[datetime | None]:
    """None for what neither calendar nor clock show; that is looked for by halves, as there is little of it."""
    try:
        return list(map(datetime.fromisoformat, texts))
    except ValueError:
        middle = len(texts) // 2
        return [*_moments(texts[:middle]), *_moments(texts[middle:])] if middle else [None]


def _unix(moment: datetime, zone: tzinfo) -> float | None:
    """Unix seconds; None before 1970 and after 9999."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    seconds = (aware - EPOCH).total_seconds()
    return seconds if 0 <= seconds <= MAX_TIMESTAMP else None

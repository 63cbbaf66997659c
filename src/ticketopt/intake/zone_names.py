"""The name of a time zone, as people and helpdesks write it -> the zone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from ticketopt.intake.cells import Mistake, named, plain_text
from ticketopt.intake.date_words import without_accents
from ticketopt.intake.hour_words import ZONE_NAMES

__all__ = ["zone_of"]

_REPAIR = "write a zone of the IANA list such as Europe/Berlin, or an offset such as UTC+2"

_OFFSET = re.compile(r"(?:utc|gmt)?\s?([+-])\s?(\d{1,2})(?::?(\d{2}))?(?::?00)?(?: hours)?")
_LABELED = re.compile(r"\(((?:utc|gmt)[^()]*)\)\s*(.+)")


def zone_of(cell: Any) -> tzinfo | Mistake:
    """`Europe/Berlin`, `CET`, `UTC+2`, `Berlin`, `Eastern Time (US & Canada)`, `(GMT+01:00) Vienna`."""
    if isinstance(cell, tzinfo):
        return cell
    return (
        _of_text(cell) if isinstance(cell, str) and len(cell) < 200 else Mistake(f"{named(cell)} is no zone", _REPAIR)
    )


@lru_cache(maxsize=1_000)
def _of_text(cell: str) -> tzinfo | Mistake:
    text = " ".join(without_accents(plain_text(cell)).replace("\u2212", "-").strip("[]").split())
    labeled = _LABELED.fullmatch(text)
    if labeled:
        places = (_place(name.strip()) for name in (labeled[2], *labeled[2].split(",")))
        return next((zone for zone in places if zone is not None), None) or _of_text(labeled[1])
    offset = _OFFSET.fullmatch(text)
    if offset:
        hours, minutes = int(offset[2]), int(offset[3] or 0)
        if hours > 15 or minutes > 59:
            return Mistake(f"{named(cell)} is an offset that no zone has", _REPAIR)
        shift = timedelta(hours=hours, minutes=minutes)
        return timezone(-shift if offset[1] == "-" else shift) if shift else UTC
    return _place(text) or Mistake(f"{named(cell)} is not the name of one zone", _REPAIR)


def _place(name: str) -> tzinfo | None:
    key = ZONE_NAMES.get(name) or _places().get(name.replace(" ", "_"))
    return None if key is None else UTC if key == "UTC" else ZoneInfo(key)


@cache
def _places() -> Mapping[str, str]:
    """Zones in lower case, by their whole names and, where it is of one zone only, by their cities."""
    found: dict[str, set[str]] = {}
    for key in available_timezones():
        area, _, city = key.rpartition("/")
        if area and not area.startswith(
            ("posix", "right", "Etc", "SystemV", "US", "Mexico", "Canada", "Brazil", "Chile")
        ):
            found.setdefault(city.lower(), set()).add(key)
    cities = {city: next(iter(keys)) for city, keys in found.items() if len(keys) == 1}
    return {**cities, **{key.lower(): key for key in available_timezones() if "/" in key}}

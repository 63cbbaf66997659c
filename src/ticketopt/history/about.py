"""What was made of a log, in words: which column became what, what is missing, what was seen and assumed."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from ticketopt.history.sources.base import FIELDS

if TYPE_CHECKING:
    from ticketopt._types import Float
    from ticketopt.history.history import History

__all__ = ["About", "about", "headline", "local_time", "period"]

_WIDTH = 118
_OTHERS = {"columns": "a further column", "": "not used"}


@dataclass(frozen=True, slots=True)
class About:
    """A page of text: print it. `to_dict` is the same as plain data.

    Attributes
    ----------
    headline : source, sizes and period in a line. endings : how stints ended -> how many did.
    mapped : column -> what it became, a field of the history or nothing. missing : field -> what its absence rules out.
    notes : topic, sentence, and of how many rows, tickets or stints.
    """

    headline: str
    endings: Mapping[str, int]
    mapped: Mapping[str, str]
    missing: Mapping[str, str]
    notes: tuple[tuple[str, str, int], ...]

    def __str__(self) -> str:
        endings = ", ".join(f"{count:,} {word}" for word, count in self.endings.items() if count)
        used = [(heading, _became(field)) for heading, field in self.mapped.items() if field]
        unused = [heading for heading, field in self.mapped.items() if not field and heading]
        if unused:
            used.append((", ".join(unused) if len(unused) < 3 else f"{len(unused)} others", "not used"))
        notes = [(topic, f"{text} ({count:,})" if count else text) for topic, text, count in self.notes]
        parts = (
            _block(self.headline, [("stints", endings or "none")]),
            _block("Columns", used),
            _block("Not used: " + ", ".join(unused) if len(unused) > 2 else "", []),
            _block("Missing, and what that rules out", list(self.missing.items())),
            _block("Seen, set aside, assumed", notes),
        )
        return "\n\n".join(part for part in parts if part)

    def to_dict(self) -> dict[str, Any]:
        """As plain data, for JSON."""
        notes = [{"topic": topic, "text": text, "count": count} for topic, text, count in self.notes]
        return {
            "headline": self.headline,
            "stints": dict(self.endings),
            "columns": dict(self.mapped),
            "missing": dict(self.missing),
            "notes": notes,
        }


def about(history: History) -> About:
    """See `About`."""
    words = ("resolved", "passed on", "open where the log ends", "withdrawn")
    counts = np.bincount(history.stints.outcome, minlength=len(words)).tolist()
    return About(
        headline(history),
        dict(zip(words, counts, strict=True)),
        history.mapped,
        history.missing,
        tuple((note.topic, note.text, note.count) for note in history.notes),
    )


def headline(history: History) -> str:
    """A line: the kind of log, how much there is, and from when to when its tickets were created."""
    sizes = f"{_many(len(history.tickets), 'ticket')}, {_many(len(history.stints), 'stint')}"
    people = f"{sizes} of {_many(len(history.agents), 'agent')}"
    when = period(history.tickets.created, history.zone)
    return f"{people}, {when}; {history.source}" if when else f"{people}; {history.source}"


def period(times: Float, zone: str) -> str:
    """The first and the last day of times, in a zone."""
    known = times[np.isfinite(times)]
    if not len(known):
        return ""
    first, last = (local_time(seconds, zone).date() for seconds in (known.min(), known.max()))
    return f"{first} to {last}"


def local_time(seconds: float, zone: str) -> datetime:
    """A moment on the clocks of a zone; of one that is no name of the IANA list, in UTC."""
    try:
        where: tzinfo = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        where = UTC
    return datetime.fromtimestamp(float(seconds), UTC).astimezone(where)


def _many(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def _became(field: str) -> str:
    return _OTHERS.get(field) or f"{field}: {FIELDS.get(field, '')}".rstrip(": ")


def _block(title: str, rows: list[tuple[str, str]]) -> str:
    wide = min(max((len(left) for left, _ in rows), default=0), 40)
    lines = textwrap.wrap(title, _WIDTH, subsequent_indent="  ") if title else []
    for left, right in rows:
        wrapped = textwrap.wrap(right, _WIDTH - wide - 4) or [""]
        lines.append(f"  {left:<{wide}}  {wrapped[0]}")
        lines += [f"  {'':<{wide}}  {line}" for line in wrapped[1:]]
    return "\n".join(lines)

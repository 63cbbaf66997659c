"""How full everybody's day is, as a picture: bars with names for a few people, columns for many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ticketopt.report.days import Day
from ticketopt.report.wording import counted, share

__all__ = ["Bar", "TeamPicture", "fullest_first", "team_picture"]

MOST_BARS = 40
"""More people than this are columns without names."""

HEIGHT, WIDTH = 120, 800
"""Of the columns, in units of the picture's own."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One person's day in per cent of the longest: what was open before, what is new, and the limit (None: none)."""

    day: Day
    before: int
    new: int
    limit: int | None


@dataclass(frozen=True, slots=True)
class TeamPicture:
    """The picture, fullest days first.

    Attributes
    ----------
    words : what it shows, for those who do not see it.
    bars : for a few people; empty for many.
    before, new, limit : paths of the columns, in a box of `WIDTH` by `HEIGHT`; empty for few.
    highest : the units that the box is high.
    """

    words: str
    bars: tuple[Bar, ...]
    before: str
    new: str
    limit: str
    highest: int


def team_picture(days: Sequence[Day]) -> TeamPicture:
    """Draw the days of those who are here."""
    ordered = fullest_first(days)
    highest = max((max(day.after, day.limit or 0) for day in days), default=0) or 1
    words = _words(days)
    if len(days) <= MOST_BARS:
        bars = (
            Bar(
                day,
                share(day.before, highest),
                share(day.after, highest) - share(day.before, highest),
                None if day.limit is None else share(day.limit, highest),
            )
            for day in ordered
        )
        return TeamPicture(words, tuple(bars), "", "", "", highest)
    step, each = WIDTH / len(ordered), HEIGHT / highest
    before, new, limit = [], [], []
    for k, day in enumerate(ordered):
        left, right = k * step, (k + 0.8) * step
        low, middle, top = HEIGHT, HEIGHT - each * day.before, HEIGHT - each * day.after
        if day.before:
            before.append(_box(left, right, low, middle))
        if day.new:
            new.append(_box(left, right, middle, top))
        if day.limit is not None:
            limit.append(f"M{left:.1f} {HEIGHT - each * day.limit:.1f}H{left + step:.1f}")
    return TeamPicture(words, (), "".join(before), "".join(new), "".join(limit), highest)


def fullest_first(days: Sequence[Day]) -> list[Day]:
    """Full days, then by how full they are."""
    return sorted(days, key=lambda day: (not day.is_full, -_fullness(day), -day.after, day.name, day.j))


def _box(left: float, right: float, low: float, top: float) -> str:
    return f"M{left:.1f} {low:.1f}V{top:.1f}H{right:.1f}V{low:.1f}Z"


def _fullness(day: Day) -> float:
    return day.after / day.limit if day.limit else float(day.after)


def _words(days: Sequence[Day]) -> str:
    """How many days are full, and between what the others lie."""
    full = sum(day.is_full for day in days)
    if not days:
        return "Nobody is here."
    if full == len(days):
        return "Everybody's day is full."
    have = f"{full:,} of {counted(len(days), 'person', 'people')} {'has' if full == 1 else 'have'} a full day"
    if not full:
        have = "Nobody has a full day"
    room = [day.limit - day.after for day in days if day.limit is not None and not day.is_full]
    if not room:
        return f"{have}."
    between = f"{min(room)}" if min(room) == max(room) else f"{min(room)} to {max(room)}"
    return f"{have}; {'the others have' if full else 'everybody has'} room for {between} more."

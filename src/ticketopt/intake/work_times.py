"""When somebody works, week by week, and when not at all -> where a moment is in that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import NamedTuple

from ticketopt.intake.clock import DAY
from ticketopt.intake.written_hours import Week
from ticketopt.problem.fields import MAX_TIMESTAMP

__all__ = ["Shift", "WorkTimes"]

_AHEAD = 15
"""Days after which a week has come round twice: who has had no shift until then has none."""


class Shift(NamedTuple):
    """From when until when somebody works, in Unix seconds; None where it does not end."""

    start: float
    end: float | None


@dataclass(frozen=True, slots=True)
class WorkTimes:
    """One agent's working hours and absences.

    Attributes
    ----------
    week : per weekday, from Monday, when work begins and ends on the clocks of `zone`; None where nobody says.
    absences : pairs of Unix seconds; away from the first until before the second.
    """

    week: Week | None = None
    zone: tzinfo = UTC
    absences: tuple[tuple[float, float], ...] = field(default=())

    def away_until(self, moment: float) -> float | None:
        """The end of the absence that a moment is in; None where it is in none."""
        end = moment
        for first, last in sorted(self.absences):
            if first <= end < last:
                end = last
        return end if end > moment else None

    def shift_at(self, moment: float) -> Shift | None:
        """The shift that a moment is in, else the next one; None where there is none in the week.

        A shift begins with its first second and is over at its end. Shifts without a pause between them are one.
        """
        shifts = self._shifts(moment)
        current = next((shift for shift in shifts if shift[1] > moment), None)
        if current is None:
            return None
        start, end = current
        for first, last in shifts:
            if first > end:
                break
            end = max(end, last)
        return Shift(start, None if end - moment > (_AHEAD - 2) * DAY else end)

    def _shifts(self, moment: float) -> Iterator[tuple[float, float]]:
        """The shifts from the day before on, in the order of their beginnings."""
        try:
            today = datetime.fromtimestamp(moment, self.zone).date()
        except (ValueError, OverflowError, OSError):
            return
        for ahead in range(-1, _AHEAD):
            try:
                day = today + timedelta(days=ahead)
                spans = (self.week or ((),) * 7)[day.weekday()]
                times = [(self._at(day, span.start), self._at(day, span.end)) for span in spans]
            except (ValueError, OverflowError):
                continue
            yield from ((start, end) for start, end in times if 0 <= start < end <= MAX_TIMESTAMP)

    def _at(self, day: date, seconds: int) -> float:
        """The moment at which the clock on the wall has gone so far; on the day of a change of clocks as well."""
        later, rest = divmod(seconds, DAY)
        start = datetime(day.year, day.month, day.day, tzinfo=self.zone) + timedelta(days=later, seconds=rest)
        return start.timestamp()

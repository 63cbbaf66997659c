"""Where a moment is in somebody's week."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketopt.intake.clock import Span
from ticketopt.intake.work_times import WorkTimes
from ticketopt.intake.written_hours import Week, WrittenHours, week_of, written_hours
from ticketopt.problem.fields import MAX_TIMESTAMP

BERLIN = ZoneInfo("Europe/Berlin")


def week(text: str) -> Week:
    found = written_hours(text)
    assert isinstance(found, WrittenHours)
    return week_of(found.parts, None)


def at(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def shift(times: WorkTimes, moment: str) -> tuple[str, str] | None:
    found = times.shift_at(at(moment))
    if found is None:
        return None
    return (
        f"{datetime.fromtimestamp(found.start, UTC):%a %H:%M}",
        "" if found.end is None else f"{datetime.fromtimestamp(found.end, UTC):%a %H:%M}",
    )


@pytest.mark.parametrize(
    ("hours", "moment", "expected"),
    [
        ("Mon-Fri 9-17", "2026-11-23T12:00Z", ("Mon 09:00", "Mon 17:00")),
        ("Mon-Fri 9-17", "2026-11-23T08:59Z", ("Mon 09:00", "Mon 17:00")),
        ("Mon-Fri 9-17", "2026-11-23T09:00Z", ("Mon 09:00", "Mon 17:00")),
        ("Mon-Fri 9-17", "2026-11-23T17:00Z", ("Tue 09:00", "Tue 17:00")),
        ("Mon-Fri 9-17", "2026-11-27T20:00Z", ("Mon 09:00", "Mon 17:00")),
        ("Mon-Fri 9-17", "2026-11-28T12:00Z", ("Mon 09:00", "Mon 17:00")),
        ("22:00-06:00", "2026-11-23T23:00Z", ("Mon 22:00", "Tue 06:00")),
        ("22:00-06:00", "2026-11-24T05:59Z", ("Mon 22:00", "Tue 06:00")),
        ("22:00-06:00", "2026-11-24T12:00Z", ("Tue 22:00", "Wed 06:00")),
        ("Fri 22:00-06:00", "2026-11-28T03:00Z", ("Fri 22:00", "Sat 06:00")),
        ("Mon 9-12, 13-17", "2026-11-23T12:30Z", ("Mon 13:00", "Mon 17:00")),
        ("Mon-Wed", "2026-11-24T12:00Z", ("Tue 00:00", "Thu 00:00")),
        ("16:00-24:00", "2026-11-23T23:59Z", ("Mon 16:00", "Tue 00:00")),
        ("Mon 9-17", "2026-11-23T18:00Z", ("Mon 09:00", "Mon 17:00")),
        ("off", "2026-11-23T18:00Z", None),
    ],
)
def test_the_shift_of_a_moment_or_the_next_one(hours: str, moment: str, expected: tuple[str, str] | None) -> None:
    assert shift(WorkTimes(week(hours)), moment) == expected


def test_who_always_works_has_no_end() -> None:
    found = WorkTimes(week("24/7")).shift_at(at("2026-11-23T18:00Z"))
    assert found is not None and found.end is None and found.start <= at("2026-11-23T18:00Z")


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-10-23T12:00Z", ("Fri 07:00", "Fri 15:00")),
        ("2026-10-26T12:00Z", ("Mon 08:00", "Mon 16:00")),
        ("2026-03-27T12:00Z", ("Fri 08:00", "Fri 16:00")),
        ("2026-03-30T12:00Z", ("Mon 07:00", "Mon 15:00")),
    ],
)
def test_a_clock_on_the_wall_goes_with_summer_time(moment: str, expected: tuple[str, str]) -> None:
    assert shift(WorkTimes(week("Mon-Fri 9-17"), BERLIN), moment) == expected


def test_a_night_in_which_clocks_change_has_another_length() -> None:
    times = WorkTimes(week("22:00-06:00"), BERLIN)
    lengths = []
    for moment in ("2026-10-24T22:00Z", "2026-03-28T23:00Z", "2026-07-01T22:00Z"):
        found = times.shift_at(at(moment))
        assert found is not None and found.end is not None
        lengths.append((found.end - found.start) / 3600)
    assert lengths == [9, 7, 8]


def test_absences_that_touch_are_one() -> None:
    times = WorkTimes(absences=((20.0, 30.0), (10.0, 20.0)))
    assert [times.away_until(moment) for moment in (9.0, 10.0, 19.0, 29.0, 30.0)] == [None, 30.0, 30.0, 30.0, None]


SPANS = st.tuples(st.integers(0, 86_399), st.integers(1, 86_400)).map(lambda pair: Span(pair[0], pair[0] + pair[1]))
WEEKS = st.tuples(*[st.lists(SPANS, max_size=2).map(tuple)] * 7)


@given(WEEKS, st.floats(0, MAX_TIMESTAMP), st.sampled_from([UTC, BERLIN, ZoneInfo("Asia/Kolkata")]))
def test_a_shift_is_not_over_and_the_next_comes_within_a_week(own: Week, moment: float, zone: ZoneInfo) -> None:
    found = WorkTimes(own, zone).shift_at(moment)
    if not any(own):
        assert found is None
    elif found is not None:
        assert found.end is None or found.end > moment
        assert found.start <= moment + 8 * 86_400
        assert found.start < (found.end or MAX_TIMESTAMP + 1)

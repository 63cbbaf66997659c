"""Working hours, days and zones in one cell."""

from __future__ import annotations

from datetime import UTC, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketopt.intake.cells import Mistake
from ticketopt.intake.clock import clock_seconds, span_between
from ticketopt.intake.written_hours import WrittenHours, week_of, written_days, written_hours
from ticketopt.intake.zone_names import zone_of

EVERY, WORKING = range(7), range(5)


def hours_of(text: str) -> dict[int, list[tuple[float, float]]]:
    """Weekday -> hours of the day; a mistake fails."""
    found = written_hours(text)
    assert isinstance(found, WrittenHours), found
    week = week_of(found.parts, None)
    return {day: [(span.start / 3600, span.end / 3600) for span in spans] for day, spans in enumerate(week) if spans}


@pytest.mark.parametrize(
    ("text", "days", "span"),
    [
        ("09:00-17:30", EVERY, (9, 17.5)),
        ("09:00\u201317:30", EVERY, (9, 17.5)),
        ("9-17", EVERY, (9, 17)),
        ("9am-5pm", EVERY, (9, 17)),
        ("9 a.m. to 5 p.m.", EVERY, (9, 17)),
        ("9-5pm", EVERY, (9, 17)),
        ("1-5pm", EVERY, (13, 17)),
        ("noon-8pm", EVERY, (12, 20)),
        ("0900-1700", EVERY, (9, 17)),
        ("9.00-17.00 Uhr", EVERY, (9, 17)),
        ("9h-17h30", EVERY, (9, 17.5)),
        ("22:00-06:00", EVERY, (22, 30)),
        ("22-6", EVERY, (22, 30)),
        ("16:00-24:00", EVERY, (16, 24)),
        ("16:00-00:00", EVERY, (16, 24)),
        ("24/7", EVERY, (0, 24)),
        ("Mon-Fri 9-17", WORKING, (9, 17)),
        ("Monday to Friday, 9:00 - 17:00", WORKING, (9, 17)),
        ("M-F 9am to 5pm", WORKING, (9, 17)),
        ("9-17 Mon-Fri", WORKING, (9, 17)),
        ("weekdays 8-16", WORKING, (8, 16)),
        ("Mo-Fr 8:00 bis 16:30 Uhr", WORKING, (8, 16.5)),
        ("lun-ven 9h-17h30", WORKING, (9, 17.5)),
        ("du lundi au vendredi de 9h \u00e0 17h", WORKING, (9, 17)),
        ("lunes a viernes de 9 a 17", WORKING, (9, 17)),
        ("segunda-feira a sexta-feira 9:00-18:00", WORKING, (9, 18)),
        ("Mon, Wed 09:00-13:00", (0, 2), (9, 13)),
        ("Sun-Thu 10-18", (0, 1, 2, 3, 6), (10, 18)),
        ("Fri-Mon 22:00-06:00 overnight", (0, 4, 5, 6), (22, 30)),
        ("Tue-Sat", (1, 2, 3, 4, 5), (0, 24)),
        ("weekends 10-14", (5, 6), (10, 14)),
    ],
)
def test_days_and_hours(text: str, days: Any, span: tuple[float, float]) -> None:
    assert hours_of(text) == {day: [span] for day in days}


def test_days_of_several_hours_and_none() -> None:
    two = {0: [(9.0, 17.0)], 1: [(9.0, 17.0)], 4: [(9.0, 15.0)]}
    assert hours_of("Mon-Tue 9-17, Fri 9-15") == hours_of("9-17 Mon-Tue; 9-15 Fri") == two
    assert hours_of("Mon 9-12, 13-17") == {0: [(9.0, 12.0), (13.0, 17.0)]}
    assert hours_of("Mon 9-17; Tue off") == {0: [(9.0, 17.0)]}
    assert hours_of("off") == {}


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("9-17", None),
        ("9-17 CET", ZoneInfo("Europe/Berlin")),
        ("9:00-17:00 (UTC+2)", timezone(timedelta(hours=2))),
        ("Mon-Fri 9:00-17:00 Europe/Berlin", ZoneInfo("Europe/Berlin")),
        ("9:00-17:00 UTC", UTC),
    ],
)
def test_a_zone_behind_the_hours(text: str, zone: Any) -> None:
    found = written_hours(text)
    assert isinstance(found, WrittenHours) and found.zone == zone


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("9-5", "two or none"),
        ("10:00-6:00", "two or none"),
        ("25-30", "two or none"),
        ("9:00-17:00 EST", "no zone that is known, or several"),
        ("9-17 Mars/Olympus", "no zone"),
        ("Early", "is not working hours"),
        ("40", "is not working hours"),
        ("Mon 9-17 Tue", "which hours are of which days"),
        ("", "is not working hours"),
    ],
)
def test_nothing_is_guessed(text: str, problem: str) -> None:
    found = written_hours(text)
    assert isinstance(found, Mistake) and problem in found.problem


@pytest.mark.parametrize(
    ("cell", "days"),
    [
        ("Mon-Fri", (0, 1, 2, 3, 4)),
        ("Mo, Mi, Fr", (0, 2, 4)),
        ("lun-ven", (0, 1, 2, 3, 4)),
        ("1-5", (0, 1, 2, 3, 4)),
        ("0-4", (0, 1, 2, 3, 6)),
        ("6;7", (5, 6)),
        ("weekend", (5, 6)),
        ("daily", (0, 1, 2, 3, 4, 5, 6)),
    ],
)
def test_weekdays(cell: str, days: tuple[int, ...]) -> None:
    assert written_days(cell) == days


@pytest.mark.parametrize("cell", ["x", "9-17", "", "soon", 9.5, None, [1]])
def test_no_weekdays(cell: Any) -> None:
    assert isinstance(written_days(cell), Mistake)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        *[("Europe/Berlin", "Europe/Berlin"), ("europe/berlin", "Europe/Berlin"), ("Berlin", "Europe/Berlin")],
        *[("CET", "Europe/Berlin"), ("MEZ", "Europe/Berlin"), ("New York", "America/New_York")],
        *[("Eastern Time (US & Canada)", "America/New_York"), ("(GMT+01:00) Vienna", "Europe/Vienna")],
        *[("(UTC+01:00) Amsterdam, Berlin, Bern", "Europe/Amsterdam"), ("US/Pacific", "US/Pacific")],
    ],
)
def test_names_of_zones(name: str, key: str) -> None:
    assert zone_of(name) == ZoneInfo(key)


@pytest.mark.parametrize(("name", "hours"), [("UTC+2", 2), ("GMT-03:30", -3.5), ("+02:00", 2), ("(UTC-05:00) X", -5)])
def test_offsets(name: str, hours: float) -> None:
    assert zone_of(name) == timezone(timedelta(hours=hours))


@pytest.mark.parametrize("name", ["EST", "IST", "", "Mars", "UTC+99", 5, None, "../etc/passwd", "Europe"])
def test_no_zones(name: Any) -> None:
    assert isinstance(zone_of(name), Mistake)


@pytest.mark.parametrize(
    ("cell", "hour"),
    [("09:00", 9), ("9am", 9), ("5:30 PM", 17.5), (9, 9), ("9", 9), (0.375, 9), (time(17, 30), 17.5), ("24:00", 24)],
)
def test_times_of_day(cell: Any, hour: float) -> None:
    assert clock_seconds(cell, with_numbers=True) == hour * 3600


@pytest.mark.parametrize("cell", ["25:00", "9:61", "soon", "2026-11-23", None, "", 1_800_000_000, "13pm", -1, True])
def test_no_times_of_day(cell: Any) -> None:
    assert clock_seconds(cell, with_numbers=True) is None


def test_plain_numbers_are_times_of_day_in_a_table_of_text_alone() -> None:
    assert clock_seconds("9") is clock_seconds(9) is None
    assert span_between("9:00", "17:00") == (9 * 3600, 17 * 3600)


_ANY = st.one_of(
    st.text(),
    st.text(st.sampled_from("0123456789:-.,;/ amphuro+MTWFmonfri\u2013\u00df")),
    st.lists(st.sampled_from(["Mon", "Fri", "9", "17", ":", "-", "to", "off", "UTC", "+2", "24/7", "a", " "])).map(
        "".join
    ),
    *(st.integers(), st.floats(), st.none(), st.booleans(), st.times(), st.datetimes(), st.lists(st.integers())),
)


@given(_ANY)
def test_every_cell_says_something_or_is_a_mistake(cell: Any) -> None:
    assert isinstance(written_hours(cell), WrittenHours | Mistake)
    assert isinstance(written_days(cell), tuple | Mistake)
    assert clock_seconds(cell, with_numbers=True) is None or 0 <= clock_seconds(cell, with_numbers=True) <= 86_400  # type: ignore[operator]
    zone_of(cell)

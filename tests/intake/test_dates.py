"""Every form of a date is the time it says or an error that says why not; columns give the order of day and month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.columns import any_column, column, said
from ticketopt.intake.dates import REPAIR_ORDER, read_times

BERLIN = ZoneInfo("Europe/Berlin")


def read(
    cells: Sequence[Any], heading: str = "Created", **options: Any
) -> tuple[list[float | None], list[str], list[str]]:
    return said(lambda report: read_times([column(cells, heading)], report, **options)[0])


def unix(text: str) -> float:
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


NINE = "2026-11-23T09:00"
DAY = "2026-11-23"

TIMES = {
    NINE: """
        2026-11-23T09:00:00.000+0000 | 2026-11-23T10:00:00.000+0100 | 2026-11-23 09:00:00 UTC | 2026-11-23T09:00:00Z
        2026-11-23T09:00 | 2026-11-23T09 | 2026-11-23 09:00:00,000 | 2026-11-23 09:00:00.000000 | 2026-11-23t09:00z
        2026/11/23 09:00 | 2026.11.23 09:00 | 20261123T0900 | 20261123T090000Z | 20261123090000 | 202611230900
        2026-11-23_09:00 | 2026-11-23 9:00 | 2026-W48-1T09:00 | 2026-11-23 at 09:00
        2026-11-23 09:00:00.000000000 +00:00 | 2026-11-23T04:00:00-05:00[America/New_York]
        2026-11-23T04:00:00[America/New_York] | 2026-11-23 10:00 Europe/Berlin | 2026-11-23 09:00 GMT
        2026-11-23 11:00 GMT+2 | 2026-11-23 04:00 UTC-5 | 2026-11-23 14:30 +0530 | 2026-11-23 10:00 +1
        2026-11-23 09:00 Etc/UTC | 2026-11-23 09:00 [UTC] | 2026-11-23 09:00 Z | 2026-11-23 10:00:00 +0100 (CET)
        23.11.2026 09:00 | 23.11.2026 09:00:00 | 23.11.26 9:00 | 23. 11. 2026 09:00 | 23.11.2026 09.00
        23.11.2026 09.00 Uhr | 23.11.2026, 09:00 | 23.11.2026 um 09:00 Uhr | 23/11/2026 9:00 | 23/11/2026 9:00 AM
        23-11-2026T09:00 | 23-11-26 09:00 | 23/11/2026 09:00:00 a.m. | 23/11/2026 9 am | 09:00 23/11/2026
        9:00 AM 23/11/2026 | 23/11/2026 9h00 | 23/11/2026 9:00 a. m. | 23/Nov/26 9:00 AM | 23-Nov-2026 09:00
        23 Nov 2026 09:00 | 23 November 2026, 9:00 AM | Nov 23, 2026 9:00 AM | November 23rd, 2026 at 9am
        Monday, November 23, 2026 at 9:00 AM | Mon, 23 Nov 2026 09:00:00 +0000 | Mon, 23 Nov 2026 10:00:00 +0100
        Mon Nov 23 09:00:00 2026 | Mon Nov 23 09:00:00 UTC 2026 | nov-23-2026 09:00 | 23. November 2026 09:00
        Mo., 23. Nov. 2026 09:00 | Montag, den 23. November 2026 um 09:00 Uhr | 2026 Nov 23 09:00
        lundi 23 novembre 2026 \u00e0 9h00 | lun. 23 nov. 2026 09:00 | 23 de noviembre de 2026 a las 9:00
        lunes, 23 nov 2026 09:00 | 23 de novembro de 2026 \u00e0s 09:00 | segunda-feira, 23 de novembro de 2026 09:00
        luned\u00ec 23 novembre 2026 alle ore 09:00 | maandag 23 november 2026 om 09:00
        2026\u5e7411\u670823\u65e5 9:00 | 2026\u5e7411\u670823\u65e5 9\u664200\u5206 | 2026\ub144 11\uc6d4 23\uc77c 9:00
        2026\u5e7411\u670823\u65e5 \u5348\u524d9\u6642 | 2026. 11. 23. \uc624\uc804 9:00 | 23/11/2026 9.00 AM
        23-NOV-26 09.00.00.000000 AM
        23 nov. 2026 om 9.00 uur | 23 listopada 2026 o 9:00
        poniedzia\u0142ek, 23 listopada 2026 09:00
        m\u00e5ndag 23 november 2026 09:00
        2026-11-23 04:00:00 -0500 EST | 2026-11-23 10:00 (Europe/Berlin) | 2026-11-23 10:00:00 +0100 CET
        23\u00a0nov\u00a02026\u00a009:00 | 23/11/2026 9:00\u202fAM | \u200e23/11/2026 09:00
    """,
    "2026-11-23T21:00": """
        2026\u5e7411\u670823\u65e5 \u4e0b\u5348 9:00 | 23/11/2026 9.00 PM | 2026. 11. 23. \uc624\ud6c4 9:00
        23/11/2026 9:00 PM | Nov 23, 2026 9:00 PM | 23/11/2026 9pm | 9 p. m. 23 nov 2026 | 23/11/2026 21:00
    """,
    "2026-11-23T12:30": "23/11/2026 12:30 PM | 23/11/2026 12:30",
    "2026-11-23T00:30": "23/11/2026 12:30 AM | 23/11/2026 0:30",
    "2026-11-24T00:00": "2026-11-23T24:00:00 | 23/11/2026 24:00 | 24.11.2026",
    "2026-11-23T09:00:00.123": "2026-11-23 09:00:00,123 | 2026-11-23T09:00:00.123Z | 23.11.2026 09:00:00.123",
    DAY: """
        2026-11-23 | 20261123 | 2026-W48-1 | 2026/11/23 | 2026-11-23Z | 23.11.2026 | 23.11.26 | 23. 11. 2026
        2026. 11. 23. | 23/11/2026 | 23-11-26 | 23 Nov 2026 | Nov 23, 2026 | 23-Nov-26 | 23 novembre 2026
        Mon 23 Nov 2026 | 2026-11-23 UTC
    """,
    "2024-03-12T09:41": """
        12/Mar/24 9:41 AM | 12-mar-2024 9:41 | 12 mars 2024 9:41 | 12. M\u00e4rz 2024 9:41 | 12 mrt 2024 9:41
    """,
    "2026-03-01": """
        1 marca 2026 | 2026\u5e743\u67081\u65e5 | 1 mar 2026
        1er mars 2026 | 1\u00ba de mar\u00e7o de 2026 | 1 marzo 2026 | mar. 1 mars 2026 | 1. M\u00e4r 2026
        Mar 1st, 2026
    """,
    "2026-01-05": """
        5 Jan 2026 | 5. J\u00e4nner 2026 | 5 janv. 2026 | 5 ene 2026 | 5 de janeiro de 2026 | 5 gen 2026
        5 januari 2026
    """,
    "2026-02-05": "5 Feb 2026 | 5 f\u00e9vr. 2026 | 5 febrero 2026 | 5 fev 2026 | 5 febbraio 2026",
    "2026-08-05": "5 Aug 2026 | 5 ao\u00fbt 2026 | 5 ago 2026 | 5 augustus 2026 | 5 agosto 2026",
    "2026-12-05": "5 Dec 2026 | 5. Dez. 2026 | 5 d\u00e9c. 2026 | 5 dic 2026 | 5 de dezembro de 2026 | 5 december 2026",
    "2026-07-05": "5 juil. 2026 | 5 luglio 2026 | 5 julho 2026 | 5-Jul-26",
    "2026-10-05": "5 Okt 2026 | 5 oct. 2026 | 5 out 2026 | 5 ottobre 2026",
    "1999-12-31": "31/12/99 | 31.12.1999 | 31 Dec 99",
    "2024-02-29": "29/2/2024 | 2024-02-29 | 29 Feb 2024",
}  # fmt: skip
"""A time in UTC -> texts that say it, day first."""

WRONG = {
    "is not a time with day, month and year": """
        today | yesterday | now | 2 hours ago | ASAP | soon | Nov | Monday | may | 10 am | 9:00 | 12/2026 | Nov 2026
        23 Nov | 2026-11 | 2026-W48 | 2026-327 | Q3 2026 | 23/11 | 23.11. | T09:00 | 23/11/2026 13 uur | 5 Foo 2026
        2026-11-23 to 2026-11-24 | 23/11/26/27 | 23/11/226 | 2026-11-23 09:00 10:00 | 2026-11-23T09:00:00+ | - | ?
        1/2/3/4
    """,
    "is not a time of the calendar": """
        29/2/2015 | 31/11/2026 | 30.02.2026 | 2026-13-05 | 2026-02-30 | 13/13/2026 | 0/11/2026 | 23.13.2026
        31 Nov 2026 | 99-99-99 | 2026-00-10 | 11/23/2026 | 99/11/23
    """,
    "has no time of day": """
        2026-11-23 25:00 | 23/11/2026 13:00 PM | 23/11/2026 9:60 | 2026-11-23T24:00:01 | 23/11/2026 0:15 AM
    """,
    "has the ambiguous zone": """
        2026-11-23 09:00 EST | 23 Nov 2026 9:00 AM PST | 23/11/2026 09:00 CET | Mon Nov 23 09:00:00 EST 2026
    """,
    "names the unknown zone": "2026-11-23 09:00 Mars/Base | 2026-11-23T09:00[Europe/Nowhere]",
    "has an offset that no zone has": "2026-11-23T09:00+25:00 | 23/11/2026 09:00 +0199",
    "is a number, but not of a time": "2026 | 0 | 5 | -1 | 5.3 | 36525 | 73051 | 946684799 | 1764000000000000000 | 3,5",
    "is no longer the number": "1.764E+12 | 1,764E+12 | 4.6E+04",
    "is not a time from 1970": "6000-01-01 | 1899-12-30 | 0001-01-01T00:00:00 | 1/1/1900",
}  # fmt: skip
"""What the error says -> the texts it is said of, day first."""


def cells_of(table: dict[str, str]) -> list[tuple[str, str]]:
    lines = (
        (key, part.strip(" ")) for key, text in table.items() for line in text.split("\n") for part in line.split(" | ")
    )
    return [(text, key) for key, text in lines if text]


@pytest.mark.parametrize(("text", "time"), cells_of(TIMES), ids=ascii)
def test_a_text_says_this_time(text: str, time: str) -> None:
    assert read([text], day_first=True) == ([unix(time)], [], [])


@pytest.mark.parametrize(("text", "problem"), cells_of(WRONG), ids=ascii)
def test_a_text_says_no_time(text: str, problem: str) -> None:
    times, errors, _ = read([text], day_first=True)
    assert times == [None]
    assert len(errors) == 1
    assert errors[0].startswith(f"t.csv row 1.Created: {text!a} {problem}")


OBJECTS = [
    (datetime(2026, 11, 23, 9), NINE),
    (datetime(2026, 11, 23, 10, tzinfo=timezone(timedelta(hours=1))), NINE),
    (pd.Timestamp("2026-11-23 09:00"), NINE),
    (pd.Timestamp("2026-11-23 10:00", tz="Europe/Berlin"), NINE),
    (np.datetime64("2026-11-23T09:00:00.000000000"), NINE),
    (np.datetime64("2026-11-23"), DAY),
    (date(2026, 11, 23), DAY),
    (unix(NINE), NINE),
    (int(unix(NINE)), NINE),
    (np.int64(unix(NINE)), NINE),
    (Decimal(int(unix(NINE))), NINE),
    (20261123, DAY),
    (20261123.0, DAY),
]


@pytest.mark.parametrize(("cell", "time"), OBJECTS, ids=repr)
def test_an_object_says_this_time(cell: object, time: str) -> None:
    assert read([cell]) == ([unix(time)], [], [])


@pytest.mark.parametrize("cell", [True, object, [2026], float("inf"), -1, 0, 5.5, b"x", timedelta(1), 1 + 2j], ids=repr)
def test_an_object_says_no_time(cell: object) -> None:
    times, errors, _ = read([cell])
    assert times == [None]
    assert len(errors) == 1


NUMBERS = [
    ("46349", DAY, "date serials"),
    (46349, DAY, "date serials"),
    ("46349.375", NINE, "date serials"),
    ("46349,375", NINE, "date serials"),
    (46349.375, NINE, "date serials"),
    ("36526", "2000-01-01", "date serials"),
    ("73050", "2099-12-31", "date serials"),
    ("1795424400000", "2026-11-23T09:00", "milliseconds"),
    (1795424400000, "2026-11-23T09:00", "milliseconds"),
    ("1795424400000000", "2026-11-23T09:00", "microseconds"),
    ("/Date(1795424400000)/", "2026-11-23T09:00", "milliseconds"),
    ("/Date(1795424400000+0100)/", "2026-11-23T09:00", "milliseconds"),
    ("1795424400000.0", "2026-11-23T09:00", "milliseconds"),
]


@pytest.mark.parametrize(("cell", "time", "note"), NUMBERS, ids=ascii)
def test_a_number_is_read_and_one_warning_says_how(cell: object, time: str, note: str) -> None:
    times, errors, warnings = read([None, cell, cell])
    assert (times, errors) == ([None, unix(time), unix(time)], [])
    assert len(warnings) == 1
    assert warnings[0].startswith("t.csv row 2.Created")
    assert note in warnings[0]


class TestOrder:
    def test_one_cell_decides_for_all_columns(self) -> None:
        columns = [column(["5/3/2026"]), column(["13/3/2026"])]
        assert said(lambda report: read_times(columns, report)) == (
            [[unix("2026-03-05")], [unix("2026-03-13")]],
            [],
            [],
        )
        columns = [column(["5/3/2026"]), column(["3/13/2026"])]
        assert said(lambda report: read_times(columns, report)) == (
            [[unix("2026-05-03")], [unix("2026-03-13")]],
            [],
            [],
        )

    def test_open_everywhere_is_one_question(self) -> None:
        times, errors, _ = read(["4/4/2026", "5/3/2026", "6/7/2026", "2026-01-01"])
        assert times == [unix("2026-04-04"), None, None, unix("2026-01-01")]
        question = "t.csv row 2.Created: '5/3/2026' could be 5 March or 3 May; " + REPAIR_ORDER
        assert errors == [question]

    def test_it_does_not_matter_where_both_are_the_same(self) -> None:
        assert read(["4/4/2026"]) == ([unix("2026-04-04")], [], [])

    def test_two_cells_contradict_each_other(self) -> None:
        times, errors, _ = read(["13/3/2026", "3/14/2026", "1/2/2026", "2026-01-01"])
        assert times == [None, None, None, unix("2026-01-01")]
        assert len(errors) == 1
        assert "'13/3/2026' has the day first, but '3/14/2026' at t.csv row 2.Created the month" in errors[0]

    def test_the_caller_decides(self) -> None:
        assert read(["5/3/2026"], day_first=False) == ([unix("2026-05-03")], [], [])
        assert read(["5/3/2026"], day_first=True) == ([unix("2026-03-05")], [], [])
        assert "with the month first" in read(["13/3/2026"], day_first=False)[1][0]

    def test_dots_are_day_first_and_say_nothing_of_slashes(self) -> None:
        assert read(["5.3.2026", "3/14/2026"])[0] == [unix("2026-03-05"), unix("2026-03-14")]

    def test_a_day_that_is_nowhere_says_nothing(self) -> None:
        assert len(read(["13/13/2026", "1/2/2026"])[1]) == 2


class TestZone:
    def test_is_of_times_that_name_none(self) -> None:
        cells = ["2026-07-01 12:00", "1.1.2026 12:00", "2026-07-01 12:00Z", datetime(2026, 7, 1, 12), 46349.375]
        hours = ["2026-07-01T10:00", "2026-01-01T11:00", "2026-07-01T12:00", "2026-07-01T10:00", "2026-11-23T08:00"]
        assert read(cells, zone=BERLIN)[0] == [unix(text) for text in hours]

    def test_a_day_without_a_time_ends_where_it_is_due(self) -> None:
        ends = frozenset({"Due"})
        cells = ["2026-03-29", "29.3.2026", "46110", date(2026, 3, 29), "2026-03-29 00:00"]
        due = read(cells, "Due", zone=BERLIN, date_ends_day=ends)[0]
        assert due == [unix("2026-03-29T23:59:59+02:00")] * 4 + [unix("2026-03-29T00:00:00+01:00")]
        assert read(cells[:1], "Created", zone=BERLIN, date_ends_day=ends)[0] == [unix("2026-03-29T00:00:00+01:00")]


@pytest.mark.parametrize(
    "cell",
    [
        "0000-00-00",
        "0000-00-00 00:00:00",
        "00/00/0000",
        "00.00.0000 00:00",
        "0000-00-00T00:00:00Z",
        "9999-12-31",
        "31/12/9999",
    ],
)
def test_a_databases_time_for_none_is_none(cell: str) -> None:
    assert read([cell, "2026-11-23"]) == ([None, unix(DAY)], [], [])


MIDNIGHTS: list[tuple[list[Any], bool]] = [
    (["2026-11-23 00:00:00", "2026-11-24 00:00:00"], True),
    (["23/11/2026 12:00 AM", None], True),
    ([datetime(2026, 11, 23), pd.Timestamp("2026-11-24")], True),
    (["2026-11-23 00:00:00", "2026-11-24 09:00:00"], False),
    (["2026-11-23 00:00:00", "2026-11-24"], False),
    (["2026-11-23T00:00:00Z"], False),
]


@pytest.mark.parametrize(("cells", "are_dates"), MIDNIGHTS, ids=ascii)
def test_where_all_times_are_midnight_they_are_dates(cells: list[Any], are_dates: bool) -> None:
    named = frozenset({"Due"})
    times, errors, warnings = read(cells, "Due", date_ends_day=named, whole_days=named)
    assert (times[0], errors) == (unix("2026-11-23T23:59:59" if are_dates else DAY), [])
    assert len(warnings) == are_dates


HEADINGS = [
    ("Created (UTC)", "2026-07-01T12:00Z"),
    ("Created [GMT+2]", "2026-07-01T10:00Z"),
    ("Created (Europe/Paris)", "2026-07-01T10:00Z"),
    ("Created (local time)", "2026-07-01T16:00Z"),
    ("Created", "2026-07-01T16:00Z"),
]


@pytest.mark.parametrize(("heading", "time"), HEADINGS)
def test_a_heading_says_the_zone(heading: str, time: str) -> None:
    assert read(["2026-07-01 12:00"], heading, zone=ZoneInfo("America/New_York")) == ([unix(time)], [], [])


def test_a_zone_with_several_meanings_in_a_heading_is_one_error() -> None:
    _, errors, _ = read(["2026-07-01 12:00", "2026-07-02 12:00"], "Created (IST)")
    assert len(errors) == 1
    assert "its heading has the ambiguous or unknown zone IST" in errors[0]


def test_equal_mistakes_are_counted() -> None:
    times, errors, _ = read(["soon"] * 100 + ["29/2/2015"])
    assert times == [None] * 101
    assert len(errors) == 5
    assert any("and 97 more in this column" in error for error in errors)


@given(st.lists(any_column, max_size=3), st.sampled_from([None, True, False]))
def test_nothing_makes_another_exception(cells: list[list[Any]], day_first: bool | None) -> None:
    columns = [column(row) for row in cells]
    times, errors, _ = said(lambda report: read_times(columns, report, zone=BERLIN, day_first=day_first))
    assert [len(row) for row in times] == [len(row) for row in cells]
    assert all(time is None or 0 <= time < 253_402_300_800 for row in times for time in row)
    if errors == []:
        assert all(
            (time is None) == (cell is None)
            for row, given in zip(times, cells, strict=True)
            for time, cell in zip(row, given, strict=True)
        )


FORMS = [
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M:%S UTC",
    "%Y/%m/%d %H:%M:%S",
    "%Y%m%dT%H%M%S",
    "%Y%m%d%H%M%S",
    "%d.%m.%Y %H:%M:%S",
    "%d/%m/%Y %I:%M:%S %p",
    "%d-%m-%y %H:%M:%S",
    "%d/%b/%y %I:%M:%S %p",
    "%d %B %Y %H:%M:%S",
    "%B %d, %Y %I:%M:%S %p",
    "%a, %d %b %Y %H:%M:%S +0000",
    "%a %b %d %H:%M:%S %Y",
    "%A, %d. %B %Y %H:%M:%S",
    "%H:%M:%S %d/%m/%Y",
    "%Y-%m-%dT%H:%M:%S.000Z",
]


@given(st.datetimes(datetime(2000, 1, 1), datetime(2068, 1, 1)), st.sampled_from(FORMS))
def test_a_time_in_any_form_reads_back(moment: datetime, form: str) -> None:
    moment = moment.replace(microsecond=0)
    assert read([moment.strftime(form)], day_first=True) == ([moment.replace(tzinfo=UTC).timestamp()], [], [])


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2068, 1, 1)), st.sampled_from(["%m/%d/%Y %H:%M", "%m-%d-%y %I:%M %p"])
)
def test_a_time_with_the_month_first_reads_back(moment: datetime, form: str) -> None:
    moment = moment.replace(second=0, microsecond=0)
    assert read([moment.strftime(form)], day_first=False) == ([moment.replace(tzinfo=UTC).timestamp()], [], [])

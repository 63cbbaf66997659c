"""Times read all at once are those that are read one by one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketopt.intake import dates
from ticketopt.intake.clear_times import clear_times
from ticketopt.intake.column import Column
from ticketopt.problem.report import Report

MOMENTS = st.datetimes(timezones=st.sampled_from([None, UTC, timezone(timedelta(hours=-9, minutes=-30))]))
FORMS = (
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M:%S.%f",
    "%Y-%m-%dt%H%z",
    "%Y-%m-%d %H:%M:%S%z ",
    "%Y-%m-%d",
    "%d.%m.%Y %H:%M",
)
ODD = [
    "",
    "soon",
    "2026-02-30 10:00",
    "2026-W03-1T10:00",
    "2026-01-01T24:00",
    "2026-01-01 10:00 Uhr",
    " 2026-01-01 10:00",
]
TEXTS = st.builds(datetime.strftime, MOMENTS, st.sampled_from(FORMS)) | st.sampled_from(ODD)


@given(
    texts=st.lists(st.none() | TEXTS, max_size=6, unique=True),
    zone=st.sampled_from([UTC, ZoneInfo("Europe/Berlin"), ZoneInfo("America/St_Johns")]),
)
def test_the_quick_way_says_what_the_careful_one_says(texts: list[str | None], zone: timezone | ZoneInfo) -> None:
    column = Column("Created", texts, lambda k: f"row {k}")
    reports = Report(), Report()
    quick = dates.read_times([column], reports[0], zone=zone)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dates, "clear_times", lambda cells, zone: [])
        careful = dates.read_times([column], reports[1], zone=zone)
    assert quick == careful
    assert sorted(map(str, reports[0].issues)) == sorted(map(str, reports[1].issues))


def test_usual_times_are_read_the_quick_way() -> None:
    cells = ["1970-01-01 00:01", None, "1970-01-01T01:00+01:00", "1970-01-01"]
    assert clear_times(cells, UTC) == [60.0, None, 0.0, None]
    assert clear_times(["1969-12-31 23:59"], UTC) == [None]
    assert clear_times(["yesterday"], UTC) == []

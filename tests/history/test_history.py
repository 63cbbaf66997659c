"""What holds of every history, from tables that nobody would write, too."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ticketopt
from support.history_checks import check_history
from support.logs import WRITERS, courses
from support.seeds import examples
from ticketopt.history.sources import SOURCES

CELLS = st.one_of(
    st.sampled_from(["", "?", "-", "Ada", "Ben", "Support", "1", "2", "INC7", "3.0", "1:30", "2h", "-1", "nan"]),
    st.sampled_from(["New", "Open", "Pending", "Resolved", "Closed", "Canceled", "Reopened", "Dancing", "in progress"]),
    st.sampled_from(["2026-01-19 09:00", "2026-01-20T10:00:00Z", "19/01/2026 09:05", "20-Jan-26", "1768809600"]),
    st.text(max_size=5),
)


@st.composite
def tables(draw: st.DrawFn, name: str) -> bytes:
    """Some of a source's columns, and anything below them."""
    source = SOURCES[name]
    needed = [field for field in ("ticket", "time") if field in source.names]
    others = sorted(set(source.names) - set(needed))
    fields = [*needed, *draw(st.lists(st.sampled_from(others), unique=True))]
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([source.names[field][0] for field in fields])
    for _ in range(draw(st.integers(0, 8))):
        times = {"time", "created", "assigned", "started", "resolved", "closed", "due"}
        likely = st.sampled_from(["2026-01-19 09:00", "2026-01-19 10:30", "2026-01-21 00:00", ""])
        writer.writerow([draw(st.one_of(likely, CELLS) if field in times else CELLS) for field in fields])
    return out.getvalue().encode()


@pytest.mark.parametrize("name", SOURCES)
@settings(max_examples=examples(20), deadline=None)
@given(data=st.data(), now=st.sampled_from([None, "2026-01-19T12:00:00Z"]))
def test_anything_is_a_history_or_one_error(name: str, data: st.DataObject, now: str | None) -> None:
    log = data.draw(tables(name))
    try:
        history = ticketopt.read_history(log, kind_of_log=name, now=now)
    except ticketopt.InvalidInputError as error:
        assert all(issue.problem and issue.repair for issue in error.issues)
    else:
        check_history(history)


@pytest.mark.parametrize("name", WRITERS)
@settings(max_examples=examples(10), deadline=None)
@given(given=courses())
def test_logs_with_known_stints_are_histories(name: str, given: list) -> None:
    check_history(ticketopt.read_history(WRITERS[name](given), kind_of_log=name))


def test_how_fine_times_are() -> None:
    def log(*times: str) -> bytes:
        return "\n".join(("ticket,time,agent,status", *(f"{k},{t},Ada,Open" for k, t in enumerate(times)))).encode()

    assert ticketopt.read_history(log("2026-01-19 09:00", "2026-01-19 10:30"), kind_of_log="audit").resolution == 60
    assert ticketopt.read_history(log("2026-01-19 09:00:01", "2026-01-19 10:30"), kind_of_log="audit").resolution == 1
    days = log("2026-01-19", "2026-03-19", "2026-05-19", "2026-07-01")
    assert ticketopt.read_history(days, kind_of_log="audit", zone="Europe/Berlin").resolution == 86_400


def test_routed_stints_are_those_of_tickets_that_nobody_kept() -> None:
    text = b"ticket,time,agent,status,created by\n1,2026-01-19 09:00,Ada,Open,Ada\n2,2026-01-19 09:00,Ada,Open,Ben\n"
    history = ticketopt.read_history(text, kind_of_log="audit")
    assert history.routed.tolist() == [False, True]
    assert np.isnan(history.stint_hours).all()

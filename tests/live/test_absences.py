"""Dated absences beside an agent's week: away from the first until the last day, on the clock of its zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.seeds import examples
from ticketopt import Agent, Dispatcher, InvalidInputError, open_store
from ticketopt.intake.clock import DAY, Span
from ticketopt.intake.work_times import WorkTimes
from ticketopt.live.absences import shift_between, spans_of, stated_absences
from ticketopt.problem.report import Report

BERLIN = ZoneInfo("Europe/Berlin")
WEEK = {"working_hours": "Mon-Fri 9-17", "time_zone": "Europe/Berlin"}
CHRISTMAS = {"from": "2026-12-24", "until": "2027-01-03"}


def moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp()


class Desk:
    def __init__(self, **agent):
        self.now = moment("2026-12-21T08:00")
        self.dispatcher = Dispatcher(open_store("memory:"), clock=lambda: self.now)
        self.team(capacity=99, **agent)

    def team(self, **agent):
        return self.dispatcher.upsert_agents([{"agent_id": "ann", **agent}])

    def works(self, text):
        self.now = moment(text)
        return self.dispatcher.submit([{"ticket_id": text}])[text] == "ann"


def test_who_is_on_vacation_gets_nothing_until_the_week_goes_on():
    desk = Desk(**WEEK, absences=[CHRISTMAS])
    days = {
        "2026-12-23T16:59": True,
        "2026-12-24T09:00": False,
        "2026-12-28T12:00": False,
        "2027-01-03T23:59": False,
        "2027-01-04T08:59": False,
        "2027-01-04T09:00": True,
    }
    assert {text: desk.works(text) for text in days} == days
    desk.now = moment("2026-12-23T18:00")
    assert desk.dispatcher.next_shift() == moment("2027-01-04T09:00")


def test_who_has_no_week_is_away_and_then_there_again():
    desk = Desk(absences=[CHRISTMAS, {"from": "2027-02-01T12:00", "until": "2027-02-01T14:30"}], time_zone="Berlin")
    days = {
        "2026-12-23T23:59": True,
        "2026-12-24T00:00": False,
        "2027-01-03T23:59": False,
        "2027-01-04T00:00": True,
        "2027-02-01T12:00": False,
        "2027-02-01T14:30": True,
    }
    assert {text: desk.works(text) for text in days} == days
    desk.now = moment("2026-12-25T00:00")
    assert desk.dispatcher.next_shift() == moment("2027-01-04T00:00")


def test_an_absence_within_a_shift_and_one_without_an_end():
    absences = [{"from": "2026-12-21T10:00+01:00", "until": "2026-12-21T11:00:00Z"}, {"from": "2026-12-22"}]
    desk = Desk(**WEEK, absences=absences)
    days = {
        "2026-12-21T09:59": True,
        "2026-12-21T10:00": False,
        "2026-12-21T11:59": False,
        "2026-12-21T12:00": True,
        "2026-12-22T12:00": False,
        "2036-12-22T12:00": False,
    }
    assert {text: desk.works(text) for text in days} == days
    assert desk.dispatcher.next_shift() is None


def test_absences_stay_are_replaced_and_are_taken_back():
    desk = Desk(**WEEK, absences=[CHRISTMAS])
    desk.team(skills={"vpn": 3})
    assert not desk.works("2026-12-28T12:00")
    desk.team(absences=[{"until": "2026-12-27"}])
    assert desk.works("2026-12-28T13:00")
    desk.team(absences=[CHRISTMAS])
    for nothing in (None, []):
        desk.team(absences=nothing)
        assert desk.works(f"2026-12-28T14:0{0 if nothing is None else 1}")
    assert "absences" not in desk.dispatcher.state().agents["ann"].data


@pytest.mark.parametrize(
    ("absences", "path"),
    [
        ("2026-12-24", "absences"),
        ([CHRISTMAS] * 1001, "absences"),
        (["2026-12-24"], "absences[0]"),
        ([{}], "absences[0]"),
        ([{"from": None, "until": None}], "absences[0]"),
        ([CHRISTMAS, {"from": "24.12.2026"}], "absences[1].from"),
        ([{"from": 1}], "absences[0].from"),
        ([{"until": "1969-01-01"}], "absences[0].until"),
        ([{"from": "2026-12-25", "until": "2026-12-24"}], "absences[0]"),
        ([{"from": "2026-12-25T10:00", "until": "2026-12-25T10:00"}], "absences[0]"),
        ([{"from": "2026-12-25", "to": "2026-12-26"}], "absences[0].'to'"),
    ],
)
def test_what_is_no_absence_is_said(absences, path):
    with pytest.raises(InvalidInputError) as caught:
        Desk(**WEEK, absences=absences)
    assert [issue.path for issue in caught.value.issues] == [f"agents[0].{path}"]


def test_days_need_a_zone_and_moments_with_an_offset_do_not():
    with pytest.raises(InvalidInputError, match=r"absences.*have no time zone"):
        Desk(absences=[CHRISTMAS])
    assert not Desk(absences=[{"until": "2026-12-24T00:00Z"}]).works("2026-12-23T12:00")


MINUTES = st.integers(0, 3 * 24 * 60)
SPANS = st.lists(st.tuples(MINUTES, st.integers(1, 24 * 60)), max_size=4)


@settings(max_examples=examples(60), deadline=None)
@given(SPANS, st.booleans(), MINUTES)
def test_the_shift_is_where_every_minute_says_so(spans, has_week, now):
    """Against asking minute by minute whether the week says work and no absence says away."""
    begin = datetime(2026, 12, 21, tzinfo=UTC).timestamp()
    away = tuple((begin + 60 * first, begin + 60 * (first + length)) for first, length in spans)
    week = ((Span(9 * 3600, 17 * 3600),),) * 7 if has_week else None
    times, moment_now = WorkTimes(week, UTC, away), begin + 60 * now

    def works(at):
        in_week = not has_week or 9 * 3600 <= (at - begin) % DAY < 17 * 3600
        return in_week and not any(first <= at < last for first, last in away)

    shift = shift_between(times, Agent(agent_id="a"), moment_now)
    first = next(at for at in _minutes(moment_now) if works(at))
    end = next((at for at in _minutes(first, 7) if not works(at)), None)
    assert shift is not None
    assert (max(shift.start, moment_now), shift.end) == (first, end)


def _minutes(begin, days=6):
    return (begin + 60 * k for k in range(days * 24 * 60))


def test_a_day_has_as_many_hours_as_the_clock_on_the_wall_says():
    (span,) = spans_of([{"from": "2026-10-25", "until": "2026-10-25"}], BERLIN)
    assert span[1] - span[0] == 25 * 3600
    report = Report()
    assert stated_absences([{"from": "2026-12-25"}, {"until": "2026-12-01"}], "x", report)[0] == {"until": "2026-12-01"}
    assert report.issues == []

"""A week of shifts is stated once, with its zone; the queue knows on every day who works, whatever clocks do."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.seeds import examples
from ticketopt import Agent, Dispatcher, InvalidInputError, open_store, read_queue
from ticketopt.intake.clock import DAY, Span
from ticketopt.intake.work_times import WorkTimes
from ticketopt.intake.written_hours import WrittenHours, week_of, written_hours
from ticketopt.intake.zone_names import zone_of
from ticketopt.live.batch import dispatch
from ticketopt.live.working_hours import _written, is_on_shift, on_duty

BERLIN = "Europe/Berlin"


def moment(text, zone=BERLIN):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


class Desk:
    def __init__(self, text="2026-11-30T08:00", zone=BERLIN):
        self.now, self.store = moment(text, zone), open_store("memory:")
        self.dispatcher = Dispatcher(self.store, clock=lambda: self.now)

    def team(self, *rows):
        return self.dispatcher.upsert_agents([{"capacity": 9, **row} for row in rows])

    def submit(self, name):
        return self.dispatcher.submit([{"ticket_id": name}])[name]

    def at(self, text, zone=BERLIN):
        self.now = moment(text, zone)
        return self


ANN = {"agent_id": "ann", "working_hours": "Mon-Fri 9-17", "time_zone": "Berlin"}


def wrong(call, *rows):
    with pytest.raises(InvalidInputError) as caught:
        call(*rows)
    return [issue.path for issue in caught.value.issues]


def test_who_has_a_week_works_in_it_and_nobody_posts_the_team_again():
    desk = Desk()
    desk.team(ANN)
    stored = desk.store.snapshot("").agents["ann"].data
    assert (stored["working_hours"], stored["time_zone"]) == ("Mon-Fri 09:00-17:00", BERLIN)
    assert desk.submit("early") is None  # Monday, eight
    for k, (text, works) in enumerate(
        [
            ("2026-11-30T08:59:59", False),
            ("2026-11-30T09:00", True),
            ("2026-11-30T16:59:59", True),
            ("2026-11-30T17:00", False),
            ("2026-12-01T12:00", True),
            ("2026-12-04T12:00", True),
            ("2026-12-05T12:00", False),  # Saturday
            ("2026-12-07T09:00", True),
            ("2027-06-02T09:00", True),
        ]
    ):
        agent = desk.at(text).submit(f"t{k}")
        assert agent == ("ann" if works else None), text
        if agent:
            assert desk.store.ticket("", "early").agent_id == "ann"
        desk.dispatcher.close(f"t{k}")


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        (BERLIN, "2026-03-28", "2026-03-29"),  # the clocks go forward on Sunday
        (BERLIN, "2026-10-24", "2026-10-25"),  # and back
        ("America/New_York", "2026-03-07", "2026-03-08"),
        ("Australia/Lord_Howe", "2026-04-04", "2026-04-05"),  # by half an hour
        ("Asia/Kolkata", "2026-03-28", "2026-03-29"),  # never
    ],
)
def test_a_shift_begins_by_the_clock_on_the_wall_before_and_after_the_clocks_are_changed(zone, before, after):
    desk = Desk(f"{before}T01:00", zone)
    desk.team({"agent_id": "ann", "working_hours": "09:00-17:00", "time_zone": zone})
    for k, day in enumerate((before, after)):
        assert desk.at(f"{day}T08:59", zone).submit(f"a{k}") is None
        assert desk.at(f"{day}T09:00", zone).submit(f"b{k}") == "ann"
        assert desk.at(f"{day}T16:59", zone).submit(f"c{k}") == "ann"
        assert desk.at(f"{day}T17:00", zone).submit(f"d{k}") is None


@pytest.mark.parametrize(("night", "hours"), [("2026-03-28", 7), ("2026-10-24", 9), ("2026-10-31", 8)])
def test_a_night_shift_over_the_change_of_clocks_is_as_long_as_the_night(night, hours):
    desk = Desk(f"{night}T21:59")
    desk.team({"agent_id": "ann", "working_hours": "Sat 22:00-06:00", "time_zone": BERLIN})
    assert desk.submit("early") is None
    start = moment(f"{night}T22:00")
    desk.now = start
    assert desk.submit("first") == "ann"
    desk.now = start + hours * 3600 - 1
    assert desk.submit("last") == "ann"
    desk.now = start + hours * 3600
    assert desk.submit("late") is None


def test_agents_in_different_zones_follow_the_sun():
    desk = Desk("2026-12-01T12:00", "UTC")
    desk.team(
        {"agent_id": "berlin", "working_hours": "Mon-Fri 09:00-17:00", "time_zone": BERLIN},
        {"agent_id": "sydney", "working_hours": "Mon-Fri 09:00-17:00 Australia/Sydney"},
        {"agent_id": "west", "working_hours": "Mon-Fri 09:00-17:00", "time_zone": "UTC-8"},
    )
    there = {"12:00": "berlin", "17:30": "west", "23:30": {"west", "sydney"}}
    for k, (clock, who) in enumerate(there.items()):
        agent = desk.at(f"2026-12-01T{clock}", "UTC").submit(f"t{k}")
        assert agent in who if isinstance(who, set) else agent == who


def test_a_field_that_is_left_out_stays_and_null_takes_the_week_back():
    desk = Desk("2026-11-30T08:00")
    desk.team(ANN)
    desk.team({"agent_id": "ann", "skills": {"vpn": 5}})
    desk.dispatcher.set_capacity("ann", 5)
    desk.dispatcher.pause("ann")
    desk.dispatcher.sign_on("ann")
    assert desk.submit("a") is None
    desk.team({"agent_id": "ann", "time_zone": "Asia/Tokyo"})  # where it is four in the afternoon
    assert desk.store.ticket("", "a").agent_id == "ann"
    desk.team({"agent_id": "ann", "working_hours": "off"})
    assert desk.submit("b") is None
    desk.team({"agent_id": "ann", "working_hours": None})
    assert desk.store.ticket("", "b").agent_id == "ann"
    assert "working_hours" not in desk.store.snapshot("").agents["ann"].data


def test_the_status_counts_as_well():
    desk = Desk("2026-11-30T10:00")
    desk.team({**ANN, "availability_status": "on vacation"})
    assert desk.submit("a") is None
    assert desk.dispatcher.sign_on("ann") == {"a": "ann"}


def test_whole_queues_over_the_same_store_leave_the_week_as_it_is():
    desk = Desk("2026-11-30T08:00")
    desk.team(ANN)
    queue = read_queue({"agents": [{"agent_id": "ann", "capacity": 9}], "tickets": []})
    dispatch(queue, store=desk.store, now=desk.now)
    assert desk.submit("a") is None


def test_everything_wrong_is_said_at_once_and_nothing_is_kept():
    desk = Desk()
    rows = [
        {"agent_id": "a", "working_hours": "sometimes", "time_zone": "Mars"},
        {"agent_id": "b", "working_hours": 8, "skills": 3},
        {"agent_id": "c", "working_hours": ["9-17"]},
    ]
    assert sorted(wrong(desk.team, *rows)) == [
        "agents[0].time_zone",
        "agents[0].working_hours",
        "agents[1].skills",
        "agents[1].working_hours",
        "agents[2].working_hours",
    ]
    rows = [{"agent_id": "a", "working_hours": "9-17"}, {**ANN, "shift_end": desk.now}]
    assert wrong(desk.team, *rows) == ["agents[0].working_hours", "agents[1].shift_end"]
    assert desk.store.snapshot("").agents == {}
    desk.team(ANN)
    assert wrong(desk.team, {"agent_id": "ann", "shift_start": 5}) == ["agents[0].shift_start"]


def test_another_week_under_the_same_key_is_another_request():
    desk = Desk()
    desk.dispatcher.upsert_agents([ANN], idempotency_key="k")
    desk.dispatcher.upsert_agents([{**ANN, "working_hours": "Mon-Fri 09:00-17:00"}], idempotency_key="k")
    other = {**ANN, "working_hours": "Mon-Fri 9-16"}
    assert wrong(lambda row: desk.dispatcher.upsert_agents([row], idempotency_key="k"), other) == ["idempotency_key"]


def test_data_frames_state_weeks_by_column():
    pandas = pytest.importorskip("pandas")
    desk = Desk("2026-11-30T08:00")
    frame = {"agent_id": ["ann", "bob"], "working_hours": ["Mon-Fri 9-17", None], "time_zone": ["CET", None]}
    desk.dispatcher.upsert_agents(pandas.DataFrame({**frame, "capacity": [9, 9]}))
    assert [desk.submit(name) for name in "abc"] == ["bob"] * 3


def test_when_the_next_shift_begins_and_who_waits_for_it():
    desk = Desk("2026-12-04T18:00")  # Friday evening
    assert desk.dispatcher.next_shift() is None
    desk.team(ANN, {"agent_id": "bob", "shift_start": moment("2026-12-09T09:00")}, {"agent_id": "cy", "capacity": 0})
    assert desk.submit("a") is None
    assert desk.dispatcher.next_shift() == moment("2026-12-07T09:00")
    version = desk.store.version("")
    assert (desk.dispatcher.take_up(), desk.store.version("")) == ({}, version)
    desk.at("2026-12-07T09:00")
    assert desk.dispatcher.next_shift() == moment("2026-12-09T09:00")
    assert desk.dispatcher.take_up() == {"a": "ann"}


BEGINS = st.integers(0, DAY - 1)
NOON = range(10 * 3600, 13 * 3600)
"""The times of day that are written alike on clocks of 12 and of 24 hours: between two of them a night is no night."""
SPANS = st.just(Span(0, DAY)) | st.tuples(BEGINS, st.integers(1, DAY - 1)).map(
    lambda p: Span(p[0], p[0] + p[1])
).filter(lambda span: not (span.end >= DAY and span.start in NOON and span.end - DAY in NOON))
WEEKS = st.tuples(*[st.lists(SPANS, max_size=3, unique=True).map(lambda s: tuple(sorted(s)))] * 7)
ZONES = st.sampled_from([BERLIN, "America/New_York", "Asia/Kathmandu", "UTC", "UTC+02:00", "Pacific/Apia"])


@settings(max_examples=examples(200), deadline=None)
@given(WEEKS)
def test_a_week_is_read_back_as_it_was_written(week):
    read = written_hours(_written(week))
    assert isinstance(read, WrittenHours)
    assert week_of(read.parts, None) == week


@settings(max_examples=examples(200), deadline=None)
@given(WEEKS, ZONES, st.floats(1.7e9, 1.9e9), st.lists(st.floats(0, 20 * DAY), max_size=8))
def test_an_agent_on_duty_is_right_until_it_says(week, zone, now, later):
    """At each moment of its time it says the same as one that is made for that very moment."""
    data = {"working_hours": _written(week), "time_zone": zone}
    times = WorkTimes(week, zone_of(zone))
    known = on_duty(Agent(agent_id="a"), data, now)
    for moment in (now, *(now + seconds for seconds in later)):
        if known.since <= moment < known.until:
            shift = times.shift_at(moment)
            works = shift is not None and shift.start <= moment
            assert is_on_shift(known.agent, moment) == works

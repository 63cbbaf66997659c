"""Teams whose files say when people work: clock times, weekdays, zones, absences."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ticketopt
from ticketopt.errors import InvalidInputError
from ticketopt.intake.absences import absence_kind
from ticketopt.intake.files import Queue, read_queue, read_tickets_and_agents
from ticketopt.intake.helpdesks.plain import PLAIN
from ticketopt.intake.read import Sheet
from ticketopt.intake.team import team_rows
from ticketopt.intake.tickets import How
from ticketopt.problem.records import Agent
from ticketopt.problem.report import Report

MONDAY = "2026-11-23T14:00:00Z"


def queue(folder: Path, text: str, *, now: object = MONDAY, tickets: str = "ticket_id\n", **how: Any) -> Queue:
    (folder / "team.csv").write_text(text, encoding="utf-8")
    (folder / "tickets.csv").write_text(tickets, encoding="utf-8")
    return read_queue(folder / "tickets.csv", agents=folder / "team.csv", now=now, **how)


def said(moment: float | None) -> str:
    return "" if moment is None else f"{datetime.fromtimestamp(moment, UTC):%a %H:%M}"


def shift(agent: Agent) -> tuple[str, str]:
    return said(agent.shift_start), said(agent.shift_end)


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("shift_start,shift_end\na,09:00,17:00", ("Mon 09:00", "Mon 17:00")),
        ("shift_start,shift_end\na,9am,5:30 pm", ("Mon 09:00", "Mon 17:30")),
        ("shift_start,shift_end\na,9,17", ("Mon 09:00", "Mon 17:00")),
        ("shift_start,shift_end\na,0.375,0.75", ("Mon 09:00", "Mon 18:00")),
        ("shift start,shift end\na,22:00,06:00", ("Mon 22:00", "Tue 06:00")),
        ("shift_start,shift_end,timezone\na,09:00,17:00,Europe/Berlin", ("Mon 08:00", "Mon 16:00")),
        ("shift_start,shift_end,tz\na,06:00,10:00,UTC+2", ("Tue 04:00", "Tue 08:00")),
        ("shift_start,shift_end,Time Zone\na,9:00,17:00,CET", ("Mon 08:00", "Mon 16:00")),
        ("shift_start,shift_end,weekdays\na,09:00,17:00,Tue-Fri", ("Tue 09:00", "Tue 17:00")),
        ("weekdays\na,Mon-Fri", ("Mon 00:00", "Sat 00:00")),
        ("working hours\na,Mon-Fri 9-17", ("Mon 09:00", "Mon 17:00")),
        ("working hours,weekdays\na,9-17,Wed", ("Wed 09:00", "Wed 17:00")),
        ("Schicht\na,Mo-Fr 08:00\u201316:30", ("Mon 08:00", "Mon 16:30")),
        ("horario,zona horaria\na,lun-vie 9h-17h,Europe/Madrid", ("Mon 08:00", "Mon 16:00")),
        ("hours\na,9-17 CET", ("Mon 08:00", "Mon 16:00")),
        ("Mon,Tue,Wed\na,9-17,off,9-12", ("Mon 09:00", "Mon 17:00")),
        ("Mo,Di,Mi,Do,Fr\na,,10-12,,,", ("Tue 10:00", "Tue 12:00")),
        ("Mon,Tue,Wed,working hours\na,,x,x,9-17", ("Tue 09:00", "Tue 17:00")),
        ("shift_start,shift_end\na,2026-11-24T08:00Z,2026-11-24T16:00Z", ("Tue 08:00", "Tue 16:00")),
        ("shift\na,Early", ("", "")),
        ("hours,days\na,40,5", ("", "")),
    ],
)
def test_the_shift_of_the_moment(tmp_path: Path, table: str, expected: tuple[str, str]) -> None:
    heading, cells = table.split("\n")
    (agent,) = queue(tmp_path, f"agent_id,{heading}\n{cells}\n").agents
    assert shift(agent) == expected and agent.is_available and agent.skills == {}


def test_spreadsheets_hold_times_of_day() -> None:
    agents = [{"agent_id": "a", "shift_start": "09:00", "shift_end": "17:00", "timezone": "Europe/Berlin"}]
    (agent,) = read_tickets_and_agents([], agents).at(datetime(2026, 7, 6, 12, tzinfo=UTC).timestamp()).agents
    assert shift(agent) == ("Mon 07:00", "Mon 15:00")


def test_a_day_off_for_good(tmp_path: Path) -> None:
    off, always = queue(tmp_path, "agent_id,working hours\na,off\nb,24/7\n").agents
    assert (off.availability_status, off.is_available) == ("off shift", False)
    assert always.is_available and always.shift_end is None


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ("shift_end\na,06:00", r"row 1\.shift_end: is a time of day without the other end.*give both ends"),
        ("shift_start\na,09:00", "without the other end"),
        ("shift_start,shift_end\na,09:00,2026-11-23T17:00Z", "without the other end"),
        ("shift_start,shift_end\na,9:00,5:00", "two or none.*clock of 24 hours"),
        ("working hours\na,9-5", "two or none"),
        ("working hours\na,9-17\nb,whenever", r"row 2\.working hours: 'whenever' is not working hours"),
        ("working hours,timezone\na,9-17,EST", r"row 1\.timezone: 'EST' is not the name of one zone"),
        ("working hours,weekdays\na,9-17,some", "does not name weekdays"),
        ("Mon,Tue,Wed\na,9-17,maybe,", r"row 1\.Tue: 'maybe' is not working hours"),
        ("vacation\na,next week", "'next week' is not the time of an absence"),
        ("absent from,absent to\na,2026-07-14,2026-07-01", "ends before it begins"),
        ("vacation\na,7/8/2026 - 8/8/2026", "could be"),
    ],
)
def test_what_could_be_several_things_is_an_error(tmp_path: Path, table: str, problem: str) -> None:
    heading, *rows = table.split("\n")
    with pytest.raises(InvalidInputError, match=problem):
        queue(tmp_path, "\n".join([f"agent_id,{heading}", *rows, ""]))


def test_a_zone_matters_only_where_there_are_hours(tmp_path: Path) -> None:
    (agent,) = queue(tmp_path, "agent_id,timezone\na,Eastern\n").agents
    assert agent.shift_start is None
    found = queue(tmp_path, "agent_id,shift\na,9-17\n")
    assert any("without a time zone; they were read in UTC" in str(warning) for warning in found.warnings)
    found = queue(tmp_path, "agent_id,shift\na,9-17\n", zone=ZoneInfo("America/New_York"))
    assert not found.warnings and shift(found.agents[0]) == ("Mon 14:00", "Mon 22:00")


def test_the_moment_is_now_or_the_newest_ticket_which_is_said(tmp_path: Path) -> None:
    text = "agent_id,shift,tz\na,9-17,UTC\n"
    tickets = "ticket_id,created\n1,2026-11-22T08:00Z\n2,2026-11-24T18:00Z\n"
    assert not queue(tmp_path, text, tickets=tickets).warnings
    newest = queue(tmp_path, text, tickets=tickets, now=None)
    assert shift(newest.agents[0]) == ("Wed 09:00", "Wed 17:00")
    assert [str(w) for w in newest.warnings if "newest ticket" in str(w)]
    unknown = queue(tmp_path, text, now=None)
    assert unknown.agents[0].shift_start is None and "no moment to plan for is known" in str(unknown.warnings[-1])
    assert unknown.is_timed and newest.is_timed


def test_the_team_at_another_moment(tmp_path: Path) -> None:
    text = "agent_id,shift,tz,vacation,load\na,9-17,UTC,2026-11-25,2\n"
    monday = queue(tmp_path, text)
    wednesday = monday.at(datetime(2026, 11, 25, 12, tzinfo=UTC).timestamp())
    again = wednesday.at(datetime(2026, 11, 26, 12, tzinfo=UTC).timestamp())
    assert [q.agents[0].availability_status for q in (monday, wednesday, again)] == [
        "available",
        "on vacation",
        "available",
    ]
    assert [len(q.warnings) for q in (monday, wednesday, again)] == [0, 1, 0]
    assert shift(again.agents[0]) == ("Thu 09:00", "Thu 17:00") and again.agents[0].current_load == 2


def test_assign_takes_its_own_moment() -> None:
    team = [
        {"agent_id": "day", "working_hours": "Mon-Fri 9-17 UTC"},
        {"agent_id": "night", "working_hours": "22:00-06:00 UTC"},
    ]
    for now, agent in (("2026-11-23T12:00Z", "day"), ("2026-11-23T23:00Z", "night"), ("2026-11-24T03:00Z", "night")):
        assert ticketopt.assign([{"ticket_id": "T"}], team, now=now).assigned == {"T": agent}
    nobody = ticketopt.assign([{"ticket_id": "T"}], team, now="2026-11-23T20:00Z")
    assert nobody.assigned == {} and nobody.unassigned[0].reason == "off_shift"


@pytest.mark.parametrize(
    ("table", "is_available"),
    [
        ("vacation\na,2026-11-20 - 2026-11-30", False),
        ("vacation\na,2026-11-20 - 2026-11-23", False),
        ("vacation\na,2026-11-20 - 2026-11-22", True),
        ("vacation\na,2026-11-24 - 2026-11-30", True),
        ("vacation\na,2026-11-23", False),
        ("Vacation\na,1.1.-3.1.2026; 20.11.-30.11.2026", False),
        ("on leave\na,Nov 20 - 30 2026", False),
        ("on leave\na,20-30 November 2026", False),
        ("PTO\na,until 2026-11-30", False),
        ("PTO\na,from 2026-11-24", True),
        ("PTO\na,2026-11-20/2026-11-30", False),
        ("out of office until\na,2026-11-23", False),
        ("out of office until\na,2026-11-22", True),
        ("back on\na,2026-11-23", True),
        ("back on\na,2026-11-24", False),
        ("absent_from,absent_to\na,2026-11-20,2026-11-30", False),
        ("absent_from,absent_to\na,2026-11-20,", False),
        ("absent_from,absent_to\na,,", True),
        ("Urlaub von,Urlaub bis\na,20.11.2026,30.11.2026", False),
        ("Urlaub von,Urlaub bis\na,20.11.2026,22.11.2026", True),
        ("vacation\na,yes", False),
        ("vacation\na,no", True),
        ("on vacation\na,TRUE", False),
        ("vacation\na,12", True),
        ("vacation days left\na,12", True),
        ("suspended\na,true", False),
        ("suspended\na,false", True),
    ],
)
def test_who_is_absent_gets_no_work(tmp_path: Path, table: str, is_available: bool) -> None:
    heading, cells = table.split("\n")
    (agent,) = queue(tmp_path, f"agent_id,{heading}\n{cells}\n").agents
    assert agent.is_available is is_available and agent.skills == {}


def test_who_is_absent_is_said(tmp_path: Path) -> None:
    found = queue(tmp_path, "agent_id,vacation\na,2026-11-20 - 2026-11-30\nb,\n")
    assert [str(warning) for warning in found.warnings] == [
        "agents: away at 2026-11-23 14:00 UTC: 'a' until 2026-12-01 00:00 UTC; correct their dates if not"
    ]


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        *[("Vacation", "span"), ("out of office until", "until"), ("absent_from", "from"), ("Urlaub bis", "until")],
        *[
            ("leaveEnd", "until"),
            ("out_of_office_start_at", "from"),
            ("cong\u00e9s du", "from"),
            ("returns on", "back"),
        ],
        *[("vacaciones hasta", "until"), ("PTO dates", "span"), ("vacation days left", None), ("available from", None)],
        *[("out of office replacement", None), ("holiday allowance", None), ("team", None), ("", None)],
    ],
)
def test_headings_of_absences(heading: str, kind: str | None) -> None:
    assert absence_kind(heading) == kind


_WORDS = st.sampled_from(
    ["2026-11-20", "9", "17:00", "-", " - ", "Mon", "to", ";", "until", "yes", "1.7.", "\u2013", "/", " "]
)
CELLS = st.one_of(
    st.text(), st.lists(_WORDS, max_size=6).map("".join), st.none(), st.integers(), st.floats(), st.dates()
)


@given(st.lists(CELLS, min_size=7, max_size=7), st.booleans())
def test_no_cell_makes_another_error_than_ours(cells: list[Any], is_timed: bool) -> None:
    headings = ["shift_start", "shift_end", "working_hours", "weekdays", "timezone", "vacation", "absent until"]
    agent = {"agent_id": "a", **dict(zip(headings, cells, strict=True))}
    tickets = [{"ticket_id": "T", "creation_timestamp": 1_795_000_000}] if is_timed else []
    try:
        found = read_tickets_and_agents(tickets, [agent])
    except InvalidInputError as error:
        assert error.issues
    else:
        assert len(found.agents) == 1


@given(st.lists(st.one_of(st.text(), st.lists(_WORDS, max_size=6).map("".join)), min_size=7, max_size=7))
def test_no_text_of_a_table_makes_another_error_than_ours(cells: list[str]) -> None:
    headings = ("agent_id", "shift_start", "shift_end", "shift", "days", "tz", "on leave", "absent from")
    sheet = Sheet("team.csv", headings, (("a",), *((cell,) for cell in cells)), lambda k: f"row {k + 1}")
    report = Report()
    team = team_rows(sheet, PLAIN, How(), report)
    assert len(team.rows) == 1 and all(issue.problem and issue.repair for issue in report.issues)

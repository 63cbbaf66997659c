"""The same queue from JSON, JSON lines, a CSV pair, data frames and records; and the small print of each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest

import ticketopt
from ticketopt.errors import InputWarning, InvalidInputError
from ticketopt.intake.files import Queue, read_queue, read_tickets_and_agents
from ticketopt.intake.strict_json import decode, parse_json
from ticketopt.problem.records import Agent, Ticket

NOON = 1_700_000_000

TICKETS: list[dict[str, Any]] = [
    {
        "ticket_id": "T1", "title": "VPN, down", "description": 'He said "no"\nand left', "creation_timestamp": NOON,
        "skills": {"VPN": 2, "Cloud_AWS": 1}, "requires": {"VPN": 3.5}, "urgency": 0.25, "effort": 2,
        "due": NOON + 60, "customer": "C1", "language": "de", "previous_agent": "a1", "excluded_agents": ["a2", "a3"],
    },
    {"ticket_id": "T2", "priority": "High", "pinned_agent": "a2"},
]  # fmt: skip
AGENTS: list[dict[str, Any]] = [
    {
        "agent_id": "a1", "name": "Ana", "skills": {"VPN": 9, "Cloud_AWS": 4.5}, "current_load": 3,
        "availability_status": "On_Duty", "experience_level": 12, "capacity": 8, "shift_end": NOON + 3600,
        "team": "red", "languages": ["de", "en"],
    },
    {"agent_id": "a2", "name": "Bo", "skills": {"Printer": 7}},
    {"agent_id": "a3"},
]  # fmt: skip
EXPECTED = Queue(tuple(Ticket(**row) for row in TICKETS), tuple(Agent(**row) for row in AGENTS))

TICKETS_CSV = """\
ticket_id,title,description,creation_timestamp,skills,requires,urgency,priority,effort,due,customer,language,\
previous_agent,pinned_agent,excluded_agents
T1,"VPN, down","He said ""no""
and left",1700000000,VPN:2; Cloud_AWS:1,VPN:3.5,0.25,,2,1700000060,C1,de,a1,,a2;a3
T2,,,,,,,High,,,,,,a2,
"""
AGENTS_CSV = """\
agent_id,name,skills,current_load,availability_status,experience_level,capacity,shift_end,team,languages
a1,Ana,VPN:9;Cloud_AWS:4.5,3,On_Duty,12,8,2023-11-14T23:13:20Z,red,de;en
a2,Bo,"{""Printer"": 7}",,,,,,,
a3,,,,,,,,,
"""


def write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_text(text, encoding, newline="")
    return path


class TestSameQueueFromEverySource:
    def test_mapping(self) -> None:
        assert read_queue({"tickets": TICKETS, "agents": AGENTS}) == EXPECTED

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
    def test_json(self, tmp_path: Path, encoding: str) -> None:
        path = write(tmp_path, "queue.json", json.dumps({"agents": AGENTS, "tickets": TICKETS}), encoding)
        assert read_queue(path) == read_queue(str(path)) == EXPECTED

    @pytest.mark.parametrize("newline", ["\n", "\r\n", "\n\n"])
    @pytest.mark.parametrize("name", ["queue.jsonl", "queue.NDJSON"])
    def test_json_lines(self, tmp_path: Path, newline: str, name: str) -> None:
        lines = newline.join(json.dumps(record) for record in [*AGENTS, *TICKETS])
        assert read_queue(write(tmp_path, name, lines + newline, "utf-8-sig")) == EXPECTED

    def test_csv_pair(self, tmp_path: Path) -> None:
        tickets, agents = write(tmp_path, "t.csv", TICKETS_CSV, "utf-8-sig"), write(tmp_path, "a.csv", AGENTS_CSV)
        assert read_queue(tickets, agents=agents) == EXPECTED

    def test_pandas(self) -> None:
        assert read_tickets_and_agents(pd.DataFrame(TICKETS), pd.DataFrame(AGENTS)) == EXPECTED

    def test_pandas_read_from_csv(self, tmp_path: Path) -> None:
        tickets, agents = write(tmp_path, "t.csv", TICKETS_CSV), write(tmp_path, "a.csv", AGENTS_CSV)
        assert read_tickets_and_agents(pd.read_csv(tickets), pd.read_csv(agents)) == EXPECTED

    @pytest.mark.parametrize("lazy", [False, True])
    def test_polars(self, lazy: bool) -> None:
        """Polars keeps maps as structs in which every row has every name; the names a row never had stay absent."""
        frames = [pl.DataFrame(TICKETS, strict=False), pl.DataFrame(AGENTS, strict=False)]
        tickets, agents = (frame.lazy() if lazy else frame for frame in frames)
        assert read_tickets_and_agents(tickets, agents) == EXPECTED

    def test_records_and_foreign_dataclasses(self) -> None:
        @dataclass
        class Row:
            ticket_id: str
            title: str | None = None

        queue = read_tickets_and_agents([Row("T9"), Row("T8", "x"), *EXPECTED.tickets], EXPECTED.agents)
        assert queue.tickets == (Ticket(ticket_id="T9"), Ticket(ticket_id="T8", title="x"), *EXPECTED.tickets)
        assert queue.agents == EXPECTED.agents

    def test_generators(self) -> None:
        assert read_tickets_and_agents(iter(TICKETS), (row for row in AGENTS)) == EXPECTED

    def test_assign_gives_the_same_plan_from_frames_and_dicts(self) -> None:
        plain = ticketopt.assign(TICKETS, AGENTS, now=NOON)
        framed = ticketopt.assign(pl.DataFrame(TICKETS, strict=False), pd.DataFrame(AGENTS), now=NOON)
        assert plain.to_json() == framed.to_json()


class TestTimes:
    @pytest.mark.parametrize(
        "value",
        [
            NOON, float(NOON), "2023-11-14T22:13:20Z", "2023-11-14T22:13:20", "2023-11-14 22:13:20+00:00",
            " 2023-11-14T23:13:20+01:00 ", "20231114T221320Z", datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC),
            datetime(2023, 11, 14, 22, 13, 20), datetime(2023, 11, 15, 0, 13, 20, tzinfo=timezone(timedelta(hours=2))),
            pd.Timestamp("2023-11-14T22:13:20Z"),
        ],
    )  # fmt: skip
    def test_one_moment_in_many_spellings(self, value: Any) -> None:
        assert Ticket(ticket_id=1, creation_timestamp=value).creation_timestamp == NOON

    def test_milliseconds_are_read_with_a_warning(self) -> None:
        queue = read_queue({"tickets": [{"ticket_id": 1, "due": NOON * 1000 + 500}], "agents": []})
        assert queue.tickets[0].due == NOON + 0.5
        assert [str(warning) for warning in queue.warnings] == [
            "tickets[0].due: 1700000000500 was read as milliseconds; give seconds to be sure"
        ]
        with pytest.warns(InputWarning, match="read as milliseconds"):
            Ticket(ticket_id=1, due=NOON * 1000)

    def test_now_stands_in_the_file(self, tmp_path: Path) -> None:
        path = write(tmp_path, "q.json", '{"now": "2023-11-14T22:13:20Z", "agents": [], "tickets": []}')
        assert read_queue(path).now == NOON


class TestIds:
    def test_come_back_as_they_were_given(self) -> None:
        result = ticketopt.assign([{"ticket_id": 7}, {"ticket_id": "007"}], [{"agent_id": 1.0}])
        assert result.assigned == {7: 1, "007": 1}
        assert [type(key) for key in result.assigned] == [int, str]

    def test_stay_text_in_csv(self, tmp_path: Path) -> None:
        tickets = write(tmp_path, "t.csv", "ticket_id,previous_agent,customer\n007,01,9\n")
        queue = read_queue(tickets, agents=write(tmp_path, "a.csv", "agent_id\n01\n"))
        assert (queue.tickets[0].ticket_id, queue.tickets[0].customer, queue.agents[0].agent_id) == ("007", "9", "01")
        assert queue.tickets[0].previous_agent == "01"

    def test_missing_whole_numbers_in_pandas_come_as_floats(self) -> None:
        frame = pd.DataFrame({"ticket_id": [1, 2], "previous_agent": [5, None], "effort": [2, None]})
        queue = read_tickets_and_agents(frame, [])
        assert [(t.previous_agent, t.effort) for t in queue.tickets] == [(5, 2), (None, 1)]

    def test_numpy_numbers_are_numbers(self) -> None:
        frame = pd.DataFrame({"agent_id": [1], "current_load": pd.array([3], dtype="int16"), "experience_level": [2.5]})
        assert read_tickets_and_agents([], frame).agents[0].current_load == 3


class TestSmallPrint:
    def test_null_means_not_given(self) -> None:
        row = dict.fromkeys(["title", "skills", "requires", "urgency", "effort", "excluded_agents", "due"])
        queue = read_queue({"tickets": [{"ticket_id": 1, **row}], "agents": [{"agent_id": 1, "current_load": None}]})
        assert queue == Queue((Ticket(ticket_id=1),), (Agent(agent_id=1),))

    def test_unknown_fields_are_ignored_with_one_warning_each(self) -> None:
        rows = [{"ticket_id": i, "colour": 1, "titl": "x"} for i in range(3)]
        queue = read_queue({"tickets": rows, "agents": [], "version": 3})
        version, colour, titl = map(str, queue.warnings)
        assert version == "'version': is not a known key; use one of: agents, tickets, now, skill_notes"
        assert colour.startswith("tickets[0].colour and 2 more: is not a known field; use one of: ticket_id, title, ")
        assert titl.startswith("tickets[0].titl and 2 more: is not a known field; did you mean 'title'?")

    def test_names_are_stripped_and_texts_are_not(self) -> None:
        ticket = Ticket(ticket_id=" T1 ", title=" spaced ", skills={" VPN ": 1})
        assert (ticket.ticket_id, ticket.title, ticket.skills) == ("T1", " spaced ", {"VPN": 1})

    def test_csv_without_agents_says_what_is_missing(self, tmp_path: Path) -> None:
        with pytest.raises(InvalidInputError, match="holds only tickets; name the file with the agents as well"):
            read_queue(write(tmp_path, "t.csv", "ticket_id\n1\n"))

    def test_a_missing_file_is_an_os_error(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            read_queue(tmp_path / "none.json")

    def test_decode_and_parse(self) -> None:
        assert decode(b"\xef\xbb\xbf{}") == "{}"
        assert parse_json('{"a": [1, 2.5, null, true, "x"]}') == {"a": [1, 2.5, None, True, "x"]}

    def test_an_empty_csv_is_an_empty_queue(self, tmp_path: Path) -> None:
        empty = write(tmp_path, "t.csv", "")
        assert read_queue(empty, agents=write(tmp_path, "a.csv", "agent_id\n")) == Queue((), ())


class TestRegressions:
    @pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\u001c"])
    def test_json_lines_with_a_unicode_line_separator_inside_a_text(self, tmp_path: Path, separator: str) -> None:
        record = json.dumps({"ticket_id": 1, "title": f"one{separator}two"}, ensure_ascii=False)
        assert read_queue(write(tmp_path, "q.jsonl", record + "\n")).tickets[0].title == f"one{separator}two"

    def test_csv_with_a_column_twice_does_not_lose_the_first(self, tmp_path: Path) -> None:
        with pytest.raises(InvalidInputError, match="has the column 'urgency' twice"):
            read_queue(write(tmp_path, "t.csv", "ticket_id,urgency,urgency\n1,0.9,0.1\n"), agents=tmp_path / "t.csv")

    @pytest.mark.parametrize("cell", ["VPN:7;VPN:3", "VPN:7; VPN :3"])
    def test_csv_map_with_a_name_twice_does_not_keep_the_last(self, tmp_path: Path, cell: str) -> None:
        agents = write(tmp_path, "a.csv", f"agent_id,skills\na,{cell}\n")
        with pytest.raises(InvalidInputError, match=r"row 1\.skills: has the skill 'VPN' twice"):
            read_queue(write(tmp_path, "t.csv", "ticket_id\n"), agents=agents)

    def test_csv_team_and_language_that_look_like_numbers_stay_text(self, tmp_path: Path) -> None:
        agents = write(tmp_path, "a.csv", "agent_id,team,languages\na,12,5\n")
        queue = read_queue(write(tmp_path, "t.csv", "ticket_id,language\nx,5\n"), agents=agents)
        assert (queue.agents[0].team, queue.agents[0].languages, queue.tickets[0].language) == ("12", ("5",), "5")


@pytest.mark.parametrize(("source", "agents"), [({"tickets": []}, pd.DataFrame({"agent_id": [1]})), (5, None)])
def test_a_table_in_python_is_no_path(source: Any, agents: Any) -> None:
    with pytest.raises(InvalidInputError, match=r"is a \w+, not the path of a file; give tables in Python, as they"):
        read_queue(source, agents=agents)

"""Each kind of bad input gets one clear error: where, what, and how to repair it. Nothing private is repeated."""

from __future__ import annotations

import copy
import json
import math
from pathlib import Path
from typing import Any

import pytest

import ticketopt
from support.bad_input import BAD_INPUT, ODD_BUT_GOOD, PRIVATE, READ_FROM_FILES, BadInput
from ticketopt.errors import SHOWN_ISSUES, InvalidInputError, Issue, TicketoptError
from ticketopt.problem.policy import Policy
from ticketopt.problem.records import Agent, Ticket


def check(error: InvalidInputError, case: BadInput) -> None:
    message = str(error)
    assert any(issue.path.startswith(case.path) and case.words in str(issue) for issue in error.issues), message
    assert all(issue.problem and issue.repair for issue in error.issues)
    assert PRIVATE not in message
    assert message.isprintable() or "\n" in message
    message.encode("utf-8")


def read_and_assign(path: Path) -> ticketopt.Result:
    queue = ticketopt.read_queue(path)
    return ticketopt.assign(queue.tickets, queue.agents, now=queue.now)


def test_there_are_many_kinds() -> None:
    assert len(BAD_INPUT) >= 60


@pytest.mark.parametrize("name", sorted(BAD_INPUT.keys() - READ_FROM_FILES))
def test_in_a_file(name: str, tmp_path: Path) -> None:
    path = tmp_path / "queue.json"
    path.write_bytes(BAD_INPUT[name].document)
    with pytest.raises(InvalidInputError) as error:
        read_and_assign(path)
    check(error.value, BAD_INPUT[name])


def parsed(case: BadInput) -> Any:
    """What a lenient parser makes of the document; None where it is broken as a text or no object."""
    return None if case.is_syntax or not case.document.startswith(b"{") else json.loads(case.document)


@pytest.mark.parametrize(
    "name", [n for n, case in BAD_INPUT.items() if parsed(case) is not None and n not in READ_FROM_FILES]
)
def test_as_data_which_stays_as_it_was(name: str) -> None:
    case = BAD_INPUT[name]
    data, before = parsed(case), copy.deepcopy(parsed(case))
    are_lists = all(isinstance(data.get(key), list) for key in ("tickets", "agents"))
    with pytest.raises(InvalidInputError) as error:
        if are_lists:
            ticketopt.assign(data["tickets"], data["agents"], now=data.get("now"))
        else:
            ticketopt.read_queue(data)
    check(error.value, case)
    assert data == before


@pytest.mark.parametrize("name", ODD_BUT_GOOD)
def test_odd_but_good(name: str, tmp_path: Path) -> None:
    path = tmp_path / "queue.json"
    path.write_bytes(ODD_BUT_GOOD[name])
    result = read_and_assign(path)
    json.loads(result.to_json())
    assert result.status is ticketopt.Status.OPTIMAL


class TestAllAtOnce:
    def test_every_issue_of_a_document_is_listed(self) -> None:
        data = {
            "agents": [
                {"agent_id": "a", "skills": {"VPN": 11, "x": -1}, "current_load": -2, "availability_status": "on Mars"},
                {"agent_id": "a"},
            ],
            "tickets": [{"title": 3, "urgency": 2, "effort": 0, "due": "soon"}, "T2"],
            "now": "later",
        }
        with pytest.raises(InvalidInputError) as error:
            ticketopt.read_queue(data)
        assert [issue.path for issue in error.value.issues] == [
            "agents[0].skills['VPN']", "agents[0].skills['x']", "agents[0].current_load",
            "agents[0].availability_status", "agents[1].agent_id", "tickets[0].ticket_id", "tickets[0].title",
            "tickets[0].urgency", "tickets[0].effort", "tickets[0].due", "tickets[1]", "now",
        ]  # fmt: skip
        assert str(error.value).startswith("12 issues in the input:\n  agents[0].skills['VPN']: is 11; ")

    def test_a_name_twice_does_not_hide_behind_another_fault(self) -> None:
        with pytest.raises(InvalidInputError) as error:
            ticketopt.assign([], [{"agent_id": "a", "current_load": -1, "skills": {"VPN": 1, "vpn": 2}}])
        assert {issue.path for issue in error.value.issues} == {"agents[0].current_load", "agents[0].skills['vpn']"}

    def test_names_across_records_are_all_listed(self) -> None:
        tickets = [{"ticket_id": i, "pinned_agent": f"x{i}"} for i in range(3)]
        with pytest.raises(InvalidInputError) as error:
            ticketopt.assign(tickets, [{"agent_id": "a"}])
        assert [issue.path for issue in error.value.issues] == [f"tickets[{i}].pinned_agent" for i in range(3)]

    def test_a_thousand_issues_make_a_readable_message(self) -> None:
        with pytest.raises(InvalidInputError) as error:
            ticketopt.assign([{"ticket_id": i, "effort": 0} for i in range(1000)], [])
        assert len(error.value.issues) == 1000
        lines = str(error.value).splitlines()
        assert len(lines) == 1 + SHOWN_ISSUES + 1
        assert lines[-1].strip() == f"... and {1000 - SHOWN_ISSUES} more in `issues`"

    def test_every_bad_line_of_json_lines_is_named(self, tmp_path: Path) -> None:
        path = tmp_path / "q.jsonl"
        path.write_text('{"ticket_id": 1}\n{oops\n\n{"name": "nobody"}\n[1]\n{"agent_id": NaN}\n')
        with pytest.raises(InvalidInputError) as error:
            ticketopt.read_queue(path)
        assert [issue.path for issue in error.value.issues] == ["line 2", "line 4", "line 5", "line 6"]

    @pytest.mark.parametrize(
        ("tickets", "words"),
        [
            ('ticket_id,title\n1,"open\n', "is not CSV"),
            ("ticket_id,title\n1,a,b\n", "row 1: has more cells than the header"),
            ("ticket_id,effort\n1,two\n2,NaN\n", "row 1.effort: 'two' is not a number"),
            ("ticket_id,requires\n1,VPN\n", "row 1.requires: 'VPN' has no level"),
            ("title\nx\n", "has no column that is known as ticket_id"),
            ("ticket_id,urgency\n1,1e400\n", "row 1.urgency: '1e400' is not finite"),
        ],
    )
    def test_csv(self, tmp_path: Path, tickets: str, words: str) -> None:
        (tmp_path / "t.csv").write_text(tickets)
        (tmp_path / "a.csv").write_text("agent_id\na\n")
        with pytest.raises(InvalidInputError) as error:
            ticketopt.read_queue(tmp_path / "t.csv", agents=tmp_path / "a.csv")
        assert words in str(error.value)

    def test_csv_in_no_encoding_that_is_known(self, tmp_path: Path) -> None:
        (tmp_path / "t.csv").write_bytes(b"ticket_id,title\n1,caf\xe9 \x81\n")
        with pytest.raises(InvalidInputError, match=r"is neither UTF-8 nor UTF-16 nor Windows-1252 \(byte 23\)"):
            ticketopt.read_queue(tmp_path / "t.csv", agents=tmp_path / "t.csv")


class TestPythonOnly:
    """What no JSON document can hold."""

    @pytest.mark.parametrize(
        ("tickets", "agents", "words"),
        [
            (None, [], "tickets: is null; give a list of records or a data frame"),
            ([], "agents", "agents: is a text"),
            ({}, [], "tickets: is an object"),
            (5, [], "tickets: is a number"),
            (b"[]", [], "tickets: is a bytes"),
            ([{"ticket_id": 10**5000}], [], "tickets[0].ticket_id: is a number of thousands of digits"),
            ([], [{"agent_id": 1, "current_load": -(10**5000)}], "agents[0].current_load: is a number of thousands"),
            ([{"ticket_id": 1, "effort": math.inf}], [], "tickets[0].effort: is inf"),
            ([{"ticket_id": math.nan}], [], "tickets[0].ticket_id: is nan, not an id"),
            ([{"ticket_id": 1, "effort": 1j}], [], "tickets[0].effort: is a complex, not a number"),
            ([{"ticket_id": 1, "title": b"bytes"}], [], "tickets[0].title: is a bytes, not a text"),
            ([{"ticket_id": 1, "excluded_agents": b"ab"}], [], "tickets[0].excluded_agents: is a bytes, not a list"),
            ([], [{"agent_id": 1, "skills": {5: 5}}], "agents[0].skills[5]: is a number, not a text"),
            ([object()], [], "tickets[0]: is a object, not an object"),
            ([Agent(agent_id=1)], [], "tickets[0].ticket_id: is missing"),
            ([Ticket(ticket_id=1), {"ticket_id": "1"}], [], "tickets[1].ticket_id: is '1', like tickets[0]"),
        ],
    )
    def test_as_arguments(self, tickets: Any, agents: Any, words: str) -> None:
        with pytest.raises(InvalidInputError) as error:
            ticketopt.assign(tickets, agents)
        assert words in str(error.value)

    def test_records_name_themselves(self) -> None:
        with pytest.raises(InvalidInputError, match=r"ticket 'T1'\.urgency: is 5; give a number from 0 to 1"):
            Ticket(ticket_id="T1", urgency=5)
        with pytest.raises(InvalidInputError, match=r"agent 7\.capacity: is -1"):
            Agent(agent_id=7, capacity=-1)

    def test_errors_are_value_errors_and_ours(self) -> None:
        assert issubclass(InvalidInputError, ValueError) and issubclass(InvalidInputError, TicketoptError)

    def test_a_problem_takes_records_only(self) -> None:
        with pytest.raises(InvalidInputError, match=r"tickets\[0\]: is not a Ticket; build it with ticketopt.Ticket"):
            ticketopt.Problem([{"ticket_id": 1}], [])  # type: ignore[list-item]


POLICIES: dict[str, tuple[Any, str]] = {
    "not an object": ([], "policy: is a list, not an object"),
    "an unknown setting": ({"balanse": 1}, "policy.'balanse': is not a policy setting; did you mean 'balance'?"),
    "a negative weight": ({"weights": {"urgency": -1}}, "policy.weights['urgency']: is -1"),
    "a weight of 101": ({"weights": {"urgency": 101}}, "policy.weights['urgency']: is 101"),
    "an unknown weight": ({"weights": {"urgencies": 1}}, "policy.weights['urgencies']: is not a cost term"),
    "weights as list": ({"weights": [1]}, "policy.weights: is a list, not an object"),
    "balance as text": ({"balance": "much"}, "policy.balance: is a text, not a number"),
    "balance is nan": ({"balance": math.nan}, "policy.balance: is nan"),
    "a capacity in words": ({"capacity": "lots"}, "policy.capacity: 'lots' is not known"),
    "a negative capacity": ({"capacity": -1}, "policy.capacity: is -1"),
    "a fractional limit": ({"max_new_per_agent": 1.5}, "policy.max_new_per_agent: is 1.5"),
    "a limit as boolean": ({"max_urgent_per_agent": True}, "policy.max_urgent_per_agent: is a boolean"),
    "a team's limit as text": ({"max_new_per_team": {"red": "2"}}, "policy.max_new_per_team['red']: is a text"),
    "urgent from 2": ({"urgent_from": 2}, "policy.urgent_from: is 2"),
    "a ticket apart from itself": ({"separate": [[1, "1"]]}, "policy.separate[0]: is not a pair of different tickets"),
    "three tickets apart": ({"separate": [[1, 2, 3]]}, "policy.separate[0]: is not a pair"),
    "pairs as text": ({"separate": "1,2"}, "policy.separate: is a text, not a list"),
    "minutes below 0": ({"minutes_per_effort": -1}, "policy.minutes_per_effort: is -1"),
}


@pytest.mark.parametrize("name", POLICIES)
def test_policy(name: str) -> None:
    policy, words = POLICIES[name]
    with pytest.raises(InvalidInputError) as error:
        ticketopt.assign([{"ticket_id": 1}], [{"agent_id": 1}], policy=policy)
    assert words in str(error.value)


def test_policy_lists_every_issue() -> None:
    with pytest.raises(InvalidInputError) as error:
        Policy.from_dict({"balance": -1, "wat": 1, "capacity": "x"})
    assert {issue.path for issue in error.value.issues} == {"policy.'wat'", "policy.balance", "policy.capacity"}


class TestIssue:
    def test_reads_as_a_sentence(self) -> None:
        assert str(Issue("a.b", "is 5", "give 4")) == "a.b: is 5; give 4"
        assert str(Issue("", "is empty", "add one")) == "is empty; add one"

    @pytest.mark.parametrize(
        ("prefix", "path", "joined"),
        [("t[0]", "due", "t[0].due"), ("t", "[0].x", "t[0].x"), ("t", "", "t"), ("", "x", "x")],
    )
    def test_below(self, prefix: str, path: str, joined: str) -> None:
        assert Issue(path, "p", "r").below(prefix).path == joined

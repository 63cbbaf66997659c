"""Shapes of JSON that hold tickets, and frames that do not."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from ticketopt.errors import SHOWN_ISSUES, InvalidInputError
from ticketopt.intake.files import Queue, read_queue, read_tickets_and_agents

TICKET = {"ticket_id": "T1", "title": "VPN"}
AGENT = {"agent_id": "a", "skills": {"VPN": 9}}
ISSUE = {
    "key": "SUP-1",
    "fields": {"summary": "VPN drops", "status": {"name": "To Do"}, "issuetype": {"name": "Task"}, "labels": ["x"]},
}


def read(folder: Path, tickets: object, agents: object, suffix: str = ".json") -> Queue:
    (folder / f"tickets{suffix}").write_text(tickets if isinstance(tickets, str) else json.dumps(tickets), "utf-8")
    (folder / "team.json").write_text(json.dumps(agents), "utf-8")
    return read_queue(folder / f"tickets{suffix}", agents=folder / "team.json")


@pytest.mark.parametrize(
    ("tickets", "agents"),
    [
        ([TICKET], [AGENT]),
        ({"tickets": [TICKET], "now": 1_700_000_000}, {"agents": [AGENT], "tickets": []}),
        ({"results": [TICKET], "count": 1}, {"users": [AGENT]}),
    ],
)
def test_a_list_may_stand_alone_or_under_a_key(tmp_path: Path, tickets: object, agents: object) -> None:
    queue = read(tmp_path, tickets, agents)
    assert [t.ticket_id for t in queue.tickets] == ["T1"]
    assert [(a.agent_id, a.skills) for a in queue.agents] == [("a", {"VPN": 9.0})]


def test_search_results_of_a_helpdesk_are_flat_and_recognized(tmp_path: Path) -> None:
    queue = read(tmp_path, {"issues": [ISSUE], "total": 1}, [AGENT])
    assert queue.about.tickets_from == "Jira"
    assert [(t.ticket_id, t.title) for t in queue.tickets] == [("SUP-1", "VPN drops")]


def test_lines_of_tickets_alone(tmp_path: Path) -> None:
    queue = read(tmp_path, '{"ticket_id": "T1"}\n\n{"ticket_id": "T2"}\n', [AGENT], ".jsonl")
    assert [t.ticket_id for t in queue.tickets] == ["T1", "T2"]


@pytest.mark.parametrize(
    ("tickets", "words"),
    [
        ({"things": [TICKET], "count": 1}, "holds no list of tickets (its keys: 'things', 'count')"),
        ("3", "the input is a number"),
        ([TICKET, "T2"], "tickets[1]: is a text, not an object"),
    ],
)
def test_what_holds_no_tickets_says_so(tmp_path: Path, tickets: object, words: str) -> None:
    with pytest.raises(InvalidInputError) as error:
        read(tmp_path, tickets, [AGENT])
    assert words in str(error.value)


def test_an_index_that_holds_the_ids_is_named() -> None:
    frame = pd.DataFrame([TICKET]).set_index("ticket_id")
    with pytest.raises(InvalidInputError, match=r"have 'ticket_id' as their index; make it a column: reset_index\(\)"):
        read_tickets_and_agents(frame, [AGENT])


def test_a_frame_with_a_column_twice_is_our_error() -> None:
    frame = pd.DataFrame([["1", "a", "b"]], columns=["ticket_id", "title", "title"])
    with pytest.raises(InvalidInputError, match="tickets: cannot be read"):
        read_tickets_and_agents(frame, [AGENT])


def test_what_only_looks_like_a_frame_is_none() -> None:
    class Lookalike:
        columns = ("ticket_id",)

    with pytest.raises(InvalidInputError, match="tickets: is a Lookalike; give a list or a data frame"):
        read_tickets_and_agents(Lookalike(), [AGENT])


def test_cells_of_frames_are_taken_apart_and_others_are_as_they_are() -> None:
    frame = pd.DataFrame({"ticket_id": ["1"], "requires": ["VPN:3"], "excluded_agents": ["b; c"]})
    (ticket,) = read_tickets_and_agents(frame, [AGENT]).tickets
    assert (ticket.requires, ticket.excluded_agents) == ({"VPN": 3.0}, ("b", "c"))


def test_of_many_columns_that_mean_nothing_the_first_are_named(tmp_path: Path) -> None:
    (tmp_path / "team.csv").write_text("agent_id\na\n", "utf-8")
    n = SHOWN_ISSUES + 1
    rows = "".join(f",c{k}" for k in range(n))
    (tmp_path / "t.csv").write_text(f"ticket_id{rows}\n1{',x' * n}\n", "utf-8")
    queue = read_queue(tmp_path / "t.csv", agents=tmp_path / "team.csv")
    assert len(queue.warnings) == n
    assert str(queue.warnings[-1]) == f"{tmp_path}/t.csv: have {n} unknown fields; the first are listed"

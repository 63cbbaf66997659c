"""Queues as helpdesks and spreadsheets write them, from the file to the records."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import ticketopt
from support.helpdesk_exports import EXPORTS, expected, realistic_export
from ticketopt.errors import InvalidInputError
from ticketopt.intake.files import Queue, read_queue, read_tickets_and_agents

TEAM = "agent_id,name,skills\nada,Ada Lovelace,VPN:9\nbob,Bob,Printers:8\n"


def queue(folder: Path, tickets: str, team: str = TEAM, **how: object) -> Queue:
    (folder / "tickets.csv").write_text(tickets, encoding="utf-8")
    (folder / "team.csv").write_text(team, encoding="utf-8")
    return read_queue(folder / "tickets.csv", agents=folder / "team.csv", **how)  # type: ignore[arg-type]


@pytest.mark.parametrize(("helpdesk", "form"), [(name, form) for name, forms in EXPORTS.items() for form in forms])
def test_every_export_gives_the_right_tickets(tmp_path: Path, helpdesk: str, form: str) -> None:
    path = tmp_path / ("export.json" if form.startswith("json") else "export.csv")
    path.write_bytes(realistic_export(helpdesk, form))
    (tmp_path / "team.csv").write_text(TEAM, encoding="utf-8")
    found = read_queue(path, agents=tmp_path / "team.csv")
    right = {
        ticket["ticket_id"]: (ticket["title"], ticket["priority"], ticket["creation_timestamp"])
        for ticket in expected(helpdesk, form)
        if ticket["stage"] != "done"
    }
    assert {str(t.ticket_id): (t.title, t.priority, t.creation_timestamp) for t in found.tickets} == right
    assert sum(found.about.set_aside.values()) >= 200 - len(right) > 0


@pytest.mark.parametrize(
    "header",
    [
        "ticket_id,title,priority",
        "Ticket ID,Subject,Priority",
        "id, summary , PRIORITY",
        "TicketId,Title,Prio",
        "#,betreff,priorität",
        "\ufeffNumber,Short description,Severity",
    ],
)
def test_headings_in_many_spellings(tmp_path: Path, header: str) -> None:
    (ticket,) = queue(tmp_path, f"{header}\n7,VPN drops,high\n").tickets
    assert (ticket.ticket_id, ticket.title, ticket.priority) == ("7", "VPN drops", "high")


@pytest.mark.parametrize(
    ("status", "assignee", "stays", "previous"),
    [
        ("open", "", False, None),
        ("open", "ada", True, None),
        ("in progress", "Ada Lovelace", True, None),
        ("in progress", '"LOVELACE, Ada"', True, None),
        ("pending", "bob", True, None),
        ("reopened", "ada", False, "ada"),
        ("Wiedereröffnet", "bob", False, "bob"),
        ("open", "somebody else", False, None),
        ("", "ada", True, None),
        ("closed", "ada", None, None),
        ("Gelöst", "", None, None),
        ("2 - Resolved", "", None, None),
        ("spam", "", None, None),
    ],
)
def test_where_a_ticket_is_decides_what_becomes_of_it(
    tmp_path: Path, status: str, assignee: str, stays: bool | None, previous: str | None
) -> None:
    found = queue(tmp_path, f"ticket_id,title,status,assignee\n1,VPN,{status},{assignee}\n")
    if stays is None:
        assert not found.tickets and sum(found.about.set_aside.values()) == 1 and not found.about.in_work
    elif stays:
        (agent,) = found.about.in_work
        assert not found.tickets and agent in ("ada", "bob")
        assert {a.agent_id: a.current_load for a in found.agents}[agent] == 1
    else:
        assert [t.previous_agent for t in found.tickets] == [previous]


def test_a_load_that_the_team_states_counts_what_is_in_work_already(tmp_path: Path) -> None:
    team = "agent_id,current_load\nada,3\nbob,\n"
    found = queue(tmp_path, "ticket_id,status,assignee\n1,open,ada\n2,open,bob\n", team)
    assert [agent.current_load for agent in found.agents] == [3, 0]
    assert dict(found.about.in_work) == {"ada": 1, "bob": 1}


def test_our_own_format_knows_statuses_and_assignees_too() -> None:
    rows = [
        {"ticket_id": 1, "status": "closed", "due": "no date at all"},
        {"ticket_id": 2, "status": "open", "assigned_to": "ada"},
        {"ticket_id": 3, "status": "open"},
    ]
    found = read_tickets_and_agents(rows, [{"agent_id": "ada"}])
    assert [ticket.ticket_id for ticket in found.tickets] == [3]
    assert (found.about.set_aside, found.about.in_work) == ({"closed": 1}, {"ada": 1})


def test_an_unknown_status_is_taken_as_open_and_said(tmp_path: Path) -> None:
    found = queue(tmp_path, "ticket_id,status\n1,frobnicated\n")
    assert len(found.tickets) == 1
    assert any("'frobnicated' of 1 tickets is not known" in str(warning) for warning in found.warnings)


def test_nothing_given_is_said_in_many_words(tmp_path: Path) -> None:
    cells = ["NULL", "N/A", "?", "-", "none", "nan", "#N/A", " ", ""]
    rows = "".join(f"T{k},{cell},{cell},{cell},{cell}\n" for k, cell in enumerate(cells))
    found = queue(tmp_path, f"ticket_id,language,previous_agent,due,effort\n{rows}")
    assert {(t.language, t.previous_agent, t.due, t.effort) for t in found.tickets} == {(None, None, None, 1)}


def test_times_in_the_users_zone_and_the_end_of_a_day(tmp_path: Path) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    (ticket,) = queue(tmp_path, "id,created,due\n1,31.01.2026 14:30,2026-02-01\n", zone=berlin).tickets
    assert ticket.creation_timestamp == datetime(2026, 1, 31, 14, 30, tzinfo=berlin).timestamp()
    assert ticket.due == datetime(2026, 2, 1, 23, 59, 59, tzinfo=berlin).timestamp()


def test_day_and_month_that_no_cell_tells_apart_are_one_question(tmp_path: Path) -> None:
    rows = "id,created\n1,3/5/2026 10:00\n2,4/5/2026 11:00\n"
    with pytest.raises(InvalidInputError) as error:
        queue(tmp_path, rows)
    assert len(error.value.issues) == 1
    (first, _) = queue(tmp_path, rows, day_first=True).tickets
    assert first.creation_timestamp == datetime(2026, 5, 3, 10, tzinfo=UTC).timestamp()


def test_a_column_is_named_where_its_heading_does_not_tell(tmp_path: Path) -> None:
    rows = "id,Problem\n1,VPN drops\n"
    assert queue(tmp_path, rows).tickets[0].title == ""
    assert queue(tmp_path, rows, columns={"title": "problem"}).tickets[0].title == "VPN drops"
    with pytest.raises(InvalidInputError, match="there is no column 'Troubles' for title; did you mean"):
        queue(tmp_path, "id,Trouble\n1,x\n", columns={"title": "Troubles"})


def test_wrong_rows_are_left_out_where_that_is_wanted_and_kept_as_they_stand(tmp_path: Path) -> None:
    rows = "ticket_id,due\n1,2026-01-01\n2,soon\n,2026-01-02\n1,\n4,\n"
    with pytest.raises(InvalidInputError):
        queue(tmp_path, rows)
    found = queue(tmp_path, rows, skip_invalid=True)
    assert [ticket.ticket_id for ticket in found.tickets] == ["1", "4"]
    assert [list(row.row.values()) for row in found.skipped] == [["2", "soon"], ["", "2026-01-02"], ["1", ""]]


def test_one_language_has_one_spelling(tmp_path: Path) -> None:
    pytest.importorskip("langcodes")
    team = 'agent_id,languages\nada,"German, en"\n'
    found = queue(tmp_path, "id,language\n1,de-AT\n2,Deutsch\n3,English\n4,tlh\n", team)
    assert [ticket.language for ticket in found.tickets] == ["German", "German", "en", "tlh"]


def test_an_unknown_helpdesk_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="'zendsk' is not known; did you mean 'zendesk'"):
        queue(tmp_path, "id\n1\n", helpdesk="zendsk")


def test_a_group_of_an_export_that_no_agent_is_in_is_left_out_with_one_warning(tmp_path: Path) -> None:
    team = "agent_id,team\nada,Billing; Escalations\n"
    export = "Summary,Issue key,Issue Type,Status,Component/s\n" + "".join(
        f"t,K-{k},Task,To Do,{group}\n" for k, group in enumerate(["escalations", "Platform", "Platform", "Web", ""])
    )
    found = queue(tmp_path, export, team)
    assert found.about.tickets_from == "Jira"
    assert [ticket.group for ticket in found.tickets] == ["escalations", None, None, None, None]
    (warning,) = (issue for issue in found.warnings if "group" in issue.problem)
    assert warning.problem == "3 are for a group that no agent is in ('Platform', 'Web')"


def test_a_group_of_a_plain_table_is_a_rule_whoever_is_in_it(tmp_path: Path) -> None:
    found = queue(tmp_path, "ticket_id,group\n1,Platform\n", "agent_id,team\nada,Billing\n")
    assert [ticket.group for ticket in found.tickets] == ["Platform"]
    (left_out,) = ticketopt.solve(ticketopt.Problem(found.tickets, found.agents)).unassigned
    assert left_out.reason == "no_group"


def test_ids_of_groups_match_as_numbers_and_as_texts(tmp_path: Path) -> None:
    ticket = {"id": 1, "subject": "a", "status": 2, "responder_id": None, "fr_due_by": None, "company_id": None}
    agent = {"id": 7, "ticket_scope": 1, "occasional": False, "contact": {"name": "Ada"}, "group_ids": [12, 360]}
    (tmp_path / "export.json").write_text(json.dumps([{**ticket, "group_id": 360}]), encoding="utf-8")
    (tmp_path / "team.json").write_text(json.dumps([agent]), encoding="utf-8")
    found = read_queue(tmp_path / "export.json", agents=tmp_path / "team.json")
    assert [ticket.group for ticket in found.tickets] == ["360"]
    assert [(agent.team, agent.groups) for agent in found.agents] == [("12", ("12", "360"))]

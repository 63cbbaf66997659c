"""Teams as people write them down."""

from __future__ import annotations

from pathlib import Path

import pytest

from ticketopt.errors import InvalidInputError
from ticketopt.intake.files import read_queue
from ticketopt.problem.records import Agent

Team = tuple[Agent, ...]


def team(folder: Path, text: str, **how: object) -> Team:
    (folder / "team.csv").write_text(text, encoding="utf-8")
    (folder / "tickets.csv").write_text("ticket_id\n", encoding="utf-8")
    return read_queue(folder / "tickets.csv", agents=folder / "team.csv", **how).agents  # type: ignore[arg-type]


SKILLS = {"VPN": 9.0, "Printers": 3.0}


@pytest.mark.parametrize(
    "text",
    [
        "agent_id,skills\na,VPN:9;Printers:3\n",
        'agent_id,skills\na,"VPN:9, Printers:3"\n',
        'agent_id,skills\na,"VPN:9\nPrinters:3"\n',
        "agent_id,skills\na,VPN=9|Printers=3\n",
        "agent_id,skills\na,VPN (9); Printers (3)\n",
        "agent_id;Skills\na;VPN:9,Printers:3\n",
        "agent_id,skill,level\na,VPN,9\na,Printers,3\n",
        "Agent ID,VPN,Printers\na,9,3\n",
        "login,vpn_load,VPN,Printers\na,77,9,3\n",
    ],
)
def test_skills_in_one_cell_in_columns_and_in_rows(tmp_path: Path, text: str) -> None:
    (agent,) = team(tmp_path, text)
    assert (agent.agent_id, agent.skills) == ("a", SKILLS)


@pytest.mark.parametrize(
    ("header", "cells", "is_available"),
    [
        ("status", "INACTIVE", False),
        ("status", "Active", True),
        ("available", "no", False),
        ("available", "TRUE", True),
        ("available", "0", False),
        ("active,available", "yes,no", False),
        ("available,status", "yes,inactive", False),
        ("availability_status", "On Leave", False),
        ("Validity", "2", False),
        ("status", "", True),
        ("Status", "invited", False),
        ("Status", "on leave until 2026-12-01", False),
        ("Status", "Sick (back Monday)", False),
        ("Status", "Im Urlaub bis 3.12.", False),
        ("Status", "verf\u00fcgbar", True),
    ],
)
def test_who_is_away_gets_no_work(tmp_path: Path, header: str, cells: str, is_available: bool) -> None:
    (agent,) = team(tmp_path, f"agent_id,{header}\na,{cells}\n")
    assert agent.is_available is is_available


def test_an_unknown_word_for_presence_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"row 1\.Status: 'juggling' is not known"):
        team(tmp_path, "agent_id,Status\na,juggling\n")


@pytest.mark.parametrize(
    ("heading", "is_skill"),
    [
        *((name, True) for name in ("Accounts, MFA", "Administration", "Storage", "Corporate cards", "Orders", "Text")),
        *((name, False) for name in ("max_x", "Limit (x)", "maxPerDay", "Age", "Ext. 1", "Open tickets now", "Hours")),
    ],
)
def test_words_of_measures_are_no_skills_and_longer_words_are(tmp_path: Path, heading: str, is_skill: bool) -> None:
    (agent,) = team(tmp_path, f'agent_id,VPN,"{heading}"\na,5,3\n')
    assert agent.skills == {"VPN": 5, **({heading: 3} if is_skill else {})}


def test_loads_and_limits(tmp_path: Path) -> None:
    (agent,) = team(tmp_path, "agent_id,max_tickets,active_tickets\na,5,4\n")
    assert (agent.current_load, agent.capacity) == (4, 5)
    (agent,) = team(tmp_path, "agent_id,load\na,5 of 7\n")
    assert (agent.current_load, agent.capacity) == (5, 7)


def test_grades_in_words_and_names_in_parts(tmp_path: Path) -> None:
    junior, senior = team(tmp_path, "Name,Surname,Login,Seniority\nAna,Holt,ah,Junior\nLeo,Nowak,ln,Senior\n")
    assert (junior.agent_id, junior.name) == ("ah", "Ana Holt")
    assert junior.experience_level < senior.experience_level


def test_measures_are_not_taken_for_skills(tmp_path: Path) -> None:
    (agent,) = team(tmp_path, "agent_id,avg_csat,tickets_resolved,message_limit,hire_date\na,4.8,7,2,2024-01-01\n")
    assert agent.skills == {}


def test_skills_without_levels_and_another_scale(tmp_path: Path) -> None:
    (agent,) = team(tmp_path, "agent_id,specialization\na,VPN; Printers\n")
    assert agent.skills == {"VPN": 5.0, "Printers": 5.0}
    (agent,) = team(tmp_path, "agent_id,skills\na,VPN:5;Printers:2\n", levels=5)
    assert agent.skills == {"VPN": 10.0, "Printers": 4.0}


def test_rows_of_one_agent_must_agree_and_a_skill_stands_once(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="differs from"):
        team(tmp_path, "agent_id,skill,level,capacity\na,VPN,9,5\na,Mail,3,6\n")
    with pytest.raises(InvalidInputError, match="a second time"):
        team(tmp_path, "agent_id,skill,level\na,VPN,9\na,vpn,3\n")


def test_names_serve_as_ids_where_there_are_none(tmp_path: Path) -> None:
    (agent,) = team(tmp_path, "agent_name,VPN\nAna Holt,7\n")
    assert (agent.agent_id, agent.skills) == ("Ana Holt", {"VPN": 7.0})


@pytest.mark.parametrize(
    ("heading", "cell", "name", "groups"),
    [
        ("team", "Billing; Escalations", "Billing", ("Billing", "Escalations")),
        ("Teams", "Billing, Escalations", "Billing", ("Billing", "Escalations")),
        ("teams", '"[""Billing"", ""Escalations""]"', "Billing", ("Billing", "Escalations")),
        ("team", "Billing", "Billing", ()),
        ("team", "Sales, EMEA", "Sales, EMEA", ()),
        ("team", "[EMEA] Sales", "[EMEA] Sales", ()),
        ("team,groups", "Billing,Night", "Billing", ("Night",)),
        ("team,groups", "Billing;Escalations,Night", "Billing", ("Billing", "Escalations", "Night")),
        ("groups", "Billing; Night", None, ("Billing", "Night")),
    ],
)
def test_the_first_of_several_teams_is_the_team_and_all_are_groups(
    tmp_path: Path, heading: str, cell: str, name: str | None, groups: tuple[str, ...]
) -> None:
    text = cell if heading == "team,groups" or cell.startswith('"') else f'"{cell}"'
    (agent,) = team(tmp_path, f"agent_id,{heading}\na,{text}\n")
    assert (agent.team, agent.groups) == (name, groups)


def test_a_doubled_id_names_the_row_of_the_other(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"team\.csv row 3\.agent_id: is 'a', like .*team\.csv row 1;"):
        team(tmp_path, "agent_id\na\nb\na\n")


@pytest.mark.parametrize(
    ("tickets", "people", "wanted", "has"),
    [
        ("ticket_id\nT\n", "agent_id,Knows\na,VPN:9\n", {}, {"VPN": 9.0}),
        ("ticket_id,Knows\nT,VPN:1\n", "agent_id,skills\na,VPN:9\n", {"VPN": 1.0}, {"VPN": 9.0}),
        ("ticket_id,Knows\nT,VPN:1\n", "agent_id,Knows\na,VPN:9\n", {"VPN": 1.0}, {"VPN": 9.0}),
    ],
)
def test_a_stated_heading_of_both_tables_is_looked_for_in_both(
    tmp_path: Path, tickets: str, people: str, wanted: dict[str, float], has: dict[str, float]
) -> None:
    (tmp_path / "team.csv").write_text(people, encoding="utf-8")
    (tmp_path / "tickets.csv").write_text(tickets, encoding="utf-8")
    found = read_queue(tmp_path / "tickets.csv", agents=tmp_path / "team.csv", columns={"skills": "Knows"})
    assert (dict(found.tickets[0].skills or {}), dict(found.agents[0].skills)) == (wanted, has)


def test_a_stated_heading_that_no_table_has_is_one_error(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError) as caught:
        team(tmp_path, "agent_id\na\n", columns={"skills": "Knows"})
    assert [issue.problem for issue in caught.value.issues] == ["there is no column 'Knows' for skills"]
    with pytest.raises(InvalidInputError, match="there is no column 'Knows' for capacity"):
        team(tmp_path, "agent_id\na\n", columns={"capacity": "Knows"})


def test_a_stated_heading_of_what_stands_beside_the_fields(tmp_path: Path) -> None:
    (agent,) = team(tmp_path, "agent_id,When\na,off\n", columns={"working_hours": "When"}, now="2026-11-23T14:00Z")
    assert agent.availability_status == "off shift"
    (agent,) = team(tmp_path, "agent_id,Given,Last\na,Ana,Holt\n", columns={"first_name": "Given", "surname": "Last"})
    assert agent.name == "Ana Holt"


LEO = {"VPN": 2.0, "Mail": 8.0}


@pytest.mark.parametrize(
    ("text", "skills"),
    [
        ("name,VPN (1-5),Mail [/5]\nAna,5,1\nLeo,1,4\n", {"VPN": 10.0, "Mail": 2.0}),
        ("name,VPN,Mail\nAna,90 %,10 %\nLeo,20 %,80 %\n", {"VPN": 9.0, "Mail": 1.0}),
        ("name,VPN,Mail\nAna,expert,basic\nLeo,,good\n", {"VPN": 9.0, "Mail": 2.0}),
        ("name,VPN,Mail\nAna,\u2605\u2605\u2605\u2605\u2606,\u2605\nLeo,,\u2605\u2605\n", {"VPN": 8.0, "Mail": 2.0}),
        ("name,VPN,Mail\nAna,x,\nLeo,,x\n", {"VPN": 5.0}),
        ("skill,Ana,Leo\nVPN,9,2\nMail,1,8\n", {"VPN": 9.0, "Mail": 1.0}),
        ("agent,skills,levels\nAna,VPN; Mail,9; 1\nLeo,VPN,2\n", {"VPN": 9.0, "Mail": 1.0}),
        ("agent,skill 1,skill 2\nAna,VPN,Mail\nLeo,VPN,\n", {"VPN": 5.0, "Mail": 5.0}),
        ("agent,skill1,level1,skill2,level2\nAna,VPN,9,Mail,1\nLeo,VPN,2,,\n", {"VPN": 9.0, "Mail": 1.0}),
        ("agent,skills,level\nAna,VPN,9\nAna,Mail,1\nLeo,VPN,2\n", {"VPN": 9.0, "Mail": 1.0}),
        ("agent,skills\nAna,VPN\nAna,Mail\nLeo,VPN\n", {"VPN": 5.0, "Mail": 5.0}),
        ("Mitarbeiter;F\u00e4higkeiten\nAna;VPN:9, Mail:1\nLeo;VPN:2\n", {"VPN": 9.0, "Mail": 1.0}),
        ("Nombre;Habilidades\nAna;VPN - experto | Mail - 1\nLeo;VPN:2\n", {"VPN": 9.0, "Mail": 1.0}),
    ],
)
def test_shapes_of_skills(tmp_path: Path, text: str, skills: dict[str, float]) -> None:
    ana, leo = team(tmp_path, text)
    assert (ana.name, dict(ana.skills)) == ("Ana", skills)
    assert leo.name == "Leo" and leo.skills


def test_a_default_level_and_a_found_scale_are_said(tmp_path: Path) -> None:
    for text, words in (
        ("agent,skill\na,VPN\na,Mail\n", "count as 5 of 10"),
        ("agent,skills\na,VPN; Mail\nb,VPN\n", "count as 5 of 10"),
        ("agent,VPN\na,80\nb,20\n", "read as percent"),
        ("agent,VPN\na,4\nb,2\n", "no number is above 4"),
        ("skill,a,b\nVPN,9,2\n", "one column per agent"),
    ):
        (tmp_path / "team.csv").write_text(text, encoding="utf-8")
        (tmp_path / "tickets.csv").write_text("ticket_id\n", encoding="utf-8")
        found = read_queue(tmp_path / "tickets.csv", agents=tmp_path / "team.csv").warnings
        assert len([warning for warning in found if words in str(warning)]) == 1, text


@pytest.mark.parametrize(
    ("text", "load", "capacity"),
    [
        ("agent,load\na,5 of 5\n", 5, 5),
        ("agent,open tickets\na,5/5\nb,3\n", 5, 5),
        ("agent,load,capacity\na,5 of 5,7\n", 5, 7),
        ("agent,load\na,5\n", 5, None),
    ],
)
def test_a_load_of_a_capacity(tmp_path: Path, text: str, load: int, capacity: int | None) -> None:
    agent = team(tmp_path, text)[0]
    assert (agent.current_load, agent.capacity) == (load, capacity)


@pytest.mark.parametrize("heading", ["Mail", "Account", "Login", "hours worked", "Monday off", "days"])
def test_a_heading_with_two_meanings_is_told_by_its_cells(tmp_path: Path, heading: str) -> None:
    (agent,) = team(tmp_path, f"agent_id,VPN,{heading}\na,9,7\n")
    assert dict(agent.skills) in ({"VPN": 9.0, heading: 7.0}, {"VPN": 9.0})
    assert (heading in agent.skills) == (heading in ("Mail", "Account"))

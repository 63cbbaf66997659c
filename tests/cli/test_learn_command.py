"""`ticketopt learn`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from support.logs import write_changes
from support.simulated_history import Helpdesk, simulated_history
from ticketopt.cli.commands import main
from ticketopt.history.team import Team


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    history = simulated_history(Helpdesk(agents=6, groups=2, days=20, agent_sd=0.9)).history
    return write_changes(tmp_path_factory.mktemp("log") / "log.csv", history)


def run(*arguments: object) -> str:
    done = CliRunner().invoke(main, list(map(str, arguments)))
    assert done.exit_code == 0, done.output
    return done.output


def test_a_log_becomes_a_team_that_assign_takes(log: Path, tmp_path: Path) -> None:
    team, page, queue = tmp_path / "team.json", tmp_path / "page.html", tmp_path / "queue.json"
    told = run("learn", log, "-o", team, "--page", page)
    assert "the faster one was named" in told
    assert Team.load(team).agents
    assert "no measure of a person" in page.read_text(encoding="utf-8")
    tickets = [{"ticket_id": k, "group": "group 1", "skills": {"group 1": 1}} for k in range(4)]
    queue.write_text(json.dumps(tickets))
    run("assign", queue, "--team", team, "--output", tmp_path / "plan.json")
    plan = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    known = {agent.agent_id for agent in Team.load(team).agents if "group 1" in agent.groups}
    assert {row["assigned_agent_id"] for row in plan["assignments"]} <= known
    assert len(plan["assignments"]) == 4


def test_what_a_person_wrote_is_kept(log: Path, tmp_path: Path) -> None:
    team, later = tmp_path / "team.json", tmp_path / "later.json"
    run("learn", log, "-o", team)
    data = json.loads(team.read_text(encoding="utf-8"))
    data["agents"][0]["skills"]["Latin"] = 7
    team.write_text(json.dumps(data))
    run("learn", log, "-o", later, "--keep", team, "--seed", 4)
    kept = Team.load(later)
    assert kept.agents[0].skills["Latin"] == 7


def test_a_skill_that_is_no_column_is_an_error(log: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["learn", str(log), "-o", str(tmp_path / "t.json"), "--skill", "Colour"])
    assert done.exit_code == 3
    assert "is no column of this log" in done.output


def test_what_texts_teach_goes_to_assign(tmp_path: Path) -> None:
    log, team, texts, queue = (tmp_path / name for name in ("log.csv", "team.json", "texts.npz", "queue.json"))
    days = [
        f"{day},{word} number {day},{agent},{group},2026-03-{day:02} 09:00,2026-03-{day:02} 12:00,closed"
        for day in range(2, 30)
        for word, agent, group in [("φλορβλ", "ann", "Kilns"), ("zwrk", "bob", "Looms")][day % 2 :: 2]
    ]
    log.write_text(
        "\n".join(["number,short_description,assigned_to,assignment_group,opened_at,resolved_at,state", *days])
    )
    assert "28 texts, 2 skills" in run("learn", log, "-o", team, "--texts", texts)
    agents = [{"agent_id": "cem", "skills": {"Kilns": 8}}, {"agent_id": "dee", "skills": {"Looms": 8}}]
    tickets = [{"ticket_id": 1, "title": "zwrk again"}, {"ticket_id": 2, "title": "φλορβλ again"}]
    queue.write_text(json.dumps({"agents": agents, "tickets": tickets}))
    run("assign", queue, "--texts", texts, "--output", tmp_path / "plan.json")
    plan = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert [row["assigned_agent_id"] for row in plan["assignments"]] == ["dee", "cem"]
    assert "zwrk" in run("triage", queue, "--texts", texts)

"""A team as a text that people write into."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from support.simulated_history import Helpdesk, simulated_history
from ticketopt import Agent, InvalidInputError, Policy, read_queue
from ticketopt.history.learn import learn
from ticketopt.history.levels import OWN, PACE, TEAM
from ticketopt.history.team import STATED, Team
from ticketopt.problem.held import held_levels

HISTORY = simulated_history(Helpdesk(agents=8, groups=3, days=40, agent_sd=0.8)).history
TEAM_LEARNED = learn(HISTORY)
ADA = next(agent for agent in TEAM_LEARNED.agents if 1 <= len(agent.skills) < 3)
SKILL = next(iter(ADA.skills))
OTHER = next(f"group {g}" for g in range(3) if f"group {g}" not in ADA.skills)


def written(**changes: Any) -> Team:
    """The team with changes in one agent, through its text, as a person makes them."""
    data = json.loads(TEAM_LEARNED.to_json())
    agent = next(row for row in data["agents"] if row["agent_id"] == ADA.agent_id)
    agent.update(changes)
    return Team.from_json(json.dumps(data))


def test_the_text_says_all() -> None:
    again = Team.from_json(TEAM_LEARNED.to_json())
    assert again == TEAM_LEARNED
    assert again.to_json() == TEAM_LEARNED.to_json()


def test_a_level_is_on_one_line() -> None:
    line = next(line for line in TEAM_LEARNED.to_json().splitlines() if '"pace_share"' in line)
    assert '"value"' in line
    assert '"basis"' in line


def test_it_is_read_as_a_team(tmp_path: Path) -> None:
    path, tickets = tmp_path / "team.json", tmp_path / "queue.json"
    TEAM_LEARNED.save(path)
    tickets.write_text('[{"ticket_id": 1, "title": "VPN"}]')
    queue = read_queue(tickets, agents=path)
    assert queue.agents == TEAM_LEARNED.agents
    assert Team.load(path) == TEAM_LEARNED


def test_levels_rest_on_own_tickets_else_on_the_pace_else_on_the_team() -> None:
    own = TEAM_LEARNED.level(ADA.agent_id, SKILL)
    assert own.basis == OWN
    assert own.tickets >= 5
    assert own.value == ADA.skills[SKILL]
    assert TEAM_LEARNED.level(ADA.agent_id, SKILL.upper()) == own
    pace = TEAM_LEARNED.level(ADA.agent_id, OTHER)
    assert (pace.basis, pace.tickets) == (PACE, 0)
    newcomer = replace(TEAM_LEARNED, agents=(*TEAM_LEARNED.agents, Agent(agent_id="new")))
    level = newcomer.level("new", SKILL)
    assert level.basis == TEAM
    assert level.low < level.value < level.high


def test_words_say_how_sure() -> None:
    level = TEAM_LEARNED.level(ADA.agent_id, SKILL)
    words = TEAM_LEARNED.explain(ADA.agent_id, SKILL)
    assert f"{10 / level.value:.1f} times the working hours of the best on {SKILL}" in words
    assert f"{10 / level.high:.1f} to {10 / level.low:.1f}; {level.tickets} tickets" in words
    assert PACE in TEAM_LEARNED.explain(ADA.agent_id, OTHER)


@pytest.mark.parametrize(("agent", "skill"), [("nobody", SKILL), (ADA.agent_id, "knitting")])
def test_what_is_unknown_is_refused(agent: str, skill: str) -> None:
    with pytest.raises(InvalidInputError):
        TEAM_LEARNED.level(agent, skill)


class TestWhatAPersonWrites:
    def test_wins(self) -> None:
        team = written(skills={**ADA.skills, SKILL: 9.9}, capacity=3)
        assert team.level(ADA.agent_id, SKILL).basis == STATED
        assert team.level(ADA.agent_id, SKILL).value == 9.9
        assert STATED in team.explain(ADA.agent_id, SKILL)

    def test_survives_what_is_learned_next(self) -> None:
        team = written(skills={**ADA.skills, SKILL: 9.9, "Latin": 4}, capacity=3, languages=["la"])
        later = learn(HISTORY, keep=team, seed=9)
        kept = next(agent for agent in later.agents if agent.agent_id == ADA.agent_id)
        assert (kept.skills[SKILL], kept.skills["Latin"], kept.capacity, kept.languages) == (9.9, 4, 3, ("la",))
        others = [agent for agent in later.agents if agent.agent_id != ADA.agent_id]
        assert others == [agent for agent in learn(HISTORY, seed=9).agents if agent.agent_id != ADA.agent_id]

    def test_survives_twice(self) -> None:
        once = learn(HISTORY, keep=written(skills={**ADA.skills, SKILL: 9.9}), seed=9)
        twice = learn(HISTORY, keep=Team.from_json(once.to_json()), seed=10)
        assert twice.level(ADA.agent_id, SKILL).value == 9.9

    def test_a_skill_that_was_struck_out_stays_out(self) -> None:
        rest = {name: level for name, level in ADA.skills.items() if name != SKILL}
        later = learn(HISTORY, keep=written(skills=rest), seed=9)
        assert SKILL not in next(agent for agent in later.agents if agent.agent_id == ADA.agent_id).skills

    def test_who_was_struck_out_stays_out_and_who_was_added_stays(self) -> None:
        data = json.loads(TEAM_LEARNED.to_json())
        data["agents"] = [{"agent_id": "new", "skills": {SKILL: 2}}, *data["agents"][1:]]
        later = learn(HISTORY, keep=Team.from_json(json.dumps(data)), seed=9)
        names = {agent.agent_id for agent in later.agents}
        assert "new" in names
        assert TEAM_LEARNED.agents[0].agent_id not in names
        assert next(agent for agent in later.agents if agent.agent_id == "new").skills == {SKILL: 2}

    def test_counts_as_written_under_a_cautious_policy(self) -> None:
        agent = next(a for a in written(skills={**ADA.skills, SKILL: 9.9}).agents if a.agent_id == ADA.agent_id)
        assert held_levels(agent, Policy(cautious=True))[SKILL] == 9.9


def test_under_a_cautious_policy_agents_of_the_file_have_the_lower_ends() -> None:
    read = Team.from_json(TEAM_LEARNED.to_json())
    for agent in read.agents:
        assert held_levels(agent, Policy()) == agent.skills
        for skill, value in held_levels(agent, Policy(cautious=True)).items():
            level = TEAM_LEARNED.level(agent.agent_id, skill)
            assert value == level.low <= level.value


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (("learned",), 3, "learned"),
        (("learned", "skill"), None, "learned.skill"),
        (("learned", "evidence", "extra"), 1, "learned.evidence"),
        (("learned", "members", ADA.agent_id, "pace", "low"), "much", "pace.low"),
        (("agents",), [{"agent_id": "a", "skills": {"x": 11}}], "agents"),
    ],
)
def test_what_is_broken_is_named(path: tuple[str, ...], value: object, where: str) -> None:
    data = json.loads(TEAM_LEARNED.to_json())
    at = data
    for key in path[:-1]:
        at = at[key]
    if value is None:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    with pytest.raises(InvalidInputError) as error:
        Team.from_json(json.dumps(data))
    assert any(where in issue.path for issue in error.value.issues)

"""A team as a text that people write into."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from support.simulated_history import Helpdesk, simulated_history
from ticketopt import Agent, InvalidInputError, Policy, read_queue
from ticketopt.history.history import History
from ticketopt.history.learn import learn
from ticketopt.history.levels import OWN, PACE, TEAM
from ticketopt.history.team import STATED, Team
from ticketopt.problem.held import held_levels


@cache
def history() -> History:
    return simulated_history(Helpdesk(agents=8, groups=3, days=24, agent_sd=0.8)).history


@cache
def learned() -> Team:
    return learn(history())


@cache
def ada() -> Agent:
    return next(agent for agent in learned().agents if 1 <= len(agent.skills) < 3)


@cache
def a_skill() -> str:
    return next(iter(ada().skills))


@cache
def another_skill() -> str:
    return next(f"group {g}" for g in range(3) if f"group {g}" not in ada().skills)


def written(**changes: Any) -> Team:
    """The team with changes in one agent, through its text, as a person makes them."""
    data = json.loads(learned().to_json())
    agent = next(row for row in data["agents"] if row["agent_id"] == ada().agent_id)
    agent.update(changes)
    return Team.from_json(json.dumps(data))


def test_the_text_says_all() -> None:
    again = Team.from_json(learned().to_json())
    assert again == learned()
    assert again.to_json() == learned().to_json()


def test_a_level_is_on_one_line() -> None:
    line = next(line for line in learned().to_json().splitlines() if '"pace_share"' in line)
    assert '"value"' in line
    assert '"basis"' in line


def test_it_is_read_as_a_team(tmp_path: Path) -> None:
    path, tickets = tmp_path / "team.json", tmp_path / "queue.json"
    learned().save(path)
    tickets.write_text('[{"ticket_id": 1, "title": "VPN"}]')
    queue = read_queue(tickets, agents=path)
    assert queue.agents == learned().agents
    assert Team.load(path) == learned()


def test_levels_rest_on_own_tickets_else_on_the_pace_else_on_the_team() -> None:
    own = learned().level(ada().agent_id, a_skill())
    assert own.basis == OWN
    assert own.tickets >= 5
    assert own.value == ada().skills[a_skill()]
    assert learned().level(ada().agent_id, a_skill().upper()) == own
    pace = learned().level(ada().agent_id, another_skill())
    assert (pace.basis, pace.tickets) == (PACE, 0)
    newcomer = replace(learned(), agents=(*learned().agents, Agent(agent_id="new")))
    level = newcomer.level("new", a_skill())
    assert level.basis == TEAM
    assert level.low < level.value < level.high


def test_words_say_how_sure() -> None:
    level = learned().level(ada().agent_id, a_skill())
    words = learned().explain(ada().agent_id, a_skill())
    assert f"{10 / level.value:.1f} times the working hours of the best on {a_skill()}" in words
    assert f"{10 / level.high:.1f} to {10 / level.low:.1f}; {level.tickets} tickets" in words
    assert PACE in learned().explain(ada().agent_id, another_skill())


def test_what_is_unknown_is_refused() -> None:
    with pytest.raises(InvalidInputError):
        learned().level("nobody", a_skill())
    with pytest.raises(InvalidInputError):
        learned().level(ada().agent_id, "knitting")


class TestWhatAPersonWrites:
    def test_wins(self) -> None:
        team = written(skills={**ada().skills, a_skill(): 9.9}, capacity=3)
        assert team.level(ada().agent_id, a_skill()).basis == STATED
        assert team.level(ada().agent_id, a_skill()).value == 9.9
        assert STATED in team.explain(ada().agent_id, a_skill())

    def test_survives_what_is_learned_next(self) -> None:
        team = written(skills={**ada().skills, a_skill(): 9.9, "Latin": 4}, capacity=3, languages=["la"])
        later = learn(history(), keep=team, seed=9)
        kept = next(agent for agent in later.agents if agent.agent_id == ada().agent_id)
        assert (kept.skills[a_skill()], kept.skills["Latin"], kept.capacity, kept.languages) == (9.9, 4, 3, ("la",))
        others = [agent for agent in later.agents if agent.agent_id != ada().agent_id]
        assert others == [agent for agent in learn(history(), seed=9).agents if agent.agent_id != ada().agent_id]

    def test_survives_twice(self) -> None:
        once = learn(history(), keep=written(skills={**ada().skills, a_skill(): 9.9}), seed=9)
        twice = learn(history(), keep=Team.from_json(once.to_json()), seed=10)
        assert twice.level(ada().agent_id, a_skill()).value == 9.9

    def test_a_skill_that_was_struck_out_stays_out(self) -> None:
        rest = {name: level for name, level in ada().skills.items() if name != a_skill()}
        later = learn(history(), keep=written(skills=rest), seed=9)
        assert a_skill() not in next(agent for agent in later.agents if agent.agent_id == ada().agent_id).skills

    def test_who_was_struck_out_stays_out_and_who_was_added_stays(self) -> None:
        data = json.loads(learned().to_json())
        data["agents"] = [{"agent_id": "new", "skills": {a_skill(): 2}}, *data["agents"][1:]]
        later = learn(history(), keep=Team.from_json(json.dumps(data)), seed=9)
        names = {agent.agent_id for agent in later.agents}
        assert "new" in names
        assert learned().agents[0].agent_id not in names
        assert next(agent for agent in later.agents if agent.agent_id == "new").skills == {a_skill(): 2}

    def test_counts_as_written_under_a_cautious_policy(self) -> None:
        agent = next(a for a in written(skills={**ada().skills, a_skill(): 9.9}).agents if a.agent_id == ada().agent_id)
        assert held_levels(agent, Policy(cautious=True))[a_skill()] == 9.9


def test_under_a_cautious_policy_agents_of_the_file_have_the_lower_ends() -> None:
    read = Team.from_json(learned().to_json())
    for agent in read.agents:
        assert held_levels(agent, Policy()) == agent.skills
        for skill, value in held_levels(agent, Policy(cautious=True)).items():
            level = learned().level(agent.agent_id, skill)
            assert value == level.low <= level.value


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (("learned",), 3, "learned"),
        (("learned", "skill"), None, "learned.skill"),
        (("learned", "evidence", "extra"), 1, "learned.evidence"),
        (("learned", "members", "", "pace", "low"), "much", "pace.low"),
        (("agents",), [{"agent_id": "a", "skills": {"x": 11}}], "agents"),
    ],
)
def test_what_is_broken_is_named(path: tuple[str, ...], value: object, where: str) -> None:
    data = json.loads(learned().to_json())
    at = data
    for key in path[:-1]:
        at = at[key or ada().agent_id]
    if value is None:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    with pytest.raises(InvalidInputError) as error:
        Team.from_json(json.dumps(data))
    assert any(where in issue.path for issue in error.value.issues)

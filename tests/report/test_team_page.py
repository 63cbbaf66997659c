"""The page about a learned team."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from support.simulated_history import Helpdesk, simulated_history
from ticketopt.history.history import History
from ticketopt.history.learn import learn
from ticketopt.history.team import Team
from ticketopt.report.team_page import NO_MEASURE, team_html


@cache
def history() -> History:
    return simulated_history(Helpdesk(agents=11, groups=3, days=24, agent_sd=0.8)).history


@cache
def learned() -> Team:
    return learn(history())


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.partition("</style>")[2]))


def test_every_level_is_on_it_with_its_interval() -> None:
    words = text_of(team_html(learned()))
    for name, member in learned().learned.members.items():
        for skill, level in member.levels.items():
            row = f"{skill} {name} {level.value:g} {level.low:g} to {level.high:g} {level.tickets} {level.passed}"
            assert row in words
    assert str(learned().evidence) in words
    assert NO_MEASURE in words


def test_nobody_is_ranked() -> None:
    rows = re.findall(r"group (\d+) agent (\d+) [\d.]+ [\d.]+ to [\d.]+ \d+ \d+ own", text_of(team_html(learned())))
    order = [(int(group), int(agent)) for group, agent in rows]
    assert len(order) > 10
    assert order == sorted(order)


def test_what_leaves_with_one_person_is_named() -> None:
    members = dict(learned().learned.members)
    name = next(iter(members))
    members[name] = replace(members[name], support={**members[name].support, "Latin": 9})
    words = text_of(team_html(Team(learned().agents, replace(learned().learned, members=members))))
    assert f"nobody else is known for {name} Latin" in words


def test_whom_the_log_cannot_judge_is_named() -> None:
    members = dict(learned().learned.members)
    members["agent 3"] = replace(members["agent 3"], tickets=2, levels={}, support={}, pace=None)
    members["agent 4"] = replace(members["agent 4"], is_gone=True)
    words = text_of(team_html(Team(learned().agents, replace(learned().learned, members=members))))
    assert "Fewer than 5 routed tickets (1): agent 3." in words
    assert "inactive (1): agent 4." in words


def test_names_are_escaped_and_nothing_is_loaded() -> None:
    other = replace(history(), agents=("<script>alert(1)</script>", *history().agents[1:]))
    page = team_html(learn(other))
    assert "<script" not in page
    assert not re.search(r"(?:src|href)=", page)


def test_without_levels_it_says_why() -> None:
    team = learn(simulated_history(Helpdesk(agents=3, days=2)).history)
    words = text_of(team_html(team))
    assert "No levels are given: the log has too few resolved tickets" in words

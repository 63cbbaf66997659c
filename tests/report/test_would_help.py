"""What would help is said in whole numbers that somebody could act on, and is true when it is done."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import ticketopt
from ticketopt.report.waiting import Looked
from ticketopt.report.would_help import Help, helps, short_skills

LEAVE = {"availability_status": "on leave"}


def team(n: int, capacity: int, **more: Any) -> list[dict[str, Any]]:
    return [{"agent_id": f"a{k}", "name": f"P{k}", "capacity": capacity, **more} for k in range(n)]


def queue(n: int, **more: Any) -> list[dict[str, Any]]:
    return [{"ticket_id": f"t{k}", **more} for k in range(n)]


def of(tickets: list[dict[str, Any]], agents: list[dict[str, Any]], **options: Any) -> list[Help]:
    return helps(Looked.of(ticketopt.assign(tickets, agents, **options)))


def test_a_few_more_are_spread_over_the_team_and_asking_for_them_is_enough() -> None:
    agents = team(10, 8)
    (found,) = of(queue(83), agents)
    assert found.what == "t80, t81 and t82 wait because everybody who is here has a full day."
    assert found.ways[0] == "Ask P0, P1 and P2 to take 1 more ticket each; that is room for 3 tickets."
    roomier = [{**agent, "capacity": 9 if k < 3 else 8} for k, agent in enumerate(agents)]
    assert of(queue(83), roomier) == []
    assert found.ways[1:] == ("One more person.",)


def test_nobody_is_ever_asked_for_thirty_five_more() -> None:
    (found,) = of(queue(75, requires={"SAP": 3}), [*team(1, 40, skills={"SAP": 5}), {"agent_id": "x", "capacity": 40}])
    assert found.what == "35 tickets wait because P0 has a full day, and nobody else can take them."
    assert found.ways == ("One more person who knows SAP at level 3.",)
    (found,) = of(queue(40), team(1, 5))
    assert found.ways == (
        "There is more work than they can do at once: all of it would take 7 more people. "
        "What is least urgent waits for the next plan.",
    )


def test_somebody_who_is_away_is_named_with_what_they_could_take() -> None:
    away = {"agent_id": "v", "name": "Vik", "skills": {"SAP": 9}, "capacity": 2, **LEAVE}
    (found,) = of(queue(3, requires={"SAP": 8}), [*team(2, 5, skills={"SAP": 6}), away])
    assert found.what == "t0, t1 and t2 wait for somebody who knows SAP at level 8."
    assert found.ways == (
        "Vik could take 2 of them, but is not here (on leave).",
        "One more person who knows SAP at level 8.",
        "Or let P0, who knows SAP at level 6, take them with some help.",
    )


def test_languages_and_teams_are_part_of_whom_tickets_need() -> None:
    (found,) = of(queue(7, language="French", group="Legal"), team(2, 5, team="Legal", languages=["English"]))
    assert found.ways[-1] == "2 more people who speak French and are in Legal, with room for 5 tickets each."


def test_many_different_skills_are_not_asked_of_one_person() -> None:
    names = ["A", "B", "C", "D"]
    agents = team(2, 4, skills=dict.fromkeys(names, 5))
    tickets = [{"ticket_id": k, "requires": {names[k % 4]: 1}} for k in range(12)]
    (found,) = of(tickets, agents)
    assert "One more person who knows A, B or C." in found.ways


def test_units_are_called_work_where_tickets_differ_in_effort() -> None:
    (found,) = of([{"ticket_id": k, "effort": 2} for k in range(5)], team(2, 4))
    assert found.ways[0] == "Ask P0 and P1 to take 1 more unit of work each; that is room for 2 units of work."


def test_plans_that_serve_everybody_need_no_help() -> None:
    assert of(queue(3), team(3, 1)) == []
    assert of([], []) == []


def test_limits_are_not_a_shortage() -> None:
    (found,) = of(queue(3), team(1, 9), policy={"max_new_per_agent": 1})
    assert found.what == "t1 and t2 wait for a limit, not for people."
    assert found.ways == ("Raise the limit for today, or leave them for the next plan.",)


def test_skills_are_short_where_nobody_who_knows_them_well_enough_has_room() -> None:
    agents = [
        *team(1, 1, skills={"SAP": 9, "VPN": 9}),
        {"agent_id": "x", "capacity": 9, "skills": {"VPN": 1, "SAP": 2, "Go": 1}},
    ]
    tickets = [
        *queue(4, requires={"SAP": 5}),
        {"ticket_id": "v", "requires": {"VPN": 2}},
        {"ticket_id": "n", "requires": {"Go": 2}},
    ]
    result = ticketopt.assign(tickets, agents)
    found = [(skill.name, skill.waiting, skill.people) for skill in short_skills(Looked.of(result), 9)]
    assert sum(row[1] for row in found) == len(result.unassigned) == 5
    assert {row[0]: row[2] for row in found} == {"SAP": 1, "Go": 0} | ({"VPN": 1} if len(found) == 3 else {})
    assert len(short_skills(Looked.of(result), 1)) == 1
    assert short_skills(Looked.of(replace(result)), 0) == []


def test_what_a_minimum_match_keeps_back_waits_for_somebody_who_knows_enough() -> None:
    (found,) = of(queue(2, skills={"VPN": 1}), team(2, 5), policy={"min_match": 0.4})
    assert found.what == "t0 and t1 wait for somebody who knows VPN at level 4."
    assert found.ways == ("One more person who knows VPN at level 4.",)


def test_nobody_new_is_asked_for_what_is_meant_for_one_person() -> None:
    agents = team(2, 1)
    alone, several = (of(queue(n, pinned_agent="a0"), agents) for n in (2, 3))
    assert [(found.what, found.ways) for found in (*alone, *several)] == [
        (
            "t1 waits for the person it is meant for.",
            ("Let somebody else take it, or ask that person to take it on top.",),
        ),
        (
            "t1 and t2 wait for the people they are meant for.",
            ("Let others take them, or ask these people to take them on top.",),
        ),
    ]

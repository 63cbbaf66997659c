"""Bottlenecks of real problems: planted ones told in words, and every repair offered removes its shortage."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

import ticketopt
from support.strategies import make_problem, picker
from ticketopt import InvalidInputError


def azure_team() -> ticketopt.Problem:
    """Five Azure tickets for Ada, who has two slots; Bob knows a little; Cleo knows it, but is away."""
    tickets = [{"ticket_id": f"A{k}", "requires": {"Azure": 6}} for k in range(5)]
    tickets += [{"ticket_id": f"P{k}", "skills": {"Printers": 1}} for k in range(3)]
    agents = [
        {"agent_id": "ada", "name": "Ada", "skills": {"Azure": 9}, "capacity": 4, "current_load": 2},
        {"agent_id": "bob", "name": "Bob", "skills": {"Azure": 4, "Printers": 9}, "capacity": 9},
        {"agent_id": "cleo", "name": "Cleo", "skills": {"Azure": 8}, "capacity": 3, "availability_status": "away"},
    ]
    return ticketopt.build_problem(tickets, agents)


def test_a_planted_bottleneck_is_told_with_a_repair_of_each_kind():
    result = ticketopt.solve(azure_team())
    (found,) = result.bottlenecks()
    assert found.words == "5 tickets require Azure; 1 agent with 2 free slots can take them (Ada); short by 3."
    assert (found.ticket_ids, found.agent_ids) == (("A0", "A1", "A2", "A3", "A4"), ("ada",))
    assert (found.demand, found.free, found.short, dict(found.skills)) == (5, 2, 3, {"Azure": 5})
    assert set(found.rules) == {"availability", "skill_level"}
    assert set(found.left_out) == {decision.ticket_id for decision in result.unassigned}
    assert [(repair.kind, repair.size, dict(repair.agents)) for repair in found.repairs] == [
        ("slots", 3, {"ada": 3}),
        ("availability", 1, {"cleo": 3}),
        ("level", 5, {}),
        ("people", 1, {}),
    ]
    assert [repair.words for repair in found.repairs] == [
        "Add 3 free units: 3 for Ada.",
        "Make Cleo (3 free units) available.",
        "Require Azure 4 at most of 5 tickets.",
        "Add 1 person with Azure 6 (6 free units).",
    ]
    for repair in found.repairs:
        assert repair.unassigned == (3, 0)
        assert not ticketopt.solve(repair.problem).unassigned
    assert json.loads(json.dumps(found.to_dict()))["short"] == 3


def test_a_ticket_left_out_points_to_its_bottleneck_and_an_assigned_one_to_none():
    result = ticketopt.solve(azure_team())
    assert result.bottleneck_of("P0") is None
    assert result.bottleneck_of(result.unassigned[0].ticket_id).agent_ids == ("ada",)
    with pytest.raises(InvalidInputError, match="is not in the queue"):
        result.bottleneck_of("A9")


def test_no_bottleneck_where_everything_fits():
    problem = azure_team()
    printers = replace(problem, tickets=problem.tickets[5:], readings=problem.readings[5:])
    assert ticketopt.solve(printers).bottlenecks() == ()


@pytest.mark.parametrize(("is_unit", "count"), [(True, 60), (False, 20)])
def test_every_repair_removes_its_shortage_when_solved_again(is_unit, count):
    rng = np.random.default_rng(71)
    kinds = set()
    for _ in range(count):
        result = ticketopt.solve(make_problem(picker(rng), unit=is_unit, max_tickets=7))
        left_out = [decision.ticket_id for decision in result.unassigned]
        found = result.bottlenecks()
        pointed = [ticket_id for group in found for ticket_id in group.left_out]
        assert len(pointed) == len(set(pointed))
        assert set(pointed) <= set(left_out)
        if is_unit:
            assert set(pointed) == set(left_out)
        for group in found:
            if is_unit and group.agent_ids:
                assert {"slots", "people"} & {repair.kind for repair in group.repairs}
            for repair in group.repairs:
                again = ticketopt.solve(repair.problem)
                units = [
                    sum(t.effort for t in r.problem.tickets) - sum(load.assigned for load in r.loads)
                    for r in (result, again)
                ]
                assert units[0] - units[1] >= group.short > 0
                assert repair.unassigned == (len(left_out), len(again.unassigned))
                kinds.add(repair.kind)
    assert kinds == {"slots", "availability", "level", "people"} if is_unit else "slots" in kinds


def test_a_wide_group_is_short_by_what_the_narrow_one_in_it_leaves_and_nobody_is_asked_for_thirty_five():
    tickets = [{"ticket_id": k, "requires": {"x": 5}} for k in range(40)]
    tickets += [{"ticket_id": f"y{k}", "requires": {"y": 5}} for k in range(3)]
    agents = [
        {"agent_id": "a", "name": "Ann", "skills": {"x": 9}, "capacity": 5},
        {"agent_id": "b", "name": "Bea", "skills": {"x": 9, "y": 8}, "capacity": 2},
        {"agent_id": "c", "name": "Cid", "skills": {"x": 6}, "capacity": 20},
    ]
    result = ticketopt.assign(tickets, agents)
    narrow, wide = result.bottlenecks()
    assert (narrow.agent_ids, narrow.short, narrow.counted) == (("b",), 1, 0)
    assert (wide.agent_ids, wide.short, wide.counted) == (("a", "b", "c"), 15, 1)
    assert narrow.short + wide.short == len(result.unassigned)
    assert "short by 16, of which 1 is counted with smaller groups." in wide.words
    alone = ticketopt.assign(tickets[:40], agents[:1]).bottlenecks()
    assert [[repair.words for repair in group.repairs] for group in alone] == [
        ["Add 7 people with x 5 (5 free units each)."]
    ]


def test_units_to_add_are_spread_over_people():
    tickets = [{"ticket_id": k} for k in range(12)]
    agents = [{"agent_id": k, "name": f"N{k}", "capacity": 3} for k in range(3)]
    (found,) = ticketopt.assign(tickets, agents).bottlenecks()
    assert found.repairs[0].words == "Add 3 free units: 1 for N0, 1 for N1 and 1 for N2."
    assert found.words == "12 tickets; 3 agents with 9 free slots can take them (N0, N1, N2); short by 3."


def test_people_to_add_are_in_the_groups_that_are_short_of_them():
    tickets = [{"ticket_id": k, "group": "Night shift"} for k in range(3)]
    agents = [
        {"agent_id": "a", "name": "Ann", "team": "Day shift", "groups": ["night-shift"], "capacity": 1},
        {"agent_id": "b", "team": "Day shift", "capacity": 9},
    ]
    (found,) = ticketopt.solve(ticketopt.build_problem(tickets, agents)).bottlenecks()
    assert found.words == "3 tickets (rules: group); 1 agent with 1 free slot can take them (Ann); short by 2."
    assert "Add 1 person in Night shift (5 free units)." in [repair.words for repair in found.repairs]


def test_new_people_know_what_a_minimum_match_demands():
    tickets = [{"ticket_id": k, "skills": {"VPN": 3, "Wi-Fi": 1}} for k in range(3)]
    agents = [{"agent_id": "a", "skills": {"VPN": 9}, "capacity": 1}]
    (found,) = ticketopt.assign(tickets, agents, policy={"min_match": 0.4}).bottlenecks()
    assert {repair.kind: repair.unassigned for repair in found.repairs} == {"people": (2, 0)}
    (people,) = found.repairs
    assert people.words == "Add 2 people with VPN 4 and Wi-Fi 4 (1 free unit each)."

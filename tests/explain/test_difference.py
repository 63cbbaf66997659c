"""What changed between two plans: every move once, and savings that add up to the change of the objective."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np

import ticketopt
from support.strategies import make_problem, picker
from ticketopt.formulation.formulate import SCALE
from ticketopt.model.objective import feasible, objective
from ticketopt.model.rows import PackingRows


def test_savings_of_the_groups_add_up_to_the_change_of_the_objective():
    rng = np.random.default_rng(91)
    several = 0
    for _ in range(300):
        result = ticketopt.solve(make_problem(picker(rng), unit=bool(rng.integers(0, 2)), max_tickets=7))
        problem, model = result.problem, result.model
        before = rng.integers(-1, problem.n_agents, problem.n_tickets)
        ids = [None if j < 0 else problem.agents[j].agent_id for j in before.tolist()]
        earlier = {ticket.ticket_id: own for ticket, own in zip(problem.tickets, ids, strict=True)}
        found = result.diff(earlier)
        moved = {t.ticket_id for i, t in enumerate(problem.tickets) if before[i] != result.assignment[i]}
        assert sorted(move.ticket_id for move in found.moves) == sorted(moved)
        json.dumps(found.to_dict(), allow_nan=False)
        good = feasible(model, before)
        assert bool(found.breaks_before) == (not good)
        assert found.breaks_after == ()
        assert (found.saves is not None) == good
        for group in found.groups:
            assert (group.saves is None) == bool(group.broken)
        if feasible(replace(model, rows=PackingRows()), before):
            assert all(group.saves is not None for group in found.groups)
        if good:
            saved = objective(model, before) - objective(model, result.assignment)
            assert round(found.saves * SCALE) == saved
            parts = [(g.pairs, g.load, g.exits) for g in found.groups]
            assert sum(round(part * SCALE) for row in parts for part in row) == saved
        several += len(found.groups) > 1
    assert several > 5


def test_words_tell_moves_reasons_and_new_tickets():
    agents = [{"agent_id": "ada", "skills": {"VPN": 9}}, {"agent_id": "bob", "skills": {"VPN": 8}}]
    tickets = [{"ticket_id": 1, "skills": {"VPN": 1}}]
    first = ticketopt.assign(tickets, agents)
    assert first.assigned == {1: "ada"}
    away = [{**agents[0], "availability_status": "away"}, agents[1]]
    later = ticketopt.assign([*tickets, {"ticket_id": 2}], away)
    found = later.diff(first)
    assert found.arrived == (2,)
    assert found.saves is None
    assert str(found).splitlines() == [
        "1 moves from ada to bob: the earlier plan is not possible any more (1 cannot go to ada, who is away).",
        "1 ticket is new.",
    ]
    assert str(first.diff(first)) == "No ticket changed hands."


TEAM = [{"agent_id": "ada", "skills": {"VPN": 9}}, {"agent_id": "bob", "skills": {"VPN": 8}}]


def test_plans_of_different_queues_are_compared_on_the_tickets_that_both_know():
    """A new ticket used to count as left out by the earlier plan: its exit price was a saving."""
    first = ticketopt.assign([{"ticket_id": 1, "skills": {"VPN": 1}}, {"ticket_id": 9}], TEAM)
    later = ticketopt.assign([{"ticket_id": 1, "skills": {"VPN": 1}}, {"ticket_id": 2}, {"ticket_id": 3}], TEAM)
    same = later.diff(first)
    assert (same.groups, same.saves, same.common) == ((), 0.0, 1)
    assert (same.arrived, same.gone) == ((2, 3), (9,))
    moved = later.diff({1: "bob", 9: "ada"})
    (group,) = moved.groups
    assert abs(moved.saves) < 1
    assert group.exits == 0
    assert [move.ticket_id for move in moved.moves] == [1]
    assert str(moved).splitlines()[1:] == [
        "2 tickets are new.",
        "1 ticket is gone.",
        "What is saved is counted on the 1 ticket that both plans know.",
    ]


def test_an_agent_who_left_the_team_had_the_ticket_all_the_same():
    """It used to read "is taken in", and to save an exit price."""
    later = ticketopt.assign([{"ticket_id": 1}, {"ticket_id": 2}], TEAM, policy={"capacity": 1})
    found = later.diff({1: "eve", 2: later.assigned[2]})
    assert found.saves is None
    assert found.moves[0].from_agent == "eve"
    to = later.assigned[1]
    assert str(found) == (
        f"1 moves from eve to {to}: the earlier plan is not possible any more (eve is not in the team any more)."
    )
    nobody = ticketopt.assign([{"ticket_id": 1}], [{"agent_id": "ada", "capacity": 0}]).diff({1: "eve"})
    assert str(nobody).startswith("1 of eve is left out: the earlier plan is not possible any more (eve is")


def test_rules_that_a_plan_breaks_are_named_though_no_single_move_breaks_one():
    tickets = [{"ticket_id": k, "urgency": 0.9} for k in range(2)] + [{"ticket_id": 2, "urgency": 0.1}]
    policy = {"max_urgent_per_agent": 1, "capacity": 5}
    result = ticketopt.assign(tickets, TEAM, policy=policy)
    earlier = {0: "ada", 1: "ada", 2: result.assigned[2]}
    found = result.diff(earlier)
    assert found.saves is None
    assert len(found.breaks_before) == 1
    assert "The earlier plan breaks today's rules: ada " in str(found)
    broken = replace(result, assignment=np.array([0, 0, result.assignment[2]]))
    same = broken.diff(earlier)
    assert same.groups == ()
    assert same.breaks_after == same.breaks_before == found.breaks_before
    assert "This plan breaks rules: ada " in str(same)
    assert json.loads(json.dumps(same.to_dict()))["breaks_after"] == list(same.breaks_after)


def test_nothing_against_nothing():
    empty = ticketopt.assign([], [])
    assert (str(empty.diff(empty)), empty.diff({}).saves) == ("No ticket changed hands.", 0.0)

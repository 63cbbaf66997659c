"""Decision records: complete, hashed, and repeatable."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

import ticketopt
from support.strategies import make_problem, picker
from ticketopt import InvalidInputError
from ticketopt.problem.plain import fingerprint, plain_problem, problem_from_plain


def through_json(data):
    return json.loads(json.dumps(data, allow_nan=False))


@pytest.mark.parametrize("is_unit", [True, False])
def test_a_record_through_json_replays_to_the_same_decision(is_unit):
    rng = np.random.default_rng(101)
    for _ in range(40):
        result = ticketopt.solve(make_problem(picker(rng), unit=is_unit))
        again = ticketopt.replay(through_json(result.record()))
        assert again.is_same
        assert again.differences == again.notes == ()
        assert str(again) == "The same decision."
        assert again.result.assigned == result.assigned
        again = ticketopt.replay(through_json(result.to_dict()), problem=result.problem)
        assert again.is_same


def test_a_problem_survives_as_plain_data():
    rng = np.random.default_rng(102)
    for _ in range(60):
        problem = make_problem(picker(rng), unit=False)
        again = problem_from_plain(through_json(plain_problem(problem)))
        assert fingerprint(again) == fingerprint(problem)
        assert (again.tickets, again.agents, again.policy) == (problem.tickets, problem.agents, problem.policy)


def test_the_hash_changes_with_anything_that_matters_and_with_nothing_else():
    problem = ticketopt.build_problem(
        [{"ticket_id": 1, "title": "VPN down", "creation_timestamp": 5}],
        [{"agent_id": "a", "skills": {"VPN": 9, "SAP": 1}}],
    )
    own = fingerprint(problem)
    assert len(own) == 64
    turned = replace(problem, agents=[replace(problem.agents[0], skills={"SAP": 1.0, "VPN": 9.0})])
    assert fingerprint(turned) == own
    changes = [
        {"now": 6.0},
        {"policy": ticketopt.Policy(balance=0.6)},
        {"agents": [replace(problem.agents[0], current_load=1)]},
        {"tickets": [replace(problem.tickets[0], title="VPN up")]},
        {"readings": [replace(problem.readings[0], urgency=0.99)]},
    ]
    assert len({own, *(fingerprint(replace(problem, **change)) for change in changes)}) == 6


def test_a_changed_record_is_told_apart():
    result = ticketopt.assign([{"ticket_id": 1}, {"ticket_id": 2}], [{"agent_id": "a"}])
    data = through_json(result.record())
    data["decisions"][0]["agent_id"] = None
    data["objective"] = 1e9
    data["versions"]["numpy"] = "0.1"
    again = ticketopt.replay(data)
    assert not again.is_same
    assert again.differences[0] == "1 was with nobody and is with a"
    assert again.differences[1].startswith("the objective was 1000000000.0 and is ")
    assert again.notes[0].startswith("numpy was 0.1 and is ")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda data: data.pop("input"), "record.input: is missing"),
        (lambda data: data["input"].pop("tickets"), "holds no tickets"),
        (lambda data: data["input"]["tickets"][0].update(title="other"), "sha256: is not that of the input"),
        (lambda data: data["input"]["terms"].append("mine"), "give the table as `terms=`"),
        (lambda data: data.update(solver="magic"), "record.solver"),
        (lambda data: data["input"].pop("agents"), "is not complete"),
    ],
)
def test_a_record_that_cannot_be_replayed_says_why(change, words):
    data = through_json(ticketopt.assign([{"ticket_id": 1}], [{"agent_id": "a"}]).record())
    change(data)
    with pytest.raises(InvalidInputError, match=words):
        ticketopt.replay(data)


TEAM = [{"agent_id": f"g{j}", "skills": {s: 3 * j + k for k, s in enumerate("abc")}, "capacity": 14} for j in range(3)]


def queue(efforts):
    urgency = (0.1, 0.4, 0.7, 1.0)
    return [
        {"ticket_id": i, "skills": {"abc"[i % 3]: 1}, "urgency": urgency[i % 4], "effort": effort}
        for i, effort in enumerate(efforts)
    ]


@pytest.mark.parametrize("efforts", [[1] * 12, [1 + 5 * i % 8 for i in range(12)]])
@pytest.mark.parametrize("agents", [[], TEAM])
@pytest.mark.parametrize("solver", ["auto", "greedy"])
def test_a_record_of_tiers_replays_to_the_same_plan(efforts, agents, solver):
    policy = {"tiers": ["unassigned", "urgent_unassigned", "cost", "balance"]}
    result = ticketopt.assign(queue(efforts), agents, policy=policy, solver=solver, time_limit=60)
    again = ticketopt.replay(through_json(result.record()), time_limit=60)
    assert again.is_same, str(again)
    assert again.result.tiers == result.tiers


def test_a_record_of_tiers_that_several_backends_solved_is_replayed_by_auto():
    policy = {"tiers": ["unassigned", "cost"]}
    data = ticketopt.assign(queue([1, 2, 3]), TEAM, policy=policy).record()
    assert ticketopt.replay({**data, "solver": "network, price_guided"}).is_same
    with pytest.raises(InvalidInputError, match=r"record\.solver"):
        ticketopt.replay({**data, "solver": "network, magic"})
    other = ticketopt.replay({**data, "tiers": [{**data["tiers"][0], "value": 3.0}, data["tiers"][1]]})
    assert not other.is_same
    assert other.differences[0].startswith("the tiers was")


@pytest.mark.parametrize("efforts", [[1] * 12, [1 + 5 * i % 8 for i in range(12)]])
@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"change_cost": 0.7},
        {"max_changes": 1},
        {"freeze": [2, 5]},
        {"change_cost": 0.1, "max_changes": 2, "freeze": [2]},
    ],
)
def test_a_record_of_resolve_replays_to_the_same_plan(efforts, asked):
    problem = ticketopt.build_problem(queue(efforts), TEAM)
    previous = {i: f"g{i % 3}" for i in range(0, 12, 2)} | {2: "g1", 5: "g2", "gone": "g1", 7: "gone"}
    result = ticketopt.resolve(problem, previous=previous, time_limit=60, **asked)
    again = ticketopt.replay(through_json(result.record()), time_limit=60)
    assert again.is_same, str(again)
    assert again.result.resolved == result.resolved


def test_what_resolve_was_asked_stands_in_its_records_only():
    problem = ticketopt.build_problem(queue([1, 2, 3]), TEAM)
    first = ticketopt.solve(problem)
    assert "resolve" not in first.record()
    result = ticketopt.resolve(problem, previous=first, change_cost=1.0, max_changes=1, freeze=[0])
    assert "resolve" not in result.to_dict()
    assert result.record()["resolve"] == {
        "previous": [[own, agent] for own, agent in first.assigned.items()],
        "change_cost": 1.0,
        "max_changes": 1,
        "freeze": [0],
        "is_binding": False,
    }
    with pytest.raises(InvalidInputError, match=r"what `Result\.record` returned for the plan of `resolve`"):
        ticketopt.replay(result.to_dict(), problem=problem)
    broken = result.record()
    del broken["resolve"]["freeze"]
    with pytest.raises(InvalidInputError, match=r"record\.resolve: is not complete"):
        ticketopt.replay(broken)


def test_tiers_in_the_policy_do_not_change_how_a_plan_of_resolve_is_replayed():
    problem = ticketopt.build_problem(queue([1] * 6), TEAM, policy={"tiers": ["unassigned", "balance"]})
    result = ticketopt.resolve(problem, previous={0: "g1"}, change_cost=1.0)
    assert ticketopt.replay(through_json(result.record())).is_same

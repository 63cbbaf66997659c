"""Decision records: complete, hashed, and repeatable."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

import ticketopt
from explain_cases import small_problem
from ticketopt import InvalidInputError
from ticketopt.fingerprint import fingerprint, plain_problem, problem_from_plain


def through_json(data):
    return json.loads(json.dumps(data, allow_nan=False))


@pytest.mark.parametrize("is_unit", [True, False])
def test_a_record_through_json_replays_to_the_same_decision(is_unit):
    rng = np.random.default_rng(101)
    for _ in range(40):
        result = ticketopt.solve(small_problem(rng, is_unit=is_unit))
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
        problem = small_problem(rng, is_unit=False)
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
        {"readings": [replace(problem.read[0], urgency=0.99)]},
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

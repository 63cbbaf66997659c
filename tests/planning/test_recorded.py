"""Results read back from their records: the very same, solved by nobody, and refused where anything was changed."""

from __future__ import annotations

import json

import numpy as np
import pytest

import ticketopt
from support.strategies import make_problem, picker
from ticketopt import InvalidInputError, Result
from ticketopt.formulation.costs import COST_TERMS, CostTerm
from ticketopt.planning import recorded

TICKETS = [{"ticket_id": k, "title": f"VPN drops {k}", "urgency": 0.2 * k, "effort": 1} for k in range(1, 5)]
AGENTS = [
    {"agent_id": "ada", "skills": {"VPN": 9}, "capacity": 2},
    {"agent_id": 7, "name": "Bob", "skills": {"VPN": 4}, "capacity": 1},
]


def kept(result):
    return json.dumps(result.record(), allow_nan=False)


def is_same(again, result):
    return again.to_json() == result.to_json() and kept(again) == kept(result)


@pytest.mark.parametrize("is_unit", [True, False])
def test_random_plans_come_back_to_the_byte(is_unit):
    rng = np.random.default_rng(103)
    for _ in range(30):
        result = ticketopt.solve(make_problem(picker(rng), unit=is_unit))
        again = Result.from_json(kept(result))
        assert is_same(again, result)
        assert again.decisions == result.decisions
        assert again.loads == result.loads
        assert again.warnings == result.warnings
        assert again.summary() == result.summary()
        assert ticketopt.verify(result.problem, again) == []


def test_nothing_is_solved(monkeypatch):
    text = kept(ticketopt.assign(TICKETS, AGENTS))
    monkeypatch.setattr("ticketopt.solvers.auto.solve_model", None)
    monkeypatch.setattr("ticketopt.planning.solve.solve_model", None)
    assert Result.from_json(text).assigned == {2: 7, 3: "ada", 4: "ada"}


@pytest.mark.parametrize("effort", [1, 2])
def test_tiers_come_back(effort):
    tickets = [{**ticket, "effort": 1 + k % effort} for k, ticket in enumerate(TICKETS)]
    result = ticketopt.assign(tickets, AGENTS, policy={"tiers": ["urgent_unassigned", "unassigned", "cost"]})
    again = Result.from_json(kept(result))
    assert is_same(again, result)
    assert again.tiers == result.tiers


@pytest.mark.parametrize(
    "asked",
    [
        {"change_cost": 0.5},
        {"max_changes": 0, "freeze": [4]},
        {"max_changes": 1},
        {"max_changes": 9, "change_cost": 0.01},
    ],
)
def test_what_resolve_made_comes_back_and_can_be_made_again(asked):
    problem = ticketopt.build_problem(TICKETS, AGENTS)
    result = ticketopt.resolve(problem, previous={1: "ada", 3: 7, 4: "ada"}, **asked)
    again = Result.from_json(kept(result))
    assert is_same(again, result)
    assert list(again.constraints) == list(result.constraints)
    assert ticketopt.replay(json.loads(kept(result))).is_same


def test_random_plans_of_resolve_come_back():
    rng = np.random.default_rng(104)
    n_binding = 0
    for k in range(40):
        problem = make_problem(picker(rng), unit=k % 2 == 0)
        agents = [agent.agent_id for agent in problem.agents]
        previous = {t.ticket_id: agents[i % len(agents)] for i, t in enumerate(problem.tickets)} if agents else {}
        try:
            result = ticketopt.resolve(problem, previous=previous, max_changes=k % 3, change_cost=(k % 2) / 10)
        except InvalidInputError:  # no plan has so few changes
            continue
        n_binding += result.resolved["is_binding"]
        assert is_same(Result.from_json(kept(result)), result)
    assert n_binding == 3


def test_tables_of_ones_own_are_given_again():
    even = CostTerm("even ids are dear", 0.3, lambda p: np.tile([[0.0]], (p.n_tickets, p.n_agents)) + 0.5)
    terms = {**COST_TERMS, "even": even}
    result = ticketopt.solve(ticketopt.build_problem(TICKETS, AGENTS), terms=terms)
    with pytest.raises(InvalidInputError, match=r"record.input.terms: are .*even; give the table as `terms=`"):
        Result.from_json(kept(result))
    assert is_same(Result.from_json(kept(result), terms=terms), result)


def test_without_the_input_there_is_nothing_to_check_against():
    with pytest.raises(InvalidInputError, match=r"record.input: holds no tickets; keep `Result.record\(\)`"):
        Result.from_json(ticketopt.assign(TICKETS, AGENTS).to_json())


def swap(data):
    data["decisions"][2]["agent_id"], data["decisions"][3]["agent_id"] = 7, 7


TAMPERED = {
    "objective": (lambda d: d.update(objective=d["objective"] + 1), ["record (objective)"]),
    "cost": (lambda d: d.update(cost=0.0), ["record (cost)"]),
    "status": (lambda d: d.update(status="feasible"), ["record (status)"]),
    "bound": (lambda d: d.update(lower_bound=d["lower_bound"] - 1), ["record (status)", "record.gap"]),
    "gap": (lambda d: d.update(gap=0.5), ["record.gap"]),
    "plan": (swap, ["record (capacity)"]),
    "title": (lambda d: d["input"]["tickets"][0].update(title="x"), ["record.input.sha256"]),
    "evidence": (
        lambda d: d["decisions"][0]["evidence"][0].update(words="x"),
        ["record.decisions[0].evidence[0].words"],
    ),
    "load": (lambda d: d["loads"][1].update(after=9), ["record.loads[1].after"]),
    "words": (
        lambda d: d["assignments"][0].update(rationale="because"),
        ["record.assignments[0].rationale"],
    ),
    "stranger": (lambda d: d["decisions"][0].update(agent_id="eve"), ["record.decisions"]),
    "ticket": (lambda d: d["decisions"].pop(), ["record.decisions", "record (status)"]),
    "policy": (lambda d: d["input"]["policy"].update(balance=3), ["record.input.sha256"]),
    "seed": (lambda d: d.pop("seed"), ["record"]),
    "several": (
        lambda d: d.update(objective=0.0, cost=0.0, gap=1.0),
        ["record (objective)", "record (cost)", "record.gap"],
    ),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_what_was_changed_is_named(name):
    change, paths = TAMPERED[name]
    data = json.loads(kept(ticketopt.assign(TICKETS, AGENTS)))
    change(data)
    with pytest.raises(InvalidInputError) as caught:
        Result.from_json(json.dumps(data))
    assert set(paths) <= {issue.path for issue in caught.value.issues}, str(caught.value)


def test_texts_are_not_repeated():
    data = json.loads(kept(ticketopt.assign(TICKETS, AGENTS)))
    data["decisions"][0]["evidence"][0]["words"] = "my secret"
    with pytest.raises(InvalidInputError) as caught:
        Result.from_json(json.dumps(data))
    assert "secret" not in str(caught.value)


def test_a_newer_format_says_who_can_read_it():
    data = json.loads(kept(ticketopt.assign(TICKETS, AGENTS)))
    data["format"] = recorded.FORMAT + 1
    data["versions"]["ticketopt"] = "9.9"
    with pytest.raises(InvalidInputError, match=r"record.format: is 2; this version reads up to 1; read it with .*9.9"):
        Result.from_json(json.dumps(data))


def test_a_field_that_is_not_known_yet_says_which_version_knows_it():
    data = json.loads(kept(ticketopt.assign(TICKETS, AGENTS)))
    data["versions"]["ticketopt"] = "9.9"
    data["input"]["tickets"][0]["mood"] = "glad"
    with pytest.raises(InvalidInputError, match=r"(?s)unexpected keyword argument 'mood'.*read it with ticketopt 9\.9"):
        Result.from_json(json.dumps(data))


def test_an_older_record_without_a_format_is_read():
    result = ticketopt.assign(TICKETS, AGENTS)
    data = json.loads(kept(result))
    del data["format"]
    assert is_same(Result.from_json(json.dumps(data)), result)


def test_another_version_may_say_it_in_other_words_but_not_in_other_numbers():
    data = json.loads(kept(ticketopt.assign(TICKETS, AGENTS)))
    data["versions"]["ticketopt"] = "0.0.1"
    data["assignments"][0]["rationale"] = "Given to Bob."
    data["something_newer"] = 1
    again = Result.from_json(json.dumps(data))
    assert again.versions["ticketopt"] == "0.0.1"
    assert again[2].rationale.startswith("Assigned to Bob")
    data["cost"] += 1
    with pytest.raises(InvalidInputError, match=r"or read it with ticketopt 0\.0\.1"):
        Result.from_json(json.dumps(data))


@pytest.mark.parametrize("text", ["[]", "{", '{"input": 3}', b"\xff", '{"versions": 3, "format": "x"}'])
def test_what_is_no_record_is_an_error(text):
    with pytest.raises(InvalidInputError):
        Result.from_json(text)


def test_warnings_come_back_in_their_parts():
    tickets = [*TICKETS, {"ticket_id": 9, "title": "x", "nonsense": 3}]
    with pytest.warns(ticketopt.InputWarning):
        result = ticketopt.assign(tickets, AGENTS)
    assert Result.from_json(kept(result)).warnings == result.warnings

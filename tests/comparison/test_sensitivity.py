"""One setting at a time: what moves is what solving anew moves, and the parts add up to the objective."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

import ticketopt
from support.strategies import make_problem, picker
from ticketopt import InvalidInputError, Policy, sensitivity, solve
from ticketopt.model.objective import feasible, objective

SCALE = 100_000


def changed(problem: ticketopt.Problem, by: str, value: float) -> ticketopt.Problem:
    policy = problem.policy
    if by in ("balance", "min_match"):
        return replace(problem, policy=replace(policy, **{by: value}))
    return replace(problem, policy=replace(policy, weights={**policy.weights, by: value}))


def test_every_row_is_what_solving_anew_finds() -> None:
    rng = np.random.default_rng(105)
    n_moved = 0
    for _ in range(4):
        problem = make_problem(picker(rng), unit=True)
        problem = replace(problem, policy=replace(problem.policy, tiers=()))
        base = solve(problem)
        found = sensitivity(problem, factors=[0, 3], matches=[0.5])
        for row in found.rows:
            result = solve(changed(problem, row.by, row.value))
            plan, worth = result.assignment, partial(objective, result.model)
            if feasible(result.model, base.assignment) and worth(base.assignment) == worth(plan):
                plan = base.assignment  # another plan that is as good is no reason to move
            assert row.moved == (plan != base.assignment).sum()
            assert row.waiting == (plan < 0).sum() - (base.assignment < 0).sum()
            whole = objective(base.model, plan) - objective(base.model, base.assignment)
            assert round((row.pairs + row.load + row.exits) * SCALE) == whole
            assert row.by == "min_match" or whole >= 0  # the plan as it is was the best by its own weights
            n_moved += row.moved
    assert n_moved > 0


def test_settings_stand_by_what_they_move_and_values_rise() -> None:
    tickets = [{"ticket_id": k, "skills": {"VPN": 1}} for k in range(4)]
    agents = [{"agent_id": "ada", "skills": {"VPN": 9}}, {"agent_id": "bob", "skills": {"VPN": 5}}]
    problem = ticketopt.build_problem(tickets, agents, policy={"capacity": 4, "balance": 0.01})
    found = sensitivity(problem, factors=[0, 100], matches=[0.8])
    rows = found.by_setting()
    assert next(iter(rows)) == "balance"
    assert [(row.value, row.moved) for row in rows["balance"]] == [(0.0, 0), (1.0, 1)]
    assert [(row.value, row.waiting) for row in rows["min_match"]] == [(0.8, 0)]
    assert found.match == pytest.approx(0.9)
    words = list(found.words())
    assert words[0] == "balance: at 1 in place of 0.01, 1 ticket of 4 would move."
    assert "min_match: at 0.8 in place of 0, nothing would move." in words
    assert str(found) == "\n".join(words)


def test_a_minimum_match_says_who_would_wait() -> None:
    tickets = [{"ticket_id": k, "skills": {"VPN": 1}, "urgency": 0.9} for k in range(2)]
    problem = ticketopt.build_problem(tickets, [{"agent_id": "bob", "skills": {"VPN": 5}, "capacity": 9}])
    found = sensitivity(problem, factors=[], matches=[0.2, 0.5, 0.6])
    assert [(row.value, row.moved, row.waiting, row.urgent_waiting) for row in found.rows] == [
        (0.2, 0, 0, 0),
        (0.5, 0, 0, 0),
        (0.6, 2, 2, 2),
    ]
    assert found.rows[2].exits > 0 and found.rows[2].match is None
    assert str(found) == "min_match: at 0.6 in place of 0, 2 tickets of 2 would move, +2 would wait (+2 urgent)."


def test_another_plan_that_is_as_good_moves_nothing() -> None:
    tickets = [{"ticket_id": k, "skills": {"VPN": 1}} for k in range(2)]
    twins = [{"agent_id": name, "skills": {"VPN": 5}, "current_load": k} for k, name in enumerate("ab")]
    problem = ticketopt.build_problem(tickets, twins, policy={"capacity": 5, "weights": {"waiting": 0}})
    found = sensitivity(problem, factors=[0, 0.5, 2], matches=[])
    assert {row.moved for row in found.rows} == {0}


def test_weights_stay_in_their_range_and_zero_ones_are_left_out() -> None:
    policy = Policy(balance=60, weights={"skill_gap": 0})
    problem = ticketopt.build_problem([{"ticket_id": 1}], [{"agent_id": 1}], policy=policy)
    rows = sensitivity(problem, factors=[2], matches=[]).by_setting()
    assert [row.value for row in rows["balance"]] == [100]
    assert "skill_gap" not in rows


def test_a_policys_own_minimum_is_the_least() -> None:
    problem = ticketopt.build_problem([{"ticket_id": 1}], [{"agent_id": 1}], policy={"min_match": 0.5})
    assert [row.value for row in sensitivity(problem, factors=[]).rows] == [0.6]


def test_every_wrong_value_is_named() -> None:
    problem = ticketopt.build_problem([], [])
    with pytest.raises(InvalidInputError) as caught:
        sensitivity(problem, factors=[-1, 2], matches=[3])
    assert [issue.path for issue in caught.value.issues] == ["factors[0]", "matches[0]"]


def test_it_is_data_a_frame_and_html() -> None:
    problem = ticketopt.build_problem([{"ticket_id": 1}], [{"agent_id": 1}])
    found = sensitivity(problem)
    assert len(found.to_dict()["rows"]) == len(found.to_frame()) == len(found.rows)
    assert "<table" in found._repr_html_()

"""Policies beside the problem's own: numbers that can be counted by hand, and words that say the same."""

from __future__ import annotations

import numpy as np
import pytest

import ticketopt
from ticketopt import InvalidInputError, Policy, compare_policies
from ticketopt.comparison.policies import YOURS, mean_match
from ticketopt.formulation.constraints import CONSTRAINTS, Constraint

AGENTS = [{"agent_id": "ada", "skills": {"VPN": 9}}, {"agent_id": "bob", "skills": {"VPN": 6}}]


def queue(n: int = 4, **policy: object) -> ticketopt.Problem:
    tickets = [{"ticket_id": k, "skills": {"VPN": 1}, "urgency": (k + 1) / n} for k in range(n)]
    return ticketopt.build_problem(tickets, AGENTS, policy={"capacity": 4, "balance": 0.01, **policy})


def test_the_presets_are_compared_with_the_problems_own_policy() -> None:
    found = compare_policies(queue())
    assert [plan.name for plan in found.plans] == [YOURS, "urgent first", "keep it even", "best match"]
    own, even = found[YOURS], found["keep it even"]
    assert (own.served, own.waiting, own.urgent_waiting, own.moved) == (4, 0, 0, 0)
    assert own.match == own.urgent_match == pytest.approx(0.9)
    assert own.load_spread == 2.0  # all four with ada
    assert (even.served, even.moved, even.load_spread) == (4, 2, 0.0)
    assert even.match == pytest.approx(0.75)
    assert (
        own.words
        == "4 of 4 tickets are served, no urgent one waits. The mean match is 90 %; the spread of loads is 2.0 units."
    )
    assert even.words.startswith("2 tickets move. The mean match falls from 90 % to 75 %; ")
    assert even.words.endswith("the spread of loads falls from 2.0 to 0.0.")
    assert found["best match"].words == "The plan stays the same."


def test_what_a_minimum_match_costs_is_told_in_tickets_that_wait() -> None:
    problem = queue(6)
    found = compare_policies(problem, {"masters": Policy(capacity=4, min_match=0.8)})
    plan = found["masters"]
    assert (plan.served, plan.waiting, plan.urgent_waiting) == (4, 2, 0)
    assert plan.result.problem.policy.min_match == 0.8
    assert "Tickets that wait rise from 0 to 2" in plan.words


def test_moved_counts_every_ticket_with_another_agent() -> None:
    problem = queue(7)
    found = compare_policies(problem)
    for plan in found.plans:
        own, theirs = found[YOURS].result.assigned, plan.result.assigned
        assert plan.moved == sum(own.get(k) != theirs.get(k) for k in range(7))
        assert plan.match == pytest.approx(np.mean([0.9 if a == "ada" else 0.6 for a in theirs.values()]))
        assert ticketopt.verify(plan.result.problem, plan.result) == []


def test_own_rules_hold_in_every_plan() -> None:
    rule = Constraint(
        "not ada", "not_ada", lambda problem, given: iter(()), mask=lambda p: np.tile([False, True], (p.n_tickets, 1))
    )
    found = compare_policies(queue(2), constraints={**CONSTRAINTS, "not_ada": rule})
    assert all(set(plan.result.assigned.values()) == {"bob"} for plan in found.plans)


def test_a_name_that_is_taken_is_an_error() -> None:
    with pytest.raises(InvalidInputError, match="give it another name"):
        compare_policies(queue(), {YOURS: Policy()})


@pytest.mark.parametrize("n", [0, 3])
def test_nobody_and_nothing(n: int) -> None:
    tickets = [{"ticket_id": k} for k in range(n)]
    found = compare_policies(ticketopt.build_problem(tickets, []))
    assert {(plan.served, plan.waiting, plan.match, plan.moved) for plan in found.plans} == {(0, n, None, 0)}
    assert mean_match(found.plans[0].result.problem, found.plans[0].result.assignment) is None


def test_it_is_data_a_frame_and_html() -> None:
    found = compare_policies(queue())
    assert [row["name"] for row in found.to_dict()["plans"]] == list(found.to_frame()["name"])
    assert "<table" in found._repr_html_()
    assert str(found).splitlines()[2].startswith("keep it even: 2 tickets")
    with pytest.raises(KeyError):
        found["nothing"]

"""Decisions are worked out when somebody looks, each part once, and are the same then."""

from __future__ import annotations

import pickle
from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ticketopt.explain import rationale
from ticketopt.formulation.costs import COST_TERMS
from ticketopt.planning import decisions
from ticketopt.planning.solve import solve
from ticketopt.problem.problem import Problem
from ticketopt.problem.records import Agent, Ticket


@pytest.fixture
def problem() -> Problem:
    tickets = [Ticket(ticket_id=k, skills={"VPN": 1}, urgency=k / 10) for k in range(3)]
    return Problem(tickets, [Agent(agent_id="a", skills={"VPN": 9}, capacity=2)])


def test_nothing_is_said_before_somebody_looks(problem: Problem, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Counter[str]()

    def counted(name: str, make: Any) -> Any:
        return lambda *given, **more: asked.update([name]) or make(*given, **more)

    for name in ("sentences", "reasons", "terms_at"):
        monkeypatch.setattr(decisions, name, counted(name, getattr(decisions, name)))
    result = solve(problem)
    assert (result.assigned, result.summary()) == (
        {1: "a", 2: "a"},
        "2 of 3 tickets assigned, optimal by network (proven optimal)",
    )
    assert asked == {}
    assert [decision.ticket_id for decision in result.unassigned] == [0]
    assert asked == {"reasons": 1}
    assert list(result.to_frame()["rationale"]) == [decision.rationale for decision in result.decisions]
    assert result.unassigned == result.decisions[:1] and len(result.to_dict()["decisions"]) == 3
    assert asked == {"sentences": 1, "reasons": 1, "terms_at": 1}


def test_a_pickled_result_says_the_same(problem: Problem) -> None:
    result = solve(problem)
    again = pickle.loads(pickle.dumps(result))
    assert again.to_json() == result.to_json()
    assert again.decisions == result.decisions and again.loads == result.loads == result.loads[:]
    assert again.unassigned == result.unassigned and again.to_frame().equals(result.to_frame())


def test_changed_decisions_are_shown_as_they_are(problem: Problem) -> None:
    result = solve(problem)
    other = replace(result.decisions[2], rationale="by hand")
    changed = replace(result, decisions=(*result.decisions[:2], other))
    assert changed.to_frame()["rationale"][2] == changed[2].rationale == "by hand"
    assert result[2].terms == {name: 0.0 for name in COST_TERMS if name != "account"} | {
        "skill_gap": 0.1,
        "urgency": 0.02,
    }


def test_sentences_can_be_asked_for_a_few_tickets(problem: Problem) -> None:
    result = solve(problem)
    found = rationale.sentences(problem, result.model, result.assignment, np.array([2]))
    assert list(found) == [result[2].rationale]

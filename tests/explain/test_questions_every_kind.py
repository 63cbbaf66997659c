"""Every question to every kind of problem, and to plans that are not the best: no error, no word against the facts."""

from __future__ import annotations

import random
from typing import Any

import pytest

import ticketopt

KINDS: dict[str, dict[str, Any]] = {
    "unit": {},
    "rows": {"policy": {"max_urgent_per_agent": 1}},
    "unlimited": {"policy": {"capacity": None}, "agent": {"capacity": None}},
    "unequal effort": {"ticket": {"effort": 3}, "agent": {"capacity": 5}},
    "effort by agent": {"ticket": {"effort": 3, "effort_by_agent": {"g0": 1}}, "agent": {"capacity": 5}},
    "experts": {"ticket": {"effort": 4}, "agent": {"capacity": 7}, "policy": {"expert_saving": 0.5}},
    "offline": {"agent": {"availability_status": "away"}},
    "no tickets": {"tickets": 0},
    "no agents": {"agents": 0},
}


def problem(kind: str) -> ticketopt.Problem:
    rng, given = random.Random(3), KINDS[kind]
    tickets = [
        {"ticket_id": i, "skills": {rng.choice("abc"): 1}, "urgency": rng.choice([0.1, 0.5, 0.9])}
        | given.get("ticket", {})
        for i in range(given.get("tickets", 10))
    ]
    agents = [
        {"agent_id": f"g{j}", "skills": {s: rng.randint(0, 10) for s in "abc"}, "capacity": 2} | given.get("agent", {})
        for j in range(given.get("agents", 4))
    ]
    return ticketopt.build_problem(tickets, agents, policy=given.get("policy"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("solver", ["auto", "greedy"])
@pytest.mark.filterwarnings("ignore::ticketopt.InputWarning")
def test_every_question_is_answered_and_tells_no_limit_that_is_not_there(kind: str, solver: str) -> None:
    result = ticketopt.solve(problem(kind), solver=solver)
    left_out = [decision.ticket_id for decision in result.unassigned]
    for value, agent in zip(result.slot_values(), result.problem.agents, strict=True):
        assert value.free == agent.capacity
        assert value.one_more >= 0
        assert value.one_fewer is None or value.one_fewer >= 0
        if kind in ("unlimited", "offline", "no tickets"):
            assert (value.one_more, value.one_fewer) == (0, 0)
    for taught in result.skill_values(2, time_limit=0.5):
        assert 0 <= taught.saves <= taught.at_most
        assert taught.is_proven == (taught.saves == taught.at_most)
    groups = result.bottlenecks(time_limit=0.5)
    assert kind != "unit" or sum(group.short for group in groups) == len(left_out)
    assert all(group.demand - group.free == group.short + group.counted for group in groups)
    if kind != "rows":
        assert not any("limit" in decision.rationale for decision in result.decisions)
    difference = result.diff(ticketopt.solve(result.problem, solver="greedy"))
    assert difference.saves is not None
    assert (difference.breaks_before, difference.breaks_after) == ((), ())

"""Below a minimum match a ticket waits rather than going to somebody who knows too little of it."""

from __future__ import annotations

from typing import Any

import pytest

import ticketopt

AGENTS = [
    {"agent_id": "a", "skills": {"VPN": 8}, "capacity": 1},
    {"agent_id": "b", "skills": {"Wi-Fi": 3}, "capacity": 9},
]


def plan(tickets: list[dict[str, Any]], **policy: Any) -> dict[Any, Any]:
    rows = [{"ticket_id": k, **ticket} for k, ticket in enumerate(tickets)]
    return dict(ticketopt.assign(rows, AGENTS, policy=policy).assigned)


def test_who_knows_nothing_of_it_gets_it_only_where_nothing_is_demanded() -> None:
    vpn: dict[str, Any] = {"skills": {"VPN": 1}}
    assert sorted(plan([vpn, vpn]).values()) == ["a", "b"]
    assert list(plan([vpn, vpn], min_match=0.1).values()) == ["a"]
    assert plan([{"skills": {"Wi-Fi": 1}}], min_match=0.3) == {0: "b"}
    assert plan([{"skills": {"Wi-Fi": 1}}], min_match=0.31) == {}


def test_importances_count_squared_as_in_the_cost() -> None:
    both = {"skills": {"VPN": 2, "Wi-Fi": 1}}  # a matches 4/5 of 0.8, b 1/5 of 0.3
    assert plan([both], min_match=0.64) == {0: "a"}
    assert plan([both], min_match=0.65) == {}


def test_tickets_that_want_nothing_or_are_pinned_go_as_before() -> None:
    assert plan([{}, {"skills": {"VPN": 1}, "pinned_agent": "b"}], min_match=1).keys() == {0, 1}


@pytest.mark.parametrize("solver", ["network", "cp_sat", "milp", "greedy"])
def test_every_backend_keeps_it_and_the_reason_is_said(solver: str) -> None:
    tickets = [{"ticket_id": 1, "skills": {"VPN": 1}, "excluded_agents": ["a"]}]
    result = ticketopt.assign(tickets, AGENTS, policy={"min_match": 0.5}, solver=solver)
    (left,) = result.unassigned
    assert left.reason == "no_match"
    assert "b matches 0% of what 1 wants, not 50%" in left.rationale
    assert ticketopt.verify(result.problem, {1: "b"})

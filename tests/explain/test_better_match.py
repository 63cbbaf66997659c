"""What is said of agents who match better does not depend on how many rows are looked at together."""

from __future__ import annotations

import numpy as np
import pytest

from ticketopt.explain.better_match import better_matches
from ticketopt.formulation.formulate import formulate
from ticketopt.problem import row_blocks
from ticketopt.problem.policy import Policy
from ticketopt.problem.problem import Problem
from ticketopt.problem.records import Agent, Ticket


@pytest.mark.parametrize("entries", [1, 2**16])
def test_each_reason_is_named(entries: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_blocks, "ENTRIES", entries)
    team = [
        Agent(agent_id="low", skills={"VPN": 1}),
        Agent(agent_id="away", skills={"SAP": 9}, availability_status="busy"),
        Agent(agent_id="full", skills={"Mail": 9}, capacity=1, current_load=1),
        Agent(agent_id="good", skills={"VPN": 9}, current_load=8, capacity=20),
    ]
    wants = ["SAP", "Mail", "VPN", "VPN", "VPN", "VPN"]
    tickets = [Ticket(ticket_id=k, skills={skill: 1}) for k, skill in enumerate(wants)]
    tickets[3] = Ticket(ticket_id=3, skills={"VPN": 1}, excluded_agents=("good",))
    tickets[4] = Ticket(ticket_id=4, skills={"VPN": 1}, pinned_agent="low")
    problem = Problem(tickets, team, Policy(balance=20, separate=((2, 5),)))
    plan = np.array([0, 0, 0, 0, 0, 3])
    assert list(better_matches(problem, formulate(problem), plan, np.arange(6))) == [
        "away matches better but is busy",
        "full matches better but has no room for it in this plan",
        "good matches better but is held back by a limit",
        "good matches better but may not take it",
        "",
        "",
    ]
    words = better_matches(problem, formulate(problem), np.array([0, 0, 0, 0, 0, -1]), np.array([2]))
    assert list(words) == ["good matches better and would cost 5.48 less: this plan is not the cheapest"]

"""Every baseline keeps the rules; each one decides as its manual says, on examples small enough to check by eye."""

from __future__ import annotations

import numpy as np
import pytest

from support.strategies import make_problem, picker
from ticketopt.comparison.baselines import BASELINES
from ticketopt.formulation.formulate import formulate
from ticketopt.formulation.rules import violations
from ticketopt.model.objective import feasible
from ticketopt.problem.problem import Problem
from ticketopt.problem.records import Agent, Ticket


@pytest.mark.parametrize("name", BASELINES)
def test_keeps_every_rule_and_repeats_itself(name):
    rng = np.random.default_rng(111)
    for k in range(60):
        problem = make_problem(picker(rng), unit=k % 2 == 0)
        model = formulate(problem)
        plan = BASELINES[name].plan(problem, model)
        assert feasible(model, plan)
        assert violations(problem, plan) == []
        assert (plan == BASELINES[name].plan(problem, model)).all()


def plan(name: str, agents: list[Agent], tickets: list[Ticket]) -> list[int]:
    problem = Problem(tickets, agents)
    return BASELINES[name].plan(problem, formulate(problem)).tolist()


def queue(n: int, **fields) -> list[Ticket]:
    return [Ticket(ticket_id=i, creation_timestamp=i, **fields) for i in range(n)]


TWO = [Agent(agent_id="A", current_load=1, capacity=2), Agent(agent_id="B", current_load=8, capacity=10)]
"""The example of Zendesk's manual: 1 of 2 and 8 of 10 units used."""


def test_highest_spare_capacity_goes_by_units_then_by_the_last_assignment():
    assert plan("highest_spare_capacity", TWO, queue(3)) == [1, 0, 1]


def test_highest_spare_share_goes_by_percentage():
    assert plan("highest_spare_share", TWO, queue(3)) == [0, 1, 1]


def test_longest_idle_starts_with_who_holds_least_and_then_takes_turns():
    agents = [Agent(agent_id=k, current_load=load, capacity=20) for k, load in enumerate([2, 0, 1])]
    assert plan("longest_idle", agents, queue(5)) == [1, 2, 0, 1, 2]


def test_closest_match_ignores_load():
    agents = [
        Agent(agent_id=0, skills={"VPN": 9}, current_load=7, capacity=20),
        Agent(agent_id=1, skills={"VPN": 8}, capacity=20),
    ]
    assert plan("closest_match", agents, queue(3, skills={"VPN": 1})) == [0, 0, 0]


def test_best_available_serves_the_urgent_first():
    agents = [Agent(agent_id=0, skills={"VPN": 9}, capacity=1), Agent(agent_id=1, skills={"VPN": 2}, capacity=1)]
    tickets = [
        Ticket(ticket_id=0, skills={"VPN": 1}, urgency=0.1, creation_timestamp=0),
        Ticket(ticket_id=1, skills={"VPN": 1}, urgency=0.9, creation_timestamp=1),
    ]
    assert plan("best_available", agents, tickets) == [1, 0]
    assert plan("closest_match", agents, tickets) == [0, 1]


def test_round_robin_goes_around_and_least_loaded_fills_up():
    agents = [Agent(agent_id=k, current_load=load, capacity=20) for k, load in enumerate([3, 0, 0])]
    assert plan("round_robin", agents, queue(4)) == [0, 1, 2, 0]
    assert plan("least_loaded", agents, queue(4)) == [1, 2, 1, 2]

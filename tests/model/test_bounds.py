"""Lower bounds that are added up from a plan or from nothing: no plan costs less, and some are as low as the plan."""

from __future__ import annotations

import threading

import numpy as np
import pytest

import ticketopt
from support.brute_force import plans
from support.seeds import Seeds
from support.strategies import make_model, picker
from ticketopt import Agent, Policy, Problem, Status, Ticket
from ticketopt.model.bounds import alone_bound, price_bound


@pytest.mark.parametrize("unit", [True, False])
def test_no_quick_bound_is_above_any_plan(unit: bool, seeds: Seeds) -> None:
    for seed in seeds(130, 400):
        model = make_model(picker(seed), unit=unit, max_tickets=4, max_agents=3)
        every = list(plans(model))
        best = min(cost for _, cost in every)
        assert alone_bound(model) <= best, seed
        for plan, _ in every[:: max(1, len(every) // 8)]:
            assert price_bound(model, np.array(plan, dtype=np.int64)) <= best, (seed, plan)


def test_few_tickets_for_many_agents_are_proven() -> None:
    """The bound was 84 % below a plan that was right: prices let tickets be shared among agents."""
    tickets = [Ticket(ticket_id=i, effort=i + 1, skills={"x": 1}) for i in range(3)]
    agents = [Agent(agent_id=j, skills={"x": j % 10}, current_load=j % 5, capacity=10) for j in range(3000)]
    result = ticketopt.solve(Problem(tickets, agents, Policy()), solver="greedy")
    assert result.status is Status.OPTIMAL
    assert result.bound_source == "prices"


def test_an_even_load_among_equal_agents_is_proven() -> None:
    tickets = [Ticket(ticket_id=i, effort=1 + i % 5, skills={"x": 1}) for i in range(200)]
    agents = [Agent(agent_id=j, skills={"x": 8}, capacity=40) for j in range(30)]
    stop = threading.Event()
    result = ticketopt.solve(
        Problem(tickets, agents, Policy()), stop=stop, progress=lambda news: stop.set() if news.gap == 0 else None
    )
    assert {load.assigned for load in result.loads} == {20}
    assert result.status is Status.OPTIMAL

"""The price of fairness: every point solved, more balance never spreads the load cost more."""

from __future__ import annotations

import numpy as np
import pytest

import ticketopt
from support.strategies import make_problem, picker
from ticketopt import InvalidInputError, Status
from ticketopt.comparison.frontier import frontier


def two_agents(n: int) -> ticketopt.Problem:
    tickets = [{"ticket_id": i, "skills": {"VPN": 1}} for i in range(n)]
    agents = [
        {"agent_id": "expert", "skills": {"VPN": 10}, "capacity": n},
        {"agent_id": "novice", "skills": {"VPN": 5}, "capacity": n},
    ]
    return ticketopt.build_problem(tickets, agents)


def test_without_balance_the_expert_gets_everything_and_with_much_of_it_half():
    found = frontier(two_agents(8), values=[100, 0])
    assert [point.value for point in found.points] == [0, 100]
    loads = [[load.assigned for load in point.result.loads] for point in found.points]
    assert loads == [[8, 0], [4, 4]]
    assert [point.spread for point in found.points] == [0.5, 0.0]
    assert [point.most_loaded for point in found.points] == [1.0, 0.5]
    assert found.points[0].cost < found.points[1].cost
    assert all(point.is_efficient for point in found.points)


def test_more_balance_never_lowers_the_cost_of_the_pairs():
    rng = np.random.default_rng(51)
    for _ in range(25):
        problem = make_problem(picker(rng), unit=True, max_tickets=6)
        found = frontier(problem)
        assert all(point.status is Status.OPTIMAL for point in found.points)
        assert len({point.unassigned for point in found.points}) == 1
        assert any(point.is_efficient for point in found.points)
        if not found.points[0].unassigned:
            rounding = 1e-5 * (problem.n_tickets + 1)
            assert (np.diff([point.cost for point in found.points]) >= -rounding).all()


def test_a_cost_term_can_be_varied():
    found = frontier(two_agents(4), "experience", values=[0, 1])
    assert found.by == "experience"
    assert [row["value"] for row in found.to_dict()["points"]] == [0, 1]


def test_a_dominated_point_is_not_efficient():
    found = frontier(two_agents(2), values=[0, 0.001])
    assert [point.is_efficient for point in found.points] == [True, True]
    assert found.points[0].cost == found.points[1].cost


def test_unknown_names_and_settings_are_errors():
    with pytest.raises(InvalidInputError, match="did you mean 'balance'"):
        frontier(two_agents(1), "balanse")
    with pytest.raises(InvalidInputError, match=r"values\[1\]: is -1"):
        frontier(two_agents(1), values=[0, -1])

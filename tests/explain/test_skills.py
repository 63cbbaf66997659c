"""What teaching saves, against solving every candidate by brute force."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import ticketopt
from explain_cases import all_plans, plan_costs, small_problem
from ticketopt.formulate import SCALE, formulate


def brute_force(result, level: float) -> dict[tuple[object, str], int]:
    """(agent, skill) -> cost units saved by teaching, for all pairs that save anything."""
    problem, found = result.problem, {}
    everybody = [formulate(replace(problem, agents=_all_at(problem, skill, level))) for skill in problem.skill_names]
    exits = np.maximum.reduce([result.model.exit_cost, *(model.exit_cost for model in everybody)])
    model = replace(result.model, exit_cost=exits)
    best = int(plan_costs(model, all_plans(model)).min())
    for j, agent in enumerate(problem.agents):
        for skill in problem.skill_names:
            if not agent.is_available or agent.skills.get(skill, 0) >= level:
                continue
            agents = list(problem.agents)
            agents[j] = replace(agent, skills={**agent.skills, skill: level})
            taught = replace(formulate(replace(problem, agents=agents)), exit_cost=exits)
            saved = best - int(plan_costs(taught, all_plans(taught)).min())
            if saved > 0:
                found[agent.agent_id, skill] = saved
    return found


def _all_at(problem, skill: str, level: float) -> list[ticketopt.Agent]:
    """Everybody at `level` of a skill at least."""
    return [
        replace(agent, skills={**agent.skills, skill: max(level, agent.skills.get(skill, 0))})
        for agent in problem.agents
    ]


@pytest.mark.parametrize(("is_unit", "count"), [(True, 80), (False, 40)])
def test_the_best_savings_equal_brute_force_in_order(is_unit, count):
    rng = np.random.default_rng(41)
    seen = 0
    for _ in range(count):
        result = ticketopt.solve(small_problem(rng, is_unit=is_unit, max_tickets=4))
        level = float(rng.integers(4, 11))
        expected = brute_force(result, level)
        for k in (1, 2, 20):
            values = result.skill_values(k, level=level)
            assert [round(v.saves * SCALE) for v in values] == sorted(expected.values(), reverse=True)[:k]
            for value in values:
                assert value.is_proven
                assert round(value.saves * SCALE) == expected[value.agent_id, value.skill]
                assert value.saves <= value.at_most
                assert value.level_now < value.level_then == level
        seen += len(expected)
    assert seen > 30


def test_a_ticket_that_nobody_can_take_is_served_by_teaching():
    tickets = [{"ticket_id": 1, "requires": {"SAP": 5}}]
    agents = [{"agent_id": "ada", "skills": {"VPN": 3}}, {"agent_id": "bob", "availability_status": "away"}]
    with pytest.warns(ticketopt.InputWarning):
        result = ticketopt.assign(tickets, agents)
    (value,) = result.skill_values()
    assert (value.agent_id, value.skill, value.level_now, value.level_then) == ("ada", "SAP", 0.0, 10.0)
    assert value.serves_more == 1

"""What teaching saves, against solving every candidate by brute force."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

import ticketopt
from support.brute_force import all_plans, plan_costs
from support.strategies import make_problem, picker
from ticketopt.explain import deadline, skill_values, solver
from ticketopt.formulation.formulate import SCALE, formulate
from ticketopt.model.objective import objective


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


@pytest.mark.parametrize(("is_unit", "count"), [(True, 60), (False, 50)])
def test_the_best_savings_equal_brute_force_in_order(is_unit, count):
    rng = np.random.default_rng(41)
    seen = 0
    for _ in range(count):
        result = ticketopt.solve(make_problem(picker(rng), unit=is_unit, max_tickets=4))
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
    assert seen > 15


def test_a_ticket_that_nobody_can_take_is_served_by_teaching():
    tickets = [{"ticket_id": 1, "requires": {"SAP": 5}}]
    agents = [{"agent_id": "ada", "skills": {"VPN": 3}}, {"agent_id": "bob", "availability_status": "away"}]
    with pytest.warns(ticketopt.InputWarning):
        result = ticketopt.assign(tickets, agents)
    (value,) = result.skill_values()
    assert (value.agent_id, value.skill, value.level_now, value.level_then) == ("ada", "SAP", 0.0, 10.0)
    assert value.serves_more == 1


def crowded_result():
    """Unequal effort and too little room: hard enough that solving again proves nothing soon."""
    rng = random.Random(5)
    names = "abcde"
    tickets = [
        {
            "ticket_id": i,
            "skills": {rng.choice(names): 1},
            "urgency": rng.choice([0.1, 0.4, 0.7, 1.0]),
            "effort": rng.randint(1, 8),
        }
        for i in range(12)
    ]
    agents = [
        {"agent_id": f"g{j}", "skills": {s: rng.randint(0, 10) for s in rng.sample(names, 2)}, "capacity": 8}
        for j in range(4)
    ]
    return ticketopt.assign(tickets, agents, time_limit=5)


class Clock:
    """A clock that goes on by `step` seconds whenever it is asked, and otherwise only if a test turns it."""

    def __init__(self, step: float = 0.0) -> None:
        self.now, self.step = 0.0, step

    def __call__(self) -> float:
        self.now += self.step
        return self.now


def test_what_the_very_same_plan_saves_is_told_though_no_time_is_left_to_solve(monkeypatch):
    result = crowded_result()
    best = []
    for j, agent in enumerate(result.problem.agents):
        for skill in result.problem.skill_names:
            if agent.skills.get(skill, 0) < 10:
                agents = list(result.problem.agents)
                agents[j] = replace(agent, skills={**agent.skills, skill: 10})
                taught = formulate(replace(result.problem, agents=agents))
                taught = replace(taught, exit_cost=result.model.exit_cost)
                best.append(objective(result.model, result.assignment) - objective(taught, result.assignment))
    best = sorted((saved for saved in best if saved > 0), reverse=True)[:3]
    assert best
    solved = []
    assert result.certificate.cost > 0  # the prices of the plan are known
    clock, candidates = Clock(), skill_values._candidates

    def late(*arguments):
        clock.now += 100
        return candidates(*arguments)

    monkeypatch.setattr(skill_values, "_candidates", late)
    monkeypatch.setattr(solver, "solve_model", lambda model, **options: solved.append(model))
    monkeypatch.setattr(deadline, "perf_counter", clock)
    values = result.skill_values(3, time_limit=0.05)
    assert not solved
    assert [round(value.saves * SCALE) for value in values] == best
    assert {value.basis for value in values} == {"plan"}
    assert all(value.saves <= value.at_most and not value.is_proven for value in values)


def ask_with_solves_that_take_all_their_time(monkeypatch, question):
    """The answers, the seconds that all solves took together on a clock of their own, and how many there were."""
    clock, limits, solve_model = Clock(), [], solver.solve_model

    def slow(model, *, time_limit, seed, stop):
        limits.append(time_limit)
        clock.now += time_limit
        return solve_model(model, solver="greedy", seed=seed)

    monkeypatch.setattr(solver, "solve_model", slow)
    monkeypatch.setattr(deadline, "perf_counter", clock)
    found = question()
    return found, clock.now, len(limits)


def test_solving_for_skills_stops_when_the_time_is_up(monkeypatch):
    result = crowded_result()
    ask = lambda: result.skill_values(3, time_limit=30)  # noqa: E731
    values, seconds, solves = ask_with_solves_that_take_all_their_time(monkeypatch, ask)
    assert solves > 3
    assert seconds <= 30 + solver.SHORTEST
    assert all(value.saves <= value.at_most for value in values)


@pytest.mark.parametrize(
    "question",
    [
        lambda result: result.slot_values(resolve=True, time_limit=30),
        lambda result: result.alternatives(0, 3, resolve=True, time_limit=30),
        lambda result: result.next_for("g0", 3, resolve=True, time_limit=30),
        lambda result: result.why_not(0, "g0", resolve=True, time_limit=30),
        lambda result: result.bottlenecks(time_limit=30),
    ],
)
def test_every_question_that_solves_again_keeps_its_time_limit(monkeypatch, question):
    result = crowded_result()
    found, seconds, solves = ask_with_solves_that_take_all_their_time(monkeypatch, lambda: question(result))
    assert found
    assert solves > 0
    assert seconds <= 30 + solver.SHORTEST


def test_alternatives_that_there_was_no_time_for_are_told_by_their_bounds(monkeypatch):
    result = crowded_result()
    assert result.certificate.cost > 0
    monkeypatch.setattr(deadline, "perf_counter", Clock(100.0))
    found = result.alternatives(0, 3, resolve=True, time_limit=5)
    assert [answer.basis for answer in found] == ["bound"] * 3
    assert [answer.at_least for answer in found] == sorted(answer.at_least for answer in found)


def test_who_knows_more_needs_less_time_and_that_counts():
    """`expert_saving`: the ticket left out fits in once ada knows SAP, because her other ticket gets shorter."""
    tickets = [{"ticket_id": 1, "skills": {"SAP": 1}, "effort": 4}, {"ticket_id": 2, "effort": 2}]
    agents = [{"agent_id": "ada", "skills": {"SAP": 0}, "capacity": 4}]
    result = ticketopt.assign(tickets, agents, policy={"expert_saving": 0.5})
    (value,) = result.skill_values()
    assert (value.skill, value.serves_more, value.is_proven) == ("SAP", 1, True)

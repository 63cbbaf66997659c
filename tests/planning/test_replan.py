"""Re-planning with few changes, against brute force over all plans."""

from __future__ import annotations

import numpy as np
import pytest

import ticketopt
from support.brute_force import NO_PLAN, all_plans, plan_costs
from support.strategies import make_problem, picker
from ticketopt import InvalidInputError, Status
from ticketopt.formulation.formulate import SCALE
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.objective import objective
from ticketopt.planning.change_budget import solve_within
from ticketopt.planning.replan import previous_positions, resolve
from ticketopt.solvers.auto import solve_model


def random_previous(rng, problem) -> dict[object, object]:
    agents = [agent.agent_id for agent in problem.agents] + ["gone", None]
    return {ticket.ticket_id: agents[int(rng.integers(0, len(agents)))] for ticket in problem.tickets}


def stays_of(problem, previous) -> np.ndarray:
    """With whom each ticket may stay, read off the model of the plain problem and the rules."""
    from ticketopt.formulation.constraints import CONSTRAINTS

    had = previous_positions(problem, previous)
    for i, j in enumerate(had.tolist()):
        if j >= 0 and any(list(rule.broken(problem, [(i, j)])) for rule in CONSTRAINTS.values()):
            had[i] = -1
    return had


@pytest.mark.parametrize(("is_unit", "count"), [(True, 75), (False, 30)])
def test_a_budget_of_changes_is_optimal_against_brute_force(is_unit, count):
    rng = np.random.default_rng(81)
    impossible = binding = 0
    for _ in range(count):
        problem = make_problem(picker(rng), unit=is_unit, max_tickets=5)
        previous = random_previous(rng, problem)
        stays = stays_of(problem, previous)
        change_cost = float(rng.choice([0.0, 0.05]))
        frozen = [t.ticket_id for t, j in zip(problem.tickets, stays, strict=True) if j >= 0 and rng.random() < 0.2]
        for most in (0, 1, 2, 9):
            settings = {"previous": previous, "change_cost": change_cost, "max_changes": most, "freeze": frozen}
            try:
                result = resolve(problem, **settings)
            except InvalidInputError as error:
                assert cheapest(problem, stays, change_cost, most, frozen) is None
                assert any(issue.path in ("max_changes", "freeze") for issue in error.issues)
                impossible += 1
                continue
            assert result.status is Status.OPTIMAL
            assert ticketopt.verify(problem, result, constraints=result.constraints) == []
            moved = (stays >= 0) & (result.assignment != stays)
            assert moved.sum() <= most
            assert all(str(result[own].agent_id) == str(previous[own]) for own in frozen)
            assert round(result.objective * SCALE) == cheapest(problem, stays, change_cost, most, frozen)
            binding += moved.sum() == most > 0
    assert binding > 3
    assert impossible > 0


def cheapest(problem, stays, change_cost, most, frozen) -> int | None:
    """The least cost of any plan within the budget, from all plans of the model with the price of a change."""
    with_whom = {
        ticket.ticket_id: problem.agents[j].agent_id
        for ticket, j in zip(problem.tickets, stays.tolist(), strict=True)
        if j >= 0
    }
    try:
        model = resolve(problem, previous=with_whom, change_cost=change_cost, freeze=frozen).model
    except InvalidInputError:
        return None
    plans = all_plans(model)
    cost = plan_costs(model, plans)
    for own in frozen:
        i = problem.ticket_index[str(own)]
        cost = np.where(plans[:, i] == stays[i], cost, NO_PLAN)
    changes = ((stays >= 0) & (plans != stays)).sum(axis=1)
    best = int(np.where(changes <= most, cost, NO_PLAN).min())
    return None if best >= NO_PLAN else best


def test_nothing_changes_without_a_reason():
    rng = np.random.default_rng(82)
    for _ in range(40):
        problem = make_problem(picker(rng), unit=True)
        first = ticketopt.solve(problem)
        again = resolve(problem, previous=first, change_cost=1, max_changes=0)
        assert again.assigned == first.assigned
        assert again.status is Status.OPTIMAL


def test_a_smaller_budget_costs_more_on_a_larger_queue():
    rng = np.random.default_rng(83)
    n, a = 200, 20
    model = AssignmentModel(
        pair_cost=rng.integers(0, 150_000, (n, a)),
        allowed=rng.random((n, a)) < 0.6,
        effort=np.ones(n, dtype=np.int64),
        capacity=np.full(a, 9),
        load_cost=np.tile(np.arange(9) * 1000, a),
        exit_cost=rng.integers(10**8, 2 * 10**8, n),
    )
    stays = solve_model(model, solver="greedy").assignment
    total = int(((stays >= 0) & (solve_model(model).assignment != stays)).sum())
    costs = []
    for most in (total, total // 2, 5, 0):
        found, _ = solve_within(model, stays, most, time_limit=20, seed=0)
        assert ((stays >= 0) & (found.assignment != stays)).sum() <= most
        assert found.objective == objective(model, found.assignment)
        assert found.status is Status.OPTIMAL
        costs.append(found.objective)
    assert costs == sorted(costs)


def test_mistakes_are_told_at_once():
    problem = ticketopt.build_problem([{"ticket_id": 1}, {"ticket_id": 2}], [{"agent_id": "ada"}])
    with pytest.raises(InvalidInputError) as error:
        resolve(problem, previous={1: "ada"}, change_cost=-1, max_changes=-1, freeze=[2, 3], time_limit=0)
    assert [issue.path for issue in error.value.issues] == [
        "change_cost",
        "time_limit",
        "max_changes",
        "freeze[0]",
        "freeze[1]",
    ]


def test_a_frozen_ticket_stays_though_a_more_urgent_one_waits():
    agents = [{"agent_id": "ada", "capacity": 1}]
    problem = ticketopt.build_problem([{"ticket_id": 1, "urgency": 0}, {"ticket_id": 2, "urgency": 1}], agents)
    assert ticketopt.solve(problem).assigned == {2: "ada"}
    assert resolve(problem, previous={1: "ada"}).assigned == {2: "ada"}
    assert resolve(problem, previous={1: "ada"}, max_changes=0).assigned == {1: "ada"}
    result = resolve(problem, previous={1: "ada"}, freeze=[1])
    assert result.assigned == {1: "ada"}
    assert result.status is Status.OPTIMAL


def test_too_small_a_budget_names_the_smallest_one():
    agents = [ticketopt.Agent(agent_id="ada", capacity=1), ticketopt.Agent(agent_id="bob", capacity=5)]
    problem = ticketopt.Problem([ticketopt.Ticket(ticket_id=k) for k in range(3)], agents)
    with pytest.raises(InvalidInputError, match="2 changes are enough; allow at least 2"):
        resolve(problem, previous=dict.fromkeys(range(3), "ada"), max_changes=1)
    assert len(resolve(problem, previous=dict.fromkeys(range(3), "ada"), max_changes=2).assigned) == 3

"""Every forced decision against brute force: on thousands of small models, to the integer."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from support.brute_force import NO_PLAN, all_plans, forced_optima, optimal_plan, plan_costs
from support.strategies import make_model, picker
from ticketopt.explain.forcing import cost_changes, moves
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.bounds import certify
from ticketopt.model.exchange import FAR, Exchange
from ticketopt.model.objective import feasible, objective
from ticketopt.model.parts import forced_model


def check_all(rng: np.random.Generator, max_tickets: int = 5, max_agents: int = 3) -> None:
    model = make_model(picker(rng), True, max_tickets, max_agents)
    plan = optimal_plan(model, rng)
    best, forced = forced_optima(model)
    exchange = Exchange.of(model, plan)
    assert exchange is not None
    change = cost_changes(exchange)
    possible = forced < NO_PLAN
    assert ((change < FAR) == possible).all()
    assert (change[possible] == (forced - best)[possible]).all()
    for i, j in np.argwhere(possible):
        j = -1 if j == model.n_agents else int(j)
        after = plan.copy()
        chain = moves(exchange, int(i), j)
        for ticket, origin, goal in chain:
            assert plan[ticket] == origin
            after[ticket] = goal
        assert after[i] == j
        assert len({ticket for ticket, _, _ in chain}) == len(chain)
        assert feasible(model, after)
        assert objective(model, after) == forced[i, j]


def test_every_forced_decision_equals_solving_again_on_many_models(seeds):
    for seed in seeds(150, 3000):
        check_all(np.random.default_rng([1, seed]))


def test_every_forced_decision_equals_solving_again_on_larger_models(seeds):
    for seed in seeds(20, 1000):
        check_all(np.random.default_rng([2, seed]), 6, 4)


@given(st.integers(0, 2**32 - 1))
def test_every_forced_decision_equals_solving_again(seed):
    check_all(np.random.default_rng(seed))


def test_a_plan_that_is_not_optimal_has_no_exchange():
    rng = np.random.default_rng(3)
    seen = 0
    for _ in range(300):
        model = make_model(picker(rng), True)
        plans = all_plans(model)
        cost = plan_costs(model, plans)
        plan = plans[rng.choice(np.flatnonzero(cost < NO_PLAN))]
        value, is_best = objective(model, plan), objective(model, plan) == cost.min()
        exchange, proof = Exchange.of(model, plan), certify(model, plan)
        assert (exchange is not None) == is_best == (proof is not None)
        assert proof is None or proof.lower_bound == value
        seen += not is_best
    assert seen > 50


def test_decisions_that_stand_leave_a_model_of_the_rest():
    rng = np.random.default_rng(4)
    for _ in range(500):
        model = make_model(picker(rng), False)
        plans = all_plans(model)
        cost = plan_costs(model, plans)
        count = int(rng.integers(0, model.n_tickets + 1))
        fixed = {int(i): int(rng.integers(-1, model.n_agents)) for i in rng.permutation(model.n_tickets)[:count]}
        keeps = np.ones(len(plans), dtype=bool)
        for i, j in fixed.items():
            keeps &= plans[:, i] == j
        best = int(cost[keeps].min())
        found = forced_model(model, fixed)
        assert (found is None) == (best == NO_PLAN)
        if found is not None:
            rest, positions, fixed_cost = found
            assert sorted([*positions.tolist(), *fixed]) == list(range(model.n_tickets))
            assert fixed_cost + int(plan_costs(rest, all_plans(rest)).min()) == best


def big_model(n: int, a: int) -> AssignmentModel:
    rng = np.random.default_rng(5)
    capacity = np.full(a, n // a)
    return AssignmentModel(
        pair_cost=rng.integers(0, 150_000, (n, a)),
        allowed=rng.random((n, a)) < 0.5,
        effort=np.ones(n, dtype=np.int64),
        capacity=capacity,
        load_cost=np.tile(np.arange(n // a) * 1000, a),
        exit_cost=rng.integers(10**9, 2 * 10**9, n),
    )


def test_the_full_table_at_a_thousand_by_a_hundred_says_what_chains_of_moves_cost():
    from ticketopt.solvers import BACKENDS
    from ticketopt.solvers.base import Options

    model = big_model(1000, 100)
    plan = BACKENDS["min_cost_flow"].solve(model, Options()).assignment
    exchange = Exchange.of(model, plan)
    change = cost_changes(exchange)
    rng = np.random.default_rng(6)
    for i in rng.integers(0, 1000, 20).tolist():
        for j in rng.integers(0, 100, 3).tolist():
            if change[i, j] < FAR:
                after = plan.copy()
                for ticket, _, goal in moves(exchange, i, j):
                    after[ticket] = goal
                assert objective(model, after) - objective(model, plan) == change[i, j]

"""Slot values against brute force."""

from __future__ import annotations

import numpy as np

from explain_cases import NO_PLAN, all_plans, optimal_plan, plan_costs, unit_model
from ticketopt.explain.exchange import FAR, Exchange
from ticketopt.explain.values import slot_changes, with_slots


def test_one_more_and_one_fewer_slot_equal_solving_again_on_two_thousand_models():
    rng = np.random.default_rng(21)
    let_in = let_out = 0
    for _ in range(2000):
        model = unit_model(rng, 4, 3)
        plan = optimal_plan(model, rng)
        exchange = Exchange.of(model, plan)
        plans = all_plans(model)
        best = int(plan_costs(model, plans).min())
        more, fewer = slot_changes(exchange)
        taken_in, left_out = exchange.taken_in(), exchange.left_out()
        for j, unit in enumerate(np.eye(model.n_agents, dtype=np.int64)):
            cost = plan_costs(with_slots(model, unit), plans)
            assert cost.min() - best == more[j]
            if more[j] < 0 and (ticket := int(taken_in[j])) >= 0:
                assert plan[ticket] < 0
                assert cost[plans[:, ticket] >= 0].min() == best + more[j]
                let_in += 1
            if not model.capacity[j]:
                assert fewer[j] == FAR
                continue
            cost = plan_costs(with_slots(model, -unit), plans)
            assert cost.min() - best == fewer[j]
            if fewer[j] > 0 and (ticket := int(left_out[j])) >= 0:
                assert plan[ticket] >= 0
                assert cost[plans[:, ticket] < 0].min() == best + fewer[j]
                let_out += 1
    assert let_in > 50
    assert let_out > 50


def test_slots_are_added_and_taken_away_at_the_end():
    rng = np.random.default_rng(22)
    for _ in range(100):
        model = unit_model(rng)
        more = rng.integers(-1, 3, model.n_agents)
        changed = with_slots(model, more, np.full(model.n_agents, 10**6))
        assert (changed.capacity == np.maximum(0, model.capacity + more)).all()
        assert plan_costs(changed, all_plans(model)).min() < NO_PLAN

"""Slot values against brute force."""

from __future__ import annotations

import numpy as np

import ticketopt
from support.brute_force import NO_PLAN, all_plans, optimal_plan, plan_costs
from support.strategies import make_model, picker
from ticketopt.explain.slot_values import slot_cost_changes, with_slots
from ticketopt.model.exchange import FAR, Exchange


def test_one_more_and_one_fewer_slot_equal_solving_again_on_many_models(seeds):
    let_in = let_out = 0
    chosen = seeds(300, 5000)
    for seed in chosen:
        rng = np.random.default_rng([21, seed])
        model = make_model(picker(rng), True, 4, 3)
        plan = optimal_plan(model, rng)
        exchange = Exchange.of(model, plan)
        plans = all_plans(model)
        best = int(plan_costs(model, plans).min())
        more, fewer = slot_cost_changes(exchange)
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
    assert let_out > len(chosen) * 50 / 1200


def test_slots_are_added_and_taken_away_at_the_end():
    rng = np.random.default_rng(22)
    for _ in range(100):
        model = make_model(picker(rng), True)
        more = rng.integers(-1, 3, model.n_agents)
        changed = with_slots(model, more)
        assert (changed.capacity == np.maximum(0, model.capacity + more)).all()
        assert plan_costs(changed, all_plans(model)).min() < NO_PLAN


def one_for(policy=None, **agent):
    tickets = [{"ticket_id": k, "skills": {"x": 1}, "urgency": 0.9} for k in range(2)]
    return ticketopt.assign(tickets, [{"agent_id": "a", "skills": {"x": 5}, **agent}], policy=policy).slot_values()[0]


def test_a_free_unit_that_nobody_needs_costs_nothing_to_lose():
    """It was a unit of what the queue could fill: 2 of 100 free, and the third lost cost an exit price."""
    value = one_for(capacity=100)
    assert (value.used, value.free, value.one_more, value.one_fewer, value.leaves_out) == (2, 100, 0.0, 0.0, None)
    assert one_for(capacity=2).one_fewer > 0
    assert one_for(capacity=3).one_fewer == 0
    assert one_for(capacity=1).one_more > 0


def test_an_agent_without_a_limit_has_no_unit_to_count_and_loses_nothing():
    value = one_for(policy={"capacity": None})
    assert (value.used, value.free, value.one_more, value.one_fewer) == (2, None, 0.0, 0.0)


def test_an_agent_offline_or_full_or_over_its_capacity():
    away = one_for(capacity=5, availability_status="away")
    assert (away.free, away.one_more, away.one_fewer) == (5, 0.0, 0.0)
    full = one_for(capacity=2, current_load=4)
    assert (full.free, full.one_fewer) == (0, None)
    assert full.one_more > 0


def test_a_slot_more_is_worth_nothing_where_another_limit_is_as_tight():
    limits = {"max_new_per_agent": 1}
    assert one_for(policy=limits, capacity=1).one_more == 0
    assert one_for(policy=limits, capacity=1).one_fewer > 0
    assert (one_for(policy=limits, capacity=5).one_more, one_for(policy=limits, capacity=5).one_fewer) == (0, 0)


def test_a_limit_that_binds_only_with_a_slot_more_is_not_forgotten():
    """At capacity 1 the limit on urgent tickets cannot bind, so the model had no row for it, and the value no limit."""
    tickets = [{"ticket_id": k, "urgency": 0.9} for k in range(2)] + [{"ticket_id": 2, "urgency": 0.1}]
    result = ticketopt.assign(tickets, [{"agent_id": "a", "capacity": 1}], policy={"max_urgent_per_agent": 1})
    (rough,), (solved,) = result.slot_values(), result.slot_values(resolve=True)
    assert (rough.basis, solved.basis) == ("bound", "solved")
    roomier = ticketopt.assign(tickets, [{"agent_id": "a", "capacity": 2}], policy={"max_urgent_per_agent": 1})
    assert [decision.ticket_id for decision in roomier.unassigned] == [1]
    assert rough.one_more > solved.one_more > 0

"""Explanations on the models that break solvers: costs near the limit of exact arithmetic, huge capacities, nothing."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from support.brute_force import NO_PLAN, all_plans, forced_optima, optimal_plan, plan_costs
from support.seeds import examples
from support.strategies import models
from ticketopt.explain.analysis import Analysis
from ticketopt.explain.deadline import Deadline
from ticketopt.explain.forcing import cost_changes
from ticketopt.explain.slot_values import slot_cost_changes, with_slots
from ticketopt.explain.solver import Solver
from ticketopt.model.exchange import FAR, Exchange


@settings(max_examples=examples(300))
@given(models(unit=True), st.integers(0, 2**31))
def test_counterfactuals_and_slot_values_stay_exact(model, seed):
    rng = np.random.default_rng(seed)
    plan = optimal_plan(model, rng)
    exchange = Exchange.of(model, plan)
    best, forced = forced_optima(model)
    change = cost_changes(exchange)
    assert ((change < FAR) == (forced < NO_PLAN)).all()
    assert (change[change < FAR] == forced[change < FAR] - best).all()
    more, fewer = slot_cost_changes(exchange)
    plans = all_plans(model)
    for j, unit in enumerate(np.eye(model.n_agents, dtype=np.int64)):
        assert plan_costs(with_slots(model, unit), plans).min() - best == more[j]
        if model.capacity[j]:
            assert plan_costs(with_slots(model, -unit), plans).min() - best == fewer[j]


@settings(max_examples=examples(200))
@given(models(), st.integers(0, 2**31))
def test_bounds_hold_for_every_model(model, seed):
    plan = optimal_plan(model, np.random.default_rng(seed))
    best, forced = forced_optima(model)
    found = Analysis.of(model, plan, known_bound=None, solver=Solver(Deadline.after(60)))
    assert found.objective == best
    possible = forced < NO_PLAN
    assert (found.table[possible] <= forced[possible] - best).all()
    if found.is_exact:
        assert (found.table[possible] == forced[possible] - best).all()

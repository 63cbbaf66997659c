"""The greedy construction: compiled, and the same in plain Python."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from support.brute_force import plan_cost
from support.strategies import make_model, picker
from ticketopt.model.assignment import AssignmentModel
from ticketopt.solvers import BACKENDS, Options


def by_hand(model: AssignmentModel) -> list[int]:
    """Urgent first, each where it adds least to the cost of the plan, as brute force reads the model."""
    plan = [-1] * model.n_tickets
    for i in sorted(range(model.n_tickets), key=lambda i: -model.exit_cost[i]):
        costs = []
        for j in range(-1, model.n_agents):
            cost = plan_cost(model, (*plan[:i], j, *plan[i + 1 :]))
            if cost is not None:
                costs.append((cost, j))
        plan[i] = min(costs)[1]
    return plan


@settings(max_examples=400, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), unit=st.booleans())
def test_it_does_what_its_words_say(seed: int, unit: bool) -> None:
    model = make_model(picker(seed), unit=unit)
    found = BACKENDS["greedy"].solve(model, Options()).assignment
    assert found.dtype == np.int64
    assert found.tolist() == by_hand(model)

"""The greedy construction: compiled, and the same in plain Python."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from support.backend_contract import HARD, small_model
from support.brute_force import plan_cost
from support.seeds import examples
from support.strategies import make_model, models, picker
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.outcome import Status
from ticketopt.model.rows import PackingRows
from ticketopt.solvers import BACKENDS, Options

APART = PackingRows([0, 0], [0, 1], [0, 0], [1, 1], [1], ("T0 and T1 apart",))


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


@settings(max_examples=examples(400), deadline=None)
@given(seed=st.integers(0, 2**32 - 1), unit=st.booleans())
def test_it_does_what_its_words_say(seed: int, unit: bool) -> None:
    model = make_model(picker(seed), unit=unit)
    found = BACKENDS["greedy"].solve(model, Options()).assignment
    assert found.dtype == np.int64
    assert found.tolist() == by_hand(model)


@settings(max_examples=examples(300))
@given(model=models())
def test_always_feasible_and_proves_nothing(model: AssignmentModel) -> None:
    outcome = BACKENDS["greedy"].solve(model, Options())
    assert plan_cost(model, tuple(outcome.assignment.tolist())) is not None
    assert (outcome.status, outcome.lower_bound) == (Status.FEASIBLE, None)


class TestByExample:
    def test_serves_the_urgent_first(self) -> None:
        model = small_model(capacity=[1, 0], load_cost=[0], exit_cost=[100, 300, 200])
        assert BACKENDS["greedy"].solve(model, Options()).assignment.tolist() == [-1, 0, -1]

    def test_leaves_out_a_ticket_whose_exit_costs_no_more_than_serving_it(self) -> None:
        model = small_model(pair_cost=[[5, 9]] * 3, load_cost=[0, 0, 0, 0], exit_cost=[5, 6, 4])
        assert BACKENDS["greedy"].solve(model, Options()).assignment.tolist() == [-1, 0, -1]

    def test_equals_go_to_the_first_ticket_and_the_first_agent(self) -> None:
        model = small_model(pair_cost=np.full((3, 2), 7), capacity=[1, 1], load_cost=[0, 0])
        assert BACKENDS["greedy"].solve(model, Options()).assignment.tolist() == [0, 1, -1]

    def test_small_queues_by_hand(self) -> None:
        examples = {
            "cheapest": (small_model(), [0, 0, 1]),
            "dear to serve": (small_model(exit_cost=[0, 100, 100]), [-1, 0, 1]),
            "a soft minimum load": (small_model(pair_cost=[[0, 9]] * 3, load_cost=[0, 0, -50, 0]), [1, 0, 0]),
            "room for all": (small_model(capacity=[1000, 0], load_cost=np.arange(1000) // 2), [0, 0, 0]),
            "two kept apart": (small_model(rows=APART), [0, 1, 0]),
            "two knapsacks": (HARD, [0, 1, 0]),  # 1 + 9 + 5, where 4 + 2 + 5 is best
        }
        for name, (model, plan) in examples.items():
            assert BACKENDS["greedy"].solve(model, Options()).assignment.tolist() == plan, name

    def test_load_cost_spreads_a_batch_of_equals(self) -> None:
        model = small_model(pair_cost=np.zeros((3, 2), dtype=int), load_cost=[0, 5, 1, 5])
        assert sorted(np.bincount(BACKENDS["greedy"].solve(model, Options()).assignment)) == [1, 2]

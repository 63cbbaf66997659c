"""HiGHS with equalities, where leaving out never pays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from support.backend_contract import small_model
from support.brute_force import optimum
from support.seeds import Seeds
from support.strategies import make_model, picker
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.objective import objective
from ticketopt.model.outcome import Status
from ticketopt.solvers import BACKENDS, Options, milp
from ticketopt.solvers.base import SparseModel


def test_highs_with_equalities_equals_brute_force_where_not_all_can_be_served_too(seeds: Seeds) -> None:
    """Exits dearer than anything else: asked with equalities first, and without where that is infeasible."""
    served, infeasible, chosen = 0, 0, seeds(200, 600)
    for seed in chosen:
        model = make_model(picker(seed), unit=False)
        if model.magnitude > 1e9 or not model.pair_cost.size:
            continue
        dear = replace(model, exit_cost=np.full(model.n_tickets, 10**10))
        outcome = BACKENDS["milp"].solve(dear, Options())
        assert objective(dear, outcome.assignment) == optimum(dear), seed
        assert outcome.lower_bound is not None and outcome.lower_bound <= optimum(dear), seed
        if milp.serves_all(dear, SparseModel.of(dear)):
            is_whole = (outcome.assignment >= 0).all()
            served, infeasible = served + int(is_whole), infeasible + int(not is_whole)
    assert min(served, infeasible) > len(chosen) * 20 / 600


def test_highs_leaves_out_what_is_not_worth_its_price() -> None:
    """The dearest agents of the others could cost more than this exit saves: no equality."""
    costs, all_allowed = [[1, 4], [2, 30], [5, 5]], np.ones((3, 2), dtype=bool)
    model = AssignmentModel(costs, all_allowed, [1, 1, 1], [2, 2], [0, 3, 0, 3], [100, 100, 20])
    assert not milp.serves_all(model, SparseModel.of(model))
    assert milp.serves_all(replace(model, exit_cost=np.array([100, 100, 100])), SparseModel.of(model))


@pytest.mark.parametrize(
    ("bound", "status", "lowest"),
    [
        (5.0, Status.FEASIBLE, 5),
        (10.4, Status.OPTIMAL, 11),  # costs are whole numbers: nothing lies between
        (11.0 + 1e-7, Status.OPTIMAL, 11),  # not 12: HiGHS counts in doubles
        (-float("inf"), Status.FEASIBLE, None),
    ],
)
def test_milp_calls_a_plan_optimal_only_at_its_bound(bound: float, status: Status, lowest: int | None) -> None:
    outcome = milp._believed(small_model(), np.array([0, 0, 1]), bound)  # a plan of cost 11
    assert (outcome.status, outcome.lower_bound) == (status, lowest)

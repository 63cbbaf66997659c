"""The certificate proves, and its numbers are those of the model's formula."""

from __future__ import annotations

import json

import ticketopt
from support.strategies import make_problem, picker
from ticketopt import Status
from ticketopt.formulation.formulate import SCALE


def test_prices_prove_every_optimal_unit_plan_and_never_too_much(seeds):
    for seed in seeds(50, 150):
        result = ticketopt.solve(make_problem(picker(seed), unit=seed % 3 > 0))
        found = result.certificate
        assert found.cost == round(result.objective * SCALE)
        assert found.price_bound <= found.cost
        if result.model.is_unit:
            assert found.is_proof
            assert found.source == "prices"
        assert found.lower_bound == found.cost
        assert result.status is Status.OPTIMAL
        assert json.loads(json.dumps(found.to_dict()))["cost"] == found.cost


def test_a_greedy_plan_gets_the_bound_of_the_optimum(seeds):
    worse, chosen = 0, seeds(80, 250)
    for seed in chosen:
        problem = make_problem(picker(seed), unit=True)
        greedy, best = ticketopt.solve(problem, solver="greedy"), ticketopt.solve(problem)
        assert greedy.certificate.lower_bound == round(best.objective * SCALE)
        assert greedy.certificate.is_proof == (greedy.objective == best.objective)
        worse += not greedy.certificate.is_proof
    assert worse > len(chosen) / 250

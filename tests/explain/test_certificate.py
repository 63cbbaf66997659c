"""The certificate proves, and its numbers are those of the model's formula."""

from __future__ import annotations

import json

import numpy as np

import ticketopt
from support.strategies import make_problem, picker
from ticketopt import Status
from ticketopt.formulation.formulate import SCALE


def test_prices_prove_every_optimal_unit_plan_and_never_too_much():
    rng = np.random.default_rng(95)
    for k in range(150):
        result = ticketopt.solve(make_problem(picker(rng), unit=k % 3 > 0))
        found = result.certificate
        assert found.cost == round(result.objective * SCALE)
        assert found.price_bound <= found.cost
        if result.model.is_unit:
            assert found.is_proof
            assert found.source == "prices"
        assert found.lower_bound == found.cost
        assert result.status is Status.OPTIMAL
        assert json.loads(json.dumps(found.to_dict()))["cost"] == found.cost


def test_a_greedy_plan_gets_the_bound_of_the_optimum():
    rng = np.random.default_rng(96)
    worse = 0
    for _ in range(250):
        problem = make_problem(picker(rng), unit=True)
        greedy, best = ticketopt.solve(problem, solver="greedy"), ticketopt.solve(problem)
        assert greedy.certificate.lower_bound == round(best.objective * SCALE)
        assert greedy.certificate.is_proof == (greedy.objective == best.objective)
        worse += not greedy.certificate.is_proof
    assert worse > 3

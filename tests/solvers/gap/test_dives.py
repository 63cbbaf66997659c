"""Dives: their bound is one, their plans are feasible, and better than what annealing stops at."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest
from benchmarks.gap_instances import must_assign, ruled, tickets, typed
from hypothesis import given, settings
from hypothesis import strategies as st

from support.brute_force import optimum
from support.seeds import examples
from support.strategies import make_model, picker
from ticketopt._core import gap
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.objective import feasible, objective
from ticketopt.model.rows import PackingRows
from ticketopt.solvers.base import Options
from ticketopt.solvers.gap.dives import FIRST, Diver, largest
from ticketopt.solvers.gap.engine_arrays import arrays_of
from ticketopt.solvers.gap.search import Run


def dive_into(model: AssignmentModel, *, box: float = 1.0, tolerance: float = 0.01, seed: int = 0) -> gap.Dive:
    kept = model.allowed & (model.effort <= model.capacity)
    worth = np.where(kept, model.pair_cost, model.exit_cost[:, None]).min(axis=1, initial=10**6).astype(np.float64)
    return gap.Dive(arrays_of(model), kept, worth, box, tolerance, seed)


@settings(max_examples=examples(100), deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    box=st.sampled_from([0.01, 1.0, 1000.0]),
    noise=st.sampled_from([0.0, 0.3]),
)
def test_dives_are_feasible_and_their_bound_is_below_brute_force(seed: int, box: float, noise: float) -> None:
    model = replace(make_model(picker(seed), unit=False), rows=PackingRows())
    if not model.pair_cost.size:
        return
    dive, best = dive_into(model, box=box), optimum(model)
    assert dive.solve(60.0) <= best + 1e-6 * (1 + abs(best))
    for _ in range(2):
        plan = dive.dive(noise, 60.0)
        assert feasible(model, plan)
        assert objective(model, plan) >= best


def test_knapsacks_that_fit_together_are_found() -> None:
    """Every agent can be filled exactly by its own tickets alone, at no cost."""
    n, agents = 24, 6
    effort = np.random.default_rng(0).integers(5, 50, (n, agents))
    owner = np.arange(n) % agents
    cost = np.full((n, agents), 100)
    cost[np.arange(n), owner] = 0
    model = must_assign(cost, effort, np.bincount(owner, weights=effort[np.arange(n), owner]).astype(np.int64))
    dive = dive_into(model)
    assert dive.solve(60.0) == pytest.approx(0, abs=0.02)
    assert dive.dive(0.0, 60.0).tolist() == owner.tolist()


def test_the_program_proves_as_much_as_knapsack_prices() -> None:
    model = typed("d", 60, 12, seed=3).model
    everything = np.ones(model.pair_cost.shape, dtype=np.bool_)
    knapsacks = gap.Knapsacks(arrays_of(model), np.zeros(model.n_agents), everything)
    start = model.pair_cost.min(axis=1) + 50.0
    bound = knapsacks.raise_bound(start, 5000.0, 3000, 60.0)[1]
    proven = gap.Dive(arrays_of(model), everything, start, 50.0, 0.01, 0).solve(60.0)
    assert bound - 0.01 <= proven <= bound + 3  # subgradients come near


def test_the_same_seed_makes_the_same_plans() -> None:
    model = typed("d", 60, 12).model
    one, other, another = (dive_into(model, box=10.0, tolerance=1.0, seed=seed) for seed in (5, 5, 6))
    assert one.solve(60.0) == other.solve(60.0)
    another.solve(60.0)
    made = [[dive.dive(0.5, 60.0).tolist() for _ in range(3)] for dive in (one, other, another)]
    assert made[0] == made[1]
    assert made[0] != made[2]
    assert one.dive(0.0, 60.0).tolist() == other.dive(0.0, 60.0).tolist()


def test_a_stopped_dive_says_so_little() -> None:
    model = typed("d", 100, 20).model
    dive = dive_into(model)
    assert dive.solve(0.0) == -np.inf
    assert (dive.dive(0.0, 0.0) == -1).all()


def test_wrong_arguments_are_refused() -> None:
    model = typed("d", 20, 4).model
    arrays, kept, worth = arrays_of(model), np.ones((20, 4), dtype=np.bool_), np.zeros(20)
    with pytest.raises(ValueError, match="above 0"):
        gap.Dive(arrays, kept, worth, 0.0, 1.0, 0)
    with pytest.raises(ValueError, match="above 0"):
        gap.Dive(arrays, kept, worth, 1.0, 0.0, 0)
    with pytest.raises(ValueError, match="worth"):
        gap.Dive(arrays, kept, np.zeros(19), 1.0, 1.0, 0)
    with pytest.raises(ValueError, match="kept"):
        gap.Dive(arrays, np.ones((20, 5), dtype=np.bool_), worth, 1.0, 1.0, 0)
    rules = ruled(32, 4).model
    with pytest.raises(ValueError, match="no rows"):
        gap.Dive(arrays_of(rules), np.ones((32, 4), dtype=np.bool_), np.zeros(32), 1.0, 1.0, 0)


def test_dives_are_for_few_tickets_per_agent_and_no_rows() -> None:
    assert largest(typed("d", 400, 40).model) == FIRST
    assert largest(typed("d", 100, 20).model) == 100
    assert largest(typed("d", 400, 2).model) == 0
    assert largest(ruled(64, 8).model) == 0
    wide = typed("d", 100, 20).model
    assert largest(replace(wide, effort=wide.effort * 10_000, capacity=wide.capacity * 10_000)) == 0


@pytest.mark.parametrize(
    "model",
    [typed("d", 40, 8, seed=1).model, tickets(40, 8, is_convex=True).model],
    ids=["type D", "priced exits"],
)
def test_dives_go_on_from_any_plan(model: AssignmentModel) -> None:
    run = Run(model, Options(time_limit=600.0))
    run.begin()
    begun, done = run.cost, threading.Event()
    nobody = np.full(model.n_tickets, -1, dtype=np.int64)
    run.plan, run.cost = nobody, objective(model, nobody)
    diver = Diver(run, 0, run.annealer.scale())
    costs = [run.cost]
    for _ in range(4):
        diver._improve(done)
        costs.append(run.cost)
        assert feasible(model, run.plan)
        assert objective(model, run.plan) == run.cost
    assert costs == sorted(costs, reverse=True)
    assert costs[-1] <= begun
    done.set()
    diver.go(600.0, done)
    assert run.cost == costs[-1]

"""The compiled engine against brute force, min-cost flow and its own certificate; events against fresh solves."""

from __future__ import annotations

import signal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from support.seeds import examples
from ticketopt._core import network

from .events import random_run
from .fuzz import check
from .instances import KINDS, Instance, dual, primal, uniform, with_slots

SEEDS = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=examples(40), deadline=None)
@given(seed=SEEDS, most=st.sampled_from([4, 6, 12, 30]))
def test_it_finds_and_proves_the_optimum(kind: str, seed: int, most: int) -> None:
    check(KINDS[kind](np.random.default_rng(seed), most))


@pytest.mark.parametrize("kind", KINDS)
def test_it_proves_instances_large_enough_to_be_sampled(kind: str) -> None:
    for seed in range(5):
        check(KINDS[kind](np.random.default_rng(seed), 400))


@settings(max_examples=examples(40), deadline=None)
@given(seed=SEEDS)
def test_every_event_equals_a_fresh_solve(seed: int) -> None:
    random_run(seed, steps=40)


def test_the_same_input_gives_the_same_output() -> None:
    instance = KINDS["ties"](np.random.default_rng(3), 300)
    first, second = (network.solve(*instance.arrays) for _ in range(2))
    assert (first[0] == second[0]).all()
    assert (first[1] == second[1]).all()


def large() -> Instance:
    random = np.random.default_rng(0)
    n, n_agents = 8000, 800
    return with_slots(
        random.integers(0, 10**6, (n, n_agents)), [np.arange(12) * 999] * n_agents, random.integers(10**7, 10**8, n)
    )


@pytest.mark.parametrize("limit", [0.0, 0.002, 0.02])
def test_a_time_limit_leaves_a_feasible_plan_and_a_bound(limit: float) -> None:
    instance = large()
    assignment, price, is_optimal = network.solve(*instance.arrays, limit)
    assert not is_optimal
    assert dual(instance, price) <= primal(instance, assignment)
    assert (assignment >= 0).all()


def greedy(instance: Instance) -> NDArray[np.int64]:
    """Dearest exit first, each to the first of the cheapest agents, or out where that is as cheap."""
    n, n_agents = instance.cost.shape
    load, place = np.zeros(n_agents, dtype=np.int64), np.full(n, -1, dtype=np.int64)
    for i in np.argsort(-instance.exit_cost, kind="stable"):
        free = [
            (int(instance.cost[i, a] + instance.slot_cost[instance.slot_start[a] + load[a]]), a)
            for a in range(n_agents)
            if load[a] < instance.slot_start[a + 1] - instance.slot_start[a]
            and (instance.allowed is None or instance.allowed[i, a])
        ]
        if free and min(free)[0] < instance.exit_cost[i]:
            place[i] = min(free)[1]
            load[place[i]] += 1
    return place


@pytest.mark.parametrize("kind", KINDS)
def test_without_time_it_does_what_greedy_does(kind: str) -> None:
    for seed in range(5):
        instance = KINDS[kind](np.random.default_rng(seed), 400)
        assignment, _, is_optimal = network.solve(*instance.arrays, 0.0)
        assert is_optimal or primal(instance, assignment) <= primal(instance, greedy(instance))


def test_it_stops_when_told() -> None:
    asked = []
    instance = large()
    assignment, price, is_optimal = network.solve(*instance.arrays, None, lambda: not asked.append(1))
    assert asked and not is_optimal and (assignment >= 0).all()
    assert dual(instance, price) <= primal(instance, assignment)


def test_control_c_interrupts_it() -> None:
    def ring(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, ring)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.01)
        with pytest.raises(KeyboardInterrupt):
            for _ in range(1000):
                network.solve(*large().arrays)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_wrong_shapes_are_errors() -> None:
    instance = uniform(np.random.default_rng(1), 8)
    cost, allowed, capacity, start, runs, exit_cost = instance.arrays
    for arrays in [
        (cost, allowed, capacity, start[:-1], runs, exit_cost),
        (cost, allowed, capacity, start, runs, np.append(exit_cost, 1)),
        (cost, np.ones((1, 77), dtype=bool), capacity, start, runs, exit_cost),
        (cost, allowed, capacity, start, runs[:-1], exit_cost),
        (cost, allowed, capacity, start, np.ascontiguousarray(runs[:, :5]), exit_cost),
        (cost, allowed, capacity, start, -runs, exit_cost),
        (cost, allowed, -capacity, start, runs, exit_cost),
    ]:
        with pytest.raises(ValueError, match=r"must|needs"):
            network.solve(*arrays)
    with pytest.raises(TypeError):
        network.solve(cost.astype(float), allowed, capacity, start, runs, exit_cost)


def test_pairs_that_would_be_read_beyond_an_array_are_errors() -> None:
    start, agent, cost, *others = with_slots(np.zeros((2, 2)), [np.zeros(1)] * 2, np.ones(2)).pairs
    for wrong in [
        (start[:-1], agent, cost),
        (start + 1, agent, cost),
        (np.array([0, 9, 4]), agent, cost),
        (np.array([0, -1, 4]), agent, cost),
        (start, agent[::-1].copy(), cost),
        (start, agent - 1, cost),
        (start, agent + 1, cost),
        (start, np.zeros_like(agent), cost),
        (start, agent, cost[:-1]),
    ]:
        with pytest.raises(ValueError, match="must"):
            network.solve_pairs(*wrong, *others)
    with pytest.raises(TypeError):
        network.solve_pairs(start, agent.astype(np.int64), cost, *others)


@pytest.mark.parametrize("kind", KINDS)
def test_stored_pairs_without_time_have_greedys_plan_too(kind: str) -> None:
    instance = KINDS[kind](np.random.default_rng(1), 400)
    assignment, price, is_optimal = network.solve_pairs(*instance.pairs, 0.0)
    assert dual(instance, price) <= primal(instance, assignment)
    assert is_optimal or primal(instance, assignment) <= primal(instance, greedy(instance))


def test_events_on_unknown_numbers_are_errors() -> None:
    instance = with_slots(np.zeros((1, 1)), [np.zeros(1)], np.ones(1))
    engine = network.Engine(*instance.arrays, np.zeros(1, dtype=np.int64))
    engine.remove_ticket(0)
    for call in (
        lambda: engine.remove_ticket(0),
        lambda: engine.remove_ticket(-1),
        lambda: engine.set_slots(1, 0, instance.arrays[4]),
    ):
        with pytest.raises(ValueError, match="no such"):
            call()
    with pytest.raises(ValueError, match="must not fall"):
        engine.set_slots(0, 2, np.array([[0, 2, -1, 1, 1, 0]]))
    for place, words in ([1], "-1 or an agent"), ([0, 0], "one entry per ticket"):
        with pytest.raises(ValueError, match=words):
            network.Engine(*instance.arrays, np.zeros(1, dtype=np.int64), np.array(place))

"""The load cost as a function: at every unit, in sums, in prices, and in what is made of it, against plain lists."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

import ticketopt
from support.backend_contract import is_exact
from ticketopt import Agent, Policy, Problem, Status, Ticket
from ticketopt.errors import InvalidInputError
from ticketopt.formulation.formulate import SCALE, formulate, load_costs
from ticketopt.live.one_ticket import explain_one
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.load_cost import LoadCost
from ticketopt.model.objective import objective
from ticketopt.solvers import BACKENDS, Options
from ticketopt.solvers.staircase import coarse

LENGTH = 12


def drawn(rng: np.random.Generator) -> tuple[LoadCost, list[list[int]]]:
    """A load cost made from lists, lines or both, and its first units."""
    n_agents = int(rng.integers(0, 5))
    parts = int(rng.integers(1, 9))
    lines = LoadCost.lines(rng.integers(-30, 30, n_agents), rng.integers(0, 20, n_agents), parts)
    if rng.random() < 0.5:
        return lines, [lines.of(j, LENGTH).tolist() for j in range(n_agents)]
    counts = rng.integers(0, 7, n_agents)
    lists = [np.sort(rng.integers(-9, 9, c)) if rng.random() < 0.5 else 3 * np.arange(c) - 5 for c in counts]
    made = LoadCost.listed(np.concatenate([np.zeros(0, dtype=np.int64), *lists]), counts)
    units = [made.of(j, LENGTH).tolist() for j in range(n_agents)]
    for mine, given in zip(units, lists, strict=True):
        assert mine[: len(given)] == given.tolist()
    both = LoadCost.join([made, lines])
    return both, units + [lines.of(j, LENGTH).tolist() for j in range(n_agents)]


def listed(load: LoadCost, units: int = LENGTH) -> list[list[int]]:
    return [load.of(j, units).tolist() for j in range(load.n_agents)]


@pytest.mark.parametrize("seed", range(300))
def test_it_says_what_lists_say(seed: int) -> None:
    rng = np.random.default_rng(seed)
    load, units = drawn(rng)
    n_agents = load.n_agents
    assert all(row == sorted(row) for row in units)
    taken, most = rng.integers(0, LENGTH, n_agents), rng.integers(0, LENGTH, n_agents)
    price, scale = rng.integers(-40, 60, n_agents), int(rng.integers(1, 4))
    assert load.total(taken).tolist() == [sum(row[:k]) for row, k in zip(units, taken, strict=True)]
    below = [sum(cost < w for cost in row[:k]) for row, w, k in zip(units, price, most, strict=True)]
    assert load.count_below(price, most).tolist() == below
    rent = [
        sum(max(0, int(w) - scale * cost) for cost in row[:k]) for row, w, k in zip(units, price, most, strict=True)
    ]
    assert load.rent(price, most, scale).tolist() == rent
    used = [cost for row, k in zip(units, most, strict=True) for cost in row[:k]]
    assert load.largest(most) == max(map(abs, used), default=0)
    assert load.magnitude(most) >= sum(map(abs, used))
    agent, cost, length = load.steps(most)
    assert np.repeat(cost, length).tolist() == used
    assert np.bincount(agent, weights=length, minlength=n_agents).tolist() == most.tolist()


@pytest.mark.parametrize("seed", range(300))
def test_what_is_made_of_it_says_what_is_made_of_lists(seed: int) -> None:
    rng = np.random.default_rng(seed)
    load, units = drawn(rng)
    longer, n_agents, amount = listed(load, 2 * LENGTH), load.n_agents, int(rng.integers(0, 6))
    taken = rng.integers(0, LENGTH, n_agents)
    assert listed(load.after(taken)) == [row[k : k + LENGTH] for row, k in zip(longer, taken, strict=True)]
    lowered = [[cost - amount * (k < t) for k, cost in enumerate(row)] for row, t in zip(units, taken, strict=True)]
    assert listed(load.lowered(taken, amount)) == lowered
    assert listed(load.times(amount)) == [[amount * cost for cost in row] for row in units]
    assert listed(load.times(amount).lowered(taken, amount).after(taken)) == [
        [amount * cost for cost in row[k : k + LENGTH]] for row, k in zip(longer, taken, strict=True)
    ]
    chosen = rng.integers(0, n_agents, 3) if n_agents else np.zeros(0, dtype=np.int64)
    assert listed(load.select(chosen)) == [units[j] for j in chosen]


def test_costs_that_fall_are_refused_however_they_come() -> None:
    with pytest.raises(InvalidInputError, match="falls within an agent"):
        LoadCost.listed(np.array([1, 5, 4]), np.array([3]))
    with pytest.raises(InvalidInputError, match="segment that falls"):
        LoadCost.lines([3], [-1])
    with pytest.raises(InvalidInputError, match="falls within an agent"):
        LoadCost(np.array([0, 2]), np.array([[0, 5, 1, 1, 1, 0], [3, 6, 0, 1, 1, 0]]))


@pytest.mark.parametrize("seed", range(50))
def test_every_unit_is_the_formula_rounded_once(seed: int) -> None:
    rng = np.random.default_rng(seed)
    load, reference = int(rng.integers(0, 10**6)), int(rng.integers(1, 10**6))
    balance = [0.5, 0.3, 100.0, 0.01, 1 / 3, 0.0][seed % 6]
    cost = load_costs(np.array([load]), np.array([float(reference)]), balance)
    weight = Fraction(balance * SCALE).limit_denominator(1024)
    for k in (0, 1, 127, 128, 129, 10**4, 10**6):
        exact = weight * Fraction(2 * (load + k) + 1, 2 * reference)
        assert abs(int(cost.at(np.array([0]), np.array([k]))[0]) - exact) <= Fraction(1, 2)
    units = np.array([int(rng.integers(0, 3000))])
    assert cost.total(units) == cost.of(0, int(units[0])).sum()


class TestFormerlyCutLists:
    """Above 128 free units, marginal costs had become a staircase; and an agent of a million units took megabytes."""

    @pytest.mark.parametrize("n", [128, 129, 140, 150])
    def test_what_is_called_optimal_is_optimal_by_the_formula(self, n: int) -> None:
        tickets = [{"ticket_id": i, "skills": {"x": 1}, "urgency": 0.4} for i in range(n)]
        agents = [{"agent_id": j, "skills": {"x": 10 if j < 75 else 9}} for j in range(100)]
        result = ticketopt.assign(tickets, agents, policy={"capacity": None})
        reference = result.problem.reference_capacity

        def cost(load: list[int]) -> float:
            return sum(0.25 * x * x / r for x, r in zip(load, reference, strict=True)) + 0.14 * sum(load[75:])

        def even(total: int, among: int) -> list[int]:
            return [total // among + (j < total % among) for j in range(among)]

        best = min(cost(even(n - k, 75) + even(k, 25)) for k in range(n + 1))
        assert result.status is Status.OPTIMAL
        assert result.cost == pytest.approx(best, abs=1e-5 * n)
        assert cost([load.after for load in result.loads]) == pytest.approx(best, abs=1e-5 * n)

    def test_600_tickets_for_500_agents_without_limits_cost_what_the_formula_says(self) -> None:
        result = ticketopt.assign(
            [{"ticket_id": i} for i in range(600)], [{"agent_id": j} for j in range(500)], policy={"capacity": None}
        )
        assert result.cost == pytest.approx(100.0)
        assert sorted({load.after for load in result.loads}) == [1, 2]

    def test_a_million_units_of_capacity_take_no_more_memory_than_ten(self) -> None:
        def peak(capacity: int) -> int:
            tickets = [Ticket(ticket_id=i, effort=1 + i % 2) for i in range(20)]
            problem = Problem(tickets, [Agent(agent_id=j, capacity=capacity) for j in range(50)], Policy())
            ticketopt.solve(problem, solver="greedy")  # whatever is imported or cached is not counted
            tracemalloc.start()
            result = ticketopt.solve(problem, solver="greedy")
            used = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            assert len(result.assigned) == 20
            return used

        assert peak(1_000_000) < 2 * peak(10)

    def test_efforts_and_capacities_of_a_million_are_solved(self) -> None:
        tickets = [Ticket(ticket_id=i, effort=1_000_000) for i in range(6)]
        problem = Problem(tickets, [Agent(agent_id=j) for j in range(6)], Policy(capacity=None))
        for solver in ("auto", "price_guided", "cp_sat", "milp", "greedy"):
            result = ticketopt.solve(problem, solver=solver)
            assert sorted(load.assigned for load in result.loads) == [1_000_000] * 6, solver

    def test_one_ticket_is_explained_by_the_same_formula(self) -> None:
        agent = Agent(agent_id="a", capacity=1000, current_load=37)
        problem = Problem([Ticket(ticket_id="t", effort=700)], [agent], Policy())
        model = formulate(problem)
        plan = np.array([0])
        option = explain_one(problem, None, "waiting").option("a")
        assert round(option.cost * SCALE) == objective(model, plan)


@pytest.mark.parametrize("seed", range(40))
def test_coarse_staircases_are_nowhere_dearer(seed: int) -> None:
    rng = np.random.default_rng(seed)
    capacity = rng.integers(0, 900, 3)
    load = LoadCost.lines(rng.integers(-500, 500, 3), rng.integers(0, 30, 3), int(rng.integers(1, 5)))
    model = AssignmentModel(
        np.zeros((1, 3), int), np.ones((1, 3), bool), np.ones(1, int), capacity, load, np.zeros(1, int)
    )
    lower = coarse(model)
    for j, units in enumerate(capacity.tolist()):
        exact, below = np.cumsum(load.of(j, units)), np.cumsum(lower.load_cost.of(j, units))
        assert (below <= exact).all()
        assert not units or below[-1] == exact[-1]
        assert (np.diff(lower.load_cost.of(j, units)) >= 0).all()
    assert len(lower.load_cost.steps(capacity)[0]) <= 3 * 130


@pytest.mark.parametrize("seed", [0, 1, 3, *(pytest.param(k, marks=pytest.mark.slow) for k in (2, 4, 5))])
def test_backends_that_see_staircases_find_the_optimum_of_fine_load_costs(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, a = 12, 3
    model = AssignmentModel(
        pair_cost=rng.integers(0, 3000, (n, a)),
        allowed=rng.random((n, a)) < 0.9,
        effort=np.ones(n, dtype=np.int64),
        capacity=np.full(a, 700),
        load_cost=LoadCost.lines(rng.integers(0, 300, a), rng.integers(1, 400, a), 3),
        exit_cost=np.full(n, 10**6),
    )
    exact = [backend for backend in BACKENDS.values() if is_exact(backend) and backend.supports(model)]
    found = [backend.solve(model, Options(60.0)) for backend in exact]
    best = objective(model, found[0].assignment)
    assert all(objective(model, outcome.assignment) == best for outcome in found)
    assert all(outcome.lower_bound is None or outcome.lower_bound <= best for outcome in found)
    heavy = replace(model, effort=rng.integers(1, 90, n))
    plans = [backend.solve(heavy, Options(60.0)) for backend in exact if backend.supports(heavy)]
    assert len({objective(heavy, plan.assignment) for plan in plans}) == 1

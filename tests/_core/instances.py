"""Random instances of the network engine's problem, kind by kind, and three ways to know their optimum.

A kind is a function from a random generator to an `Instance`. `KINDS` lists them; the property tests and the fuzz
command (`python -m tests._core.fuzz`) run over that table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tests.support.brute_force import optimum

from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.load_cost import LoadCost

Int = NDArray[np.int64]
Random = np.random.Generator


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """The arrays that `ticketopt._core.network.solve` takes."""

    cost: Int
    allowed: NDArray[np.bool_] | None
    slot_cost: Int
    slot_start: Int
    exit_cost: Int

    @property
    def arrays(self) -> tuple[Int, NDArray[np.bool_] | None, Int, Int, Int, Int]:
        capacity = np.diff(self.slot_start)
        load = LoadCost.listed(self.slot_cost, capacity)
        return self.cost, self.allowed, capacity, load.start, load.segments, self.exit_cost

    @property
    def pairs(self) -> tuple[Int, NDArray[np.int32], Int, Int, Int, Int, Int]:
        """The same, as `ticketopt._core.network.solve_pairs` takes it."""
        cost, allowed, *others = self.arrays
        allowed = np.ones(cost.shape, dtype=bool) if allowed is None else allowed
        start = np.append(0, np.cumsum(allowed.sum(axis=1)))
        capacity, load_start, segments, exit_cost = others
        agent = np.nonzero(allowed)[1].astype(np.int32)
        return start, agent, cost[allowed], capacity, load_start, segments, exit_cost


def primal(instance: Instance, assignment: Int) -> int:
    """The cost of an assignment, after checking that it is feasible."""
    served = np.flatnonzero(assignment >= 0)
    agent = assignment[served]
    load = np.bincount(agent, minlength=instance.cost.shape[1])
    assert (load <= np.diff(instance.slot_start)).all()
    assert instance.allowed is None or instance.allowed[served, agent].all()
    slots = sum(
        int(instance.slot_cost[start : start + k].sum())
        for start, k in zip(instance.slot_start[:-1], load, strict=True)
    )
    return int(instance.cost[served, agent].sum()) + int(instance.exit_cost[assignment < 0].sum()) + slots


def dual(instance: Instance, price: Int) -> int:
    """The lower bound that agent prices prove."""
    reduced = instance.cost + price
    if instance.allowed is not None:
        reduced = np.where(instance.allowed, reduced, 2**60)
    best = np.minimum(reduced.min(axis=1, initial=2**60), instance.exit_cost)
    price_of_slot = np.repeat(price, np.diff(instance.slot_start))
    return int(best.sum()) - int(np.maximum(0, price_of_slot - instance.slot_cost).sum())


def brute_force(instance: Instance) -> int:
    """The optimum by looking at every assignment; for tiny instances."""
    allowed = np.ones(instance.cost.shape, dtype=bool) if instance.allowed is None else instance.allowed
    return optimum(
        AssignmentModel(
            pair_cost=np.where(allowed, instance.cost, 0),
            allowed=allowed,
            effort=np.ones(len(instance.exit_cost), dtype=np.int64),
            capacity=np.diff(instance.slot_start),
            load_cost=instance.slot_cost,
            exit_cost=instance.exit_cost,
        )
    )


def min_cost_flow(instance: Instance) -> int:
    """The optimum by OR-Tools' min-cost flow."""
    from ortools.graph.python import min_cost_flow as flow

    n, n_agents = instance.cost.shape
    allowed = np.ones(instance.cost.shape, dtype=bool) if instance.allowed is None else instance.allowed
    ticket, agent = np.nonzero(allowed)
    sink = n + n_agents
    tail = [ticket, np.arange(n), n + np.repeat(np.arange(n_agents), np.diff(instance.slot_start))]
    head = [n + agent, np.full(n, sink), np.full(len(instance.slot_cost), sink)]
    cost = np.concatenate([instance.cost[ticket, agent], instance.exit_cost, instance.slot_cost])
    solver = flow.SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(
        np.concatenate(tail).astype(np.int32), np.concatenate(head).astype(np.int32), np.ones(len(cost), np.int64), cost
    )
    supply = np.concatenate([np.ones(n, np.int64), np.zeros(n_agents, np.int64), [-n]])
    solver.set_nodes_supplies(np.arange(sink + 1, dtype=np.int32), supply)
    assert solver.solve() == solver.OPTIMAL
    return int(solver.optimal_cost())


def with_slots(cost: Int, slots: list[Int], exit_cost: Int, allowed: NDArray[np.bool_] | None = None) -> Instance:
    """An instance whose agent `j` has the slot costs `slots[j]`."""
    start = np.cumsum([0, *(len(costs) for costs in slots)]).astype(np.int64)
    flat = np.concatenate([np.zeros(0), *slots]).astype(np.int64)
    return Instance(cost.astype(np.int64), allowed, flat, start, exit_cost.astype(np.int64))


def _shape(random: Random, most: int) -> tuple[int, int]:
    return int(random.integers(0, most + 1)), int(random.integers(0, most // 2 + 1))


def _rising(random: Random, n_agents: int, most: int, step: int = 20) -> list[Int]:
    return [np.sort(random.integers(-step, step, random.integers(0, most + 1))) for _ in range(n_agents)]


def uniform(random: Random, most: int) -> Instance:
    n, a = _shape(random, most)
    return with_slots(random.integers(0, 100, (n, a)), _rising(random, a, 4), random.integers(50, 150, n))


def ties(random: Random, most: int) -> Instance:
    n, a = _shape(random, most)
    slots = [np.sort(random.integers(0, 3, random.integers(0, 4))) for _ in range(a)]
    return with_slots(random.integers(0, 3, (n, a)), slots, random.integers(0, 6, n))


def all_equal(random: Random, most: int) -> Instance:
    n, a = _shape(random, most)
    return with_slots(np.full((n, a), 7), [np.zeros(random.integers(0, 4)) for _ in range(a)], np.full(n, 100))


def nothing_fits(random: Random, most: int) -> Instance:
    n, a = _shape(random, most)
    none = bool(random.integers(2))
    slots = [np.zeros(0 if none else 2) for _ in range(a)]
    return with_slots(random.integers(0, 9, (n, a)), slots, random.integers(5, 99, n), np.full((n, a), none))


def zero_sizes(random: Random, most: int) -> Instance:
    n, a = _shape(random, most)
    n, a = [(0, a), (n, 0), (0, 0)][random.integers(3)]
    return with_slots(np.zeros((n, a)), _rising(random, a, 3), random.integers(0, 9, n))


def one_huge_agent(random: Random, most: int) -> Instance:
    n, a = _shape(random, most)
    slots = _rising(random, a, 1)
    if a:
        slots[random.integers(a)] = np.sort(random.integers(0, 30, 3 * most))
    return with_slots(random.integers(0, 50, (n, a)), slots, random.integers(20, 99, n))


def mostly_forbidden(random: Random, most: int) -> Instance:
    n, a = _shape(random, most)
    allowed = random.random((n, a)) < (0.05 if random.integers(2) else 0.4)
    cost = np.where(allowed, random.integers(0, 60, (n, a)), 2**62)  # what stands under a forbidden pair is ignored
    return with_slots(cost, _rising(random, a, 3), random.integers(30, 99, n), allowed)


def negative(random: Random, most: int) -> Instance:
    n, a = _shape(random, most)
    return with_slots(random.integers(-90, 10, (n, a)), _rising(random, a, 4, 60), random.integers(-50, 50, n))


def near_limits(random: Random, most: int) -> Instance:
    n, a = _shape(random, most)
    high = 2**53 // (4 * most + 1)
    slots = [np.sort(random.integers(-high, high, random.integers(0, 3))) for _ in range(a)]
    return with_slots(random.integers(-high, high, (n, a)), slots, random.integers(-high, high, n))


def duplicate_tickets(random: Random, most: int) -> Instance:
    n, a = _shape(random, most)
    which = random.integers(0, 3, n)
    cost, exit_cost = random.integers(0, 30, (3, a)), random.integers(10, 60, 3)
    return with_slots(cost[which], _rising(random, a, 5), exit_cost[which])


def steep_load(random: Random, most: int) -> Instance:
    n, a = _shape(random, most)
    slots = [random.integers(0, 9) + np.arange(random.integers(0, 6)) ** 3 * 5 for _ in range(a)]
    return with_slots(random.integers(0, 40, (n, a)), slots, random.integers(100, 999, n))


def flat_load(random: Random, most: int) -> Instance:
    n, a = _shape(random, most)
    slots = [np.full(random.integers(0, 6), random.integers(-5, 9)) for _ in range(a)]
    return with_slots(random.integers(0, 40, (n, a)), slots, random.integers(0, 60, n))


def half_capacity(random: Random, most: int) -> Instance:
    n, a = _shape(random, most)
    slots = [np.zeros(max(1, n // (2 * a))) for _ in range(a)]
    return with_slots(random.integers(0, 99, (n, a)), slots, random.integers(1000, 3000, n))


def square(random: Random, most: int) -> Instance:
    n = int(random.integers(0, most + 1))
    return with_slots(random.integers(0, 30, (n, n)), [np.zeros(1)] * n, np.full(n, 10_000))


def square_with_exits(random: Random, most: int) -> Instance:
    n = int(random.integers(0, most + 1))
    a = int(random.integers(0, most + 1)) if random.integers(2) else n
    allowed = random.random((n, a)) < random.choice([0.2, 0.8, 1.0])
    cost = np.where(allowed, random.integers(-20, 30, (n, a)), -(2**62))
    return with_slots(cost, list(random.integers(-9, 9, (a, 1))), random.integers(-20, 60, n), allowed)


def products(random: Random, most: int) -> Instance:
    """Every search looks at nearly everything: cost is rank times rank."""
    n = int(random.integers(0, most + 1))
    cost = np.outer(random.permutation(n), random.permutation(n)) * random.choice([-1, 1])
    return with_slots(cost, [np.zeros(random.integers(1, 3))] * n, np.full(n, 10**6))


KINDS: Mapping[str, Callable[[Random, int], Instance]] = {
    "uniform": uniform,
    "ties": ties,
    "all equal": all_equal,
    "nothing fits": nothing_fits,
    "zero sizes": zero_sizes,
    "one huge agent": one_huge_agent,
    "mostly forbidden": mostly_forbidden,
    "negative costs": negative,
    "near the limits": near_limits,
    "duplicate tickets": duplicate_tickets,
    "steep load": steep_load,
    "flat load": flat_load,
    "half capacity": half_capacity,
    "square": square,
    "square with exits": square_with_exits,
    "products": products,
}

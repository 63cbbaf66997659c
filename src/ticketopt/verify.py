"""Is a plan right? Feasibility in plain words and in integers, and certificates of bounds. Knows no backend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ticketopt.constraints import CONSTRAINTS, Constraint
from ticketopt.explain.exchange import exchange_graph, potentials
from ticketopt.model import AssignmentModel, costs_alone, loads, objective, row_usage
from ticketopt.problem import Problem

__all__ = [
    "Certificate",
    "Violation",
    "certify",
    "dual_bound",
    "feasible",
    "price_bound",
    "proven_bound",
    "violations",
    "with_one_more",
]

Int = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule that a plan breaks."""

    rule: str
    message: str


def violations(
    problem: Problem, assignment: Sequence[int] | Int, *, constraints: Mapping[str, Constraint] = CONSTRAINTS
) -> list[Violation]:
    """Every broken rule of an assignment ((n,) agent index, -1 where left out), from the problem alone."""
    given = [(i, int(j)) for i, j in enumerate(assignment) if j >= 0]
    found = [Violation(name, text) for name, rule in constraints.items() for text in rule.broken(problem, given)]
    new = [0] * problem.n_agents
    for i, j in given:
        new[j] += problem.units(i, j)
    for j, agent in enumerate(problem.agents):
        limit = problem.capacity[j]
        if new[j] and limit is not None and agent.current_load + new[j] > limit:
            message = f"{agent.name} holds {agent.current_load} + {new[j]} units; the capacity is {limit}"
            found.append(Violation("capacity", message))
    return found


def feasible(model: AssignmentModel, assignment: Int) -> bool:
    """Whether an assignment has the right shape and keeps mask, capacities and rows."""
    if assignment.shape != (model.n_tickets,) or ((assignment < -1) | (assignment >= model.n_agents)).any():
        return False
    served = np.flatnonzero(assignment >= 0)
    return bool(
        model.allowed[served, assignment[served]].all()
        and (loads(model, assignment) <= model.capacity).all()
        and (row_usage(model.rows, assignment) <= model.rows.bound).all()
    )


@dataclass(frozen=True, slots=True, eq=False)
class Certificate:
    """A lower bound that anyone can re-add from prices.

    For prices `w` per unit of each agent's time, no plan costs less than
    `sum_i min(p_i, min_j c_ij + w_j) - sum_j sum_k max(0, w_j - m_jk)` (unit effort, no rows).
    """

    price: Int
    lower_bound: int


def certify(model: AssignmentModel, assignment: Int) -> Certificate | None:
    """Find prices that prove a unit-effort assignment optimal; None if it is not optimal, or the model is not unit.

    1. The exchange graph of the plan is its residual network, contracted to agents and one exit node.
    2. Shortest paths from everywhere (Bellman 1958) give node prices; a negative cycle would be an improvement.
    3. The dual objective at these prices must equal the primal one, to the integer.
    """
    if not model.is_unit or not feasible(model, assignment):
        return None
    distance = potentials(exchange_graph(model, assignment))
    if distance is None:
        return None
    price = distance[:-1] - distance[-1]
    bound = dual_bound(model, price)
    return Certificate(price, bound) if bound == objective(model, assignment) else None


_MOST = 2.0**62
"""What a sum of prices and costs may reach."""

MOST_PARTS = 2**60
"""Into how many parts prices may cut a cost unit."""

_CHUNK = 1 << 18
"""Pairs looked at together: few enough to stay in the processor's cache, and a large matrix is never doubled."""


def dual_bound(model: AssignmentModel, price: Int, scale: int = 1) -> int:
    """The lower bound that prices of the agents' units prove (see `Certificate`).

    It holds for every model: a ticket pays its effort times the price. `price` is (A,), and packing rows are left out;
    or (A + R,) with a price of 0 or more for every row, which a pair pays by its coefficients and the row's bound earns
    back. Prices in parts of a cost unit (`scale` of them make one) may prove a bit more; the bound is rounded up to
    whole units. Every sum is exact: prices that are too fine or too large for that are rounded or capped first.

    Raises
    ------
    ValueError
        For prices that are no integers, of another length, or in no parts of a unit: they prove nothing.
    """
    sizes = {(model.n_agents,), (model.n_agents + len(model.rows),)}
    if price.dtype.kind != "i" or price.shape not in sizes or not 1 <= scale <= MOST_PARTS:
        raise ValueError(f"prices of shape {price.shape} and type {price.dtype}, in {scale} parts of a unit")
    price, scale = _addable(model, price, scale)
    price, row_price = price[: model.n_agents], np.maximum(0, price[model.n_agents :])
    toll = _tolls(model, row_price) if len(row_price) else None
    best = model.exit_cost * scale
    is_tight = int(model.effort.max(initial=1)) > int(model.capacity.min(initial=1))
    rows = max(1, _CHUNK // max(1, model.n_agents))
    for first in range(0, model.n_tickets if model.n_agents else 0, rows):
        part = slice(first, first + rows)
        priced = model.effort[part] * price
        priced += model.pair_cost[part] if scale == 1 else model.pair_cost[part] * scale
        if toll is not None:
            priced += toll[part]
        np.copyto(priced, np.iinfo(np.int64).max, where=~model.allowed[part])
        if is_tight:
            np.copyto(priced, np.iinfo(np.int64).max, where=model.effort[part] > model.capacity)
        np.minimum(best[part], priced.min(axis=1), out=best[part])
    rent = int(model.load_cost.rent(price, model.capacity, scale).sum())
    rent += int(row_price @ model.rows.bound) if len(row_price) else 0
    return -((rent - int(best.sum())) // scale)


def _addable(model: AssignmentModel, price: Int, scale: int) -> tuple[Int, int]:
    """The prices in so few parts of a cost unit that 64 bits hold every sum of them; any prices prove a bound."""
    rows, largest = model.rows, float(np.abs(price, dtype=np.float64).max(initial=0.0))
    units = float(model.capacity.sum()) + float(model.effort.max(axis=1, initial=0).sum())
    units += float(rows.coefficient.sum()) + float(rows.bound.sum())
    costs = model.magnitude + model.load_cost.magnitude(model.capacity)
    if costs * scale + largest * units < _MOST:
        return price, scale
    parts = max(1, int(scale * _MOST / (costs * scale + largest * units)))
    cap = int((_MOST - costs * parts) / max(1.0, units))
    return np.clip(np.rint(price * (parts / scale)), -cap, cap).astype(np.int64), parts


def _tolls(model: AssignmentModel, row_price: Int) -> Int:
    """(n, A) what the rows ask for every pair at their prices."""
    toll, rows = np.zeros((model.n_tickets, model.n_agents), dtype=np.int64), model.rows
    np.add.at(toll, (rows.ticket, rows.agent), rows.coefficient * row_price[rows.row])
    return toll


def proven_bound(
    model: AssignmentModel, assignment: Int, price: Int | None = None, scale: int = 1, *, wanted: int | None = None
) -> int:
    """The best lower bound that can be added up here: at prices that somebody gives, or else at those of the plan.

    Prices of the plan are looked for where none are given, or where these prove less than `wanted`; and always with
    unequal effort or rows, where given prices may not be the best ones.
    """
    own = None if price is None else dual_bound(model, price, scale)
    if own is not None and (own >= wanted if wanted is not None else model.is_unit):
        return own
    proof = certify(model, assignment)
    if proof is not None:
        return proof.lower_bound
    quick = max(price_bound(model, assignment), alone_bound(model))
    return quick if own is None else max(own, quick)


TRIED = 100
"""Tickets left out that `with_one_more` tries to place."""


def with_one_more(model: AssignmentModel, assignment: Int) -> Int | None:
    """A cheaper plan that serves one ticket more, by whoever has room and costs least; None if none was found.

    It refutes a claimed bound that no prices refute: one above the cost of a plan that takes no search.
    """
    left_out, cost = np.flatnonzero(assignment < 0), objective(model, assignment)
    room = model.capacity - loads(model, assignment)
    for i in left_out[np.argsort(-model.exit_cost[left_out], kind="stable")][:TRIED]:
        free = np.flatnonzero(model.allowed[i] & (model.effort[i] <= room))
        if not len(free):
            continue
        better = assignment.copy()
        better[i] = free[np.argmin(model.pair_cost[i, free])]
        if feasible(model, better) and objective(model, better) < cost:
            return better
    return None


def price_bound(model: AssignmentModel, assignment: Int) -> int:
    """A quick lower bound, the best of a few prices: every agent's first slot, the last one that a plan fills, the next
    one, and the median of these for everybody (which proves that a load is spread evenly among equal agents)."""
    agents = np.arange(model.n_agents)
    load = loads(model, assignment)
    filled = np.maximum(0, np.stack([0 * load, load - 1, np.minimum(load, model.capacity - 1)]))
    prices = [model.load_cost.at(agents, unit) for unit in filled]
    prices += [np.full_like(price, np.median(price)) for price in prices[1:] if len(price)]
    return max(dual_bound(model, price) for price in prices)


def alone_bound(model: AssignmentModel) -> int:
    """A quick lower bound: every ticket at its cheapest, as if it were that agent's only work.

    A convex load cost of no load at all is 0, so two tickets cost together what they cost alone, or more.
    """
    usable = model.allowed & (model.effort <= model.capacity)
    cost = np.where(usable, costs_alone(model), np.iinfo(np.int64).max)
    best = np.minimum(model.exit_cost, cost.min(axis=1, initial=np.iinfo(np.int64).max))
    return int(best.sum())

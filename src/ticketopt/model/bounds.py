"""Certificates: what can be proven of a plan by adding up prices that the plan itself shows; and the gap."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ticketopt._types import Int
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.exchange import exchange_graph, potentials
from ticketopt.model.objective import costs_alone, feasible, loads, objective
from ticketopt.model.prices import dual_bound

__all__ = ["Certificate", "certify", "price_bound", "proven_bound", "relative_gap", "with_one_more"]


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


def proven_bound(
    model: AssignmentModel, assignment: Int, price: Int | None = None, scale: int = 1, *, wanted: int | None = None
) -> int:
    """The best lower bound that can be added up here: at prices that somebody gives, or else at those of the plan.

    Prices of the plan are looked for where none are given, or where these prove less than `wanted`; and always with
    unequal effort or rows, where given prices may not be the best ones.
    """
    stated = None if price is None else dual_bound(model, price, scale)
    if stated is not None and (stated >= wanted if wanted is not None else model.is_unit):
        return stated
    proof = certify(model, assignment)
    if proof is not None:
        return proof.lower_bound
    quick = max(price_bound(model, assignment), alone_bound(model))
    return quick if stated is None else max(stated, quick)


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
    """A quick lower bound, the best of a few prices.

    They are every agent's first slot, the last one that a plan fills, the next one, and the median of these for
    everybody (which proves that a load is spread evenly among equal agents).
    """
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


def relative_gap(objective: float, lower_bound: float) -> float:
    """`(objective - lower_bound) / |objective|`, 0 where the bound is reached."""
    difference = objective - lower_bound
    return 0.0 if difference <= 0 else difference / max(abs(objective), 1e-12)

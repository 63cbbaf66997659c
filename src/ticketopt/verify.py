"""Is an answer right? Feasibility in plain words, and a certificate of optimality. Knows no backend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ticketopt.constraints import CONSTRAINTS, Constraint
from ticketopt.explain.exchange import exchange_graph, potentials
from ticketopt.formulate import SCALE
from ticketopt.model import AssignmentModel, Status, loads, objective, row_usage
from ticketopt.problem import Problem
from ticketopt.records import Id
from ticketopt.result import Result

__all__ = ["Certificate", "Violation", "certify", "feasible", "price_bound", "verify", "violations"]

Int = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule that a plan breaks."""

    rule: str
    message: str


def verify(
    problem: Problem,
    answer: Result | Mapping[Id, Id | None],
    *,
    constraints: Mapping[str, Constraint] = CONSTRAINTS,
) -> list[Violation]:
    """Check a plan against the problem; an empty list means that it is good.

    Parameters
    ----------
    answer : a `Result`, whose costs are then recomputed too, or ticket id -> agent id (or None).
    """
    if isinstance(answer, Result):
        return [*violations(problem, answer.assignment, constraints=constraints), *_wrong_claims(answer)]
    known, assignment, found = problem.ticket_index, np.full(problem.n_tickets, -1, dtype=np.int64), []
    for ticket_id, agent_id in answer.items():
        if str(ticket_id) not in known:
            found.append(Violation("ids", f"ticket {ticket_id!r} is not in the queue"))
        elif agent_id is not None and problem.agent_of(agent_id) < 0:
            found.append(Violation("ids", f"ticket {ticket_id!r} is with {agent_id!r}, who is not in the team"))
        else:
            assignment[known[str(ticket_id)]] = problem.agent_of(agent_id)
    return found + violations(problem, assignment, constraints=constraints)


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


def _wrong_claims(result: Result) -> list[Violation]:
    found, model = [], result.model
    if not feasible(model, result.assignment):
        return [Violation("model", "the assignment is not feasible for the model")]
    if round(result.objective * SCALE) != objective(model, result.assignment):
        found.append(Violation("objective", "the stated objective is not the cost of the assignment"))
    if result.lower_bound is not None and result.lower_bound > result.objective:
        found.append(Violation("bound", "the lower bound is above the objective"))
    if result.tiers:
        found += _wrong_tiers(result)
    elif result.status is Status.OPTIMAL and result.lower_bound != result.objective:
        found.append(Violation("status", "the plan is called optimal, but its lower bound does not prove it"))
    exits = int(model.exit_cost[result.assignment < 0].sum())
    if round(result.cost * SCALE) != objective(model, result.assignment) - exits:
        found.append(Violation("cost", "the stated cost is not that of the assigned tickets"))
    for i, decision in enumerate(result.decisions):
        j = int(result.assignment[i])
        if _agent_id(result.problem, j) != decision.agent_id:
            found.append(Violation("ids", f"{decision.ticket_id} is not where the assignment puts it"))
        if j >= 0 and sum(round(v * SCALE) for v in decision.terms.values()) != model.pair_cost[i, j]:
            found.append(Violation("terms", f"the terms of {decision.ticket_id} do not add up to its cost"))
    for j, load in enumerate(result.loads):
        if (load.assigned, load.after - load.before) != (taken := int(loads(model, result.assignment)[j]), taken):
            found.append(Violation("loads", f"the load of {load.name} is not the sum of its tickets"))
    return found


def _wrong_tiers(result: Result) -> list[Violation]:
    """Tiers whose stated value is not the plan's, or that are called optimal without a proof."""
    model, plan = result.model, result.assignment
    left_out, served = plan < 0, np.flatnonzero(plan >= 0)
    pairs = int(model.pair_cost[served, plan[served]].sum())
    exits = int(model.exit_cost[left_out].sum())
    values = {
        "unassigned": float(left_out.sum()),
        "urgent_unassigned": float((left_out & result.problem.is_urgent).sum()),
        "cost": pairs / SCALE,
        "balance": (objective(model, plan) - pairs - exits) / SCALE,
    }
    found = [
        Violation("tiers", f"{tier.name} is not what it says")
        for tier in result.tiers
        if tier.value != values[tier.name]
    ]
    if result.status is Status.OPTIMAL and not all(tier.is_optimal for tier in result.tiers):
        found.append(Violation("status", "the plan is called optimal, but not every tier is proven"))
    return found


def _agent_id(problem: Problem, j: int) -> Id | None:
    """The id of agent `j`, None for -1."""
    return None if j < 0 else problem.agents[j].agent_id


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

_CHUNK = 1 << 18
"""Pairs looked at together: few enough to stay in the processor's cache, and a large matrix is never doubled."""


def dual_bound(model: AssignmentModel, price: Int, scale: int = 1) -> int:
    """The lower bound that prices of the agents' units prove (see `Certificate`).

    It holds for every model: a ticket pays its effort times the price. `price` is (A,), and packing rows are left out;
    or (A + R,) with a price of 0 or more for every row, which a pair pays by its coefficients and the row's bound earns
    back. Prices in parts of a cost unit (`scale` of them make one) may prove a bit more; the bound is rounded up to
    whole units. Every sum is exact: prices that are too fine or too large for that are rounded or capped first.
    """
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


def price_bound(model: AssignmentModel, assignment: Int) -> int:
    """A quick lower bound: that of the better of two prices, every agent's first slot and the next one after a plan."""
    agents = np.arange(model.n_agents)
    following = np.maximum(0, np.minimum(loads(model, assignment), model.capacity - 1))
    return max(dual_bound(model, model.load_cost.at(agents, unit)) for unit in (0 * following, following))

"""The cheapest plan with at most so many changes: by prices where they suffice, else by a row and a dummy agent."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from ticketopt._types import Bool, Int
from ticketopt.errors import InvalidInputError
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.changes import changed, changing_pairs, limit_of_changes
from ticketopt.model.load_cost import LoadCost
from ticketopt.model.objective import feasible, objective
from ticketopt.model.outcome import Status
from ticketopt.model.parts import forced_model
from ticketopt.model.rows import PackingRows
from ticketopt.solvers import BACKENDS, Backend, Options
from ticketopt.solvers.auto import solve_model
from ticketopt.solvers.check import Solution

__all__ = ["mixed", "solve_within"]


MOST_PRICES = 40
"""So many prices of a change are tried; a convex function of a million changes has fewer useful ones."""


def solve_within(
    model: AssignmentModel,
    stays: Int,
    most: int,
    *,
    time_limit: float,
    seed: int,
    backends: Mapping[str, Backend] = BACKENDS,
    stop: threading.Event | None = None,
) -> tuple[Solution, bool]:
    """The cheapest plan in which at most `most` tickets are not with their agent in `stays` ((n,), -1: no matter).

    1. Without the budget. If that plan keeps it, it is the answer.
    2. With a price on each change (Lagrange; Fisher 1981), in the polynomial case: a plan with exactly `most` changes
       that is optimal at some price is optimal, and every price proves a bound.
    3. If no price hits: a model with one row over all changes, where being left out is a dummy agent, so that the row
       counts it too.

    Returns
    -------
    The plan, with its cost in `model` and a bound for plans within the budget, and whether the budget binds.
    """
    end = time.perf_counter() + time_limit

    def solve(other: AssignmentModel) -> Solution:
        left = max(0.01, end - time.perf_counter())
        return solve_model(other, time_limit=left, seed=seed, backends=backends, stop=stop)

    def prove(other: AssignmentModel, hint: Int | None) -> Solution:
        """One row over all tickets is what CP-SAT proves best."""
        left = max(0.01, end - time.perf_counter())
        others = {name: backend for name, backend in backends.items() if name != "price_guided"}
        return solve_model(other, time_limit=left, seed=seed, backends=others, stop=stop, hint=hint)

    free = solve(model)
    if len(changed(stays, free.assignment)) <= most:
        return free, False
    priced = _by_prices(model, stays, most, free, solve) if model.is_unit else None
    if priced is not None and priced.status is Status.OPTIMAL:
        return priced, True
    found = _by_row(model, stays, most, prove)
    return (found if priced is None else _better(found, priced)), True


def _better(one: Solution, other: Solution) -> Solution:
    """The cheaper of two plans, with the better of both bounds."""
    best = other if other.objective < one.objective else one
    known = [found for found in (one, other) if found.lower_bound is not None]
    proof = max(known, key=lambda found: found.lower_bound or 0, default=best)
    status = Status.OPTIMAL if proof.lower_bound == best.objective else Status.FEASIBLE
    return replace(
        best,
        lower_bound=proof.lower_bound,
        bound_source=proof.bound_source,
        price=proof.price,
        price_scale=proof.price_scale,
        status=status,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Point:
    """A plan on the hull of cost against changes."""

    changes: int
    cost: int
    plan: Int


def _by_prices(
    model: AssignmentModel, stays: Int, most: int, free: Solution, solve: Callable[[AssignmentModel], Solution]
) -> Solution | None:
    """Walk down the lower convex hull between a plan with too many changes and one with few enough.

    Between two neighboring corners all plans that mix them cost the same at the price of that edge (see `mixed`). If
    one has exactly `most` changes it is optimal; otherwise the corner with fewer is a plan, and the edge a bound. None
    where no plan with few enough changes came up, or costs would be too large to add up exactly.
    """
    many, few = _Point(len(changed(stays, free.assignment)), free.objective, free.assignment), None
    sizes = [int(np.abs(costs).max(initial=0)) for costs in (model.exit_cost, model.pair_cost)]
    sizes.append(model.load_cost.largest(model.capacity))
    for _ in range(MOST_PRICES):
        rise, span = (2 * max(sizes) + 1, 1) if few is None else (few.cost - many.cost, many.changes - few.changes)
        try:
            found = _with_row_price(solve(_with_price(model, stays, rise, span)), rise, span)
        except InvalidInputError:
            break
        if found.status is not Status.OPTIMAL:
            break
        point = _Point(len(changed(stays, found.assignment)), objective(model, found.assignment), found.assignment)
        if point.changes == most:
            return _proven(found, model, point.plan, most)
        if few is None and point.changes > most:
            return None
        if few is not None and span * point.cost + rise * point.changes == span * few.cost + rise * few.changes:
            plan = mixed(model, stays, few.plan, many.plan, most - few.changes)
            if plan is not None:
                return _proven(found, model, plan, most)
            bound = -((rise * (most - few.changes) - span * few.cost) // span)
            reason = f"{few.changes} changes: the nearest plan on the hull of cost against changes"
            status = Status.OPTIMAL if bound == few.cost else Status.FEASIBLE
            return replace(
                found, assignment=few.plan, objective=few.cost, lower_bound=bound, reason=reason, status=status
            )
        if point.changes > most:
            many = point
        else:
            few = point
    return None


def _with_row_price(found: Solution, rise: int, span: int) -> Solution:
    """The prices that prove it, in parts of an unscaled integer cost, and that of a change as the price of a row."""
    if found.price is None:
        return found
    price = np.append(found.price, rise * found.price_scale)
    return replace(found, price=price, price_scale=span * found.price_scale)


def _proven(found: Solution, model: AssignmentModel, plan: Int, most: int) -> Solution:
    value = objective(model, plan)
    reason = f"{most} changes allowed: at some price of a change, no plan is cheaper than this one, which has as many"
    return replace(found, assignment=plan, objective=value, lower_bound=value, reason=reason, status=Status.OPTIMAL)


def mixed(model: AssignmentModel, stays: Int, few: Int, many: Int, wanted: int) -> Int | None:
    """A plan between two that are optimal at the same price of a change, with `wanted` changes more than the first.

    The moves from one plan to the other, and the slots that they fill or free, form cycles through agents and the exit.
    Prices that prove one plan prove the other, so each cycle alone costs nothing, and any of them may be taken. Which
    ones is a sum of their changes. None where no choice adds up.
    """
    cycles = _cycles(few, many, model.n_agents)
    base = len(changed(stays, few))
    reached: dict[int, tuple[int, ...]] = {0: ()}
    for k, tickets in enumerate(cycles):
        part = few.copy()
        part[tickets] = many[tickets]
        step = len(changed(stays, part)) - base
        for total, chosen in list(reached.items()):
            reached.setdefault(total + step, (*chosen, k))
        if wanted in reached:
            plan = few.copy()
            for c in reached[wanted]:
                plan[cycles[c]] = many[cycles[c]]
            return plan
    return None


def _cycles(few: Int, many: Int, n_agents: int) -> list[list[int]]:
    """The tickets of each simple cycle in the moves from one plan to another, the exit being node `n_agents`."""
    arcs: dict[int, list[tuple[int, int]]] = {node: [] for node in range(n_agents + 1)}
    surplus = np.zeros(n_agents + 1, dtype=np.int64)
    for i in np.flatnonzero(few != many).tolist():
        a, b = (int(plan[i]) if plan[i] >= 0 else n_agents for plan in (few, many))
        arcs[a].append((b, i))
        surplus[a] -= 1
        surplus[b] += 1
    for node, units in enumerate(surplus[:-1].tolist()):
        arcs[node] += [(n_agents, -1)] * max(0, units)
        arcs[n_agents] += [(node, -1)] * max(0, -units)
    found: list[list[int]] = []
    for start in range(n_agents + 1):
        while arcs[start]:
            _walk(arcs, start, found)
    return [cycle for cycle in found if cycle]


def _walk(arcs: dict[int, list[tuple[int, int]]], start: int, found: list[list[int]]) -> None:
    """Follow arcs from `start` back to it; every node met twice closes a cycle."""
    nodes, tickets, place = [start], [], {start: 0}
    while arcs[nodes[-1]]:
        node, ticket = arcs[nodes[-1]].pop()
        tickets.append(ticket)
        if node in place:
            first = place[node]
            found.append([i for i in tickets[first:] if i >= 0])
            for gone in nodes[first + 1 :]:
                del place[gone]
            del nodes[first + 1 :], tickets[first:]
        else:
            place[node] = len(nodes)
            nodes.append(node)


def _with_price(model: AssignmentModel, stays: Int, price: int, scale: int) -> AssignmentModel:
    """The model with all costs times `scale`, in which every change costs `price` more."""
    return replace(
        model,
        pair_cost=model.pair_cost * scale + price * changing_pairs(stays, model.n_agents),
        exit_cost=model.exit_cost * scale + price * (stays >= 0),
        load_cost=model.load_cost.times(scale),
    )


def _unchanged(model: AssignmentModel, stays: Int) -> Int | None:
    """A plan without changes, where the agents have room for one: whatever ends a search, it is an answer."""
    left = forced_model(model, {i: j for i, j in enumerate(stays.tolist()) if j >= 0})
    if left is None:
        return None
    rest, positions, _ = left
    plan = stays.copy()
    plan[positions] = BACKENDS["greedy"].solve(rest, Options()).assignment
    return plan if feasible(model, plan) else None


def _by_row(
    model: AssignmentModel, stays: Int, most: int, solve: Callable[[AssignmentModel, Int | None], Solution]
) -> Solution:
    """The generic way: a row that limits changes, and a dummy agent for tickets that could stay and are left out."""
    can_stay, n_agents = stays >= 0, model.n_agents
    staying = np.flatnonzero(can_stay)
    wider = _with_dummy(model, can_stay, int(model.magnitude) + 1)
    row = limit_of_changes(wider.allowed & changing_pairs(stays, n_agents + 1), most, f"at most {most} changes")
    found = solve(replace(wider, rows=PackingRows.join([model.rows, row])), _unchanged(model, stays))
    if (found.assignment[staying] < 0).any():
        fewest = solve(_counting(model, stays), None)
        raise InvalidInputError.single(
            "max_changes",
            f"is {most}, but no such plan was found; {fewest.objective} changes are enough",
            f"allow at least {fewest.lower_bound if fewest.lower_bound is not None else fewest.objective}",
        )
    assignment = np.where(found.assignment == n_agents, -1, found.assignment)
    return replace(found, assignment=assignment, objective=objective(model, assignment))


def _with_dummy(model: AssignmentModel, can_stay: Bool, penalty: int) -> AssignmentModel:
    """One more agent, who takes any ticket that can stay at its exit price; the real exit costs `penalty` more."""
    room = int(model.least_effort[can_stay].sum())
    effort = np.column_stack([model.effort, model.least_effort]) if model.has_pair_effort else model.effort
    return replace(
        model,
        pair_cost=np.column_stack([model.pair_cost, model.exit_cost]),
        allowed=np.column_stack([model.allowed, can_stay]),
        effort=effort,
        capacity=np.append(model.capacity, room),
        load_cost=LoadCost.join([model.load_cost, LoadCost.zero(1)]),
        exit_cost=model.exit_cost + penalty * can_stay,
    )


def _counting(model: AssignmentModel, stays: Int) -> AssignmentModel:
    """The model whose cost is the number of changes."""
    return replace(
        model,
        pair_cost=changing_pairs(stays, model.n_agents).astype(np.int64),
        exit_cost=(stays >= 0).astype(np.int64),
        load_cost=LoadCost.zero(model.n_agents),
    )

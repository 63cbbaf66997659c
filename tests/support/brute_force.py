"""Brute force: every plan of a small model with its cost, the ground truth for backends, bounds and explanations.

The costs are added up here by themselves, for all plans of a model at once. Nothing here calls
`ticketopt.model.objective`, `loads`, `row_usage` or `verify.feasible`, so the two check each other.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np

from ticketopt.model.assignment import AssignmentModel

Plan = tuple[int, ...]

NO_PLAN = 2**60
"""The cost of a plan that breaks the model."""


def all_plans(model: AssignmentModel) -> np.ndarray:
    """(P, n) every way to give each ticket to an agent or to leave it out (-1), allowed or not.

    An empty queue has the empty plan.
    """
    choices = list(itertools.product(range(-1, model.n_agents), repeat=model.n_tickets))
    return np.array(choices, dtype=np.int64).reshape(len(choices), model.n_tickets)


def plan_costs(model: AssignmentModel, plans: np.ndarray) -> np.ndarray:
    """(P,) cost of every plan; `NO_PLAN` where it breaks the mask, a capacity or a row."""
    cost, is_good = np.zeros(len(plans), dtype=np.int64), np.ones(len(plans), dtype=bool)
    for i in range(model.n_tickets):
        cost += np.append(model.pair_cost[i], model.exit_cost[i])[plans[:, i]]
        is_good &= np.append(model.allowed[i], True)[plans[:, i]]
    rows, used = model.rows, np.zeros((len(plans), len(model.rows)), dtype=np.int64)
    for r, i, j, coefficient in zip(rows.row, rows.ticket, rows.agent, rows.coefficient, strict=True):
        used[:, r] += coefficient * (plans[:, i] == j)
    is_good &= (used <= rows.bound).all(axis=1)
    for j, b in enumerate(model.capacity.tolist()):
        marginal = model.load_cost.of(j, b)
        load = ((plans == j) * np.broadcast_to(model.effort, model.pair_cost.shape)[:, j]).sum(axis=1)
        is_good &= load <= b
        cost += np.cumsum([0, *marginal])[np.minimum(load, b)]
    return np.where(is_good, cost, NO_PLAN)


def plan_cost(model: AssignmentModel, plan: Sequence[int]) -> int | None:
    """Cost of one plan, None where it breaks the model."""
    cost = int(plan_costs(model, np.array([plan], dtype=np.int64).reshape(1, -1))[0])
    return None if cost == NO_PLAN else cost


def plans(model: AssignmentModel) -> Iterator[tuple[Plan, int]]:
    """(agent per ticket, -1 where left out; its cost) of every feasible plan."""
    every = all_plans(model)
    cost = plan_costs(model, every)
    is_good = cost < NO_PLAN
    yield from zip(map(tuple, every[is_good].tolist()), cost[is_good].tolist(), strict=True)


def optimum(model: AssignmentModel) -> int:
    """The least cost of any plan."""
    return int(plan_costs(model, all_plans(model)).min())


def forced_optima(model: AssignmentModel) -> tuple[int, np.ndarray]:
    """The optimum, and (n, A + 1) the optimum of each decision forced; the last column leaves the ticket out."""
    every = all_plans(model)
    cost = plan_costs(model, every)
    forced = np.full((model.n_tickets, model.n_agents + 1), NO_PLAN, dtype=np.int64)
    for i in range(model.n_tickets):
        np.minimum.at(forced[i], every[:, i], cost)
    return int(cost.min()), forced


def optimal_plan(model: AssignmentModel, rng: np.random.Generator) -> np.ndarray:
    """Any of the optimal plans: explanations must hold for each of them."""
    every = all_plans(model)
    cost = plan_costs(model, every)
    return every[rng.choice(np.flatnonzero(cost == cost.min()))]

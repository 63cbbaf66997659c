"""Small random unit-effort models with every plan of them and its cost: the ground truth for explanations.

The costs are added up here by themselves (no `ticketopt.model.objective`), for all plans of a model at once.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np

from ticketopt.model import AssignmentModel

NO_PLAN = 2**60
"""The cost of a plan that breaks the model."""


def unit_model(rng: np.random.Generator, max_tickets: int = 5, max_agents: int = 3) -> AssignmentModel:
    """Ties, optional tickets, negative first marginals, masks, no room or far too much of it; also nothing at all."""
    n, a = int(rng.integers(0, max_tickets + 1)), int(rng.integers(0, max_agents + 1))
    scale = int(rng.choice([0, 2, 5, 30, 1000]))
    capacity = rng.integers(0, int(rng.choice([2, 3, 6])), size=a)
    low = -scale if rng.random() < 0.4 else 0
    marginal = [np.sort(rng.integers(low, scale + 1, size=b)) for b in capacity]
    return AssignmentModel(
        pair_cost=rng.integers(0, scale + 1, size=(n, a)),
        allowed=rng.random((n, a)) < rng.choice([1.0, 0.8, 0.5]),
        effort=np.ones(n, dtype=np.int64),
        capacity=capacity,
        slot_cost=np.concatenate([*marginal, np.zeros(0, dtype=np.int64)]).astype(np.int64),
        exit_cost=rng.integers(0, scale * int(rng.choice([1, 2, 20])) + 1, size=n),
    )


def general_model(rng: np.random.Generator) -> AssignmentModel:
    """A model of unequal effort."""
    model = unit_model(rng)
    return replace(model, effort=rng.integers(1, 4, size=model.n_tickets))


def all_plans(model: AssignmentModel) -> np.ndarray:
    """(P, n) every way to give each ticket to an agent or to leave it out (-1), allowed or not."""
    choices = list(itertools.product(range(-1, model.n_agents), repeat=model.n_tickets))
    return np.array(choices, dtype=np.int64).reshape(len(choices), model.n_tickets)


def plan_costs(model: AssignmentModel, plans: np.ndarray) -> np.ndarray:
    """(P,) cost of every plan; `NO_PLAN` where it breaks the mask or a capacity."""
    tickets = np.arange(model.n_tickets)
    cost, is_good = np.zeros(len(plans), dtype=np.int64), np.ones(len(plans), dtype=bool)
    for i in tickets:
        price = np.append(model.pair_cost[i], model.exit_cost[i])
        cost += price[plans[:, i]]
        is_good &= np.append(model.allowed[i], True)[plans[:, i]]
    left = model.slot_cost.tolist()
    for j, b in enumerate(model.capacity.tolist()):
        marginal, left = left[:b], left[b:]
        load = ((plans == j) * model.effort).sum(axis=1)
        is_good &= load <= b
        cost += np.cumsum([0, *marginal])[np.minimum(load, b)]
    return np.where(is_good, cost, NO_PLAN)


def forced_optima(model: AssignmentModel) -> tuple[int, np.ndarray]:
    """The optimum, and (n, A + 1) the optimum of each decision forced; the last column leaves the ticket out."""
    plans = all_plans(model)
    cost = plan_costs(model, plans)
    forced = np.full((model.n_tickets, model.n_agents + 1), NO_PLAN, dtype=np.int64)
    for i in range(model.n_tickets):
        np.minimum.at(forced[i], plans[:, i], cost)
    return int(cost.min()), forced

"""Small random unit-effort models with every plan of them and its cost: the ground truth for explanations.

The costs are added up here by themselves (no `ticketopt.model.objective`), for all plans of a model at once.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np

from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.rows import PackingRows
from ticketopt.problem.policy import Policy
from ticketopt.problem.problem import Problem
from ticketopt.problem.records import Agent, Ticket

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
        load_cost=np.concatenate([*marginal, np.zeros(0, dtype=np.int64)]).astype(np.int64),
        exit_cost=rng.integers(0, scale * int(rng.choice([1, 2, 20])) + 1, size=n),
    )


def general_model(rng: np.random.Generator) -> AssignmentModel:
    """A model of unequal effort, by ticket or by pair, often with a packing row or two of random coefficients."""
    model = unit_model(rng)
    n_rows = int(rng.integers(0, 3)) if model.pair_cost.size else 0
    row, ticket, agent = np.nonzero(rng.random((n_rows, *model.pair_cost.shape)) < 0.5)
    rows = PackingRows(
        row, ticket, agent, rng.integers(0, 3, len(row)), rng.integers(0, 4, n_rows), tuple(map(str, range(n_rows)))
    )
    effort = rng.integers(1, 4, size=model.n_tickets)
    if rng.random() < 0.4:
        effort = rng.integers(1, 4, size=model.pair_cost.shape)
    return replace(model, effort=effort, rows=rows)


def all_plans(model: AssignmentModel) -> np.ndarray:
    """(P, n) every way to give each ticket to an agent or to leave it out (-1), allowed or not."""
    choices = list(itertools.product(range(-1, model.n_agents), repeat=model.n_tickets))
    return np.array(choices, dtype=np.int64).reshape(len(choices), model.n_tickets)


def plan_costs(model: AssignmentModel, plans: np.ndarray) -> np.ndarray:
    """(P,) cost of every plan; `NO_PLAN` where it breaks the mask, a capacity or a row."""
    tickets = np.arange(model.n_tickets)
    cost, is_good = np.zeros(len(plans), dtype=np.int64), np.ones(len(plans), dtype=bool)
    for i in tickets:
        price = np.append(model.pair_cost[i], model.exit_cost[i])
        cost += price[plans[:, i]]
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


def forced_optima(model: AssignmentModel) -> tuple[int, np.ndarray]:
    """The optimum, and (n, A + 1) the optimum of each decision forced; the last column leaves the ticket out."""
    plans = all_plans(model)
    cost = plan_costs(model, plans)
    forced = np.full((model.n_tickets, model.n_agents + 1), NO_PLAN, dtype=np.int64)
    for i in range(model.n_tickets):
        np.minimum.at(forced[i], plans[:, i], cost)
    return int(cost.min()), forced


def optimal_plan(model: AssignmentModel, rng: np.random.Generator) -> np.ndarray:
    """Any of the optimal plans: explanations must hold for each of them."""
    plans = all_plans(model)
    cost = plan_costs(model, plans)
    return plans[rng.choice(np.flatnonzero(cost == cost.min()))]


def small_problem(rng: np.random.Generator, *, is_unit: bool = True, max_tickets: int = 5) -> Problem:
    """Up to three agents, with skills, levels, loads, capacities, pins and absences that bind now and then."""
    skills = ("VPN", "SAP")
    agents = [
        Agent(
            agent_id=f"a{j}",
            name=f"Agent <{j}>",
            skills={skill: int(rng.integers(0, 11)) for skill in skills if rng.random() < 0.7},
            current_load=int(rng.integers(0, 3)),
            capacity=int(rng.integers(0, 6)) if rng.random() < 0.7 else None,
            availability_status="away" if rng.random() < 0.15 else "available",
            experience_level=int(rng.integers(0, 5)),
        )
        for j in range(int(rng.integers(0, 4)))
    ]
    tickets = [
        Ticket(
            ticket_id=i,
            skills={skills[int(rng.integers(0, 2))]: 1.0},
            requires={skills[int(rng.integers(0, 2))]: int(rng.integers(1, 9))} if rng.random() < 0.3 else {},
            urgency=int(rng.integers(0, 4)) / 4,
            effort=1 if is_unit else int(rng.integers(1, 4)),
            pinned_agent=agents[0].agent_id if agents and rng.random() < 0.1 else None,
        )
        for i in range(int(rng.integers(0, max_tickets + 1)))
    ]
    policy = Policy(balance=float(rng.choice([0, 0.5])), max_urgent_per_agent=None if is_unit else 1)
    return Problem(tickets, agents, policy)

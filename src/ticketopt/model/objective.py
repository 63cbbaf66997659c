"""What a plan costs, what it takes of everybody, and whether it is feasible: the only place where it is computed."""

from __future__ import annotations

import numpy as np

from ticketopt._types import Int
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.rows import PackingRows
from ticketopt.model.stored import StoredModel

__all__ = ["costs_alone", "feasible", "loads", "objective", "row_usage"]


def loads(model: AssignmentModel | StoredModel, assignment: Int) -> Int:
    """(A,) units that each agent gets under `assignment` ((n,) agent index, -1 where left out)."""
    served = assignment >= 0
    agents = assignment[served]
    counts = np.bincount(agents, weights=model.effort_at(np.flatnonzero(served), agents), minlength=model.n_agents)
    return counts.astype(np.int64)


def costs_alone(model: AssignmentModel) -> Int:
    """(n, A) cost of every pair with its load cost as the only work of the agent (cut at its capacity)."""
    cost: Int = model.pair_cost + model.load_cost.of_first(model.effort, model.capacity)
    return cost


def row_usage(rows: PackingRows, assignment: Int) -> Int:
    """(number of rows,) left-hand side of every packing row under `assignment`."""
    active = assignment[rows.ticket] == rows.agent
    used = np.bincount(rows.row[active], weights=rows.coefficient[active], minlength=len(rows))
    return used.astype(np.int64)


def objective(model: AssignmentModel | StoredModel, assignment: Int) -> int:
    """The cost of a feasible assignment ((n,) agent index, -1 where left out): the only place where it is computed."""
    served = np.flatnonzero(assignment >= 0)
    taken = loads(model, assignment)
    if (taken > model.capacity).any():
        raise ValueError("an agent has more work than capacity; the load cost is not defined there")
    pairs = int(model.cost_at(served, assignment[served]).sum())
    exits = int(model.exit_cost[assignment < 0].sum())
    return pairs + exits + int(model.load_cost.total(taken).sum())


def feasible(model: AssignmentModel | StoredModel, assignment: Int) -> bool:
    """Whether an assignment has the right shape and keeps mask, capacities and rows."""
    if assignment.shape != (model.n_tickets,) or ((assignment < -1) | (assignment >= model.n_agents)).any():
        return False
    served = np.flatnonzero(assignment >= 0)
    return bool(
        model.allowed_at(served, assignment[served]).all()
        and (loads(model, assignment) <= model.capacity).all()
        and (row_usage(model.rows, assignment) <= model.rows.bound).all()
    )

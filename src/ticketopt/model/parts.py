"""Parts of a model: some of its tickets and agents, or what is left once decisions stand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ticketopt._types import Int
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.rows import PackingRows

__all__ = ["forced_model"]


def forced_model(model: AssignmentModel, decisions: dict[int, int]) -> tuple[AssignmentModel, Int, int] | None:
    """The rest of a model once some decisions stand: exact for any model.

    Parameters
    ----------
    decisions : ticket -> agent, -1 to leave it out.

    Returns
    -------
    The model of the other tickets, their positions in `model`, and the cost of the decisions, which use up the first
    slots of their agents: a plan of the rest costs that much more in `model`. None where the decisions break it.
    """
    taken, rows = np.zeros(model.n_agents, dtype=np.int64), model.rows
    bound, cost = rows.bound.copy(), 0
    for i, j in decisions.items():
        if j < 0:
            cost += int(model.exit_cost[i])
            continue
        if not model.allowed[i, j]:
            return None
        cost += int(model.pair_cost[i, j])
        taken[j] += int(model.effort[i, j if model.has_pair_effort else 0])
        entries = (rows.ticket == i) & (rows.agent == j)
        np.subtract.at(bound, rows.row[entries], rows.coefficient[entries])
    if (taken > model.capacity).any() or (bound < 0).any():
        return None
    rest = np.setdiff1d(np.arange(model.n_tickets), np.array(list(decisions), dtype=np.int64))
    part = among(model, rest, np.arange(model.n_agents))
    left = replace(
        part,
        capacity=model.capacity - taken,
        load_cost=model.load_cost.after(taken),
        rows=replace(part.rows, bound=bound),
    )
    return left, rest, cost + int(model.load_cost.total(taken).sum())


def among(model: AssignmentModel, tickets: Int, agents: Int) -> AssignmentModel:
    """The model of some of its tickets and agents."""
    pairs = np.ix_(tickets, agents)
    return replace(
        model,
        pair_cost=model.pair_cost[pairs],
        allowed=model.allowed[pairs],
        effort=model.effort[pairs] if model.has_pair_effort else model.effort[tickets],
        capacity=model.capacity[agents],
        load_cost=model.load_cost.select(agents),
        exit_cost=model.exit_cost[tickets],
        rows=rows_among(model.rows, model.n_tickets, model.n_agents, tickets, agents),
    )


def rows_among(rows: PackingRows, n: int, a: int, tickets: Int, agents: Int) -> PackingRows:
    """The rows with the pairs of some tickets and agents, by their positions among those."""
    ticket, agent = np.full(n, -1), np.full(a, -1)
    ticket[tickets], agent[agents] = np.arange(len(tickets)), np.arange(len(agents))
    kept = (ticket[rows.ticket] >= 0) & (agent[rows.agent] >= 0)
    return replace(
        rows,
        row=rows.row[kept],
        ticket=ticket[rows.ticket[kept]],
        agent=agent[rows.agent[kept]],
        coefficient=rows.coefficient[kept],
    )

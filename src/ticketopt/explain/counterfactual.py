"""What if? The exact change of the optimum when one decision is forced, for every decision at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ticketopt.explain.exchange import FAR, Exchange
from ticketopt.model import AssignmentModel, PackingRows

__all__ = ["changes", "forced_model", "moves"]

Int = NDArray[np.int64]


def changes(exchange: Exchange) -> Int:
    """(n, A + 1) change of the optimum by forcing each decision; `FAR` where it cannot be; the last column leaves out.

    A ticket `i` of node `s` goes to `j`: that costs `c[i, j]` less what it costs at `s`. Then `j` has one unit too many
    and `s` one too few, and the cheapest repair is the shortest path from `j` to `s`. This is exact: a residual path
    that closes the cycle through the forced arc can enter `i` only where `i` is now, so it ends at `s`, and a simple
    path that ends at `s` never moves `i` itself. A decision that is already so changes nothing.
    """
    model, n_agents = exchange.model, exchange.model.n_agents
    there = np.column_stack([np.where(model.allowed, model.pair_cost, FAR), model.exit_cost])
    node = np.where(exchange.assignment < 0, n_agents, exchange.assignment)
    here = np.take_along_axis(there, node[:, None], axis=1)
    back = np.ascontiguousarray(exchange.distance.T)[node]
    change: Int = there - here + back
    change[(there == FAR) | (back == FAR)] = FAR
    return change


def moves(exchange: Exchange, i: int, j: int) -> tuple[tuple[int, int, int], ...]:
    """The tickets that move if `i` is forced to `j` (-1 leaves it out): (ticket, from, to), the forced one first.

    The decision must be possible. With the moves made, the plan is optimal among those with the decision.
    """
    n_agents, now = exchange.model.n_agents, int(exchange.assignment[i])
    if now == j:
        return ()
    node, target = (now if now >= 0 else n_agents), (j if j >= 0 else n_agents)
    chain = [(i, now, j)]
    for arc in exchange.path(target, node):
        if arc.ticket >= 0:
            origin, goal = (-1 if end == n_agents else end for end in (arc.a, arc.b))
            chain.append((arc.ticket, origin, goal))
    return tuple(chain)


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
    return (
        _part(model, rest, taken, bound),
        rest,
        cost + int(model.load_cost.total(taken).sum()),
    )


def _part(model: AssignmentModel, rest: Int, taken: Int, bound: Int) -> AssignmentModel:
    """The model of the tickets `rest` with what is left of units and bounds."""
    rows = model.rows
    number = np.full(model.n_tickets, -1, dtype=np.int64)
    number[rest] = np.arange(len(rest))
    kept = number[rows.ticket] >= 0
    left = PackingRows(
        rows.row[kept], number[rows.ticket[kept]], rows.agent[kept], rows.coefficient[kept], bound, rows.label
    )
    return replace(
        model,
        pair_cost=model.pair_cost[rest],
        allowed=model.allowed[rest],
        effort=model.effort[rest],
        capacity=model.capacity - taken,
        load_cost=model.load_cost.after(taken),
        exit_cost=model.exit_cost[rest],
        rows=left,
    )

"""What if? The exact change of the optimum when one decision is forced, for every decision at once."""

from __future__ import annotations

import numpy as np

from ticketopt._types import Int
from ticketopt.model.exchange import FAR, Exchange

__all__ = ["cost_changes", "moves"]


def cost_changes(exchange: Exchange) -> Int:
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

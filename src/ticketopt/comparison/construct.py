"""Build a plan ticket by ticket: what every construction heuristic shares."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ticketopt._types import Float, Int
from ticketopt.model.assignment import AssignmentModel

Price = Callable[[int, Int], Int | Float]
"""(ticket, units taken by every agent so far) -> (A,) price of each agent; the lowest is chosen."""


def one_by_one(model: AssignmentModel, order: Int, price: Price) -> Int:
    """Give the tickets, in this order, to the agent of lowest price who may take it and has room.

    Masks, capacities and packing rows are respected; equal prices go to the first agent. A ticket that nobody can
    take is left out.

    Returns
    -------
    (n,) agent index, -1 where left out.
    """
    taken = np.zeros(model.n_agents, dtype=np.int64)
    rows, spare = model.rows, model.rows.bound.copy()
    by_ticket = np.argsort(rows.ticket, kind="stable")
    span = np.searchsorted(rows.ticket[by_ticket], np.arange(model.n_tickets + 1))
    assignment = np.full(model.n_tickets, -1, dtype=np.int64)
    for i in order.tolist():
        effort = model.effort[i]
        is_open = model.allowed[i] & (taken + effort <= model.capacity)
        entries = by_ticket[span[i] : span[i + 1]]
        is_open[rows.agent[entries[rows.coefficient[entries] > spare[rows.row[entries]]]]] = False
        candidates = np.flatnonzero(is_open)
        if not len(candidates):
            continue
        j = int(candidates[price(i, taken)[candidates].argmin()])
        assignment[i] = j
        taken[j] += effort[j] if len(effort) > 1 else effort[0]
        used = entries[rows.agent[entries] == j]
        spare[rows.row[used]] -= rows.coefficient[used]
    return assignment

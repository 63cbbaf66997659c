"""Greedy construction: always answers, proves nothing."""

from __future__ import annotations

import numpy as np

from ticketopt.model import AssignmentModel, Outcome, Status
from ticketopt.solvers.base import Backend, Int, Options
from ticketopt.solvers.construct import one_by_one


def solve(model: AssignmentModel, options: Options) -> Outcome:
    """Serve the tickets by falling exit price (urgent first), each by the agent who is cheapest then.

    Cheapest counts the pair cost and the marginal load cost at the load reached so far; masks, capacities and rows are
    respected; equal costs go to the first agent. Time does not stop it: it takes milliseconds.
    """
    prefix = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(model.slot_cost)])
    start, end = model.slot_start[:-1], model.slot_start[1:]

    def cost(i: int, taken: Int) -> Int:
        after = np.minimum(start + taken + model.effort[i], end)
        price: Int = model.pair_cost[i] + prefix[after] - prefix[start + taken]
        return price

    order = np.argsort(-model.exit_cost, kind="stable")
    return Outcome(one_by_one(model, order, cost, leave_out=model.exit_cost), Status.FEASIBLE)


BACKEND = Backend("urgent first, each ticket to the cheapest agent left; always answers", lambda model: None, solve)

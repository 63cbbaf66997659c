"""Who waits, among tickets that are equal to a model: the one later in the queue."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from ticketopt._types import Int
from ticketopt.model.assignment import AssignmentModel

__all__ = ["first_come"]


def first_come(model: AssignmentModel, assignment: Int) -> Int:
    """A plan that costs the same and leaves out the last of equal tickets.

    Tickets are equal where the model has the same costs, exit price, effort and eligibility for them, so that they can
    change places. A model with packing rows, which may tell them apart, keeps its plan as it is.

    Parameters
    ----------
    assignment : (n,) agent of every ticket, -1 where it is left out.
    """
    left = np.flatnonzero(assignment < 0)
    if not len(left) or len(model.rows):
        return assignment
    equal: defaultdict[tuple[int, bytes, bytes, bytes], list[int]] = defaultdict(list)
    for i in np.flatnonzero(np.isin(model.exit_cost, model.exit_cost[left])).tolist():
        pair, allowed, effort = model.pair_cost[i], model.allowed[i], model.effort[i]
        equal[int(model.exit_cost[i]), pair.tobytes(), allowed.tobytes(), effort.tobytes()].append(i)
    result = assignment.copy()
    for tickets in equal.values():
        places = assignment[tickets]
        result[tickets] = np.concatenate([places[places >= 0], places[places < 0]])
    return result

"""Greedy construction: always answers, proves nothing."""

from __future__ import annotations

import numpy as np

from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.outcome import Outcome, Status
from ticketopt.solvers.base import Backend, Options
from ticketopt.solvers.gap.engine_arrays import arrays_of


def solve(model: AssignmentModel, options: Options) -> Outcome:
    """Serve the tickets by falling exit price (urgent first), each by the agent who is cheapest then.

    Cheapest counts the pair cost and the marginal load cost at the load reached so far; masks, capacities and rows are
    respected; equal costs go to the first agent. Time does not stop it: it takes milliseconds.
    """
    from ticketopt._core import gap

    order = np.argsort(-model.exit_cost, kind="stable")
    return Outcome(gap.construct(arrays_of(model), order), Status.FEASIBLE)


BACKEND = Backend("urgent first, each ticket to the cheapest agent left; always answers", lambda model: None, solve)

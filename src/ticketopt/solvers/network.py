"""The network engine: exact for unit effort with convex load cost, with prices that prove it.

Its algorithm is told in `_core/network.hpp`. It reads the model's arrays in place, gives Python's lock free, and stops
at the time limit with a plan no worse than the hint.
"""

from __future__ import annotations

from ticketopt.model import AssignmentModel, Outcome, Status, objective
from ticketopt.solvers.base import Backend, Options, not_unit


def solve(model: AssignmentModel, options: Options) -> Outcome:
    """One call; the prices go to `solve`, which adds the proof up again."""
    from ticketopt._core import network

    allowed = None if model.allowed.all() else model.allowed
    assignment, price, is_optimal = network.solve(
        model.pair_cost, allowed, model.slot_cost, model.slot_start, model.exit_cost, options.time_limit
    )
    if is_optimal:
        return Outcome(assignment, Status.OPTIMAL, price=price)
    if options.hint is not None and objective(model, options.hint) < objective(model, assignment):
        assignment = options.hint
    return Outcome(assignment, Status.FEASIBLE, price=price)


BACKEND = Backend("ticketopt's own network engine; exact for unit effort without rows", not_unit, solve)

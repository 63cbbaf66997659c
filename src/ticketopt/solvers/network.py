"""The network engine: exact for unit effort with convex load cost, with prices that prove it.

`_core/network.hpp` describes its algorithm. It reads the model's arrays in place, gives Python's lock free, and stops
at the time limit, or when stopped, with a plan no worse than greedy's.
"""

from __future__ import annotations

from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.outcome import Outcome, Status
from ticketopt.solvers.base import Backend, Options, not_unit


def solve(model: AssignmentModel, options: Options) -> Outcome:
    """One call; the prices go to `solve`, which adds the proof up again."""
    from ticketopt._core import network

    allowed = None if model.allowed.all() else model.allowed
    assignment, price, is_optimal = network.solve(
        model.pair_cost,
        allowed,
        model.capacity,
        model.load_cost.start,
        model.load_cost.segments,
        model.exit_cost,
        options.time_limit,
        None if options.stop is None else options.stop.is_set,
    )
    if is_optimal:
        return Outcome(assignment, Status.OPTIMAL, price=price)
    return Outcome(assignment, Status.FEASIBLE, price=price)


BACKEND = Backend(
    "ticketopt's own network engine; exact for unit effort without rows", not_unit, solve, covers_greedy=True
)

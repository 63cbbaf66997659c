"""The network engine: exact for unit effort with convex load cost, with prices that prove it.

`_core/network.hpp` describes its algorithm. It reads the model's arrays in place, gives Python's lock free, and stops
at the time limit, or when stopped, with a plan no worse than greedy's.
"""

from __future__ import annotations

from collections.abc import Callable

from ticketopt._types import Int
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.outcome import Outcome, Status
from ticketopt.model.stored import StoredModel
from ticketopt.solvers.base import Backend, Options, not_unit


def solve(model: AssignmentModel, options: Options) -> Outcome:
    """One call; the prices go to `solve`, which adds the proof up again."""
    from ticketopt._core import network

    allowed = None if model.allowed.all() else model.allowed
    return _outcome(network.solve(model.pair_cost, allowed, *_others(model, options)))


def solve_pairs(model: StoredModel, options: Options) -> Outcome:
    """The same, of stored pairs."""
    from ticketopt._core import network

    pairs = model.pairs
    return _outcome(network.solve_pairs(pairs.row_start, pairs.column, model.pair_cost, *_others(model, options)))


def _others(
    model: AssignmentModel | StoredModel, options: Options
) -> tuple[Int, Int, Int, Int, float, Callable[[], bool] | None]:
    is_stopped = None if options.stop is None else options.stop.is_set
    load = model.load_cost
    return model.capacity, load.start, load.segments, model.exit_cost, options.time_limit, is_stopped


def _outcome(answer: tuple[Int, Int, bool]) -> Outcome:
    assignment, price, is_optimal = answer
    return Outcome(assignment, Status.OPTIMAL if is_optimal else Status.FEASIBLE, price=price)


BACKEND = Backend(
    "ticketopt's own network engine; exact for unit effort without rows", not_unit, solve, covers_greedy=True
)

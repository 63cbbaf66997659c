"""A model that takes long, and backends that wait until they are told to stop, once or twice."""

from __future__ import annotations

import numpy as np

from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.objective import objective
from ticketopt.model.outcome import Outcome, Status
from ticketopt.solvers import Backend, Options

__all__ = ["PATIENT", "STUBBORN", "hard_model"]


def hard_model(n: int = 150, a: int = 12) -> AssignmentModel:
    """Unequal efforts and steep load costs, without much room.

    As it is, CP-SAT proves it in a second; at 400 x 25, neither CP-SAT nor HiGHS does in many.
    """
    rng = np.random.default_rng(5)
    effort = rng.integers(1, 9, n)
    capacity = np.full(a, int(effort.sum() / a * 0.95))
    return AssignmentModel(
        pair_cost=rng.integers(0, 10_000, (n, a)),
        allowed=rng.random((n, a)) < 0.9,
        effort=effort,
        capacity=capacity,
        load_cost=np.concatenate([np.arange(b) * 7 for b in capacity]),
        exit_cost=rng.integers(50_000, 90_000, n),
    )


def patient(model: AssignmentModel, options: Options) -> Outcome:
    """Leaves everything out, says so, and waits to be stopped."""
    nothing = np.full(model.n_tickets, -1, dtype=np.int64)
    options.report(objective(model, nothing), 0)
    assert options.stop is not None and options.stop.wait(60), "nobody stopped it"
    return Outcome(nothing, Status.FEASIBLE, 0)


def stubborn(model: AssignmentModel, options: Options) -> Outcome:
    """Says that it was told to stop, and waits to be told once more."""
    assert options.stop is not None
    options.report(1, 0)
    assert options.stop.wait(60), "nobody stopped it"
    options.stop.clear()
    options.report(0, 0)
    return patient(model, options)


PATIENT = {"patient": Backend("waits", lambda model: None, patient)}
STUBBORN = {"stubborn": Backend("waits twice", lambda model: None, stubborn)}

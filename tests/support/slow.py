"""A model that takes long, and a backend that waits until it is told to stop."""

from __future__ import annotations

import time

import numpy as np

from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.objective import objective
from ticketopt.model.outcome import Outcome, Status
from ticketopt.solvers import Backend, Options

__all__ = ["PATIENT", "hard_model"]


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
    began = time.perf_counter()
    while not options.stopped:
        if time.perf_counter() - began > 20:
            raise AssertionError("nobody stopped it")
        time.sleep(0.005)
    return Outcome(nothing, Status.FEASIBLE, 0)


PATIENT = {"patient": Backend("waits", lambda model: None, patient)}

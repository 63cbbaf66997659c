"""OR-Tools CP-SAT alone: a second opinion that shares nothing with our own engine.

It sees every pair, and neither prices, nor exclusions, nor a plan to start from. Where time ends before it has a plan
of its own, the hint (greedy's plan) is the answer, with no bound.
"""

from __future__ import annotations

from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.outcome import Outcome
from ticketopt.solvers.base import Backend, Options
from ticketopt.solvers.gap import cp_model


def solve(model: AssignmentModel, options: Options) -> Outcome:
    """CP-SAT with its own presolve."""
    return cp_model.search(model, options, presolve=True, is_hinted=False)


BACKEND = Backend(
    "OR-Tools CP-SAT alone, on every pair; an independent check", cp_model.obstacle, solve, is_by_name_only=True
)

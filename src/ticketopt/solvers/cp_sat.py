"""OR-Tools CP-SAT: exact for everything the model can say, with a bound when time runs out.

CP-SAT sees the pairs that can stand in a better plan than the one it starts from, and no others: prices and knapsacks
exclude the rest, as for `price_guided`, which goes on annealing beside it.
"""

from __future__ import annotations

import threading

from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.outcome import Outcome
from ticketopt.solvers.base import Backend, Options, has_ties
from ticketopt.solvers.gap import cp_model
from ticketopt.solvers.gap.exact import prove
from ticketopt.solvers.gap.search import Run
from ticketopt.solvers.gap.usable import on_usable


def solve(model: AssignmentModel, options: Options) -> Outcome:
    """A good plan with prices; then CP-SAT on the pairs that are left, with that plan for a hint."""
    return on_usable(_solve, model, options)


def _solve(model: AssignmentModel, options: Options) -> Outcome:
    run, done = Run(model, options), threading.Event()
    run.begin()
    if run.is_open:
        with options.when_stopped(done.set):
            prove(run, done, run.left, most=cp_model.MAX_PAIRS)
    return run.outcome()


SUMMARY = "OR-Tools CP-SAT; exact for unequal effort and rows, with a bound"
BACKEND = Backend(SUMMARY, cp_model.obstacle, solve, is_weak=has_ties)

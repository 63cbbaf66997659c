"""SciPy's HiGHS as a mixed-integer program: the second opinion for everything.

HiGHS cannot be interrupted through SciPy and may overrun its limit by seconds. Whatever takes longer than a moment is
therefore solved in a subprocess, whose log shows the progress, and which is killed when the time is up.
"""

from __future__ import annotations

import math
import re
import time
from dataclasses import replace

import numpy as np

from ticketopt._types import Int, Matrix
from ticketopt.errors import SolverError
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.objective import objective
from ticketopt.model.outcome import Outcome, Status
from ticketopt.solvers import greedy
from ticketopt.solvers.base import Backend, Options, SparseModel, no_answer
from ticketopt.solvers.process import call_in_process
from ticketopt.solvers.staircase import on_staircase

Arrays = dict[str, Matrix]

TOLERANCE = 1e-9
"""Relative error granted to HiGHS's bound, which is computed in doubles; a hundredth of an integer cost of 1 comes on
top."""

LOG_TOLERANCE = 1e-8
"""The same for a bound read from its log, which prints ten digits."""

PAIRS_IN_PROCESS = 2_000
"""Models up to this size are tried here first ..."""

SECONDS_IN_PROCESS = 0.2
"""... for so long: most of them need less, and a process takes half a second to start."""

LEAD = 0.25
"""Seconds before the deadline at which HiGHS has to stop in its process, so that its answer can come back."""

INFEASIBLE = 2
"""SciPy's status."""

_LOG_LINE = re.compile(r"\d%\s+(\S+)\s+(\S+)\s+(?:Large|inf|[\d.]+%)\s")
"""Best bound and best solution in a line of the search."""


def obstacle(model: AssignmentModel) -> str | None:
    return None


def solve(model: AssignmentModel, options: Options) -> Outcome:
    """Solve the mixed-integer program, load costs by staircases."""
    return on_staircase(_search, model, options)


def _search(model: AssignmentModel, options: Options) -> Outcome:
    """Binary pairs, continuous load steps; leaving out is the slack of a ticket's row, where it can be worth its price.

    Where every exit is so dear that serving all is better, HiGHS is first asked for a plan that does, with equalities:
    it is lost among costs of very different sizes. Only if there is none, tickets may be left out.

    HiGHS counts in doubles, so its bound is lowered by a tolerance and rounded up to the integer grid. The answer is
    called optimal only if the recomputed objective reaches that bound. Where time ends before HiGHS has a better plan
    than the hint, or greedy's, that one is the answer.
    """
    end = time.perf_counter() + options.time_limit
    sparse = SparseModel.of(model)
    if not len(sparse.ticket):
        return Outcome(np.full(model.n_tickets, -1, dtype=np.int64), Status.OPTIMAL, int(model.exit_cost.sum()))
    ways = (True, False) if serves_all(model, sparse) else (False,)
    for must_serve in ways:
        left = replace(options, time_limit=max(0.01, end - time.perf_counter()))
        found = _solve(model, sparse, left, must_serve=must_serve)
        if found is not None:
            return _or_start(model, options, found)
    raise SolverError("HiGHS calls a model infeasible in which every ticket may be left out")


def _or_start(model: AssignmentModel, options: Options, found: Outcome) -> Outcome:
    """What was found, or the plan to start from where that is better: nothing may have been found in time."""
    if found.status is Status.OPTIMAL:
        return found
    start = greedy.solve(model, options).assignment if options.hint is None else options.hint
    plans = [start] if found.status is Status.UNKNOWN else [found.assignment, start]
    best = min(plans, key=lambda plan: objective(model, plan))
    is_proven = found.lower_bound == objective(model, best)
    return Outcome(best, Status.OPTIMAL if is_proven else Status.FEASIBLE, found.lower_bound)


def serves_all(model: AssignmentModel, sparse: SparseModel) -> bool:
    """Whether any plan that serves all tickets is cheaper than any that leaves one out."""
    fits = np.bincount(sparse.ticket, minlength=model.n_tickets) > 0
    if not fits.all():
        return False
    pairs, slots = model.pair_cost, model.load_cost.magnitude(model.capacity)
    dearest = np.where(sparse.variable >= 0, pairs, np.iinfo(np.int64).min).max(axis=1)
    cheapest = np.where(sparse.variable >= 0, pairs, np.iinfo(np.int64).max).min(axis=1)
    others = np.minimum(cheapest, model.exit_cost)
    return float((model.exit_cost - others).min()) > float((dearest - others).sum(dtype=np.float64) + slots)


def _solve(model: AssignmentModel, sparse: SparseModel, options: Options, *, must_serve: bool) -> Outcome | None:
    """With equalities or not; None if it is infeasible.

    A bound with equalities holds for all plans: it is at most what serving all can cost, and leaving out costs more.
    """
    end = time.perf_counter() + options.time_limit
    exits = 0 if must_serve else int(model.exit_cost.sum())
    program = program_of(model, sparse, must_serve=must_serve)
    if len(sparse.ticket) <= PAIRS_IN_PROCESS:
        limit = min(SECONDS_IN_PROCESS, max(0.01, options.time_limit))
        found: Arrays | None = solve_program({**program, "time_limit": np.array(limit)})
        if found is not None and (found["status"] != 1 or time.perf_counter() > end):
            return outcome_of(model, sparse, found, exits)
    log = _Log(exits, options)
    left = replace(options, time_limit=max(0.01, end - time.perf_counter()))
    found = call_in_process(f"{__name__}:solve_program", program, left, on_line=log.read_line)
    if found is not None and (len(found["x"]) or found["status"] == INFEASIBLE):
        return outcome_of(model, sparse, found, exits)
    bound = log.bound if found is None else _lowered(float(found["bound"]) + exits, TOLERANCE)
    return replace(no_answer(model), lower_bound=bound)


def program_of(model: AssignmentModel, sparse: SparseModel, *, must_serve: bool) -> Arrays:
    """The mixed-integer program as arrays: costs, bounds, and the matrix by coordinates.

    An agent whose units all cost the same has no steps, but a capacity: HiGHS finds better plans so.
    """
    is_flat = np.bincount(sparse.step_agent, minlength=model.n_agents) == 1
    unit_cost, is_step = np.zeros(model.n_agents, dtype=np.int64), ~is_flat[sparse.step_agent]
    unit_cost[sparse.step_agent[~is_step]] = sparse.step_cost[~is_step]
    step_agent = sparse.step_agent[is_step]
    n_pairs, n_steps = len(sparse.ticket), len(step_agent)
    rows, variable = model.rows, sparse.variable[model.rows.ticket, model.rows.agent]
    usable = variable >= 0
    pair, step = np.arange(n_pairs), n_pairs + np.arange(n_steps)
    first_agent, first_row = model.n_tickets, model.n_tickets + model.n_agents
    values = [np.ones(n_pairs), sparse.effort, -np.ones(n_steps), rows.coefficient[usable]]
    at_row = [sparse.ticket, first_agent + sparse.agent, first_agent + step_agent, first_row + rows.row[usable]]
    cost = sparse.cost + sparse.effort * unit_cost[sparse.agent]
    saved = 0 if must_serve else model.exit_cost[sparse.ticket]
    return {
        "cost": np.concatenate([cost - saved, sparse.step_cost[is_step]]).astype(np.float64),
        "upper": np.concatenate([np.ones(n_pairs), sparse.step_length[is_step]]),
        "n_pairs": np.array(n_pairs),
        "row": np.concatenate(at_row),
        "column": np.concatenate([pair, pair, step, variable[usable]]),
        "value": np.concatenate(values).astype(np.float64),
        "n_served": np.array(model.n_tickets if must_serve else 0),
        "row_upper": np.concatenate([np.ones(model.n_tickets), is_flat * model.capacity, rows.bound]),
    }


def solve_program(program: Arrays) -> Arrays:
    """The solution "x" (empty where there is none), its "bound" and HiGHS's "status", of what `program_of` makes."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array

    n_pairs, n_columns = int(program["n_pairs"]), len(program["cost"])
    row_lower = np.where(np.arange(len(program["row_upper"])) < int(program["n_served"]), 1.0, 0.0)
    matrix = coo_array(
        (program["value"], (program["row"], program["column"])), shape=(len(program["row_upper"]), n_columns)
    ).tocsr()
    is_subprocess = "deadline" in program
    limit = float(program["deadline"]) - LEAD - time.monotonic() if is_subprocess else float(program["time_limit"])
    answer = milp(
        program["cost"],
        integrality=(np.arange(n_columns) < n_pairs).astype(np.int64),
        bounds=Bounds(0, program["upper"]),
        constraints=LinearConstraint(matrix, row_lower, program["row_upper"]),
        options={"time_limit": max(0.01, limit), "mip_rel_gap": 0.0, "disp": is_subprocess},
    )
    status = INFEASIBLE if "infeasible" in answer.message.lower() else answer.status  # nothing here is unbounded
    if status not in (0, 1, INFEASIBLE):
        raise SolverError(f"HiGHS ended with: {answer.message}")
    bound = -math.inf if answer.mip_dual_bound is None else answer.mip_dual_bound
    x = np.zeros(0) if answer.x is None else answer.x
    return {"x": x, "bound": np.array(bound), "status": np.array(status)}


class _Log:
    """Reads progress from HiGHS's log; costs there are short by `exits`."""

    def __init__(self, exits: int, options: Options) -> None:
        self._exits, self._options = exits, options
        self.bound: int | None = None

    def read_line(self, line: str) -> None:
        match = _LOG_LINE.search(line)
        if match is None:
            return
        try:
            bound, best = (float(word) for word in match.groups())
        except ValueError:
            return
        self.bound = _lowered(bound, LOG_TOLERANCE, self._exits)
        self._options.report(round(best) + self._exits if math.isfinite(best) else None, self.bound)


def _lowered(bound: float, tolerance: float, exits: int = 0) -> int | None:
    """A bound in doubles as a whole number that is one surely."""
    return math.ceil(bound - tolerance * abs(bound) - 0.01) + exits if math.isfinite(bound) else None


def outcome_of(model: AssignmentModel, sparse: SparseModel, found: Arrays, exits: int) -> Outcome | None:
    """What `solve_program` found, None where it is infeasible; `exits` is what its costs are short by."""
    if found["status"] == INFEASIBLE:
        return None
    if not len(found["x"]):
        return no_answer(model)
    chosen = np.asarray(found["x"][: len(sparse.ticket)], dtype=np.float64) > 0.5
    return _believed(model, sparse.assignment(model, chosen), float(found["bound"]) + exits)


def _believed(model: AssignmentModel, assignment: Int, bound: float) -> Outcome:
    lowest = _lowered(bound, TOLERANCE)
    is_proven = lowest is not None and lowest >= objective(model, assignment)
    return Outcome(assignment, Status.OPTIMAL if is_proven else Status.FEASIBLE, lowest)


BACKEND = Backend("SciPy's HiGHS; exact up to double precision, with a bound", obstacle, solve)

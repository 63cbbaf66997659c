"""A model in OR-Tools CP-SAT: what it says, how it is built, and one search."""

from __future__ import annotations

import math
import time
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from ticketopt._types import Int
from ticketopt.errors import SolverError
from ticketopt.model.assignment import MAX_SUM, AssignmentModel
from ticketopt.model.objective import loads, objective
from ticketopt.model.outcome import Outcome, Status
from ticketopt.solvers import greedy
from ticketopt.solvers.base import Options, SparseModel, grouped
from ticketopt.solvers.staircase import on_staircase

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, CpSolver

MAX_ROW_SUM = 2**31 - 1
"""CP-SAT of ortools 9.15 can certify wrong optima where a row's coefficients add up to more."""

MAX_PAIRS = 400_000
"""CP-SAT's presolve of a larger model takes longer than most time limits, and does not look at the clock."""


def obstacle(model: AssignmentModel) -> str | None:
    if model.pair_cost.size > MAX_PAIRS and np.count_nonzero(model.allowed) > MAX_PAIRS:
        return f"the model has more than {MAX_PAIRS:,} pairs"
    effort, rows = int(model.effort.sum(axis=0).max(initial=0)), model.rows
    per_row = np.bincount(rows.row, weights=rows.coefficient, minlength=len(rows))
    if max(effort + int(model.capacity.sum()), int(per_row.max(initial=0))) > MAX_ROW_SUM:
        return "the coefficients of a row add up to more than 2^31"
    if model.magnitude >= MAX_SUM:
        return "the objective can exceed 2^53"
    return None


def search(
    model: AssignmentModel,
    options: Options,
    *,
    presolve: bool = False,
    from_below: bool = False,
    is_hinted: bool = True,
) -> Outcome:
    """See `_search`; load costs by staircases."""
    search_steps = partial(_search, presolve=presolve, from_below=from_below, is_hinted=is_hinted)
    return on_staircase(search_steps, model, options)


def _search(model: AssignmentModel, options: Options, *, presolve: bool, from_below: bool, is_hinted: bool) -> Outcome:
    """One Boolean per usable pair and one per exit; one integer per step of a load-cost staircase.

    The steps fill in order by themselves because their costs rise. It starts from the hint, or from greedy's plan,
    which is the answer where nothing better was found. One worker and a fixed seed make it deterministic up to the time
    limit.

    Parameters
    ----------
    presolve : CP-SAT's own. It turns a choice between two pairs into one Boolean and its negation, and its linear
        relaxation then loses sight of most tickets. Where few pairs are left, it proves more without, and with every
        row in that relaxation.
    from_below : look for a better bound before better plans.
    is_hinted : CP-SAT gets the plan that it starts from.
    """
    end = time.perf_counter() + options.time_limit
    from ortools.sat.python import cp_model

    hint = greedy.solve(model, options).assignment if options.hint is None else options.hint
    sparse = SparseModel.of(model)
    cp = build(model, sparse)
    if is_hinted:
        _hint(cp, model, sparse, hint)
    left = max(0.01, end - time.perf_counter())
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = left
    solver.parameters.num_workers = 1
    solver.parameters.catch_sigint_signal = False  # its handler is per thread: a signal in any other ends the process
    solver.parameters.random_seed = options.seed
    solver.parameters.presolve_inclusion_work_limit = 0
    solver.parameters.cp_model_presolve = presolve
    solver.parameters.linearization_level = 1 if presolve else 2
    solver.parameters.use_objective_lb_search = from_below
    solver.best_bound_callback = lambda bound: options.report(None, _whole(bound))
    with options.when_stopped(solver.stop_search, after=left):
        status = _run(solver, cp, options)
    if status == cp_model.UNKNOWN:
        return Outcome(hint, Status.FEASIBLE)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise SolverError(f"CP-SAT ended with {solver.status_name(status)}")
    chosen = np.array(list(solver.response_proto.solution), dtype=np.int64)[: len(sparse.ticket)] > 0
    plan, bound = sparse.assignment(model, chosen), _whole(solver.best_objective_bound)
    if status == cp_model.OPTIMAL:
        return Outcome(plan, Status.OPTIMAL, bound)
    return Outcome(min(plan, hint, key=lambda one: objective(model, one)), Status.FEASIBLE, bound)


def _run(solver: CpSolver, cp: CpModel, options: Options) -> object:
    """Solve, and report every plan found on the way."""
    from ortools.sat.python import cp_model

    class Plans(cp_model.CpSolverSolutionCallback):
        def on_solution_callback(self) -> None:
            options.report(round(self.objective_value), _whole(self.best_objective_bound))

    return solver.solve(cp, Plans())


def _whole(bound: float) -> int | None:
    """A bound: a whole number, but computed in doubles, so that 2 can come as 2.000000000000001; None for infinity."""
    return round(bound) if math.isfinite(bound) else None


def build(model: AssignmentModel, sparse: SparseModel) -> CpModel:
    """The CP-SAT model with its variables in the order pairs, exits, steps.

    Everything enters as whole arrays, one per ticket, agent and row: there is no Python object per pair.
    """
    from ortools.sat.python import cp_model
    from ortools.sat.python.cp_model_helper import IntegerVariableProto

    cp, n_pairs = cp_model.CpModel(), len(sparse.ticket)
    proto = cp.proto
    binary = IntegerVariableProto()
    binary.domain.extend([0, 1])
    proto.variables.extend([binary] * (n_pairs + model.n_tickets))
    for length in sparse.step_length.tolist():
        proto.variables.add().domain.extend([0, length])
    pairs, start = np.arange(n_pairs), np.searchsorted(sparse.ticket, np.arange(model.n_tickets + 1))
    for i in range(model.n_tickets):
        proto.constraints.add().exactly_one.literals.extend([*range(start[i], start[i + 1]), n_pairs + i])
    first_step = n_pairs + model.n_tickets
    own_pairs, own_steps = grouped(sparse.agent, model.n_agents), grouped(sparse.step_agent, model.n_agents)
    for mine, steps in zip(own_pairs, own_steps, strict=True):
        signs = np.concatenate([sparse.effort[mine], -np.ones(len(steps), dtype=np.int64)])
        _row(cp, np.concatenate([pairs[mine], first_step + steps]), signs, 0, 0)
    rows = model.rows
    variable = sparse.variable[rows.ticket, rows.agent]
    for entries, bound in zip(grouped(rows.row, len(rows)), rows.bound.tolist(), strict=True):
        kept = entries[variable[entries] >= 0]
        _row(cp, variable[kept], rows.coefficient[kept], 0, bound)
    costs = np.concatenate([sparse.cost, model.exit_cost, sparse.step_cost])
    proto.objective.vars.extend(range(len(costs)))
    proto.objective.coeffs.extend(costs.tolist())
    return cp


def _row(cp: CpModel, variables: Int, coefficients: Int, low: int, high: int) -> None:
    """`low <= sum coefficient * variable <= high`; none where there are no variables."""
    if len(variables):
        linear = cp.proto.constraints.add().linear
        linear.vars.extend(variables.tolist())
        linear.coeffs.extend(coefficients.tolist())
        linear.domain.extend([low, high])


def _hint(cp: CpModel, model: AssignmentModel, sparse: SparseModel, assignment: Int) -> None:
    """Give CP-SAT a feasible plan: every variable, so that it is complete."""
    filled = loads(model, assignment)[sparse.step_agent]
    own_start = np.searchsorted(sparse.step_agent, np.arange(model.n_agents))
    before = np.cumsum(sparse.step_length) - sparse.step_length
    before = before - before[own_start[sparse.step_agent]] if len(before) else before
    values = np.concatenate(
        [
            assignment[sparse.ticket] == sparse.agent,
            assignment < 0,
            np.clip(filled - before, 0, sparse.step_length),
        ]
    )
    cp.proto.solution_hint.vars.extend(range(len(values)))
    cp.proto.solution_hint.values.extend(values.astype(np.int64).tolist())

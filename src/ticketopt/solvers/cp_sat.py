"""OR-Tools CP-SAT: exact for everything the model can say, with a bound when time runs out."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np

from ticketopt.errors import SolverError
from ticketopt.model import MAX_SUM, AssignmentModel, Outcome, Status, loads
from ticketopt.solvers.base import Backend, Int, Options, SparseModel, grouped, no_answer

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel

MAX_ROW_SUM = 2**31 - 1
"""CP-SAT of ortools 9.15 can certify wrong optima where a row's coefficients add up to more."""

MAX_PAIRS = 400_000
"""Building a larger model takes longer than most time limits."""


def obstacle(model: AssignmentModel) -> str | None:
    if model.pair_cost.size > MAX_PAIRS and np.count_nonzero(model.allowed) > MAX_PAIRS:
        return f"the model has more than {MAX_PAIRS:,} pairs"
    effort, rows = int(model.effort.sum()), model.rows
    per_row = np.bincount(rows.row, weights=rows.coefficient, minlength=len(rows))
    if max(effort + int(model.capacity.sum()), int(per_row.max(initial=0))) > MAX_ROW_SUM:
        return "the coefficients of a row add up to more than 2^31"
    if model.magnitude >= MAX_SUM:
        return "the objective can exceed 2^53"
    return None


def solve(model: AssignmentModel, options: Options) -> Outcome:
    """One Boolean per usable pair and one per exit; one integer per step of a load-cost staircase.

    The steps fill in order by themselves because their costs rise. One worker and a fixed seed make it deterministic
    up to the time limit.
    """
    began = time.perf_counter()
    from ortools.sat.python import cp_model

    sparse = SparseModel.of(model)
    cp, pairs = _build(model, sparse)
    if options.hint is not None:
        _hint(cp, model, sparse, options.hint)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(0.01, options.time_limit - (time.perf_counter() - began))
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = options.seed
    solver.parameters.presolve_inclusion_work_limit = 0
    status = solver.solve(cp)
    if status == cp_model.UNKNOWN:
        return no_answer(model) if options.hint is None else Outcome(options.hint, Status.FEASIBLE)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise SolverError(f"CP-SAT ended with {solver.status_name(status)}")
    chosen = np.fromiter((solver.value(pair) > 0 for pair in pairs), dtype=np.bool_, count=len(pairs))
    return Outcome(
        sparse.assignment(model, chosen),
        Status.OPTIMAL if status == cp_model.OPTIMAL else Status.FEASIBLE,
        round(solver.best_objective_bound),  # a whole number, but computed in doubles: 2 can come as 2.000000000000001
    )


def _build(model: AssignmentModel, sparse: SparseModel) -> tuple[CpModel, Any]:
    """The CP-SAT model with its variables in the order pairs, exits, steps."""
    from ortools.sat.python import cp_model

    cp, weighted = cp_model.CpModel(), cp_model.LinearExpr.weighted_sum
    pairs = np.array([cp.new_bool_var("") for _ in sparse.ticket], dtype=object)
    exits = np.array([cp.new_bool_var("") for _ in range(model.n_tickets)], dtype=object)
    steps = np.array([cp.new_int_var(0, int(length), "") for length in sparse.step_length], dtype=object)
    start = np.searchsorted(sparse.ticket, np.arange(model.n_tickets + 1))
    for i in range(model.n_tickets):
        cp.add_exactly_one([*pairs[start[i] : start[i + 1]], exits[i]])
    own_pairs, own_steps = grouped(sparse.agent, model.n_agents), grouped(sparse.step_agent, model.n_agents)
    for mine, own in zip(own_pairs, own_steps, strict=True):
        signs = np.concatenate([model.effort[sparse.ticket[mine]], -np.ones(len(own), dtype=np.int64)])
        if len(signs):
            cp.add(weighted([*pairs[mine], *steps[own]], signs.tolist()) == 0)
    rows = model.rows
    variable = sparse.variable[rows.ticket, rows.agent]
    for entries, bound in zip(grouped(rows.row, len(rows)), rows.bound.tolist(), strict=True):
        kept = entries[variable[entries] >= 0]
        if len(kept):
            cp.add(weighted(pairs[variable[kept]].tolist(), rows.coefficient[kept].tolist()) <= bound)
    costs = np.concatenate([sparse.cost, model.exit_cost, sparse.step_cost])
    cp.minimize(weighted([*pairs, *exits, *steps], costs.tolist()))
    return cp, pairs


def _hint(cp: CpModel, model: AssignmentModel, sparse: SparseModel, assignment: Int) -> None:
    """Tell CP-SAT a feasible plan: every variable, so that it is complete."""
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


BACKEND = Backend("OR-Tools CP-SAT; exact for unequal effort and rows, with a bound", obstacle, solve)

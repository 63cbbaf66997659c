"""SciPy's HiGHS as a mixed-integer program: the second opinion for everything."""

from __future__ import annotations

import math

import numpy as np

from ticketopt.errors import SolverError
from ticketopt.model import AssignmentModel, Outcome, Status, objective
from ticketopt.solvers.base import Backend, Options, SparseModel, no_answer

TOLERANCE = 1e-9
"""Relative error granted to HiGHS's bound, which is computed in doubles; a hundredth of a cost unit comes on top."""


def obstacle(model: AssignmentModel) -> str | None:
    return None


def solve(model: AssignmentModel, options: Options) -> Outcome:
    """Binary pairs, continuous load steps; leaving out is the slack of a ticket's row.

    HiGHS counts in doubles, so its bound is lowered by a tolerance and rounded up to the integer grid. The answer is
    called optimal only if the recomputed objective reaches that bound.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array

    sparse = SparseModel.of(model)
    n_pairs, n_steps, exits = len(sparse.ticket), len(sparse.step_agent), int(model.exit_cost.sum())
    if not n_pairs:
        return Outcome(np.full(model.n_tickets, -1, dtype=np.int64), Status.OPTIMAL, exits)
    rows, variable = model.rows, sparse.variable[model.rows.ticket, model.rows.agent]
    usable = variable >= 0
    pair, step = np.arange(n_pairs), n_pairs + np.arange(n_steps)
    first_agent, first_row = model.n_tickets, model.n_tickets + model.n_agents
    values = [np.ones(n_pairs), model.effort[sparse.ticket], -np.ones(n_steps), rows.coefficient[usable]]
    at_row = [sparse.ticket, first_agent + sparse.agent, first_agent + sparse.step_agent, first_row + rows.row[usable]]
    at_column = [pair, pair, step, variable[usable]]
    shape = (first_row + len(rows), n_pairs + n_steps)
    where = (np.concatenate(at_row), np.concatenate(at_column))
    matrix = coo_array((np.concatenate(values).astype(np.float64), where), shape=shape)
    upper = np.concatenate([np.ones(model.n_tickets), np.zeros(model.n_agents), rows.bound])
    answer = milp(
        np.concatenate([sparse.cost - model.exit_cost[sparse.ticket], sparse.step_cost]).astype(np.float64),
        integrality=np.concatenate([np.ones(n_pairs), np.zeros(n_steps)]),
        bounds=Bounds(0, np.concatenate([np.ones(n_pairs), sparse.step_length])),
        constraints=LinearConstraint(matrix.tocsr(), 0.0, upper),
        options={"time_limit": max(0.01, options.time_limit), "mip_rel_gap": 0.0},
    )
    if answer.status not in (0, 1):
        raise SolverError(f"HiGHS ended with: {answer.message}")
    if answer.x is None:
        return no_answer(model)
    assignment = sparse.assignment(model, answer.x[:n_pairs] > 0.5)
    return _believed(model, assignment, answer.mip_dual_bound + exits)


def _believed(model: AssignmentModel, assignment: np.ndarray[tuple[int], np.dtype[np.int64]], bound: float) -> Outcome:
    lowest = math.ceil(bound - TOLERANCE * abs(bound) - 0.01) if math.isfinite(bound) else None
    is_proven = lowest is not None and lowest >= objective(model, assignment)
    return Outcome(assignment, Status.OPTIMAL if is_proven else Status.FEASIBLE, lowest)


BACKEND = Backend("SciPy's HiGHS; exact up to double precision, with a bound", obstacle, solve)

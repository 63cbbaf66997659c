"""Prices of time and of packing rows, from HiGHS' linear relaxation. Any prices bound; good ones bound closely."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np

from ticketopt._types import Int, Matrix
from ticketopt.model.assignment import AssignmentModel
from ticketopt.solvers.base import Options, SparseModel
from ticketopt.solvers.process import call_in_process
from ticketopt.solvers.staircase import coarse

MOST = 2**60
"""Prices are cut so that all units together cost less than this: any prices bound, and these add up exactly."""


PAIRS_IN_PROCESS = 10_000
"""Larger models are solved in a process of their own: HiGHS can take seconds then, and cannot be interrupted here."""


def dual_prices(
    model: AssignmentModel, time_limit: float = 10.0, stop: threading.Event | None = None
) -> tuple[Int, Int]:
    """(A,) prices of the agents' units and (number of rows,) prices of the rows' units.

    Zeros where HiGHS has none in time, or once `stop` is set.
    """
    sparse, rows = SparseModel.of(coarse(model)), model.rows
    zeros = np.zeros(model.n_agents, dtype=np.int64), np.zeros(len(rows), dtype=np.int64)
    m, q, n, a = len(sparse.ticket), len(sparse.step_agent), model.n_tickets, model.n_agents
    if not m:
        return zeros
    scale = 1.0 / max(1, int(np.abs(sparse.cost).max()), int(np.abs(sparse.step_cost).max(initial=0)))
    cost = np.concatenate([sparse.cost, sparse.step_cost, model.exit_cost]) * scale
    pair, step, exits = np.arange(m), m + np.arange(q), m + q + np.arange(n)
    value = np.concatenate([np.ones(m + n), sparse.effort, -np.ones(q)])
    line = np.concatenate([sparse.ticket, np.arange(n), n + sparse.agent, n + sparse.step_agent])
    variable = np.concatenate([pair, exits, pair, step])
    column = sparse.variable[rows.ticket, rows.agent]
    kept = column >= 0
    program = {
        "cost": cost,
        "upper": np.concatenate([np.full(m, np.inf), sparse.step_length, np.full(n, np.inf)]),
        "limit_value": rows.coefficient[kept],
        "limit_row": rows.row[kept],
        "limit_column": column[kept],
        "limit": rows.bound,
        "served_value": value,
        "served_row": line,
        "served_column": variable,
        "served": np.concatenate([np.ones(n), np.zeros(a)]),
        "time_limit": np.array(time_limit),
    }
    if m <= PAIRS_IN_PROCESS:
        found: dict[str, Matrix] | None = solve_program(program)
    else:
        found = call_in_process(f"{__name__}:solve_program", program, Options(time_limit, stop=stop))
    if found is None or not len(found["served"]):
        return zeros
    time = np.rint(-found["served"][n:] / scale)
    row = np.rint(-found["limit"] / scale)
    most_time = MOST // (int(model.effort.max(axis=1, initial=0).sum()) + int(model.capacity.sum()) + 1)
    most_row = MOST // (int(rows.coefficient.sum()) + int(rows.bound.sum()) + 1)
    return np.clip(time, -most_time, most_time).astype(np.int64), np.clip(row, 0, most_row).astype(np.int64)


def solve_program(program: dict[str, Matrix]) -> dict[str, Matrix]:
    """The duals of the rows "served" and "limit" of a linear program; empty where HiGHS does not solve it."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_array

    width, has_limits = len(program["cost"]), len(program["limit"]) > 0
    limits: Any = csr_array(
        (program["limit_value"], (program["limit_row"], program["limit_column"])), shape=(len(program["limit"]), width)
    )
    served: Any = csr_array(
        (program["served_value"], (program["served_row"], program["served_column"])),
        shape=(len(program["served"]), width),
    )
    found = linprog(
        program["cost"],
        A_ub=limits if has_limits else None,
        b_ub=program["limit"] if has_limits else None,
        A_eq=served,
        b_eq=program["served"],
        bounds=list(zip(np.zeros(width), program["upper"], strict=True)),
        method="highs",
        options={"time_limit": float(program["time_limit"])},
    )
    if found.status != 0:
        return {"served": np.zeros(0), "limit": np.zeros(0)}
    limit = np.asarray(found.ineqlin.marginals) if has_limits else np.zeros(0)
    return {"served": np.asarray(found.eqlin.marginals), "limit": limit}

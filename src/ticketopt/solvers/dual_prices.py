"""Prices of time and of packing rows, from HiGHS' linear relaxation. Any prices bound; good ones bound closely."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ticketopt.model import AssignmentModel
from ticketopt.solvers.base import SparseModel
from ticketopt.solvers.staircase import coarse

Int = NDArray[np.int64]

MOST = 2**60
"""Prices are cut so that all units together cost less than this: any prices bound, and these add up exactly."""


def dual_prices(model: AssignmentModel, time_limit: float = 10.0) -> tuple[Int, Int]:
    """(A,) prices of the agents' units and (number of rows,) prices of the rows' units; zeros where HiGHS has none."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_array

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
    width = m + q + n
    limits: Any = csr_array((rows.coefficient[kept], (rows.row[kept], column[kept])), shape=(len(rows), width))
    served: Any = csr_array((value, (line, variable)), shape=(n + a, width))
    upper = np.concatenate([np.full(m, np.inf), sparse.step_length, np.full(n, np.inf)])
    found = linprog(
        cost,
        A_ub=limits if len(rows) else None,
        b_ub=rows.bound if len(rows) else None,
        A_eq=served,
        b_eq=np.concatenate([np.ones(n), np.zeros(a)]),
        bounds=list(zip(np.zeros(width), upper, strict=True)),
        method="highs",
        options={"time_limit": time_limit},
    )
    if found.status != 0:
        return zeros
    time = np.rint(-found.eqlin.marginals[n:] / scale)
    row = np.rint(-found.ineqlin.marginals / scale) if len(rows) else np.zeros(0)
    most_time = MOST // (int(model.effort.max(axis=1, initial=0).sum()) + int(model.capacity.sum()) + 1)
    most_row = MOST // (int(rows.coefficient.sum()) + int(rows.bound.sum()) + 1)
    return np.clip(time, -most_time, most_time).astype(np.int64), np.clip(row, 0, most_row).astype(np.int64)

"""A model as the compiled engine for unequal effort reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ticketopt.model.assignment import AssignmentModel

if TYPE_CHECKING:
    from ticketopt._core import gap


def arrays_of(model: AssignmentModel) -> gap.Arrays:
    """Its arrays, which are not copied; rows by pair."""
    from ticketopt._core import gap

    allowed = None if model.allowed.all() else model.allowed
    load = model.load_cost
    arrays = gap.Arrays(model.pair_cost, allowed, model.effort, model.capacity, load.start, load.runs, model.exit_cost)
    rows = model.rows
    if len(rows):
        pair = rows.ticket * model.n_agents + rows.agent
        order = np.argsort(pair, kind="stable")
        first = np.searchsorted(pair[order], np.arange(model.pair_cost.size + 1))
        arrays.set_rows(rows.bound, first, rows.row[order], rows.coefficient[order])
    return arrays

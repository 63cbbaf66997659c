"""A model as the compiled generalized assignment engine reads it."""

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
    load, rows = model.load_cost, model.rows
    by_pair = None
    if len(rows):
        pair = rows.ticket * model.n_agents + rows.agent
        order = np.argsort(pair, kind="stable")
        first = np.searchsorted(pair[order], np.arange(model.pair_cost.size + 1))
        by_pair = (rows.bound, first, rows.row[order], rows.coefficient[order])
    return gap.Arrays(
        model.pair_cost, allowed, model.effort, model.capacity, load.start, load.segments, model.exit_cost, by_pair
    )

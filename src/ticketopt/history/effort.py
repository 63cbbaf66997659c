"""How much work a kind of ticket is, in the units that loads and capacities are counted in."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ticketopt.history.levels import FEWEST_STINTS
from ticketopt.history.observed import Past, Rows

__all__ = ["efforts"]

LOW = 25.0
"""A unit is what the kind at this percentile takes."""

MOST = 20
"""A kind is never more units: a log's longest kinds wait for others, they are not work."""


def efforts(past: Past, rows: Rows, hours: Mapping[int, float]) -> Mapping[str, int]:
    """Kind -> units, for kinds of at least `FEWEST_STINTS` tickets.

    Parameters
    ----------
    hours : kind -> expected working hours of a typical agent.
    """
    stint = np.unique(rows.stint, return_index=True)[1]
    tickets = np.bincount(rows.kind[stint] + 1, minlength=len(past.history.kinds) + 1)[1:]
    known = {kind: spent for kind, spent in hours.items() if tickets[kind] >= FEWEST_STINTS}
    if not known:
        return {}
    unit = float(np.percentile(list(known.values()), LOW))
    return {past.history.kinds[kind]: min(max(1, round(spent / unit)), MOST) for kind, spent in known.items()}

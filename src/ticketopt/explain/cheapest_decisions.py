"""The decisions of least change among many."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ticketopt._types import Int
from ticketopt.explain.analysis import Analysis, Forced
from ticketopt.explain.arguments import check
from ticketopt.explain.solver import Solver
from ticketopt.model.exchange import FAR
from ticketopt.problem.fields import whole_number

__all__ = ["cheapest_decisions"]


def cheapest_decisions(
    analysis: Analysis, bounds: Int, k: int, pair: Callable[[int], tuple[int, int]], solver: Solver | None
) -> list[tuple[int, int, Forced]]:
    """The `k` decisions that raise the objective least, best first, as (ticket, agent, what is known).

    Given `solver`, they are solved by rising bound until no other can be better; where the time ends before that, the
    rest of the `k` have their bounds only.

    Parameters
    ----------
    bounds : lower bound of the change by each decision, `FAR` where it cannot be. pair : its ticket and agent.
    """
    check(k=(whole_number(0), k))
    order = [c for c in np.argsort(bounds, kind="stable").tolist() if bounds[c] < FAR]
    is_solving = solver is not None and not analysis.is_exact
    found: list[tuple[int, int, Forced]] = []
    for c in order if is_solving else order[:k]:
        if len(found) >= k and (not k or sorted(found, key=_cost_change)[k - 1][0] <= bounds[c]):
            break
        forced = analysis.force(*pair(c), solver, parts=1 + max(0, k - len(found)))
        if forced is None:
            continue
        if is_solving and forced.at_most is None and len(found) >= k:
            break
        found.append((forced.at_least if forced.at_most is None else forced.at_most, c, forced))
    return [(*pair(c), forced) for _, c, forced in sorted(found, key=_cost_change)[:k]]


def _cost_change(row: tuple[int, int, Forced]) -> tuple[int, int]:
    return row[0], row[1]

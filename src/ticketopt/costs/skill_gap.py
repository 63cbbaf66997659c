"""How much of what the ticket wants the agent lacks."""

from __future__ import annotations

import numpy as np

from ticketopt.costs.base import CostTerm, Float
from ticketopt.problem import Problem


def matrix(problem: Problem) -> Float:
    """(n, A) importance-weighted shortfall of proficiency, `sum_s w_s^2 (1 - level_js) / sum_s w_s^2`.

    Importances enter squared: covering the main need well beats touching many weak ones. 0 is a master of everything
    wanted, 1 knows none of it; a ticket that wants nothing has 0 everywhere.
    """
    squared = problem.wanted**2
    total = squared.sum(axis=1, keepdims=True)
    share = np.divide(squared, total, out=np.zeros_like(squared), where=total > 0)
    gap: Float = np.clip((total > 0) - share @ problem.level.T, 0.0, 1.0)
    return gap


TERM = CostTerm("skills the ticket wants and the agent lacks", 1.0, matrix)

"""Changes against an earlier plan: tickets that could stay with their agents and do not.

`stays` ((n,)) says with which agent each ticket can stay, -1 where it cannot: then nothing is a change.
"""

from __future__ import annotations

import numpy as np

from ticketopt._types import Bool, Int
from ticketopt.model.rows import PackingRows

__all__ = ["changed", "changing_pairs", "limit_of_changes"]


def changing_pairs(stays: Int, n_agents: int) -> Bool:
    """(n, A) the pairs in which a ticket that can stay is with another agent."""
    pairs: Bool = (stays[:, None] >= 0) & (stays[:, None] != np.arange(n_agents))
    return pairs


def changed(stays: Int, assignment: Int) -> Int:
    """The tickets that can stay and are with another agent, or left out."""
    return np.flatnonzero((stays >= 0) & (assignment != stays))


def limit_of_changes(pairs: Bool, most: int, label: str) -> PackingRows:
    """One row: at most so many of these (n, A) pairs."""
    ticket, agent = np.nonzero(pairs)
    zeros, ones = np.zeros(len(ticket), dtype=np.int64), np.ones(len(ticket), dtype=np.int64)
    return PackingRows(zeros, ticket, agent, ones, np.array([most]), (label,))

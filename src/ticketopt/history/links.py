"""Names of other columns as agents, and what is said of how they were found."""

from __future__ import annotations

import numpy as np

from ticketopt._types import Int
from ticketopt.history.coded import Coded
from ticketopt.history.people import link
from ticketopt.history.table import Table

__all__ = ["agents_of"]


def agents_of(table: Table, field: str, names: Coded, agents: Coded) -> Int:
    """The agent that each row of a column names, -1 for none: by name, or linked by counting, which is noted.

    Parameters
    ----------
    names : the column, in rows in which its name and that of the agent are likely one person's. agents : the same rows.
    """
    found = link(names, agents)
    if not found.by_name:
        n = int((found.to >= 0).sum())
        heading = table.sheet.headings[table.numbers[field]].strip()
        words = (
            f"{heading} has other names than the agents: {n} of {len(found.to)} were linked by counting which ones "
            f"meet; {100 * found.share:.0f} % of the rows agree."
        )
        table.note("pseudonyms", words, n)
    return np.append(found.to, -1)

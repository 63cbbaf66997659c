"""Past tickets of a helpdesk as what the trained reader learns from: texts, and the skill that solved each."""

from __future__ import annotations

import math

import numpy as np

from ticketopt._types import Int
from ticketopt.errors import InvalidInputError
from ticketopt.history.history import History, Outcome

Labelled = tuple[list[str], list[str], list[float]]
"""Texts, the label of each, and when it was known."""


def texts_of_history(history: History, skill: str, until: float) -> Labelled:
    """The tickets that were resolved by then and have a text and a label.

    Parameters
    ----------
    skill : what the label is: `group` (of the agent who resolved it), `kind`, or one of the history's further columns.
    until : Unix seconds. Nothing later enters: of a ticket that was resolved twice, the last time by then counts.
    """
    stints, tickets = history.stints, history.tickets
    resolved = np.flatnonzero((stints.outcome == Outcome.RESOLVED) & (stints.end <= until))
    last = resolved[np.lexsort((resolved, stints.end[resolved], stints.ticket[resolved]))]
    if len(last):
        last = last[np.append(np.diff(stints.ticket[last]) > 0, True)]
    codes, names = _labels(history, skill, last)
    found = [
        (text, names[code], float(end))
        for text, code, end in zip(
            (tickets.texts[k] for k in stints.ticket[last].tolist()), codes.tolist(), stints.end[last], strict=True
        )
        if code >= 0 and text.strip()
    ]
    if not found:
        problem = f"has no ticket that was resolved by then and has a text and a {skill}"
        raise InvalidInputError.single("history", problem, "give a log with texts, or another `skill`")
    return [row[0] for row in found], [row[1] for row in found], [row[2] for row in found]


def _labels(history: History, skill: str, last: Int) -> tuple[Int, tuple[str, ...]]:
    """For each of the stints the label of its ticket, as an index, and what the labels are."""
    tickets = history.stints.ticket[last]
    if skill == "group":
        return history.stints.group[last], history.groups
    if skill == "kind":
        return history.tickets.kind[tickets], history.kinds
    if skill in history.tickets.columns:
        codes, values = history.tickets.columns[skill]
        return codes[tickets], values
    choices = ", ".join(["group", "kind", *history.tickets.columns])
    raise InvalidInputError.single("skill", f"is {skill!r}", f"choose one of {choices}")


EVER = math.inf
"""No end: everything that the history has."""

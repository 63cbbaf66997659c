"""What a log does not say and what that rules out, and what at its edges and in its ends is not what it seems."""

from __future__ import annotations

import numpy as np

from ticketopt._types import Float
from ticketopt.history.history import History, Note, Outcome
from ticketopt.history.table import Table

__all__ = ["bulk_closing", "left_edge", "missing_of"]

_MINUTE, _BULK = 60.0, 10
"""So many tickets that one agent resolves in a minute were closed in bulk."""

_FIRST_OWNERS = "Only the last agent of a ticket is seen: what was passed on, and by whom, cannot be learned."

_RULED_OUT = {
    "agent": "Nobody is named: nothing can be learned about agents.",
    "status": "How tickets ended is not told: what the log leaves is open.",
    "created": "Tickets begin with their first row: how long they waited before is not seen.",
    "group": "Skills cannot be the groups that tickets are assigned to.",
    "kind": "Skills cannot be kinds of tickets.",
    "opened_by": "Tickets that nobody routed, such as own phone calls, cannot be told from others.",
    "estimate": "Nothing says before the work how hard a ticket is: who gets the hard ones looks slow.",
    "hours": "Times have waiting for a person in them: they are no times of work.",
    "due": "Whether tickets were late cannot be told.",
}
"""A field of a log -> what is ruled out where no column has it, in this order."""


def missing_of(table: Table, history: History) -> dict[str, str]:
    """Field -> what its absence rules out."""
    missing = {name: words for name, words in _RULED_OUT.items() if not _has(table, name)}
    if table.source.shape == "tickets":
        missing["first owners"] = _FIRST_OWNERS
        if "passes" not in table and "holders" not in table:
            missing["passes"] = "How often a ticket was passed on is not counted: one agent seems to have sufficed."
    if not len(history.pauses.stint):
        missing["pending"] = "No time of waiting for others is seen: all of it counts as the agent's."
    if not any(history.tickets.texts):
        missing["texts"] = "There are no words to learn from: no topics, no reader of texts."
    if table.source.shape == "updates" and "actor" not in table:
        missing["actor"] = "Who made a change is not told: working hours and presence are seen only roughly."
    return missing


def _has(table: Table, name: str) -> bool:
    if name == "hours":
        return "hours" in table or "total_hours" in table
    if name == "status" and table.source.shape in ("tickets", "work"):
        return "status" in table or "resolved" in table or "closed" in table
    return name in table


def left_edge(history: History) -> tuple[Note, ...]:
    """Whether what was open when the log began is in it."""
    created, resolved = history.tickets.created, history.tickets.resolved
    known = created[np.isfinite(created)]
    if len(known) < 2 or not np.isfinite(history.begin):
        return ()
    before = int((created < history.begin).sum())
    usual = _open_at(created, resolved, float(np.median(known)))
    if before < max(1.0, usual / 10):
        words = "Hardly a ticket is older than the log: what was open when it began is missing, and agents seem free."
        return (Note("left edge", words, before),)
    words = "Tickets are older than the log: what happened to them before it begins is not seen."
    return (Note("left edge", words, before),)


def bulk_closing(history: History) -> tuple[Note, ...]:
    """Resolutions of many tickets by one agent in one minute: nobody worked on them then."""
    stints = history.stints
    ends = np.flatnonzero(stints.outcome == Outcome.RESOLVED)
    if not len(ends) or history.resolution > _MINUTE:
        return ()
    pairs = np.stack((stints.agent[ends], (stints.end[ends] // _MINUTE).astype(np.int64)), axis=1)
    counts = np.unique(pairs, axis=0, return_counts=True)[1]
    many = int(counts[counts >= _BULK].sum())
    words = f"Stints end in a minute in which their agent resolved {_BULK} or more: tickets were closed in bulk."
    return (Note("bulk closing", words, many),) if many else ()


def _open_at(created: Float, resolved: Float, moment: float) -> float:
    """How many tickets were open at a moment."""
    return float(((created <= moment) & ~(resolved <= moment)).sum())

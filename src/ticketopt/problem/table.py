"""A problem as a notebook shows it."""

from __future__ import annotations

from collections.abc import Sequence

from ticketopt._html import MOST_ROWS, paragraph, table
from ticketopt.problem.reading import Reading
from ticketopt.problem.records import Ticket

__all__ = ["ticket_table"]


def ticket_table(tickets: Sequence[Ticket], readings: Sequence[Reading], caption: str) -> str:
    """The first tickets with what was read in them, as HTML."""
    rows = [
        (str(t.ticket_id), t.title, r.urgency, t.effort, ", ".join(r.skills), ", ".join(t.requires))
        for t, r in zip(tickets[:MOST_ROWS], readings, strict=False)
    ]
    hidden = len(tickets) - len(rows)
    more = paragraph(f"... and {hidden:,} more tickets") if hidden else ""
    return table(["ticket", "title", "urgency", "effort", "wants", "requires"], rows, caption=caption) + more

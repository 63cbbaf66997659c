"""What a log became, small enough to check by eye."""

from __future__ import annotations

from typing import Any

import ticketopt
from ticketopt.history.history import History, Outcome


def read(text: str, **options: Any) -> History:
    return ticketopt.read_history(text.encode(), **options)


def stints(history: History) -> list[tuple[Any, ...]]:
    """Ticket, agent, attempt, minutes from the log's begin to start and end, outcome."""
    s = history.stints
    return [
        (
            history.tickets.ids[s.ticket[k]],
            history.agents[s.agent[k]],
            int(s.attempt[k]),
            (s.start[k] - history.begin) / 60,
            (s.end[k] - history.begin) / 60,
            Outcome(s.outcome[k]).name,
        )
        for k in range(len(s))
    ]


def notes(history: History) -> dict[str, int]:
    return {note.topic: note.count for note in history.notes}

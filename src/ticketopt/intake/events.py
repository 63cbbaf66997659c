"""`TicketEvent`: one thing that happened to a ticket at a helpdesk, in our words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["TicketEvent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketEvent:
    """One thing that happened to a ticket at a helpdesk, in our words.

    Attributes
    ----------
    ticket_id : as the helpdesk calls the ticket, as text.
    alias : another id of it, by which it may be known where `ticket_id` is not: that of a list without that one.
    at : Unix seconds when it happened there; None: nobody says, so it is when it came.
    event_id : what the helpdesk calls this delivery; the same one is applied once.
    fields : our ticket fields that it states, by the names of `ticketopt.Ticket`; what is left out stays as it is.
    stage : "new" (nobody works on it), "open", "held" (pending, on hold), "done"; None: not said.
    ended : with "done": "solved", "closed", "deleted", "spam" or "merged".
    merged_into : with "merged", the ticket that goes on, where it is said.
    assignee : who has it there, as the helpdesk calls that agent.
    says_assignee : whether the event speaks of the assignee at all; then None means nobody.
    shows_nobody : whether it shows the ticket with nobody's name, though it may be about something else: it may have
        been written before an assignment arrived there.
    """

    ticket_id: str
    alias: str | None = None
    at: float | None = None
    event_id: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    stage: str | None = None
    ended: str | None = None
    merged_into: str | None = None
    assignee: str | None = None
    says_assignee: bool = False
    shows_nobody: bool = False

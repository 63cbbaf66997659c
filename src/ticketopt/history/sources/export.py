"""A helpdesk's export with one row per ticket, as `intake` knows it, and what only its past needs."""

from __future__ import annotations

from collections.abc import Mapping

from ticketopt.history.sources.base import Source
from ticketopt.intake.helpdesks import HELPDESKS

__all__ = ["export"]

_OURS = {
    **{"ticket_id": "ticket", "title": "title", "description": "description", "creation_timestamp": "created"},
    **{"priority": "priority", "due": "due", "customer": "requester", "group": "group", "status": "status"},
    "assignee": "agent",
}
"""A field of `intake` -> ours."""

_WITHDRAWN = {
    "servicenow": {"8": "withdrawn", "closed skipped": "withdrawn"},
    "zendesk": {"suspended": "withdrawn"},
}
"""Words for an end that do not say by themselves that nobody resolved the ticket."""


def export(name: str, *, hours_per_unit: Mapping[str, float] | None = None, **more: tuple[str, ...]) -> Source:
    """The export of a helpdesk in `HELPDESKS`; `more` is a field of `FIELDS` -> its headings."""
    helpdesk = HELPDESKS[name]
    names = {ours: helpdesk.tickets[theirs] for theirs, ours in _OURS.items() if theirs in helpdesk.tickets}
    if helpdesk.kinds:
        names["record"] = helpdesk.tickets["kind"]
    return Source(
        label=f"{helpdesk.label}, one row per ticket" if name != "plain" else "a table of tickets",
        shape="tickets",
        names={**names, **more},
        statuses=_WITHDRAWN.get(name, {}),
        words=helpdesk.statuses,
        no_tickets=helpdesk.kinds,
        day_first=helpdesk.day_first,
        id_of=helpdesk.id_of,
        hours_per_unit=hours_per_unit or {},
        future=("close_notes", "close_code", "closed_by", "resolution", "resolution status", "resolution note"),
    )

"""Freshdesk: webhooks of automation rules, with the simple content (`freshdesk_webhook`) or one of the user's own."""

from __future__ import annotations

from base64 import b64encode
from urllib.parse import quote

from ticketopt.intake.helpdesks.freshdesk import FRESHDESK as WORDS
from ticketopt.intake.integrations.base import STATED, ApiRequest, Integration, as_number


def _both(*names: str) -> tuple[str, ...]:
    """A field's names in the API, and as the simple content has them."""
    return tuple(form for name in names for form in (name, f"ticket_{name}"))


def _assign(ticket: str, agent: str | None) -> ApiRequest:
    return ApiRequest("PUT", f"/api/v2/tickets/{quote(ticket, safe='')}", {"responder_id": as_number(agent)})


def _authorize(token: str) -> dict[str, str]:
    """The API key is the name; the password does not matter."""
    return {"Authorization": "Basic " + b64encode(f"{token}:X".encode()).decode()}


FRESHDESK = Integration(
    helpdesk=WORDS,
    label="Freshdesk",
    kind=lambda body, headers: "automation",
    kinds={"automation": STATED},
    roots=("freshdesk_webhook", "ticket", "data.ticket", ""),
    names={
        "ticket_id": _both("id", "display_id"),
        "title": _both("subject"),
        "description": _both("description_text", "description"),
        "priority": _both("priority"),
        "creation_timestamp": _both("created_at", "created_on"),
        "due": _both("due_by", "due_by_time"),
        "organization": _both("company_id", "company_name"),
        "customer": _both(
            *("requester_id", "requester.id", "requester_email", "contact_email", "email", "requester_name"),
            "contact_name",
        ),
        "language": _both("language", "requester_language"),
        "group": _both("group_id", "group_name", "group.name"),
        "status": _both("status", "new_status", "status_id"),
        "assignee": _both("responder_id", "agent_id", "agent_email", "agent.email", "agent_name", "agent.name"),
        "deleted": _both("deleted"),
        "spam": _both("spam"),
        "at": _both("updated_at", "updated_on", "modified_on"),
        "event_id": (),
        "merged_into": _both("merged_into"),
    },
    endings={"4": "solved", "5": "closed", "resolved": "solved"},
    nobody=frozenset({"-1"}),
    assign=_assign,
    authorize=_authorize,
    address="https://YOUR-ACCOUNT.freshdesk.com",
    setup='in the automation rule choose the simple content with "Ticket ID", or the advanced one with '
    '{"ticket": {"id": "{{ticket.id}}", "subject": ..., "status": ...}}',
)

"""Chatwoot: webhooks of conversations. The address of the API includes the account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from ticketopt.intake.helpdesks.base import Helpdesk
from ticketopt.intake.integrations.base import SNAPSHOT, STATED, ApiRequest, Integration, as_number, from_top
from ticketopt.intake.integrations.signature import Signature

WORDS = Helpdesk(
    label="Chatwoot",
    tickets={},
    statuses={
        **{"open": "new", "pending": "waiting", "snoozed": "waiting", "resolved": "done"},
        **{"0": "new", "1": "done", "2": "waiting", "3": "waiting"},
    },
    priorities={"low": "low", "medium": "medium", "high": "high", "urgent": "critical"},
)

_OURS = {"assignee_id": "assignee"}


def _kind(body: Mapping[str, Any], _: Mapping[str, str]) -> str:
    return str(body.get("event"))


def _changed(body: Mapping[str, Any]) -> frozenset[str] | None:
    """The names in `changed_attributes`, a list of objects with one attribute each, or one object."""
    changes = body.get("changed_attributes")
    parts = [changes] if isinstance(changes, Mapping) else changes if isinstance(changes, list) else None
    if parts is None:
        return None
    names = {name for part in parts if isinstance(part, Mapping) for name in part}
    return frozenset(_OURS.get(name, name) for name in names)


def _tidy(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The message that a conversation begins with; the newest one of an older conversation is an answer."""
    messages = body.get("messages")
    first = (
        messages[0] if isinstance(messages, list) and messages and body.get("event") == "conversation_created" else {}
    )
    return {**body, "first_message": from_top(first, "content")}


def _assign(ticket: str, agent: str | None) -> ApiRequest:
    path = f"/conversations/{quote(ticket, safe='')}/assignments"
    return ApiRequest("POST", path, {"assignee_id": 0 if agent is None else as_number(agent)})


CHATWOOT = Integration(
    helpdesk=WORDS,
    label="Chatwoot",
    kind=_kind,
    kinds={"conversation_created": STATED, "conversation_status_changed": SNAPSHOT, "conversation_updated": SNAPSHOT},
    roots=("",),
    names={
        "ticket_id": ("id",),
        "title": ("additional_attributes.mail_subject",),
        "description": ("first_message",),
        "priority": ("priority",),
        "creation_timestamp": ("created_at",),
        "customer": ("meta.sender.id", "meta.sender.email", "contact_inbox.contact_id"),
        "group": ("meta.team.name", "meta.team.id"),
        "language": ("additional_attributes.browser_language", "additional_attributes.conversation_language"),
        "status": ("status",),
        "assignee": ("meta.assignee.id", "meta.assignee.email", "meta.assignee.name"),
        "at": ("updated_at", "timestamp"),
        "event_id": (),
    },
    changed=_changed,
    tidy=_tidy,
    endings={"resolved": "solved", "1": "solved"},
    id_headers=("x-chatwoot-delivery",),
    signature=Signature(header="x-chatwoot-signature", prefix="sha256=", time_header="x-chatwoot-timestamp", joint="."),
    assign=_assign,
    authorize=lambda token: {"api_access_token": token},
    address="https://app.chatwoot.com/api/v1/accounts/1",
    setup="choose the events Conversation Created, Status Changed and Updated for the webhook",
)

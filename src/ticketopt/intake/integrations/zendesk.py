"""Zendesk Support: event-based webhooks (`zen:event-type:ticket.*`), and JSON that a trigger or an automation sends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from ticketopt.intake.helpdesks.zendesk import ZENDESK as WORDS
from ticketopt.intake.integrations.base import (
    SNAPSHOT,
    STATED,
    ApiRequest,
    EventKind,
    Integration,
    as_number,
    basic_or_bearer,
)
from ticketopt.intake.integrations.signature import Signature

_EVENT, _OF_A_TICKET = "zen:event-type:", "zen:event-type:ticket."

_TRIGGER = "trigger"

_ABOUT_THE_TICKET = (
    *("status_changed", "custom_status_changed", "priority_changed", "subject_changed", "description_changed"),
    *("requester_changed", "organization_changed", "group_assignment_changed", "tags_changed", "type_changed"),
    *("custom_field_changed", "form_changed", "brand_changed", "problem_link_changed", "task_due_at_changed"),
    *("comment_added", "external_id_changed", "submitter_changed", "undeleted"),
)


def _kind(body: Mapping[str, Any], _: Mapping[str, str]) -> str:
    """The last part of a ticket event's type; of other events the type itself."""
    stated = body.get("type")
    if isinstance(stated, str) and stated.startswith(_EVENT):
        return stated.removeprefix(_OF_A_TICKET)
    return _TRIGGER


def _tidy(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """An event's ticket is in `detail` and nowhere else: its other ids are those of the event."""
    is_event = _kind(body, {}) != _TRIGGER
    return {**body, "detail": {}} if is_event and not isinstance(body.get("detail"), Mapping) else body


def _assign(ticket: str, agent: str | None) -> ApiRequest:
    by_mail = agent is not None and "@" in agent
    change = {"assignee_email": agent} if by_mail else {"assignee_id": as_number(agent)}
    return ApiRequest("PUT", f"/api/v2/tickets/{quote(ticket, safe='')}.json", {"ticket": change})


ZENDESK = Integration(
    helpdesk=WORDS,
    label="Zendesk",
    kind=_kind,
    kinds={
        **dict.fromkeys(_ABOUT_THE_TICKET, SNAPSHOT),
        "created": STATED,
        _TRIGGER: STATED,
        "agent_assignment_changed": EventKind(changes=frozenset({"assignee"})),
        "soft_deleted": EventKind(ended="deleted"),
        "permanently_deleted": EventKind(ended="deleted"),
        "marked_as_spam": EventKind(ended="spam"),
        "merged": EventKind(ended="merged"),
    },
    roots=("detail", "ticket", ""),
    names={
        "ticket_id": ("id", "ticket_id", "ticket.id"),
        "title": ("subject", "title", "ticket_title"),
        "description": ("description", "ticket_description"),
        "priority": ("priority", "ticket_priority"),
        "creation_timestamp": ("created_at", "created_at_with_timestamp"),
        "due": ("due_at", "due_date", "due_date_with_timestamp"),
        "organization": ("organization_id", "organization.id", "organization.name"),
        "customer": ("requester_id", "requester.id", "requester.email", "requester_email", "requester"),
        "language": ("requester.language", "requester_language"),
        "group": ("group_id", "group.id", "group.name", "group_name", "group"),
        "status": ("status", "ticket_status"),
        "assignee": (
            *("assignee_id", "assignee.id", "assignee_email", "assignee.email", "assignee_name", "assignee.name"),
            "assignee",
        ),
        "at": ("/time", "updated_at", "updated_at_with_timestamp"),
        "event_id": (),
        "merged_into": ("/event.target_ticket_id", "/event.merged_into_id", "merged_into_id"),
    },
    tidy=_tidy,
    nobody=frozenset({"-1"}),
    id_headers=("x-zendesk-webhook-invocation-id",),
    signature=Signature(
        header="x-zendesk-webhook-signature",
        encoding="base64",
        time_header="x-zendesk-webhook-signature-timestamp",
    ),
    takes_secret=False,
    assign=_assign,
    authorize=basic_or_bearer,
    address="https://YOUR-ACCOUNT.zendesk.com",
    setup="subscribe the webhook to ticket events, or have the trigger send "
    '{"ticket": {"id": "{{ticket.id}}", "subject": ..., "status": ...}}',
)

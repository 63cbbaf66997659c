"""Jira Service Management: webhooks of an issue, with what has changed, and "send web request" of automation rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from ticketopt.intake.helpdesks.jira import JIRA as WORDS
from ticketopt.intake.integrations.base import (
    STATED,
    ApiRequest,
    EventKind,
    Integration,
    basic_or_bearer,
    from_top,
)
from ticketopt.intake.integrations.signature import Signature

_AUTOMATION = "automation"


def _kind(body: Mapping[str, Any], _: Mapping[str, str]) -> str:
    stated = body.get("webhookEvent", _AUTOMATION)
    return stated if isinstance(stated, str) else _AUTOMATION


def _changed(body: Mapping[str, Any]) -> frozenset[str] | None:
    items = from_top(body, "changelog.items")
    if not isinstance(items, list):
        return None
    fields = {item.get("fieldId") or item.get("field") for item in items if isinstance(item, Mapping)}
    return frozenset(field for field in fields if isinstance(field, str))


def _assign(ticket: str, agent: str | None) -> ApiRequest:
    return ApiRequest("PUT", f"/rest/api/3/issue/{quote(ticket, safe='')}/assignee", {"accountId": agent})


JIRA = Integration(
    helpdesk=WORDS,
    label="Jira",
    kind=_kind,
    kinds={
        "jira:issue_created": STATED,
        "jira:issue_updated": STATED,
        "jira:issue_deleted": EventKind(ended="deleted"),
        _AUTOMATION: STATED,
    },
    roots=("issue", ""),
    names={
        "ticket_id": ("key",),
        "title": ("fields.summary", "summary"),
        "description": ("fields.description", "description"),
        "priority": ("fields.priority.name", "priority.name", "priority"),
        "creation_timestamp": ("fields.created", "created"),
        "due": ("fields.duedate", "duedate"),
        "customer": (
            *("fields.reporter.accountId", "fields.reporter.name", "reporter.accountId"),
            *("fields.reporter.emailAddress", "reporter"),
        ),
        "status": (
            *("fields.status.name", "status.name", "status"),
            *("fields.status.statusCategory.key", "fields.status.statusCategory.name"),
        ),
        "assignee": (
            *("fields.assignee.accountId", "fields.assignee.emailAddress", "fields.assignee.name"),
            *("fields.assignee.displayName", "assignee.accountId", "assignee.emailAddress", "assignee.displayName"),
            "assignee",
        ),
        "at": ("/timestamp", "fields.updated", "updated"),
        "event_id": (),
    },
    changed=_changed,
    endings={"done": "solved", "resolved": "solved", "fertig": "solved", "terminé(e)": "solved"},
    id_headers=("x-atlassian-webhook-identifier",),
    signature=Signature(header="x-hub-signature", prefix="sha256="),
    assign=_assign,
    authorize=basic_or_bearer,
    address="https://YOUR-SITE.atlassian.net",
    setup="choose the events of issues for the webhook, or have the automation rule send the issue data",
)

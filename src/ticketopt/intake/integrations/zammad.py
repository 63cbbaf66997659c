"""Zammad: webhooks of triggers, with a ticket and the article that set the trigger off. The user 1 (`-`) is nobody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from ticketopt.intake.helpdesks.zammad import ZAMMAD as WORDS
from ticketopt.intake.integrations.base import STATED, ApiRequest, Integration, as_number, from_top
from ticketopt.intake.integrations.signature import Signature


def _tidy(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Only the first article is what the ticket is about; a later one is an answer."""
    count = from_top(body, "ticket.article_count")
    is_later = isinstance(count, int) and count > 1
    return {**body, "article": None} if is_later else body


def _assign(ticket: str, agent: str | None) -> ApiRequest:
    who = (
        {"owner_id": 1} if agent is None else {"owner_id": as_number(agent)} if agent.isdecimal() else {"owner": agent}
    )
    return ApiRequest("PUT", f"/api/v1/tickets/{quote(ticket, safe='')}", who)


ZAMMAD = Integration(
    helpdesk=WORDS,
    label="Zammad",
    kind=lambda body, headers: "trigger",
    kinds={"trigger": STATED},
    roots=("ticket", ""),
    names={
        "ticket_id": ("id", "ticket_id", "number"),
        "title": ("title",),
        "description": ("/article.body",),
        "priority": ("priority.name", "priority", "priority_id"),
        "creation_timestamp": ("created_at",),
        "due": ("escalation_at", "close_escalation_at"),
        "organization": ("organization.name", "organization", "organization_id"),
        "customer": ("customer.login", "customer.email", "customer", "customer_id"),
        "group": ("group.name", "group", "group_id"),
        "status": ("state.name", "state", "state_id"),
        "assignee": ("owner.login", "owner.email", "owner.id", "owner_id", "owner"),
        "at": ("updated_at",),
        "event_id": (),
    },
    tidy=_tidy,
    endings={"4": "closed", "5": "merged", "merged": "merged", "removed": "deleted"},
    nobody=frozenset({"1", "-"}),
    id_headers=("x-zammad-delivery",),
    signature=Signature(header="x-hub-signature", prefix="sha1=", digest="sha1"),
    assign=_assign,
    authorize=lambda token: {"Authorization": f"Token token={token}"},
    address="https://zammad.example.com",
    setup="have a trigger for created and updated tickets notify by webhook, with Zammad's own payload",
)

"""What each helpdesk sends when something happens to a ticket, as its documentation shows it.

`sent(name, Happened(...))` is the body and the headers; None where the product has no such event.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

ACTIONS = (
    *("created", "renamed", "raised", "held", "solved", "reopened", "closed", "deleted", "spam", "merged"),
    *("assigned", "unassigned", "commented", "restored"),
)
"""What can happen, in our words."""


@dataclass(frozen=True, kw_only=True)
class Happened:
    """An action on ticket number `n`, and the ticket as it is afterwards."""

    action: str
    n: int = 1
    at: float = 1_795_424_400.0  # 2026-11-23T09:00:00Z
    title: str = "VPN drops"
    text: str = "Twice an hour."
    priority: str = "medium"
    stage: str = "new"
    assignee: str | None = None
    into: int | None = None


Sent = tuple[dict[str, Any], dict[str, str]]


def iso(at: float) -> str:
    """A time as most products write it; a fraction of a second only where there is one."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").replace(".000000Z", "Z")


def sent(name: str, happened: Happened) -> Sent | None:
    """The body and the headers of the request; None where this product does not tell of such a thing."""
    return FORMS[name](happened)


def stage_after(action: str, stage: str) -> str:
    """Where a ticket is after an action."""
    ends = ("solved", "closed", "deleted", "spam", "merged")
    return {"held": "held", "reopened": "open", "restored": "open", **dict.fromkeys(ends, "done")}.get(action, stage)


def _zendesk(e: Happened) -> Sent | None:
    kinds = {
        **{"created": "created", "renamed": "subject_changed", "raised": "priority_changed", "held": "status_changed"},
        **{"solved": "status_changed", "reopened": "status_changed", "closed": "status_changed"},
        **{"deleted": "soft_deleted", "spam": "marked_as_spam", "merged": "merged", "restored": "undeleted"},
        **{"assigned": "agent_assignment_changed", "unassigned": "agent_assignment_changed"},
        **{"commented": "comment_added"},
    }
    ends = {"solved": "SOLVED", "deleted": "DELETED", "spam": "DELETED"}
    status = {"new": "NEW", "open": "OPEN", "held": "PENDING", "done": ends.get(e.action, "CLOSED")}[e.stage]
    words = {"low": "LOW", "medium": "NORMAL", "high": "HIGH", "critical": "URGENT"}
    event: dict[str, Any] = {"meta": {"sequence": {"id": "01", "position": 1}}, "current": status, "previous": "NEW"}
    body = {
        "type": f"zen:event-type:ticket.{kinds[e.action]}",
        "account_id": 22129848,
        "id": f"{e.action}-{e.n}-{e.at}",
        "time": iso(e.at),
        "zendesk_event_version": "2022-11-06",
        "subject": f"zen:ticket:{e.n}",
        "detail": {
            "actor_id": "8447388090494",
            "assignee_id": e.assignee,
            "brand_id": "8447346621310",
            "created_at": iso(e.at),
            "custom_status": "8447320465790",
            "description": e.text,
            "external_id": None,
            "form_id": "8646151517822",
            "group_id": "8447320466430",
            "id": str(e.n),
            "is_public": True,
            "organization_id": "8447346622462",
            "priority": words[e.priority],
            "requester_id": "8447388090494",
            "status": status,
            "subject": e.title,
            "submitter_id": "8447388090494",
            "tags": ["tag1"],
            "type": "TASK",
            "updated_at": iso(e.at),
            "via": {"channel": "web_service"},
        },
        "event": event | ({} if e.into is None else {"target_ticket_id": str(e.into)}),
    }
    return body, {"x-zendesk-webhook-invocation-id": f"01-{e.action}-{e.n}-{e.at}"}


def _freshdesk(e: Happened) -> Sent | None:
    if e.action == "merged":
        return None
    done = {"solved": "Resolved"}.get(e.action, "Closed")
    ticket: dict[str, Any] = {
        "id": e.n,
        "subject": e.title,
        "description": f"<div>{e.text}</div>",
        "status": {"new": "Open", "open": "Open", "held": "Pending", "done": done}[e.stage],
        "priority": {"low": "Low", "medium": "Medium", "high": "High", "critical": "Urgent"}[e.priority],
        "requester_email": "emily@example.com",
        "responder_id": e.assignee,
        "created_at": iso(e.at),
        "updated_at": iso(e.at),
    }
    if e.action in ("deleted", "spam"):
        ticket |= {"deleted": e.action == "deleted", "spam": e.action == "spam"}
    return {"ticket": ticket}, {}


def _jira(e: Happened) -> Sent | None:
    if e.action in ("spam", "merged", "restored"):
        return None
    kinds = {"created": "jira:issue_created", "deleted": "jira:issue_deleted"}
    changed = {"renamed": "summary", "raised": "priority", "assigned": "assignee", "unassigned": "assignee"}
    status, category = {
        **{"new": ("Open", "new"), "open": ("In Progress", "indeterminate")},
        **{"held": ("Waiting for customer", "indeterminate")},
        "done": ("Resolved" if e.action == "solved" else "Closed", "done"),
    }[e.stage]
    person = None if e.assignee is None else {"accountId": e.assignee, "displayName": "Somebody", "active": True}
    body: dict[str, Any] = {
        "timestamp": int(e.at * 1000),
        "webhookEvent": kinds.get(e.action, "jira:issue_updated"),
        "issue": {
            "id": str(10_000 + e.n),
            "key": f"SUP-{e.n}",
            "fields": {
                "summary": e.title,
                "description": e.text,
                "priority": {
                    "id": "3",
                    "name": {"low": "Low", "high": "High", "critical": "Highest"}.get(e.priority, "Medium"),
                },
                "status": {"name": status, "statusCategory": {"key": category}},
                "assignee": person,
                "reporter": {"accountId": "5b10a2844c20165700ede21g"},
                "labels": [],
                "created": datetime.fromtimestamp(e.at, UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000"),
                "updated": datetime.fromtimestamp(e.at, UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000"),
                "duedate": None,
            },
        },
    }
    if body["webhookEvent"] == "jira:issue_updated":
        field = changed.get(e.action, "comment" if e.action == "commented" else "status")
        body["issue_event_type_name"] = "issue_generic"
        body["changelog"] = {"id": "1", "items": [{"field": field, "fieldId": field, "from": None, "to": e.assignee}]}
    return body, {"x-atlassian-webhook-identifier": f"{e.action}-{e.n}-{e.at}"}


def _servicenow(e: Happened) -> Sent | None:
    if e.action in ("spam", "merged", "restored"):
        return None
    operation = {"created": "insert", "deleted": "delete"}.get(e.action, "update")
    incident = {
        "sys_id": f"{e.n:032x}",
        "number": f"INC{e.n:07}",
        "short_description": e.title,
        "description": e.text,
        "priority": {"low": "4", "medium": "3", "high": "2", "critical": "1"}[e.priority],
        "state": {"new": "1", "open": "2", "held": "3", "done": "6" if e.action == "solved" else "7"}[e.stage],
        "assigned_to": e.assignee or "",
        "assignment_group": "",
        "caller_id": "6816f79cc0a8016401c5a33be04be441",
        "opened_at": datetime.fromtimestamp(e.at, UTC).strftime("%Y-%m-%d %H:%M:%S"),
        "sys_updated_on": datetime.fromtimestamp(e.at, UTC).strftime("%Y-%m-%d %H:%M:%S"),
    }
    return {"operation": operation, "incident": incident}, {}


def _github(e: Happened) -> Sent | None:
    actions = {
        **{"created": "opened", "renamed": "edited", "raised": "labeled", "solved": "closed", "closed": "closed"},
        **{"reopened": "reopened", "deleted": "deleted", "assigned": "assigned", "unassigned": "unassigned"},
    }
    if e.action not in actions:
        return None
    issue: dict[str, Any] = {
        "id": 1_000_000 + e.n,
        "number": e.n,
        "title": e.title,
        "body": e.text,
        "state": "closed" if e.stage == "done" else "open",
        "state_reason": {"solved": "completed", "closed": "not_planned", "reopened": "reopened"}.get(e.action),
        "user": {"login": "emily", "id": 8},
        "labels": [{"name": "bug"}, {"name": f"priority: {e.priority}"}],
        "assignee": None if e.assignee is None else {"login": e.assignee, "id": 5},
        "assignees": [] if e.assignee is None else [{"login": e.assignee, "id": 5}],
        "milestone": None,
        "created_at": iso(e.at),
        "updated_at": iso(e.at),
    }
    body = {"action": actions[e.action], "issue": issue, "repository": {"full_name": "acme/shop"}}
    return body, {"x-github-event": "issues", "x-github-delivery": f"{e.action}-{e.n}-{e.at}"}


def _zammad(e: Happened) -> Sent | None:
    if e.action in ("deleted", "spam", "restored"):
        return None
    done = "merged" if e.action == "merged" else "closed"
    number, level = {"low": (1, "1 low"), "medium": (2, "2 normal")}.get(e.priority, (3, "3 high"))
    ticket = {
        "id": e.n,
        "number": f"1008{e.n}",
        "title": e.title,
        "article_count": 1 if e.action == "created" else 2,
        "customer": {"id": 8, "login": "emily@example.com", "email": "emily@example.com"},
        "customer_id": 8,
        "owner": {"id": 1, "login": "-"}
        if e.assignee is None
        else {"id": int(e.assignee), "login": f"agent{e.assignee}"},
        "owner_id": 1 if e.assignee is None else int(e.assignee),
        "priority": {"id": number, "name": level},
        "priority_id": number,
        "state": {"new": "new", "open": "open", "held": "pending reminder", "done": done}[e.stage],
        "group": {"id": 3, "name": "Service Desk"},
        "created_at": iso(e.at),
        "updated_at": iso(e.at),
    }
    text = e.text if e.action == "created" else "Thank you for your answer."
    body = {"ticket": ticket, "article": {"body": f"{text}<div><br></div>", "content_type": "text/html"}}
    return body, {"x-zammad-delivery": f"{e.action}-{e.n}-{e.at}", "x-zammad-trigger": "all"}


def _chatwoot(e: Happened) -> Sent | None:
    if e.action in ("deleted", "spam", "merged", "renamed", "restored", "closed"):
        return None
    changed = {
        "raised": "priority",
        "assigned": "assignee_id",
        "unassigned": "assignee_id",
        "commented": "waiting_since",
    }
    event = {"created": "conversation_created"}.get(e.action)
    event = event or ("conversation_updated" if e.action in changed else "conversation_status_changed")
    body: dict[str, Any] = {
        "event": event,
        "id": e.n,
        "account": {"id": 1, "name": "Acme"},
        "additional_attributes": {"mail_subject": e.title},
        "messages": [{"id": 5, "content": e.text, "message_type": 0}],
        "labels": [],
        "meta": {
            "sender": {"id": 8, "email": "emily@example.com"},
            "assignee": None if e.assignee is None else {"id": e.assignee, "name": "Somebody", "type": "user"},
            "team": None,
        },
        "status": {"new": "open", "open": "open", "held": "snoozed", "done": "resolved"}[e.stage],
        "priority": {"critical": "urgent"}.get(e.priority, e.priority),
        "created_at": int(e.at),
        "updated_at": e.at + 0.25,
    }
    if e.action in changed:
        body["changed_attributes"] = [{changed[e.action]: {"previous_value": None, "current_value": e.assignee}}]
    return body, {"x-chatwoot-delivery": f"{e.action}-{e.n}-{e.at}"}


FORMS: dict[str, Callable[[Happened], Sent | None]] = {
    "zendesk": _zendesk,
    "freshdesk": _freshdesk,
    "jira": _jira,
    "servicenow": _servicenow,
    "github": _github,
    "zammad": _zammad,
    "chatwoot": _chatwoot,
}

IDS: dict[str, Callable[[int], str]] = {
    "jira": lambda n: f"SUP-{n}",
    "servicenow": lambda n: f"{n:032x}",
    "github": lambda n: f"acme/shop#{n}",
}
"""How a helpdesk calls ticket number n, where it is not the number."""


def id_of(name: str, n: int) -> str:
    return IDS.get(name, str)(n)

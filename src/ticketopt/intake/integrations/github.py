"""GitHub: the event `issues`. A ticket is `OWNER/REPOSITORY#NUMBER`, as one webhook may serve many repositories."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ticketopt.errors import InvalidInputError
from ticketopt.intake.helpdesks.github import GITHUB as WORDS
from ticketopt.intake.integrations.base import (
    SNAPSHOT,
    STATED,
    ApiRequest,
    EventKind,
    Integration,
    from_top,
)
from ticketopt.intake.integrations.signature import Signature
from ticketopt.problem.report import shown

_TICKET = re.compile(r"(?:([\w.-]+/[\w.-]+)#)?(\d+)", re.ASCII)

_ASSIGNMENT = EventKind(changes=frozenset({"assignee"}))


def _kind(body: Mapping[str, Any], headers: Mapping[str, str]) -> str:
    return f"{headers.get('x-github-event', 'issues')}.{body.get('action')}"


def _tidy(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """An issue has an id of its own, its people and labels as names, and how it was closed as its status."""
    issue, repository = body.get("issue"), from_top(body, "repository.full_name")
    if not isinstance(issue, Mapping):
        return body
    number, people, labels = issue.get("number"), issue.get("assignees"), issue.get("labels")
    own: dict[str, Any] = {"assignees": _named(people, "login"), "labels": _named(labels, "name")}
    if isinstance(repository, str) and isinstance(number, int):
        own["ticket_id"] = f"{repository}#{number}"
    if issue.get("state") == "closed" and isinstance(issue.get("state_reason"), str):
        own["state"] = issue["state_reason"]
    return {**body, "issue": {**issue, **own}}


def _named(things: object, key: str) -> list[str]:
    names = (from_top(one, key) for one in things) if isinstance(things, list) else ()
    return [name for name in names if isinstance(name, str)]


def _assign(ticket: str, agent: str | None) -> ApiRequest:
    parts = _TICKET.fullmatch(ticket)
    if parts is None:
        raise InvalidInputError.single("ticket_id", f"{shown(ticket)} is no issue", "write it as OWNER/REPOSITORY#1")
    where = f"/repos/{parts[1]}" if parts[1] else ""
    return ApiRequest("PATCH", f"{where}/issues/{parts[2]}", {"assignees": [] if agent is None else [agent]})


def _authorize(token: str) -> dict[str, str]:
    return {
        "Authorization": f"Bearer {token}",
        "Accept": "application/vnd.github+json",
        "X-GitHub-Api-Version": "2022-11-28",
    }


GITHUB = Integration(
    helpdesk=WORDS,
    label="GitHub",
    kind=_kind,
    kinds={
        "issues.opened": STATED,
        **{f"issues.{action}": SNAPSHOT for action in ("edited", "closed", "reopened", "labeled", "unlabeled")},
        **{f"issues.{action}": SNAPSHOT for action in ("milestoned", "demilestoned", "typed", "untyped")},
        "issues.assigned": _ASSIGNMENT,
        "issues.unassigned": _ASSIGNMENT,
        "issues.deleted": EventKind(ended="deleted"),
        "issues.transferred": EventKind(ended="deleted"),
    },
    roots=("issue",),
    names={
        "ticket_id": ("ticket_id", "number"),
        "title": ("title",),
        "description": ("body",),
        "priority": ("labels",),
        "creation_timestamp": ("created_at",),
        "due": ("milestone.due_on",),
        "customer": ("user.login",),
        "status": ("state",),
        "assignee": ("assignees", "assignee.login"),
        "at": ("updated_at",),
        "event_id": (),
    },
    tidy=_tidy,
    endings={"completed": "solved", "not planned": "closed", "duplicate": "closed"},
    id_headers=("x-github-delivery",),
    signature=Signature(header="x-hub-signature-256", prefix="sha256="),
    takes_secret=False,
    assign=_assign,
    authorize=_authorize,
    address="https://api.github.com",
    setup="choose the event Issues for the webhook, and the content type application/json",
)

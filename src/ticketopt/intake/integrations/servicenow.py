"""ServiceNow: JSON of an incident that a business rule or a flow sends, with values or with both their forms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from ticketopt.errors import InvalidInputError
from ticketopt.intake.helpdesks.servicenow import SERVICENOW as WORDS
from ticketopt.intake.integrations.base import STATED, ApiRequest, EventKind, Integration, basic_or_bearer
from ticketopt.problem.report import shown

_SYS_ID = re.compile(r"[0-9a-f]{32}", re.IGNORECASE)

_RECORD = "record"


def _kind(body: Mapping[str, Any], _: Mapping[str, str]) -> str:
    """`insert`, `update` or `delete`, as a business rule's `current.operation()` has it, where the body says so."""
    stated = next((body[name] for name in ("operation", "event", "action") if isinstance(body.get(name), str)), _RECORD)
    word = stated.lower().removesuffix("d")
    return word if word in ("insert", "update", "delete") else _RECORD


def _forms(*names: str) -> tuple[str, ...]:
    """A field's value, also where it stands beside its display value or in a reference."""
    return tuple(form for name in names for form in (f"{name}.value", name, f"{name}.display_value"))


def _assign(ticket: str, agent: str | None) -> ApiRequest:
    if not _SYS_ID.fullmatch(ticket):
        problem = f"{shown(ticket)} is no sys_id, which the API needs"
        raise InvalidInputError.single("ticket_id", problem, "have the rule send sys_id")
    return ApiRequest("PATCH", f"/api/now/table/incident/{ticket.lower()}", {"assigned_to": agent or ""})


SERVICENOW = Integration(
    helpdesk=WORDS,
    label="ServiceNow",
    zone_at=lambda zone, path: zone if path.endswith(".display_value") else UTC,
    kind=_kind,
    kinds={"insert": STATED, "update": STATED, "delete": EventKind(ended="deleted"), _RECORD: STATED},
    roots=("incident", "record", "current", "result", "ticket", ""),
    names={
        "ticket_id": _forms("sys_id", "number"),
        "alias": _forms("number"),
        "title": _forms("short_description"),
        "description": _forms("description"),
        "priority": _forms("priority"),
        "creation_timestamp": _forms("opened_at", "sys_created_on"),
        "due": _forms("due_date"),
        "organization": _forms("company"),
        "customer": _forms("caller_id", "caller", "opened_by"),
        "group": (
            *("assignment_group.display_value", "assignment_group.name", "assignment_group.value"),
            *("assignment_group_name", "assignment_group"),
        ),
        "status": _forms("state", "incident_state"),
        "assignee": (
            *("assigned_to.value", "assigned_to.sys_id", "assigned_to.user_name", "assigned_to.email"),
            *("assigned_to.display_value", "assigned_to", "assigned_to_email", "assigned_to_name"),
        ),
        "at": _forms("sys_updated_on"),
        "event_id": ("/event_id",),
    },
    endings={"6": "solved", "7": "closed", "8": "closed", "6 resolved": "solved"},
    assign=_assign,
    authorize=basic_or_bearer,
    address="https://YOUR-INSTANCE.service-now.com",
    setup='have the business rule send {"operation": current.operation(), "incident": {"sys_id": ..., "state": ...}}',
)

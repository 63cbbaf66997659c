"""Zendesk's audits, alone or within tickets, and the incremental export of ticket events."""

from __future__ import annotations

import json
from typing import Any

import pytest

import ticketopt

CREATED = "2026-01-19T09:00:00Z"


def change(minute: int, author: int, **values: Any) -> dict[str, Any]:
    """An audit; the first one creates the ticket."""
    sort = "Change" if minute else "Create"
    events = [{"type": sort, "field_name": name, "value": value} for name, value in values.items()]
    when = f"2026-01-19T09:{minute:02}:00Z"
    return {"id": minute, "created_at": when, "author_id": author, "events": [*events, {"type": "Comment"}]}


AUDITS = [
    change(0, 900, status="new", priority="high", subject="VPN"),
    change(5, 7, status="open", assignee_id=7),
    change(10, 7, status="pending"),
    change(20, 900, status="open"),
    change(30, 7, status="solved"),
]


def child(audit: dict[str, Any]) -> dict[str, Any]:
    """The same audit as an event of the incremental export."""
    events = [
        {"event_type": event["type"], event["field_name"]: event["value"]}
        for event in audit["events"]
        if "field_name" in event
    ]
    minute = int(audit["created_at"][14:16])
    return {"id": audit["id"], "ticket_id": 1, "timestamp": 1_768_813_200 + 60 * minute} | {
        "updater_id": audit["author_id"],
        "child_events": events,
    }


@pytest.mark.parametrize(
    "data",
    [
        {"audits": [{"ticket_id": 1, **audit} for audit in AUDITS]},
        {"tickets": [{"id": 1, "audits": AUDITS}]},
        {"ticket_events": [child(audit) for audit in AUDITS]},
    ],
    ids=["audits", "within tickets", "ticket events"],
)
def test_stints_and_pauses_are_found(data: dict[str, Any]) -> None:
    history = ticketopt.read_history(json.dumps(data).encode())
    stints, pauses = history.stints, history.pauses
    assert history.source == "Zendesk ticket audits"
    assert history.agents == ("7",)
    assert ((stints.start - history.begin) / 60).tolist() == [5]
    assert ((stints.end - history.begin) / 60).tolist() == [30]
    assert ((pauses.start - history.begin) / 60).tolist() == [10]
    assert ((pauses.end - history.begin) / 60).tolist() == [20]
    assert history.priorities == ("high",)
    assert ((history.actions.time - history.begin) / 60).tolist() == [5, 10, 30], "what the customer did is no work"


def test_what_was_before_the_first_audit_is_told_by_the_first_change() -> None:
    first = {"id": 4, "ticket_id": 1, "created_at": CREATED, "author_id": 7}
    first["events"] = [{"type": "Change", "field_name": "assignee_id", "previous_value": "8", "value": "7"}]
    history = ticketopt.read_history(json.dumps({"audits": [first]}).encode(), dispatch_seconds=0)
    assert [history.agents[k] for k in history.stints.agent] == ["8", "7"]

"""Zendesk: the audits of tickets, or the incremental export of ticket events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ticketopt.history.sources.base import Source
from ticketopt.history.sources.changes import UNKNOWN, Change, rows_of_changes
from ticketopt.intake.helpdesks.zendesk import ZENDESK

__all__ = ["ZENDESK_AUDITS"]

_FIELDS = ("status", "assignee_id", "group_id", "priority", "type", "requester_id", "subject")


def unfold(records: list[Any]) -> list[dict[str, Any]] | None:
    """Rows of tickets; None where the records are neither audits nor events of tickets."""
    audits = [record for record in records if isinstance(record, Mapping)]
    nested = [audit for ticket in audits for audit in _own_audits(ticket)]
    audits = nested or audits
    if not audits or not all(
        "ticket_id" in audit and ("events" in audit or "child_events" in audit) for audit in audits
    ):
        return None
    tickets: dict[Any, list[Mapping[str, Any]]] = {}
    for audit in audits:
        tickets.setdefault(audit["ticket_id"], []).append(audit)
    return [row for ticket_id, own in tickets.items() for row in _rows(ticket_id, own)]


def _own_audits(ticket: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for audit in ticket.get("audits") or ():
        if isinstance(audit, Mapping):
            yield {"ticket_id": ticket.get("id"), **audit}


def _rows(ticket_id: Any, audits: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    ordered = sorted(audits, key=lambda audit: (_when(audit), audit.get("id") or 0))
    changes = [Change(_when(audit), audit.get("id"), _who(audit), dict(_changed(audit))) for audit in ordered]
    first = changes[0]
    opened = (first.time, first.actor)
    fixed = {"ticket_id": ticket_id, "created": first.time, "submitter": first.actor}
    is_whole = any(_is_create(event) for event in _events(ordered[0]))
    rows = rows_of_changes(fixed, opened, {}, changes, is_whole=is_whole)
    return rows[1:] if is_whole else rows


def _when(audit: Mapping[str, Any]) -> Any:
    return audit.get("created_at") or audit.get("timestamp") or ""


def _who(audit: Mapping[str, Any]) -> Any:
    who = audit.get("author_id", audit.get("updater_id"))
    return None if who is None else str(who)


def _events(audit: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    events = audit.get("events") or audit.get("child_events") or ()
    return [event for event in events if isinstance(event, Mapping)]


def _is_create(event: Mapping[str, Any]) -> bool:
    return str(event.get("type", event.get("event_type"))) == "Create"


def _changed(audit: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Any, Any]]]:
    for event in _events(audit):
        if event.get("type", event.get("event_type")) not in ("Create", "Change"):
            continue
        before = UNKNOWN if _is_create(event) or "previous_value" not in event else event["previous_value"]
        name = event.get("field_name")
        if name in _FIELDS:
            yield str(name), (_text(before), _text(event.get("value")))
        elif name is None:
            yield from ((key, (_text(before), _text(event[key]))) for key in _FIELDS if key in event)


def _text(value: Any) -> Any:
    return value if value is None or value is UNKNOWN else str(value)


ZENDESK_AUDITS = Source(
    label="Zendesk ticket audits",
    shape="updates",
    names={
        "ticket": ("ticket_id",),
        "time": ("time",),
        "order": ("change",),
        "status": ("status",),
        "agent": ("assignee_id",),
        "group": ("group_id",),
        "actor": ("changed by",),
        "opened_by": ("submitter",),
        "requester": ("requester_id",),
        "kind": ("type",),
        "priority": ("priority",),
        "created": ("created",),
        "title": ("subject",),
    },
    words=ZENDESK.statuses,
    unfold=unfold,
)

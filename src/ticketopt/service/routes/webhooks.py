"""Helpdesks' webhooks, by tables: where their payloads hold what a ticket is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ticketopt.errors import InvalidInputError
from ticketopt.problem.fields import MAX_ID_LENGTH, kind, spelled

__all__ = ["VENDORS", "Vendor", "ticket_from"]

PRIORITIES = {
    **{"low": "low", "normal": "medium", "medium": "medium", "high": "high", "urgent": "critical"},
    **{"1": "low", "2": "medium", "3": "high", "4": "critical"},
}
"""A helpdesk's priority, as text or number -> ours. Others count as not given."""


@dataclass(frozen=True, slots=True)
class Vendor:
    """A helpdesk: its name, where a payload has each field (a path of keys), and the statuses that mean closed."""

    name: str
    fields: Mapping[str, tuple[str, ...]]
    status: tuple[str, ...]
    closed: frozenset[str]


VENDORS: dict[str, Vendor] = {
    "zendesk": Vendor(
        "Zendesk",
        {
            "ticket_id": ("detail", "id"),
            "title": ("detail", "subject"),
            "description": ("detail", "description"),
            "priority": ("detail", "priority"),
            "creation_timestamp": ("detail", "created_at"),
            "customer": ("detail", "requester_id"),
        },
        ("detail", "status"),
        frozenset({"solved", "closed"}),
    ),
    "freshdesk": Vendor(
        "Freshdesk",
        {
            "ticket_id": ("ticket", "id"),
            "title": ("ticket", "subject"),
            "description": ("ticket", "description"),
            "priority": ("ticket", "priority"),
            "creation_timestamp": ("ticket", "created_at"),
            "customer": ("ticket", "requester_id"),
        },
        ("ticket", "status"),
        frozenset({"4", "5", "resolved", "closed"}),
    ),
}
"""The last part of a webhook's path -> the helpdesk."""


def ticket_from(vendor: Vendor, payload: object) -> tuple[dict[str, Any], bool]:
    """The ticket that a payload is about, and whether it is closed there.

    Raises
    ------
    InvalidInputError
        Where the payload names no ticket.
    """
    found = {name: _at(payload, path) for name, path in vendor.fields.items()}
    if found["ticket_id"] is None:
        place = ".".join(vendor.fields["ticket_id"])
        problem = "is missing" if isinstance(payload, Mapping) else f"is not there: the body is {kind(payload)}"
        raise InvalidInputError.single(place, problem, f"send {vendor.name}'s ticket event")
    ticket = {name: value for name, value in found.items() if value not in (None, "")}
    priority = PRIORITIES.get(_word(ticket.pop("priority", "")))
    if priority is not None:
        ticket["priority"] = priority
    return ticket, _word(_at(payload, vendor.status)) in vendor.closed


def _word(value: object) -> str:
    """A status or a priority as such words are compared."""
    return spelled(str(value)[:MAX_ID_LENGTH])


def _at(payload: object, path: tuple[str, ...]) -> Any:
    for step in path:
        payload = payload.get(step) if isinstance(payload, Mapping) else None
    return payload

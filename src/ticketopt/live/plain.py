"""What tells requests apart: all they say, as plain data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from ticketopt.errors import InvalidInputError
from ticketopt.problem.fields import Report, name
from ticketopt.problem.records import Ticket

__all__ = ["checked_name", "fields_of", "plain", "request_hash_of"]


def fields_of(ticket: Ticket) -> dict[str, Any]:
    """What a ticket says, by the names of its fields; the values are its own, and are changed by nobody."""
    return {item.name: getattr(ticket, item.name) for item in fields(ticket)}


def request_hash_of(kind: str, request: object) -> str:
    """What tells two requests under one key apart: a hash of all they say, ticket text included."""
    text = json.dumps([kind, plain(request)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def plain(data: object, without: Iterable[str] = ()) -> Any:
    """Data as JSON holds it, with texts as keys; `without` names keys to leave out at the top."""
    if data is None or isinstance(data, (str, int, float)):
        return data
    if isinstance(data, Mapping):
        return {str(key): plain(value) for key, value in data.items() if key not in without}
    if isinstance(data, (list, tuple)):
        return [plain(value) for value in data]
    return data


def checked_name(value: object, path: str) -> str:
    """A tenant or an idempotency key: a short printable text, or an error."""
    report = Report()
    clean: str = name(value, path, report)
    if report.issues:
        raise InvalidInputError(report.issues)
    return clean

"""The OpenAPI schemas of what stands in a request's address and headers."""

from __future__ import annotations

from typing import Any

from ticketopt.live.stores.rows import DELIVERY_STATES, STATES
from ticketopt.problem.fields import MAX_ID_LENGTH
from ticketopt.service.access import TENANT
from ticketopt.service.requests import KEY

__all__ = ["DELIVERY_STATE", "ID", "SECRET", "STATE", "headers", "parameters_of"]

Schema = dict[str, Any]

ID = {"type": "string", "minLength": 1, "maxLength": MAX_ID_LENGTH}

STATE = {"title": "TicketState", "type": "string", "enum": [*STATES]}

DELIVERY_STATE = {"title": "DeliveryState", "type": "string", "enum": [*DELIVERY_STATES]}


def _header(name: str, words: str) -> Schema:
    return {"name": name, "in": "header", "required": False, "description": words, "schema": {"type": "string"}}


def _place(name: str, schema: Schema, words: str) -> Schema:
    return {"name": name, "in": "path", "required": True, "description": words, "schema": schema}


def _query(name: str, schema: Schema, words: str, *, is_required: bool = False) -> Schema:
    return {"name": name, "in": "query", "required": is_required, "description": words, "schema": schema}


_TENANT = _header(TENANT, "Which queue; the default one where it is left out.")
_KEY = _header(KEY, "The same request under the same key counts once, and is answered as the first time.")

headers = [_TENANT, _KEY]
"""The headers that every change takes."""

_LIMIT = {"type": "integer", "minimum": 1, "maximum": 1000}

_PARAMETERS: dict[str, list[Schema]] = {
    "/v1/agents": [
        _query("after", ID, "The agent that the page before ended with."),
        _query("limit", _LIMIT, "At most so many; all where it is left out."),
    ],
    "/v1/explain": [
        _query("ticket_id", ID, "The ticket.", is_required=True),
        _query("agent_id", ID, "This agent only."),
    ],
    "/v1/tickets": [
        _query("state", {"type": "array", "items": STATE}, "Those in this state only, or in one of these."),
        _query("agent_id", ID, "Those of this agent only."),
        _query("after", ID, "The ticket that the page before ended with."),
        _query("limit", _LIMIT, "At most so many; 100 where it is left out."),
    ],
    "/v1/tickets/{ticket_id}": [_place("ticket_id", ID, "The ticket.")],
    "/v1/jobs/{job_id}": [_place("job_id", {"type": "string"}, "The job, as it was named when it was begun.")],
    "/v1/deliveries": [
        _query("state", DELIVERY_STATE, "Those in this state only."),
        _query("after", {"type": "integer", "minimum": 0}, "The number of the last delivery that is known."),
        _query("limit", _LIMIT, "At most so many; 100 where it is left out."),
    ],
    "/v1/events": [
        _query("after", {"type": "integer"}, "The number of the last event that is known."),
        _query("follow", {"type": "boolean"}, "Whether to wait for more."),
        _header("Last-Event-ID", "As `after`, and before it."),
    ],
}


SECRET = _query("secret", {"type": "string"}, "What a product sends that cannot sign, where it can set no header.")
"""What a webhook may bring."""


def parameters_of(path: str) -> list[Schema]:
    """The parameters of a view."""
    return [_TENANT, *_PARAMETERS.get(path, [])]

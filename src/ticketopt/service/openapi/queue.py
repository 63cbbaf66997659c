"""The OpenAPI schemas of the live queue and of jobs. They describe; what is accepted is decided by the library."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ticketopt.live.stores.rows import STATES
from ticketopt.service.openapi.assignment import (
    CHANGE_FAILURES,
    FAILURES,
    ISSUE,
    PROBLEM,
    QUEUE,
    TEAM_MEMBER,
    problem_responses,
)
from ticketopt.service.openapi.parameters import DELIVERY_STATE, ID, SECRET, STATE, headers
from ticketopt.service.requests import Field

__all__ = [
    "CHANGE_RESPONSES",
    "EVENT_RESPONSES",
    "JOB_RESPONSES",
    "JOB_TAKEN",
    "RESEND_RESPONSES",
    "TICKET_RESPONSES",
    "WEBHOOK_RESPONSES",
    "change_request",
    "job_request",
    "view_responses",
    "webhook_request",
]

Schema = dict[str, Any]

_ID_OR_NULL = {"anyOf": [ID, {"type": "null"}]}
_NUMBERS = {"type": "object", "additionalProperties": {"type": "number"}}


def _object(title: str, properties: Mapping[str, Any]) -> Schema:
    return {"title": title, "type": "object", "required": list(properties), "properties": dict(properties)}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


DECIDED = _object("Placements", {"decided": _list(_object("Placement", {"ticket_id": ID, "agent_id": _ID_OR_NULL}))})

_ROW = _object(
    "OpenTicket",
    {
        "ticket_id": ID,
        "agent_id": _ID_OR_NULL,
        "units": {"type": "integer"},
        "urgency": {"type": ["number", "null"]},
        "skills": _NUMBERS,
        "is_pinned": {"type": "boolean"},
        "state": STATE,
        "created_at": {"type": ["number", "null"], "description": "When it was created, in Unix seconds."},
        "ended": {"type": ["string", "null"], "description": "How, where it is closed: solved, deleted, merged ..."},
        "merged_into": _ID_OR_NULL,
        "reason": {"type": ["string", "null"], "description": "Why nobody took it when it was last decided."},
    },
)

_OPTION = _object(
    "Option",
    {
        "agent_id": ID,
        "name": {"type": "string"},
        "units": {"type": "integer"},
        "cost": {"type": ["number", "null"]},
        "terms": _NUMBERS,
        "load_cost": {"type": "number"},
        "obstacles": _list({"type": "string"}),
    },
)

VIEWS: dict[str, tuple[str, Schema]] = {
    "/v1/agents": (
        "The agents.",
        _object("Team", {"version": {"type": "integer"}, "agents": _list(TEAM_MEMBER), "next": _ID_OR_NULL}),
    ),
    "/v1/counts": (
        "How many tickets are in each state.",
        _object("Counts", {"version": {"type": "integer"}, **{state: {"type": "integer"} for state in STATES}}),
    ),
    "/v1/assignments": (
        "The open tickets.",
        _object(
            "Board",
            {
                "version": {"type": "integer"},
                "assignments": _list(_ROW),
                "held": _list(_ROW),
                "waiting": _list(_ROW),
            },
        ),
    ),
    "/v1/tickets": ("A page of tickets.", _object("TicketPage", {"tickets": _list(_ROW), "next": _ID_OR_NULL})),
    "/v1/explain": (
        "The ticket among all agents.",
        _object(
            "Explanation",
            {
                "ticket_id": ID,
                "state": STATE,
                "agent_id": _ID_OR_NULL,
                "rationale": {"type": "string"},
                "urgency": {"type": "number"},
                "skills": _NUMBERS,
                "options": _list(_OPTION),
            },
        ),
    ),
    "/v1/deliveries": (
        "The deliveries.",
        _object(
            "DeliveryPage",
            {
                "deliveries": _list(
                    _object(
                        "Delivery",
                        {
                            "ticket_id": ID,
                            "agent_id": _ID_OR_NULL,
                            "number": {"type": "integer"},
                            "at": {"type": "number"},
                            "due_at": {"type": "number"},
                            "state": DELIVERY_STATE,
                            "attempts": {"type": "integer"},
                            "until": {"type": "number"},
                            "error": {"type": ["string", "null"]},
                        },
                    )
                )
            },
        ),
    ),
    "/v1/check": ("What was found.", _object("Check", {"is_right": {"type": "boolean"}, "issues": _list(ISSUE)})),
}

JOB = _object(
    "Job",
    {
        "job_id": {"type": "string"},
        "kind": {"type": "string"},
        "state": {"enum": ["running", "stopping", "done", "failed"]},
        "seconds": {"type": "number"},
        "progress": _object(
            "JobProgress",
            {
                "objective": {"type": ["number", "null"]},
                "lower_bound": {"type": ["number", "null"]},
                "gap": {"type": ["number", "null"]},
                "solver": {"type": ["string", "null"]},
                "tier": {
                    "type": ["string", "null"],
                    "description": "Where the policy has tiers, the one that these numbers are about.",
                },
            },
        ),
        "result": {"type": ["object", "null"]},
        "problem": {"anyOf": [PROBLEM, {"type": "null"}]},
    },
)


def _json(words: str, schema: Schema) -> Schema:
    return {"description": words, "content": {"application/json": {"schema": schema}}}


CHANGE_RESPONSES: dict[int | str, Schema] = {
    200: _json("Kept. These tickets were decided; `agent_id` null waits.", DECIDED),
    **problem_responses(*CHANGE_FAILURES, "no-ticket", "no-agent"),
}

_NOTED = {
    **DECIDED["properties"],
    "notes": {**_list(ISSUE), "description": "What could not be read, and so counts as not given."},
}

WEBHOOK_RESPONSES: dict[int | str, Schema] = {
    200: _json("Kept. Where the tickets are now; `agent_id` null is nobody.", _object("Received", _NOTED)),
    202: _json(
        "Taken; it says nothing of a ticket.", _object("IgnoredEvent", {**_NOTED, "ignored": {"type": "string"}})
    ),
    **problem_responses(*CHANGE_FAILURES, "not-signed"),
}

TICKET_RESPONSES: dict[int | str, Schema] = {
    200: _json("The ticket.", _ROW),
    **problem_responses(*FAILURES, "no-ticket"),
}

RESEND_RESPONSES: dict[int | str, Schema] = {
    200: _json("So many are sent again.", _object("Resending", {"resent": {"type": "integer"}})),
    **problem_responses(*CHANGE_FAILURES),
}

EVENT_RESPONSES: dict[int | str, Schema] = {
    200: {"description": "Events of the kind `change`.", "content": {"text/event-stream": {}}},
    **problem_responses(*FAILURES),
}

JOB_RESPONSES: dict[int | str, Schema] = {
    200: _json("The job as it stands.", JOB),
    **problem_responses(*FAILURES, "other-site", "no-job"),
}

JOB_TAKEN: dict[int | str, Schema] = {
    202: _json("Begun; ask for it at `Location`.", JOB),
    **problem_responses(*CHANGE_FAILURES, "too-many-jobs"),
}


def view_responses(path: str) -> dict[int | str, Schema]:
    """The answers of a view."""
    words, schema = VIEWS[path]
    unknown = ("no-ticket", "no-agent") if path == "/v1/explain" else ()
    return {200: _json(words, schema), **problem_responses(*FAILURES, *unknown)}


def _request(schema: Schema, example: Mapping[str, Any] | None) -> Schema:
    content: Schema = {"schema": schema} if example is None else {"schema": schema, "example": dict(example)}
    return {"parameters": headers, "requestBody": {"required": True, "content": {"application/json": content}}}


def change_request(fields: Mapping[str, Field], example: Mapping[str, Any]) -> Schema:
    """What a change takes."""
    schema = {
        "type": "object",
        "additionalProperties": False,
        "required": [name for name, item in fields.items() if item.is_required],
        "properties": {name: dict(item.schema) for name, item in fields.items()},
    }
    return _request(schema, example)


def job_request(fields: Mapping[str, Field], example: Mapping[str, Any]) -> Schema:
    """What a job takes: its kind and, for an assignment, the queue."""
    request = change_request(fields, example)
    schema = request["requestBody"]["content"]["application/json"]["schema"]
    schema["properties"] |= QUEUE["properties"]
    return request


def webhook_request() -> Schema:
    """What a webhook takes: the helpdesk's own payload."""
    request = _request({"type": "object"}, None)
    return {**request, "parameters": [*request["parameters"], SECRET]}

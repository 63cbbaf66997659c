"""The OpenAPI schemas of bodies and answers. They describe; what is accepted is decided by `ticketopt.intake.files`."""

from __future__ import annotations

from typing import Any

from ticketopt.live.absences import ABSENCE
from ticketopt.live.working_hours import HOUR_FIELDS
from ticketopt.model.outcome import PRICES, Status
from ticketopt.problem.fields import Reader, described, identifier, timestamp
from ticketopt.problem.policy import TIER_NAMES, Policy
from ticketopt.problem.record_fields import table_of
from ticketopt.problem.records import Agent, Ticket
from ticketopt.service.openapi.examples import EXAMPLE_QUEUE
from ticketopt.service.problem_details import MEDIA_TYPE, PROBLEMS, SHOWN_ERRORS, TYPE_PREFIX, problem_details

__all__ = [
    "ANSWER",
    "ASSIGNMENT_DESCRIPTION",
    "ASSIGNMENT_RESPONSES",
    "CHANGE_FAILURES",
    "FAILURES",
    "ISSUE",
    "PROBLEM",
    "QUEUE",
    "REQUEST_BODY",
    "STANDING_AGENT",
    "STATUS_RESPONSES",
    "TEAM_MEMBER",
    "problem_responses",
]

Schema = dict[str, Any]


def _object(title: str, required: list[str], properties: dict[str, Schema], description: str = "") -> Schema:
    schema = {"title": title, "type": "object", "required": required, "properties": properties}
    return {**schema, "description": description} if description else schema


def _list(items: Schema, description: str = "") -> Schema:
    schema = {"type": "array", "items": items}
    return {**schema, "description": description} if description else schema


def _text(description: str) -> Schema:
    return {"type": "string", "description": description}


def _number(description: str, low: float | None = None, high: float | None = None) -> Schema:
    limits = {"minimum": low, "maximum": high}
    return {"type": "number", **{k: v for k, v in limits.items() if v is not None}, "description": description}


def _by_name(values: Schema, description: str) -> Schema:
    return {"type": "object", "additionalProperties": values, "description": description}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _given(item: Reader, description: str) -> Schema:
    return dict(described(item, description).given)


def _id(description: str) -> Schema:
    return _given(identifier, description)


AGENT, TICKET = table_of(Agent).schema(with_null=False), table_of(Ticket).schema(with_null=False)

_WEEK: dict[str, Schema] = {
    **{
        name: {"type": "string", "description": words, "minLength": 1, "maxLength": 499}
        for name, words in HOUR_FIELDS.items()
    },
    "absences": _list(ABSENCE, HOUR_FIELDS["absences"]),
}
STANDING_AGENT: Schema = {
    **AGENT,
    "title": "StandingAgent",
    "properties": {**AGENT["properties"], **_WEEK},
}
"""An agent of the live queue, which may have a week of shifts."""

TEAM_MEMBER = {
    **AGENT,
    "title": "TeamMember",
    "properties": {
        **STANDING_AGENT["properties"],
        "is_available": {"type": "boolean", "description": "Whether the status means that the agent takes work."},
        "is_on_shift": {"type": "boolean", "description": "Whether the shift has begun and is not over."},
    },
}

QUEUE = _object(
    "Queue",
    ["agents", "tickets"],
    {
        "agents": _list(AGENT, "The team."),
        "tickets": _list(TICKET, "What is to be assigned."),
        "now": _given(
            timestamp, "The time that waiting and shifts are measured at; the server's clock where it is left out."
        ),
    },
    "Fields that are left out, or null, have defaults. Unknown fields are ignored with a warning in the answer.",
)

_ASSIGNMENT = _object(
    "Assignment",
    ["ticket_id", "assigned_agent_id", "rationale"],
    {
        "ticket_id": _id("As it was sent."),
        "assigned_agent_id": _id("As it was sent."),
        "rationale": _text("The skills, levels and loads that decided, in one sentence."),
    },
)

_UNASSIGNED = _object(
    "Unassigned",
    ["ticket_id", "reason", "rationale"],
    {
        "ticket_id": _id("As it was sent."),
        "reason": _text("A code, such as no_capacity."),
        "rationale": _text("Why nobody takes it, in words."),
    },
)

_LOAD = _object(
    "Load",
    ["agent_id", "name", "is_available", "before", "assigned", "after", "capacity"],
    {
        "agent_id": _id("As it was sent."),
        "name": _text("The agent's name."),
        "is_available": {"type": "boolean", "description": "Whether the agent takes work now."},
        "before": {"type": "integer", "description": "Open units before this plan."},
        "assigned": {"type": "integer", "description": "Units of this plan."},
        "after": {"type": "integer", "description": "Open units after it, now stored."},
        "capacity": _or_null({"type": "integer", "description": "null is no limit."}),
    },
)

_EVIDENCE = _object(
    "Evidence",
    ["about", "words", "field", "weight"],
    {
        "about": _text("A skill, or urgency."),
        "words": _text("The words in the ticket."),
        "field": _text("Where they stand."),
        "weight": _number("How much they moved the score."),
    },
)

_DECISION = _object(
    "Decision",
    ["ticket_id", "agent_id", "cost", "terms", "reason", "urgency", "skills", "evidence"],
    {
        "ticket_id": _id("As it was sent."),
        "agent_id": _or_null(_id("null where it is left out.")),
        "cost": _or_null(_number("What this pair adds to the objective, without load; `terms` add up to it.")),
        "terms": _by_name({"type": "number"}, "Cost term -> cost."),
        "reason": _or_null(_text("Why it is left out.")),
        "urgency": _number("As read or stated.", 0, 1),
        "skills": _by_name({"type": "number"}, "Wanted skill -> weight."),
        "evidence": _list(_EVIDENCE, "What led to skills and urgency."),
    },
)

_TIER = _object(
    "Tier",
    ["name", "value", "lower_bound"],
    {
        "name": {"type": "string", "enum": list(TIER_NAMES), "description": "The goal."},
        "value": _number("What the plan reaches: tickets, or a weighted cost. Less is better."),
        "lower_bound": _or_null(_number("No plan as good in the tiers before reaches less; null without a bound.")),
        "bound_source": _or_null(_text(f"Who vouches for that: {PRICES}, which prove it, or who claims it.")),
    },
)

ANSWER = _object(
    "Plan",
    ["assignments", "unassigned", "status", "loads", "decisions", "warnings"],
    {
        "assignments": _list(_ASSIGNMENT, "Every ticket that has an agent now."),
        "unassigned": _list(_UNASSIGNED, "Every ticket that has none, with the reason."),
        "status": {"type": "string", "enum": [status.value for status in Status], "description": "What is known."},
        "objective": _number("Total cost, prices of tickets left out included."),
        "lower_bound": _or_null(_number("No plan costs less, by `bound_source`; null without a bound.")),
        "gap": _or_null(_number("How far the plan can be from the best, as a share; 0 is optimal, by `bound_source`.")),
        "bound_source": _or_null(_text(f"Who vouches for the bound: {PRICES}, which prove it, or who claims it.")),
        "cost": _number("Cost of pairs and loads alone."),
        "tiers": _list(_TIER, "Only where the policy has tiers: the status is about these, one after the other."),
        "solver": _text("Who found the plan."),
        "reason": _text("Why that solver."),
        "seed": {"type": "integer", "description": "For everything random."},
        "versions": _by_name({"type": "string"}, "Of the software that made the plan."),
        "input": {
            "title": "PlanInput",
            "type": "object",
            "properties": {"policy": table_of(Policy).schema()},
            "description": "What was planned: a hash, the policy, the time, terms and rules.",
        },
        "loads": _list(_LOAD, "One per agent."),
        "decisions": _list(_DECISION, "One per ticket, with its costs and the evidence in its text."),
        "warnings": _list({"type": "string"}, "What was ignored or reinterpreted in the input."),
    },
)

ISSUE = _object(
    "Issue",
    ["path", "problem", "repair"],
    {
        "path": _text("Where in the body; empty for all of it."),
        "problem": _text("What is wrong."),
        "repair": _text("What to do."),
    },
)

PROBLEM = _object(
    "Problem",
    ["type", "title", "status", "detail", "instance"],
    {
        "type": {"type": "string", "format": "uri", "description": f"`{TYPE_PREFIX}...`, or `about:blank`."},
        "title": _text("What kind of problem it is."),
        "status": {"type": "integer", "description": "The HTTP status."},
        "detail": _text("What to know about this one."),
        "instance": {"type": "string", "format": "uri", "description": "The name of this very occurrence."},
        "errors": _list(
            ISSUE,
            f"Every issue, up to {SHOWN_ERRORS:,} of them.",
        ),
    },
    "Problem details after RFC 9457.",
)

STATUS = _object(
    "Up",
    ["status", "service", "version", "docs"],
    {
        "status": {"const": "ok"},
        "service": {"const": "ticketopt"},
        "version": _text("Of ticketopt."),
        "docs": _text("The address of this documentation."),
    },
)

ASSIGNMENT_DESCRIPTION = """
Assigns all tickets of the body at once and adds their effort to the agents' stored loads. A stored load wins over the
body's `current_load`; agents who are stored but not in the body keep theirs. Requests follow each other, so that no
load gets lost. Sending the same tickets twice assigns them twice, unless both have the same `Idempotency-Key`. Tickets
are not kept: `/v1/tickets` is for those that are closed later.

An answer other than 200 has changed nothing.
"""

REQUEST_BODY: Schema = {
    "required": True,
    "content": {
        "application/json": {
            "schema": QUEUE,
            "examples": {"help desk": {"summary": "Three agents, four tickets", "value": EXAMPLE_QUEUE}},
        }
    },
}

FAILURES = (
    *("no-key", "not-allowed", "no-tenant", "other-host", "invalid-input", "too-many-requests"),
    *("internal-error", "busy", "shutting-down", "store-unavailable", "fate-unknown"),
)
"""The problems that every request about a queue can meet."""

CHANGE_FAILURES = (*FAILURES, "not-json", "other-site", "too-slow", "too-large", "not-json-type", "encoded")
"""The problems that a request with a body can meet."""


def problem_responses(*names: str) -> dict[int | str, Schema]:
    """The answers by which requests fail, by status."""
    found: dict[int | str, Schema] = {}
    for name in names:
        kind = PROBLEMS[name]
        content = {"schema": PROBLEM, "examples": {}}
        response = found.setdefault(kind.status, {"description": "", "content": {MEDIA_TYPE: content}})
        response["description"] = f"{response['description']} {kind.title}.".strip()
        response["content"][MEDIA_TYPE]["examples"][name] = {"summary": kind.title, "value": problem_details(name)}
    return found


STATUS_RESPONSES: dict[int | str, Schema] = {
    200: {"description": "It is.", "content": {"application/json": {"schema": STATUS}}},
}

ASSIGNMENT_RESPONSES: dict[int | str, Schema] = {
    200: {"description": "A verified plan; its loads are stored.", "content": {"application/json": {"schema": ANSWER}}},
    **problem_responses(*CHANGE_FAILURES),
}

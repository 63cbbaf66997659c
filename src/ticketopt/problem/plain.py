"""A problem as plain data, and its hash: what a decision was based on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from ticketopt.errors import InvalidInputError
from ticketopt.problem.policy import Policy
from ticketopt.problem.problem import Problem
from ticketopt.problem.reading import Evidence, Reading
from ticketopt.problem.record_fields import table_of
from ticketopt.problem.records import Agent, Ticket

__all__ = ["fingerprint", "plain_policy", "plain_problem", "problem_from_plain"]


def plain_problem(problem: Problem) -> dict[str, Any]:
    """Everything that a problem holds, free text included, as JSON-ready data; warnings are left out."""
    return {**_without_readings(problem), "readings": [reading.plain() for reading in problem.readings]}


def _without_readings(problem: Problem) -> dict[str, Any]:
    return {
        "tickets": [_plain(ticket) for ticket in problem.tickets],
        "agents": [_plain(agent) for agent in problem.agents],
        "policy": plain_policy(problem.policy),
        "now": problem.now,
    }


def plain_policy(policy: Policy) -> dict[str, Any]:
    """A policy as JSON-ready data; `Policy.from_dict` reads it back."""
    return _plain(policy)


def problem_from_plain(data: Mapping[str, Any]) -> Problem:
    """The problem that `plain_problem` wrote.

    Raises
    ------
    InvalidInputError
        Where the data is not of that form.
    """
    try:
        return Problem(
            [Ticket(**ticket) for ticket in data["tickets"]],
            [Agent(**agent) for agent in data["agents"]],
            Policy.from_dict(data["policy"]),
            data["now"],
            [_reading(reading) for reading in data["readings"]],
        )
    except (KeyError, TypeError) as error:
        raise InvalidInputError.single(
            "record.input", f"is not complete ({error})", "make the decision record again"
        ) from None


def fingerprint(problem: Problem) -> str:
    """SHA-256 of everything that the plan depends on, as 64 hexadecimal digits.

    It covers tickets, agents, policy, the time, and what triage read (wanted skills and urgency, not the evidence). The
    same data in other types (a whole number as a float) or with other skill orders gives the same hash.
    """
    data = _without_neutral(_without_readings(problem))
    data["readings"] = [{"skills": reading.skills, "urgency": reading.urgency} for reading in problem.readings]
    text = json.dumps(_numbers_alike(data), sort_keys=True, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _without_neutral(data: Mapping[str, Any]) -> dict[str, Any]:
    """The same without younger fields that change nothing: so hashes of older decision records stay what they were."""
    return {
        **data,
        "tickets": _changed(Ticket, data["tickets"]),
        "agents": _changed(Agent, data["agents"]),
        "policy": _changed(Policy, [data["policy"]])[0],
    }


def _changed(kind: type[Any], records: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    neutral = {name: _json_ready(value) for name, value in table_of(kind).neutral.items()}
    return [
        {name: value for name, value in record.items() if name not in neutral or value != neutral[name]}
        for record in records
    ]


def _plain(record: Ticket | Agent | Policy) -> dict[str, Any]:
    return {item.name: _json_ready(getattr(record, item.name)) for item in fields(record)}


def _json_ready(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, tuple):
        return [_json_ready(item) for item in value]
    return value


def _numbers_alike(value: Any) -> Any:
    """Whole numbers as integers, all other numbers as they are, through all levels."""
    if isinstance(value, Mapping):
        return {str(key): _numbers_alike(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_numbers_alike(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _reading(data: Mapping[str, Any]) -> Reading:
    return Reading(data["skills"], data["urgency"], tuple(Evidence(**evidence) for evidence in data["evidence"]))

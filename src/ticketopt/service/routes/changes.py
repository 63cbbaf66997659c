"""What changes a queue over HTTP, as a table: each entry is one call of the `Dispatcher`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ticketopt.live.dispatcher import Dispatcher
from ticketopt.planning.change_rules import MOST_CHANGE_COST
from ticketopt.problem.fields import Reader, Report, Schema, identifier, number, reader, text, whole_number
from ticketopt.service.openapi import assignment
from ticketopt.service.requests import Field

__all__ = ["CHANGES", "REBALANCE_FIELDS", "Change"]

Decided = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Change:
    """A way to change a queue.

    Attributes
    ----------
    operation, summary, description : for the documentation. example : a body, for the documentation and its tests.
    fields : what the body holds.
    call : dispatcher, the body's fields, idempotency key -> what was decided.
    is_long : whether it may take its time, apart from what must be quick.
    """

    operation: str
    summary: str
    description: str
    fields: Mapping[str, Field]
    call: Callable[[Dispatcher, Mapping[str, Any], str | None], Decided]
    example: Mapping[str, Any]
    is_long: bool = False


def _records(schema: Schema) -> Reader:
    """A list of records, as it is: the library reads them itself."""

    @reader({"type": "array", "items": schema})
    def read(value: Any, path: str, report: Report) -> Any:
        if not isinstance(value, list):
            report.error(path, "is not a list", "write it as [{...}, {...}]")
        return value

    return read


ID = Field(identifier)

REBALANCE_FIELDS = {
    "max_changes": Field(whole_number(0), is_required=False),
    "change_cost": Field(number(0, MOST_CHANGE_COST), is_required=False),
}

CHANGES: dict[str, Change] = {
    "/v1/agents": Change(
        "upsert_agents",
        "Add agents, or change known ones",
        "Of a known agent, a field that is left out stays, and null brings its default back; its load stays. A new one "
        "starts with its `current_load`. With `working_hours` and `time_zone` its shifts begin and end by themselves, "
        "week by week; in `absences` it takes nothing. Waiting tickets are tried again.",
        {"agents": Field(_records(assignment.STANDING_AGENT))},
        lambda dispatcher, body, key: dispatcher.upsert_agents(body["agents"], idempotency_key=key),
        {"agents": [{"agent_id": "a-101", "name": "Amira Haddad", "skills": {"Networking": 9}, "capacity": 8}]},
    ),
    "/v1/agents/status": Change(
        "set_agent_status",
        "Sign an agent on or off, or send it on a break",
        "Its tickets stay with it; `/v1/rebalance` gives those of agents who have left to others.",
        {"agent_id": ID, "availability_status": Field(text)},
        lambda dispatcher, body, key: dispatcher.set_status(
            body["agent_id"], body["availability_status"], idempotency_key=key
        ),
        {"agent_id": "a-101", "availability_status": "On break"},
    ),
    "/v1/agents/capacity": Change(
        "set_agent_capacity",
        "Change an agent's capacity",
        "null lets the policy decide. No ticket is taken away.",
        {"agent_id": ID, "capacity": Field(whole_number(0), is_required=False)},
        lambda dispatcher, body, key: dispatcher.set_capacity(body["agent_id"], body["capacity"], idempotency_key=key),
        {"agent_id": "a-101", "capacity": 6},
    ),
    "/v1/agents/load": Change(
        "set_agent_load",
        "Put an agent's load right",
        "Units of open work, those of the tickets that are kept here included. `/v1/ticket-assignment` keeps no "
        "tickets: what of its work is over is said here.",
        {"agent_id": ID, "load": Field(whole_number(0))},
        lambda dispatcher, body, key: dispatcher.set_load(body["agent_id"], body["load"], idempotency_key=key),
        {"agent_id": "a-101", "load": 4},
    ),
    "/v1/agents/remove": Change(
        "remove_agent",
        "Take an agent out of the team",
        "Its tickets wait again and prefer nobody; pins to it are gone.",
        {"agent_id": ID},
        lambda dispatcher, body, key: dispatcher.remove_agent(body["agent_id"], idempotency_key=key),
        {"agent_id": "a-101"},
    ),
    "/v1/tickets": Change(
        "submit_tickets",
        "Assign new tickets",
        "One or many, together with those that wait. A known open ticket is changed by the fields that are sent, so a "
        "ticket may be sent twice; a closed one stays closed.",
        {"tickets": Field(_records(assignment.TICKET))},
        lambda dispatcher, body, key: dispatcher.submit(body["tickets"], idempotency_key=key),
        {"tickets": [{"ticket_id": "T-5001", "title": "No network on floor 2", "priority": "high"}]},
    ),
    "/v1/tickets/change": Change(
        "change_tickets",
        "Change known tickets",
        "A field that is left out stays, and null brings its default back. A ticket that waits is weighed again; one "
        "that has an agent stays there.",
        {"tickets": Field(_records(assignment.TICKET))},
        lambda dispatcher, body, key: dispatcher.change(body["tickets"], idempotency_key=key),
        {"tickets": [{"ticket_id": "T-5001", "priority": "critical"}]},
    ),
    "/v1/tickets/close": Change(
        "close_ticket",
        "Close a ticket",
        "Its agent has room again, for a waiting ticket as well. Closing twice changes nothing.",
        {"ticket_id": ID},
        lambda dispatcher, body, key: dispatcher.close(body["ticket_id"], idempotency_key=key),
        {"ticket_id": "T-5001"},
    ),
    "/v1/tickets/reopen": Change(
        "reopen_ticket",
        "Open a closed ticket, or one on hold, again",
        "Of a closed one, the agent who had it is preferred; one on hold goes on with its agent.",
        {"ticket_id": ID},
        lambda dispatcher, body, key: dispatcher.reopen(body["ticket_id"], idempotency_key=key),
        {"ticket_id": "T-5001"},
    ),
    "/v1/tickets/hold": Change(
        "hold_ticket",
        "Put an open ticket on hold",
        "It keeps its agent, and nobody gets it until it is opened again. The policy's `held_counts` says whether it "
        "counts as load meanwhile.",
        {"ticket_id": ID},
        lambda dispatcher, body, key: dispatcher.hold(body["ticket_id"], idempotency_key=key),
        {"ticket_id": "T-5001"},
    ),
    "/v1/tickets/unassign": Change(
        "unassign_ticket",
        "Take a ticket from its agent",
        "Whatever holds it there: it waits again, and this time somebody else gets it.",
        {"ticket_id": ID},
        lambda dispatcher, body, key: dispatcher.unassign(body["ticket_id"], idempotency_key=key),
        {"ticket_id": "T-5001"},
    ),
    "/v1/tickets/reassign": Change(
        "reassign_ticket",
        "Give a ticket to an agent by hand",
        "Whatever the rules say. It is pinned there from then on.",
        {"ticket_id": ID, "agent_id": ID},
        lambda dispatcher, body, key: dispatcher.reassign(body["ticket_id"], body["agent_id"], idempotency_key=key),
        {"ticket_id": "T-5001", "agent_id": "a-101"},
    ),
    "/v1/rebalance": Change(
        "rebalance",
        "Plan all open tickets again, with few changes",
        "Pinned tickets stay, and so do those of agents on a break. For long solves use `/v1/jobs`.",
        REBALANCE_FIELDS,
        lambda dispatcher, body, key: dispatcher.rebalance(
            max_changes=body["max_changes"], change_cost=body["change_cost"] or 0.0, idempotency_key=key
        ),
        {"max_changes": 10, "change_cost": 0.1},
        is_long=True,
    ),
}
"""The path of each change -> what it is."""

"""Single tickets, and all of them in pages: those that are over as well."""

from __future__ import annotations

from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from ticketopt.errors import InvalidInputError
from ticketopt.live.stores import ASSIGNED, CLOSED, HELD, WAITING, StoredTicket
from ticketopt.problem.fields import Report, identifier, one_of, whole_number
from ticketopt.service.context import Context
from ticketopt.service.handling import answer_view
from ticketopt.service.openapi import queue as schemas
from ticketopt.service.openapi.parameters import parameters_of
from ticketopt.service.problem_details import ServiceError
from ticketopt.service.requests import Sender

__all__ = ["LONGEST_PAGE", "PAGE", "number_of", "router_of", "ticket_json"]

PATH = "/v1/tickets"

PAGE, LONGEST_PAGE = 100, 1000

_STATE = one_of({state: state for state in (WAITING, ASSIGNED, HELD, CLOSED)})


def router_of(context: Context) -> APIRouter:
    """The routes about tickets that change nothing."""
    router = APIRouter(tags=["Queue"])

    @router.get(
        PATH,
        operation_id="tickets",
        summary="Tickets, in the order in which they came, a page at a time",
        description="`after` is the ticket that the page before ended with, its `next`; null where that was the last.",
        openapi_extra={"parameters": parameters_of(PATH)},
        responses=schemas.view_responses(PATH),
    )
    async def tickets(request: Request) -> Response:
        return await answer_view(context, request, partial(_tickets, context))

    @router.get(
        f"{PATH}/{{ticket_id:path}}",
        operation_id="ticket",
        summary="One ticket",
        description="Its id percent-encoded, so that `acme/shop#7` is asked for as `acme%2Fshop%237`.",
        openapi_extra={"parameters": parameters_of(f"{PATH}/{{ticket_id}}")},
        responses=schemas.TICKET_RESPONSES,
    )
    async def ticket(request: Request) -> Response:
        return await answer_view(context, request, partial(_ticket, context))

    return router


def ticket_json(name: str, row: StoredTicket) -> dict[str, Any]:
    """What is known of a ticket; one that was closed before it came says of itself no more than that."""
    return {
        "ticket_id": name,
        "agent_id": row.agent_id,
        "units": row.units,
        "urgency": row.data.get("urgency"),
        "skills": row.data.get("skills", {}),
        "is_pinned": row.data.get("ticket", {}).get("pinned_agent") is not None,
        "state": row.state,
        "created_at": row.data.get("ticket", {}).get("creation_timestamp"),
        "ended": row.data.get("ended"),
        "merged_into": row.data.get("merged_into"),
        "reason": row.data.get("reason"),
    }


def number_of(word: str, low: int, high: int, path: str, report: Report) -> int:
    """A whole number in an address."""
    value: Any = int(word) if word.isascii() and word.isdecimal() and len(word) < 20 else word
    clean: int = whole_number(low, high)(value, path, report)
    return clean


def _tickets(context: Context, request: Request, sender: Sender) -> Any:
    report, asked = Report(), request.query_params
    states = [_STATE(state, "state", report) for state in asked.getlist("state")]
    named = {key: str(identifier(asked[key], key, report)) for key in ("agent_id", "after") if key in asked}
    limit = number_of(asked.get("limit", str(PAGE)), 1, LONGEST_PAGE, "limit", report)
    if report.issues:
        raise InvalidInputError(report.issues)
    rows = context.store.tickets(
        sender.tenant, states=states or None, agent=named.get("agent_id"), after=named.get("after"), limit=limit
    )
    following = rows[-1][0] if len(rows) == limit else None
    return {"tickets": [ticket_json(name, row) for name, row in rows], "next": following}


def _ticket(context: Context, request: Request, sender: Sender) -> Any:
    report = Report()
    ticket_id = str(identifier(request.path_params["ticket_id"], "ticket_id", report))
    row = None if report.issues else context.store.ticket(sender.tenant, ticket_id)
    if row is None:
        raise ServiceError("no-ticket")
    return ticket_json(ticket_id, row)

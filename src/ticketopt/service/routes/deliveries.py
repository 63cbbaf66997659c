"""What a helpdesk is still to be told, what it was told, and what it would not take."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from ticketopt.errors import InvalidInputError
from ticketopt.live.stores.rows import DELIVERY_STATES
from ticketopt.problem.fields import Report, identifier, one_of, tuple_of
from ticketopt.service.context import Context
from ticketopt.service.handling import answer_body, answer_view, json_response
from ticketopt.service.openapi import queue as schemas
from ticketopt.service.openapi.parameters import parameters_of
from ticketopt.service.requests import Field, Sender, parse_data, parse_fields
from ticketopt.service.routes.tickets import LONGEST_PAGE, PAGE, number_of

__all__ = ["router_of"]

PATH = "/v1/deliveries"

_STATE = one_of({state: state for state in DELIVERY_STATES})

RESEND = {"ticket_ids": Field(tuple_of(identifier), is_required=False)}


def router_of(context: Context) -> APIRouter:
    """The routes about deliveries."""
    router = APIRouter(tags=["Helpdesk"])

    @router.get(
        PATH,
        operation_id="deliveries",
        summary="What the helpdesk is told of who has a ticket",
        description="One row per ticket, about the newest wish, in order of their numbers; `after` is the last number "
        "of the page before. Dead ones have a reason, and are sent again by `/v1/deliveries/resend`. Withdrawn ones "
        "were not sent, as their tickets are closed.",
        openapi_extra={"parameters": parameters_of(PATH)},
        responses=schemas.view_responses(PATH),
    )
    async def deliveries(request: Request) -> Response:
        return await answer_view(context, request, partial(_deliveries, context))

    @router.post(
        f"{PATH}/resend",
        operation_id="resend_deliveries",
        summary="Tell the helpdesk again",
        description="The deliveries of these tickets, sent or dead; without `ticket_ids`, all dead ones.",
        openapi_extra=schemas.change_request(RESEND, {"ticket_ids": ["T-5001"]}),
        responses=schemas.RESEND_RESPONSES,
    )
    async def resend(request: Request) -> Response:
        return await answer_body(context, request, partial(_resend, context))

    return router


def _deliveries(context: Context, request: Request, sender: Sender) -> Any:
    report, asked = Report(), request.query_params
    state = None if "state" not in asked else _STATE(asked["state"], "state", report)
    after = number_of(asked.get("after", "0"), 0, 2**63 - 1, "after", report)
    limit = number_of(asked.get("limit", str(PAGE)), 1, LONGEST_PAGE, "limit", report)
    if report.issues:
        raise InvalidInputError(report.issues)
    rows = context.store.deliveries(sender.tenant, state=state, after=after, limit=limit)
    return {"deliveries": [asdict(row) for row in rows]}


def _resend(context: Context, body: bytes, sender: Sender) -> Response:
    tickets = parse_fields(parse_data(body), RESEND)["ticket_ids"]
    names = None if tickets is None else [str(ticket) for ticket in tickets]
    count = context.store.resend(sender.tenant, names, now=context.clock())
    return json_response({"resent": count})

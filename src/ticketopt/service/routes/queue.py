"""The queue over HTTP: what changes it, what is known of it, and what happens to it as it happens."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import nullcontext, suppress
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from ticketopt.errors import InvalidInputError, StoreError, UnknownIdError
from ticketopt.live.recall import recall_of
from ticketopt.live.stores import ASSIGNED, HELD, WAITING
from ticketopt.live.stores.rows import STATES
from ticketopt.live.working_hours import is_on_shift
from ticketopt.problem.fields import Report, identifier, whole_number
from ticketopt.service.context import Context
from ticketopt.service.followers import PAGE, Told, told
from ticketopt.service.handling import answer_body, answer_view, json_response
from ticketopt.service.openapi import queue as schemas
from ticketopt.service.openapi.parameters import parameters_of
from ticketopt.service.problem_details import ServiceError
from ticketopt.service.requests import Sender, parse_fields, parse_records, sender_of
from ticketopt.service.routes.changes import CHANGES, Change
from ticketopt.service.routes.tickets import LONGEST_PAGE, number_of, ticket_json

__all__ = ["router_of"]

LAST_NUMBER = 2**63 - 1

WHOLE = frozenset({"/v1/assignments", "/v1/check"})
"""Views of a whole queue, however large it is."""


def router_of(context: Context) -> APIRouter:
    """The routes about the live queue."""
    router = APIRouter(tags=["Queue"])
    for path, change in CHANGES.items():
        _add_change(router, context, path, change)
    _add_views(router, context)
    _add_events(router, context)
    return router


def decided_json(decided: dict[str, str | None]) -> Response:
    rows = [{"ticket_id": name, "agent_id": agent} for name, agent in decided.items()]
    return json_response({"decided": rows})


def _add_change(router: APIRouter, context: Context, path: str, change: Change) -> None:
    def work(body: bytes, sender: Sender) -> Response:
        fields = parse_fields(parse_records(body, context.settings), change.fields)
        dispatcher = context.dispatcher(sender.tenant, is_long=change.is_long)
        return decided_json(change.call(dispatcher, fields, sender.key))

    request = schemas.change_request(change.fields, change.example)
    _add_post(router, context, path, work, change.operation, change.summary, change.description, request)


def _add_post(
    router: APIRouter,
    context: Context,
    path: str,
    work: Callable[[bytes, Sender], Response],
    operation: str,
    summary: str,
    description: str,
    request_schema: dict[str, Any],
) -> None:
    """A route that does work with a body, in a thread of its own."""

    async def handle(request: Request) -> Response:
        return await answer_body(context, request, work)

    router.add_api_route(
        path,
        handle,
        methods=["POST"],
        operation_id=operation,
        summary=summary,
        description=description,
        openapi_extra=request_schema,
        responses=schemas.CHANGE_RESPONSES,
    )


def _add_views(router: APIRouter, context: Context) -> None:
    for path, view, operation, summary in (
        ("/v1/agents", _agents, "agents", "The team, with its loads"),
        ("/v1/counts", _counts, "counts", "How many tickets are in each state"),
        ("/v1/assignments", _assignments, "assignments", "Who has which open ticket, and which wait"),
        ("/v1/explain", _explain, "explain", "Why a ticket is where it is, and what each agent would cost now"),
        ("/v1/check", _check, "check", "Is what is stored right? Loads and tickets against the sum of their events"),
    ):
        _add_view(router, context, path, partial(view, context), operation, summary)


def _agents(context: Context, request: Request, sender: Sender) -> Any:
    report, asked = Report(), request.query_params
    after = str(identifier(asked["after"], "after", report)) if "after" in asked else None
    limit = number_of(asked["limit"], 1, LONGEST_PAGE, "limit", report) if "limit" in asked else None
    if report.issues:
        raise InvalidInputError(report.issues)
    version, now, recall = (
        context.store.version(sender.tenant),
        context.clock(),
        recall_of(context.store, sender.tenant),
    )
    page, rows = context.store.agents(sender.tenant, after=after, limit=limit), []
    for name, agent in page:
        record = recall.agent(name, agent.data, 0, now)
        stated = {key: value for key, value in agent.data.items() if value is not None}
        there = {"is_available": record.is_available, "is_on_shift": is_on_shift(record, now)}
        rows.append({**stated, "agent_id": name, "current_load": agent.load, **there})
    return {"version": version, "agents": rows, "next": page[-1][0] if len(page) == limit else None}


def _counts(context: Context, request: Request, sender: Sender) -> Any:
    version, counts = context.store.version(sender.tenant), context.store.counts(sender.tenant)
    return {"version": version, **{state: counts.get(state, 0) for state in STATES}}


def _assignments(context: Context, request: Request, sender: Sender) -> Any:
    state = context.dispatcher(sender.tenant).state()
    rows: dict[str, list[Any]] = {ASSIGNED: [], HELD: [], WAITING: []}
    for name, row in state.tickets.items():
        rows[row.state].append(ticket_json(name, row))
    return {
        "version": state.version,
        "assignments": rows[ASSIGNED],
        "held": rows[HELD],
        "waiting": rows[WAITING],
    }


def _explain(context: Context, request: Request, sender: Sender) -> Any:
    report = Report()
    asked = request.query_params
    if "ticket_id" not in asked:
        report.error("ticket_id", "is missing", "add ?ticket_id=...")
    ticket = identifier(asked.get("ticket_id", "-"), "ticket_id", report)
    agent = None if "agent_id" not in asked else identifier(asked["agent_id"], "agent_id", report)
    if report.issues:
        raise InvalidInputError(report.issues)
    explanation = context.dispatcher(sender.tenant).explain(ticket)
    if agent is None:
        return explanation.to_dict()
    try:
        return replace(explanation, options=(explanation.option(agent),)).to_dict()
    except KeyError:
        raise UnknownIdError.single("agent_id", "is not in the team", "add the agent first") from None


def _check(context: Context, request: Request, sender: Sender) -> Any:
    issues = context.dispatcher(sender.tenant).check()
    return {"is_right": not issues, "issues": [asdict(issue) for issue in issues]}


def _add_view(
    router: APIRouter,
    context: Context,
    path: str,
    view: Callable[[Request, Sender], Any],
    operation: str,
    summary: str,
) -> None:
    async def handle(request: Request) -> Response:
        return await answer_view(context, request, view, is_whole=path in WHOLE)

    router.add_api_route(
        path,
        handle,
        methods=["GET"],
        operation_id=operation,
        summary=summary,
        openapi_extra={"parameters": parameters_of(path)},
        responses=schemas.view_responses(path),
    )


@dataclass(frozen=True, slots=True)
class _Following:
    """From which event on to send, and whether to go on for ever."""

    tenant: str
    after: int
    is_endless: bool


def _following(request: Request) -> _Following:
    report = Report()
    last = request.headers.get("last-event-id") or request.query_params.get("after") or "0"
    words = {"true": True, "false": False}
    follow = request.query_params.get("follow", "true")
    if follow not in words:
        report.error("follow", "is not true or false", "write follow=false to stop at the newest event")
    try:
        number = int(last) if len(last) < 20 else LAST_NUMBER + 1
    except ValueError:
        number = LAST_NUMBER + 1
    whole_number(-10_000, LAST_NUMBER)(number, "after", report)
    sender = sender_of(request)
    if report.issues:
        raise InvalidInputError(report.issues)
    return _Following(sender.tenant, number, words[follow])


def _add_events(router: APIRouter, context: Context) -> None:
    @router.get(
        "/v1/events",
        response_class=StreamingResponse,
        operation_id="events",
        summary="What happens, as it happens (Server-Sent Events)",
        description="Goes on after the event that `Last-Event-ID` or `after` names; a negative `after` begins so many "
        "before the newest. With `follow=false` it ends with the newest.",
        openapi_extra={"parameters": parameters_of("/v1/events")},
        responses=schemas.EVENT_RESPONSES,
    )
    async def events(request: Request) -> Response:
        asked = _following(request)
        if asked.is_endless:
            context.feeds.check_place(asked.tenant)
        async with context.turns.admitted(asked.tenant):
            pages = _pages(context, asked)
            first = await anext(pages)
        return StreamingResponse(_stream(context, asked, first, pages), media_type="text/event-stream")


async def _pages(context: Context, asked: _Following) -> AsyncIterator[list[Told]]:
    """What has happened, page by page; only the last one may have less than fits, or nothing."""
    after = asked.after
    while True:
        page = await context.turns.run(
            asked.tenant,
            lambda after: told(context.store.events(asked.tenant, after=after, limit=PAGE)),
            after,
            kind="view",
        )
        yield page
        if len(page) < PAGE:
            return
        after = page[-1].number


async def _stream(
    context: Context, asked: _Following, first: list[Told], pages: AsyncIterator[list[Told]]
) -> AsyncIterator[bytes]:
    """What has happened, and then what happens."""
    place = context.feeds.place(asked.tenant) if asked.is_endless else nullcontext()
    with suppress(StoreError, ServiceError), place:  # the client comes back with the last number that it has
        after, page = max(asked.after, 0), first
        while page:
            yield b"".join(one.text for one in page)
            after = page[-1].number
            page = await anext(pages, [])
        if asked.is_endless:
            async for news in context.feeds.follow(asked.tenant, after):
                yield news

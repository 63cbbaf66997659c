"""Jobs over HTTP: a solve that takes longer than a request may."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from ticketopt.errors import InvalidInputError
from ticketopt.intake.files import queue_of
from ticketopt.live.commit import request_hash_of
from ticketopt.problem.fields import Report, number, one_of
from ticketopt.service.context import Context
from ticketopt.service.handling import answer_body, answer_view, json_response
from ticketopt.service.jobs import Jobs, Work
from ticketopt.service.openapi import queue as schemas
from ticketopt.service.requests import Field, Sender, check_sizes, parse_data, parse_fields
from ticketopt.service.routes.changes import REBALANCE_FIELDS
from ticketopt.solvers.progress import Listener

__all__ = ["router_of"]

KINDS = {"assignment": "assignment", "rebalance": "rebalance"}
MAX_SECONDS = 86_400

FIELDS = {
    "kind": Field(one_of(KINDS)),
    "time_limit": Field(number(1e-3, MAX_SECONDS, " (seconds)"), is_required=False),
    **REBALANCE_FIELDS,
}
QUEUE_FIELDS = ("agents", "tickets", "now")


def router_of(context: Context, jobs: Jobs) -> APIRouter:
    """The routes about jobs."""
    router = APIRouter(prefix="/v1/jobs", tags=["Jobs"])

    def begin(body: bytes, sender: Sender) -> Response:
        data = parse_data(body)
        work, kind = _work(context, data, sender)
        request_hash = request_hash_of("job", data)
        job = jobs.begin(sender.tenant, kind, work, key=sender.key, request_hash=request_hash)
        return json_response(job.to_dict(), 202, {"Location": f"/v1/jobs/{job.job_id}"})

    @router.post(
        "",
        operation_id="begin_job",
        summary="Begin a long solve",
        description="`rebalance` plans all open tickets again; `assignment` takes agents and tickets as "
        "`/v1/ticket-assignment` does. A job lives in the process that took it.",
        openapi_extra=schemas.job_request(FIELDS, {"kind": "rebalance", "max_changes": 20, "time_limit": 600}),
        status_code=202,
        responses=schemas.JOB_TAKEN,
    )
    async def begin_job(request: Request) -> Response:
        return await answer_body(context, request, begin)

    @router.get("/{job_id}", operation_id="job", summary="How a job stands", responses=schemas.JOB_RESPONSES)
    async def job(job_id: str, request: Request) -> Response:
        return await answer_view(context, request, lambda _, sender: jobs.get(sender.tenant, job_id).to_dict())

    @router.delete(
        "/{job_id}",
        operation_id="stop_job",
        summary="Stop a job; its best plan so far is kept",
        responses=schemas.JOB_RESPONSES,
    )
    async def stop_job(job_id: str, request: Request) -> Response:
        return await answer_view(context, request, lambda _, sender: jobs.stop(sender.tenant, job_id).to_dict())

    return router


def _work(context: Context, data: Any, sender: Sender) -> tuple[Work, str]:
    """What a job will do; everything wrong with its body is said before it begins."""
    check_sizes(data, context.settings)
    body = dict(data) if isinstance(data, dict) else data
    queue_data = {name: body.pop(name) for name in QUEUE_FIELDS if name in body} if isinstance(body, dict) else {}
    fields = parse_fields(body, FIELDS)
    tenant, limit = sender.tenant, fields["time_limit"]
    if fields["kind"] == "rebalance":
        report = Report()
        for name in queue_data:
            report.error(name, "is not for a rebalance", "leave it out")
        if report.issues:
            raise InvalidInputError(report.issues)

        def rebalance(listen: Listener, stop: threading.Event) -> Any:
            dispatcher = context.dispatcher(tenant, time_limit=limit, progress=listen, stop=stop, is_long=True)
            decided = dispatcher.rebalance(
                max_changes=fields["max_changes"],
                change_cost=fields["change_cost"] or 0.0,
                idempotency_key=sender.key,
            )
            return {"decided": [{"ticket_id": name, "agent_id": agent} for name, agent in decided.items()]}

        return rebalance, "rebalance"
    queue = queue_of(queue_data)
    timed = replace(queue, now=context.clock() if queue.now is None else queue.now)

    def assign(listen: Listener, stop: threading.Event) -> Any:
        return context.dispatch(timed, sender, time_limit=limit, progress=listen, stop=stop, is_long=True).to_dict()

    return assign, "assignment"

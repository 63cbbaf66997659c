"""Jobs over HTTP: a solve that takes longer than a request may."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from ticketopt.errors import InvalidInputError
from ticketopt.intake.files import Queue, queue_of
from ticketopt.live.plain import request_hash_of
from ticketopt.problem.fields import Report, number, one_of
from ticketopt.service.context import Context
from ticketopt.service.handling import answer_body, answer_view, json_response
from ticketopt.service.jobs import Work
from ticketopt.service.kept_jobs import KeptJobs
from ticketopt.service.openapi import queue as schemas
from ticketopt.service.openapi.parameters import parameters_of
from ticketopt.service.requests import Field, Sender, parse_fields, parse_records
from ticketopt.service.routes.changes import REBALANCE_FIELDS
from ticketopt.solvers.progress import Listener

__all__ = ["kept_of", "router_of", "work_of"]

KINDS = {"assignment": "assignment", "rebalance": "rebalance"}
MAX_SECONDS = 86_400

FIELDS = {
    "kind": Field(one_of(KINDS)),
    "time_limit": Field(number(1e-3, MAX_SECONDS, " (seconds)"), is_required=False),
    **REBALANCE_FIELDS,
}
QUEUE_FIELDS = ("agents", "tickets", "now")

DESCRIPTION = (
    "`rebalance` plans all open tickets again; `assignment` takes agents and tickets as `/v1/ticket-assignment` does. "
    "Any process over the store tells how a job stands, and stops it. A rebalance outlives the process that took it: "
    "another one takes it over. An assignment, whose tickets are not kept, does not: where its process is lost, it has "
    "failed, and says so. Asked of another process, or after a restart, the result of an assignment has ids and "
    "figures; its reasons quote tickets, and are not kept."
)

KEPT = ("status", "objective", "lower_bound", "gap", "bound_source", "cost", "solver", "seed", "loads")
"""What of an assignment holds nothing that a ticket says, besides who got what."""


def router_of(context: Context, kept: KeptJobs) -> APIRouter:
    """The routes about jobs."""
    router = APIRouter(prefix="/v1/jobs", tags=["Jobs"])

    def begin(body: bytes, sender: Sender) -> Response:
        data = parse_records(body, context.settings)
        fields, queue = _checked(data)
        again: dict[str, Any] = {"key": sender.key, "request_hash": request_hash_of("job", data)}
        if queue is None:
            job_id = kept.begin(sender.tenant, "rebalance", fields, **again)
        else:
            work = partial(_assignment, context, sender, queue, fields["time_limit"])
            job_id = kept.begin(sender.tenant, "assignment", {}, work_under=work, **again)
        return json_response(kept.told(sender.tenant, job_id), 202, {"Location": f"/v1/jobs/{job_id}"})

    @router.post(
        "",
        operation_id="begin_job",
        summary="Begin a long solve",
        description=DESCRIPTION,
        openapi_extra=schemas.job_request(FIELDS, {"kind": "rebalance", "max_changes": 20, "time_limit": 600}),
        status_code=202,
        responses=schemas.JOB_TAKEN,
    )
    async def begin_job(request: Request) -> Response:
        return await answer_body(context, request, begin)

    _add_one(router, context, kept)
    return router


def _add_one(router: APIRouter, context: Context, kept: KeptJobs) -> None:
    """The routes about one job."""
    options: dict[str, Any] = {
        "openapi_extra": {"parameters": parameters_of("/v1/jobs/{job_id}")},
        "responses": schemas.JOB_RESPONSES,
    }

    @router.get("/{job_id}", operation_id="job", summary="How a job stands", **options)
    async def job(request: Request) -> Response:
        return await answer_view(context, request, lambda it, who: kept.told(who.tenant, it.path_params["job_id"]))

    @router.delete("/{job_id}", operation_id="stop_job", summary="Stop a job; its best plan so far is kept", **options)
    async def stop_job(request: Request) -> Response:
        return await answer_view(context, request, lambda it, who: kept.stop(who.tenant, it.path_params["job_id"]))


def _checked(data: Any) -> tuple[dict[str, Any], Queue | None]:
    """What a job is to do, and its queue where it is an assignment; all that is wrong is said before it begins."""
    body = dict(data) if isinstance(data, dict) else data
    queue_data = {name: body.pop(name) for name in QUEUE_FIELDS if name in body} if isinstance(body, dict) else {}
    fields = parse_fields(body, FIELDS)
    if fields.pop("kind") == "rebalance":
        report = Report()
        for name in queue_data:
            report.error(name, "is not for a rebalance", "leave it out")
        if report.issues:
            raise InvalidInputError(report.issues)
        return fields, None
    return fields, queue_of(queue_data)


def work_of(context: Context, tenant: str, data: Mapping[str, Any]) -> Work | None:
    """What a kept job does; None for an assignment, whose tickets are not kept."""
    return _rebalance(context, tenant, data) if data["kind"] == "rebalance" else None


def kept_of(kind: str, result: Any) -> Any:
    """What came out of a job, without anything that a ticket says."""
    if kind == "rebalance":
        return result
    placed = [{name: row[name] for name in ("ticket_id", "assigned_agent_id")} for row in result["assignments"]]
    left = [{name: row[name] for name in ("ticket_id", "reason")} for row in result["unassigned"]]
    return {"assignments": placed, "unassigned": left, **{name: result[name] for name in KEPT}}


def _rebalance(context: Context, tenant: str, data: Mapping[str, Any]) -> Work:

    def rebalance(listen: Listener, stop: threading.Event) -> Any:
        limit = data["time_limit"]
        dispatcher = context.dispatcher(tenant, time_limit=limit, progress=listen, stop=stop, is_long=True)
        decided = dispatcher.rebalance(
            max_changes=data["max_changes"],
            change_cost=data["change_cost"] or 0.0,
            idempotency_key=data["key"],
        )
        return {"decided": [{"ticket_id": name, "agent_id": agent} for name, agent in decided.items()]}

    return rebalance


def _assignment(context: Context, sender: Sender, queue: Queue, time_limit: float | None, key: str) -> Work:
    sender = replace(sender, key=key)

    def assign(listen: Listener, stop: threading.Event) -> Any:
        result = context.dispatch(queue, sender, time_limit=time_limit, progress=listen, stop=stop, is_long=True)
        return result.to_dict()

    return assign

"""The FastAPI app: whole queues, the live queue, jobs, health and metrics. A handler is one library call."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from fastapi_offline import FastAPIOffline
from starlette.concurrency import run_in_threadpool

from ticketopt.errors import InvalidInputError
from ticketopt.intake.files import read_queue
from ticketopt.live.batch import dispatch
from ticketopt.live.stores import Store
from ticketopt.live.stores.memory import MemoryStore
from ticketopt.problem.policy import Policy
from ticketopt.service.context import Context
from ticketopt.service.jobs import Jobs
from ticketopt.service.middleware import Manners
from ticketopt.service.openapi import assignment as assignment_docs
from ticketopt.service.openapi import queue as queue_docs
from ticketopt.service.openapi.examples import EXAMPLE_QUEUE, MISTAKEN_QUEUE
from ticketopt.service.problem_details import (
    MEDIA_TYPE,
    PROBLEMS,
    add_handlers,
    describe,
    guarded,
    invalid_input_details,
    problem_details,
    problem_response,
)
from ticketopt.service.requests import Sender, parse_queue, read_body, sender_of
from ticketopt.service.routes import dashboard, queue
from ticketopt.service.routes import jobs as job_routes
from ticketopt.service.settings import Settings
from ticketopt.service.workers import Workers
from ticketopt.triage.lexicon import Lexicon

__all__ = ["app_of", "create_app"]

VERSION = version("ticketopt")
ASSIGNMENT_PATH = "/v1/ticket-assignment"
STATUS = {"status": "ok", "service": "ticketopt", "version": VERSION, "docs": "/docs"}

DESCRIPTION = (
    "Assigns support tickets to agents: the whole queue at once, proven optimal where the solver can, with a reason "
    "for every ticket. The queue, its loads and its history are kept between calls."
)


def create_app(
    store: Store,
    *,
    policy: Policy | Mapping[str, Any] | None = Settings.policy,
    lexicon: Lexicon | Mapping[str, Any] | None = Settings.lexicon,
    time_limit: float = Settings.time_limit,
    max_body_bytes: int = Settings.max_body_bytes,
    max_tickets: int = Settings.max_tickets,
    api_keys: tuple[str, ...] = Settings.api_keys,
    max_jobs: int = Settings.max_jobs,
    workers: Workers | None = None,
    clock: Callable[[], float] = time.time,
) -> FastAPI:
    """The service over a store with these settings, which `Settings` describes; see `app_of`."""
    settings = Settings(
        policy=policy,
        lexicon=lexicon,
        time_limit=time_limit,
        max_body_bytes=max_body_bytes,
        max_tickets=max_tickets,
        api_keys=api_keys,
        max_jobs=max_jobs,
    )
    return app_of(store, settings, workers=workers, clock=clock)


def app_of(
    store: Store, settings: Settings, *, workers: Workers | None = None, clock: Callable[[], float] = time.time
) -> FastAPI:
    """The service over a store, as an ASGI app.

    Parameters
    ----------
    store : where queues are kept; see `ticketopt.open_store`.
    workers : processes to solve in; None solves in this one.
    clock : the time in Unix seconds.

    Raises
    ------
    InvalidInputError
        For settings that cannot work.
    """
    context = _context_of(store, settings, workers, clock)
    jobs = Jobs(settings.max_jobs, describe)
    app = FastAPIOffline(
        title="ticketopt",
        version=VERSION,
        description=DESCRIPTION,
        redoc_url=None,
        lifespan=_lifespan_of(context, jobs, workers),
        swagger_ui_parameters={"tryItOutEnabled": True, "docExpansion": "full"},
    )
    app.state.context = context
    add_handlers(app)
    _add_health(app, context)
    _add_assignment(app, context)
    app.include_router(queue.router_of(context))
    app.include_router(job_routes.router_of(context, jobs))
    app.include_router(dashboard.router_of())
    app.add_middleware(Manners, keys=settings.api_keys, metrics=context.metrics)
    _show_examples(app, context)
    return app


def _context_of(store: Store, settings: Settings, workers: Workers | None, clock: Callable[[], float]) -> Context:
    if workers is None:
        return Context(store, settings, clock)
    return Context(store, settings, clock, backends=workers.backends, restarts=lambda: workers.restarts)


def _lifespan_of(
    context: Context, jobs: Jobs, workers: Workers | None
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """What begins and ends with the app: at its end, streams and jobs stop, and so do the processes that solve."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        context.ending.clear()
        yield
        context.ending.set()
        await run_in_threadpool(jobs.close)
        if workers is not None:
            workers.close()

    return lifespan


def _add_health(app: FastAPI, context: Context) -> None:
    @app.get(
        "/",
        tags=["Health"],
        operation_id="status",
        summary="Is the service up?",
        responses=assignment_docs.STATUS_RESPONSES,
    )
    async def status() -> JSONResponse:
        return JSONResponse(STATUS)

    @app.get("/healthz", tags=["Health"], operation_id="health", summary="Does the process live?")
    async def health() -> JSONResponse:
        return JSONResponse({"status": "ok"})

    @app.get(
        "/readyz",
        tags=["Health"],
        operation_id="readiness",
        summary="Can it take requests? Its store answers, and it is not shutting down",
        responses=queue_docs.problem_responses("store-unavailable"),
    )
    async def readiness() -> Response:
        if context.ending.is_set():
            return problem_response("store-unavailable")
        await run_in_threadpool(context.store.events, "", after=-1, limit=1)
        return JSONResponse({"status": "ok"})

    @app.get(
        "/metrics",
        tags=["Health"],
        operation_id="metrics",
        summary="Counts for Prometheus",
        response_class=PlainTextResponse,
    )
    async def metrics() -> Response:
        return Response(context.metrics.text(context.restarts()), media_type="text/plain; version=0.0.4; charset=utf-8")


def _add_assignment(app: FastAPI, context: Context) -> None:
    @app.post(
        ASSIGNMENT_PATH,
        tags=["Assignment"],
        operation_id="assign_tickets",
        summary="Assign tickets to agents",
        description=assignment_docs.ASSIGNMENT_DESCRIPTION,
        openapi_extra={"parameters": queue_docs.headers, "requestBody": assignment_docs.REQUEST_BODY},
        responses=assignment_docs.ASSIGNMENT_RESPONSES,
    )
    async def assign_tickets(request: Request) -> Response:
        sender = sender_of(request)
        body = await read_body(request, max_bytes=context.settings.max_body_bytes)
        answer = await run_in_threadpool(guarded, _answer, body, sender, context)
        return Response(answer, media_type="application/json")


def _answer(body: bytes, sender: Sender, context: Context) -> str:
    """A request's answer. Runs in a thread of its own, for as long as it takes."""
    queue = parse_queue(body, max_tickets=context.settings.max_tickets)
    return context.dispatch(queue, sender).to_json(indent=None)


def _show_examples(app: FastAPI, context: Context) -> None:
    """Put true answers into the documentation; where the settings cannot work, this fails at once.

    They go into the finished document, because FastAPI drops every null from the examples it is given.
    """
    paths = app.openapi()["paths"]
    paths["/"]["get"]["responses"]["200"]["content"]["application/json"]["example"] = STATUS
    answers = paths[ASSIGNMENT_PATH]["post"]["responses"]
    settings = context.settings
    result = dispatch(
        read_queue(EXAMPLE_QUEUE),
        store=MemoryStore(),
        policy=settings.policy,
        triage=context.triage,
        time_limit=settings.time_limit,
    )
    answers["200"]["content"]["application/json"]["example"] = result.to_dict()
    for name in assignment_docs.ASSIGNMENT_PROBLEMS:
        answers[str(PROBLEMS[name].status)]["content"][MEDIA_TYPE]["example"] = problem_details(name)
    try:
        read_queue(MISTAKEN_QUEUE)
    except InvalidInputError as error:
        answers["422"]["content"][MEDIA_TYPE]["example"] = invalid_input_details(error)

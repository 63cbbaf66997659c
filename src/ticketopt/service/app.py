"""The FastAPI app: whole queues, the live queue, jobs, health and metrics. A handler is one library call."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cache, partial
from typing import Any

from fastapi import Depends, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool

from ticketopt.errors import InvalidInputError
from ticketopt.history.matcher_fit import Learned
from ticketopt.intake.files import read_queue
from ticketopt.intake.integrations import INTEGRATIONS
from ticketopt.live.batch import dispatch
from ticketopt.live.stores import Store
from ticketopt.live.stores.memory import MemoryStore
from ticketopt.planning.result import Result
from ticketopt.problem.policy import Policy
from ticketopt.problem.record_fields import table_of
from ticketopt.service import health
from ticketopt.service.access import OPEN_PATHS, Access
from ticketopt.service.context import Context
from ticketopt.service.handling import answer_body, json_response
from ticketopt.service.jobs import Jobs
from ticketopt.service.kept_jobs import KeptJobs
from ticketopt.service.keys import Key
from ticketopt.service.middleware import Direct, Manners
from ticketopt.service.openapi import assignment as assignment_docs
from ticketopt.service.openapi.components import SECURITY, name_requests, share_schemas
from ticketopt.service.openapi.examples import EXAMPLE_QUEUE, MISTAKEN_QUEUE
from ticketopt.service.openapi.parameters import headers
from ticketopt.service.problem_details import MEDIA_TYPE, add_handlers, describe, invalid_input_details
from ticketopt.service.pruner import PrunerThread
from ticketopt.service.query import check_query
from ticketopt.service.requests import Sender, parse_queue
from ticketopt.service.routes import dashboard, deliveries, docs, queue, tickets, webhooks
from ticketopt.service.routes import jobs as job_routes
from ticketopt.service.sender import SenderThread
from ticketopt.service.settings import Settings
from ticketopt.service.shift_watch import ShiftWatch
from ticketopt.service.workers import Workers
from ticketopt.triage.encoders.base import Encoder
from ticketopt.triage.lexicon import Lexicon

__all__ = ["app_of", "create_app"]

ASSIGNMENT_PATH = "/v1/ticket-assignment"

HEEDED = [Depends(check_query)]
"""Of all routes but those about health, which anybody may ask anyhow, and webhooks: products add to their addresses
what they like (Jira: who it was), and their events are not lost for it."""

DESCRIPTION = (
    "Assigns support tickets to agents: the whole queue at once, proven optimal where the solver can, with a reason "
    "for every ticket. The queue, its loads and its history are kept between calls."
)


def create_app(
    store: Store,
    *,
    policy: Policy | Mapping[str, Any] | None = Settings.policy,
    lexicon: Lexicon | Mapping[str, Any] | None = Settings.lexicon,
    encoder: Encoder | str | None = Settings.encoder,
    texts: Learned | str | None = Settings.texts,
    zone: str = Settings.zone,
    time_limit: float = Settings.time_limit,
    max_body_bytes: int = Settings.max_body_bytes,
    max_tickets: int = Settings.max_tickets,
    max_agents: int = Settings.max_agents,
    max_pairs: int = Settings.max_pairs,
    max_requests: int = Settings.max_requests,
    max_tenant_requests: int = Settings.max_tenant_requests,
    max_followers: int = Settings.max_followers,
    max_jobs: int = Settings.max_jobs,
    max_tenant_jobs: int = Settings.max_tenant_jobs,
    api_keys: tuple[str, ...] = Settings.api_keys,
    keys: tuple[Key, ...] | Mapping[str, Any] | None = Settings.keys,
    tenants: tuple[str, ...] = Settings.tenants,
    allowed_hosts: tuple[str, ...] = Settings.allowed_hosts,
    keep: tuple[str, ...] = Settings.keep,
    prune_hours: float = Settings.prune_hours,
    webhook_secrets: tuple[str, ...] | Mapping[str, str] = Settings.webhook_secrets,
    helpdesk: str | None = Settings.helpdesk,
    helpdesk_url: str = Settings.helpdesk_url,
    helpdesk_token: str = Settings.helpdesk_token,
    helpdesk_tenant: str = Settings.helpdesk_tenant,
    ticket_link: str = Settings.ticket_link,
    outbox: str = Settings.outbox,
    workers: Workers | None = None,
    clock: Callable[[], float] = time.time,
) -> FastAPI:
    """The service over a store with these settings, which `Settings` describes; see `app_of`."""
    given = locals()
    settings = Settings(**{name: given[name] for name in table_of(Settings).entries})
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
    jobs = Jobs(settings.max_jobs, settings.max_tenant_jobs, describe, context.feeds.notify)
    kept = _kept_jobs(context, jobs)
    app = FastAPI(
        title="ticketopt",
        version=health.VERSION,
        description=DESCRIPTION,
        openapi_url=None,
        lifespan=_lifespan_of(context, jobs, kept, workers),
    )
    app.state.context = context
    add_handlers(app)
    app.include_router(health.router_of(context, _checks_of(store, workers)))
    _add_assignment(app, context)
    live = queue.router_of(context)
    app.include_router(webhooks.router_of(context))
    of_queues = (live, tickets.router_of(context), deliveries.router_of(context))
    for router in (*of_queues, job_routes.router_of(context, kept)):
        app.include_router(router, dependencies=HEEDED)
    app.openapi = cache(partial(_document, app, context, _example_answer(context)))  # type: ignore[method-assign]
    app.include_router(docs.router_of("ticketopt: the service", app.openapi), dependencies=HEEDED)
    app.mount(docs.ASSETS, StaticFiles(packages=[("fastapi_offline", "static")]))
    named = [name for name in INTEGRATIONS if settings.secrets_of(name)]
    signed = {f"{webhooks.WEBHOOKS}{name}{end}" for name in named for end in ("", "/")}
    access = Access(
        keys=settings.all_keys, tenants=settings.all_tenants, hosts=settings.allowed_hosts, own_proof=signed
    )
    told = "" if settings.helpdesk is None else INTEGRATIONS[settings.helpdesk].label
    app.include_router(dashboard.router_of(access, settings.ticket_link, told), dependencies=HEEDED)
    app.add_middleware(Direct, routes=live.routes)
    app.add_middleware(Manners, access=access, metrics=context.metrics)
    return app


def _context_of(store: Store, settings: Settings, workers: Workers | None, clock: Callable[[], float]) -> Context:
    if workers is None:
        return Context(store, settings, clock)
    return Context(store, settings, clock, backends_for=workers.backends_for, restarts=lambda: workers.restarts)


def _kept_jobs(context: Context, jobs: Jobs) -> KeptJobs:
    """The jobs that outlive this process."""
    return KeptJobs(
        context.store,
        jobs,
        partial(job_routes.work_of, context),
        kept_of=job_routes.kept_of,
        failed=partial(context.failed, "jobs"),
        clock=context.clock,
    )


def _checks_of(store: Store, workers: Workers | None) -> dict[str, Callable[[], object]]:
    """What must hold for requests to be taken."""
    checks: dict[str, Callable[[], object]] = {"store": store.ready}
    return checks if workers is None else {**checks, "solvers": workers.check}


def _lifespan_of(
    context: Context, jobs: Jobs, kept: KeptJobs, workers: Workers | None
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """What begins and ends with the app: threads of its own; at its end, streams, jobs, and processes that solve."""
    sender, pruner, shifts = SenderThread(context), PrunerThread(context), ShiftWatch(context)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        context.ending.clear()
        sender.start()
        kept.start()
        pruner.start()
        shifts.start()
        yield
        context.ending.set()
        await run_in_threadpool(sender.stop)
        await run_in_threadpool(jobs.close)
        await run_in_threadpool(kept.close)
        await run_in_threadpool(pruner.stop)
        await run_in_threadpool(shifts.stop)
        if workers is not None:
            workers.close()

    return lifespan


def _add_assignment(app: FastAPI, context: Context) -> None:
    @app.post(
        ASSIGNMENT_PATH,
        tags=["Assignment"],
        operation_id="assign_tickets",
        summary="Assign tickets to agents",
        description=assignment_docs.ASSIGNMENT_DESCRIPTION,
        openapi_extra={"parameters": headers, "requestBody": assignment_docs.REQUEST_BODY},
        responses=assignment_docs.ASSIGNMENT_RESPONSES,
        dependencies=HEEDED,
    )
    async def assign_tickets(request: Request) -> Response:
        return await answer_body(context, request, partial(_answer, context))


def _answer(context: Context, body: bytes, sender: Sender) -> Response:
    queue = parse_queue(body, context.settings)
    return json_response(context.dispatch(queue, sender).to_json(indent=None))


def _example_answer(context: Context) -> Result:
    """What the service answers to the example; where the settings cannot work, this fails at once."""
    settings = context.settings
    return dispatch(
        read_queue(EXAMPLE_QUEUE),
        store=MemoryStore(),
        policy=settings.policy,
        triage=context.triage,
        time_limit=settings.time_limit,
    )


def _document(app: FastAPI, context: Context, example: Result) -> dict[str, Any]:
    """FastAPI's document of the routes with true answers, with how keys are sent, and with one name for each thing.

    Answers go into the finished document, because FastAPI drops every null from the examples it is given.
    """
    document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    _show_examples(document["paths"], example)
    name_requests(document)
    share_schemas(document)
    document["components"]["securitySchemes"] = SECURITY
    document["security"] = [{name: []} for name in SECURITY] if context.settings.all_keys else [{}]
    for path in OPEN_PATHS:
        document["paths"][path]["get"]["security"] = []
    return document


def _show_examples(paths: dict[str, Any], example: Result) -> None:
    paths["/"]["get"]["responses"]["200"]["content"]["application/json"]["example"] = health.STATUS
    answers = paths[ASSIGNMENT_PATH]["post"]["responses"]
    answers["200"]["content"]["application/json"]["example"] = example.to_dict()
    try:
        read_queue(MISTAKEN_QUEUE)
    except InvalidInputError as error:
        answers["422"]["content"][MEDIA_TYPE]["examples"]["invalid-input"]["value"] = invalid_input_details(error)

"""The FastAPI app. A handler is one library call."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from fastapi_offline import FastAPIOffline
from starlette.concurrency import run_in_threadpool

from ticketopt.dispatch import dispatch
from ticketopt.errors import InvalidInputError, StoreError
from ticketopt.io import read_queue
from ticketopt.records import Policy
from ticketopt.service import schemas
from ticketopt.service.body import parse_queue, read_body
from ticketopt.service.examples import EXAMPLE_QUEUE, MISTAKEN_QUEUE
from ticketopt.service.problems import (
    MEDIA_TYPE,
    PROBLEMS,
    ServiceError,
    add_handlers,
    internal_error,
    invalid_input_details,
    problem_details,
)
from ticketopt.service.settings import MAX_BODY_BYTES, Settings
from ticketopt.stores import Store
from ticketopt.stores.memory import MemoryStore

__all__ = ["create_app"]

VERSION = version("ticketopt")
ASSIGNMENT_PATH = "/v1/ticket-assignment"
STATUS = {"status": "ok", "service": "ticketopt", "version": VERSION, "docs": "/docs"}

DESCRIPTION = (
    "Assigns support tickets to agents: the whole batch at once, proven optimal where the solver can, with a reason "
    "for every ticket. Loads are remembered between calls."
)


def create_app(
    store: Store,
    *,
    policy: Policy | Mapping[str, Any] | None = None,
    time_limit: float = 10.0,
    max_body_bytes: int = MAX_BODY_BYTES,
    clock: Callable[[], float] = time.time,
) -> FastAPI:
    """The service over a store, as an ASGI app.

    Parameters
    ----------
    store : where loads are kept; see `ticketopt.stores.open_store`.
    policy, time_limit, max_body_bytes : see `Settings`.
    clock : the time in Unix seconds, for requests that do not state `now`.

    Raises
    ------
    InvalidInputError
        For settings that cannot work.
    """
    settings = Settings(policy=policy, time_limit=time_limit, max_body_bytes=max_body_bytes)
    app = FastAPIOffline(
        title="ticketopt",
        version=VERSION,
        description=DESCRIPTION,
        redoc_url=None,
        swagger_ui_parameters={"tryItOutEnabled": True, "docExpansion": "full"},
    )
    add_handlers(app)

    @app.get(
        "/",
        tags=["Health"],
        operation_id="status",
        summary="Is the service up?",
        responses=schemas.STATUS_RESPONSES,
    )
    async def status() -> JSONResponse:
        return JSONResponse(STATUS)

    @app.post(
        ASSIGNMENT_PATH,
        tags=["Assignment"],
        operation_id="assign_tickets",
        summary="Assign tickets to agents",
        description=schemas.ASSIGNMENT_DESCRIPTION,
        openapi_extra={"requestBody": schemas.REQUEST_BODY},
        responses=schemas.ASSIGNMENT_RESPONSES,
    )
    async def assign_tickets(request: Request) -> Response:
        body = await read_body(request, max_bytes=settings.max_body_bytes)
        answer = await run_in_threadpool(_answer, body, store, settings, clock)
        return Response(answer, media_type="application/json")

    _show_examples(app, settings)
    return app


def _answer(body: bytes, store: Store, settings: Settings, clock: Callable[[], float]) -> str:
    """A request's answer. Runs in a thread of its own, for as long as it takes."""
    try:
        queue = parse_queue(body)
        now = clock() if queue.now is None else queue.now
        result = dispatch(queue, store=store, policy=settings.policy, time_limit=settings.time_limit, now=now)
        return result.to_json(indent=None)
    except (ServiceError, InvalidInputError, StoreError):
        raise
    except Exception as error:
        raise internal_error(error) from None


def _show_examples(app: FastAPI, settings: Settings) -> None:
    """Put true answers into the documentation; where the settings cannot work, this fails at once.

    They go into the finished document, because FastAPI drops every null from the examples it is given.
    """
    paths = app.openapi()["paths"]
    paths["/"]["get"]["responses"]["200"]["content"]["application/json"]["example"] = STATUS
    answers = paths[ASSIGNMENT_PATH]["post"]["responses"]
    result = dispatch(
        read_queue(EXAMPLE_QUEUE), store=MemoryStore(), policy=settings.policy, time_limit=settings.time_limit
    )
    answers["200"]["content"]["application/json"]["example"] = result.to_dict()
    for name, kind in PROBLEMS.items():
        answers[str(kind.status)]["content"][MEDIA_TYPE]["example"] = problem_details(name)
    try:
        read_queue(MISTAKEN_QUEUE)
    except InvalidInputError as error:
        answers["422"]["content"][MEDIA_TYPE]["example"] = invalid_input_details(error)

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
from ticketopt.service.examples import EXAMPLE_QUEUE
from ticketopt.service.problems import ServiceError, add_handlers, internal_error
from ticketopt.service.settings import MAX_BODY_BYTES, Settings
from ticketopt.stores import Store
from ticketopt.stores.memory import MemoryStore

__all__ = ["create_app"]

VERSION = version("ticketopt")

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
        swagger_ui_parameters={"tryItOutEnabled": True},
    )
    add_handlers(app)

    @app.get("/", summary="Is the service up?", responses=schemas.STATUS_RESPONSES)
    async def status() -> JSONResponse:
        return JSONResponse({"status": "ok", "service": "ticketopt", "version": VERSION, "docs": "/docs"})

    @app.post(
        "/v1/ticket-assignment",
        summary="Assign tickets to agents",
        description=schemas.ASSIGNMENT_DESCRIPTION,
        openapi_extra={"requestBody": schemas.REQUEST_BODY},
        responses=schemas.assignment_responses(_example_answer(settings)),
    )
    async def assign_tickets(request: Request) -> Response:
        body = await read_body(request, max_bytes=settings.max_body_bytes)
        answer = await run_in_threadpool(_answer, body, store, settings, clock)
        return Response(answer, media_type="application/json")

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


def _example_answer(settings: Settings) -> dict[str, Any]:
    """The answer to the documented example; with settings that cannot work, the app fails here and not later."""
    queue = read_queue(EXAMPLE_QUEUE)
    return dispatch(queue, store=MemoryStore(), policy=settings.policy, time_limit=settings.time_limit).to_dict()

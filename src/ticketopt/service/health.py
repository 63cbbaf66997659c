"""Whether the service lives and can take requests: answered at once, whatever the store and the solvers do."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from importlib.metadata import version

from fastapi import APIRouter
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from ticketopt.errors import SolverError, StoreError
from ticketopt.service.context import Context
from ticketopt.service.openapi import assignment as assignment_docs
from ticketopt.service.problem_details import ServiceError, internal_error

__all__ = ["STATUS", "VERSION", "Probe", "router_of"]

VERSION = version("ticketopt")
STATUS = {"status": "ok", "service": "ticketopt", "version": VERSION, "docs": "/docs"}

log = logging.getLogger("ticketopt.service.health")

FRESH = 1.0
"""Seconds for which an answer is given again."""

PATIENCE = 0.25
"""Seconds to wait for an answer, so that health is told within half a second."""


class Probe:
    """A question about readiness, asked in a thread of its own: where it hangs, nothing else does.

    Parameters
    ----------
    ask : returns where all is well, and raises a `StoreError` or `SolverError` that says what is not.
    """

    def __init__(self, ask: Callable[[], object]) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._answer: Future[str | None] | None = None
        self._asked_at = 0.0

    async def issue(self) -> str | None:
        """What is wrong; None where nothing is."""
        try:
            return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(self._latest())), PATIENCE)
        except TimeoutError:
            return f"has not answered for {time.monotonic() - self._asked_at:.1f} s"

    def _latest(self) -> Future[str | None]:
        with self._lock:
            now = time.monotonic()
            if self._answer is None or (self._answer.done() and now - self._asked_at > FRESH):
                self._answer, self._asked_at = Future(), now
                threading.Thread(target=self._run, args=(self._answer,), name="ticketopt health", daemon=True).start()
            return self._answer

    def _run(self, answer: Future[str | None]) -> None:
        try:
            self._ask()
            answer.set_result(None)
        except SolverError as error:
            answer.set_result(str(error))
        except StoreError as error:  # its message may hold where the store is, and anybody may ask
            log.warning("the store is not ready: %s", error)
            answer.set_result("cannot be read and written; the log says why")
        except Exception as error:  # its message may hold anything
            internal_error(error)
            answer.set_result(f"failed with {type(error).__name__}")


async def _issues(probes: Mapping[str, Probe]) -> list[str]:
    found = await asyncio.gather(*(probe.issue() for probe in probes.values()))
    return [f"{name}: {issue}" for name, issue in zip(probes, found, strict=True) if issue is not None]


def router_of(context: Context, checks: Mapping[str, Callable[[], object]]) -> APIRouter:
    """The routes about health; `checks` by the name of what they are about."""
    router = APIRouter(tags=["Health"])
    probes = {name: Probe(ask) for name, ask in checks.items()}

    @router.get("/", operation_id="status", summary="Is the service up?", responses=assignment_docs.STATUS_RESPONSES)
    async def status() -> JSONResponse:
        return JSONResponse(STATUS)

    @router.get("/healthz", operation_id="health", summary="Does the process live?")
    async def health() -> JSONResponse:
        return JSONResponse({"status": "ok"})

    @router.get(
        "/readyz",
        operation_id="readiness",
        summary="Can it take requests? Its store answers, it can solve, and it is not shutting down",
        responses=assignment_docs.problem_responses("not-ready"),
    )
    async def readiness() -> Response:
        issues = ["service: is shutting down"] if context.ending.is_set() else await _issues(probes)
        if issues:
            raise ServiceError("not-ready", detail="; ".join(issues))
        return JSONResponse({"status": "ok"})

    @router.get("/metrics", operation_id="metrics", summary="Counts for Prometheus", response_class=PlainTextResponse)
    async def metrics() -> Response:
        return Response(context.metrics.text(context.restarts()), media_type="text/plain; version=0.0.4; charset=utf-8")

    return router

"""What holds for every request: an id, an access check, headers that browsers obey, a line in the log, a count.

And the short way to the handlers that are asked most.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterable
from uuid import uuid4

import anyio
from fastapi import Request
from fastapi.routing import APIRoute
from starlette.datastructures import Headers
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ticketopt.service.access import Access
from ticketopt.service.metrics import Metrics
from ticketopt.service.problem_details import answer_to, problem_response
from ticketopt.service.query import check_query

__all__ = ["HEADERS", "Direct", "Manners"]

log = logging.getLogger("ticketopt.service.access")

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,100}\Z")
"""Ids that are taken over from the caller; others could forge lines in a log."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""What every answer says, unless it says something else: to be taken as what it is, shown in no frame, kept nowhere."""

RAW_HEADERS = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
"""The same as they are sent."""

CHALLENGE = {"WWW-Authenticate": 'Basic realm="ticketopt", charset="UTF-8"'}


class Manners:
    """ASGI middleware around the whole app."""

    def __init__(self, app: ASGIApp, *, access: Access, metrics: Metrics) -> None:
        self._app, self._access, self._metrics = app, access, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        headers = Headers(scope=scope)
        asked = headers.get("x-request-id", "")
        request_id = asked if REQUEST_ID.match(asked) else str(uuid4())
        key = self._access.key_of(headers)
        status = 500

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                given = [header for header in message["headers"] if header[0].lower() != b"x-request-id"]
                names = {name.lower() for name, _ in given}
                usual = [header for header in RAW_HEADERS if header[0] not in names]
                message["headers"] = [*given, (b"x-request-id", request_id.encode()), *usual]
            await send(message)

        try:
            refusal = self._access.refusal(scope, headers, key)
            app = self._app if refusal is None else _refused(refusal)
            if scope["method"] == "HEAD":
                await _without_body(app, scope, receive, answer)
            else:
                await app(scope, receive, answer)
        finally:
            route = getattr(scope.get("route"), "path_format", "unmatched")
            seconds = time.perf_counter() - began
            self._metrics.request(route, scope["method"], status, seconds)
            details = {"method": scope["method"][:20], "request_id": request_id, "route": route, "status": status}
            who = {} if key is None else {"key": key.name}
            log.info("request", extra={"details": {**details, "seconds": round(seconds, 4), **who}})


class Direct:
    """ASGI middleware that has some routes answered by their handlers at once, past the framework's ways to them.

    Parameters
    ----------
    routes : whose handlers take the request alone and return a response; those with parts of the path in braces are
        left to the framework.
    """

    def __init__(self, app: ASGIApp, *, routes: Iterable[BaseRoute]) -> None:
        fixed = [route for route in routes if isinstance(route, APIRoute) and "{" not in route.path]
        self._app = app
        self._routes = {(method, route.path): route for route in fixed for method in route.methods or ()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        route = self._routes.get((scope["method"], scope["path"])) if scope["type"] == "http" else None
        if route is None:
            await self._app(scope, receive, send)
            return
        scope["route"] = route
        request = Request(scope, receive)
        try:
            await check_query(request)
            answer = await route.endpoint(request)
        except Exception as error:
            answer = await answer_to(request, error)
        await answer(scope, receive, send)


def _refused(name: str) -> ASGIApp:
    return problem_response(name, headers=CHALLENGE if name == "no-key" else None)


async def _without_body(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer HEAD as GET, up to where the body would begin; what would make the body is stopped there."""
    inner = {**scope, "method": "GET"}
    with anyio.CancelScope() as rest:

        async def head(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)
                await send({"type": "http.response.body", "body": b""})
                rest.cancel()

        try:
            await app(inner, receive, head)
        finally:
            if "route" in inner:
                scope["route"] = inner["route"]

"""What holds for every request: an id, a key, no other site's browser, a line in the log and a count in the metrics."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import logging
import re
import time
from collections.abc import Collection, Iterable
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ticketopt.service.metrics import Metrics
from ticketopt.service.problem_details import problem_response

__all__ = ["OPEN_PATHS", "Manners"]

log = logging.getLogger("ticketopt.service.access")

OPEN_PATHS = {"/", "/healthz", "/readyz"}
"""What can be asked without a key: whether the service is up."""

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,100}\Z")
"""Ids that are taken over from the caller; others could forge lines in a log."""

SAFE = {"GET", "HEAD", "OPTIONS"}
"""Methods that change nothing."""


class Manners:
    """ASGI middleware around the whole app.

    A key is sent as `Authorization: Bearer KEY`, as `X-API-Key: KEY`, or as the password of HTTP Basic, which browsers
    ask for. Keys are compared in constant time. Browsers send what they remember to whoever a page names, so changes
    that another site's page asks for are refused. Paths with a proof of their own, such as a signature, need no key.
    """

    def __init__(
        self, app: ASGIApp, *, keys: Iterable[str], metrics: Metrics, own_proof: Collection[str] = frozenset()
    ) -> None:
        self._app = app
        self._open_paths = OPEN_PATHS | set(own_proof)
        self._digests = [_digest(key) for key in keys]
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        headers = Headers(scope=scope)
        asked = headers.get("x-request-id", "")
        request_id = asked if REQUEST_ID.match(asked) else str(uuid4())
        status = 500

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                given = MutableHeaders(scope=message)
                given["X-Request-ID"] = request_id
                given["X-Content-Type-Options"] = "nosniff"
                given.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            refusal = self._refusal(scope, headers)
            if refusal is None:
                await self._app(scope, receive, answer)
            else:
                await refusal(scope, receive, answer)
        finally:
            route = getattr(scope.get("route"), "path", "unmatched")
            seconds = time.perf_counter() - began
            self._metrics.request(route, scope["method"], status, seconds)
            details = {"request_id": request_id, "route": route, "status": status, "seconds": round(seconds, 4)}
            log.info("request", extra={"details": {"method": scope["method"][:20], **details}})

    def _refusal(self, scope: Scope, headers: Headers) -> ASGIApp | None:
        if self._digests and scope["path"] not in self._open_paths and not self._knows_key(headers):
            challenge = {"WWW-Authenticate": 'Basic realm="ticketopt", charset="UTF-8"'}
            return problem_response("no-key", headers=challenge)
        site = headers.get("sec-fetch-site", "none")
        if scope["method"] not in SAFE and site not in ("none", "same-origin"):
            return problem_response("other-site")
        return None

    def _knows_key(self, headers: Headers) -> bool:
        digest = _digest(_given_key(headers))
        known = [hmac.compare_digest(digest, other) for other in self._digests]
        return any(known)


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).digest()


def _given_key(headers: Headers) -> str:
    scheme, _, value = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode("utf-8", "replace").partition(":")[2]
        except (binascii.Error, ValueError):
            return ""
    return headers.get("x-api-key", "")

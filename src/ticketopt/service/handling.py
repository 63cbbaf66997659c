"""How a request about a queue is handled: admitted, its body read, worked on in a thread, its answer sent in parts."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from starlette.types import Receive, Scope, Send

from ticketopt.service.context import Context
from ticketopt.service.requests import Sender, read_body, sender_of

__all__ = ["answer_body", "answer_view", "json_response"]

PART = 64 * 1024
"""Bytes that are sent at once."""


class InParts(Response):
    """An answer whose parts are handed over as fast as they are taken, so that no large one is copied as a whole."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        last = (len(self.body) - 1) // PART * PART if self.body else 0
        for begin in range(0, last, PART):
            await send({"type": "http.response.body", "body": self.body[begin : begin + PART], "more_body": True})
        await send({"type": "http.response.body", "body": self.body[last:]})


def json_response(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Data, or JSON that is a text already, as an answer."""
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, allow_nan=False)
    return InParts(text, status, headers, "application/json")


async def answer_body(
    context: Context,
    request: Request,
    work: Callable[[bytes, Sender], Response],
    *,
    check: Callable[[bytes], None] = lambda body: None,
) -> Response:
    """What work makes of a request's body, once `check` has let the body in."""
    sender = sender_of(request)
    with context.bodies.counted(sender.tenant) as count:
        body = await read_body(request, max_bytes=context.settings.max_body_bytes, count=count)
        check(body)
        async with context.turns.admitted(sender.tenant):
            answer = await context.turns.run(sender.tenant, work, body, sender, size=len(body))
    context.feeds.notify(sender.tenant)
    return answer


async def answer_view(
    context: Context, request: Request, view: Callable[[Request, Sender], Any], *, is_whole: bool = False
) -> Response:
    """What there is to see, as JSON; `is_whole` where that is a whole queue, read once for all who wait for it."""
    sender = sender_of(request)
    async with context.turns.admitted(sender.tenant):
        if not is_whole:
            return await context.turns.run(sender.tenant, lambda: json_response(view(request, sender)), kind="view")

        async def see(begun: Callable[[], object]) -> Response:
            def work() -> Response:
                begun()
                return json_response(view(request, sender))

            return await context.turns.run(sender.tenant, work, kind="whole")

        return await context.shared.answer((sender.tenant, request.url.path), see)

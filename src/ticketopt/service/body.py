"""From a request's bytes to a queue: size, content type and encoding are checked here, the rest by `ticketopt.io`."""

from __future__ import annotations

from fastapi import Request

from ticketopt.errors import InvalidInputError
from ticketopt.io import Queue, queue_of
from ticketopt.service.problems import ServiceError
from ticketopt.strict_json import decode, parse_json

__all__ = ["parse_queue", "read_body"]


async def read_body(request: Request, *, max_bytes: int) -> bytes:
    """The whole body of a request that says it is JSON, or says nothing; counted while it arrives."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type and not (media_type == "application/json" or media_type.endswith("+json")):
        raise ServiceError("not-json-type")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > max_bytes:
            detail = f"The most is {max_bytes:,} bytes; send the tickets in several requests."
            raise ServiceError("too-large", detail=detail)
    return bytes(body)


def parse_queue(body: bytes) -> Queue:
    """Tickets and agents in a JSON body.

    Raises
    ------
    ServiceError
        `not-json`, where the body is not UTF-8 or not strict JSON.
    InvalidInputError
        With every issue in the data.
    """
    try:
        data = parse_json(decode(body))
    except InvalidInputError as error:
        raise ServiceError("not-json", issues=error.issues) from None
    return queue_of(data)

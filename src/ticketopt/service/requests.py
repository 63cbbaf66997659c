"""From a request's bytes to data: size, content type and encoding are checked here, the rest by the library."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from ticketopt.errors import InvalidInputError
from ticketopt.intake.files import Queue, queue_of
from ticketopt.intake.strict_json import decode, parse_json
from ticketopt.live.plain import checked_name
from ticketopt.problem.fields import Reader, Report, Schema, kind, or_null, shown
from ticketopt.service.access import tenant_of
from ticketopt.service.problem_details import ServiceError
from ticketopt.service.settings import Settings
from ticketopt.service.sizes import check_sizes
from ticketopt.service.zones import zoned

__all__ = ["Field", "Sender", "parse_data", "parse_fields", "parse_queue", "parse_records", "read_body", "sender_of"]

BODY_SECONDS = 20.0
"""Seconds in which a body must have come, and longer the longer it is."""

SLOWEST = 50_000
"""Bytes a second that a long body must come at."""

KEY = "Idempotency-Key"


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose queue a request is about, and the key under which it counts once."""

    tenant: str
    key: str | None


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a body: what reads it, and whether it must be there; null is as good as left out where it may be."""

    read: Reader
    is_required: bool = True

    @property
    def schema(self) -> Schema:
        """Its JSON schema."""
        return self.read.given if self.is_required else or_null(self.read.given)


def sender_of(request: Request) -> Sender:
    """What a request's headers say, and its query.

    Raises
    ------
    InvalidInputError
        Where the tenant or the key is no short printable text.
    """
    key = request.headers.get(KEY)
    return Sender(
        tenant_of(request.scope, request.headers),
        None if key is None else checked_name(key, KEY),
    )


async def read_body(request: Request, *, max_bytes: int, count: Callable[[int], None]) -> bytes:
    """The whole body of a request that says it is JSON, or says nothing.

    Parameters
    ----------
    count : called with the length of every part as it arrives; what it raises ends the reading.

    Raises
    ------
    ServiceError
        `encoded`, `not-json-type`, `too-large`; `too-slow`, where it comes at less than `SLOWEST` for `BODY_SECONDS`.
    """
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise ServiceError("encoded")
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type and not (media_type == "application/json" or media_type.endswith("+json")):
        raise ServiceError("not-json-type")
    stated = request.headers.get("content-length", "0")
    if stated.isdecimal() and int(stated[:20]) > max_bytes:
        raise too_large(max_bytes)
    body, began = bytearray(), asyncio.get_running_loop().time()
    try:
        async with asyncio.timeout_at(began + BODY_SECONDS) as limit:
            async for chunk in request.stream():
                body += chunk
                if len(body) > max_bytes:
                    raise too_large(max_bytes)
                count(len(chunk))
                limit.reschedule(began + BODY_SECONDS + len(body) / SLOWEST)
    except TimeoutError:
        raise ServiceError("too-slow") from None
    return bytes(body)


def too_large(max_bytes: int) -> ServiceError:
    """The error for a longer body."""
    return ServiceError("too-large", detail=f"The most is {max_bytes:,} bytes; send the tickets in several requests.")


def parse_data(body: bytes) -> Any:
    """What a JSON body says.

    Raises
    ------
    ServiceError
        `not-json`, where the body is not UTF-8 or not strict JSON.
    """
    try:
        return parse_json(decode(body))
    except InvalidInputError as error:
        raise ServiceError("not-json", issues=error.issues) from None


def parse_records(body: bytes, settings: Settings) -> Any:
    """What a JSON body with tickets or agents says, no larger than the settings allow, and with zones for its times.

    Raises
    ------
    ServiceError
        `not-json`; `too-large`, where the settings allow less.
    InvalidInputError
        For records with more than any needs.
    """
    data = parse_data(body)
    check_sizes(data, settings)
    return zoned(data, settings.time_zone)


def parse_queue(body: bytes, settings: Settings) -> Queue:
    """Tickets and agents in a JSON body; see `parse_records`.

    Raises
    ------
    InvalidInputError
        With every issue in the data.
    """
    return queue_of(parse_records(body, settings))


def parse_fields(data: object, known: Mapping[str, Field]) -> dict[str, Any]:
    """The fields of an object; those left out, or null where they may be left out, are None.

    Raises
    ------
    InvalidInputError
        With every field that is missing, unknown or wrong.
    """
    report = Report()
    if not isinstance(data, Mapping):
        names = ", ".join(f'"{name}": ...' for name in known)
        raise InvalidInputError.single("", f"the body is {kind(data)}", f"give {{{names}}}")
    for name in data:
        if name not in known:
            report.unknown(shown(name), "is not a known field", str(name), known)
    clean: dict[str, Any] = {}
    for name, item in known.items():
        if data.get(name) is None and not item.is_required:
            clean[name] = None
        elif name not in data:
            report.error(name, "is missing", f'add "{name}"')
        else:
            clean[name] = item.read(data[name], name, report)
    if report.issues:
        raise InvalidInputError(report.issues)
    return clean

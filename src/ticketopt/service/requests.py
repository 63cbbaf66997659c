"""From a request's bytes to data: size, content type and encoding are checked here, the rest by the library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from ticketopt.errors import InvalidInputError
from ticketopt.intake.files import Queue, queue_of
from ticketopt.intake.strict_json import decode, parse_json
from ticketopt.live.commit import checked_name
from ticketopt.problem.fields import Reader, Report, Schema, choices, kind, or_null, shown
from ticketopt.service.problem_details import ServiceError
from ticketopt.service.settings import MAX_TICKETS

__all__ = ["Field", "Sender", "parse_fields", "parse_queue", "read_body", "sender_of"]

TENANT, KEY = "X-Tenant", "Idempotency-Key"


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
    """What two headers say; a browser's stream of events, which has none, says `?tenant=` instead.

    Raises
    ------
    InvalidInputError
        Where one is no short printable text.
    """
    tenant = request.headers.get(TENANT) or request.query_params.get("tenant", "")
    key = request.headers.get(KEY)
    return Sender(
        checked_name(tenant, TENANT) if tenant else "",
        None if key is None else checked_name(key, KEY),
    )


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


def parse_queue(body: bytes, *, max_tickets: int = MAX_TICKETS) -> Queue:
    """Tickets and agents in a JSON body.

    Raises
    ------
    ServiceError
        `not-json`; `too-large`, where there are more tickets.
    InvalidInputError
        With every issue in the data.
    """
    data = parse_data(body)
    if isinstance(data, dict):
        check_count(data.get("tickets"), max_tickets)
    return queue_of(data)


def check_count(tickets: object, max_tickets: int) -> None:
    """A `too-large` error for more tickets than one request may bring."""
    if isinstance(tickets, list) and len(tickets) > max_tickets:
        detail = f"The most is {max_tickets:,} tickets; send them in several requests."
        raise ServiceError("too-large", detail=detail)


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
            report.error(shown(name), "is not a known field", choices(str(name), known))
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

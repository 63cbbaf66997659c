"""Errors as problem details (RFC 9457): `application/problem+json`, with every issue and never a ticket's text."""

from __future__ import annotations

import logging
import traceback
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from ticketopt.errors import InvalidInputError, Issue, StoreError

__all__ = ["MEDIA_TYPE", "PROBLEMS", "ProblemKind", "ServiceError", "add_handlers", "internal_error", "problem"]

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:ticketopt:problem:"
SHOWN_ERRORS = 1000
"""An answer lists so many issues; `detail` says how many there are."""

log = logging.getLogger("ticketopt.service")


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """What all occurrences of a problem have in common."""

    status: int
    title: str


PROBLEMS: dict[str, ProblemKind] = {
    "not-json": ProblemKind(400, "The body is not JSON"),
    "too-large": ProblemKind(413, "The body is too large"),
    "not-json-type": ProblemKind(415, "The content type is not JSON"),
    "invalid-input": ProblemKind(422, "The tickets or agents are not valid"),
    "internal-error": ProblemKind(500, "The service failed"),
    "store-unavailable": ProblemKind(503, "The loads are not available"),
}
"""The end of a problem's `type` -> its kind. Errors that HTTP itself explains have the type `about:blank`."""


class ServiceError(Exception):
    """A problem met while a request was handled."""

    def __init__(self, name: str, detail: str, issues: Sequence[Issue] = ()) -> None:
        super().__init__(name)
        self.name, self.detail, self.issues = name, detail, tuple(issues)


def problem(name: str, detail: str, issues: Sequence[Issue] = ()) -> Response:
    """The answer for a problem in `PROBLEMS`."""
    kind = PROBLEMS[name]
    return _response(kind.status, TYPE_PREFIX + name, kind.title, detail, issues)


def internal_error(error: BaseException) -> ServiceError:
    """Log where an unexpected error came from, without its message: it may hold a ticket's text."""
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("a request failed with %s\n%s", type(error).__name__, where)
    return ServiceError("internal-error", "Nothing was assigned; the server's log tells where it failed.")


def add_handlers(app: FastAPI) -> None:
    """Have the app answer every error as problem details."""
    app.add_exception_handler(ServiceError, _on_service_error)
    app.add_exception_handler(InvalidInputError, _on_invalid_input)
    app.add_exception_handler(StoreError, _on_store_error)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(ClientDisconnect, _on_disconnect)


def _response(
    status: int,
    kind: str,
    title: str,
    detail: str,
    issues: Sequence[Issue] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    content: dict[str, Any] = {
        "type": kind,
        "title": title,
        "status": status,
        "detail": detail,
        "instance": f"urn:uuid:{uuid.uuid4()}",
    }
    if issues:
        content["errors"] = [asdict(issue) for issue in issues[:SHOWN_ERRORS]]
    return JSONResponse(content, status_code=status, headers=headers, media_type=MEDIA_TYPE)


async def _on_service_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, ServiceError)
    return problem(error.name, error.detail, error.issues)


async def _on_invalid_input(_: Request, error: Exception) -> Response:
    assert isinstance(error, InvalidInputError)
    count = len(error.issues)
    words = "1 value is" if count == 1 else f"{count} values are"
    shown = "" if count <= SHOWN_ERRORS else f" The first {SHOWN_ERRORS} are listed."
    return problem("invalid-input", f"{words} wrong; nothing was assigned.{shown}", error.issues)


async def _on_store_error(_: Request, error: Exception) -> Response:
    log.error("the store failed: %s", error)
    detail = "The agents' loads could not be read or kept, so nothing was assigned; the server's log tells why."
    return problem("store-unavailable", detail)


async def _on_http_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    phrase = HTTPStatus(error.status_code).phrase
    return _response(error.status_code, "about:blank", phrase, "See /docs for what there is.", headers=error.headers)


async def _on_disconnect(_: Request, __: Exception) -> Response:
    return Response(status_code=400)  # which nobody reads

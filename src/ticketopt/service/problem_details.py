"""Errors as problem details (RFC 9457): `application/problem+json`, with every issue and never a ticket's text."""

from __future__ import annotations

import json
import logging
import traceback
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any, TypeVar

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from ticketopt.errors import InvalidInputError, Issue, StoreError, UnknownCommitError, UnknownIdError

__all__ = [
    "MEDIA_TYPE",
    "PROBLEMS",
    "SHOWN_ERRORS",
    "TYPE_PREFIX",
    "ProblemKind",
    "ServiceError",
    "add_handlers",
    "describe",
    "guarded",
    "internal_error",
    "invalid_input_details",
    "problem_details",
    "problem_response",
]

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:ticketopt:problem:"
SHOWN_ERRORS = 10_000
"""An answer lists so many issues; `detail` says how many there are."""

log = logging.getLogger("ticketopt.service")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """What all occurrences of a problem have in common."""

    status: int
    title: str
    detail: str
    """What to know or to do, unless an occurrence has more to say."""

    @property
    def headers(self) -> dict[str, str]:
        """Where to try again later: when."""
        return {"Retry-After": "1"} if self.status in (429, 503) else {}


PROBLEMS: dict[str, ProblemKind] = {
    "no-key": ProblemKind(401, "No API key", "Send one as Authorization: Bearer, X-API-Key or Basic password."),
    "not-signed": ProblemKind(401, "The webhook is not signed", "Sign it with the secret that the service knows."),
    "other-site": ProblemKind(403, "Another site asks", "Changes are taken from this page and from programs."),
    "not-allowed": ProblemKind(403, "The key may not do this", "Use a key with the role and the tenant for it."),
    "no-tenant": ProblemKind(404, "There is no such tenant", "The service's setting `tenants` names those it serves."),
    "no-ticket": ProblemKind(404, "There is no such ticket", "Submit it first."),
    "no-agent": ProblemKind(404, "There is no such agent", "Add it first."),
    "no-job": ProblemKind(404, "There is no such job", "It was never begun, or is not kept any more."),
    "not-json": ProblemKind(400, "The body is not JSON", "Send one JSON object, encoded in UTF-8."),
    "too-slow": ProblemKind(408, "The request came too slowly", "Nothing was changed; send it again."),
    "too-large": ProblemKind(413, "The request is too large", "Send the tickets in several requests."),
    "not-json-type": ProblemKind(415, "The content type is not JSON", "Send the body as application/json."),
    "encoded": ProblemKind(415, "The body is compressed", "Send it as it is, without Content-Encoding."),
    "other-host": ProblemKind(421, "The host is another", "The service's setting `allowed_hosts` names its own."),
    "invalid-input": ProblemKind(422, "The tickets or agents are not valid", "Nothing was assigned."),
    "too-many-jobs": ProblemKind(429, "Too many jobs are running", "Nothing was begun; try again later."),
    "too-many-requests": ProblemKind(429, "Too many requests at once", "Nothing was changed; try again later."),
    "job-lost": ProblemKind(503, "The job was lost", "Its process ended before it did; send the request again."),
    "internal-error": ProblemKind(
        500, "The service failed", "Nothing was assigned; the server's log tells where it failed."
    ),
    "busy": ProblemKind(503, "The service is busy", "Nothing was changed; try again later."),
    "not-ready": ProblemKind(503, "The service is not ready", "Try again later."),
    "shutting-down": ProblemKind(
        503,
        "The service is shutting down",
        "Whether this was kept is not known; the same request under the same Idempotency-Key tells.",
    ),
    "fate-unknown": ProblemKind(
        503,
        "The queue was lost while it was kept",
        "Whether this was kept is not known; the same request under the same Idempotency-Key tells.",
    ),
    "store-unavailable": ProblemKind(
        503, "The queue is not available", "It could not be read or kept, so nothing was changed; try again later."
    ),
}
"""The end of a problem's `type` -> its kind. Errors that HTTP itself explains have the type `about:blank`."""

_MISSING = {"ticket_id": "no-ticket", "agent_id": "no-agent"}
"""The path of an unknown id -> the problem."""


class ServiceError(Exception):
    """A problem met while a request was handled."""

    def __init__(self, name: str, *, detail: str | None = None, issues: Sequence[Issue] = ()) -> None:
        super().__init__(name)
        self.name, self.detail, self.issues = name, detail, tuple(issues)


def problem_details(name: str, *, detail: str | None = None, issues: Sequence[Issue] = ()) -> dict[str, Any]:
    """A problem in `PROBLEMS` as the content of an answer."""
    kind = PROBLEMS[name]
    return _details(TYPE_PREFIX + name, kind.title, kind.status, kind.detail if detail is None else detail, issues)


def invalid_input_details(error: InvalidInputError) -> dict[str, Any]:
    """What is wrong with a request, or what it is about and is not there."""
    if isinstance(error, UnknownIdError):
        return problem_details(_MISSING[error.issues[0].path], issues=error.issues)
    count = len(error.issues)
    words = "1 value is" if count == 1 else f"{count:,} values are"
    shown = "" if count <= SHOWN_ERRORS else f" The first {SHOWN_ERRORS:,} are listed."
    detail = f"{words} wrong; nothing was assigned.{shown}"
    return problem_details("invalid-input", detail=detail, issues=error.issues)


def internal_error(error: BaseException) -> ServiceError:
    """Log where an unexpected error came from, without its message: it may hold a ticket's text."""
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("a request failed with %s\n%s", type(error).__name__, where)
    return ServiceError("internal-error")


def guarded(work: Callable[..., T], *args: Any) -> T:
    """Do work; what nobody expected becomes an `internal-error`, and its message is not repeated."""
    try:
        return work(*args)
    except (ServiceError, InvalidInputError, StoreError):
        raise
    except Exception as error:
        raise internal_error(error) from None


def describe(error: Exception) -> dict[str, Any]:
    """Any error as the content of an answer."""
    if isinstance(error, InvalidInputError):
        return invalid_input_details(error)
    if isinstance(error, StoreError):
        return problem_details(_name_of(error))
    known = error if isinstance(error, ServiceError) else internal_error(error)
    return problem_details(known.name, detail=known.detail, issues=known.issues)


def _name_of(error: StoreError) -> str:
    return "fate-unknown" if isinstance(error, UnknownCommitError) else "store-unavailable"


def _details(kind: str, title: str, status: int, detail: str, issues: Sequence[Issue] = ()) -> dict[str, Any]:
    content: dict[str, Any] = {
        "type": kind,
        "title": title,
        "status": status,
        "detail": detail,
        "instance": f"urn:uuid:{uuid.uuid4()}",
    }
    if issues:
        content["errors"] = [asdict(issue) for issue in issues[:SHOWN_ERRORS]]
    return content


def _response(details: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    content = json.dumps(details, allow_nan=False)  # in ASCII, so that no odd character can fail
    return Response(content, status_code=details["status"], headers=headers, media_type=MEDIA_TYPE)


def problem_response(name: str, *, headers: Mapping[str, str] | None = None) -> Response:
    """A problem in `PROBLEMS` as an answer."""
    return _response(problem_details(name), {**PROBLEMS[name].headers, **(headers or {})})


async def _on_service_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, ServiceError)
    details = problem_details(error.name, detail=error.detail, issues=error.issues)
    return _response(details, PROBLEMS[error.name].headers)


async def _on_invalid_input(_: Request, error: Exception) -> Response:
    assert isinstance(error, InvalidInputError)
    return _response(invalid_input_details(error))


async def _on_store_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, StoreError)
    log.error("the store failed: %s", error)
    return problem_response(_name_of(error))


async def _on_http_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    phrase = HTTPStatus(error.status_code).phrase
    details = _details("about:blank", phrase, error.status_code, "See /docs for what there is.")
    return _response(details, error.headers)


async def _on_disconnect(_: Request, __: Exception) -> Response:
    return Response(status_code=400)  # which nobody reads


async def _on_unexpected(_: Request, __: Exception) -> Response:
    return _response(problem_details("internal-error"))  # the server logs the error itself


HANDLERS: dict[type[Exception], Callable[[Request, Any], Awaitable[Response]]] = {
    ServiceError: _on_service_error,
    InvalidInputError: _on_invalid_input,
    StoreError: _on_store_error,
    HTTPException: _on_http_error,
    ClientDisconnect: _on_disconnect,
}
"""How the errors that a handler may raise are answered; derived ones as what they derive from."""


def add_handlers(app: FastAPI) -> None:
    """Have the app answer every error as problem details."""
    for kind, handle in {**HANDLERS, Exception: _on_unexpected}.items():
        app.add_exception_handler(kind, handle)


async def answer_to(request: Request, error: Exception) -> Response:
    """The answer to an error of a handler; any other error is raised again."""
    for kind, handle in HANDLERS.items():
        if isinstance(error, kind):
            return await handle(request, error)
    raise error

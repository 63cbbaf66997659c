"""What stands in an address behind the question mark: every name is known and there once, or the request is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from fastapi import Request

from ticketopt.errors import InvalidInputError
from ticketopt.problem.fields import Report, shown

__all__ = ["check_query"]

TENANT = {"name": "tenant", "in": "query", "schema": {"type": "string"}}
"""What every route takes, in the place of the header."""


async def check_query(request: Request) -> None:
    """An error for parameters that the route does not document, or that are there twice.

    Raises
    ------
    InvalidInputError
        With every one of them.
    """
    query = request.scope["query_string"]
    if not query:
        return
    known, report = _known(getattr(request.scope["route"], "openapi_extra", None)), Report()
    for name, count in Counter(name for name, _ in parse_qsl(query.decode("latin-1"), keep_blank_values=True)).items():
        if name not in known:
            report.unknown(shown(name), "is not a known parameter", name, known)
        elif count > 1 and known[name]["schema"].get("type") != "array":
            report.error(name, f"is there {count} times", "give it once")
    if report.issues:
        raise InvalidInputError(report.issues)


def _known(documented: Mapping[str, Any] | None) -> dict[str, Any]:
    """The parameters of a route by their names, as its documentation has them."""
    parameters = [*(documented or {}).get("parameters", ()), TENANT]
    return {one["name"]: one for one in parameters if one["in"] == "query"}

"""The page at `/dashboard`: one HTML file, one style sheet, scripts, and what they must know; all of it here."""

from __future__ import annotations

from importlib.resources import files

from fastapi import APIRouter, Request
from fastapi.responses import Response

from ticketopt.problem.records import PRIORITY_URGENCY
from ticketopt.service.access import Access
from ticketopt.service.handling import json_response

__all__ = ["router_of"]

SCRIPT = "text/javascript; charset=utf-8"

PARTS = {
    "/dashboard": ("dashboard.html", "text/html; charset=utf-8"),
    "/dashboard/style.css": ("dashboard.css", "text/css; charset=utf-8"),
    "/dashboard/script.js": ("dashboard.js", SCRIPT),
    "/dashboard/service.js": ("service.js", SCRIPT),
    "/dashboard/team.js": ("team.js", SCRIPT),
    "/dashboard/tickets.js": ("tickets.js", SCRIPT),
    "/dashboard/deliveries.js": ("deliveries.js", SCRIPT),
    "/dashboard/dialogs.js": ("dialogs.js", SCRIPT),
}

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
"""The page loads nothing from elsewhere and runs nothing but its own scripts, whatever a ticket is called."""


def router_of(access: Access, ticket_link: str, helpdesk: str) -> APIRouter:
    """The routes of the page; `helpdesk` is what the one is called that is told who has a ticket."""
    router = APIRouter(include_in_schema=False)
    folder = files("ticketopt.service").joinpath("pages")
    for path, (name, media_type) in PARTS.items():
        _add(router, path, folder.joinpath(name).read_text("utf-8"), media_type)

    @router.get("/dashboard/settings.json")
    async def settings(request: Request) -> Response:
        role = access.role_of(access.key_of(request.headers))
        told = {"ticket_link": ticket_link, "helpdesk": helpdesk, "urgencies": PRIORITY_URGENCY}
        return json_response({"role": role, **told})

    return router


def _add(router: APIRouter, path: str, content: str, media_type: str) -> None:
    headers = {"Content-Security-Policy": POLICY}

    @router.get(path)
    async def part() -> Response:
        return Response(content, media_type=media_type, headers=headers)

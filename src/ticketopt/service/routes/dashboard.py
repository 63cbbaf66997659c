"""The page at `/dashboard`: one HTML file, one style sheet, one script, all of it here."""

from __future__ import annotations

from importlib.resources import files

from fastapi import APIRouter
from fastapi.responses import Response

__all__ = ["router_of"]

PARTS = {
    "/dashboard": ("dashboard.html", "text/html; charset=utf-8"),
    "/dashboard/style.css": ("dashboard.css", "text/css; charset=utf-8"),
    "/dashboard/script.js": ("dashboard.js", "text/javascript; charset=utf-8"),
}

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
"""The page loads nothing from elsewhere and runs nothing but its own script, whatever a ticket is called."""


def router_of() -> APIRouter:
    """The routes of the page."""
    router = APIRouter(include_in_schema=False)
    folder = files("ticketopt.service").joinpath("pages")
    for path, (name, media_type) in PARTS.items():
        _add(router, path, folder.joinpath(name).read_text("utf-8"), media_type)
    return router


def _add(router: APIRouter, path: str, content: str, media_type: str) -> None:
    headers = {"Content-Security-Policy": POLICY}

    @router.get(path)
    async def part() -> Response:
        return Response(content, media_type=media_type, headers=headers)

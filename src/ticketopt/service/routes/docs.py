"""The OpenAPI document, and the page at `/docs` to read and to try it, with nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import JSONResponse, Response

__all__ = ["SWAGGER", "router_of"]

SWAGGER = {"tryItOutEnabled": True, "docExpansion": "none", "defaultModelsExpandDepth": -1}
"""How Swagger UI shows the document: collapsed, so that one sees what there is."""

DOCUMENT = "/openapi.json"

ASSETS = "/static-offline-docs"
"""Where the files of `fastapi_offline` are."""

POLICY = (
    "default-src 'none'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Nothing runs but Swagger UI and the page's own script, which is named by its hash."""


def router_of(title: str, document: Callable[[], dict[str, Any]]) -> APIRouter:
    """The routes of a document and of the page about it."""
    router = APIRouter(include_in_schema=False)

    @router.get(DOCUMENT)
    def openapi() -> Response:  # in a thread: the first one takes a third of a second
        return JSONResponse(document())

    @router.get("/docs")
    async def docs(request: Request) -> Response:
        root = request.scope.get("root_path", "")
        page = get_swagger_ui_html(
            openapi_url=root + DOCUMENT,
            title=title,
            swagger_js_url=f"{root}{ASSETS}/swagger-ui-bundle.js",
            swagger_css_url=f"{root}{ASSETS}/swagger-ui.css",
            swagger_favicon_url=f"{root}{ASSETS}/favicon.png",
            swagger_ui_parameters=SWAGGER,
        )
        page.headers["Content-Security-Policy"] = POLICY.format(scripts=" ".join(_hashes(bytes(page.body).decode())))
        return page

    return router


def _hashes(page: str) -> list[str]:
    """What a policy calls the scripts that stand in a page."""
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    return [f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in scripts]

"""One name for each thing in the OpenAPI document: schemas with a title become components, which the rest refers to."""

from __future__ import annotations

from typing import Any

__all__ = ["SECURITY", "name_requests", "share_schemas"]

Schema = dict[str, Any]

SECURITY: dict[str, Schema] = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "The API key."},
    "header": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "The API key."},
    "password": {"type": "http", "scheme": "basic", "description": "The API key as password, with any name."},
}
"""The ways to send a key, as security schemes."""

VALUES = {"const", "default", "enum", "example", "examples"}
"""Keys below which there are values, not schemas."""


def name_requests(document: Schema) -> None:
    """Give bodies without a title the name of what they ask for: `close_ticket` takes a `CloseTicketRequest`."""
    for operations in document["paths"].values():
        for operation in operations.values():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                if "properties" in content["schema"]:
                    words = operation["operationId"].split("_")
                    title = "".join(word.capitalize() for word in words) + "Request"
                    content["schema"] = {"title": title, **content["schema"]}


def share_schemas(document: Schema) -> None:
    """Move every object and every choice with a title to the components, once, and refer to it.

    Raises
    ------
    ValueError
        Where two different schemas have one title.
    """
    shared: dict[str, Schema] = {}
    document["paths"] = _referring(document["paths"], shared)
    document.setdefault("components", {})["schemas"] = dict(sorted(shared.items()))


def _referring(part: Any, shared: dict[str, Schema]) -> Any:
    """The same part of a document, with references in place of what is shared."""
    if isinstance(part, list):
        return [_referring(item, shared) for item in part]
    if not isinstance(part, dict):
        return part
    done = {key: value if key in VALUES else _referring(value, shared) for key, value in part.items()}
    if not {"properties", "enum"} & part.keys() or not isinstance(part.get("title"), str):
        return done
    name = part["title"]
    if shared.setdefault(name, done) != done:
        raise ValueError(f"two schemas have the title {name!r}")
    return {"$ref": f"#/components/schemas/{name}"}

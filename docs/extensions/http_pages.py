"""The HTTP API in Markdown, from its OpenAPI document."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Table = Callable[[Any, Any], str]
Kind = Callable[[Mapping[str, Any]], str]

REPEATED = ("401", "403", "404", "421", "429", "500", "503")
"""Answers that most requests can get; they are told once."""


def page(document: Mapping[str, Any], table: Table, kind: Kind) -> str:
    """Every request by its tag, then every schema."""
    by_tag: dict[str, list[str]] = {}
    for path, methods in document["paths"].items():
        for method, request in methods.items():
            for tag in request.get("tags", ["Other"])[:1]:
                by_tag.setdefault(tag, []).append("\n".join(of_request(path, method, request, table, kind)))
    parts = [f"## {tag}\n\n" + "\n".join(requests) for tag, requests in by_tag.items()]
    schemas = document["components"]["schemas"]
    parts.append("## Schemas\n")
    parts += ["\n".join(of_schema(name, schema, table, kind)) for name, schema in sorted(schemas.items())]
    return "\n".join(parts)


def of_request(path: str, method: str, request: Mapping[str, Any], table: Table, kind: Kind) -> Iterator[str]:
    yield f"### `{method.upper()} {path}`\n"
    summary = request.get("summary", "")
    yield f"**{summary}{'' if summary.endswith(('.', '?')) else '.'}** {request.get('description', '')}\n"
    if parameters := request.get("parameters"):
        rows = [(f"`{one['name']}`", one["in"], kind(one["schema"]), one.get("description", "")) for one in parameters]
        yield table(("parameter", "in", "takes", "meaning"), rows)
    for media, content in request.get("requestBody", {}).get("content", {}).items():
        yield f"Body (`{media}`): {kind(content.get('schema', {}))}.\n"
        yield from examples(content)
    rows = []
    for status, answer in request.get("responses", {}).items():
        if status not in REPEATED:
            bodies = [kind(one["schema"]) for one in answer.get("content", {}).values() if "schema" in one]
            rows.append((status, answer.get("description", ""), " or ".join(dict.fromkeys(bodies))))
    yield table(("status", "when", "body"), rows)


def examples(content: Mapping[str, Any]) -> Iterator[str]:
    """The first example of a body, as long as it is short."""
    found = [one.get("value") for one in content.get("examples", {}).values()]
    found += [content["example"]] if "example" in content else []
    for value in found[:1]:
        text = json.dumps(value, indent=2, ensure_ascii=False)
        if len(text) < 1_500:
            yield f"```json\n{text}\n```\n"


def of_schema(name: str, schema: Mapping[str, Any], table: Table, kind: Kind) -> Iterator[str]:
    yield f"(schema-{name.lower()})=\n\n### {name}\n"
    if words := schema.get("description"):
        yield f"{words}\n"
    needed = set(schema.get("required", ()))
    rows = [
        (f"`{field}`", kind(one), "yes" if field in needed else "", one.get("description", ""))
        for field, one in schema.get("properties", {}).items()
    ]
    yield table(("field", "takes", "needed", "meaning"), rows) if rows else f"{kind(schema)}\n"


def standalone(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    """One schema with all that it refers to, to validate files with."""
    schemas = document["components"]["schemas"]
    text = json.dumps({"$ref": f"#/components/schemas/{name}"})
    found: dict[str, Any] = {}
    while missing := [one for one in schemas if f'/{one}"' in text and one not in found]:
        found |= {one: schemas[one] for one in missing}
        text = json.dumps(found)
    body = json.loads(json.dumps({**found[name], "$defs": found}).replace("#/components/schemas/", "#/$defs/"))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **body}

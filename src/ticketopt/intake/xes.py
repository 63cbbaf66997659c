"""XES, the XML of process logs -> a table: a row per event, its trace's attributes as `case:...`."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError, iterparse

from ticketopt.errors import InvalidInputError
from ticketopt.intake.read import Sheet, sheet_of_rows

__all__ = ["is_xes", "read_xes"]

_HEAD = 4_000
_LOG = re.compile(rb"<(?:\w+:)?log[\s>]")
_KINDS = frozenset(("string", "date", "int", "float", "boolean", "id"))


def is_xes(data: bytes) -> bool:
    """Whether bytes are a log in XES."""
    head = data[:_HEAD].lstrip(b"\xef\xbb\xbf \r\n\t")
    return head.startswith(b"<") and _LOG.search(head) is not None


def read_xes(data: bytes, source: str) -> Sheet:
    """A log's events, in order. A file that is cut off, or that declares entities, is an error."""
    if b"<!DOCTYPE" in data[:_HEAD] or b"<!ENTITY" in data:
        raise InvalidInputError.single(source, "declares a document type or entities", "take these declarations out")
    try:
        rows = list(_events(data))
    except ParseError as error:
        raise InvalidInputError.single(source, f"is no whole XES ({error})", "write the file again") from None
    return sheet_of_rows(rows, source, is_text=True)


def _events(data: bytes) -> Iterator[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    for _, element in iterparse(io.BytesIO(data), events=("end",)):
        name = _name(element)
        if name == "event":
            events.append(_attributes(element))
            element.clear()
        elif name == "trace":
            case = {f"case:{key}": value for key, value in _attributes(element).items()}
            yield from ({**case, **event} for event in events)
            events = []
            element.clear()


def _attributes(element: Element) -> dict[str, Any]:
    return {
        child.attrib["key"]: child.attrib.get("value", "")
        for child in element
        if _name(child) in _KINDS and "key" in child.attrib
    }


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]

"""One value of somebody else's JSON, read as a column of it would be. Each reader is one of `problem.fields`' shape."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, tzinfo
from typing import Any

from ticketopt.intake.column import Column
from ticketopt.intake.dates import read_times
from ticketopt.intake.plain_text import text_of_document, text_of_html
from ticketopt.intake.priorities import read_priorities
from ticketopt.intake.values import read_ids
from ticketopt.problem.fields import identifier, text
from ticketopt.problem.report import Report, kind

__all__ = ["read_id", "read_priority", "read_text", "read_time"]


def read_id(value: Any, path: str, report: Report) -> Any:
    """An id: a text or a whole number."""
    if isinstance(value, Mapping | list):
        report.error(path, f"is {kind(value)}, not an id", "give a text or a whole number")
        return None
    found = read_ids(_column(value, path), report)[0]
    return found if found is None else identifier(found, path, report)


def read_text(value: Any, path: str, report: Report) -> str:
    """Plain text of a text, of HTML, or of a document of nodes."""
    if isinstance(value, Mapping) and value.get("type") == "doc":
        return text_of_document(value)
    return text_of_html(text(value, path, report))


def read_priority(value: Any, path: str, report: Report, *, words: Mapping[str, str]) -> str | None:
    """The priority that a value says, or the first of several labels that says one; `words` are the helpdesk's own."""
    if isinstance(value, list):
        found = (read_priorities(_column(one, path), Report(), words)[0] for one in value if isinstance(one, str))
        return next((level for level in found if level is not None), None)
    return read_priorities(_column(value, path), report, words)[0]


def read_time(value: Any, path: str, report: Report, *, zone: tzinfo = UTC, ends_day: bool = False) -> float | None:
    """Unix seconds; `zone` is that of a time which names none.

    A date without a time is the end of that day, if so asked, and else its beginning.
    """
    ends = frozenset({path}) if ends_day else frozenset[str]()
    return read_times([_column(value, path)], report, zone=zone, date_ends_day=ends)[0][0]


def _column(value: Any, path: str) -> Column:
    return Column(path, [value], lambda _: path, is_text=isinstance(value, str))

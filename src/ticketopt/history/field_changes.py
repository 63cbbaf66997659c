"""A table of changed fields -> a table of what tickets were after each change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ticketopt.history.coded import coded
from ticketopt.history.sources.changes import Change, rows_of_changes
from ticketopt.history.sources.field_changes import FIELD_CHANGES
from ticketopt.history.sources.servicenow_audit import SERVICENOW_AUDIT
from ticketopt.intake.column import heading_key
from ticketopt.intake.read import Sheet, sheet_of_rows

__all__ = ["whole_states"]

_FIELDS = ("status", "agent", "group", "kind", "priority", "title")
"""What of a ticket a history wants to know."""


def whole_states(sheet: Sheet, numbers: Mapping[str, int]) -> Sheet:
    """A row per ticket and moment with all that is known of the ticket then; `numbers` is our field -> its column.

    What a ticket was before its first change is told by the values before. Rows of one ticket and time are one change.
    """
    cells = {name: sheet.column(number).cells for name, number in numbers.items()}
    n = sheet.n_rows
    nothing = [None] * n
    fields = [_field_of(cell) for cell in cells["field"]]
    tickets = coded(cells["ticket"]).codes.tolist()
    moments: dict[int, dict[Any, list[int]]] = {}
    for k, ticket in enumerate(tickets):
        moments.setdefault(ticket, {}).setdefault(cells["time"][k], []).append(k)
    rows: list[dict[str, Any]] = []
    before, actors = cells.get("before", nothing), cells.get("actor", nothing)
    for own in moments.values():
        changes = []
        for time, places in own.items():
            values: dict[str, tuple[Any, Any]] = {}
            for k in places:
                if (name := fields[k]) is not None:
                    values[name] = (values[name][0] if name in values else before[k], cells["after"][k])
            changes.append(Change(time, None, actors[places[-1]], values))
        first = next(iter(own.values()))[0]
        rows += rows_of_changes({"ticket": cells["ticket"][first]}, (changes[0].time, None), {}, changes)
    return _sheet(rows, sheet, numbers)


def _sheet(rows: list[dict[str, Any]], sheet: Sheet, numbers: Mapping[str, int]) -> Sheet:
    """Rows as a table whose columns bear the headings that they had, so that a caller may name them."""
    kept = {"ticket": "ticket", "time": "time", "changed by": "actor"}
    shown = {"agent": "assignee", "kind": "category"} | {
        name: sheet.headings[numbers[field]] for name, field in kept.items() if field in numbers
    }
    gone = {sheet.headings[numbers[name]]: None for name in ("field", "before", "after") if name in numbers}
    named = [{shown.get(name, name): value for name, value in row.items()} | gone for row in rows]
    if not named:
        return sheet
    return sheet_of_rows(named, sheet.source, is_text=True)


def _field_of(cell: Any) -> str | None:
    """Ours of the field that a row names."""
    key = heading_key(str(cell).removeprefix("ticket.").removeprefix("incident."))
    for name in _FIELDS:
        words = (*FIELD_CHANGES.names.get(name, ()), *SERVICENOW_AUDIT.names.get(name, ()))
        if key in {heading_key(word) for word in words} | {heading_key(f"{word} id") for word in words}:
            return name
    return None

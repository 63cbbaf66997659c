"""Several tables of one log: months that were exported one by one, and a table of tickets beside one of changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from ticketopt.errors import InvalidInputError
from ticketopt.history.assumptions import Assumptions
from ticketopt.history.coded import coded
from ticketopt.history.sources.base import Source
from ticketopt.history.table import Table, table_of
from ticketopt.history.tables import Records
from ticketopt.intake.column import heading_key
from ticketopt.intake.read import Sheet
from ticketopt.problem.report import Report

__all__ = ["alike_together", "one_table"]

_OF_ROWS = ("ticket", "time", "order", "status", "substatus", "agent", "agent_more", "actor", "record", "holders")
"""What only the rows of a log of changes say."""


def alike_together(given: Sequence[tuple[str, Sheet | Records]]) -> list[tuple[str, Sheet | Records]]:
    """Tables of the same columns one below the other, as months that were exported one by one."""
    found: dict[object, list[tuple[str, Sheet | Records]]] = {}
    for number, (name, table) in enumerate(given):
        key = frozenset(map(heading_key, table.headings)) if isinstance(table, Sheet) else number
        found.setdefault(key, []).append((name, table))
    return [
        (
            parts[0][0],
            _stacked([table for _, table in parts if isinstance(table, Sheet)]) if len(parts) > 1 else parts[0][1],
        )
        for parts in found.values()
    ]


def one_table(parts: Sequence[tuple[Source, Sheet]], how: Assumptions, report: Report) -> Table:
    """One table of all rows; of tickets in a table of their own, what the log of changes does not say itself."""
    by_kind: dict[str, list[tuple[Source, Sheet]]] = {}
    for source, sheet in parts:
        by_kind.setdefault(source.label, []).append((source, sheet))
    whole = [(own[0][0], _stacked([sheet for _, sheet in own])) for own in by_kind.values()]
    logs = [part for part in whole if part[0].shape in ("updates", "events")]
    others = [part for part in whole if part not in logs]
    if len(logs) > 1 or (not logs and len(others) > 1):
        named = ", ".join(f"{sheet.source} ({source.label})" for source, sheet in logs or others)
        problem = f"are logs of different kinds: {named}"
        raise InvalidInputError.single("source", problem, "read them one by one, or say kind_of_log")
    source, sheet = (logs or others)[0]
    beside = [_about_tickets(sheet, how, report, *part) for part in others] if logs else []
    elsewhere = {heading for part in beside for heading in part.how.columns}
    columns = {heading: name for heading, name in how.columns.items() if heading not in elsewhere}
    table = table_of(sheet, source, replace(how, columns=columns), report)
    for part in beside:
        _put_beside(table, part)
    return table


def _stacked(sheets: Sequence[Sheet]) -> Sheet:
    """Tables of one kind, one below the other; a column that one does not have is empty there."""
    if len(sheets) == 1:
        return sheets[0]
    headings = tuple(dict.fromkeys(chain.from_iterable(sheet.headings for sheet in sheets)))
    cells = []
    for heading in headings:
        columns = (
            sheet.cells[sheet.headings.index(heading)] if heading in sheet.headings else [None] * sheet.n_rows
            for sheet in sheets
        )
        cells.append(list(chain.from_iterable(columns)))
    places = [(sheet, k) for sheet in sheets for k in range(sheet.n_rows)]
    return Sheet(
        " and ".join(dict.fromkeys(sheet.source for sheet in sheets)),
        headings,
        tuple(cells),
        lambda k: places[k][0].place_of(places[k][1]),
        all(sheet.is_text for sheet in sheets),
        tuple(chain.from_iterable(sheet.warnings for sheet in sheets)),
        tuple(chain.from_iterable(sheet.wrong_rows for sheet in sheets)),
    )


def _about_tickets(log: Sheet, how: Assumptions, report: Report, source: Source, sheet: Sheet) -> Table:
    """A table of tickets, with the columns that the caller names and it has."""
    there = {heading_key(heading) for heading in sheet.headings}
    of_log = {heading_key(heading) for heading in log.headings}
    stated = {h: name for h, name in how.columns.items() if heading_key(h) in there and heading_key(h) not in of_log}
    return table_of(sheet, source, replace(how, columns=stated), report)


def _put_beside(log: Table, tickets: Table) -> None:
    """Every column of the table of tickets that says something new, beside each change of its ticket."""
    if "ticket" not in log or "ticket" not in tickets:
        return
    of_log, of_tickets = log.names("ticket"), tickets.names("ticket")
    both = coded([*of_log.names, *of_tickets.names])
    where = both.codes[: len(of_log.names)].tolist()
    keys = both.codes[len(of_log.names) :].tolist()
    rows = {keys[code]: row for row, code in enumerate(of_tickets.codes.tolist()) if code >= 0}
    row_of = [rows.get(where[code]) if code >= 0 else None for code in of_log.codes.tolist()]
    taken = {heading_key(heading) for heading in log.sheet.headings}
    by_number = {number: name for name, number in tickets.numbers.items()}
    headings, cells, numbers = list(log.sheet.headings), list(log.sheet.cells), dict(log.numbers)
    for number, heading in enumerate(tickets.sheet.headings):
        name = by_number.get(number)
        if name in _OF_ROWS or name in log.numbers or heading_key(heading) in taken:
            continue
        column: list[Any] = list(tickets.sheet.column(number).cells)
        cells.append([None if row is None else column[row] for row in row_of])
        headings.append(heading)
        log.mapped[heading.strip()] = name or ""
        if name is not None:
            numbers[name] = len(headings) - 1
    log.sheet = replace(log.sheet, headings=tuple(headings), cells=tuple(cells))
    log.numbers = numbers
    units = {**tickets.source.hours_per_unit, **log.source.hours_per_unit}
    future = (*log.source.future, *tickets.source.future)
    log.source = replace(log.source, hours_per_unit=units, future=future)
    only = len(set(rows) - set(where))
    if only:
        log.note("two tables", "Tickets of the table of tickets have no row in the log of changes.", only)
    log.note("two tables", "What only the table of tickets says is as of the day on which it was written.")

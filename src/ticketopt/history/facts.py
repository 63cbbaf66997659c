"""What is known of each ticket: from its first row, never from a later one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from ticketopt._types import Float, Int
from ticketopt.history.coded import Coded, coded, firsts
from ticketopt.history.table import Table
from ticketopt.intake.column import heading_key
from ticketopt.problem.names import spelled

__all__ = ["Facts", "facts_of"]

_MOST_VALUES = 2_000
_FEWEST_SHARE = 0.5
"""A further column has at most so many values, and at most so many of them per ticket that names one."""

_FILLED = 0.5
"""A column that is filled in fewer first rows than this is filled later on purpose."""

_AT_THE_END = re.compile(
    r"resol|clos|solv|repl(?:y|ies)|respon|satisf|survey|feedback|score|votes|\bslas?\b|breach|violat|stations|"
    r"duration|minutes|hours|\btime\b|count\b|worked|updated|modified|last |\bage\b|lösung|dauer|antwort|zuletzt"
)
"""Headings of what is known only at the end, or grows until then."""


class Facts(NamedTuple):
    """Per ticket, in the order of the tickets."""

    kind: Coded
    priority: Coded
    requester: Coded
    estimate: Float
    hours: Float
    due: Float
    texts: tuple[str, ...]
    columns: Mapping[str, tuple[Int, tuple[str, ...]]]


def facts_of(table: Table, source: Int, ticket: Int) -> Facts:
    """What the first rows of tickets say.

    Parameters
    ----------
    source : places of rows in the table, sorted by ticket, in the order in which they came about. ticket : theirs.
    """
    rows = source[firsts(ticket)]
    return Facts(
        _names(table, "kind", source, ticket),
        _names(table, "priority", source, ticket),
        _names(table, "requester", source, ticket),
        table.hours("estimate")[rows],
        table.hours("total_hours" if "total_hours" in table else "hours")[rows],
        table.time("due")[rows],
        _text_of(table, rows),
        _further_columns(table, rows),
    )


def _names(table: Table, name: str, source: Int, ticket: Int) -> Coded:
    """A column of names per ticket: what its first row says, or the first that does where few first rows do."""
    column = table.names(name).take(source)
    first = firsts(ticket)
    codes = column.codes[first]
    filled = np.flatnonzero(column.codes >= 0)
    if len(filled) and (codes >= 0).mean() < _FILLED:
        codes = np.full(len(first), -1)
        codes[ticket[filled[::-1]]] = column.codes[filled[::-1]]
        late = int((codes >= 0).sum() - (column.codes[first] >= 0).sum())
        if late:
            heading = table.sheet.headings[table.numbers[name]].strip()
            table.note("late", f"{heading} is empty in most first rows: the first row that has it counts.", late)
    return Coded(codes, column.names).compact()


def _text_of(table: Table, rows: Int) -> tuple[str, ...]:
    """Title and description in one."""
    if not table.how.texts or not ("title" in table or "description" in table):
        return ("",) * len(rows)
    titles, descriptions = table.cells("title"), table.cells("description")
    pairs = ((titles[k], descriptions[k]) for k in rows.tolist())
    return tuple("\n".join(str(part).strip() for part in pair if part is not None) for pair in pairs)


def _further_columns(table: Table, rows: Int) -> dict[str, tuple[Int, tuple[str, ...]]]:
    """Columns that became no field of ours, by their headings: few values that many tickets share.

    What is known only at the end is left out, and so are addresses of people.
    """
    future = {heading_key(heading) for heading in table.source.future}
    found: dict[str, tuple[Int, tuple[str, ...]]] = {}
    used = set(table.numbers.values())
    for number, heading in enumerate(table.sheet.headings):
        if number in used or not heading or heading_key(heading) in future or _AT_THE_END.search(spelled(heading)):
            continue
        cells = table.sheet.column(number).cells
        values = [cells[k] for k in rows.tolist()]
        given = [value for value in values if isinstance(value, (str, int, bool))]
        distinct = len(set(given))
        if any(isinstance(value, str) and "@" in value for value in set(given)):
            continue
        if 1 < distinct <= min(_MOST_VALUES, _FEWEST_SHARE * len(given)):
            column = coded(value if isinstance(value, (str, int, bool)) else None for value in values)
            found[heading.strip()] = column
            table.mapped[heading.strip()] = "columns"
    return found

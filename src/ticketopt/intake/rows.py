"""Which rows of a file are its headings, which are records, and which say nothing of a record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import islice
from typing import Any

from ticketopt.intake.column import heading_key, is_placeholder
from ticketopt.intake.helpdesks import HELPDESKS
from ticketopt.problem.records import AGENT_FIELDS, TICKET_FIELDS

__all__ = ["TOTAL", "cell_text", "has_content", "heading_row", "n_known", "record_rows"]

_LINES_ABOVE = 15
"""So many rows may stand above the headings: a title, who made the report and when."""

TOTAL = (
    r"(?:grand |sub ?)?"
    r"(?:totals?|sum|summe|gesamt(?:summe)?|somme|suma|totale?s?|totaal|total general|razem|count|anzahl)"
    r"\s*[:=]?\s*[\d.,]*"
)
"""The pattern of what the first cell of a total says, in any case."""

_TOTAL = re.compile(TOTAL, re.IGNORECASE)

_TOTAL_BEGINS = frozenset("GSTRCAgstrca")


@cache
def _known_headings() -> frozenset[str]:
    tables = [names for helpdesk in HELPDESKS.values() for names in (helpdesk.tickets, helpdesk.agents)]
    words = [name for names in tables for words in names.values() for name in words]
    keys = map(heading_key, (*words, *TICKET_FIELDS, *AGENT_FIELDS))
    return frozenset(key for key in keys if not key.isdigit())  # numbers head the columns of programs, not of people


def n_known(row: Iterable[Any]) -> int:
    """How many cells of a row are headings known here."""
    known = _known_headings()
    return sum(isinstance(cell, str) and heading_key(cell) in known for cell in row)


def cell_text(cell: Any) -> str:
    """A heading's text."""
    return "" if cell is None else str(cell).strip().lstrip("\ufeff")


def has_content(row: Iterable[Any]) -> bool:
    """Whether any cell says anything."""
    return any(cell is not None and cell != "" and not is_placeholder(cell) for cell in row)


def heading_row(rows: Sequence[Sequence[Any]]) -> int:
    """The number of the row with the headings: the first with content, unless one below it is it more plainly."""
    filled = islice((k for k, row in enumerate(rows) if has_content(row)), _LINES_ABOVE)
    known = {k: n_known(rows[k]) for k in filled}
    if not known:
        return len(rows)
    first = next(iter(known))
    best = max(known, key=lambda k: known[k])
    return best if known[best] > known[first] + 1 else first


def record_rows(rows: Sequence[Sequence[Any]], start: int) -> tuple[list[int], list[int]]:
    """The numbers of the rows below the headings that are records, and of those that only look like one.

    Rows without content are neither. A row that repeats the headings is no record, nor is a total, nor a remark: a
    single cell, under a column whose other cells are ids with digits, without a digit or with blanks that they lack.
    """
    below = [k for k in range(start + 1, len(rows)) if has_content(rows[k])]
    headings = rows[start] if start < len(rows) else []
    named = [c for c, heading in enumerate(headings) if cell_text(heading)]
    if len(named) < 2:
        return below, []
    first = named[0]
    others = {k for k in below if rows[k] == headings or _is_total(rows[k], first)}
    others |= _remarks([(k, rows[k]) for k in below if k not in others], first)
    return [k for k in below if k not in others], sorted(others)


def _is_total(row: Sequence[Any], first: int) -> bool:
    cell = row[first] if len(row) > first else None
    return isinstance(cell, str) and cell[:1] in _TOTAL_BEGINS and _TOTAL.fullmatch(cell.strip()) is not None


def _remarks(rows: Sequence[tuple[int, Sequence[Any]]], first: int) -> set[int]:
    alone = {k: str(row[first]).strip() for k, row in rows if len(row) > first and _is_alone(row, first)}
    if not alone:
        return set()
    ids = [str(row[first]).strip() for k, row in rows if k not in alone and not is_placeholder(row[first])]
    if not ids or not all(map(_has_digit, ids)):
        return set()
    has_blanks = any(" " in text for text in ids)
    return {k for k, text in alone.items() if not _has_digit(text) or (" " in text and not has_blanks)}


def _is_alone(row: Sequence[Any], first: int) -> bool:
    for c in range(first + 1, len(row)):
        if row[c] and not is_placeholder(row[c]):
            return False
    return has_content(row[first : first + 1]) and not has_content(row[:first])


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))

"""Exports in which a ticket stands several times, or stands though it is deleted or spam."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from ticketopt.intake.column import heading_key, is_placeholder
from ticketopt.intake.helpdesks.base import Helpdesk
from ticketopt.intake.read import Sheet
from ticketopt.problem.names import spelled
from ticketopt.problem.report import is_number

__all__ = ["OLDER", "latest_rows"]

OLDER = "older version"
"""What is counted where the same ticket stands there again."""

_FLAGS = {
    **dict.fromkeys(("spam", "isspam", "markedasspam"), "spam"),
    **dict.fromkeys(("deleted", "isdeleted"), "deleted"),
}
"""Headings under which yes means that a row is no ticket any more -> how it is counted."""

_YES = frozenset(("true", "1", "yes"))


def latest_rows(sheet: Sheet, helpdesk: Helpdesk) -> tuple[Sheet, Counter[str]]:
    """The newest row of every ticket, without spam and what is deleted; and how many rows left for which reason."""
    columns = {heading_key(heading): number for number, heading in reversed(list(enumerate(sheet.headings)))}
    gone = _flagged(sheet, columns)
    gone.update(dict.fromkeys(_older(sheet, helpdesk, columns), OLDER))
    if not gone:
        return sheet, Counter()
    kept = [k for k in range(sheet.n_rows) if k not in gone]
    cells = tuple([column[k] for k in kept] for column in sheet.cells)
    place_of = sheet.place_of
    return replace(sheet, cells=cells, place_of=lambda k: place_of(kept[k])), Counter(gone.values())


def _flagged(sheet: Sheet, columns: dict[str, int]) -> dict[int, str]:
    return {
        k: reason
        for key, reason in _FLAGS.items()
        if key in columns
        for k, cell in enumerate(sheet.cells[columns[key]])
        if not is_placeholder(cell) and spelled(str(cell)) in _YES
    }


def _older(sheet: Sheet, helpdesk: Helpdesk, columns: dict[str, int]) -> list[int]:
    """Rows of tickets that stand there again with a later time; of equally late ones the last row counts."""
    keys = [heading_key(heading) for heading in helpdesk.tickets["ticket_id"]]
    ids = next((sheet.cells[columns[key]] for key in keys if key in columns), ())
    times = [sheet.cells[columns[key]] for key in map(heading_key, helpdesk.changed) if key in columns]
    newest: dict[str, tuple[list[float], int]] = {}
    older = []
    if not times or len(set(map(str, ids))) == len(ids):
        return []
    for k, ticket_id in enumerate(ids):
        if is_placeholder(ticket_id):
            continue
        this = ([_time_of(column[k]) for column in times], k)
        best = newest.setdefault(str(ticket_id), this)
        if this > best:
            newest[str(ticket_id)] = this
        if this != best:
            older.append(min(this, best)[1])
    return older


def _time_of(cell: Any) -> float:
    """A time for comparison; 0 where there is none."""
    if is_number(cell):
        return float(cell)
    try:
        moment = datetime.fromisoformat(str(cell).strip())
    except ValueError:
        return 0.0
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()

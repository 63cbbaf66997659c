"""One column of somebody else's table: its heading, its cells, and how messages name them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ticketopt.problem.names import spelled

__all__ = ["Column", "heading_key", "is_placeholder"]

_PLACEHOLDERS = frozenset(
    ("null", "none", "nil", "nan", "nat", "na", "n/a", "n.a.", "#n/a", "<na>", "?", "??", "-", "--", "---")
) | {"\u2013", "\u2014", "(blank)", "(empty)", "(none)", "(null)", "<none>", "<null>", "[none]", "undefined"}


def is_placeholder(cell: Any) -> bool:
    """Whether a cell says that nothing is given: it is empty, NULL, N/A, `?`, `-` or the like."""
    if isinstance(cell, str):
        return not cell.strip() or (len(cell) < 40 and cell.strip().casefold() in _PLACEHOLDERS)
    return cell is None or type(cell).__name__ in ("NaTType", "NAType") or (isinstance(cell, float) and cell != cell)


def heading_key(heading: str) -> str:
    """A heading as headings are compared: `Ticket ID`, `ticket_id` and `TicketId` are the same."""
    plain = spelled(heading.strip("\ufeff \"'"))
    return "".join(c for c in plain if c.isalnum()) or plain


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes
    ----------
    heading : as it is written. cells : one per row; None where a placeholder stands or nothing.
    place : the row's number -> how messages name the cell, such as `tickets.csv row 7.Due date`.
    is_text : whether cells are what a table's text spells (CSV), so that `3` may stand for a number.
    """

    heading: str
    cells: Sequence[Any]
    place: Callable[[int], str]
    is_text: bool = True

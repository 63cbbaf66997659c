"""Small HTML: tables for notebooks and the report. Everything is escaped; colors are inherited, so dark pages work."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

__all__ = ["cell", "paragraph", "table"]

MOST_ROWS = 50
"""A notebook's table shows this many rows and says how many more there are."""


def cell(value: object) -> str:
    """A value as people read it: numbers short, None and infinity as a dash."""
    if value is None or value == float("inf"):
        return "-"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:.4g}"
    return str(value)


def table(
    head: Sequence[str], rows: Iterable[Sequence[object]], *, caption: str = "", limit: int | None = MOST_ROWS
) -> str:
    """A table; numbers are right-aligned, text is left-aligned; `limit` rows are shown, all with None."""
    rows = list(rows)
    shown = rows if limit is None else rows[:limit]
    title = f"<caption style='text-align:left'><b>{escape(caption)}</b></caption>" if caption else ""
    sides = [_side([row[k] for row in shown]) for k in range(len(head))]
    names = "".join(
        f"<th scope='col' style='text-align:{side}'>{escape(name)}</th>" for name, side in zip(head, sides, strict=True)
    )
    body = "".join(
        "<tr>" + "".join(_cell(value, side) for value, side in zip(row, sides, strict=True)) + "</tr>" for row in shown
    )
    more = f"<p>... and {len(rows) - len(shown):,} more</p>" if len(rows) > len(shown) else ""
    return f"<table>{title}<thead><tr>{names}</tr></thead><tbody>{body}</tbody></table>{more}"


def paragraph(text: str) -> str:
    """A paragraph."""
    return f"<p>{escape(text)}</p>"


def _side(values: Sequence[object]) -> str:
    """Numbers to the right, text to the left."""
    known = [value for value in values if value is not None]
    is_number = bool(known) and all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in known)
    return "right" if is_number else "left"


def _cell(value: object, side: str) -> str:
    return f"<td style='text-align:{side}'>{escape(cell(value))}</td>"

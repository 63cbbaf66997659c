"""Reading a column cell by cell: equal cells are read once, equal mistakes are named a few times and then counted."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from ticketopt.intake.column import Column, are_texts
from ticketopt.problem.report import Report, is_number, kind, shown

__all__ = ["NAMED", "Mistake", "named", "plain_text", "plain_value", "read_each", "without_mistakes"]

_T = TypeVar("_T")

NAMED = 3
"""Of mistakes with one repair, so many cells of a column are named; the others are counted."""

_INVISIBLE = "\ufeff\u200b\u200c\u200d\u200e\u200f\u2060"


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a cell. Mistakes with the same `repair` are of one sort."""

    problem: str
    repair: str


def plain_text(text: str) -> str:
    """A text in Unicode's plain form (NFKC), without blanks and invisible characters around it."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).strip().strip(_INVISIBLE)
    return text.strip()


def plain_value(cell: Any) -> Any:
    """A cell as Python's own text, number or boolean, where it is one of any library; else as it is."""
    if isinstance(cell, str):
        return plain_text(cell)
    if type(cell) in (int, float) or not (is_number(cell) or isinstance(cell, Decimal)):
        return bool(cell) if type(cell).__module__ == "numpy" and type(cell).__name__.startswith("bool") else cell
    try:
        whole = int(cell)
        return whole if whole == cell and not isinstance(cell, float) else float(cell)
    except (ArithmeticError, ValueError):
        return float("nan")


def named(cell: Any) -> str:
    """A cell for a message: a text or a number as it is, of anything else what it is."""
    return shown(cell) if isinstance(cell, str) or is_number(cell) else kind(cell)


def read_each(column: Column, read: Callable[[Any], _T]) -> list[_T | None]:
    """What `read` makes of every cell, None where nothing is given. It sees every distinct text or number once."""
    cells = column.cells
    if are_texts(cells):
        texts: dict[str | None, _T | None] = {cell: read(cell) for cell in dict.fromkeys(cells) if cell is not None}
        texts[None] = None
        return list(map(texts.__getitem__, cells))
    known: dict[Any, _T] = {}
    values: list[_T | None] = []
    for cell in cells:
        kind_of = type(cell)
        if cell is None:
            values.append(None)
        elif kind_of is str or kind_of is int or kind_of is float:
            key = cell if kind_of is str else (kind_of, cell)
            if key not in known:
                known[key] = read(cell)
            values.append(known[key])
        else:
            values.append(read(cell))
    return values


def without_mistakes(column: Column, values: Iterable[_T | Mistake | None], report: Report) -> list[_T | None]:
    """The values, None for a mistake; and an error for each, but of equal ones only the first few."""
    values = list(values)
    if Mistake not in set(map(type, values)):
        return values  # type: ignore[return-value]
    sorts: dict[str, list[int]] = {}
    kept: list[_T | None] = []
    for k, value in enumerate(values):
        if not isinstance(value, Mistake):
            kept.append(value)
            continue
        kept.append(None)
        places = sorts.setdefault(value.repair, [])
        places.append(k)
        if len(places) <= NAMED or report.names_all:
            report.error(column.place(k), value.problem, value.repair)
    for repair, places in sorts.items():
        if len(places) > NAMED and not report.names_all:
            report.error(column.place(places[NAMED]), f"and {len(places) - NAMED} more in this column", repair)
    return kept

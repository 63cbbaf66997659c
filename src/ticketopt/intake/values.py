"""Columns of ids and of numbers. How a column writes its numbers is what all of its cells say together."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from functools import partial
from types import NoneType
from typing import Any, NamedTuple
from uuid import UUID

from ticketopt.intake.cells import Mistake, named, plain_value, read_each, without_mistakes
from ticketopt.intake.column import Column
from ticketopt.problem.report import Report, is_number

__all__ = ["read_ids", "read_numbers"]

_SPACES = " \u00a0\u2007\u2009\u202f"

_WHOLE = re.compile(r"\d+(?:\.0+)?")

_GROUPED = re.compile(rf"\d+|\d{{1,3}}(?:[{_SPACES}]\d{{3}})+")

_ROUNDED = re.compile(r"[+-]?\d(?:[.,]\d+)?e\+\d+", re.IGNORECASE)

_AS_TEXT = re.compile(r'="([^"]+)"|\'(\d+)')  # digits that a spreadsheet is to keep as a text

_UNSURE = ("+", " ", ".0|", "'", '"', "||")
"""What ids with bars between them have where one is empty, or a spreadsheet may have touched one."""

_EXPORT_AGAIN = "a spreadsheet rounded it: export the column again, formatted as text"

_MAX_EXACT = 2**53  # among greater floats not every whole number is there


def read_ids(column: Column, report: Report) -> Sequence[str | int | None]:
    """Ids as they are written, in Unicode's plain form and without blanks around them.

    Where a spreadsheet took all ids of the column for numbers, its doings are undone: `8.0` is `8`, and `5 732 943`
    is `5732943`.
    """
    kinds = set(map(type, column.cells))
    if kinds == {int} or (kinds <= {str, NoneType} and _are_plain(column.cells)):
        return column.cells
    texts = {cell.strip() for cell in column.cells if isinstance(cell, str)}
    repair: Callable[[str], str] = str
    if any(text.endswith(".0") for text in texts) and all(map(_WHOLE.fullmatch, texts)):
        repair = _without_fraction
    elif not all(text.isdecimal() for text in texts) and all(map(_GROUPED.fullmatch, texts)):
        repair = _without_spaces
    ids: list[Any] = read_each(column, partial(_id, repair=repair))
    return without_mistakes(column, ids, report)


def _are_plain(cells: Sequence[str | None]) -> bool:
    """Whether all texts are surely ids as they stand: ASCII without blanks, and without what a rounded number has."""
    joined = "|".join(("", *(cell for cell in cells if cell is not None), ""))
    return joined.isascii() and joined.isprintable() and not any(map(joined.__contains__, _UNSURE))


def _without_fraction(text: str) -> str:
    return text.partition(".")[0]


def _without_spaces(text: str) -> str:
    return text.translate(dict.fromkeys(map(ord, _SPACES)))


def _id(cell: Any, repair: Callable[[str], str]) -> str | int | Mistake:
    value = plain_value(cell)
    if isinstance(value, str):
        as_text = _AS_TEXT.fullmatch(value)
        value = (as_text[1] or as_text[2]).strip() if as_text else value
        if _ROUNDED.fullmatch(value):
            return Mistake(f"{named(cell)} is no longer the id that was there", _EXPORT_AGAIN)
        return repair(value) or Mistake("is blank", "give every record an id")
    if isinstance(value, UUID):
        return str(value)
    if not is_number(value):
        return Mistake(f"is {named(cell)}, not an id", "give a text or a whole number")
    if isinstance(value, int):
        return value
    if not math.isfinite(value) or value != int(value):
        return Mistake(f"{named(cell)} is not a whole number", "give a text or a whole number")
    if abs(value) > _MAX_EXACT:
        return Mistake(f"{named(cell)} is too large to be exact as a float", "read the column as text")
    return int(value)


class _Figure(NamedTuple):
    """A number as it is where a point begins its fraction, and where a comma does; None where it cannot be read."""

    point: float | None
    comma: float | None


_NO_FIGURE = _Figure(None, None)

_WITH_POINT = re.compile(r"[+-]?(?:(?:\d+|[1-9]\d{0,2}(?:([ ,'\u2019])\d{3})(?:\1\d{3})*)(?:\.\d+)?|\.\d+)")

_SWAPPED = str.maketrans(",.", ".,")

_SCIENTIFIC = re.compile(r"[+-]?\d+(?:\.\d+)?e[+-]?\d+", re.IGNORECASE)

_NOT_A_NUMBER = "write a number without a unit, such as 2.5"


def read_numbers(
    column: Column, report: Report, *, whole: bool = False, low: float = 0, high: float = math.inf
) -> list[float | None]:
    """Numbers of a range, whole ones only where so asked.

    `1,5` in one cell says how `1.234` in another is meant. A point alone begins a fraction; a comma before three
    digits is an error where no other cell says what it is.
    """
    if _are_numbers(column.cells, int if whole else float, low, high):
        return list(column.cells)
    figures = read_each(column, _figure)
    given = [figure for figure in figures if isinstance(figure, _Figure)]
    with_point = all(figure.point is not None for figure in given)
    with_comma = all(figure.comma is not None for figure in given)
    has_comma = any(
        isinstance(figure, _Figure) and isinstance(cell, str) and "," in cell and figure.point != figure.comma
        for figure, cell in zip(figures, column.cells, strict=True)
    )
    is_clear = with_point != with_comma or not has_comma
    bounded = partial(_bounded, whole=whole, low=low, high=high)
    known: dict[tuple[_Figure, str], float | Mistake] = {}
    values: list[float | Mistake | None] = []
    for cell, figure in zip(column.cells, figures, strict=True):
        if not isinstance(figure, _Figure):
            values.append(figure)
            continue
        key = figure, str(cell) if isinstance(cell, str) else ""
        if key not in known:
            value = _chosen(figure, cell, with_point=with_point, is_clear=is_clear)
            known[key] = value if isinstance(value, Mistake) else bounded(value, cell)
        values.append(known[key])
    return without_mistakes(column, values, report)


def _are_numbers(cells: Sequence[Any], kind: type, low: float, high: float) -> bool:
    """Whether every cell is a finite number of this kind and range, or None."""
    given = [cell for cell in cells if cell is not None]
    if set(map(type, given)) != {kind} or (kind is float and not all(map(math.isfinite, given))):
        return False
    return bool(low <= min(given) and max(given) <= high)


def _figure(cell: Any) -> _Figure | Mistake:
    value = plain_value(cell)
    if isinstance(value, str):
        text = value.replace("\u2212", "-")
        if _SCIENTIFIC.fullmatch(text):
            return _same(float(text), cell)
        figure = _Figure(_with_point(text), _with_point(text.translate(_SWAPPED)))
        return Mistake(f"{named(cell)} is not a number", _NOT_A_NUMBER) if figure == _NO_FIGURE else figure
    if not is_number(value):
        return Mistake(f"is {named(cell)}, not a number", _NOT_A_NUMBER)
    return _same(value, cell)


def _same(value: float, cell: Any) -> _Figure | Mistake:
    try:
        figure = float(value)
    except OverflowError:
        figure = math.inf
    return _Figure(figure, figure) if math.isfinite(figure) else Mistake(f"{named(cell)} is not finite", _NOT_A_NUMBER)


def _with_point(text: str) -> float | None:
    if not _WITH_POINT.fullmatch(text):
        return None
    value = float(re.sub(r"[ ,'\u2019]", "", text))
    return value if math.isfinite(value) else None


def _chosen(figure: _Figure, cell: Any, *, with_point: bool, is_clear: bool) -> float | Mistake:
    point, comma = figure
    if point is None or comma is None:
        return comma if point is None else point  # type: ignore[return-value]  # one of them is a number
    if point == comma or is_clear:
        return point if with_point else comma
    repair = "write 1234 or 1.234: no other cell of the column says what its commas and points are"
    return Mistake(f"{named(cell)} could be {point:.12g} or {comma:.12g}", repair)


def _bounded(value: float, cell: Any, *, whole: bool, low: float, high: float) -> float | Mistake:
    if not low <= value <= high:
        limits = f"from {low:g} to {high:g}" if high < math.inf else f"of at least {low:g}"
        return Mistake(f"{named(cell)} is out of range", f"give a number {limits}")
    if whole and value != int(value):
        return Mistake(f"{named(cell)} is not a whole number", "give a whole number")
    return int(value) if whole else value

"""Cells that hold a text, a map, a list or a JSON value, by the kind of their field."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from ticketopt.errors import InvalidInputError
from ticketopt.intake.cells import plain_value
from ticketopt.intake.column import Column, are_texts, is_placeholder
from ticketopt.intake.strict_json import parse_json
from ticketopt.problem.fields import Cell
from ticketopt.problem.report import Report

__all__ = ["map_or_list", "names_in"]

_BETWEEN, _BETWEEN_ANY = re.compile(r"[;|\r\n]"), re.compile(r"[;|,\r\n]")


def map_or_list(column: Column, cell: Cell, report: Report) -> Sequence[Any]:
    """Every cell of a column of this kind: `a:1;b:2` maps and `a;b` lists taken apart, texts as they stand.

    Plain values, which are not from a table of text, are what they are.
    """
    if not column.is_text and Decimal in set(map(type, column.cells)):
        return [plain_value(value) if isinstance(value, Decimal) else value for value in column.cells]
    if not column.is_text or (cell == "text" and are_texts(column.cells)):
        return column.cells
    has_other = any(isinstance(value, str) and _BETWEEN.search(value.strip()) for value in column.cells)
    between = _BETWEEN if has_other or cell != "list" else _BETWEEN_ANY
    return [None if raw is None else _read(raw, cell, column, k, between, report) for k, raw in enumerate(column.cells)]


def _read(value: Any, cell: Cell, column: Column, k: int, between: re.Pattern[str], report: Report) -> Any:
    if hasattr(value, "tolist") and not isinstance(value, str):
        value = value.tolist()
    if isinstance(value, Mapping):  # frames store maps as structs, in which every row has every name
        return {name: inner for name, inner in value.items() if not is_placeholder(inner)}
    if not isinstance(value, str):
        return _text_of(value) if cell == "text" else value
    text = value.strip()
    if cell == "text" or not text:
        return value
    if text[:1] not in "[{" and cell == "list":
        return [part.strip() for part in between.split(text) if part.strip()]
    if text[:1] not in "[{" and cell == "map":
        pairs = [part.rpartition(":") for part in text.split(";") if part.strip()]
        cells = {name.strip(): _value(level.strip()) for name, _, level in pairs}
        if len(cells) < len(pairs):
            report.error(column.place(k), "has a name twice", "keep one of them")
        return cells
    return _value(text)


def names_in(cell: Any, *, with_comma: bool) -> tuple[str, ...]:
    """The names in a cell of one or more: `Billing; Escalations`, `["Billing", "Escalations"]`, a list of ids."""
    value = cell.tolist() if hasattr(cell, "tolist") else cell
    if isinstance(value, str) and value.strip()[:1] == "[":
        value = _value(value.strip())
    if isinstance(value, str):
        parts = (_BETWEEN_ANY if with_comma else _BETWEEN).split(value)
    else:
        items = value if isinstance(value, list | tuple | Mapping) else [value]
        parts = [_text_of(item) for item in items if not is_placeholder(item)]
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _text_of(value: object) -> str:
    """A value as a text; numbers of a frame's column with gaps are floats, and `360.0` is the id 360."""
    is_whole = isinstance(value, float) and value.is_integer() and abs(value) < 2**53
    return f"{value:.0f}" if is_whole else str(value)


def _value(text: str) -> Any:
    """The JSON value that a cell spells, else its text."""
    try:
        return parse_json(text)
    except InvalidInputError:
        return text

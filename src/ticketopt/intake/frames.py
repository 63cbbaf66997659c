"""Tables in Python, lists and data frames alike, to rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

import numpy as np

from ticketopt.errors import InvalidInputError
from ticketopt.intake.column import heading_key, without_placeholders
from ticketopt.intake.read import Sheet, sheet_of_rows
from ticketopt.problem import fields as f
from ticketopt.problem.records import Agent, Ticket

_SCALARS = (np.bool_, np.integer, np.floating)

__all__ = ["Agents", "Frame", "Tickets", "Time", "listed", "rows_of_table", "sheet_of_frame", "table_of_rows"]


class Frame(Protocol):
    """A data frame, eager or lazy, of any library that narwhals knows: pandas, polars, PyArrow, DuckDB ..."""

    @property
    def columns(self) -> Any: ...


Tickets = Iterable[Ticket | Mapping[str, Any]] | Frame
Agents = Iterable[Agent | Mapping[str, Any]] | Frame
"""What tickets, and agents, are given as: records, mappings of their fields, or a data frame of those."""

Time = float | str | datetime
"""A moment: Unix seconds, ISO 8601, or a datetime (naive ones are UTC)."""


def table_of_rows(table: object, where: str) -> Sheet | list[Any]:
    """A table in Python: a sheet of its rows, or the rows as they are where one is no mapping."""
    sheet = None if isinstance(table, Sequence) else sheet_of_frame(table, where)
    if sheet is not None:
        return _without_empty_rows(sheet)
    rows = rows_of_table(table, where)
    are_maps = rows and all(issubclass(kind, Mapping) for kind in set(map(type, rows)))
    return sheet_of_rows(rows, where) if are_maps else rows


def _without_empty_rows(sheet: Sheet) -> Sheet:
    """The rows with content; no columns where there are no rows."""
    empty: Sequence[int] = range(sheet.n_rows)
    for cells in map(without_placeholders, sheet.cells):
        empty = [k for k in empty if cells[k] is None]
        if not empty:
            break
    left_out, where = set(empty), sheet.source
    numbers = [k for k in range(sheet.n_rows) if k not in left_out]
    if not numbers:
        return Sheet(where, (), (), sheet.place_of)
    cells = tuple([cells[k] for k in numbers] for cells in sheet.cells) if left_out else sheet.cells
    return replace(sheet, cells=cells, place_of=lambda k: f"{where}[{numbers[k]}]")


def _is_frame(table: object) -> bool:
    return hasattr(type(table), "columns")  # asking a lazy frame itself would make polars warn


def listed(table: object) -> list[Any] | None:
    """The rows of a table as the caller wrote them, also of a generator; None of a frame, and of what is no table."""
    is_list = isinstance(table, Iterable) and not isinstance(table, (str, bytes, Mapping)) and not _is_frame(table)
    return list(table) if isinstance(table, Iterable) and is_list else None


def rows_of_table(table: object, where: str) -> list[Any]:
    if isinstance(table, Sequence) and not isinstance(table, (str, bytes)):
        return list(table)
    if _is_frame(table):
        return _frame_rows(table, where)
    if isinstance(table, Iterable) and not isinstance(table, (str, bytes, Mapping)):
        return list(table)
    raise InvalidInputError.single(where, f"is {f.kind(table)}", "give a list of records or a data frame")


def sheet_of_frame(table: object, where: str) -> Sheet | None:
    """A data frame as a table, by columns; None of what is none."""
    if not _is_frame(table):
        return None
    columns = _frame(table, where).to_dict()
    headings = tuple(map(str, columns))
    return Sheet(where, headings, tuple(map(_cells_of, columns.values())), lambda k: f"{where}[{k}]")


def _cells_of(column: Any) -> Sequence[Any]:
    """The cells of a frame's column, NumPy's scalars as Python's own."""
    cells: list[Any] = column.to_list()
    if all(kind.__module__ == "builtins" for kind in set(map(type, cells))):
        return cells
    cells = column.to_frame().to_dict(as_series=False)[column.name]  # slowly, but without what is the library's own
    return [cell.item() if isinstance(cell, _SCALARS) else cell for cell in cells]


def _frame_rows(table: Any, where: str) -> list[dict[str, Any]]:
    return list(_frame(table, where).rows(named=True))


def _frame(table: Any, where: str) -> Any:
    """An eager frame of whatever library."""
    try:
        import narwhals as nw
    except ImportError:
        raise InvalidInputError.single(where, "is a data frame", 'install the extra "ticketopt[frames]"') from None
    try:
        frame = nw.from_native(table)
    except nw.exceptions.NarwhalsError as error:
        raise InvalidInputError.single(where, f"cannot be read: {' '.join(str(error).split())}", "repair it") from None
    except TypeError:
        raise InvalidInputError.single(where, f"is {f.kind(table)}", "give a list or a data frame") from None
    frame = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    index = getattr(nw.maybe_get_index(frame), "name", None)
    if index is not None and heading_key(str(index)) in ("ticketid", "agentid", "id"):
        raise InvalidInputError.single(
            where, f"have {f.shown(index)} as their index", "make it a column: reset_index()"
        )
    return frame

"""Rows of cells to columns, a block at a time: no list of all rows is kept, equal texts of a column are one object."""

from __future__ import annotations

import csv
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from operator import length_hint
from typing import Any

__all__ = ["columns_of_rows", "has_content", "rows_of_lines"]

_BLOCK = 400
"""Rows per block: few enough for a processor's cache to hold them."""

_FEW = 5_000
"""Of a column with more distinct texts than this, equal ones are no longer looked for."""


def has_content(row: Iterable[Any]) -> bool:
    """Whether a row has a cell that is not blank."""
    return any(cell is not None and cell != "" and not (isinstance(cell, str) and cell.isspace()) for cell in row)


def rows_of_lines(lines: Iterator[str], separator: str) -> Iterator[list[str]]:
    """What a strict `csv.reader` makes of lines, and its errors; but a blank line is one blank cell.

    A block of lines in which nothing is quoted is split, which takes a third of the time.
    """
    csv.reader((), delimiter=separator)  # refuses what cannot separate
    while block := list(islice(lines, _BLOCK)):
        if '"' not in "".join(block):
            yield from [line.rstrip("\r\n").split(separator) for line in block]
            continue
        rest = iter(block)
        reader = csv.reader(chain(rest, lines), delimiter=separator, strict=True)
        while length_hint(rest):  # the last row may go on in the lines behind the block
            yield next(reader)


def columns_of_rows(
    rows: Iterator[list[Any]], width: int
) -> tuple[tuple[Sequence[Any], ...], Sequence[int], list[int]]:
    """The columns of the rows with content, short rows filled up with None.

    Returns
    -------
    the columns; of every row, its number from 1 on in `rows`; the numbers of rows with content beyond the width
    """
    columns: list[list[Any]] = [[] for _ in range(width)]
    texts: list[dict[Any, Any] | None] = [{} for _ in range(width)]
    numbers, wide = array("q"), list[int]()
    start = 1
    while block := list(islice(rows, _BLOCK)):
        kept: Sequence[int] = range(start, start + len(block))
        start += len(block)
        if not _is_even(block, width):
            block, kept = _evened(block, kept, width, wide)
        numbers.extend(kept)
        for k, cells in enumerate(zip(*block, strict=True)):
            texts[k] = _extend(columns[k], cells, texts[k])
    return tuple(map(tuple, columns)), numbers, wide


def _is_even(block: Sequence[list[Any]], width: int) -> bool:
    """Whether all rows plainly have this width, and content in the first cell."""
    if not width or set(map(len, block)) != {width}:
        return False
    first = [row[0] for row in block]
    return set(map(type, first)) == {str} and all(map(str.strip, first))


def _evened(
    block: Sequence[list[Any]], numbers: Sequence[int], width: int, wide: list[int]
) -> tuple[list[list[Any]], list[int]]:
    kept = [(k, row) for k, row in zip(numbers, block, strict=True) if has_content(row)]
    wide += [k for k, row in kept if len(row) > width and has_content(row[width:])]
    blank = [None] * width
    return [[*row[:width], *blank[len(row) :]] for _, row in kept], [k for k, _ in kept]


def _extend(column: list[Any], cells: Sequence[Any], texts: dict[Any, Any] | None) -> dict[Any, Any] | None:
    """Append cells, each text as the first object that spells it; None once there are too many texts to look for."""
    if texts is None or not set(map(type, cells)) <= {str}:
        column.extend(cells)
        return texts
    before = len(texts)
    column.extend(map(texts.setdefault, cells, cells))
    is_worth_it = len(texts) <= _FEW and 2 * (len(texts) - before) <= len(cells)
    return texts if is_worth_it else None

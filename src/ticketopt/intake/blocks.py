"""Lines to columns, a block at a time, where every row plainly is a record: no list of all rows is kept.

Equal texts of a column are one object.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from operator import length_hint

from ticketopt.intake.rows import TOTAL, cell_text

__all__ = ["plain_columns", "rows_of_lines"]

_BLOCK = 400
"""Rows per block: few enough for a processor's cache to hold them."""

_FEW = 5_000
"""Of a column with more distinct texts than this, equal ones are no longer looked for."""

_NO_ID = re.compile(rf"^(?:[^\d\n]*|{TOTAL})$", re.IGNORECASE | re.MULTILINE)
"""A line without a digit, or a total."""


def rows_of_lines(lines: Iterator[str], separator: str) -> Iterator[list[str]]:
    """What a strict `csv.reader` makes of lines, and its errors; but a blank line is one blank cell.

    A block of lines in which nothing is quoted is split, which takes a third of the time.
    """
    csv.reader((), delimiter=separator)  # refuses what cannot separate
    csv.field_size_limit(2**31 - 1)
    while block := list(islice(lines, _BLOCK)):
        if '"' not in "".join(block):
            yield from [line.rstrip("\r\n").split(separator) for line in block]
            continue
        rest = iter(block)
        reader = csv.reader(chain(rest, lines), delimiter=separator, strict=True)
        while length_hint(rest):  # the last row may go on in the lines behind the block
            yield next(reader)


def plain_columns(rows: Iterator[list[str]], headings: Sequence[str]) -> tuple[Sequence[str], ...] | None:
    """The columns of rows of which each is a record; None where one may be none, or does not fit the headings.

    `record_rows` would keep every one of these rows: there is an id with a digit and no blank in the first column.
    """
    columns: list[list[str]] = [[] for _ in headings]
    texts: list[dict[str, str] | None] = [{} for _ in headings]
    first = next((k for k, heading in enumerate(headings) if cell_text(heading)), 0)
    while block := list(islice(rows, _BLOCK)):
        if set(map(len, block)) != {len(headings)} or not _have_ids([row[first] for row in block], headings[first]):
            return None
        for k, cells in enumerate(zip(*block, strict=True)):
            texts[k] = _extend(columns[k], cells, texts[k])
    return tuple(map(tuple, columns))


def _have_ids(cells: Sequence[str], heading: str) -> bool:
    lines = "\n".join(cells)
    are_words = len(lines.split()) == len(cells) == lines.count("\n") + 1
    return are_words and heading not in cells and _NO_ID.search(lines) is None


def _extend(column: list[str], cells: Sequence[str], texts: dict[str, str] | None) -> dict[str, str] | None:
    """Append cells, each text as the first object that spells it; None once there are too many texts to look for."""
    if texts is None:
        column.extend(cells)
        return None
    before = len(texts)
    column.extend(map(texts.setdefault, cells, cells))
    is_worth_it = len(texts) <= _FEW and 2 * (len(texts) - before) <= len(cells)
    return texts if is_worth_it else None

"""A text to columns, a block at a time, where every row plainly is a record: no row is kept.

Equal texts of a column are one object.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import chain
from operator import length_hint
from typing import TextIO

from ticketopt.intake.rows import TOTAL, cell_text

__all__ = ["Block", "blocks_of_text", "plain_columns"]

Block = Sequence[Sequence[str]]
"""Some rows as columns."""

_BLOCK = 100_000
"""Letters per block: few enough for a processor's cache to hold their cells."""

_FEW = 5_000
"""Of a column with more distinct texts than this, equal ones are no longer looked for."""

_NO_ID = re.compile(rf"^(?:[^\d\n]*|{TOTAL})$", re.IGNORECASE | re.MULTILINE)
"""A line without a digit, or a total."""


def blocks_of_text(text: TextIO, separator: str, width: int) -> Iterator[Block]:
    """What a strict `csv.reader` makes of a text, and its errors, some rows at a time; what is uneven is no columns.

    Lines in which nothing is quoted are split all at once, which takes a fraction of the time and makes no row.

    Parameters
    ----------
    text : opened so that its line ends are kept.
    """
    csv.reader((), delimiter=separator)  # refuses what cannot separate
    csv.field_size_limit(2**31 - 1)
    while part := text.read(_BLOCK):
        part += text.readline()
        if '"' not in part and (columns := _split(part, separator, width)):
            yield columns
            continue
        rest = iter(list(io.StringIO(part, newline="")))
        reader = csv.reader(chain(rest, text), delimiter=separator, strict=True)
        rows = []
        while length_hint(rest):  # the last row may go on in the lines behind the block
            rows.append(next(reader))
        yield list(zip(*rows, strict=True)) if set(map(len, rows)) == {width} else ()


def _split(part: str, separator: str, width: int) -> Block:
    """Lines in which nothing is quoted as columns; none where they are uneven, or do not all end in the same way.

    Every line end goes with the cell behind it: all are in the first column, one in each of its cells, if the lines are
    even.
    """
    end = "\r\n" if "\r" in part else "\n"
    lines = part.removesuffix(end)
    text = f"{end}{lines}".replace(end, f"{separator}\n")
    n = lines.count("\n") + 1
    if "\r" in text or (end != "\n" and lines.count("\r") != n - 1):
        return ()
    cells = text.split(separator)
    firsts = "".join(cells[1::width]).split("\n")
    is_even = len(firsts) == n + 1 and len(cells) == n * width + 1
    return [firsts[1:], *(cells[k::width] for k in range(2, width + 1))] if is_even else ()


def plain_columns(blocks: Iterator[Block], headings: Sequence[str]) -> tuple[Sequence[str], ...] | None:
    """The columns of rows of which each is a record; None where one may be none, or does not fit the headings.

    `record_rows` would keep every one of these rows: there is an id with a digit and no blank in the first column.
    """
    columns: list[list[str]] = [[] for _ in headings]
    texts: list[dict[str, str] | None] = [{} for _ in headings]
    first = next((k for k, heading in enumerate(headings) if cell_text(heading)), 0)
    for block in blocks:
        if len(block) != len(headings) or not _have_ids(block[first], headings[first]):
            return None
        for k, cells in enumerate(block):
            texts[k] = _extend(columns[k], cells, texts[k])
    return tuple(map(tuple, columns))


def _have_ids(cells: Sequence[str], heading: str) -> bool:
    if all(map(str.isdecimal, cells)):
        return heading not in cells
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

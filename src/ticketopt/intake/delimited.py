"""A text to rows of cells: what separates them, and how they are quoted."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from ticketopt.errors import InvalidInputError
from ticketopt.intake.blocks import Block, blocks_of_text
from ticketopt.intake.column import is_placeholder
from ticketopt.intake.rows import has_content, heading_row, n_known

__all__ = ["PlainRows", "plain_rows", "rows_of_text"]

SEPARATORS = (",", ";", "\t", "|")
_SAMPLE, _SAMPLE_LETTERS = 30, 200_000  # rows by which separators are compared, and letters in which they are
_STATED = re.compile(r'\s*"?sep\s?=\s?([^\w\r\n"])[^\w\r\n]*(?:\r\n|\r|\n|$)', re.IGNORECASE)
"""The line by which spreadsheets are told the separator; saved again, it may have grown quotes and separators."""
_NO_SEPARATORS = frozenset(" _-./()[]{}<>#\"'&%*+=@!?\\\r\n\ufeff")
"""Signs that stand within headings."""


def rows_of_text(text: str, source: str) -> list[list[str]]:
    """The rows of a table of text.

    1. The separator is the one that gives the most headings known here; a stated one wins among equals.
    2. The rows below may have another one.
    3. Where whole lines were quoted once more, as a spreadsheet does that took each for one cell, they are read again.
    """
    stated = _STATED.match(text)
    if stated:
        text = text[stated.end() :]
    text = text.rstrip("\x1a")
    separator = _separator(text, ((stated[1],) if stated else ()) + SEPARATORS)
    rows = _parsed(text, separator, source)
    return _unwrapped(_separated_otherwise(rows, text, source), source)


class PlainRows(NamedTuple):
    """A table whose first row is its headings, and the rows below, some at a time and as columns."""

    headings: list[str]
    blocks: Iterator[Block]


def plain_rows(data: bytes) -> PlainRows | None:
    """The rows of a text in UTF-8 of which nothing need be found out; None where `rows_of_text` may read it otherwise.

    They are decoded as they are read, never as one text. Blocks end without an error where they are not UTF-8 or not
    CSV; then the last one is empty.
    """
    end = data[-_SAMPLE:]
    data = data[: len(data) - len(end) + len(end.rstrip(b"\r\n\x1a"))] if end[-4:].count(b"\n") != 1 else data
    texts = (io.TextIOWrapper(io.BytesIO(data), "utf-8-sig", newline="") for _ in range(2))
    try:
        head = next(texts).read(_SAMPLE_LETTERS + 1)
    except UnicodeDecodeError:
        return None
    if _STATED.match(head) or "\0" in head or (b"\\" in data and b'\\"' in data):  # one letter is found sooner
        return None
    separator = _separator(head, SEPARATORS)
    sample = _sample(head, separator)
    text = next(texts)
    headings = next(_until_error(csv.reader(text, delimiter=separator, strict=True)), [])
    is_even = len(headings) > 1 and {len(row) for row in sample} == {len(headings)}
    if (
        not is_even
        or heading_row(sample)
        or headings != sample[0]
        or is_placeholder(headings[-1])
        or _is_spaced(sample)
    ):
        return None
    return PlainRows(headings, _until_error(blocks_of_text(text, separator, len(headings))))


def _until_error(blocks: Iterator[Block]) -> Iterator[Block]:
    try:
        yield from blocks
    except (csv.Error, UnicodeDecodeError):
        yield []


def _separated_otherwise(rows: list[list[str]], text: str, source: str) -> list[list[str]]:
    """Rows below the headings that another separator splits evenly where that of the headings does not."""
    start = heading_row(rows)
    width = len(rows[start]) if start < len(rows) else 0
    if width < 2 or all(len(row) == width for row in rows[start + 1 : start + _SAMPLE] if row):
        return rows
    below = "".join(text.splitlines(keepends=True)[start + 1 :])
    for sign in SEPARATORS:
        widths = {len(row) for row in _sample(below, sign)}
        if widths == {width}:
            return [*rows[: start + 1], *_parsed(below, sign, source)]
    return rows


def _parsed(text: str, separator: str, source: str) -> list[list[str]]:
    csv.field_size_limit(2**31 - 1)
    is_spaced = f"{separator} " in text and _is_spaced(_sample(text, separator))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True, skipinitialspace=is_spaced)
    try:
        return list(reader)
    except csv.Error as error:
        problem = f"is not CSV at line {reader.line_num}: {error}"
    if '\\"' in text:
        try:
            file = io.StringIO(text, newline="")
            return list(csv.reader(file, delimiter=separator, strict=True, doublequote=False, escapechar="\\"))
        except csv.Error:
            pass
    raise InvalidInputError.single(source, problem, "correct the quoting") from None


def _sample(text: str, separator: str) -> list[list[str]]:
    """The first rows with content; none where they cannot be read."""
    part = text[:_SAMPLE_LETTERS]
    try:
        rows = list(islice(csv.reader(io.StringIO(part, newline=""), delimiter=separator), _SAMPLE))
    except csv.Error:
        return []
    if len(part) < len(text) and 1 < len(rows) < _SAMPLE:
        rows.pop()  # it was cut
    return [row for row in rows if has_content(row)]


def _is_spaced(rows: Sequence[Sequence[str]]) -> bool:
    """Whether blanks follow the separators, as the headings show."""
    headings = rows[heading_row(rows)] if any(map(has_content, rows)) else []
    return len(headings) > 1 and all(cell[:1] == " " for cell in headings[1:])


def _separator(text: str, usual: Iterable[str]) -> str:
    """The usual separator with the best headings; another sign of the first lines where it gives more of them."""
    best = max(usual, key=lambda separator: _score(text, separator))
    first_lines = set("".join(text[:4_000].splitlines()[:10]))
    others = sorted(c for c in first_lines - _NO_SEPARATORS if not c.isalnum() and c not in SEPARATORS)
    known = max(1, _score(text, best)[0])
    return next((other for other in others if _score(text, other)[0] > known), best)


def _score(text: str, separator: str) -> tuple[int, float, int]:
    """Known headings; how even the rows are; how many headings."""
    rows = _sample(text, separator)
    start = heading_row(rows)
    headings = rows[start] if start < len(rows) else []
    even = sum(len(row) == len(headings) for row in rows[start:]) / max(1, len(rows) - start)
    return n_known(headings), even if len(headings) > 1 else 0.0, len(headings)


def _unwrapped(rows: list[list[str]], source: str) -> list[list[str]]:
    """Rows of which all, or all below the headings, are one cell that holds a whole line."""
    start = heading_row(rows)
    if start == len(rows) or any(has_content(row[1:]) for row in rows[start + 1 :]):
        return rows
    if not has_content(rows[start][1:]):
        text = "\n".join(row[0] for row in rows if row)
        separator = max(SEPARATORS, key=lambda sign: _score(text, sign))
        return _parsed(text, separator, source) if _score(text, separator)[0] > max(1, n_known(rows[start])) else rows
    lines = [row[0] for row in rows[start + 1 :] if has_content(row)]
    width = len(rows[start])
    fits = next((sign for sign in SEPARATORS if lines and all(_fits(line, sign, width) for line in lines)), None)
    return rows if fits is None else [*rows[: start + 1], *_parsed("\n".join(lines), fits, source)]


def _fits(line: str, separator: str, width: int) -> bool:
    return [len(row) for row in _sample(line, separator)] == [width]

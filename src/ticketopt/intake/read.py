"""Bytes to tables: encodings, separators, sheets and the shapes of JSON, with nothing in them interpreted yet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain, islice
from pathlib import Path
from types import NoneType
from typing import Any

from ticketopt.errors import InvalidInputError, Issue
from ticketopt.intake.column import Column, heading_key, is_placeholder, without_placeholders
from ticketopt.intake.helpdesks import HELPDESKS
from ticketopt.intake.rows import columns_of_rows, has_content, rows_of_lines
from ticketopt.intake.strict_json import decode, parse_json
from ticketopt.problem import fields as f

__all__ = ["JSON", "SHEETS", "Lines", "Sheet", "flat", "read_csv", "read_file", "sheet_of_rows"]

SEPARATORS = (",", ";", "\t", "|")
SHEETS = (".xlsx", ".xlsm", ".xls", ".ods")
JSON = (".json", ".jsonl", ".ndjson")
_PLAIN = {str, int, float, bool, NoneType}
_SAMPLE = 30  # rows by which separators are compared


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as it was written.

    Attributes
    ----------
    source : how messages name it. headings : one per column. cells : per column one cell per row.
    place_of : what messages call each row. is_text : whether cells are text that spells values.
    warnings : what was decided in reading and may be wrong.
    """

    source: str
    headings: tuple[str, ...]
    cells: tuple[Sequence[Any], ...]
    place_of: Callable[[int], str]
    is_text: bool = True
    warnings: tuple[Issue, ...] = ()

    @property
    def n_rows(self) -> int:
        """How many rows there are."""
        return len(self.cells[0]) if self.cells else 0

    def column(self, number: int) -> Column:
        """One column, with None where nothing is given."""
        raw = self.raw_column(number)
        return replace(raw, cells=without_placeholders(raw.cells))

    def raw_column(self, number: int) -> Column:
        """One column as it is."""
        heading = self.headings[number].strip()
        return Column(heading, self.cells[number], lambda k: f"{self.place_of(k)}.{heading}", self.is_text)


@dataclass(frozen=True, slots=True)
class Lines:
    """A text with one JSON record per line."""

    text: str


def read_file(path: Path) -> Sheet | Lines | Any:
    """A table, or for JSON the data in it."""
    suffix = path.suffix.lower()
    if suffix in SHEETS:
        return _read_spreadsheet(path)
    data = path.read_bytes()
    if suffix in JSON:
        text = decode(data, str(path))
        return parse_json(text) if suffix == ".json" else Lines(text)
    return read_csv(data, str(path))


def read_csv(data: bytes, source: str) -> Sheet:
    """A table of text: UTF-8, UTF-16 or Windows-1252, separated by commas, semicolons, tabs or bars."""
    is_marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return _csv_sheet(data, "utf-16" if is_marked else "utf-8-sig", source, [])
    except UnicodeDecodeError:
        wide = "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
        encoding = wide if b"\0" in data[:200] else "cp1252"
    name = {"cp1252": "Windows-1252"}.get(encoding, "UTF-16")
    note = Issue(source, f"is not UTF-8; it was read as {name}", "save it as UTF-8 if letters look wrong")
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        problem = f"is neither UTF-8 nor UTF-16 nor Windows-1252 (byte {error.start})"
        raise InvalidInputError.single(source, problem, "save it as UTF-8") from None
    return _csv_sheet(data, encoding, source, [note])


def _csv_sheet(data: bytes, encoding: str, source: str, notes: list[Issue]) -> Sheet:
    """The table that bytes of this encoding spell; they are decoded as they are read, never as one text."""

    def lines() -> io.TextIOWrapper:
        return io.TextIOWrapper(io.BytesIO(data), encoding, newline="")

    text = lines()
    first = text.readline()
    stated = first.strip()[4:] if first.lower().startswith("sep=") else ""
    separator = stated or _separator(lines)
    csv.field_size_limit(2**31 - 1)
    try:
        return _sheet(rows_of_lines(text if stated else lines(), separator), source, notes)
    except (csv.Error, TypeError) as error:
        raise InvalidInputError.single(source, f"is not CSV: {error}", "correct the quoting") from None


def _separator(lines: Callable[[], Iterable[str]]) -> str:
    """The separator that gives the most headings known here; among equals, the most even rows."""

    known_headings = _known_headings()

    def score(separator: str) -> tuple[int, float, int]:
        try:
            rows = list(islice(csv.reader(lines(), delimiter=separator), _SAMPLE))
        except csv.Error:
            return (0, 0.0, 0)
        rows = [row for row in rows if any(row)]
        header = rows[0] if rows else []
        known = sum(heading_key(cell) in known_headings for cell in header)
        even = sum(len(row) == len(header) for row in rows) / max(1, len(rows))
        return (known, even if len(header) > 1 else 0.0, len(header))

    return max(SEPARATORS, key=score)


@cache
def _known_headings() -> frozenset[str]:
    tables = [names for helpdesk in HELPDESKS.values() for names in (helpdesk.tickets, helpdesk.agents)]
    return frozenset(heading_key(name) for names in tables for words in names.values() for name in words)


def _sheet(rows: Iterable[list[Any]], source: str, notes: list[Issue]) -> Sheet:
    """Rows as columns. Rows without content are none; a longer row than the header is an error."""
    rows = iter(rows)
    header = next(filter(has_content, rows), [])
    if header and is_placeholder(header[-1]):
        rows = iter(every := [header, *rows])
        header = list(next(rows))
        while (
            header
            and is_placeholder(header[-1])
            and not any(len(row) >= len(header) and _text(row[-1]) for row in every)
        ):
            header.pop()
    cells, numbers, wide = columns_of_rows(rows, len(header))
    if wide:
        raise InvalidInputError(
            Issue(f"{source} row {k}", "has more cells than the header", "quote cells that hold the separator")
            for k in wide
        )
    headings = tuple(_text(cell) for cell in header)
    return Sheet(source, headings, cells, lambda k: f"{source} row {numbers[k]}", True, tuple(notes))


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell).strip().lstrip("\ufeff")


def _read_spreadsheet(path: Path) -> Sheet:
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError:
        raise InvalidInputError.single(str(path), "is a spreadsheet", 'install the extra "ticketopt[files]"') from None
    try:
        book = CalamineWorkbook.from_path(str(path))
        sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    except CalamineError as error:
        raise InvalidInputError.single(str(path), f"is no readable spreadsheet ({error})", "save it anew") from None
    filled = {name: rows for name, rows in sheets.items() if any(map(has_content, rows))}
    if not filled:
        return _sheet([], str(path), [])
    name = next(iter(filled))
    notes = []
    if len(filled) > 1:
        others = ", ".join(f.shown(other) for other in list(filled)[1:])
        notes = [
            Issue(str(path), f"only its sheet {f.shown(name)} was read, not {others}", "move that sheet to the front")
        ]
    rows = [[_of_spreadsheet(cell) for cell in row] for row in filled[name]]
    return _sheet(rows, str(path), notes)


def _of_spreadsheet(cell: Any) -> Any:
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cell.replace("_x000D_", "") if isinstance(cell, str) else cell


def sheet_of_rows(rows: Sequence[Mapping[str, Any]], source: str, *, is_text: bool = False) -> Sheet:
    """A table of objects: a column per key, in the order in which keys come."""
    shapes = dict.fromkeys(map(tuple, rows))
    if not all(type(key) is str for keys in shapes for key in keys):
        rows = [{str(key): value for key, value in row.items()} for row in rows]
        shapes = dict.fromkeys(map(tuple, rows))
    headings = tuple(dict.fromkeys(chain.from_iterable(shapes)))
    cells = tuple([row.get(heading) for row in rows] for heading in headings)
    return Sheet(source, headings, cells, lambda k: f"{source}[{k}]", is_text)


def flat(record: Mapping[str, Any], before: str = "", depth: int = 4) -> dict[str, Any]:
    """Nested objects as dotted keys, and lists of objects as the lists of their names."""
    result: dict[str, Any] = {}
    for key, value in record.items():
        name = f"{before}{key}"
        if type(value) in _PLAIN:
            result[name] = value
        elif isinstance(value, Mapping) and depth:
            result.update(flat(value, f"{name}.", depth - 1))
        elif isinstance(value, list) and value and all(isinstance(item, Mapping) for item in value):
            result[name] = [_name_of(item) for item in value]
        else:
            result[name] = value
    return result


def _name_of(item: Mapping[str, Any]) -> Any:
    found = next((item[key] for key in ("login", "name", "key", "id", "value") if item.get(key) is not None), None)
    return json.dumps(item) if found is None else found

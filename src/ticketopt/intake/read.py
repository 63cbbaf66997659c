"""Bytes to tables: encodings, separators, sheets and the shapes of JSON, with nothing in them interpreted yet."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from operator import methodcaller
from os import PathLike
from pathlib import Path
from types import NoneType
from typing import Any

from ticketopt.errors import InvalidInputError, Issue
from ticketopt.intake.blocks import plain_columns
from ticketopt.intake.column import Column, are_repeated, are_texts, is_placeholder, without_placeholders
from ticketopt.intake.delimited import plain_rows, rows_of_text
from ticketopt.intake.rows import cell_text, has_content, heading_row, n_known, record_rows
from ticketopt.intake.strict_json import decode, parse_json
from ticketopt.problem import fields as f
from ticketopt.problem.report import NOTHING_TO_DO

__all__ = ["JSON", "SHEETS", "Lines", "Sheet", "flat", "path_of", "read_csv", "read_data", "read_file", "sheet_of_rows"]

SHEETS = (".xlsx", ".xlsm", ".xls", ".ods")
JSON = (".json", ".jsonl", ".ndjson")
_SPREADSHEET_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_MARKS = (
    *((b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32")),
    *((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")),
)
"""Byte order marks and encodings, the longest first."""
_WIDE_MARKS = tuple(mark for mark, _ in _MARKS)
_ZEROS = (("utf-32-le", 4, (2, 3)), ("utf-32-be", 4, (0, 1)), ("utf-16-le", 2, (1,)), ("utf-16-be", 2, (0,)))
"""Encoding, bytes of a letter, and which of them are zero in most letters of headings."""
_PLAIN = {str, int, float, bool, NoneType}
_BLOCK = 400  # rows of objects that are made columns at a time
_NAMED = 3  # rows of one sort that a note names
_QUOTE_CELLS = "quote cells that hold the separator"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as it was written.

    Attributes
    ----------
    source : how messages name it. headings : one per column. cells : per column one cell per row.
    place_of : what messages call each row. is_text : whether cells are text that spells values.
    warnings : what was decided in reading and may be wrong. wrong_rows : rows that do not fit the headings.
    """

    source: str
    headings: tuple[str, ...]
    cells: tuple[Sequence[Any], ...]
    place_of: Callable[[int], str]
    is_text: bool = True
    warnings: tuple[Issue, ...] = ()
    wrong_rows: tuple[Issue, ...] = ()

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


def path_of(value: object, name: str) -> Path:
    """The path that was given, or one error that says where tables go."""
    if isinstance(value, str | PathLike):
        return Path(value)
    way = "give tables in Python, as they are, to assign or build_problem"
    raise InvalidInputError.single(name, f"is a {type(value).__name__}, not the path of a file", way)


def read_file(path: Path) -> Sheet | Lines | Any:
    """A table, or for JSON the data in it. What the file holds decides, where its name says something else."""
    return read_data(path.read_bytes(), path.suffix.lower(), str(path))


def read_data(data: bytes, suffix: str, source: str) -> Sheet | Lines | Any:
    """The same of the bytes of a file; `suffix` is what its name ends in, in small letters."""
    if data.startswith(_SPREADSHEET_MARKS):
        return _read_spreadsheet(data, source)
    if suffix in JSON:
        text = _decoded(data, source)[0] if data.startswith(_WIDE_MARKS) else decode(data, source)
        return _json_or_lines(text) if suffix == ".json" else Lines(text)
    if suffix in SHEETS:
        return _read_misnamed(data, source)
    if data.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"{", b"["):
        try:
            return parse_json(decode(data, source))
        except InvalidInputError:
            pass
    return read_csv(data, source)


def _json_or_lines(text: str) -> Lines | Any:
    """The data of a file of JSON; also where it has one record per line."""
    first, _, rest = text.lstrip().partition("\n")
    if first.rstrip().endswith("}") and rest.lstrip()[:1] == "{":
        return Lines(text)
    return parse_json(text)


def _read_misnamed(data: bytes, source: str) -> Sheet:
    """A table of text under the name of a spreadsheet, as many programs export it."""
    try:
        sheet = read_csv(data, source)
    except InvalidInputError:
        return _read_spreadsheet(data, source)
    return sheet if n_known(sheet.headings) else _read_spreadsheet(data, source)


def read_csv(data: bytes, source: str) -> Sheet:
    """A table of text: UTF-8, UTF-16, UTF-32 or Windows-1252, separated by commas, semicolons, tabs or bars."""
    plain = plain_rows(data)
    columns = None if plain is None else plain_columns(plain.blocks, plain.headings)
    if plain is None or columns is None:
        text, notes = _decoded(data, source)
        return _sheet(rows_of_text(text, source), source, notes)
    return Sheet(source, tuple(map(cell_text, plain.headings)), columns, lambda k: f"{source} row {k + 1}")


def _decoded(data: bytes, source: str) -> tuple[str, list[Issue]]:
    """The text, by its byte order mark, its zero bytes, or else what decodes it."""
    marked = [encoding for mark, encoding in _MARKS if data.startswith(mark)]
    wide = _wide_encoding(data[:400])
    for encoding in (*marked, *([] if wide else ["utf-8-sig"])):
        try:
            return data.decode(encoding), []
        except UnicodeDecodeError:
            pass
    encoding = wide or "cp1252"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        problem = f"is neither UTF-8 nor UTF-16 nor Windows-1252 (byte {error.start})"
        raise InvalidInputError.single(source, problem, "save it as UTF-8") from None
    name = "Windows-1252" if encoding == "cp1252" else encoding[:6].upper()
    return text, [Issue(source, f"is not UTF-8; it was read as {name}", "save it as UTF-8 if letters look wrong")]


def _wide_encoding(data: bytes) -> str:
    """The encoding of two or four bytes a letter whose zero bytes these are; empty where they are not."""
    for encoding, width, zeros in _ZEROS:
        places = [data[zero::width] for zero in zeros]
        if data.strip(b"\0") and all(len(part) > 1 and part.count(0) > 0.6 * len(part) for part in places):
            return encoding
    return ""


def _sheet(rows: list[list[Any]], source: str, notes: list[Issue]) -> Sheet:
    """Rows as columns. A row that is longer than the header is wrong."""
    start = heading_row(rows)
    header = list(rows[start]) if start < len(rows) else []
    while (
        header and is_placeholder(header[-1]) and all(len(row) < len(header) or not cell_text(row[-1]) for row in rows)
    ):
        header.pop()
    width = len(header)
    records, others = record_rows(rows, start)
    numbers = [k - start for k in records]
    wide = [k for k in records if len(rows[k]) > width and has_content(rows[k][width:])]
    short = [None] * width
    even = [row if len(row) == width else [*row[:width], *short[len(row) :]] for row in (rows[k] for k in records)]
    cells = tuple(zip(*even, strict=True)) if even else tuple(() for _ in header)
    return Sheet(
        source,
        tuple(map(cell_text, header)),
        cells,
        lambda k: f"{source} row {numbers[k]}",
        warnings=(*notes, *_passed_over(rows, start, others, source)),
        wrong_rows=tuple(
            Issue(f"{source} row {k - start}", "has more cells than the header", _QUOTE_CELLS) for k in wide
        ),
    )


def _passed_over(rows: list[list[Any]], start: int, others: list[int], source: str) -> list[Issue]:
    """Notes on rows with content that are neither headings nor records."""
    notes = []
    if above := sum(map(has_content, rows[:start])):
        notes.append(Issue(source, f"rows above its headings, passed over: {above}", NOTHING_TO_DO))
    if others:
        named = ", ".join(f"row {k - start}" for k in others[:_NAMED]) + (" and others" if len(others) > _NAMED else "")
        problem = f"has rows that are no records but totals, remarks or headings once more: {named}"
        notes.append(Issue(source, problem, "give them an id and a title if they are records"))
    return notes


def _read_spreadsheet(data: bytes, source: str) -> Sheet:
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError:
        raise InvalidInputError.single(source, "is a spreadsheet", 'install the extra "ticketopt[files]"') from None
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    except CalamineError as error:
        raise InvalidInputError.single(source, f"is no readable spreadsheet ({error})", "save it anew") from None
    filled = {name: rows for name, rows in sheets.items() if any(map(has_content, rows))}
    if not filled:
        return _sheet([], source, [])
    name = next(iter(filled))
    notes = []
    if len(filled) > 1:
        others = ", ".join(f.shown(other) for other in list(filled)[1:])
        notes = [
            Issue(source, f"only its sheet {f.shown(name)} was read, not {others}", "move that sheet to the front")
        ]
    rows = [[_of_spreadsheet(cell) for cell in row] for row in filled[name]]
    return _sheet(rows, source, notes)


def _of_spreadsheet(cell: Any) -> Any:
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cell.replace("_x000D_", "") if isinstance(cell, str) else cell


def sheet_of_rows(rows: Sequence[Mapping[str, Any]], source: str, *, is_text: bool = False) -> Sheet:
    """A table of objects: a column per key, in the order in which keys come. In a table of text empty rows are none."""
    shapes = dict.fromkeys(map(tuple, rows))
    if not all(type(key) is str for keys in shapes for key in keys):
        rows = [{str(key): value for key, value in row.items()} for row in rows]
        shapes = dict.fromkeys(map(tuple, rows))
    headings = tuple(dict.fromkeys(chain.from_iterable(shapes)))
    numbers = [k for k, row in enumerate(rows) if not is_text or has_content(row.values())]
    filled = rows if len(numbers) == len(rows) else [rows[k] for k in numbers]
    cells = tuple(map(_one_each, _columns_of(filled, headings)))
    return Sheet(source, headings, cells, lambda k: f"{source}[{numbers[k]}]", is_text)


def _columns_of(rows: Sequence[Mapping[str, Any]], headings: Sequence[str]) -> list[list[Any]]:
    """What every row has under each heading; a block of rows at a time, which a processor's cache holds meanwhile."""
    columns: list[list[Any]] = [[] for _ in headings]
    for start in range(0, len(rows), _BLOCK):
        block = rows[start : start + _BLOCK]
        for column, heading in zip(columns, headings, strict=True):
            column.extend(map(methodcaller("get", heading), block))
    return columns


def _one_each(cells: list[Any]) -> list[Any]:
    """Equal texts that seem to come up again and again as one object, so that each is soon told from the others."""
    texts: dict[str | None, str | None] = {}
    return list(map(texts.setdefault, cells, cells)) if are_repeated(cells) and are_texts(cells) else cells


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

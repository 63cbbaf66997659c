"""Paths, bytes, frames and lists -> tables, with nothing in them interpreted; packed ones are unpacked."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Mapping
from dataclasses import replace
from os import PathLike
from pathlib import Path, PurePath
from typing import Any

from ticketopt.errors import InvalidInputError, Issue
from ticketopt.intake.column import heading_key
from ticketopt.intake.frames import rows_of_table, sheet_of_frame
from ticketopt.intake.read import Lines, Sheet, read_data
from ticketopt.intake.strict_json import parse_json
from ticketopt.intake.xes import is_xes, read_xes
from ticketopt.problem.report import kind

__all__ = ["Records", "tables_of"]

_GZIP = b"\x1f\x8b"

_LISTS = ("issues", "audits", "ticket_audits", "ticket_events", "tickets", "result", "results", "records", "values")
"""Keys of an answer of an API under which its records stand, before others."""

Records = list[Any]
"""Records of JSON, as they are."""


def tables_of(source: object) -> list[tuple[str, Sheet | Records]]:
    """Every table of a source, and how messages name it."""
    if isinstance(source, (str, PathLike)):
        path = Path(source)
        return [(str(path), _of_bytes(path.read_bytes(), path, str(path)))]
    if isinstance(source, (bytes, bytearray, memoryview)):
        return [("log", _of_bytes(bytes(source), PurePath("log"), "log"))]
    if isinstance(source, Mapping):
        if any(isinstance(source.get(key), list) for key in _LISTS):
            return [("log", _records(source, "log"))]
        return [(str(name), table) for name, part in source.items() for _, table in tables_of(part)]
    if isinstance(source, (list, tuple)) and source and not isinstance(source[0], Mapping):
        return [table for part in source for table in tables_of(part)]
    if not isinstance(source, (list, tuple)) and (frame := sheet_of_frame(source, "log")) is not None:
        return [("log", frame)]
    return [("log", _checked(rows_of_table(source, "log"), "log"))]


def _checked(rows: list[Any], source: str) -> Records:
    """Records, where each is an object."""
    wrong = [(k, row) for k, row in enumerate(rows) if not isinstance(row, Mapping)]
    if wrong:
        problem = f"is {kind(wrong[0][1])}"
        raise InvalidInputError.single(f"{source}[{wrong[0][0]}]", problem, "give a path, a data frame, or records")
    return rows


def _of_bytes(data: bytes, path: PurePath, source: str) -> Sheet | Records:
    suffix = path.suffix.lower()
    if data.startswith(_GZIP):
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError, zlib.error) as error:
            problem = f"cannot be unpacked ({error})"
            raise InvalidInputError.single(source, problem, "give the whole file") from None
        suffix = path.with_suffix("").suffix.lower() if suffix == ".gz" else suffix
    if not data.strip():
        return Sheet(source, (), (), lambda k: f"{source} row {k + 1}")
    if is_xes(data):
        return read_xes(data, source)
    read = read_data(data, suffix, source)
    if isinstance(read, Sheet):
        return _renamed(read)
    if isinstance(read, Lines):
        return _checked(_lines(read.text, source), source)
    return _checked(_records(read, source), source)


def _renamed(sheet: Sheet) -> Sheet:
    """Headings that stand twice get a number, as several exports have two columns of one name."""
    seen: dict[str, int] = {}
    headings, notes = [], []
    for heading in sheet.headings:
        key = heading_key(heading)
        seen[key] = seen.get(key, 0) + 1
        if key and seen[key] > 1:
            notes.append(
                Issue(sheet.source, f"has the column {heading!r} twice", f"it is read as {heading} {seen[key]}")
            )
            heading = f"{heading} {seen[key]}"
        headings.append(heading)
    return replace(sheet, headings=tuple(headings), warnings=(*sheet.warnings, *notes)) if notes else sheet


def _lines(text: str, source: str) -> Records:
    issues, rows = [], []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                rows.append(parse_json(line))
            except InvalidInputError as error:
                issues += [Issue(f"{source} line {number}", i.problem, i.repair) for i in error.issues]
    if issues:
        raise InvalidInputError(issues)
    return rows


def _records(data: Any, source: str) -> Records:
    """The records of an answer of an API or a file of JSON: a list, or the longest list of objects in an object."""
    if isinstance(data, list):
        return data
    if isinstance(data, Mapping):
        lists = {key: part for key, part in data.items() if isinstance(part, list)}
        known = next((lists[key] for key in _LISTS if key in lists), None)
        return known or (max(lists.values(), key=len) if lists else [data])
    raise InvalidInputError.single(source, f"is {kind(data)}", "give a list of records")

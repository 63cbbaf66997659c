"""The kinds of fields: what one field of a ticket, an agent or a policy may hold.

A `Reader` takes a raw value, its path and a `Report`; it returns the clean value, or notes an issue and returns a
stand-in. So one pass over a record finds everything that is wrong with it. It also knows the JSON schema of what it
reads, and how a cell of it is taken apart. Comparing names (`names`) and `report` are at hand here as well.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from numbers import Integral
from typing import Any

from ticketopt.problem.clean_values import (
    are_ids,
    are_names,
    are_numbers,
    are_texts,
    as_floats,
    as_mappings,
    as_tuples,
    is_encodable,
)
from ticketopt.problem.names import SEPARATORS, first_spellings, spelled
from ticketopt.problem.reader import Cell, Reader, Schema, described, or_null, reader
from ticketopt.problem.report import MAX_ID_LENGTH, Report, choices, is_number, kind, shown

__all__ = [
    "MAX_ID_LENGTH",
    "MAX_UNITS",
    "SEPARATORS",
    "Cell",
    "Reader",
    "Report",
    "Schema",
    "choices",
    "clean_record",
    "described",
    "first_spellings",
    "identifier",
    "is_number",
    "kind",
    "mapping_of",
    "name",
    "number",
    "one_of",
    "optional",
    "or_null",
    "reader",
    "shown",
    "spelled",
    "text",
    "timestamp",
    "tuple_of",
    "whole_number",
]

MAX_UNITS = 1_000_000  # effort, load, capacity: enough for a year in minutes, small enough to add up safely
MAX_TIMESTAMP = 253_402_300_799  # 9999-12-31T23:59:59Z
_MILLISECONDS_FROM = 100_000_000_000  # as seconds that is the year 5138; real data means milliseconds


@reader({"type": "string"}, "text", are_clean=are_texts)
def text(value: Any, path: str, report: Report) -> str:
    """Free text of any length."""
    if not isinstance(value, str):
        report.error(path, f"is {kind(value)}, not a text", "write it as a quoted text")
        return ""
    if not is_encodable(value):
        report.error(path, "holds half of a surrogate pair", "repair the text's encoding (UTF-8)")
        return ""
    return value


@reader({"type": "string", "minLength": 1}, "text", are_clean=are_names)
def name(value: Any, path: str, report: Report) -> str:
    """A short text that is not blank and has no control characters: a skill, a team, a language."""
    clean: str = text(value, path, report).strip()
    if not isinstance(value, str) or not is_encodable(value):
        return clean
    if not clean:
        report.error(path, "is empty", "give a name or leave the field out")
    elif len(clean) > MAX_ID_LENGTH:
        report.error(path, f"is {len(clean)} characters long", f"shorten it to {MAX_ID_LENGTH}")
    elif not all(c.isprintable() or unicodedata.category(c) == "Zs" for c in clean):
        report.error(path, "holds control characters", "remove them")
    else:
        return clean
    return ""


@reader(
    {"anyOf": [{"type": "string", "minLength": 1, "maxLength": MAX_ID_LENGTH}, {"type": "integer"}]},
    "text",
    are_clean=are_ids,
)
def identifier(value: Any, path: str, report: Report) -> Any:
    """An id: a name, or a whole number. It comes back in results as it was given."""
    if is_number(value):
        is_whole = isinstance(value, Integral) or float(value).is_integer()
        if is_whole and abs(int(value)) < 10**MAX_ID_LENGTH:
            return int(value)
        report.error(path, f"is {shown(value)}, not an id", f"use a text or a whole number of {MAX_ID_LENGTH} digits")
        return ""
    return name(value, path, report)


def number(low: float, high: float, unit: str = "") -> Reader:
    """A finite number from `low` to `high`."""
    wanted = f"give a number from {low:g} to {high:g}{unit}"

    @reader(
        {"type": "number", "minimum": low, "maximum": high},
        are_clean=are_numbers(float, low, high),
        convert_all=as_floats(low, high),
    )
    def read(value: Any, path: str, report: Report) -> float:
        if not is_number(value):
            report.error(path, f"is {kind(value)}, not a number", wanted)
            return low
        try:
            clean = float(value)
        except OverflowError:
            clean = math.inf
        if not low <= clean <= high:
            report.error(path, f"is {shown(value)}", wanted)
            return low
        return clean

    return read


def whole_number(low: int, high: int = MAX_UNITS) -> Reader:
    """A whole number from `low` to `high`."""
    wanted = f"give a whole number from {low:,} to {high:,}"

    @reader({"type": "integer", "minimum": low, "maximum": high}, are_clean=are_numbers(int, low, high))
    def read(value: Any, path: str, report: Report) -> int:
        if not is_number(value):
            report.error(path, f"is {kind(value)}, not a number", wanted)
        elif not low <= value <= high or int(value) != value:
            report.error(path, f"is {shown(value)}", wanted)
        else:
            return int(value)
        return low

    return read


@reader(
    {
        "anyOf": [{"type": "number", "minimum": 0}, {"type": "string"}],
        "description": "Unix seconds (milliseconds are recognized) or ISO 8601.",
    },
    are_clean=are_numbers(float, 0, _MILLISECONDS_FROM - 1),
)
def timestamp(value: Any, path: str, report: Report) -> float:
    """Unix seconds. Also reads milliseconds (with a warning), ISO 8601 text and datetimes (naive ones are UTC)."""
    repair = "give Unix seconds or ISO 8601, such as 2026-01-31T08:00:00Z"
    is_written = isinstance(value, (str, datetime))
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            report.error(path, f"{shown(value)} is not a time", repair)
            return 0.0
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        try:
            value = aware.timestamp()
        except (OverflowError, ValueError):
            value = math.nan
    if not is_number(value):
        report.error(path, f"is {kind(value)}, not a time", repair)
        return 0.0
    if _MILLISECONDS_FROM <= value <= MAX_TIMESTAMP * 1000 and not is_written:
        report.warn(path, f"{shown(value)} was read as milliseconds", "give seconds to be sure")
        value = value / 1000
    if not 0 <= value <= (_MILLISECONDS_FROM if is_written else MAX_TIMESTAMP):
        report.error(path, f"{shown(value)} is not a time from 1970 to 9999", repair)
        return 0.0
    return float(value)


def mapping_of(key: Reader, item: Reader, alike: Callable[[str], str] = str) -> Reader:
    """An object whose keys and values are each read by a reader; no two keys may be `alike`."""
    read_key, read_item = key.read, item.read
    schema = {"type": "object", "additionalProperties": item.schema}

    @reader(schema, "map", convert_all=as_mappings(key.are_clean, item.read_all, alike))
    def read(value: Any, path: str, report: Report) -> dict[Any, Any]:
        if not isinstance(value, Mapping):
            report.error(path, f"is {kind(value)}, not an object", 'write it as {"name": number}')
            return {}
        clean: dict[Any, Any] = {}
        first: dict[str, Any] = {}
        for raw, inner in value.items():
            where = f"{path}[{shown(raw)}]"
            key = read_key(raw, where, report)
            twin = first.setdefault(alike(key), raw)
            if key and twin is not raw:
                report.error(where, f"is the same name as {shown(twin)}", "keep one of them")
            clean[key] = read_item(inner, where, report)
        return clean

    return read


def tuple_of(item: Reader) -> Reader:
    """A list whose members are each read by a reader."""

    @reader({"type": "array", "items": item.schema}, "list", convert_all=as_tuples(item.read_all))
    def read(value: Any, path: str, report: Report) -> tuple[Any, ...]:
        if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
            report.error(path, f"is {kind(value)}, not a list", "write it as [..., ...]")
            return ()
        return tuple(item(inner, f"{path}[{k}]", report) for k, inner in enumerate(value))

    return read


def one_of(table: Mapping[str, Any], *, is_enum: bool = True) -> Reader:
    """A text that names a key of `table`, in any case and spelling; the value there is returned.

    The JSON schema lists the keys, unless `is_enum` is False: then any text will do there.
    """

    @reader({"type": "string", "enum": list(table)} if is_enum else {"type": "string"}, "text")
    def read(value: Any, path: str, report: Report) -> Any:
        if not isinstance(value, str):
            report.error(path, f"is {kind(value)}, not a text", f"use one of: {', '.join(table)}")
            return next(iter(table.values()))
        word = spelled(value[:MAX_ID_LENGTH])
        if word not in table:
            report.unknown(path, f"{shown(value)} is not known", word, table)
            return next(iter(table.values()))
        return table[word]

    return read


def optional(item: Reader) -> Reader:
    """The same, or None."""
    read = item.read
    return replace(
        item, read=lambda value, path, report: None if value is None else read(value, path, report), takes_null=True
    )


def clean_record(readers: Mapping[str, Reader], values: Mapping[str, Any], path: str, report: Report) -> dict[str, Any]:
    """Read every value by the reader of its field; fields that are not there stay absent."""
    joint = f"{path}." if path else ""
    return {key: readers[key].read(value, f"{joint}{key}", report) for key, value in values.items()}

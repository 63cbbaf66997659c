"""From files, plain data and data frames to tickets and agents.

Everything is read before anything is reported: one `InvalidInputError` lists every issue with its path. `null` (and an
empty cell) means "not given". Unknown fields are ignored with a warning.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar

from ticketopt.errors import SHOWN_ISSUES, InvalidInputError, Issue
from ticketopt.intake.strict_json import decode, parse_json
from ticketopt.problem import fields as f
from ticketopt.problem.checks import check_id
from ticketopt.problem.record_fields import clean_copy, table_of
from ticketopt.problem.records import Agent, Ticket

__all__ = ["Queue", "queue_of", "read_queue", "read_tickets_and_agents"]

_Record = TypeVar("_Record", Ticket, Agent)


@dataclass(frozen=True, slots=True)
class Queue:
    """Tickets and agents as read; `now` where the source states it; `warnings` about suspicious values."""

    tickets: tuple[Ticket, ...]
    agents: tuple[Agent, ...]
    now: float | None = None
    warnings: tuple[Issue, ...] = ()


def read_queue(source: str | Path | Mapping[str, Any], *, agents: str | Path | None = None) -> Queue:
    """Read a queue and its team.

    Parameters
    ----------
    source : a mapping `{"agents": [...], "tickets": [...]}`, or the path of a file: `.json` with such an object,
        `.jsonl` with one ticket or agent per line, or `.csv` with the tickets.
    agents : path of a `.csv` file with the agents, where `source` is one with the tickets.

    Raises
    ------
    InvalidInputError
        With every issue in the source.
    OSError
        Where a file cannot be read.
    """
    if isinstance(source, Mapping):
        return queue_of(source)
    path = Path(source)
    if path.suffix.lower() == ".csv":
        if agents is None:
            raise InvalidInputError.single(str(path), "holds only tickets", "name the file with the agents as well")
        return queue_of({"tickets": _csv_rows(path, Ticket), "agents": _csv_rows(Path(agents), Agent)})
    text = decode(path.read_bytes(), str(path))
    if path.suffix.lower() in (".jsonl", ".ndjson"):
        return queue_of(_from_lines(text))
    return queue_of(parse_json(text))


def read_tickets_and_agents(tickets: object, agents: object) -> Queue:
    """The same from two tables in Python: lists of dicts or records, or pandas, polars or other data frames."""
    return queue_of({"tickets": _rows_of(tickets, Ticket, "tickets"), "agents": _rows_of(agents, Agent, "agents")})


def _from_lines(text: str) -> dict[str, list[Any]]:
    tables: dict[str, list[Any]] = {"tickets": [], "agents": []}
    issues = []
    for number, line in enumerate(text.split("\n"), start=1):  # `splitlines` would break at U+2028 within a text
        if not line.strip():
            continue
        try:
            record = parse_json(line)
        except InvalidInputError as error:
            issues += [Issue(f"line {number}", issue.problem, issue.repair) for issue in error.issues]
            continue
        if not isinstance(record, Mapping) or ("ticket_id" in record) == ("agent_id" in record):
            problem = "is neither a ticket nor an agent"
            issues.append(Issue(f"line {number}", problem, "give it a ticket_id or an agent_id"))
            continue
        tables["tickets" if "ticket_id" in record else "agents"].append(record)
    if issues:
        raise InvalidInputError(issues)
    return tables


def _csv_rows(path: Path, kind: type[Any]) -> list[dict[str, Any]]:
    text = decode(path.read_bytes(), str(path))
    csv.field_size_limit(2**31 - 1)
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        header, rows = list(reader.fieldnames or ()), list(reader)
    except csv.Error as error:
        raise InvalidInputError.single(str(path), f"is not CSV: {error}", "correct the quoting") from None
    twice = sorted({column for column in header if header.count(column) > 1})
    if twice:
        raise InvalidInputError(
            Issue(str(path), f"has the column {f.shown(column)} twice", "keep one of them") for column in twice
        )
    surplus = [k for k, row in enumerate(rows) if None in row]
    if surplus:
        raise InvalidInputError(
            Issue(f"{path} row {k + 1}", "has more cells than the header", "quote cells that hold commas")
            for k in surplus
        )
    return [_from_cells(row, kind, f"{path} row {k}") for k, row in enumerate(rows, start=1)]


def _from_cells(row: Mapping[str, Any], kind: type[Any], path: str) -> dict[str, Any]:
    """A record from table cells: empty ones dropped, the others taken apart as the readers of their fields say."""
    readers = table_of(kind).readers
    cells = {key: readers[key].cell if key in readers else "value" for key in row}
    return {key: _value_of(value, cells[key], f"{path}.{key}") for key, value in row.items() if not _is_missing(value)}


def _is_missing(value: Any) -> bool:
    if value is None or (isinstance(value, str) and not value.strip()):
        return True
    return (isinstance(value, float) and math.isnan(value)) or type(value).__name__ in ("NaTType", "NAType")


def _value_of(value: Any, cell: f.Cell, path: str) -> Any:
    """What a cell of this kind says: `a:1;b:2` maps and `a;b` lists taken apart, numbers read."""
    if hasattr(value, "tolist") and not isinstance(value, str):
        value = value.tolist()
    if isinstance(value, Mapping):  # frames store maps as structs, in which every row has every name
        return {name: inner for name, inner in value.items() if not _is_missing(inner)}
    if not isinstance(value, str) or cell == "text":
        return value
    text = value.strip()
    if text[:1] not in "[{" and cell == "list":
        return [part.strip() for part in text.split(";") if part.strip()]
    if text[:1] not in "[{" and cell == "map":
        pairs = [part.rpartition(":") for part in text.split(";") if part.strip()]
        cells = {name.strip(): _value(level.strip()) for name, _, level in pairs}
        if len(cells) < len(pairs):
            raise InvalidInputError.single(path, "has a name twice", "keep one of them")
        return cells
    return _value(text)


def _value(text: str) -> Any:
    """The JSON value that a cell spells, else its text."""
    try:
        return parse_json(text)
    except InvalidInputError:
        return text


def _rows_of(table: object, kind: type[Any], where: str) -> list[Any]:
    if isinstance(table, Sequence) and not isinstance(table, (str, bytes)):
        return list(table)
    if hasattr(type(table), "columns"):  # asking a lazy frame itself would make polars warn
        return _frame_rows(table, kind, where)
    if isinstance(table, Iterable) and not isinstance(table, (str, bytes, Mapping)):
        return list(table)
    raise InvalidInputError.single(where, f"is {f.kind(table)}", "give a list of records or a data frame")


def _frame_rows(table: Any, kind: type[Any], where: str) -> list[dict[str, Any]]:
    try:
        import narwhals as nw
    except ImportError:
        raise InvalidInputError.single(where, "is a data frame", 'install the extra "ticketopt[frames]"') from None
    try:
        frame = nw.from_native(table)
    except TypeError:
        raise InvalidInputError.single(where, f"is {f.kind(table)}", "give a list or a data frame") from None
    frame = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    return [_from_cells(row, kind, f"{where}[{k}]") for k, row in enumerate(frame.rows(named=True))]


def queue_of(data: object) -> Queue:
    """The same from parsed data: `{"agents": [...], "tickets": [...]}`, never from a file."""
    report = f.Report()
    if not isinstance(data, Mapping):
        raise InvalidInputError.single("", f"the input is {f.kind(data)}", 'give {"agents": [...], "tickets": [...]}')
    for name in ("agents", "tickets"):
        if name not in data:
            report.error(name, "is missing", f'add "{name}": [...] (it may be empty)')
    for key in data:
        if key not in ("agents", "tickets", "now"):
            report.warn(f.shown(key), "is not a known key", f.choices(str(key), ["agents", "tickets", "now"]))
    agents = _records(Agent, data.get("agents"), "agents", report)
    tickets = _records(Ticket, data.get("tickets"), "tickets", report)
    now = data.get("now")
    if now is not None:
        now = f.timestamp(now, "now", report)
    if report.issues:
        raise InvalidInputError(report.issues)
    return Queue(tuple(tickets), tuple(agents), now, tuple(report.warnings))


def _records(kind: type[_Record], rows: object, where: str, report: f.Report) -> list[_Record]:
    if rows is None:
        return []
    if not isinstance(rows, Sequence) or isinstance(rows, (str, bytes)):
        report.error(where, f"is {f.kind(rows)}, not a list", "write it as [{...}, {...}]")
        return []
    table = table_of(kind)
    first: dict[str, int] = {}
    unknown: dict[str, list[int]] = {}
    records = []
    for k, row in enumerate(rows):
        path = f"{where}[{k}]"
        identity: str | None = None
        record: _Record | None = None
        if isinstance(row, kind):
            identity, record = str(getattr(row, table.id_field)), row
        elif (data := _data_of(row, path, report)) is not None:
            identity, record = _record(kind, data, path, report)
            for key in data:
                if key not in table.readers:
                    unknown.setdefault(f.shown(key).strip("'\""), []).append(k)
        if identity is not None:
            check_id(identity, k, first, f"{path}.{table.id_field}", where, report)
        if record is not None:
            records.append(record)
    for key, places in list(unknown.items())[:SHOWN_ISSUES]:
        more = f" and {len(places) - 1} more" if len(places) > 1 else ""
        report.warn(f"{where}[{places[0]}].{key}{more}", "is not a known field", f.choices(key, table.readers))
    if len(unknown) > SHOWN_ISSUES:
        report.warn(where, f"have {len(unknown)} unknown fields", "the first are listed")
    return records


def _data_of(row: object, path: str, report: f.Report) -> Mapping[str, Any] | None:
    """A row's fields by their names; None, and an error, where it is no object."""
    if is_dataclass(row) and not isinstance(row, type):
        return {item.name: getattr(row, item.name) for item in fields(row)}
    if isinstance(row, Mapping):
        return row
    report.error(path, f"is {f.kind(row)}, not an object", "write it as {...}")
    return None


def _record(
    kind: type[_Record], data: Mapping[str, Any], path: str, report: f.Report
) -> tuple[str | None, _Record | None]:
    """The id as text, and the record; None for what is wrong."""
    readers, id_field = table_of(kind).readers, table_of(kind).id_field
    found = f.Report()
    given = {key: value for key, value in data.items() if key in readers and value is not None}
    if id_field not in given:
        found.error(f"{path}.{id_field}", "is missing", "give every record an id")
    clean = f.clean_record(readers, given, path, found)
    report.issues += found.issues
    report.warnings += found.warnings
    if not found.issues:
        return str(clean[id_field]), clean_copy(kind, clean)
    is_named = all(issue.path != f"{path}.{id_field}" for issue in found.issues)
    return (str(clean[id_field]) if is_named else None), None

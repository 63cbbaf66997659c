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
from ticketopt.problem.records import AGENT_FIELDS, TICKET_FIELDS, Agent, Ticket, clean_copy

__all__ = ["Queue", "queue_of", "read_queue", "read_tickets_and_agents"]

_Record = TypeVar("_Record", Ticket, Agent)

TEXT_FIELDS = {"title", "description", "name", "priority", "language", "team", "availability_status"}
ID_FIELDS = {"ticket_id", "agent_id", "customer", "previous_agent", "pinned_agent"}
MAP_FIELDS = {"skills", "requires", "effort_by_agent"}
LIST_FIELDS = {"excluded_agents", "languages"}


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
        return queue_of({"tickets": _csv_rows(path), "agents": _csv_rows(Path(agents))})
    text = decode(path.read_bytes(), str(path))
    if path.suffix.lower() in (".jsonl", ".ndjson"):
        return queue_of(_from_lines(text))
    return queue_of(parse_json(text))


def read_tickets_and_agents(tickets: object, agents: object) -> Queue:
    """The same from two tables in Python: lists of dicts or records, or pandas, polars or other data frames."""
    return queue_of({"tickets": _rows_of(tickets, "tickets"), "agents": _rows_of(agents, "agents")})


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


def _csv_rows(path: Path) -> list[dict[str, Any]]:
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
    return [from_cells(row, f"{path} row {k}") for k, row in enumerate(rows, start=1)]


def from_cells(row: Mapping[str, Any], path: str) -> dict[str, Any]:
    """A record from table cells: empty ones dropped, `a:1;b:2` maps and `a;b` lists taken apart, numbers read."""
    return {key: _cell(key, value, path) for key, value in row.items() if not _is_missing(value)}


def _is_missing(value: Any) -> bool:
    if value is None or (isinstance(value, str) and not value.strip()):
        return True
    return (isinstance(value, float) and math.isnan(value)) or type(value).__name__ in ("NaTType", "NAType")


def _cell(key: str, value: Any, path: str) -> Any:
    if hasattr(value, "tolist") and not isinstance(value, str):
        value = value.tolist()
    if isinstance(value, Mapping):  # frames store maps as structs, in which every row has every name
        return {name: inner for name, inner in value.items() if not _is_missing(inner)}
    if not isinstance(value, str) or key in TEXT_FIELDS or key in ID_FIELDS:
        return value
    text = value.strip()
    if text[:1] not in "[{" and key in LIST_FIELDS:
        return [part.strip() for part in text.split(";") if part.strip()]
    if text[:1] not in "[{" and key in MAP_FIELDS:
        pairs = [part.rpartition(":") for part in text.split(";") if part.strip()]
        cells = {name.strip(): _value(level.strip()) for name, _, level in pairs}
        if len(cells) < len(pairs):
            raise InvalidInputError.single(f"{path}.{key}", "has a name twice", "keep one of them")
        return cells
    return _value(text)


def _value(text: str) -> Any:
    """The JSON value that a cell spells, else its text."""
    try:
        return parse_json(text)
    except InvalidInputError:
        return text


def _rows_of(table: object, where: str) -> list[Any]:
    if isinstance(table, Sequence) and not isinstance(table, (str, bytes)):
        return list(table)
    if hasattr(type(table), "columns"):  # asking a lazy frame itself would make polars warn
        return _frame_rows(table, where)
    if isinstance(table, Iterable) and not isinstance(table, (str, bytes, Mapping)):
        return list(table)
    raise InvalidInputError.single(where, f"is {f.kind(table)}", "give a list of records or a data frame")


def _frame_rows(table: Any, where: str) -> list[dict[str, Any]]:
    try:
        import narwhals as nw
    except ImportError:
        raise InvalidInputError.single(where, "is a data frame", 'install the extra "ticketopt[frames]"') from None
    try:
        frame = nw.from_native(table)
    except TypeError:
        raise InvalidInputError.single(where, f"is {f.kind(table)}", "give a list or a data frame") from None
    frame = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    return [from_cells(row, f"{where}[{k}]") for k, row in enumerate(frame.rows(named=True))]


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
    agents = _records(Agent, AGENT_FIELDS, data.get("agents"), "agents", report)
    tickets = _records(Ticket, TICKET_FIELDS, data.get("tickets"), "tickets", report)
    now = data.get("now")
    if now is not None:
        now = f.timestamp(now, "now", report)
    if report.issues:
        raise InvalidInputError(report.issues)
    return Queue(tuple(tickets), tuple(agents), now, tuple(report.warnings))


def _records(
    kind: type[_Record], readers: Mapping[str, f.Reader], rows: object, where: str, report: f.Report
) -> list[_Record]:
    if rows is None:
        return []
    if not isinstance(rows, Sequence) or isinstance(rows, (str, bytes)):
        report.error(where, f"is {f.kind(rows)}, not a list", "write it as [{...}, {...}]")
        return []
    id_field = "ticket_id" if kind is Ticket else "agent_id"
    first: dict[str, int] = {}
    unknown: dict[str, list[int]] = {}
    records = []
    for k, row in enumerate(rows):
        path = f"{where}[{k}]"
        record: _Record | None = row if isinstance(row, kind) else None
        own = None if record is None else str(getattr(record, id_field))
        if record is None:
            own, record = _record(kind, readers, row, path, unknown, report)
        if own in first:
            twin = f"is {f.shown(own)}, like {where}[{first[own]}]"
            report.error(f"{path}.{id_field}", twin, "give every one its own id")
        if own is not None:
            first.setdefault(own, k)
        if record is not None:
            records.append(record)
    for key, places in list(unknown.items())[:SHOWN_ISSUES]:
        more = f" and {len(places) - 1} more" if len(places) > 1 else ""
        report.warn(f"{where}[{places[0]}].{key}{more}", "is not a known field", f.choices(key, readers))
    if len(unknown) > SHOWN_ISSUES:
        report.warn(where, f"have {len(unknown)} unknown fields", "the first are listed")
    return records


def _record(
    kind: type[_Record],
    readers: Mapping[str, f.Reader],
    row: object,
    path: str,
    unknown: dict[str, list[int]],
    report: f.Report,
) -> tuple[str | None, _Record | None]:
    """A row's id as text, and its record; None for what is wrong."""
    if is_dataclass(row) and not isinstance(row, type):
        row = {item.name: getattr(row, item.name) for item in fields(row)}
    if not isinstance(row, Mapping):
        report.error(path, f"is {f.kind(row)}, not an object", "write it as {...}")
        return None, None
    id_field = next(iter(readers))
    for key in row:
        if key not in readers:
            place = int(path[path.index("[") + 1 : -1])
            unknown.setdefault(f.shown(key).strip("'\""), []).append(place)
    own = f.Report()
    given = {key: value for key, value in row.items() if key in readers and value is not None}
    if id_field not in given:
        own.error(f"{path}.{id_field}", "is missing", "give every record an id")
    clean = f.clean_record(readers, given, path, own)
    report.issues += own.issues
    report.warnings += own.warnings
    if not own.issues:
        return str(clean[id_field]), clean_copy(kind, clean)
    is_named = all(issue.path != f"{path}.{id_field}" for issue in own.issues)
    return (str(clean[id_field]) if is_named else None), None

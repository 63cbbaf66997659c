"""Columns of our fields to records: what is clean stays in columns, a row with anything odd goes its own way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Any, TypeVar

from ticketopt.intake.check import Skipped, records_of
from ticketopt.intake.column import are_repeated, are_texts
from ticketopt.problem import fields as f
from ticketopt.problem.record_columns import Records
from ticketopt.problem.record_fields import table_of
from ticketopt.problem.records import Agent, Ticket

__all__ = ["records_of_columns", "records_of_rows"]

_Record = TypeVar("_Record", Ticket, Agent)


def records_of_columns(
    kind: type[_Record],
    columns: Mapping[str, Sequence[Any]],
    places: Callable[[Sequence[int]], list[str]],
    n: int,
    where: str,
    report: f.Report,
    skipped: list[Skipped] | None = None,
) -> Sequence[_Record]:
    """What `records_of` makes of the same `n` rows, in their order and with the same words.

    Parameters
    ----------
    columns : field -> one value per row, None where nothing is given.
    places : numbers of rows -> how messages name them.
    """
    table = table_of(kind)
    clean: dict[str, Sequence[Any]] = {}
    odd: set[int] = set()
    for name, values in columns.items():
        clean[name], its_odd = _cleaned(table.readers[name], values)
        odd.update(its_odd if name != table.id_field or not its_odd else range(n))
    ids = clean.get(table.id_field, ())
    has_ids = len(odd) < n and len(set(map(str, ids))) == n and None not in ids
    by_hand = sorted(odd) if has_ids else range(n)
    if not by_hand:
        return Records(kind, clean, n)
    rows = [{name: values[k] for name, values in columns.items() if values[k] is not None} for k in by_hand]
    records = records_of(kind, rows, where, report, places(by_hand), skipped)
    if not has_ids:
        return records
    right = {str(getattr(record, table.id_field)) for record in records}
    there = [k for k in range(n) if k not in odd or str(ids[k]) in right]  # what is wrong became no record
    return Records(kind, {name: [values[k] for k in there] for name, values in clean.items()}, len(there))


def records_of_rows(
    kind: type[_Record],
    rows: Sequence[Any],
    where: str,
    report: f.Report,
    places: Sequence[str],
    skipped: list[Skipped] | None = None,
) -> Sequence[_Record]:
    """`records_of`, by columns where nothing is to be said of any row."""
    table = table_of(kind)
    if all(type(row) is dict for row in rows):
        names = list(dict.fromkeys(chain.from_iterable(rows)))
        columns = {name: [row.get(name) for row in rows] for name in names if name in table.readers}
        clean = {name: _at_once(table.readers[name], values) for name, values in columns.items()}
        ids = clean.get(table.id_field)
        if len(clean) == len(names) and ids is not None and None not in ids and len(set(map(str, ids))) == len(rows):
            known = {name: values for name, values in clean.items() if values is not None}
            if len(known) == len(names):
                return Records(kind, known, len(rows))
    return records_of(kind, rows, where, report, places, skipped)


def _cleaned(reader: f.Reader, values: Sequence[Any]) -> tuple[Sequence[Any], list[int]]:
    """What a reader makes of every value, None of None; and where it has anything to say."""
    is_repeated = are_repeated(values)
    if not is_repeated and (clean := _at_once(reader, values)) is not None:
        return clean, []
    if not (is_repeated and are_texts(values)):
        read = [_read(reader, value) for value in values]
        return [value for value, _ in read], [k for k, (_, is_odd) in enumerate(read) if is_odd]
    known = {value: _read(reader, value) for value in set(values)}
    odd = {value for value, (_, is_odd) in known.items() if is_odd}
    if not odd and all(value == clean for value, (clean, _) in known.items()):
        return values, []
    return [known[value][0] for value in values], [k for k, value in enumerate(values) if value in odd] if odd else []


def _at_once(reader: f.Reader, values: Sequence[Any]) -> Sequence[Any] | None:
    """What a reader makes of every value, None of None; None where it may have anything to say."""
    clean = reader.read_all(values)
    if clean is not None or None not in values:
        return clean
    given = [value for value in values if value is not None]
    clean = reader.read_all(given)
    if clean is None or clean is given:
        return None if clean is None else values
    rest = iter(clean)
    return [None if value is None else next(rest) for value in values]


def _read(reader: f.Reader, value: Any) -> tuple[Any, bool]:
    """The clean value, and whether the reader has anything to say."""
    if value is None:
        return None, False
    said = f.Report()
    return reader.read(value, "", said), bool(said.issues or said.warnings)

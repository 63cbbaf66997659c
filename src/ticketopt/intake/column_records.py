"""Columns of our fields to records: what is clean becomes records at once, a row with anything odd goes its own way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import NoneType
from typing import Any, TypeVar

from ticketopt.intake.check import Skipped, records_of
from ticketopt.problem import fields as f
from ticketopt.problem.record_fields import clean_copies, table_of
from ticketopt.problem.records import Agent, Ticket

__all__ = ["records_of_columns"]

_Record = TypeVar("_Record", Ticket, Agent)


def records_of_columns(
    kind: type[_Record],
    columns: Mapping[str, Sequence[Any]],
    places: Callable[[Sequence[int]], list[str]],
    n: int,
    where: str,
    report: f.Report,
    skipped: list[Skipped] | None = None,
) -> list[_Record]:
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
    row_of = {str(identity): k for k, identity in enumerate(clean.get(table.id_field, ())) if identity is not None}
    by_hand = sorted(odd) if len(row_of) == n else range(n)
    if not by_hand:
        return clean_copies(kind, clean, n)
    rows = [{name: values[k] for name, values in columns.items() if values[k] is not None} for k in by_hand]
    records = records_of(kind, rows, where, report, places(by_hand), skipped)
    at_once = [k for k in range(n) if k not in odd] if len(by_hand) < n else []
    records += clean_copies(kind, {name: [values[k] for k in at_once] for name, values in clean.items()}, len(at_once))
    return sorted(records, key=lambda record: row_of[str(getattr(record, table.id_field))]) if at_once else records


def _cleaned(reader: f.Reader, values: Sequence[Any]) -> tuple[Sequence[Any], list[int]]:
    """What a reader makes of every value, None of None; and where it has anything to say."""
    given = [value for value in values if value is not None] if NoneType in set(map(type, values)) else values
    if reader.are_clean(given):
        return values, []
    texts: dict[str, tuple[Any, bool]] = {}
    clean: list[Any] = []
    odd: list[int] = []
    for k, value in enumerate(values):
        new, is_odd = texts[value] if type(value) is str and value in texts else _read(reader, value)
        if type(value) is str:
            texts[value] = new, is_odd
        if is_odd:
            odd.append(k)
        clean.append(new)
    return clean, odd


def _read(reader: f.Reader, value: Any) -> tuple[Any, bool]:
    """The clean value, and whether the reader has anything to say."""
    if value is None:
        return None, False
    said = f.Report()
    return reader.read(value, "", said), bool(said.issues or said.warnings)

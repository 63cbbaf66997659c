"""The fields of records, each written once, where its dataclass declares it.

`record_field` takes everything there is to know about a field, and the `Table` of a record is derived from that: what
reads a field, how a table's cell of it is taken apart, what describes it over HTTP, whether the live queue keeps it and
whether hashes count it. So a new field is one entry.
"""

from __future__ import annotations

import warnings
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from itertools import repeat
from typing import Any, TypeVar

from ticketopt.errors import InputWarning, InvalidInputError
from ticketopt.problem.fields import Reader, Report, Schema, clean_record, described

__all__ = ["Entry", "Table", "clean_copies", "clean_copy", "freeze", "record_field", "table_of"]

_Record = TypeVar("_Record")

_ENTRY = "ticketopt"
"""The key of an entry in a dataclass field's metadata."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What there is to know about one field of a record; see `record_field`."""

    reader: Reader
    words: str
    is_id: bool
    is_private: bool
    is_younger: bool
    if_blank: str | None
    is_shown: bool


def record_field(
    reader: Reader,
    *,
    words: str,
    default: Any = MISSING,
    default_factory: Any = MISSING,
    is_id: bool = False,
    is_private: bool = False,
    is_younger: bool = False,
    if_blank: str | None = None,
    is_shown: bool = True,
) -> Any:
    """A field of a frozen dataclass, with all that others derive from it.

    Parameters
    ----------
    reader : what the field may hold.
    words : what it means to somebody who writes it in JSON.
    default, default_factory : as for `dataclasses.field`; a new field's default changes nothing.
    is_id : whether it tells one record from another.
    is_private : whether the live queue keeps it out of its store, as it does with what people say in a ticket.
    is_younger : whether there are hashes of records without it: at its default, it changes none of them.
    if_blank : the field whose value stands in, as a text, where this one is a blank text.
    is_shown : whether it is part of the record's `repr`; a secret is not.
    """
    entry = Entry(reader, words, is_id, is_private, is_younger, if_blank, is_shown)
    return field(default=default, default_factory=default_factory, repr=is_shown, metadata={_ENTRY: entry})


class Table:
    """All fields of one kind of record, by their names and in their order.

    Attributes
    ----------
    entries : all there is to know about each. readers : what reads it.
    constants, factories : the defaults, and what makes those that are not shared.
    id_field : the field that is the record's id; empty where it has none.
    private : the fields that the live queue does not keep.
    neutral : the fields that are younger than some hashes, each with the value at which it changes none.
    stand_ins : the fields that may be blank, each with the one that stands in.
    """

    def __init__(self, kind: type[Any]) -> None:
        self.entries: dict[str, Entry] = {item.name: item.metadata[_ENTRY] for item in fields(kind)}
        self.readers: dict[str, Reader] = {name: entry.reader for name, entry in self.entries.items()}
        self.constants = {item.name: item.default for item in fields(kind) if item.default is not MISSING}
        self.factories: dict[str, Callable[[], Any]] = {
            item.name: item.default_factory for item in fields(kind) if item.default_factory is not MISSING
        }
        self.id_field = next((name for name, entry in self.entries.items() if entry.is_id), "")
        self.private = tuple(name for name, entry in self.entries.items() if entry.is_private)
        self.neutral = {name: self.defaults()[name] for name, entry in self.entries.items() if entry.is_younger}
        self.stand_ins = {name: entry.if_blank for name, entry in self.entries.items() if entry.if_blank is not None}
        self._title = kind.__name__

    def defaults(self) -> dict[str, Any]:
        """The default of every field that has one."""
        return {**self.constants, **{name: make() for name, make in self.factories.items()}}

    def default_of(self, name: str) -> Any:
        """The default of a field; None where it has none."""
        return self.factories[name]() if name in self.factories else self.constants.get(name)

    def schema(self, *, with_null: bool = True) -> dict[str, Any]:
        """The JSON schema of a record.

        Parameters
        ----------
        with_null : whether null is a value of its own where the reader takes it; False where null is "not given".
        """
        items = {name: described(entry.reader, entry.words) for name, entry in self.entries.items()}
        properties: dict[str, Schema] = {name: item.schema if with_null else item.given for name, item in items.items()}
        needed = [name for name in self.entries if name not in self.defaults()]
        required = {"required": needed} if needed else {}
        return {"title": self._title, "type": "object", **required, "properties": properties}


_TABLES: dict[type[Any], Table] = {}


def table_of(kind: type[Any]) -> Table:
    """The table of a dataclass whose fields are all `record_field`s; it is made once."""
    if kind not in _TABLES:
        _TABLES[kind] = Table(kind)
    return _TABLES[kind]


def freeze(record: Any, label: str) -> None:
    """Replace every field of a new record by its clean value, or raise with everything that is wrong."""
    report = Report()
    readers = table_of(type(record)).readers
    clean = clean_record(readers, {name: getattr(record, name) for name in readers}, "", report)
    if report.issues:
        raise InvalidInputError(issue.below(label) for issue in report.issues)
    for warning in report.warnings:
        warnings.warn(str(warning.below(label)), InputWarning, stacklevel=4)
    _fill(record, clean)


def clean_copy(kind: type[_Record], clean: Mapping[str, Any]) -> _Record:
    """A record from values that its readers have cleaned already; fields that are absent get their defaults."""
    record = object.__new__(kind)
    _fill(record, {**table_of(kind).defaults(), **clean})
    return record


def clean_copies(kind: type[_Record], columns: Mapping[str, Sequence[Any]], n: int) -> list[_Record]:
    """`n` records from columns of clean values, as `clean_copy` makes each; None stands for what is absent.

    The dataclass has slots: each is filled for all records at once.
    """
    table = table_of(kind)
    records = list(map(object.__new__, repeat(kind, n)))
    for name in table.entries:
        values = _defaults_in(table, name, columns.get(name, repeat(None, n)))
        deque(map(getattr(kind, name).__set__, records, values), maxlen=0)  # the quickest way through a `map`
    for record in records if table.stand_ins else ():
        _fill(record, {})
    return records


def _defaults_in(table: Table, name: str, values: Iterable[Any]) -> Iterable[Any]:
    """The values, the field's default in place of None."""
    if name in table.factories:
        make = table.factories[name]
        return [make() if value is None else value for value in values]
    default = table.constants.get(name)
    return values if default is None else [default if value is None else value for value in values]


def _fill(record: Any, values: Mapping[str, Any]) -> None:
    for key, value in values.items():
        object.__setattr__(record, key, value)
    for name, other in table_of(type(record)).stand_ins.items():
        if not getattr(record, name).strip():
            object.__setattr__(record, name, str(getattr(record, other)))

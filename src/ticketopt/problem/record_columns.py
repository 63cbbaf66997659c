"""Records column by column: `Records` keeps them so, and makes each record when somebody asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, TypeVar, overload

from ticketopt.problem.lazy_sequence import LazySequence
from ticketopt.problem.record_fields import clean_copies, clean_copy, table_of

__all__ = ["Records", "kept", "part_of", "stating", "values_of"]

_Record = TypeVar("_Record")


class Records(LazySequence[_Record]):
    """Records that are kept as columns of clean values; one is made when somebody asks for it, and is then kept.

    Parameters
    ----------
    kind : their dataclass, all of whose fields are `record_field`s.
    columns : field -> its clean value per record, None for the default; every one has the default of other fields.
    size : how many there are.
    """

    def __init__(self, kind: type[_Record], columns: Mapping[str, Sequence[Any]], size: int) -> None:
        super().__init__(size, tuple)  # `_made` makes them: a bound method here would be a cycle
        self.kind, self._columns = kind, columns
        self._known: dict[int, _Record] = {}

    def _made(self) -> list[_Record]:
        records = clean_copies(self.kind, self._columns, len(self))
        for i, record in tuple(self._known.items()):  # whoever has one already keeps the very same
            records[i] = record
        return records

    @overload
    def __getitem__(self, index: int) -> _Record: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[_Record]: ...
    def __getitem__(self, index: int | slice) -> _Record | Sequence[_Record]:
        if self._all is not None or isinstance(index, slice) or 4 * len(self._known) > len(self):
            return super().__getitem__(index)  # one by one, many records take longer
        return self._one(range(len(self))[index])

    def _one(self, i: int) -> _Record:
        if i not in self._known:
            own = {name: values[i] for name, values in self._columns.items() if values[i] is not None}
            return self._known.setdefault(i, clean_copy(self.kind, own))
        return self._known[i]

    def column(self, name: str) -> Sequence[Any]:
        """What every record says of a field; not to be changed."""
        table, values = table_of(self.kind), self._columns.get(name)
        if name in table.stand_ins:
            return [getattr(record, name) for record in self]
        default = table.default_of(name)
        if values is None:
            return [default] * len(self)
        return values if default is None else [table.default_of(name) if value is None else value for value in values]

    def stating(self, name: str) -> list[int]:
        """What `stating` finds."""
        is_said = name in self._columns or table_of(self.kind).default_of(name)
        return _positions(self.kind, name, self.column(name)) if is_said else []

    def part(self, rows: slice) -> Records[_Record]:
        """Some of them, as records of their own."""
        columns = {name: values[rows] for name, values in self._columns.items()}
        return Records(self.kind, columns, len(range(len(self))[rows]))


def kept(records: Sequence[_Record]) -> Sequence[_Record]:
    """Records that nobody can change any more: `Records` as they are, else a tuple."""
    return records if isinstance(records, Records) else tuple(records)


def part_of(records: Sequence[_Record], rows: slice) -> Sequence[_Record]:
    """Some of the records, made or not."""
    return records.part(rows) if isinstance(records, Records) else records[rows]


def values_of(records: Sequence[Any], name: str) -> Sequence[Any]:
    """What every record says of a field."""
    return records.column(name) if isinstance(records, Records) else list(map(attrgetter(name), records))


def stating(records: Sequence[Any], name: str) -> list[int]:
    """The positions of those that say something of a field which may be None, or of one that may be empty."""
    if isinstance(records, Records):
        return records.stating(name)
    return _positions(type(records[0]), name, map(attrgetter(name), records)) if records else []


def _positions(kind: type[Any], name: str, values: Iterable[Any]) -> list[int]:
    if table_of(kind).constants.get(name, ()) is None:
        return [i for i, value in enumerate(values) if value is not None]
    return [i for i, value in enumerate(values) if value]

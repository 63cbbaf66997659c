"""One table of a log: its columns by the names of our fields, each read when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from ticketopt._types import Bool, Float
from ticketopt.history.assumptions import Assumptions
from ticketopt.history.coded import Coded, coded, floats
from ticketopt.history.durations import read_hours
from ticketopt.history.history import Note
from ticketopt.history.sources.base import FIELDS, Source
from ticketopt.intake.column import Column, heading_key
from ticketopt.intake.dates import REPAIR_ORDER, read_times
from ticketopt.intake.mapping import columns_of
from ticketopt.intake.read import Sheet
from ticketopt.intake.values import read_ids, read_numbers
from ticketopt.problem.report import Report, choices, shown

__all__ = ["TIMES", "Table", "table_of"]

TIMES = ("time", "created", "assigned", "started", "resolved", "closed", "due")

_NAMED = 3
"""Of rows or cells that were set aside for one reason, so many are named."""


@dataclass(slots=True)
class Table:
    """A table and what its columns mean.

    Attributes
    ----------
    numbers : our field -> its column. mapped : heading -> what it became.
    notes : what was seen so far. times : the columns of times, in Unix seconds.
    """

    sheet: Sheet
    source: Source
    how: Assumptions
    numbers: Mapping[str, int]
    mapped: dict[str, str]
    notes: list[Note] = field(default_factory=list)
    times: dict[str, Float] = field(default_factory=dict)
    _names: dict[str, Coded] = field(default_factory=dict)

    def __contains__(self, field_name: str) -> bool:
        return field_name in self.numbers

    @property
    def n_rows(self) -> int:
        return self.sheet.n_rows

    def cells(self, field_name: str) -> Sequence[Any]:
        """A column as it is written, None where nothing is given; nothing but None where there is no such column."""
        if field_name not in self.numbers:
            return [None] * self.n_rows
        return self.sheet.column(self.numbers[field_name]).cells

    def names(self, field_name: str) -> Coded:
        """A column of names; of a list of them, all in one."""
        if field_name not in self.numbers:
            return Coded(np.full(self.n_rows, -1), ())
        if field_name not in self._names:
            values = self._read(field_name, _ids)
            self._names[field_name] = coded(map(self.source.id_of, values) if field_name == "ticket" else values)
        return self._names[field_name]

    def values(self, field_name: str, low: float = 0.0) -> Float:
        """A column of numbers, NaN where there is none."""
        if field_name not in self.numbers:
            return np.full(self.n_rows, np.nan)
        return floats(self._read(field_name, partial(read_numbers, low=low)))

    def hours(self, field_name: str) -> Float:
        """A column of durations, in hours."""
        if field_name not in self.numbers:
            return np.full(self.n_rows, np.nan)
        found = Report()
        per_unit = self.source.hours_per_unit.get(field_name, 1.0)
        values = read_hours(self.sheet.column(self.numbers[field_name]), found, per_unit)
        self._tell(found)
        return values

    def note(self, topic: str, text: str, count: int = 0) -> None:
        """Something that a reader should know."""
        self.notes.append(Note(topic, text, count))

    def set_aside(self, wrong: Bool, reason: str) -> None:
        """Say which rows are left out."""
        rows = np.flatnonzero(wrong)
        if len(rows):
            places = ", ".join(self.sheet.place_of(int(k)) for k in rows[:_NAMED])
            more = " and others" if len(rows) > _NAMED else ""
            self.note("set aside", f"Rows {reason}: {places}{more}.", len(rows))

    def note_where(self, which: Bool, text: str, topic: str) -> None:
        """Something that a reader should know of some rows, tickets or stints, where there are any."""
        if which.any():
            self.note(topic, text, int(which.sum()))

    def fits(self, keep: Bool) -> Bool:
        """Which rows have no more cells than the headings; those of `keep` that do are set aside."""
        wrong = {issue.path for issue in self.sheet.wrong_rows}
        if not wrong:
            return np.ones(self.n_rows, dtype=np.bool_)
        is_wrong = np.array([self.sheet.place_of(k) in wrong for k in range(self.n_rows)])
        self.set_aside(keep & is_wrong, "with more cells than the headings were set aside")
        return ~is_wrong

    def _read(self, field_name: str, read: Callable[[Column, Report], Sequence[Any]]) -> Sequence[Any]:
        found = Report()
        values = read(self.sheet.column(self.numbers[field_name]), found)
        self._tell(found)
        return values

    def read_all_times(self, report: Report) -> None:
        """Read the columns of times together: what is no time is told, what may be two is an error."""
        there = [name for name in TIMES if name in self.numbers]
        columns = [self.sheet.column(self.numbers[name]) for name in there]
        found = Report()
        day_first = self.source.day_first if self.how.day_first is None else self.how.day_first
        ends = frozenset(column.heading for name, column in zip(there, columns, strict=True) if name == "due")
        read = read_times(columns, found, zone=self.how.zone, day_first=day_first, date_ends_day=ends)
        report.issues += [issue for issue in found.issues if issue.repair.endswith(REPAIR_ORDER)]
        found.issues = [issue for issue in found.issues if not issue.repair.endswith(REPAIR_ORDER)]
        self._tell(found)
        self.times = {name: floats(values) for name, values in zip(there, read, strict=True)}

    def time(self, name: str) -> Float:
        """A column of times, NaN where there is none."""
        return self.times.get(name, np.full(self.n_rows, np.nan))

    def _tell(self, found: Report) -> None:
        for issue in (*found.issues, *found.warnings):
            note = Note("cells", f"{issue.path}: {issue.problem}; {issue.repair}.")
            if note not in self.notes:
                self.notes.append(note)


def _ids(column: Column, report: Report) -> Sequence[Any]:
    if any(isinstance(cell, list) for cell in column.cells):
        cells = ["; ".join(map(str, cell)) or None if isinstance(cell, list) else cell for cell in column.cells]
        column = replace(column, cells=cells)
    return read_ids(column, report)


def table_of(sheet: Sheet, source: Source, how: Assumptions, report: Report) -> Table:
    """What every column of a sheet means, by what the caller says and then by its heading."""
    stated: dict[str, str] = {}
    unused = set()
    for heading, name in how.columns.items():
        if not name:
            unused.add(heading_key(heading))
        elif name not in FIELDS:
            report.error(f"columns[{shown(heading)}]", f"{shown(name)} is no field", choices(name, FIELDS))
        elif name in stated:
            report.error(f"columns[{shown(heading)}]", f"is a second column for {name}", "name one of them")
        else:
            stated[name] = heading
    names = {name: tuple(h for h in words if heading_key(h) not in unused) for name, words in source.names.items()}
    numbers, uses = columns_of(sheet, {name: words for name, words in names.items() if words}, stated, report)
    mapped = {use.heading: use.field or "" for use in uses}
    table = Table(sheet, source, how, numbers, mapped)
    for warning in sheet.warnings:
        table.note("file", f"{warning.path} {warning.problem}.")
    return table

"""A table of tickets to rows of our fields: which are to be assigned, which are in work already, which are finished.

1. Columns are mapped; the status says where each ticket is. Finished ones, and what is no ticket, are set aside unread.
2. Every column is read as a whole.
3. What a row says beside our fields becomes one: an organization a customer, a parent a bond, an assignee an agent.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from decimal import Decimal
from functools import partial
from typing import Any

from ticketopt.errors import Issue
from ticketopt.intake.cells import plain_value, read_each
from ticketopt.intake.column import Column, are_texts
from ticketopt.intake.families import join_families
from ticketopt.intake.helpdesks.base import Helpdesk, Stage
from ticketopt.intake.helpdesks.plain import PLAIN
from ticketopt.intake.helpdesks.statuses import STATUSES
from ticketopt.intake.lists import read_wanted
from ticketopt.intake.mapping import ColumnUse, columns_of, names_of
from ticketopt.intake.nested import map_or_list
from ticketopt.intake.priorities import read_priorities
from ticketopt.intake.read import Sheet
from ticketopt.intake.table_times import times_of
from ticketopt.intake.values import read_ids, read_numbers
from ticketopt.problem.names import spelled
from ticketopt.problem.records import TICKET_FIELDS
from ticketopt.problem.report import NOTHING_TO_DO, Report, shown

__all__ = ["How", "Rows", "TicketColumns", "rows_of", "set_aside_notes", "stage_of", "ticket_rows", "unnumbered"]

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class How:
    """How somebody else's tables are to be read; what is None is found in them.

    Attributes
    ----------
    helpdesk : a name in `HELPDESKS`. columns : our field -> heading, for tickets and agents alike.
    zone : of times without one. day_first : whether numeric dates begin with the day.
    levels : the highest skill level of the team's own scale.
    """

    helpdesk: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    zone: tzinfo = UTC
    day_first: bool | None = None
    levels: float | None = None


@dataclass(slots=True)
class Rows:
    """Records row by row: what each says in our fields, and how messages name each; the rest as in `TicketColumns`."""

    rows: list[Any]
    places: list[str]
    uses: tuple[ColumnUse, ...] = ()
    set_aside: Counter[str] = field(default_factory=Counter)

    def values_of(self, field: str) -> list[Any]:
        """What every row says of a field, None where it says nothing."""
        return [row.get(field) if isinstance(row, Mapping) else None for row in self.rows]

    def place_of(self, k: int) -> str:
        """How messages name a row."""
        return self.places[k]

    def keep(self, kept: Sequence[int]) -> None:
        """Drop all others."""
        self.rows, self.places = [self.rows[k] for k in kept], [self.places[k] for k in kept]


@dataclass(slots=True)
class TicketColumns:
    """What a table of tickets says.

    Attributes
    ----------
    columns : our field -> its value per ticket, None where nothing is given.
    numbers : the row of each ticket; `place_at`, how messages name a row.
    stages : where each is; `new` only of a reopened one, None where nobody says.
    assignees : who has it, as written. uses : what became of every column.
    set_aside : reason -> how many rows.
    """

    columns: dict[str, Sequence[Any]]
    numbers: Sequence[int]
    place_at: Callable[[int], str]
    stages: Sequence[Stage | None]
    assignees: Sequence[Any]
    uses: tuple[ColumnUse, ...] = ()
    set_aside: Counter[str] = field(default_factory=Counter)

    @property
    def places(self) -> list[str]:
        """How messages name each ticket."""
        return self.places_of(range(len(self.numbers)))

    def places_of(self, which: Iterable[int]) -> list[str]:
        """How messages name some of the tickets."""
        return [self.place_at(self.numbers[k]) for k in which]

    def values_of(self, field: str) -> Sequence[Any]:
        """What every ticket says of a field, None where it says nothing."""
        return self.columns.get(field) or [None] * len(self.numbers)

    def place_of(self, k: int) -> str:
        """How messages name a ticket."""
        return self.place_at(self.numbers[k])

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each ticket's fields, without what is not given."""
        return rows_of(self.columns, len(self.numbers))

    def keep(self, kept: Sequence[int]) -> None:
        """Drop all other tickets."""
        if len(kept) == len(self.numbers):
            return
        self.columns = {name: [cells[k] for k in kept] for name, cells in self.columns.items()}
        self.numbers = [self.numbers[k] for k in kept]
        self.stages, self.assignees = [self.stages[k] for k in kept], [self.assignees[k] for k in kept]


def ticket_rows(sheet: Sheet, helpdesk: Helpdesk, how: How, report: Report) -> TicketColumns:
    """See the module's text."""
    names = names_of(helpdesk.tickets, PLAIN.tickets, TICKET_FIELDS, is_plain=helpdesk is PLAIN)
    numbers, uses = columns_of(sheet, names, _stated(how.columns), report)
    set_aside: Counter[str] = Counter()
    stages = _stages(sheet, numbers, helpdesk, set_aside, report)
    kept = [k for k, stage in enumerate(stages) if stage != "done"] if "done" in stages else range(len(stages))
    columns = {name: _only(sheet.column(number), kept) for name, number in numbers.items()}
    if not sheet.is_text and "ticket_id" in numbers:
        columns["ticket_id"] = _only(sheet.raw_column(numbers["ticket_id"]), kept)
    values = _values(columns, helpdesk, how, report)
    assignees = values.pop("assignee", [None] * len(kept))
    if (organizations := values.pop("organization", None)) is not None:
        customers = values.get("customer", organizations)
        pairs = zip(organizations, customers, strict=True)
        values["customer"] = [customer if organization is None else organization for organization, customer in pairs]
    for name in ("ticket_id", "parent"):
        if helpdesk.id_in is not None and name in values:
            values[name] = [helpdesk.id_of(cell) for cell in values[name]]
    join_families(values, are_tickets=helpdesk.parents_are_tickets)
    stages = stages if len(kept) == len(stages) else [stages[k] for k in kept]
    return TicketColumns(values, kept, sheet.place_of, stages, assignees, uses, set_aside)


def _stated(columns: Mapping[str, str]) -> dict[str, str]:
    return {name: heading for name, heading in columns.items() if name in PLAIN.tickets or name in TICKET_FIELDS}


def _stages(
    sheet: Sheet, numbers: Mapping[str, int], helpdesk: Helpdesk, set_aside: Counter[str], report: Report
) -> list[Stage | None]:
    stages: list[Stage | None] = [None] * sheet.n_rows
    unknown: Counter[str] = Counter()
    if "status" in numbers:
        words = read_each(sheet.column(numbers["status"]), lambda cell: str(cell).strip())
        known: dict[str | None, Stage | None] = {None: None}
        for word, count in Counter(words).items():
            if word is None:
                continue
            stage = stage_of(word, helpdesk.statuses)
            known[word] = None if stage == "new" and not _REOPENED.search(word) else stage
            if stage is None:
                unknown[word] = count
            elif stage == "done":
                set_aside[word] = count
        stages = list(map(known.__getitem__, words))
    for word, count in unknown.most_common(_SHOWN):
        problem = f"the status {shown(word)} of {count} tickets is not known here; they are taken as open"
        report.warn(sheet.source, problem, "take out those that are finished")
    if helpdesk.kinds and "kind" in numbers:
        for k, cell in enumerate(sheet.column(numbers["kind"]).cells):
            word = "" if cell is None else str(cell).strip()
            if word and stages[k] != "done" and ("*" in helpdesk.kinds or word in helpdesk.kinds):
                stages[k] = "done"
                set_aside["no ticket" if "*" in helpdesk.kinds else word] += 1
    return stages


def unnumbered(word: str) -> str:
    """A status without its number and its brackets: `3 (on hold)` is `on hold`."""
    return word.lstrip("0123456789.:() ").rstrip(" ()")


def stage_of(status: str, own: Mapping[str, Stage]) -> Stage | None:
    """Where a ticket of this status is; None where nobody knows.

    The helpdesk's own words come first, then everybody's. `2 - In Progress` and `3 (on hold)` say it in their words.
    """
    word = spelled(status)
    plain = unnumbered(word)
    bare = " ".join(_LETTERS.findall(_NOTE.sub(" ", word)))
    known = next((table[key] for table in (own, STATUSES) for key in (word, plain, bare) if key in table), None)
    if known is None and "/" in word:
        stages = {stage_of(part, own) for part in word.split("/")}
        return stages.pop() if len(stages) == 1 else None
    return known


def _only(column: Column, kept: Sequence[int]) -> Column:
    if len(kept) == len(column.cells):
        return column
    place = column.place
    return Column(column.heading, [column.cells[k] for k in kept], lambda k: place(kept[k]), column.is_text)


_IDS = ("ticket_id", "previous_agent", "pinned_agent", "customer", "organization", "parent", "together")
_TIMES = ("creation_timestamp", "due")
_REOPENED = re.compile(r"re-?\s?open|wieder|reab|r\u00e9?ouv|riapert", re.IGNORECASE)
"""Of new tickets, those that somebody had before."""
_NOTE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_LETTERS = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_UNSAID = {"skills": 1.0, "requires": None}
"""What a skill counts, or how well it has to be known, where only its name stands."""
_NUMBERS: dict[str, dict[str, Any]] = {"effort": {"whole": True, "low": 1, "high": 1e6}, "urgency": {"high": 1.0}}


def _values(columns: Mapping[str, Column], helpdesk: Helpdesk, how: How, report: Report) -> dict[str, Sequence[Any]]:
    day_first = helpdesk.day_first if how.day_first is None else how.day_first
    values = times_of(columns, _TIMES, "due", how.zone, day_first, report)
    readers: dict[str, Callable[[Column], Sequence[Any]]] = {
        **dict.fromkeys(_IDS, lambda column: read_ids(column, report)),
        "priority": lambda column: read_priorities(column, report, helpdesk.priorities),
        **{name: partial(read_numbers, report=report, **limits) for name, limits in _NUMBERS.items()},
    }
    for name, column in columns.items():
        if name in readers:
            values[name] = readers[name](column) if column.is_text else _unusual(column, name, helpdesk)
        elif name in _UNSAID and column.is_text:
            values[name] = read_wanted(column, report, unsaid=_UNSAID[name])
        elif name in TICKET_FIELDS and name not in values:
            values[name] = map_or_list(column, TICKET_FIELDS[name].cell, report)
        elif name == "assignee":
            is_one = are_texts(column.cells) or not any(isinstance(cell, list) for cell in column.cells)
            values[name] = read_ids(column, report) if is_one else column.cells
    return values


def _unusual(column: Column, name: str, helpdesk: Helpdesk) -> Sequence[Any]:
    """Of a column of plain values only what our own format does not know and others do: priorities in other words."""
    if name != "priority" and Decimal not in set(map(type, column.cells)):
        return column.cells
    if name != "priority":
        return [plain_value(cell) if isinstance(cell, Decimal) else cell for cell in column.cells]
    found = read_priorities(column, Report(), helpdesk.priorities)
    return [word if word and isinstance(cell, str) else cell for cell, word in zip(column.cells, found, strict=True)]


def rows_of(values: Mapping[str, Sequence[Any]], n: int) -> list[dict[str, Any]]:
    """Columns of values as rows, without what is not given."""
    return [{name: cells[k] for name, cells in values.items() if cells[k] is not None} for k in range(n)]


def set_aside_notes(rows: TicketColumns, source: str) -> list[Issue]:
    """What was set aside, as warnings."""
    if not rows.set_aside:
        return []
    words = ", ".join(f"{count} {shown(word)}" for word, count in rows.set_aside.most_common())
    return [Issue(source, f"set aside as finished or no tickets: {words}", NOTHING_TO_DO)]

"""What kind of log a table is."""

from __future__ import annotations

from collections.abc import Iterable

from ticketopt.history.assumptions import Assumptions
from ticketopt.history.field_changes import whole_states
from ticketopt.history.sources import SOURCES, Source
from ticketopt.history.sources.audit import AUDIT
from ticketopt.history.sources.field_changes import FIELD_CHANGES
from ticketopt.history.sources.sys_audit import SYS_AUDIT
from ticketopt.history.sources.tickets import TICKETS
from ticketopt.history.sources.work import WORK
from ticketopt.history.tables import Records
from ticketopt.intake.column import heading_key
from ticketopt.intake.helpdesks.recognize import recognized
from ticketopt.intake.read import Sheet, flat, sheet_of_rows

__all__ = ["recognized_log", "source_of"]

_OF_CHANGES = ("ticket", "time", "field", "after", "before", "actor")
"""What a table of changed fields has; the last two are not needed where its kind is stated."""

_SEVERAL_ROWS = 0.9
"""A log of changes has at most so many tickets per row."""


def recognized_log(headings: Iterable[str]) -> str | None:
    """The kind whose longest set of signs is all there; None where none is."""
    there = {heading_key(heading) for heading in headings}
    lengths = {
        name: max((len(signs) for signs in kind.signs if all(heading_key(s) in there for s in signs)), default=0)
        for name, kind in SOURCES.items()
    }
    best = max(lengths, key=lambda name: lengths[name])
    return best if lengths[best] else None


def source_of(name: str, given: Sheet | Records, how: Assumptions) -> tuple[Source, Sheet]:
    """The kind of a log, and its rows as a table.

    What its signs tell comes first, then what `intake` recognizes. A log of changes has a ticket in several rows: a
    table without such is one of tickets. So a plain table with a column of times in which ids repeat is one of changes,
    and one with hours and an agent is one of work.
    """
    unfolded = None if isinstance(given, Sheet) else _unfolded(name, given, how)
    if unfolded is not None:
        return unfolded
    sheet = given if isinstance(given, Sheet) else sheet_of_rows([flat(r) for r in given], name, is_text=True)
    changed = {name: _column_of(sheet, FIELD_CHANGES, how, name) for name in _OF_CHANGES}
    numbers = {name: number for name, number in changed.items() if number is not None}
    is_stated = how.kind_of_log in ("field_changes", "sys_audit") and numbers.keys() >= set(_OF_CHANGES[:4])
    if is_stated or (how.kind_of_log is None and len(set(numbers.values())) == len(_OF_CHANGES)):
        kind = how.kind_of_log or recognized_log(sheet.headings)
        return SYS_AUDIT if kind == "sys_audit" else FIELD_CHANGES, whole_states(sheet, numbers)
    if how.kind_of_log is not None:
        return SOURCES[how.kind_of_log], sheet
    log = recognized_log(sheet.headings)
    if log is not None and (SOURCES[log].shape in ("tickets", "work") or _repeats(sheet, SOURCES[log], how)):
        return SOURCES[log], sheet
    helpdesk = recognized(sheet.headings)
    if helpdesk is not None and helpdesk in SOURCES:
        return SOURCES[helpdesk], sheet
    if _repeats(sheet, AUDIT, how) and _has(sheet, AUDIT, how, "time"):
        return AUDIT, sheet
    if _repeats(sheet, WORK, how) and _has(sheet, WORK, how, "hours") and _has(sheet, WORK, how, "agent"):
        return WORK, sheet
    return TICKETS, sheet


def _unfolded(name: str, records: Records, how: Assumptions) -> tuple[Source, Sheet] | None:
    """Records of which each holds many rows, as a table of these; None where no source knows them."""
    for kind, source in SOURCES.items():
        if source.unfold is not None and how.kind_of_log in (None, kind):
            rows = source.unfold(records)
            if rows is not None:
                return source, sheet_of_rows(rows, name, is_text=True)
    return None


def _column_of(sheet: Sheet, source: Source, how: Assumptions, field: str) -> int | None:
    stated = [heading for heading, name in how.columns.items() if name == field]
    keys = [heading_key(heading) for heading in (*stated, *source.names.get(field, ()))]
    places = {heading_key(heading): k for k, heading in reversed(list(enumerate(sheet.headings)))}
    return next((places[key] for key in keys if key in places), None)


def _has(sheet: Sheet, source: Source, how: Assumptions, field: str) -> bool:
    return _column_of(sheet, source, how, field) is not None


def _repeats(sheet: Sheet, source: Source, how: Assumptions) -> bool:
    """Whether tickets stand in several rows."""
    number = _column_of(sheet, source, how, "ticket")
    if number is None:
        return False
    ids = [str(cell) for cell in sheet.column(number).cells if cell is not None]
    return len(set(ids)) <= _SEVERAL_ROWS * len(ids) and len(ids) > 1

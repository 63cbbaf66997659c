"""Rows in which something is wrong: errors, or rows that are left out; and tables whose ids nobody finds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import get_close_matches

from ticketopt.errors import InvalidInputError, Issue
from ticketopt.intake.check import Skipped
from ticketopt.intake.read import Sheet
from ticketopt.intake.tickets import Rows, TicketColumns
from ticketopt.problem import fields as f

__all__ = ["as_written", "need_ids", "refuse_wrong_rows", "set_wrong_rows_aside"]

_SHOWN = 8  # headings that a message lists


def refuse_wrong_rows(tables: Sequence[Sheet], skip_invalid: bool, report: f.Report) -> None:
    """Rows that do not fit the headings: one error for a table, or one for each row where they are to be skipped."""
    if skip_invalid:
        report.issues += [issue for table in tables for issue in table.wrong_rows]
        return
    found = []
    for wrong in (table.wrong_rows for table in tables if table.wrong_rows):
        more = f", and so have {len(wrong) - 1} other rows" if len(wrong) > 1 else ""
        found.append(replace(wrong[0], problem=wrong[0].problem + more))
    if found:
        raise InvalidInputError(found)


def need_ids(table: Sheet, rows: TicketColumns | Rows, field: str, report: f.Report) -> None:
    """One error where no column of a file holds the ids, instead of one for every row; and one for every wrong id."""
    ids = rows.values_of(field)
    if report.issues and not report.names_all:
        heading = next((use.heading for use in rows.uses if use.field == field), None)
        named = {issue.path for issue in report.issues}
        wrong = {k for k, cell in enumerate(ids) if cell is None and f"{rows.place_of(k)}.{heading}" in named}
        rows.keep([k for k in range(len(ids)) if k not in wrong])
    if not table.is_text or not table.headings or any(cell is not None for cell in ids):
        return
    known = (field, "name") if field == "agent_id" else (field,)
    if any(use.field in known for use in rows.uses):
        return
    headings = [heading for heading in table.headings if heading]
    listed = ", ".join(map(f.shown, headings[:_SHOWN])) + (", ..." if len(headings) > _SHOWN else "")
    close = get_close_matches(field, headings, n=1) or headings[:1]
    stated = f"--map {f.shown(f'{close[0]}={field}')}" if close else "--map"
    repair = f"name the column of the ids {field}, or say which it is, such as {stated}"
    report.error(table.source, f"has no column that is known as {field}; its headings are {listed}", repair)
    rows.keep(())


def set_wrong_rows_aside(tables: Iterable[TicketColumns | Rows], report: f.Report, skipped: list[Skipped]) -> None:
    """Issues of single rows leave the report, and the rows their table."""
    for table in tables:
        places = table.places
        known = set(places)
        wrong: dict[str, list[Issue]] = {}
        others = []
        for issue in report.issues:
            place = next((issue.path[:k] for k in _ends(issue.path) if issue.path[:k] in known), None)
            if place is None:
                others.append(issue)
            else:
                wrong.setdefault(place, []).append(issue)
        report.issues[:] = others
        if wrong:
            rows = zip(places, table.rows, strict=True)
            skipped += [Skipped(place, row, tuple(wrong[place])) for place, row in rows if place in wrong]
            table.keep([k for k, place in enumerate(places) if place not in wrong])


def as_written(skipped: Sequence[Skipped], tables: Iterable[Sheet]) -> tuple[Skipped, ...]:
    """With the rows as they stand in their tables."""
    wanted = {row.place for row in skipped}
    written = {
        place: {heading: cells[k] for heading, cells in zip(table.headings, table.cells, strict=True)}
        for table in (tables if wanted else ())
        for k in range(table.n_rows)
        if (place := table.place_of(k)) in wanted
    }
    return tuple(replace(row, row=written.get(row.place, row.row)) for row in skipped)


def _ends(path: str) -> list[int]:
    return [len(path), *(k for k, letter in enumerate(path) if letter in ".[")]

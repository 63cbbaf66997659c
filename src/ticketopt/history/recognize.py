"""What kind of log a table is."""

from __future__ import annotations

from collections.abc import Iterable

from ticketopt.history.assumptions import Assumptions
from ticketopt.history.sources import SOURCES, Source
from ticketopt.history.tables import Records
from ticketopt.intake.column import heading_key
from ticketopt.intake.read import Sheet, flat, sheet_of_rows
from ticketopt.problem.report import Report

__all__ = ["recognized_log", "source_of"]


def recognized_log(headings: Iterable[str]) -> str | None:
    """The kind whose longest set of signs is all there; None where none is."""
    there = {heading_key(heading) for heading in headings}
    lengths = {
        name: max((len(signs) for signs in kind.signs if all(heading_key(s) in there for s in signs)), default=0)
        for name, kind in SOURCES.items()
    }
    best = max(lengths, key=lambda name: lengths[name])
    return best if lengths[best] else None


def source_of(name: str, given: Sheet | Records, how: Assumptions, report: Report) -> tuple[Source, Sheet]:
    """The kind of a log, and its rows as a table."""
    sheet = given if isinstance(given, Sheet) else sheet_of_rows([flat(r) for r in given], name, is_text=True)
    found = how.kind_of_log or recognized_log(sheet.headings) or "audit"
    return SOURCES[found], sheet

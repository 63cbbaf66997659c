"""Which column means which of our fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ticketopt.errors import SHOWN_ISSUES
from ticketopt.intake.column import given, heading_key, without_placeholders
from ticketopt.intake.helpdesks import HELPDESKS, Helpdesk
from ticketopt.intake.helpdesks.base import Names
from ticketopt.intake.helpdesks.recognize import recognized, recognized_team
from ticketopt.intake.read import Sheet
from ticketopt.problem.report import Report, choices, shown

__all__ = ["ColumnUse", "columns_of", "helpdesk_of", "names_of", "warn_of_unknown", "warn_of_unused"]


_QUOTES = "'\""
_SEVERAL = ("tags", "parent", "assignee")
"""What may stand in several columns of one heading; the first is read."""
_NOTE = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\])\s*$")
"""A note at the end of a heading, such as a zone: it is read as if it were not there where no other column fits."""
_IN_UNITS = ("effort", "urgency", "capacity", "current_load")
"""Of these a note may be a unit that is not ours."""


@dataclass(frozen=True, slots=True)
class ColumnUse:
    """One column of a table: what it became (None: nothing), and up to two of its values."""

    heading: str
    field: str | None
    samples: tuple[str, ...]


def names_of(helpdesk_names: Names, plain_names: Names, ours: Iterable[str], *, is_plain: bool) -> Names:
    """What headings mean: an export's own, and only those; in a plain table every field of ours by its own name too."""
    if not is_plain:
        return helpdesk_names
    return {field: (field, *plain_names.get(field, ())) for field in dict.fromkeys((*ours, *plain_names))}


def columns_of(
    sheet: Sheet, names: Names, stated: Mapping[str, str], report: Report
) -> tuple[dict[str, int], tuple[ColumnUse, ...]]:
    """Every field's column, and what became of every column.

    Parameters
    ----------
    names : what headings mean. stated : field -> heading, as somebody says; that comes first.

    Returns
    -------
    Field -> number of its column; and one entry per column.
    """
    places: dict[str, list[int]] = {}
    annotated: dict[str, list[int]] = {}
    for number, heading in enumerate(sheet.headings):
        places.setdefault(heading_key(heading), []).append(number)
        if bare := _NOTE.sub("", heading):
            annotated.setdefault(heading_key(bare), []).append(number)
    used: dict[str, int] = {}
    for field, heading in stated.items():
        if heading_key(heading) in places:
            used[field] = _only(sheet, places[heading_key(heading)], field, report)
        else:
            problem = f"there is no column {shown(heading)} for {field}"
            report.error(sheet.source, problem, choices(heading, [h for h in sheet.headings if h]))
    taken = set(used.values())
    by_own_name = [(field, (field,)) for field, headings in names.items() if headings[0] == field]
    without_unit = [(field, headings) for field, headings in names.items() if field not in _IN_UNITS]
    for wanted, there in ((by_own_name, places), (names.items(), places), (without_unit, annotated)):
        for field, headings in wanted:
            keys = (heading_key(heading) for heading in headings)
            free = (there[key] for key in keys if key in there and not taken.intersection(there[key]))
            if field not in used and (columns := next(free, None)):
                used[field] = _only(sheet, columns, field, report)
                taken.update(columns)
    by_number = {number: field for field, number in used.items()}
    uses = (ColumnUse(h.strip(), by_number.get(k), _samples(sheet.cells[k])) for k, h in enumerate(sheet.headings))
    return used, tuple(uses)


def _only(sheet: Sheet, numbers: Sequence[int], field: str, report: Report) -> int:
    """The one column to read of several with one heading: the others may repeat it or be empty."""
    filled = [number for number in numbers if any(True for _ in given(sheet.cells[number]))]
    first = next(iter(filled), numbers[0])
    if field not in _SEVERAL and any(sheet.cells[number] != sheet.cells[first] for number in filled):
        report.error(sheet.source, f"has the column {shown(sheet.headings[first].strip())} twice", "keep one of them")
    return first


def _samples(cells: Sequence[object]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for cell in given(cells):
        found.setdefault(" ".join((cell if isinstance(cell, str) else shown(cell)).split())[:40])
        if len(found) == 2:
            break
    return tuple(found)


def helpdesk_of(name: str | None, sheet: Sheet, report: Report, *, of_agents: bool = False) -> Helpdesk:
    """The helpdesk of that name, else the one that the headings tell, else a plain table."""
    if name is not None and name not in HELPDESKS:
        report.error("helpdesk", f"{shown(name)} is not known", choices(name, HELPDESKS))
    known = name if name in HELPDESKS else (recognized_team if of_agents else recognized)(sheet.headings)
    return HELPDESKS[known or "plain"]


def warn_of_unused(
    sheet: Sheet, uses: Sequence[ColumnUse], helpdesk: Helpdesk, known: Iterable[str], report: Report
) -> None:
    """Columns with content that became nothing: one warning for an export, one for each column of a plain table."""
    unused: dict[str, tuple[str, int]] = {}
    for number, use in enumerate(uses):
        if use.field is None and use.heading and use.heading not in unused:
            cells = without_placeholders(sheet.cells[number])
            first = next((k for k, cell in enumerate(cells) if cell is not None), None)
            if first is not None:
                unused[use.heading] = sheet.place_of(first), sum(cell is not None for cell in cells)
    if helpdesk is not HELPDESKS["plain"]:
        if unused:
            names = ", ".join(map(shown, unused))
            problem = f"has {len(unused)} columns that were not used: {names}"
            report.warn(sheet.source, problem, "say which field of ours one of them is, where it matters")
        return
    warn_of_unknown(unused, sheet.source, known, report)


def warn_of_unknown(unknown: Mapping[str, tuple[str, int]], where: str, known: Iterable[str], report: Report) -> None:
    """A warning per unknown field: name -> how messages call its first row, and how many rows have it."""
    for name, (place, n_rows) in list(unknown.items())[:SHOWN_ISSUES]:
        more = f" and {n_rows - 1} more" if n_rows > 1 else ""
        report.warn(f"{place}.{shown(name).strip(_QUOTES)}{more}", "is not a known field", choices(name, known))
    if len(unknown) > SHOWN_ISSUES:
        report.warn(where, f"have {len(unknown)} unknown fields", "the first are listed")

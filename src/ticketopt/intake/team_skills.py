"""The skills of a team, in the shapes in which they are written down.

* In one cell per agent, with levels in it or beside it, or in several cells: `skill 1`, `skill 2`.
* One row per agent and skill: `skill` and `level` columns, put together by id.
* In a plain table: one column per skill, or one row per skill with a column per agent.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ticketopt.intake.column import Column, heading_key
from ticketopt.intake.helpdesks.plain import PLAIN
from ticketopt.intake.levels import DEFAULT_LEVEL, read_levels
from ticketopt.intake.lists import read_skills
from ticketopt.intake.mapping import ColumnUse
from ticketopt.intake.presence import AWAY_IF_TRUE
from ticketopt.intake.read import Sheet
from ticketopt.intake.team_columns import says_when
from ticketopt.intake.tickets import How, rows_of
from ticketopt.problem.names import spelled
from ticketopt.problem.report import Report, shown

__all__ = ["add_skills", "one_row_per_agent", "with_levels_beside"]

_ONE_SKILL = ("skill", "skillname", "competency", "f\u00e4higkeit", "kompetenz", "habilidad", "comp\u00e9tence")
_ITS_LEVEL = ("level", "skilllevel", "proficiency", "rating", "score", "stufe", "nivel", "niveau", "n\u00edvel")
_THEIR_LEVELS = (*_ITS_LEVEL, "levels", "skilllevels", "proficiencies", "ratings", "scores", "stufen", "niveaux")
_NUMBERED = re.compile(rf"({'|'.join(_ONE_SKILL)})(\d+)(?:({'|'.join(_ITS_LEVEL)}))?|({'|'.join(_ITS_LEVEL)})(\d+)")
_SCALE = re.compile(r"\s*[(\[][^()\[\]]*[\d%][^()\[\]]*[)\]]\s*$|\s*%\s*$")
"""A scale behind a skill's name, such as `(1-5)`, `(/5)` or `(%)`."""
_SEPARATORS = re.compile(r"[;|,\r\n]+")

_OF_OTHERS = AWAY_IF_TRUE | {
    heading_key(heading)
    for name, headings in PLAIN.agents.items()
    if name not in ("mail", "account")
    for heading in headings
}
"""Headings of other fields, which are no skills whatever stands below them."""

_NOT_SKILLS = re.compile(
    r"tickets|(?<![^\W\d_])(?:max|min|(?:maxi|mini)mum|limits?|counts?|numbers?|totals?|resolved|csat|scores?|ratings?|avg"
    r"|average|(?:work)?load|times?|hours?|age|years?|rate|costs?|salary|phone|ext|extension|zip|rank|order|dates?|id"
    r"|rooms?|floor|desk|shifts?|percent|quotas?|targets?|version|days?|off|vacations?|holidays?|urlaub|absences?)"
    r"(?![^\W\d_])",
    re.IGNORECASE,
)
"""Words of other measures; as a part of a longer word (Accounts, Administration, Storage) they say nothing."""

_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
"""Where words are written together, as in `maxOpen`."""


def one_row_per_agent(sheet: Sheet, how: How, report: Report) -> Sheet:
    """A table with one row per skill and one column per agent, turned round; every other table as it is."""
    first = heading_key(sheet.headings[0]) if sheet.headings else ""
    names = [(k, heading) for k, heading in enumerate(sheet.headings[1:], start=1) if heading.strip()]
    is_other = any(heading_key(name) in _OF_OTHERS or heading_key(name) in _THEIR_LEVELS for _, name in names)
    if not sheet.is_text or first not in (*_ONE_SKILL, "skills") or is_other or len(names) < 2 or not sheet.n_rows:
        return sheet
    trial = Report()
    read = read_levels([sheet.column(k) for k, _ in names], trial, scale=how.levels)
    skills = [str(cell).strip() for cell in sheet.cells[0]]
    if trial.issues or "" in skills or len(set(skills)) < len(skills):
        return sheet
    levels = [{skill: n for skill, n in zip(skills, own, strict=True) if n is not None} for own in read]
    report.warnings += trial.warnings
    report.warn(sheet.source, "was read as one column per agent and one row per skill", "write it the other way if not")
    people = tuple(heading.strip() for _, heading in names)
    return replace(
        sheet,
        headings=("agent_id", "skills"),
        cells=(people, levels),
        place_of=lambda k: f"{sheet.source} column {people[k]}",
    )


def with_levels_beside(
    sheet: Sheet, columns: Mapping[str, Column], uses: tuple[ColumnUse, ...]
) -> tuple[dict[str, Column], tuple[ColumnUse, ...]]:
    """Skills and their levels from several cells of a row as one cell, such as `VPN:9; Mail:2`."""
    result = dict(columns)
    free = {heading_key(use.heading): k for k, use in enumerate(uses) if use.field is None and use.heading}
    level = next((free[key] for key in _THEIR_LEVELS if key in free), None)
    if "skills" in columns and level is not None:
        cells = [_paired(*pair) for pair in zip(columns["skills"].cells, sheet.column(level).cells, strict=True)]
        if all(cell is not None or skills is None for cell, skills in zip(cells, columns["skills"].cells, strict=True)):
            result["skills"] = replace(columns["skills"], cells=cells)
            return result, _as_skills(uses, [level])
    numbered = {key: k for key, k in free.items() if _NUMBERED.fullmatch(key)}
    if "skills" not in columns and numbered:
        names, levels = _numbered(sheet, numbered)
        cells = [
            _joined([(c[k], levels[n][k] if n in levels else None) for n, c in names.items()])
            for k in range(sheet.n_rows)
        ]
        first = sheet.column(min(numbered.values()))
        result["skills"] = replace(first, cells=cells)
        return result, _as_skills(uses, numbered.values())
    return result, uses


def _paired(skills: Any, levels: Any) -> str | None:
    """`VPN; Mail` and `9; 2` as `VPN:9; Mail:2`; None where they do not go together."""
    if not isinstance(skills, str) or levels is None:
        return None
    names, values = ([part.strip() for part in _SEPARATORS.split(str(text))] for text in (skills, levels))
    is_plain = all(name and ":" not in name and "=" not in name for name in names)
    return _joined(zip(names, values, strict=True)) if is_plain and len(names) == len(values) else None


def _joined(pairs: Any) -> str | None:
    given = [(str(name).strip(), level) for name, level in pairs if name is not None and str(name).strip()]
    return "; ".join(name if level is None else f"{name}:{level}" for name, level in given) or None


def _numbered(sheet: Sheet, numbers: Mapping[str, int]) -> tuple[dict[str, Sequence[Any]], dict[str, Sequence[Any]]]:
    """The cells of skills and of their levels, by the number in their headings."""
    names: dict[str, Sequence[Any]] = {}
    levels: dict[str, Sequence[Any]] = {}
    for key, k in numbers.items():
        found = _NUMBERED.fullmatch(key)
        assert found is not None  # only such headings are given
        is_level = found[3] is not None or found[5] is not None
        (levels if is_level else names)[found[2] or found[5]] = sheet.column(k).cells
    return names, levels


def add_skills(
    sheet: Sheet,
    values: dict[str, list[Any]],
    uses: tuple[ColumnUse, ...],
    how: How,
    report: Report,
    *,
    is_plain: bool,
) -> tuple[list[dict[str, Any]], list[str], tuple[ColumnUse, ...]]:
    """Rows with their skills, their places, and what became of the columns."""
    free = {heading_key(use.heading): k for k, use in enumerate(uses) if use.field is None and use.heading}
    long = [next((free[key] for key in keys if key in free), None) for keys in (_ONE_SKILL, _ITS_LEVEL)]
    if long[0] is not None and long[1] is None and "skills" not in values and _is_unique(values.get("agent_id", ())):
        values["skills"] = read_skills(sheet.column(long[0]), report, scale=how.levels)
    elif long[0] is not None and "skills" not in values:
        return _long(sheet, values, sheet.column(long[0]), long[1], how, report, _as_skills(uses, long))
    if is_plain and sheet.is_text and "skills" not in values:
        uses = _wide(sheet, values, free, uses, how, report)
    rows, places = rows_of(values, sheet.n_rows), [sheet.place_of(k) for k in range(sheet.n_rows)]
    return rows, places, uses


def _as_skills(uses: tuple[ColumnUse, ...], numbers: Collection[int | None]) -> tuple[ColumnUse, ...]:
    return tuple(replace(use, field="skills") if k in numbers else use for k, use in enumerate(uses))


def _is_unique(ids: Sequence[Any]) -> bool:
    return len(set(map(str, ids))) == len(ids)


def _wide(
    sheet: Sheet,
    values: dict[str, list[Any]],
    free: Mapping[str, int],
    uses: tuple[ColumnUse, ...],
    how: How,
    report: Report,
) -> tuple[ColumnUse, ...]:
    """One column per skill: those whose cells are all levels and whose headings name no other measure."""
    columns = []
    for number in free.values():
        column = sheet.column(number)
        words = _HUMP.sub(" ", column.heading)
        if _NOT_SKILLS.search(words) or heading_key(column.heading) in _OF_OTHERS or says_when(column.heading):
            continue
        trial = Report()
        if any(c.isalpha() for c in column.heading) and any(cell is not None for cell in column.cells):
            read_levels([column], trial, scale=how.levels)
            if not trial.issues:
                columns.append((number, column))
    if not columns:
        return uses
    levels = read_levels([column for _, column in columns], report, scale=how.levels)
    values["skills"] = [
        {
            _SCALE.sub("", column.heading): cells[k]
            for (_, column), cells in zip(columns, levels, strict=True)
            if cells[k] is not None
        }
        for k in range(sheet.n_rows)
    ]
    names = ", ".join(shown(column.heading) for _, column in columns)
    report.warn(sheet.source, f"the columns {names} were read as skills", "give them a heading of another field if not")
    return _as_skills(uses, [number for number, _ in columns])


def _long(
    sheet: Sheet,
    values: dict[str, list[Any]],
    skills: Column,
    level_number: int | None,
    how: How,
    report: Report,
    uses: tuple[ColumnUse, ...],
) -> tuple[list[dict[str, Any]], list[str], tuple[ColumnUse, ...]]:
    """One row per agent and skill."""
    levels: Sequence[Any] = [DEFAULT_LEVEL] * sheet.n_rows
    if level_number is not None:
        (levels,) = read_levels([sheet.column(level_number)], report, scale=how.levels)
    elif sheet.n_rows:
        problem = f"has skills without a level, which count as {DEFAULT_LEVEL:g} of 10"
        report.warn(skills.place(0), problem, "add a column level")
    rows: dict[Any, dict[str, Any]] = {}
    places: dict[Any, str] = {}
    for k, row in enumerate(rows_of(values, sheet.n_rows)):
        key = row.get("agent_id", ("row", k))
        known = rows.setdefault(key, {"skills": {}})
        places.setdefault(key, sheet.place_of(k))
        for name, value in row.items():
            if known.setdefault(name, value) != value:
                report.error(
                    f"{sheet.place_of(k)}.{name}", f"differs from {places[key]}", "write it alike in every row"
                )
        if (skill := skills.cells[k]) is not None and levels[k] is not None:
            if spelled(str(skill)) in map(spelled, known["skills"]):
                report.error(sheet.place_of(k), f"has the skill {shown(skill)} a second time", "keep one of them")
            known["skills"][str(skill).strip()] = levels[k]
    return list(rows.values()), list(places.values()), uses

"""Who is who in a table of people: which rows are agents, what they are called, and several rows of one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ticketopt.intake.column import Column, is_placeholder
from ticketopt.intake.mapping import ColumnUse
from ticketopt.intake.read import Sheet
from ticketopt.problem.names import spelled
from ticketopt.problem.report import NOTHING_TO_DO, Report, shown

__all__ = ["aliases_of", "full_names", "one_row_each", "without_others"]

_SEVERAL = ("team", "groups", "skills")
"""Of what one agent may have several, each in a row of its own."""


def without_others(sheet: Sheet, number: int, no_agents: Collection[str], report: Report) -> Sheet:
    """The table without the rows that are no agents, as their role says; how many these are is said."""
    others: Counter[str] = Counter()
    kept = []
    for k, cell in enumerate(sheet.cells[number]):
        roles = [spelled(str(role)) for role in (cell if isinstance(cell, list | tuple) else [cell])]
        is_none = "*" in no_agents or (roles and all(role in no_agents for role in roles))
        if not is_placeholder(cell) and is_none:
            others[sheet.headings[number] if "*" in no_agents else roles[0]] += 1
        else:
            kept.append(k)
    if not others:
        return sheet
    words = ", ".join(f"{count} {shown(role)}" for role, count in others.most_common())
    report.warn(sheet.source, f"set aside as no agents: {words}", NOTHING_TO_DO)
    place_of = sheet.place_of
    return replace(
        sheet, cells=tuple([cells[k] for k in kept] for cells in sheet.cells), place_of=lambda k: place_of(kept[k])
    )


def groups_by_column(sheet: Sheet, values: dict[str, list[Any]], uses: tuple[ColumnUse, ...]) -> tuple[ColumnUse, ...]:
    """Groups from an object of group -> rights, flat: columns `groups.Billing` with lists such as `["full"]`."""
    for prefix in ("groups.", "group_ids."):
        found = {
            k: heading.removeprefix(prefix)
            for k, heading in enumerate(sheet.headings)
            if heading.startswith(prefix) and all(cell is None or _are_rights(cell) for cell in sheet.cells[k])
        }
        if found and "groups" not in values and "team" not in values:
            values["groups"] = [
                tuple(name for k, name in found.items() if sheet.cells[k][row]) or None for row in range(sheet.n_rows)
            ]
            return tuple(replace(use, field="groups") if k in found else use for k, use in enumerate(uses))
    return uses


def _are_rights(cell: Any) -> bool:
    return isinstance(cell, list) and all(isinstance(right, str) for right in cell)


def full_names(columns: Mapping[str, Column], values: dict[str, list[Any]], n_rows: int) -> None:
    """Names that are written in parts become whole ones."""
    if "surname" not in columns and ("first_name" not in columns or "name" in values):
        return
    nothing = [None] * n_rows
    parts = [columns[name].cells if name in columns else nothing for name in ("first_name", "surname")]
    whole = []
    for name, first, last in zip(values.get("name", nothing), *parts, strict=True):
        is_whole = isinstance(name, str) and (last is None or (" " in name and spelled(str(last)) in spelled(name)))
        whole.append(name if is_whole else " ".join(str(part) for part in (first or name, last) if part) or None)
    values["name"] = whole


def aliases_of(columns: Mapping[str, Column], ids: Sequence[str | None]) -> dict[str, set[str]]:
    """Id -> the addresses and logins by which tickets may name the agent."""
    found: dict[str, set[str]] = {}
    for name in ("mail", "account"):
        if name in columns:
            for agent_id, cell in zip(ids, columns[name].cells, strict=True):
                if agent_id is not None and isinstance(cell, str):
                    found.setdefault(agent_id, set()).add(cell.strip())
    return found


def one_row_each(
    rows: list[dict[str, Any]], places: list[str], source: str, report: Report
) -> tuple[list[dict[str, Any]], list[str]]:
    """Rows of one agent that differ in the team or the skills alone are put together: one agent in several groups."""
    together: dict[str, list[int]] = {}
    for k, row in enumerate(rows):
        together.setdefault(str(row.get("agent_id", ("row", k))), []).append(k)
    several = [own for own in together.values() if len(own) > 1 and _are_of_one([rows[k] for k in own])]
    if not several:
        return rows, places
    merged = {own[0]: _merged([rows[k] for k in own]) for own in several}
    gone = {k for own in several for k in own[1:]}
    words = f"agents of several rows that differ in their teams or skills: {len(several)}; they have all of these"
    report.warn(source, words, NOTHING_TO_DO)
    kept = [k for k in range(len(rows)) if k not in gone]
    return [merged.get(k, rows[k]) for k in kept], [places[k] for k in kept]


def _merged(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    groups = tuple(dict.fromkeys(group for row in rows for group in _groups(row)))
    skills = {name: level for row in rows for name, level in (row.get("skills") or {}).items()}
    return {**rows[0], **({"groups": groups} if len(groups) > 1 else {}), **({"skills": skills} if skills else {})}


def _groups(row: Mapping[str, Any]) -> list[str]:
    return [*([row["team"]] if row.get("team") else []), *(row.get("groups") or ())]


def _are_of_one(rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether rows agree in all but team and skills, and each says something of these that no other says."""
    plain = [{key: value for key, value in row.items() if key not in _SEVERAL} for row in rows]
    groups = [tuple(_groups(row)) for row in rows]
    skills: list[Mapping[str, Any]] = [row.get("skills") or {} for row in rows]
    levels = {(spelled(name), level) for own in skills for name, level in own.items()}
    is_told = all(groups) or all(skills)
    are_apart = len({(own, tuple(sorted(map(spelled, has)))) for own, has in zip(groups, skills, strict=True)}) == len(
        rows
    )
    is_clear = len(levels) == len({name for name, _ in levels})
    return is_told and are_apart and is_clear and all(row == plain[0] for row in plain)

"""A table of people to rows of our fields.

1. Columns are mapped; rows that are no agents leave. 2. Columns of times say who works when, others who works at all.
3. Every column is read as a whole. 4. Skills are put together, and rows of one agent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ticketopt.intake.column import Column, heading_key
from ticketopt.intake.helpdesks.base import BESIDE_AGENT, Helpdesk
from ticketopt.intake.helpdesks.plain import PLAIN
from ticketopt.intake.lists import read_list, read_skills
from ticketopt.intake.mapping import columns_of, names_of
from ticketopt.intake.nested import map_or_list, names_in
from ticketopt.intake.people import aliases_of, full_names, groups_by_column, one_row_each, without_others
from ticketopt.intake.presence import AWAY_IF_TRUE, read_presence
from ticketopt.intake.read import Sheet
from ticketopt.intake.table_times import times_of
from ticketopt.intake.team_columns import find_time_columns, without_clock_times
from ticketopt.intake.team_skills import add_skills, one_row_per_agent, with_levels_beside
from ticketopt.intake.team_times import read_team_times
from ticketopt.intake.tickets import How, Rows
from ticketopt.intake.values import read_ids, read_numbers
from ticketopt.intake.work_times import WorkTimes
from ticketopt.problem.names import spelled
from ticketopt.problem.records import AGENT_FIELDS
from ticketopt.problem.report import Report

__all__ = ["TeamRows", "team_rows"]

_PRESENCE = tuple(map(heading_key, PLAIN.agents["availability_status"]))
_LISTS_OF_TEAMS = frozenset(
    map(heading_key, ("teams", "groups", "group_ids", "gruppen", "groupes", "equipos", "\u00e9quipes", "member of"))
)
"""Headings under which a comma separates teams; under others it may be part of a name."""

_GRADES = {
    **dict.fromkeys(["trainee", "intern", "apprentice", "entry", "entry level"], 0.5),
    **dict.fromkeys(["junior", "jr", "beginner", "l1", "tier 1", "level 1"], 1.0),
    **dict.fromkeys(["mid", "mid level", "middle", "regular", "intermediate", "l2", "tier 2", "level 2"], 2.0),
    **dict.fromkeys(["senior", "sr", "advanced", "l3", "tier 3", "level 3"], 3.0),
    **dict.fromkeys(["lead", "team lead", "principal", "expert", "staff", "manager"], 4.0),
}
"""Grades in words -> an experience, of which only ratios count."""

_OF = re.compile(r"\s*(\d+)\s*(?:of|/|von|de|sur)\s*(\d+)\s*", re.IGNORECASE)


@dataclass(slots=True)
class TeamRows(Rows):
    """What a table of people says: our fields per agent, how messages name each, what became of every column.

    `times` are working hours and absences by id, `aliases` further names of an agent (mails, logins) by its id.
    """

    times: dict[str, WorkTimes] = field(default_factory=dict)
    aliases: dict[str, set[str]] = field(default_factory=dict)


def team_rows(sheet: Sheet, helpdesk: Helpdesk, how: How, report: Report) -> TeamRows:
    """See the module's text."""
    if helpdesk is PLAIN:
        sheet = one_row_per_agent(sheet, how, report)
    names = names_of(helpdesk.agents, PLAIN.agents, AGENT_FIELDS, is_plain=helpdesk is PLAIN)
    names = {
        **names,
        **{name: PLAIN.agents[name] for name in BESIDE_AGENT if name in PLAIN.agents and name not in names},
    }
    numbers, uses = columns_of(sheet, names, _stated(how.columns), report)
    if "role" in numbers and helpdesk.no_agents:
        sheet = without_others(sheet, numbers["role"], helpdesk.no_agents, report)
    columns = {name: sheet.column(number) for name, number in numbers.items()}
    if not sheet.is_text and "agent_id" in numbers:
        columns["agent_id"] = sheet.raw_column(numbers["agent_id"])
    columns, uses, found = find_time_columns(sheet, columns, uses)
    if sheet.is_text:
        columns, uses = with_levels_beside(sheet, columns, uses)
    if sheet.is_text and "agent_id" not in columns:
        _find_ids(sheet, columns, report)
    told = read_team_times(found, sheet.n_rows, how, report, is_text=sheet.is_text)
    values = _values(without_clock_times(columns, told), how, report)
    says_presence = _says_presence(sheet, helpdesk)
    uses = tuple(
        replace(use, field="availability_status") if k in says_presence and use.field is None else use
        for k, use in enumerate(uses)
    )
    presence = read_presence(
        map(sheet.column, says_presence), sheet.n_rows, report, is_text=sheet.is_text, away=told.away
    )
    if presence is not None:
        values["availability_status"] = presence
    uses = groups_by_column(sheet, values, uses)
    full_names(columns, values, sheet.n_rows)
    rows, places, uses = add_skills(sheet, values, uses, how, report, is_plain=helpdesk is PLAIN)
    team = TeamRows(*one_row_each(rows, places, sheet.source, report), uses)
    ids = [None if cell is None else str(cell) for cell in values.get("agent_id", [None] * sheet.n_rows)]
    team.times = {key: times for key, times in zip(ids, told.times, strict=True) if key and times is not None}
    team.aliases = aliases_of(columns, ids)
    return team


def _stated(columns: Mapping[str, str]) -> dict[str, str]:
    return {name: heading for name, heading in columns.items() if name in AGENT_FIELDS or name in BESIDE_AGENT}


def _find_ids(sheet: Sheet, columns: dict[str, Column], report: Report) -> None:
    """Where no column is of ids, addresses of mail serve, or names."""
    serving = next((name for name in ("mail", "name") if name in columns), None)
    if serving is not None:
        columns["agent_id"] = columns[serving]
        words = {"mail": "addresses", "name": "names"}[serving]
        report.warn(sheet.source, f"has no column of ids; the {words} serve", "add a column agent_id if two share one")


def _says_presence(sheet: Sheet, helpdesk: Helpdesk) -> list[int]:
    """Numbers of the columns that say whether somebody works."""
    own = {heading_key(heading) for heading in helpdesk.agents.get("availability_status", ())}
    known = own | AWAY_IF_TRUE | (set(_PRESENCE) if helpdesk is PLAIN else set())
    return [number for number, heading in enumerate(sheet.headings) if heading_key(heading) in known]


def _values(columns: Mapping[str, Column], how: How, report: Report) -> dict[str, list[Any]]:
    values: dict[str, Any] = dict(
        times_of(columns, ("shift_start", "shift_end"), "shift_end", how.zone, how.day_first, report)
    )
    if "current_load" in columns and columns["current_load"].is_text:
        _split_load(columns, values, report)
    for name, column in columns.items():
        if name in values or name == "availability_status":
            continue
        if name == "agent_id":
            values[name] = read_ids(column, report) if column.is_text else list(column.cells)
        elif name == "skills" and any(isinstance(cell, str | list) for cell in column.cells):
            values[name] = read_skills(column, report, scale=how.levels)
        elif name == "experience_level" and column.is_text:
            values[name] = _experience(column, report)
        elif name in ("current_load", "capacity") and column.is_text:
            values[name] = read_numbers(column, report, whole=True, low=0, high=1e6)
        elif name in ("languages", "groups") and column.is_text:
            values[name] = read_list(column, report)
        elif name in AGENT_FIELDS:
            values[name] = map_or_list(column, AGENT_FIELDS[name].cell, report)
    if "team" in columns and columns["team"].is_text:
        _split_teams(columns["team"], values)
    return values


def _split_teams(column: Column, values: dict[str, list[Any]]) -> None:
    """Of several teams in a cell the first is the team, and all are groups, beside those of a column of their own."""
    with_comma = heading_key(column.heading) in _LISTS_OF_TEAMS
    teams = [() if cell is None else names_in(cell, with_comma=with_comma) for cell in column.cells]
    values["team"] = [names[0] if names else None for names in teams]
    if any(len(names) > 1 for names in teams):
        given = values.get("groups", [None] * len(teams))
        values["groups"] = [
            tuple(dict.fromkeys((*names, *(groups or ())))) if len(names) > 1 else groups
            for names, groups in zip(teams, given, strict=True)
        ]


def _experience(column: Column, report: Report) -> list[Any]:
    """Numbers, or grades in words."""
    words = [_GRADES.get(spelled(cell)) if isinstance(cell, str) else None for cell in column.cells]
    cells = [None if word is not None else cell for cell, word in zip(column.cells, words, strict=True)]
    numbers = read_numbers(Column(column.heading, cells, column.place), report, whole=False, low=0, high=1000)
    return [number if word is None else word for number, word in zip(numbers, words, strict=True)]


def _split_load(columns: Mapping[str, Column], values: dict[str, list[Any]], report: Report) -> None:
    """`5 of 5` is a load and a capacity."""
    cells = columns["current_load"].cells
    pairs = [_OF.fullmatch(cell) if isinstance(cell, str) else None for cell in cells]
    others = [None if pair else cell for pair, cell in zip(pairs, cells, strict=True)]
    if any(pairs):
        column = replace(columns["current_load"], cells=others)
        plain = read_numbers(column, report, whole=True, low=0, high=1e6)
        values["current_load"] = [int(pair[1]) if pair else load for pair, load in zip(pairs, plain, strict=True)]
        if "capacity" not in columns:
            values["capacity"] = [int(pair[2]) if pair else None for pair in pairs]

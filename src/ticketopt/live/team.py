"""Records of agents: new ones, and known ones of which a request says no more than what has changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ticketopt.errors import InvalidInputError, Issue
from ticketopt.intake.column import is_placeholder
from ticketopt.intake.files import read_records
from ticketopt.intake.frames import Agents, listed, rows_of_table
from ticketopt.live.plain import plain
from ticketopt.live.stores import Event, Snapshot
from ticketopt.live.working_hours import HOUR_FIELDS, record_of, stated_hours, with_hours
from ticketopt.problem.fields import Report
from ticketopt.problem.record_fields import table_of
from ticketopt.problem.records import AGENT_FIELDS, Agent

__all__ = ["Upsert", "stored_agent"]

LOAD = "current_load"
"""The field that the store counts itself."""


class Upsert:
    """A request to add agents, or to change known ones.

    A mapping changes the fields it states; None brings a field back to its default. An `Agent` states all its fields,
    and a row of a data frame those whose cells are not empty. Rows may state a week as well; see `working_hours.py`.

    Attributes
    ----------
    request : what tells it from other requests, as plain data.
    """

    def __init__(self, agents: Agents) -> None:
        rows = listed(agents)
        report, table = Report(), rows_of_table(agents, "agents") if rows is None else rows
        self._hours = [_hours(row, f"agents[{k}]", report, rows is None) for k, row in enumerate(table)]
        self._team = _read(table, report)
        given = [None] * len(self._team) if rows is None else rows
        self._stated = [_stated(row, agent) for row, agent in zip(given, self._team, strict=True)]
        self.request = [
            plain({**stated, **hours, "agent_id": str(agent.agent_id), LOAD: agent.current_load})
            for agent, stated, hours in zip(self._team, self._stated, self._hours, strict=True)
        ]

    def records(self, state: Snapshot) -> dict[str, dict[str, Any]]:
        """Agent id -> the record to be kept."""
        found: dict[str, dict[str, Any]] = {}
        issues: list[Issue] = []
        for k, (agent, stated, hours) in enumerate(zip(self._team, self._stated, self._hours, strict=True)):
            name = str(agent.agent_id)
            known = state.agents[name].data if name in state.agents else {}
            record = stored_agent(record_of({**known, **stated}) if known else agent)
            try:
                found[name] = with_hours(record, known, hours, f"agents[{k}]")
            except InvalidInputError as error:
                issues += error.issues
        if issues:
            raise InvalidInputError(issues)
        return found

    def events(self, state: Snapshot) -> list[Event]:
        """New agents come with the load they state; known ones keep theirs."""
        loads = {str(agent.agent_id): agent.current_load for agent in self._team}
        return [Event("agent", None, name, 0 if name in state.agents else load) for name, load in loads.items()]


def _read(table: list[Any], report: Report) -> tuple[Agent, ...]:
    """The records of rows, or everything wrong with them and with what was read before."""
    try:
        team = read_records([], table).agents
    except InvalidInputError as error:
        raise InvalidInputError([*error.issues, *report.issues]) from None
    if report.issues:
        raise InvalidInputError(report.issues)
    return team


def _hours(row: object, path: str, report: Report, is_frame: bool) -> dict[str, Any]:
    """What a row states of a week; an empty cell of a data frame states nothing."""
    if not isinstance(row, Mapping):
        return {}
    given = {name: row[name] for name in HOUR_FIELDS if name in row}
    if is_frame:
        given = {
            name: cell for name, cell in given.items() if isinstance(cell, str | list) and not is_placeholder(cell)
        }
    return stated_hours(given, path, report)


def _stated(row: object, agent: Agent) -> dict[str, Any]:
    """The fields that a row states, as they were read; None is the row of a data frame."""
    usual = table_of(Agent).defaults()
    if isinstance(row, Mapping):
        names = [name for name in AGENT_FIELDS if name in row]
    else:
        names = [name for name in AGENT_FIELDS if row is not None or getattr(agent, name) != usual.get(name)]
    return {name: getattr(agent, name) for name in names if name not in (LOAD, "agent_id")}


def stored_agent(agent: Agent) -> dict[str, Any]:
    """What a store keeps of an agent: all but the load, which it counts itself."""
    record: dict[str, Any] = plain(asdict(agent), {LOAD})
    return record

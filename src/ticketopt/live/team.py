"""Records of agents: new ones, and known ones of which a request says no more than what has changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ticketopt.intake.files import read_records
from ticketopt.intake.frames import listed
from ticketopt.live.commit import plain
from ticketopt.live.stores import Event, Snapshot
from ticketopt.problem.record_fields import table_of
from ticketopt.problem.records import AGENT_FIELDS, Agent

__all__ = ["Upsert", "stored_agent"]

LOAD = "current_load"
"""The field that the store counts itself."""


class Upsert:
    """A request to add agents, or to change known ones.

    A mapping changes the fields it states; None brings a field back to its default. An `Agent` states all its fields,
    and a row of a data frame those whose cells are not empty.

    Attributes
    ----------
    request : what tells it from other requests, as plain data.
    """

    def __init__(self, agents: object) -> None:
        rows = listed(agents)
        self._team = read_records([], agents if rows is None else rows).agents
        given = [None] * len(self._team) if rows is None else rows
        self._stated = [_stated(row, agent) for row, agent in zip(given, self._team, strict=True)]
        self.request = [
            plain({**stated, "agent_id": str(agent.agent_id), LOAD: agent.current_load})
            for agent, stated in zip(self._team, self._stated, strict=True)
        ]

    def records(self, state: Snapshot) -> dict[str, dict[str, Any]]:
        """Agent id -> the record to be kept."""
        found = {}
        for agent, stated in zip(self._team, self._stated, strict=True):
            name = str(agent.agent_id)
            known = state.agents.get(name)
            found[name] = stored_agent(agent if known is None else Agent(**{**known.data, **stated}))
        return found

    def events(self, state: Snapshot) -> list[Event]:
        """New agents come with the load they state; known ones keep theirs."""
        loads = {str(agent.agent_id): agent.current_load for agent in self._team}
        return [Event("agent", None, name, 0 if name in state.agents else load) for name, load in loads.items()]


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

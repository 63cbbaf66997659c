"""What a change does to single tickets before anything is decided: rows, and the events that keep loads right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ticketopt.live.queue_rows import QueueRows, team_after
from ticketopt.live.stores import ASSIGNED, CLOSED, HELD, WAITING, Event, Snapshot, StoredTicket
from ticketopt.problem.fields import MAX_UNITS

__all__ = ["Edit"]

ENDS = ("ended", "merged_into")
"""What a row says of its end."""


@dataclass(slots=True)
class Edit:
    """Changes of tickets, collected over a snapshot. Each method leaves alone what is as it should be already.

    Attributes
    ----------
    units_of : row, agent -> units that the ticket takes of this agent.
    counts_held : whether a held ticket counts as load.
    rows, agents, events : what has changed, as `Batch` has it.
    """

    state: Snapshot
    units_of: Callable[[StoredTicket, str], int]
    counts_held: bool
    rows: dict[str, StoredTicket] = field(default_factory=dict)
    agents: dict[str, Mapping[str, Any] | None] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    def row(self, name: str) -> StoredTicket | None:
        """A ticket as it is by now."""
        return self.rows.get(name) or self.state.tickets.get(name)

    def result(self) -> Snapshot:
        """The queue as it is by now."""
        if not (self.rows or self.agents or self.events):
            return self.state
        team = team_after(self.state.agents, self.agents, self.events)
        return Snapshot(self.state.version, team, QueueRows.of(self.state.tickets).after(self.rows))

    def add(self, later: Edit) -> None:
        """Have happen as well what was edited over `result`."""
        self.rows.update(later.rows)
        self.agents.update(later.agents)
        self.events += later.events

    def come(self, name: str, data: Mapping[str, Any]) -> None:
        """A new ticket, which waits."""
        self.rows[name] = StoredTicket(None, 0, WAITING, data)

    def stamp(self, name: str, at: float, *parts: str) -> None:
        """What was changed by hand is newer than all that is known of a ticket; `parts` are fields, stage, assignee."""
        data = self._row(name).data
        newest = max(at, data.get("at", 0.0))
        self.note(name, at=newest, times={**data.get("times", {}), **dict.fromkeys(parts, newest)})

    def note(self, name: str, **more: Any) -> None:
        """Keep something about a ticket; None forgets it."""
        row = self._row(name)
        data = {key: value for key, value in {**row.data, **more}.items() if value is not None}
        if data != row.data:
            self.rows[name] = replace(row, data=data)

    def close(self, name: str, ended: str = "closed", into: str | None = None) -> None:
        """It is done; its agent has room again, and is remembered."""
        row = self._row(name)
        if row.state != CLOSED:
            self._release("closed", name, row)
            self.rows[name] = replace(row, state=CLOSED)
        self.note(name, ended=ended, merged_into=into, outside=None)

    def open(self, name: str, *, by_hand: bool = False) -> None:
        """A closed ticket waits again, prefers who had it and is not pinned there; a held one goes on where it is.

        One that somebody outside of the team holds stays there, unless it is opened `by_hand`.
        """
        row = self._row(name)
        if row.state == CLOSED:
            ticket = row.data["ticket"]
            if row.agent_id is not None:
                pinned = None if str(ticket["pinned_agent"]) == row.agent_id else ticket["pinned_agent"]
                ticket = {**ticket, "previous_agent": row.agent_id, "pinned_agent": pinned}
            data = {key: value for key, value in row.data.items() if key not in ENDS}
            self.say("reopened", name)
            self.rows[name] = StoredTicket(None, 0, WAITING, {**data, "ticket": ticket})
        elif row.state == HELD and row.agent_id is not None:
            units = row.units if self.counts_held else self._fitting(row, row.agent_id)
            self.say("resumed", name, row.agent_id, units - row.units)
            self.rows[name] = replace(row, state=ASSIGNED, units=units)
        elif row.state == HELD and (by_hand or row.data.get("outside") is None):
            self.say("resumed", name)
            self.rows[name] = StoredTicket(None, 0, WAITING, row.data)
            self.note(name, outside=None)

    def hold(self, name: str, holder: str | None = None) -> None:
        """It waits for somebody else: it keeps its agent (a closed one: who had it), and nobody gets it meanwhile.

        Of one that has no agent here yet, `holder` is who has it at the helpdesk.
        """
        row = self._row(name)
        if row.state == CLOSED:
            former = row.agent_id if row.agent_id in self.state.agents else None
            self.open(name)
            self.rows[name] = replace(self._row(name), state=HELD, agent_id=former)
            if former is not None:
                self._give_units(name, former, "held", is_counted=self.counts_held)
        elif row.state == ASSIGNED:
            units = row.units if self.counts_held else 0
            self.say("held", name, row.agent_id, units - row.units)
            self.rows[name] = replace(row, state=HELD, units=units)
        elif row.state == WAITING and holder is not None and holder in self.state.agents:
            self.rows[name] = replace(row, state=HELD, agent_id=holder)
            self._give_units(name, holder, "held", is_counted=self.counts_held)
        elif row.state == WAITING:
            self.say("held", name)
            self.rows[name] = replace(row, state=HELD)

    def give(self, name: str, agent: str) -> None:
        """A person gives it to an agent of the team: it is pinned there.

        A held one stays held; a closed one stays closed, and prefers this agent when it is opened.
        """
        row = self._row(name)
        if row.state == CLOSED:
            self.rows[name] = replace(row, agent_id=agent, units=0)
            return
        ticket = row.data["ticket"]
        excluded = [one for one in ticket["excluded_agents"] if str(one) != agent]
        data = {**row.data, "ticket": {**ticket, "pinned_agent": agent, "excluded_agents": excluded}}
        is_held = row.state == HELD and row.data.get("outside") is None
        self._take(name, row)
        self.rows[name] = StoredTicket(agent, 0, HELD if is_held else ASSIGNED, data)
        self.note(name, outside=None)
        self._give_units(name, agent, "reassigned", is_counted=self.counts_held or not is_held)

    def give_outside(self, name: str, holder: str) -> None:
        """Somebody who is not in the team holds it: it takes nobody's room, and is not planned."""
        row = self._row(name)
        if row.state != CLOSED:
            self._take(name, row)
            self.rows[name] = StoredTicket(None, 0, HELD, {**row.data, "ticket": unbound(row.data["ticket"])})
            self.say("held", name)
            self.note(name, outside=holder)

    def welcome(self, names: Iterable[str]) -> dict[str, str]:
        """New agents have what they hold at the helpdesk already; returns those tickets, each with its agent."""
        new = set(names)
        held = {name: row.data.get("outside") for name, row in self.state.tickets.items()} if new else {}
        found = {name: agent for name, agent in held.items() if agent in new}
        for name, agent in found.items():
            self.give(name, agent)
            if self._row(name).data.get("stage") == "held":
                self.hold(name)
        return found

    def let_go(self, name: str, *, is_held: bool = False, forgets: bool = False) -> None:
        """It has no agent any more, and waits; a held one stays held. With `forgets`, it does not prefer who had it."""
        row = self._row(name)
        if row.state == CLOSED or (row.agent_id is None and row.data.get("outside") is None):
            return
        is_held = is_held or (row.state == HELD and row.agent_id is not None)
        self._take(name, row)
        if row.agent_id is None:
            self.say("resumed", name)
        ticket = unbound(row.data["ticket"], forgets=forgets)
        self.rows[name] = StoredTicket(None, 0, HELD if is_held else WAITING, {**row.data, "ticket": ticket})
        self.note(name, outside=None)

    def alter(self, name: str, data: Mapping[str, Any]) -> None:
        """What it says has changed: one that has an agent stays there, with the units that it takes now."""
        row = self._row(name)
        if data == row.data:
            return
        new = replace(row, data=data)
        is_loading = row.state in (ASSIGNED, HELD) and row.agent_id is not None and row.units > 0
        if is_loading and row.agent_id is not None:
            new = replace(new, units=self._fitting(new, row.agent_id, row.units))
        self.say("changed", name, row.agent_id if new.units != row.units else None, new.units - row.units)
        self.rows[name] = new

    def forget(self, agent: str) -> None:
        """An agent leaves the team: its tickets wait, those pinned to it are free; what else it held is gone."""
        for name, row in self.state.tickets.items():
            ticket = row.data["ticket"]
            if row.agent_id == agent:
                self.let_go(name, forgets=True)
            elif agent in (str(ticket["pinned_agent"]), str(ticket["previous_agent"])):
                free = {key: None for key in ("pinned_agent", "previous_agent") if str(ticket[key]) == agent}
                self.rows[name] = replace(row, data={**row.data, "ticket": {**ticket, **free}})
        self.say("removed", None, agent, -self.load(agent))
        self.agents[agent] = None

    def say(self, kind: str, name: str | None, agent: str | None = None, change: int = 0) -> None:
        """Note what happened, and by how many units it changed whose load."""
        self.events.append(Event(kind, name, agent, change))

    def load(self, agent: str) -> int:
        """Units of an agent's open work by now."""
        return self.state.agents[agent].load + sum(e.change for e in self.events if e.agent_id == agent)

    def _row(self, name: str) -> StoredTicket:
        row = self.row(name)
        assert row is not None, "whoever changes a ticket has looked it up"
        return row

    def _take(self, name: str, row: StoredTicket) -> None:
        if row.agent_id is not None:
            self._release("taken", name, row)

    def _release(self, kind: str, name: str, row: StoredTicket) -> None:
        """Give back what a ticket takes. Where somebody has edited the agent's load to less, put that right first."""
        if row.agent_id is not None and (missing := row.units - self.load(row.agent_id)) > 0:
            self.say("edited", None, row.agent_id, missing)
        self.say(kind, name, row.agent_id, -row.units)

    def _give_units(self, name: str, agent: str, kind: str, *, is_counted: bool) -> None:
        row = self._row(name)
        units = self._fitting(row, agent) if is_counted else 0
        self.say(kind, name, agent, units)
        self.rows[name] = replace(row, units=units)

    def _fitting(self, row: StoredTicket, agent: str, given: int = 0) -> int:
        """The units that a ticket takes of an agent, or what is left until no store could hold the load."""
        return min(self.units_of(row, agent), MAX_UNITS - self.load(agent) + given)


def unbound(ticket: Mapping[str, Any], *, forgets: bool = False) -> dict[str, Any]:
    """What a ticket says, without a pin; with `forgets`, without a former agent as well."""
    return {**ticket, "pinned_agent": None, **({"previous_agent": None} if forgets else {})}

"""What a change of the queue decides about tickets that wait: from a snapshot to a batch."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ticketopt.explain.unassigned import reasons
from ticketopt.formulation.incremental import of_agents
from ticketopt.live.contenders import contenders, couples, in_team
from ticketopt.live.edit import Edit
from ticketopt.live.queue_rows import QueueRows
from ticketopt.live.readings import TextReader
from ticketopt.live.recall import Recall
from ticketopt.live.set_aside import SET_ASIDE, UNDECIDABLE, Decision, decide, most_urgent
from ticketopt.live.stores import ASSIGNED, WAITING, Batch, Event, Snapshot, StoredTicket
from ticketopt.live.tickets import TicketRows
from ticketopt.planning.result import Result
from ticketopt.problem.customers import for_team
from ticketopt.problem.fields import MAX_UNITS
from ticketopt.problem.policy import Policy
from ticketopt.problem.problem import Problem
from ticketopt.problem.reading import Reading, Triage
from ticketopt.problem.records import Agent, Ticket, with_field

__all__ = ["Decided", "QueuePlanner"]

Decided = dict[str, str | None]
"""Ticket id -> agent id, None where the ticket waits: what one change has decided."""

MOST_ALONE = 8
"""So many tickets that were set aside are tried alone in one change."""


@dataclass(frozen=True, slots=True, eq=False)
class QueuePlanner:
    """Plans the tickets of a snapshot by a policy.

    Attributes
    ----------
    solve : what solves a problem; its plans are checked, and greedy answers where they are none.
    triage : what reads skills and urgency from a ticket's text.
    clock : the time in Unix seconds.
    recall : what was parsed before.
    """

    policy: Policy
    solve: Callable[[Problem], Result]
    triage: Triage
    clock: Callable[[], float]
    recall: Recall = field(default_factory=Recall)

    def edit(self, state: Snapshot) -> Edit:
        """Changes of single tickets, over a snapshot."""
        return Edit(state, lambda row, agent: self.units(state, row, agent), self.policy.held_counts)

    def rows(self, state: Snapshot) -> TicketRows:
        """What makes rows of tickets, for the team of a snapshot."""
        now = self.clock()
        skills = self._team(state, now).skill_names
        return TicketRows(self.policy, TextReader(self.triage, list(skills), now), state.agents)

    def check(self, state: Snapshot, rows: Collection[StoredTicket]) -> None:
        """An error for what is wrong with tickets by themselves, such as a pin to somebody who is not in the team."""
        fields = [row.data["ticket"] for row in rows]
        is_free = all(one["pinned_agent"] is None and one["together"] is None for one in fields)
        if is_free and not couples(self.policy) and len({one["ticket_id"] for one in fields}) == len(fields):
            return  # nothing that a problem of these tickets could find to be wrong
        team = self._team(state, self.clock()).agents
        Problem([Ticket(**one) for one in fields], team, for_team(self.policy, team))

    def units(self, state: Snapshot, row: StoredTicket, agent_id: str) -> int:
        """Units that a ticket takes of an agent."""
        agent = self.recall.agent(agent_id, state.agents[agent_id].data, 0, self.clock())
        ticket = Ticket(**{**row.data["ticket"], "pinned_agent": None})
        policy = for_team(self.policy, (agent,))
        reading = Reading(row.data["skills"], row.data["urgency"])
        return Problem([ticket], [agent], policy, readings=[reading]).units(0, 0)

    def decided(self, state: Snapshot, edit: Edit, *, apart: Mapping[str, str] | None = None) -> Batch:
        """The batch of a change: its own events, records and rows, and what it makes of the tickets that wait.

        Parameters
        ----------
        apart : ticket id -> the agent who must not get it this time.
        """
        events, rows = list(edit.events), dict(edit.rows)
        after = edit.result()
        waiting = QueueRows.of(after.tickets).waiting
        new = [name for name, row in edit.rows.items() if row.state == WAITING and not _waits(state, name)]
        fresh, apart = dict.fromkeys(new), {} if apart is None else apart
        options: dict[str, Any] = {"policy": self.policy, "now": self.clock(), "recall": self.recall}
        plan = _Plan(after, contenders(after, waiting, {**fresh, **apart}, **options), fresh)
        if plan.waiting:
            self._decide(plan, apart)
        answer: Decided = {name: row.agent_id for name, row in plan.rows.items() if name in plan.decided}
        return Batch(answer, (*events, *plan.events), edit.agents, {**rows, **plan.rows}, self.clock())

    def problem(
        self, state: Snapshot, rows: Mapping[str, StoredTicket], apart: Mapping[str, str] | None = None
    ) -> Problem:
        """Stored tickets against the team, whose loads are without them."""
        held, now = dict[str, int](), self.clock()
        for row in rows.values():
            if row.agent_id is not None:
                held[row.agent_id] = held.get(row.agent_id, 0) + row.units
        plain = self.recall.plain_agents(state.agents, now)
        team = tuple(
            self.recall.with_load(name, one, max(0, agent.load - held.get(name, 0)))
            for (name, agent), one in zip(state.agents.items(), plain, strict=True)
        )
        parsed = [self.recall.ticket(name, row) for name, row in rows.items()]
        tickets = [in_team(one.ticket, state.agents) for one in parsed]
        for i, name in enumerate(rows):
            if apart and name in apart:
                tickets[i] = with_field(tickets[i], "excluded_agents", (*tickets[i].excluded_agents, apart[name]))
        readings = [one.reading for one in parsed]
        if couples(self.policy) or not all(one.is_unit for one in parsed):
            return Problem(tickets, team, for_team(self.policy, team), now, readings)
        return self._of_known_team(state, tickets, readings, team, now)

    def _of_known_team(
        self, state: Snapshot, tickets: Sequence[Ticket], readings: Sequence[Reading], team: Sequence[Agent], now: float
    ) -> Problem:
        """A problem of tickets that were checked when they came, and that nothing couples, without checking again."""
        base = self._team(state, now)
        known = {**of_agents(base, tickets, readings), "now": now}
        return base.with_checked(tuple(tickets), tuple(readings), team, known)

    def _team(self, state: Snapshot, now: float) -> Problem:
        """A problem of the agents without their loads, and of no tickets."""
        return self.recall.team_of(self.recall.plain_agents(state.agents, now), self.policy, now)

    def _decide(self, plan: _Plan, apart: Mapping[str, str]) -> None:
        """What waits together, then what had to be set aside, alone."""

        def build(rows: Mapping[str, StoredTicket]) -> Problem:
            return self.problem(plan.state, rows, apart)

        decision = decide(plan.waiting, build, self.solve)
        plan.follow(decision)
        for name in most_urgent(decision.aside, plan.waiting)[:MOST_ALONE]:
            try:
                alone = decide({name: plan.waiting[name]}, build, self.solve)
            except UNDECIDABLE:
                continue
            plan.follow(replace(alone, aside=()))
        plan.set_aside(name for name in decision.aside if name not in plan.rows)


@dataclass(slots=True)
class _Plan:
    """What becomes of waiting tickets, decision by decision.

    Attributes
    ----------
    state : the queue before; its loads follow the decisions. fresh : the tickets that did not wait before.
    decided : the tickets that did not wait before or were moved.
    """

    state: Snapshot
    waiting: Mapping[str, StoredTicket]
    fresh: Collection[str]
    rows: dict[str, StoredTicket] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    decided: set[str] = field(default_factory=set)

    def follow(self, decision: Decision) -> None:
        """Take over a plan; nobody gets more than a store can hold."""
        self.events += decision.notes
        problem, result, agents = decision.problem, decision.result, dict(self.state.agents)
        why = reasons(problem, result.model, result.assignment, result.constraints) if self.fresh else {}
        for i, (ticket, j) in enumerate(zip(problem.tickets, result.assignment.tolist(), strict=True)):
            name, row = str(ticket.ticket_id), self.waiting[str(ticket.ticket_id)]
            agent, units = (None, 0) if j < 0 else (str(problem.agents[j].agent_id), problem.units(i, j))
            reason = why[i][0] if i in why else None
            if agent is not None and agents[agent].load + units > MAX_UNITS:
                agent, units, reason = None, 0, "no_capacity"
            data = {**row.data, "reason": reason}
            if agent is not None:
                agents[agent] = replace(agents[agent], load=agents[agent].load + units)
                self._put(name, StoredTicket(agent, units, ASSIGNED, data), Event("assigned", name, agent, units))
            elif name in self.fresh and name not in self.rows:
                self._put(name, replace(row, data=data), Event("waiting", name))
        self.state = replace(self.state, agents=agents)

    def set_aside(self, names: Iterable[str]) -> None:
        """Have tickets wait that could not be weighed with the others, and say so once."""
        for name in names:
            row = self.waiting[name]
            if row.data.get("reason") != SET_ASIDE:
                aside = replace(row, data={**row.data, "reason": SET_ASIDE})
                self._put(name, aside, Event(SET_ASIDE, name))

    def _put(self, name: str, row: StoredTicket, event: Event) -> None:
        self.rows[name] = row
        self.events.append(event)
        self.decided.add(name)


def _waits(state: Snapshot, name: str) -> bool:
    row = state.tickets.get(name)
    return row is not None and row.state == WAITING

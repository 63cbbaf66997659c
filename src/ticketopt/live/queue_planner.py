"""What a change of the queue decides about tickets that are new or wait: from a snapshot to a batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from ticketopt.errors import SolverError
from ticketopt.formulation.rules import violations
from ticketopt.intake.files import Queue
from ticketopt.live.commit import plain
from ticketopt.live.stores import ASSIGNED, WAITING, Batch, Event, Snapshot, StoredAgent, StoredTicket
from ticketopt.planning.assign import problem_of
from ticketopt.planning.result import Result
from ticketopt.planning.solve import solve
from ticketopt.problem.customers import for_team, is_named
from ticketopt.problem.policy import Policy
from ticketopt.problem.problem import Problem
from ticketopt.problem.reading import Reading, Triage
from ticketopt.problem.records import PRIVATE_TICKET_FIELDS, Agent, Ticket

__all__ = ["Decided", "QueuePlanner", "checked", "stays"]

Decided = dict[str, str | None]
"""Ticket id -> agent id, None where the ticket waits: what one change has decided."""

STAYING = {
    *("busy", "away", "do not disturb", "break", "on break", "lunch", "in a meeting", "in meeting", "in training"),
    "invisible",
}
"""Statuses of agents who will be back: `rebalance` leaves their tickets with them."""


@dataclass(frozen=True, slots=True, eq=False)
class QueuePlanner:
    """Plans the tickets of a snapshot by a policy.

    Attributes
    ----------
    solve : what solves a problem; its plans are checked, and greedy answers where they are none.
    triage : what reads skills and urgency from a ticket's text.
    clock : the time in Unix seconds.
    """

    policy: Policy
    solve: Callable[[Problem], Result]
    triage: Triage
    clock: Callable[[], float]

    def decided(
        self,
        state: Snapshot,
        events: Iterable[Event],
        *,
        fresh: Iterable[Ticket] = (),
        agents: Mapping[str, Mapping[str, Any]] | None = None,
        rows: Mapping[str, StoredTicket] | None = None,
    ) -> Batch:
        """The batch of a change: its own events, records and rows, and what it makes of new and waiting tickets."""
        events = list(events)
        after = _after(state, events, agents or {}, rows or {})
        waiting = {name: row for name, row in after.tickets.items() if row.state == WAITING}
        new = list(fresh)
        answer: Decided = {}
        changed = dict(rows or {})
        if new or waiting:
            problem = self.problem(after, waiting, new)
            try:
                result, notes = checked(problem, self.solve(problem)), []
            except SolverError:
                result, notes = solve(problem, solver="greedy"), [Event("greedy")]
            batch = self.moved(waiting, problem, result, notes)
            answer, changed = batch.answer, {**changed, **batch.tickets}
            events += batch.events
        return Batch(answer, tuple(events), agents or {}, changed, self.clock())

    def problem(self, state: Snapshot, rows: Mapping[str, StoredTicket], fresh: Iterable[Ticket] = ()) -> Problem:
        """Stored tickets and new ones, as they came, against the team, whose loads are without the stored ones."""
        held: dict[str, int] = {}
        for row in rows.values():
            if row.agent_id is not None:
                held[row.agent_id] = held.get(row.agent_id, 0) + row.units
        team = tuple(
            Agent(**{**agent.data, "current_load": max(0, agent.load - held.get(name, 0))})
            for name, agent in state.agents.items()
        )
        now = self.clock()
        policy = for_team(self.policy, team)
        new = problem_of(Queue(tuple(fresh), team), policy=policy, now=now, triage=self.triage)
        tickets = [*(Ticket(**row.data["ticket"]) for row in rows.values()), *new.tickets]
        old = [Reading(row.data["skills"], row.data["urgency"]) for row in rows.values()]
        return replace(new, tickets=tickets, readings=[*old, *new.readings])

    def moved(self, before: Mapping[str, StoredTicket], problem: Problem, result: Result, notes: list[Event]) -> Batch:
        """The rows and events by which stored and new tickets get where a plan has them."""
        rows: dict[str, StoredTicket] = {}
        back, events = [], []
        for i, (ticket, j) in enumerate(zip(problem.tickets, result.assignment.tolist(), strict=True)):
            name, agent = str(ticket.ticket_id), None if j < 0 else str(problem.agents[j].agent_id)
            old = before.get(name)
            if old is not None and old.agent_id == agent:
                continue
            reading = problem.readings[i]  # as triage has it: what the policy raises, it raises again
            private = set(PRIVATE_TICKET_FIELDS) - ({"customer"} if is_named(ticket, self.policy) else set())
            data = {
                "ticket": plain(asdict(ticket), private),
                "skills": plain(reading.skills),
                "urgency": reading.urgency,
            }
            used = 0 if agent is None else problem.units(i, j)
            kept = {**(data if old is None else old.data), "reason": result.decisions[i].reason}
            rows[name] = StoredTicket(agent, used, WAITING if agent is None else ASSIGNED, kept)
            if old is not None and old.agent_id is not None:
                back.append(Event("taken", name, old.agent_id, -old.units))
            events.append(Event("waiting" if agent is None else "assigned", name, agent, used))
        answer: Decided = {name: row.agent_id for name, row in rows.items()}
        return Batch(answer, (*notes, *back, *events), tickets=rows, at=self.clock())


def checked(problem: Problem, result: Result) -> Result:
    """A plan, where it is one for this problem and keeps its rules."""
    if len(result.assignment) != problem.n_tickets or len(result.decisions) != problem.n_tickets:
        raise SolverError("the plan is one for another queue")
    broken = violations(problem, result.assignment)
    if broken:
        raise SolverError(f"the plan breaks {len(broken)} rules: {broken[0].message}")
    return result


def _after(
    state: Snapshot,
    events: Iterable[Event],
    agents: Mapping[str, Mapping[str, Any]],
    rows: Mapping[str, StoredTicket],
) -> Snapshot:
    """A queue as it will be after events, records and rows."""
    team = dict(state.agents)
    for name, data in agents.items():
        team[name] = StoredAgent(team[name].load if name in team else 0, data)
    for event in events:
        if event.change and event.agent_id is not None:
            team[event.agent_id] = replace(team[event.agent_id], load=team[event.agent_id].load + event.change)
    return Snapshot(state.version, team, {**state.tickets, **rows})


def stays(state: Snapshot, row: StoredTicket) -> bool:
    """Whether an open ticket must stay where it is when all is planned again."""
    if row.agent_id is None:
        return False
    status = state.agents[row.agent_id].data.get("availability_status", "available")
    return row.data["ticket"]["pinned_agent"] is not None or status in STAYING

"""`Dispatcher`: a queue that lives through the day, over a ledger that loses nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

from ticketopt.assign import problem_of
from ticketopt.errors import InvalidInputError, Issue, SolverError, StoreError
from ticketopt.io import Queue, read_tickets_and_agents
from ticketopt.problem import Problem
from ticketopt.records import Agent, Id, Policy, Ticket
from ticketopt.result import Result
from ticketopt.solve import solve
from ticketopt.stores.sql import Batch, Event, Snapshot, SqlLedger
from ticketopt.triage import Reading, read_tickets

__all__ = ["Dispatcher"]

ATTEMPTS = 20
"""How often a change is decided again because others changed the queue meanwhile."""

TEXT = ("title", "description", "customer")
"""The fields of a ticket that are not kept."""


class Dispatcher:
    """Assign tickets as they come, and keep what was decided.

    Every change is decided without a lock and kept only if the queue has not moved meanwhile; else it is decided
    again. With `idempotency_key`, a change that was kept already is answered as it was the first time.

    Parameters
    ----------
    ledger : where the queue is kept. tenant : which of its queues.
    policy : as for `ticketopt.assign`.
    solve : what solves a problem, by default `ticketopt.solve`. Where it raises a `SolverError`, greedy answers, and
        an event of kind "greedy" says so.

    Raises
    ------
    InvalidInputError
        From every change, for bad input and for a key that another request used. Nothing is kept.
    StoreError
        From every change, where it cannot be kept; the same call can be made again.
    """

    def __init__(
        self,
        ledger: SqlLedger,
        *,
        tenant: str = "",
        policy: Policy | Mapping[str, Any] | None = None,
        solve: Callable[[Problem], Result] = solve,
    ) -> None:
        self._ledger = ledger
        self._tenant = tenant
        self._policy = policy
        self._solve = solve

    def upsert_agents(self, agents: object, *, idempotency_key: str | None = None) -> list[str]:
        """Add agents, or change all but the load of known ones; return their ids. Solves nothing."""
        team = read_tickets_and_agents([], agents).agents

        def decide(state: Snapshot) -> Batch:
            rows = {str(agent.agent_id): _plain(agent) for agent in team}
            first = {str(agent.agent_id): agent.current_load for agent in team}
            events = [Event("agent", None, name, 0 if name in state.loads else load) for name, load in first.items()]
            return Batch(list(rows), tuple(events), rows)

        return list(self._keep("agents", [_plain(agent) for agent in team], decide, idempotency_key))

    def submit(self, tickets: object, *, idempotency_key: str | None = None) -> dict[str, str | None]:
        """Assign new tickets, and those that wait, to the stored agents: ticket id -> agent id, None where it waits.

        A ticket that the queue knows stays as it is. Its agent is in the answer, None where it is closed.
        """
        new = read_tickets_and_agents(tickets, []).tickets

        def decide(state: Snapshot) -> Batch:
            fresh = [ticket for ticket in new if str(ticket.ticket_id) not in state.tickets]
            rows, events = self._assigned(state, fresh)
            known = {**state.tickets, **rows}
            return Batch({str(t.ticket_id): known[str(t.ticket_id)]["agent_id"] for t in new}, events, tickets=rows)

        return dict(self._keep("submit", [asdict(ticket) for ticket in new], decide, idempotency_key))

    def close(self, ticket_id: Id, *, idempotency_key: str | None = None) -> str | None:
        """Close a ticket and return the agent whom that frees; None for nobody. Closing twice changes nothing."""
        key = str(ticket_id)

        def decide(state: Snapshot) -> Batch:
            if key not in state.tickets:
                raise InvalidInputError.single("ticket_id", "is not in the queue", "submit the ticket first")
            row = state.tickets[key]
            if row["is_closed"]:
                return Batch(None)
            agent = row["agent_id"]
            event = Event("closed", key, agent, -row["units"])
            return Batch(agent, (event,), tickets={key: {**row, "agent_id": None, "units": 0, "is_closed": True}})

        closed: str | None = self._keep("close", key, decide, idempotency_key)
        return closed

    def set_status(self, agent_id: Id, status: str, *, idempotency_key: str | None = None) -> None:
        """Sign an agent on or off, or send them on a break; see `ticketopt.records.AVAILABILITY`. Solves nothing."""
        self._change("status", agent_id, {"availability_status": status}, idempotency_key)

    def set_capacity(self, agent_id: Id, capacity: int | None, *, idempotency_key: str | None = None) -> None:
        """Change an agent's capacity; None lets the policy decide. Solves nothing, and takes no ticket away."""
        self._change("capacity", agent_id, {"capacity": capacity}, idempotency_key)

    def _change(self, kind: str, agent_id: Id, change: Mapping[str, Any], idempotency_key: str | None) -> None:
        name = str(agent_id)

        def decide(state: Snapshot) -> Batch:
            if name not in state.agents:
                raise InvalidInputError.single("agent_id", "is not in the team", "add the agent first")
            row = _plain(Agent(**{**state.agents[name], **change}))
            return Batch(None, (Event(kind, None, name),), {name: row})

        self._keep(kind, [name, change], decide, idempotency_key)

    def events(self, *, after: int = 0) -> list[tuple[int, int, Event]]:
        """(number, version, event) of every event after a number, in order."""
        return self._ledger.events(self._tenant, after=after)

    def state(self) -> Snapshot:
        """The queue as it is now."""
        return self._ledger.snapshot(self._tenant)

    def check(self) -> tuple[Issue, ...]:
        """What is wrong with the stored queue: agents whose load is not the sum of their events. Call it in quiet."""
        sums = dict.fromkeys(self.state().loads, 0)
        for _, _, event in self.events():
            if event.agent_id is not None:
                sums[event.agent_id] = sums.get(event.agent_id, 0) + event.change
        loads = self.state().loads
        wrong = [name for name, total in sums.items() if loads.get(name) != total]
        problem, repair = "has a load that its events do not add up to", "restore a backup"
        return tuple(Issue(f"agents[{name!r}]", problem, repair) for name in wrong)

    def _keep(self, kind: str, request: object, decide: Callable[[Snapshot], Batch], key: str | None) -> Any:
        """Look the key up, read, decide, commit; again where the version has moved."""
        text = json.dumps([kind, request], sort_keys=True, default=list)
        request_hash = hashlib.sha256(text.encode()).hexdigest()
        known = None if key is None else self._ledger.answer(self._tenant, key, request_hash)
        if known is not None:
            return known[0]
        for _ in range(ATTEMPTS):
            state = self.state()
            kept = self._ledger.commit(self._tenant, state.version, decide(state), key=key, request_hash=request_hash)
            if kept is not None:
                return kept[0]
        raise StoreError(f"the queue was changed by others {ATTEMPTS} times meanwhile; try again")

    def _assigned(self, state: Snapshot, fresh: list[Ticket]) -> tuple[dict[str, Any], tuple[Event, ...]]:
        """Rows and events of new tickets and of waiting ones that somebody takes."""
        team = tuple(replace(Agent(**row), current_load=state.loads[name]) for name, row in state.agents.items())
        new = problem_of(Queue(tuple(fresh), team), policy=self._policy, triage=read_tickets)
        waiting = {k: row for k, row in state.tickets.items() if row["agent_id"] is None and not row["is_closed"]}
        tickets = [*new.tickets, *(Ticket(**row["ticket"]) for row in waiting.values())]
        old = [Reading(row["skills"], row["urgency"]) for row in waiting.values()]
        problem = replace(new, tickets=tickets, readings=[*new.read, *old])
        rows, events = {}, []
        try:
            result = self._solve(problem)
        except SolverError:
            result = solve(problem, solver="greedy")
            events.append(Event("greedy", None, None))
        for i, (ticket, reading, decision) in enumerate(zip(tickets, problem.read, result.decisions, strict=True)):
            key = str(ticket.ticket_id)
            agent = None if decision.agent_id is None else str(decision.agent_id)
            if key in waiting and agent is None:
                continue
            row = {"ticket": _plain(ticket), "skills": dict(reading.skills), "urgency": reading.urgency}
            units = 0 if agent is None else problem.units(i, problem.agent_of(agent))
            rows[key] = {**row, "agent_id": agent, "units": units, "is_closed": False}
            events.append(Event("waiting" if agent is None else "assigned", key, agent, units))
        return rows, tuple(events)


def _plain(record: Ticket | Agent) -> dict[str, Any]:
    """A record as JSON holds it, without the text of a ticket."""
    return {name: value for name, value in asdict(record).items() if name not in TEXT}

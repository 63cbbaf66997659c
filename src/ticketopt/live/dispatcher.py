"""`Dispatcher`: a queue that lives through the day, over a store that loses nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from functools import partial
from typing import Any

from ticketopt.errors import InvalidInputError, Issue, SolverError
from ticketopt.intake.files import read_records
from ticketopt.live.audit import audit
from ticketopt.live.commit import checked_name, commit_once, plain, request_hash_of
from ticketopt.live.one_ticket import Explanation, explain_one
from ticketopt.live.queue_planner import Decided, QueuePlanner, checked, stays
from ticketopt.live.stores import (
    ASSIGNED,
    CLOSED,
    WAITING,
    Batch,
    Entry,
    Event,
    Snapshot,
    Store,
    StoredTicket,
)
from ticketopt.planning.change_rules import read_change_cost
from ticketopt.planning.replan import resolve
from ticketopt.planning.result import Result
from ticketopt.planning.solve import solve
from ticketopt.problem.fields import Report, shown, whole_number
from ticketopt.problem.policy import Policy
from ticketopt.problem.problem import Problem
from ticketopt.problem.reading import Triage
from ticketopt.problem.records import Agent, Id
from ticketopt.triage import read_tickets

__all__ = ["Dispatcher"]


class Dispatcher:
    """Assign tickets as they come, and keep what was decided.

    Every change is decided without a lock and kept only if the queue has not changed meanwhile; else it is decided
    again. With `idempotency_key`, a change that was kept already is answered as it was the first time. Every change
    that may have made room tries the waiting tickets again; tickets that have an agent move only by hand (`reassign`)
    or by `rebalance`. Ids are compared as text and come back as text.

    Every method that changes the queue returns which tickets it has decided: ticket id -> agent id, None for waiting.

    Parameters
    ----------
    store : where the queue is kept; see `ticketopt.open_store`. tenant : which of its queues.
    policy, triage : as for `ticketopt.assign`. What was read in a ticket is kept; its text is not read again.
    solve, resolve : what solves a problem, and what plans again. Their plans are checked. Where one raises a
        `SolverError` or breaks a rule, greedy answers and an event of the kind "greedy" says so; nothing is moved, and
        the event is "failed", where all was to be planned again.
    clock : the time in Unix seconds.

    Raises
    ------
    InvalidInputError
        From every change, for bad input and for a key that another request used. Nothing is kept.
    StoreError
        From every change, where it cannot be kept; the same call can be made again.
    """

    def __init__(
        self,
        store: Store,
        *,
        tenant: str = "",
        policy: Policy | Mapping[str, Any] | None = None,
        triage: Triage = read_tickets,
        solve: Callable[[Problem], Result] = solve,
        resolve: Callable[..., Result] = resolve,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._tenant = checked_name(tenant, "tenant") if tenant else tenant
        policy = policy if isinstance(policy, Policy) else Policy.from_dict({} if policy is None else policy)
        self._planner, self._resolve, self._clock = QueuePlanner(policy, solve, triage, clock), resolve, clock

    def upsert_agents(self, agents: object, *, idempotency_key: str | None = None) -> Decided:
        """Add agents, or change all but the load of known ones, by the fields of `ticketopt.Agent`."""
        team = read_records([], agents).agents
        records = {str(agent.agent_id): plain(asdict(agent), {"current_load"}) for agent in team}
        loads = {str(agent.agent_id): agent.current_load for agent in team}

        def decide(state: Snapshot) -> Batch:
            events = [Event("agent", None, name, 0 if name in state.agents else load) for name, load in loads.items()]
            return self._planner.decided(state, events, agents=records)

        return self._commit("agents", [asdict(agent) for agent in team], decide, idempotency_key, ())

    def submit(self, tickets: object, *, idempotency_key: str | None = None) -> Decided:
        """Assign new tickets, and those that wait, to the stored agents.

        A ticket that the queue knows stays as it is. The answer has its agent, None where it waits or is closed. A new
        one without a creation time was created now: it waits from here on.
        """
        given = read_records(tickets, []).tickets
        now = self._clock()
        new = [t if t.creation_timestamp is not None else replace(t, creation_timestamp=now) for t in given]
        names = [str(ticket.ticket_id) for ticket in new]

        def decide(state: Snapshot) -> Batch:
            fresh = [ticket for ticket in new if str(ticket.ticket_id) not in state.tickets]
            batch = self._planner.decided(state, (), fresh=fresh)
            rows = {name: row for name, row in state.tickets.items() if name in names}
            known = {name: None if row.state == CLOSED else row.agent_id for name, row in rows.items()}
            return replace(batch, answer={**dict.fromkeys(names), **known, **batch.answer})

        return self._commit("submit", [asdict(ticket) for ticket in given], decide, idempotency_key, names)

    def close(self, ticket_id: Id, *, idempotency_key: str | None = None) -> Decided:
        """Close a ticket; its agent has room again. Closing twice changes nothing."""

        def decide(state: Snapshot) -> Batch:
            name, row = self._ticket(state, ticket_id)
            if row.state == CLOSED:
                return Batch({})
            event = Event("closed", name, row.agent_id, -row.units)
            return self._planner.decided(state, [event], rows={name: replace(row, state=CLOSED)})

        return self._commit("close", str(ticket_id), decide, idempotency_key, [str(ticket_id)])

    def reopen(self, ticket_id: Id, *, idempotency_key: str | None = None) -> Decided:
        """Open a closed ticket again, and assign it: the agent who had it is preferred. An open one stays as it is."""

        def decide(state: Snapshot) -> Batch:
            name, row = self._ticket(state, ticket_id)
            if row.state != CLOSED:
                return Batch({name: row.agent_id})
            ticket = {**row.data["ticket"], "previous_agent": row.agent_id}
            waiting = StoredTicket(None, 0, WAITING, {**row.data, "ticket": ticket})
            batch = self._planner.decided(state, [Event("reopened", name)], rows={name: waiting})
            return replace(batch, answer={name: None, **batch.answer})

        return self._commit("reopen", str(ticket_id), decide, idempotency_key, [str(ticket_id)])

    def reassign(self, ticket_id: Id, agent_id: Id, *, idempotency_key: str | None = None) -> Decided:
        """Give an open ticket to an agent by hand, whatever the rules say; it is pinned there from then on."""

        def decide(state: Snapshot) -> Batch:
            name, row = self._ticket(state, ticket_id)
            agent = self._agent(state, agent_id)
            if row.state == CLOSED:
                raise InvalidInputError.single("ticket_id", "is closed", "reopen the ticket first")
            ticket = _pinned(row.data["ticket"], agent)
            moved = replace(row, agent_id=agent, state=ASSIGNED, data={**row.data, "ticket": ticket})
            problem = self._planner.problem(state, {name: moved})
            moved = replace(moved, units=problem.units(0, problem.agent_of(agent)))
            back = [Event("taken", name, row.agent_id, -row.units)] if row.state == ASSIGNED else []
            events = [*back, Event("reassigned", name, agent, moved.units)]
            batch = self._planner.decided(state, events, rows={name: moved})
            return replace(batch, answer={name: agent, **batch.answer})

        return self._commit("reassign", [str(ticket_id), str(agent_id)], decide, idempotency_key, [str(ticket_id)])

    def sign_on(self, agent_id: Id, *, idempotency_key: str | None = None) -> Decided:
        """Have an agent take tickets."""
        return self.set_status(agent_id, "available", idempotency_key=idempotency_key)

    def sign_off(self, agent_id: Id, *, idempotency_key: str | None = None) -> Decided:
        """Have an agent take no more tickets; `rebalance` may give those it holds to others."""
        return self.set_status(agent_id, "off duty", idempotency_key=idempotency_key)

    def pause(self, agent_id: Id, *, idempotency_key: str | None = None) -> Decided:
        """Send an agent on a break: it takes no tickets, and keeps those it holds."""
        return self.set_status(agent_id, "on break", idempotency_key=idempotency_key)

    def set_status(self, agent_id: Id, status: str, *, idempotency_key: str | None = None) -> Decided:
        """Change an agent's availability; see `ticketopt.problem.records.AVAILABILITY`."""
        return self._update_agent("status", agent_id, {"availability_status": status}, idempotency_key)

    def set_capacity(self, agent_id: Id, capacity: int | None, *, idempotency_key: str | None = None) -> Decided:
        """Change an agent's capacity; None lets the policy decide. Takes no ticket away."""
        return self._update_agent("capacity", agent_id, {"capacity": capacity}, idempotency_key)

    def rebalance(
        self, *, max_changes: int | None = None, change_cost: float = 0.0, idempotency_key: str | None = None
    ) -> Decided:
        """Plan all open tickets again, exactly, with few changes; return those that move.

        Pinned tickets stay, and so do those of agents on a break.

        Parameters
        ----------
        max_changes : at most so many tickets leave an agent who may keep them; None is no limit.
        change_cost : weighted cost of each ticket that moves; see `ticketopt.resolve`.
        """
        report = Report()
        read_change_cost(change_cost, report)
        if max_changes is not None:
            whole_number(0)(max_changes, "max_changes", report)
        if report.issues:
            raise InvalidInputError(report.issues)
        again = partial(self._resolve, max_changes=max_changes, change_cost=change_cost)

        def decide(state: Snapshot) -> Batch:
            rows = {name: row for name, row in state.tickets.items() if not stays(state, row)}
            problem = self._planner.problem(state, rows)
            previous = {name: row.agent_id for name, row in rows.items() if row.agent_id is not None}
            try:
                result = checked(problem, again(problem, previous=previous))
            except SolverError:
                return Batch({}, (Event("failed"),), at=self._clock())
            return self._planner.moved(rows, problem, result, [])

        return self._commit("rebalance", [max_changes, change_cost], decide, idempotency_key, None)

    def explain(self, ticket_id: Id) -> Explanation:
        """Why a ticket is where it is, or waits: every agent, what forbids it, and what it would cost now.

        Everything else is taken as it is, so the costs are those of this one decision, at this moment.
        """
        state = self._store.snapshot(self._tenant, tickets=[str(ticket_id)])
        name, row = self._ticket(state, ticket_id)
        holder = None if row.state == CLOSED else row.agent_id
        problem = self._planner.problem(state, {name: row if row.state == ASSIGNED else replace(row, units=0)})
        return explain_one(problem, holder, row.state)

    def events(self, *, after: int = 0, limit: int | None = None) -> list[Entry]:
        """The events after a number, in order; a negative `after` counts from the end."""
        return self._store.events(self._tenant, after=after, limit=limit)

    def state(self) -> Snapshot:
        """The queue as it is now: all agents, all open tickets."""
        return self._store.snapshot(self._tenant)

    def check(self) -> tuple[Issue, ...]:
        """What is wrong with the stored queue: loads and tickets that their events do not add up to. Empty is right."""
        return audit(*self._store.history(self._tenant))

    def _commit(
        self,
        kind: str,
        request: object,
        decide: Callable[[Snapshot], Batch],
        key: str | None,
        tickets: Iterable[str] | None,
    ) -> Decided:
        if key is not None:
            checked_name(key, "idempotency_key")
        request_hash = "" if key is None else request_hash_of(kind, request)
        wanted = None if tickets is None else frozenset(tickets)
        answer: Decided = commit_once(
            self._store, self._tenant, decide, key=key, request_hash=request_hash, tickets=wanted
        )
        return answer

    def _update_agent(self, kind: str, agent_id: Id, fields: Mapping[str, Any], key: str | None) -> Decided:
        def decide(state: Snapshot) -> Batch:
            name = self._agent(state, agent_id)
            agent = Agent(**{**state.agents[name].data, **fields})
            records = {name: plain(asdict(agent), {"current_load"})}
            return self._planner.decided(state, [Event(kind, None, name)], agents=records)

        return self._commit(kind, [str(agent_id), fields], decide, key, ())

    def _ticket(self, state: Snapshot, ticket_id: Id) -> tuple[str, StoredTicket]:
        if str(ticket_id) not in state.tickets:
            problem = f"{shown(ticket_id)} is not in the queue"
            raise InvalidInputError.single("ticket_id", problem, "submit the ticket first")
        return str(ticket_id), state.tickets[str(ticket_id)]

    def _agent(self, state: Snapshot, agent_id: Id) -> str:
        if str(agent_id) not in state.agents:
            raise InvalidInputError.single("agent_id", f"{shown(agent_id)} is not in the team", "add the agent first")
        return str(agent_id)


def _pinned(ticket: Mapping[str, Any], agent: str) -> dict[str, Any]:
    excluded = [one for one in ticket["excluded_agents"] if str(one) != agent]
    return {**ticket, "pinned_agent": agent, "excluded_agents": excluded}

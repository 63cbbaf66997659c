"""`Dispatcher`: a queue that lives through the day, over a store that loses nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from functools import partial
from typing import Any

from ticketopt.errors import InvalidInputError, Issue
from ticketopt.intake.events import TicketEvent
from ticketopt.intake.frames import Agents, Tickets
from ticketopt.live.audit import audit
from ticketopt.live.commit import as_decided, commit_once
from ticketopt.live.edit import Edit
from ticketopt.live.incoming import checked_events
from ticketopt.live.one_ticket import Explanation, explain_one
from ticketopt.live.plain import checked_name, request_hash_of
from ticketopt.live.queue_planner import Decided, QueuePlanner
from ticketopt.live.rebalance import Rebalance
from ticketopt.live.recall import recall_of
from ticketopt.live.requests import Requests, known_ticket
from ticketopt.live.stores import CLOSED, Batch, Entry, Snapshot, Store
from ticketopt.live.submitted import MOST_PAIRS, Submitted
from ticketopt.live.team import Upsert
from ticketopt.live.wishes import with_deliveries
from ticketopt.planning.change_rules import read_change_cost
from ticketopt.planning.replan import resolve
from ticketopt.planning.result import Result
from ticketopt.planning.solve import solve
from ticketopt.problem.fields import Report, whole_number
from ticketopt.problem.policy import Policy
from ticketopt.problem.problem import Problem
from ticketopt.problem.reading import Triage
from ticketopt.problem.records import Id
from ticketopt.triage import read_tickets
from ticketopt.triage.reader import noted

__all__ = ["Dispatcher"]


class Dispatcher:
    """Assign tickets as they come, and keep what was decided.

    A change is kept only if the queue has not changed meanwhile; else it is decided again. Those of several threads are
    committed together (see `group.py`). With `idempotency_key`, what was kept is answered as the first time. Every
    change that may have made room tries the waiting tickets again; tickets that have an agent move only by hand
    (`reassign`) or by `rebalance`. Ids are compared as text and come back as text.

    Every method that changes the queue returns which tickets it has decided: ticket id -> agent id, None for waiting.

    Parameters
    ----------
    store : where the queue is kept; see `ticketopt.open_store`. tenant : which of its queues.
    policy, triage : as for `ticketopt.assign`. What was read in a ticket is kept; its text is not read again.
    solve, resolve : what solves a problem, and what plans again. Their plans are checked. Where one raises a
        `SolverError` or breaks a rule, greedy answers and an event of the kind "greedy" says so; nothing is moved, and
        the event is "failed", where all was to be planned again.
    most_pairs : so many tickets may wait, times the agents, and as many open ones are planned again at once.
    delivers : whether a helpdesk is to be told who has which ticket; see `ticketopt.live.outbox`.
    clock : the time in Unix seconds.

    Raises
    ------
    InvalidInputError
        From every change, for bad input and for a key that another request used. Nothing is kept.
    StoreError
        From every change, where it cannot be kept; the same call can be made again.

    Examples
    --------
    >>> import ticketopt
    >>> dispatcher = ticketopt.Dispatcher(ticketopt.open_store("memory:"))
    >>> dispatcher.upsert_agents([{"agent_id": "ada", "skills": {"VPN": 9}, "capacity": 1}])
    {}
    >>> dispatcher.submit([{"ticket_id": 1, "title": "VPN drops"}, {"ticket_id": 2, "title": "VPN, no rush"}])
    {'1': 'ada', '2': None}
    >>> dispatcher.close(1)  # which makes room
    {'2': 'ada'}
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
        most_pairs: int = MOST_PAIRS,
        delivers: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store, self._delivers = store, delivers
        self._tenant = checked_name(tenant, "tenant") if tenant else tenant
        policy = policy if isinstance(policy, Policy) else Policy.from_dict({} if policy is None else policy)
        self._planner = QueuePlanner(
            policy, solve, noted(triage, policy.skill_notes)[0], clock, recall_of(store, tenant)
        )
        self._resolve, self._clock = resolve, clock
        self._requests, self._most_pairs = Requests(self._planner, most_pairs), most_pairs

    def upsert_agents(self, agents: Agents, *, idempotency_key: str | None = None) -> Decided:
        """Add agents, or change known ones, by the fields of `ticketopt.Agent`.

        Of a known agent, a mapping changes the fields it states; None brings a field back to its default. An `Agent`
        states all its fields. Known agents keep their load; new ones have what they hold at the helpdesk already, which
        the answer tells. A mapping may state a week as well, as `working_hours`, `time_zone` and `absences`: then
        shifts begin and end by themselves; see `ticketopt.live.working_hours`.
        """
        request = Upsert(agents)
        return self._commit("agents", request.request, self._requests.upsert(request), idempotency_key, None)

    def remove_agent(self, agent_id: Id, *, idempotency_key: str | None = None) -> Decided:
        """Take an agent out of the team: its tickets wait again and prefer nobody; pins to it are gone."""
        return self._commit("remove", str(agent_id), self._requests.remove(agent_id), idempotency_key, None)

    def submit(self, tickets: Tickets, *, idempotency_key: str | None = None) -> Decided:
        """Assign new tickets, and those that wait, to the stored agents.

        A known open ticket is changed by the fields that are given (see `change`); a closed one stays closed. The
        answer has its agent, None where it waits or is closed. A new ticket without a creation time was created now:
        it waits from here on.
        """
        request = Submitted(tickets, now=self._clock())
        return self._commit("submit", request.request, self._requests.submit(request), idempotency_key, request.names)

    def change(self, tickets: Tickets, *, idempotency_key: str | None = None) -> Decided:
        """Change known tickets: rows of a `ticket_id` and the fields that change; what is left out stays.

        None brings a field back to its default. One that waits is read and weighed again; one that has an agent stays
        there. What was read in the text is kept apart from what the fields say (see `ticketopt.live.readings`).
        """
        request = Submitted(tickets, now=self._clock(), none_clears=True)
        return self._commit("change", request.request, self._requests.change(request), idempotency_key, request.names)

    def apply(self, events: Iterable[TicketEvent], *, idempotency_key: str | None = None) -> Decided:
        """Have happen here what has happened at a helpdesk; unknown tickets become known.

        What is older than what is known, or known already, changes nothing; see `ticketopt.live.incoming`. The answer
        has the agent of every ticket named, None where it has none here.
        """
        listed = checked_events(events)
        names = [name for event in listed for name in (str(event.ticket_id), event.alias) if name is not None]
        decide = self._requests.apply(listed, self._clock())
        return self._commit("apply", [asdict(event) for event in listed], decide, idempotency_key, names)

    def close(self, ticket_id: Id, *, idempotency_key: str | None = None) -> Decided:
        """Close a ticket; its agent has room again. Closing twice changes nothing."""
        decide = self._requests.edit_ticket(ticket_id, Edit.close, self._clock())
        return self._commit("close", str(ticket_id), decide, idempotency_key, [str(ticket_id)])

    def take_up(self) -> Decided:
        """Try the waiting tickets again, as time may have made room: a shift has begun. Else nothing changes."""
        return self._commit("take up", None, self._requests.take_up(), None, ())

    def next_shift(self) -> float | None:
        """When the next shift of an agent begins, in Unix seconds; None where none is known."""
        now = self._clock()
        team = [self._planner.recall.agent(name, a.data, 0, now) for name, a in self._store.agents(self._tenant)]
        return min((a.shift_start for a in team if a.shift_start is not None and a.shift_start > now), default=None)

    def reopen(self, ticket_id: Id, *, idempotency_key: str | None = None) -> Decided:
        """Open a closed or held ticket again. A closed one is assigned: the agent who had it is preferred.

        A held one goes on with its agent. An open one stays as it is.
        """
        decide = self._requests.edit_ticket(ticket_id, partial(Edit.open, by_hand=True), self._clock(), is_told=True)
        return self._commit("reopen", str(ticket_id), decide, idempotency_key, [str(ticket_id)])

    def hold(self, ticket_id: Id, *, idempotency_key: str | None = None) -> Decided:
        """Put an open ticket on hold: it keeps its agent, and nobody gets it, until `reopen`.

        Whether it counts as load meanwhile says `Policy.held_counts`.
        """
        decide = self._requests.hold(ticket_id, self._clock())
        return self._commit("hold", str(ticket_id), decide, idempotency_key, [str(ticket_id)])

    def unassign(self, ticket_id: Id, *, idempotency_key: str | None = None) -> Decided:
        """Take a ticket from its agent, whatever holds it there: it waits again. This time, somebody else gets it."""
        decide = self._requests.unassign(ticket_id, self._clock())
        return self._commit("unassign", str(ticket_id), decide, idempotency_key, [str(ticket_id)])

    def reassign(self, ticket_id: Id, agent_id: Id, *, idempotency_key: str | None = None) -> Decided:
        """Give an open ticket to an agent by hand, whatever the rules say; it is pinned there from then on."""
        decide = self._requests.reassign(ticket_id, agent_id, self._clock())
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

    def set_load(self, agent_id: Id, load: int, *, idempotency_key: str | None = None) -> Decided:
        """Put an agent's load right: units of open work, those of the tickets kept here included.

        `ticketopt.dispatch` and others add to loads without keeping tickets; what of that is over only they know.
        """
        report = Report()
        units = whole_number(0)(load, "load", report)
        if report.issues:
            raise InvalidInputError(report.issues)
        decide = self._requests.set_load(agent_id, units)
        return self._commit("load", [str(agent_id), units], decide, idempotency_key, None)

    def rebalance(
        self, *, max_changes: int | None = None, change_cost: float = 0.0, idempotency_key: str | None = None
    ) -> Decided:
        """Plan all open tickets again, with few changes; return those that move.

        The plan stays as it is but for what is better by more than its changes cost, whatever the solver answers; the
        event says who solved. Pinned and held tickets stay, and so do those of agents on a break. Where the queue has
        changed meanwhile, what of the new plan still holds and is still better is done; see `ticketopt.live.rebalance`.
        Of more tickets than `most_pairs` allows, the most urgent are planned, and the others stay.

        Parameters
        ----------
        max_changes : at most so many tickets leave an agent who may keep them; None is no limit.
        change_cost : weighted cost of each ticket that moves, at least 0.00001; see `ticketopt.resolve`.
        """
        report = Report()
        read_change_cost(change_cost, report)
        if max_changes is not None:
            whole_number(0)(max_changes, "max_changes", report)
        if report.issues:
            raise InvalidInputError(report.issues)
        decide = Rebalance(self._planner, self._resolve, max_changes, change_cost, self._most_pairs)
        return self._commit("rebalance", [max_changes, change_cost], decide, idempotency_key, None)

    def explain(self, ticket_id: Id) -> Explanation:
        """Why a ticket is where it is, or waits: every agent, what forbids it, and what it would cost now.

        Everything else is taken as it is, so the costs are those of this one decision, at this moment.
        """
        state = self._store.snapshot(self._tenant, tickets=[str(ticket_id)])
        name = known_ticket(state, ticket_id)
        row = state.tickets[name]
        holder = None if row.state == CLOSED else row.agent_id
        problem = self._planner.problem(state, {name: replace(row, units=0) if row.state == CLOSED else row})
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
            self._store,
            self._tenant,
            decide,
            finish=with_deliveries if self._delivers else as_decided,
            key=key,
            request_hash=request_hash,
            tickets=wanted,
            is_quick=kind != "rebalance",
        )
        return answer

    def _update_agent(self, kind: str, agent_id: Id, fields: Mapping[str, Any], key: str | None) -> Decided:
        decide = self._requests.update_agent(kind, agent_id, fields)
        return self._commit(kind, [str(agent_id), fields], decide, key, ())

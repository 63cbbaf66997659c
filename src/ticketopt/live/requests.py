"""What each request about tickets decides: from a snapshot to a batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from ticketopt.errors import InvalidInputError, UnknownIdError
from ticketopt.intake.events import TicketEvent
from ticketopt.live.edit import Edit
from ticketopt.live.incoming import Incoming
from ticketopt.live.queue_planner import Decided, QueuePlanner
from ticketopt.live.stores import CLOSED, WAITING, Batch, Snapshot, StoredTicket
from ticketopt.live.submitted import MOST_PAIRS, Submitted, check_room
from ticketopt.live.team import Upsert, stored_agent
from ticketopt.live.working_hours import record_of, with_hours
from ticketopt.problem.fields import shown
from ticketopt.problem.records import Id

__all__ = ["Requests", "Submission", "known_agent", "known_ticket"]

Decide = Callable[[Snapshot], Batch]


@dataclass(frozen=True, slots=True, eq=False)
class Requests:
    """Decides requests. Each method makes a function that may be called again where the queue has changed."""

    planner: QueuePlanner
    most_pairs: int = MOST_PAIRS

    def upsert(self, request: Upsert) -> Decide:
        def decide(state: Snapshot) -> Batch:
            edit = self.planner.edit(state)
            edit.agents.update(request.records(state))
            edit.events += request.events(state)
            check_room(state, edit, self.most_pairs)
            came = self.planner.edit(edit.result())
            come_home = came.welcome(name for name in edit.agents if name not in state.agents)
            edit.add(came)
            return _answering(self.planner.decided(state, edit), come_home)

        return decide

    def remove(self, agent_id: Id) -> Decide:
        def decide(state: Snapshot) -> Batch:
            edit = self.planner.edit(state)
            edit.forget(known_agent(state, agent_id))
            free = {event.ticket_id: None for event in edit.events if event.ticket_id is not None}
            return _answering(self.planner.decided(state, edit), free)

        return decide

    def update_agent(self, kind: str, agent_id: Id, fields: Mapping[str, object]) -> Decide:
        def decide(state: Snapshot) -> Batch:
            name = known_agent(state, agent_id)
            edit = self.planner.edit(state)
            known = state.agents[name].data
            edit.agents[name] = with_hours(stored_agent(record_of({**known, **fields})), known, {}, name)
            edit.say(kind, None, name)
            return self.planner.decided(state, edit)

        return decide

    def take_up(self) -> Decide:
        def decide(state: Snapshot) -> Batch:
            return self.planner.decided(state, self.planner.edit(state))

        return decide

    def set_load(self, agent_id: Id, load: int) -> Decide:
        def decide(state: Snapshot) -> Batch:
            name = known_agent(state, agent_id)
            kept = sum(row.units for row in state.tickets.values() if row.agent_id == name)
            if load < kept:
                problem = f"is {load:,}, but the open tickets of this queue take {kept:,} of it"
                raise InvalidInputError.single("load", problem, "give what they take or more, or close some")
            edit = self.planner.edit(state)
            edit.say("edited", None, name, load - state.agents[name].load)
            return self.planner.decided(state, edit)

        return decide

    def submit(self, request: Submitted) -> Decide:
        return Submission(request, self.planner, self.most_pairs)

    def change(self, request: Submitted) -> Decide:
        def decide(state: Snapshot) -> Batch:
            for name in request.names:
                known_ticket(state, name)
            edit = self.planner.edit(state)
            request.put(edit, self.planner, with_closed=True)
            return self._decided(state, edit, {name: _holder(state.tickets[name]) for name in request.names})

        return decide

    def apply(self, events: Sequence[TicketEvent], now: float) -> Decide:
        def decide(state: Snapshot) -> Batch:
            edit = self.planner.edit(state)
            incoming = Incoming(edit, self.planner.rows(state), now)
            names = [incoming.apply(event) for event in events]
            if any(name not in state.tickets for name in edit.rows):
                check_room(state, edit, self.most_pairs)
            return self._decided(state, edit, {name: _holder(edit.row(name)) for name in names}, apart=incoming.apart)

        return decide

    def edit_ticket(
        self, ticket_id: Id, change: Callable[[Edit, str], object], now: float, *, is_told: bool = False
    ) -> Decide:
        """One ticket is changed by hand; `is_told` has the answer name it whatever becomes of it."""

        def decide(state: Snapshot) -> Batch:
            name = known_ticket(state, ticket_id)
            edit = self.planner.edit(state)
            change(edit, name)
            told = {name: _holder(edit.row(name))} if is_told else {}
            if edit.events:
                edit.stamp(name, now, "stage")
            return self._decided(state, edit, told)

        return decide

    def hold(self, ticket_id: Id, now: float) -> Decide:
        def decide(state: Snapshot) -> Batch:
            name = known_ticket(state, ticket_id)
            if state.tickets[name].state == CLOSED:
                raise InvalidInputError.single("ticket_id", "is closed", "reopen the ticket first")
            return self.edit_ticket(ticket_id, Edit.hold, now)(state)

        return decide

    def unassign(self, ticket_id: Id, now: float) -> Decide:
        def decide(state: Snapshot) -> Batch:
            name = known_ticket(state, ticket_id)
            edit = self.planner.edit(state)
            edit.let_go(name)
            if edit.events:
                edit.stamp(name, now, "assignee")
            holder = _holder(state.tickets[name])
            return self._decided(state, edit, {name: None}, apart={} if holder is None else {name: holder})

        return decide

    def reassign(self, ticket_id: Id, agent_id: Id, now: float) -> Decide:
        def decide(state: Snapshot) -> Batch:
            name, agent = known_ticket(state, ticket_id), known_agent(state, agent_id)
            if state.tickets[name].state == CLOSED:
                raise InvalidInputError.single("ticket_id", "is closed", "reopen the ticket first")
            edit = self.planner.edit(state)
            edit.open(name, by_hand=True)
            edit.give(name, agent)
            edit.stamp(name, now, "stage", "assignee")
            return self._decided(state, edit, {name: agent})

        return decide

    def _decided(
        self, state: Snapshot, edit: Edit, told: Mapping[str, str | None], apart: Mapping[str, str] | None = None
    ) -> Batch:
        """The batch of an edit, whose answer names some tickets anyway; nothing is solved where nothing happened."""
        is_new = any(row.state == WAITING and name not in state.tickets for name, row in edit.rows.items())
        if not edit.events and not is_new:
            return Batch(dict(told), tickets=edit.rows, at=self.planner.clock())
        return _answering(self.planner.decided(state, edit, apart=apart), told)


@dataclass(frozen=True, slots=True, eq=False)
class Submission:
    """Decides tickets that are submitted, alone or as if one request had brought those of several."""

    request: Submitted
    planner: QueuePlanner
    most_pairs: int

    def __call__(self, state: Snapshot) -> Batch:
        batch, (answer,) = Submission.together(state, [self])
        if isinstance(answer, InvalidInputError):
            raise answer
        return replace(batch, answer=answer)

    def goes_with(self, other: object) -> bool:
        """Whether another one is decided by the same policy within the same bounds."""
        is_alike = isinstance(other, Submission) and other.planner.policy is self.planner.policy
        return is_alike and isinstance(other, Submission) and other.most_pairs == self.most_pairs

    @staticmethod
    def together(state: Snapshot, group: Sequence[Submission]) -> tuple[Batch, list[Decided | InvalidInputError]]:
        """A batch, and what is answered to each: the agents of its tickets, or what is wrong with them.

        Whatever else was decided is in the answer to the first whose tickets can be taken.
        """
        planner = group[0].planner
        edit, told = planner.edit(state), list[dict[str, str | None] | InvalidInputError]()
        Submitted.read_ahead([one.request for one in group], edit, planner)
        for one in group:
            own = one.planner.edit(edit.result())
            try:
                one.request.put(own, one.planner)
                check_room(own.state, own, one.most_pairs)
            except InvalidInputError as error:
                told.append(error)
                continue
            told.append({name: _holder(state.tickets.get(name)) for name in one.request.names})
            edit.add(own)
        batch = planner.decided(state, edit)
        rest = {name: agent for name, agent in batch.answer.items() if not any(name in one for one in _good(told))}
        for answer in _good(told):
            answer.update({name: agent for name, agent in batch.answer.items() if name in answer} | rest)
            rest = {}
        return batch, told


def _good(told: Sequence[Decided | InvalidInputError]) -> list[Decided]:
    return [one for one in told if not isinstance(one, InvalidInputError)]


def known_ticket(state: Snapshot, ticket_id: Id) -> str:
    """A ticket's id as text, or an error where it is not in the queue."""
    if str(ticket_id) not in state.tickets:
        problem = f"{shown(ticket_id)} is not in the queue"
        raise UnknownIdError.single("ticket_id", problem, "submit the ticket first")
    return str(ticket_id)


def known_agent(state: Snapshot, agent_id: Id) -> str:
    """An agent's id as text, or an error where it is not in the team."""
    if str(agent_id) not in state.agents:
        raise UnknownIdError.single("agent_id", f"{shown(agent_id)} is not in the team", "add the agent first")
    return str(agent_id)


def _holder(row: StoredTicket | None) -> str | None:
    return None if row is None or row.state == CLOSED else row.agent_id


def _answering(batch: Batch, told: Mapping[str, str | None]) -> Batch:
    """A batch whose answer names these tickets as well."""
    return replace(batch, answer={**told, **batch.answer})

"""`Session`: a plan that stays optimal while tickets and agents come and go.

A session starts from a problem and takes events. After each it holds an exact optimum again, and says which tickets
moved and what one more unit of each agent's time is worth. The compiled engine re-optimizes along shortest paths of
moves, so an event costs microseconds, not a fresh solve.

What a session takes as fixed, so that one event does not change every number: the clock; capacities that the policy
derives from the queue ("fair share"), as they are at the start; and the price of a step of urgency. An agent's load and
capacity act through the load cost; a pair's cost sees them as they were when the agent came. `Session.model` is the
problem as it stands, for a fresh solve.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ticketopt._core import network
from ticketopt.constraints import CONSTRAINTS, Constraint
from ticketopt.costs import COST_TERMS, CostTerm
from ticketopt.errors import InvalidInputError, UnsupportedModelError
from ticketopt.fields import choices, shown
from ticketopt.formulate import SCALE
from ticketopt.model import AssignmentModel
from ticketopt.pricing import Column, Pricing, Row, refuse_coupling, scaled, units
from ticketopt.problem import Problem, stated
from ticketopt.records import Agent, Id, Ticket
from ticketopt.triage.base import Reading

__all__ = ["Change", "Move", "Session"]

Int = NDArray[np.int64]
Bool = NDArray[np.bool_]

LEAST_ROOM = 1024
"""Exit prices are such that those of at least so many tickets add up without overflow."""


class Move(NamedTuple):
    """One ticket that changed its agent; None is "left out", and before its arrival "not there"."""

    ticket_id: Id
    before: Id | None
    after: Id | None


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """What an event did.

    Attributes
    ----------
    moved : the tickets whose agent changed, the one that came included.
    objective : cost of the plan now, in weighted units, exit prices included, change costs not.
    agent_ids, price : (A,) what one more unit of each agent's time is worth now, in integer cost units.
    """

    moved: tuple[Move, ...]
    objective: float
    agent_ids: tuple[Id, ...]
    price: Int

    @property
    def prices(self) -> dict[Id, float]:
        """Agent id -> the price of one more unit of time, in weighted units."""
        return dict(zip(self.agent_ids, (self.price / SCALE).tolist(), strict=True))


class Session:
    """A plan and its events.

    Parameters
    ----------
    problem : tickets and agents at the start.
    change_cost : weighted cost of taking a ticket from the agent that the plan has it on; above 0 the plan is calm.
    terms, constraints : tables to use in place of the house's own.

    Raises
    ------
    UnsupportedModelError
        If tickets take unequal effort, or the policy has rules that couple tickets: those are for `solve`.
    """

    def __init__(
        self,
        problem: Problem,
        *,
        change_cost: float = 0.0,
        terms: Mapping[str, CostTerm] = COST_TERMS,
        constraints: Mapping[str, Constraint] = CONSTRAINTS,
    ) -> None:
        refuse_coupling(problem.policy)
        if (problem.pair_effort != 1).any():
            raise UnsupportedModelError("tickets take unequal effort; a session needs effort 1")
        self._change_cost = scaled(change_cost)
        capacity, reference = problem.capacity, problem.reference_capacity
        self._columns: list[Column | None] = [
            Column(agent, agent.current_load, capacity[j], float(reference[j]))
            for j, agent in enumerate(problem.agents)
        ]
        self._first_reference = {str(a.agent_id): float(r) for a, r in zip(problem.agents, reference, strict=True)}
        self._pricing = Pricing(problem, max(LEAST_ROOM, 2 * problem.n_tickets), terms, constraints)
        self._names: dict[int, Id] = {}
        self._index_agents()
        rows = self._new_rows(problem.tickets, problem.read, self._change_cost)
        self._rows: list[Row | None] = list(rows)
        self._number = {str(ticket.ticket_id): i for i, ticket in enumerate(problem.tickets)}
        self._engine = self._new_engine(rows)

    # Events.

    def add_ticket(self, ticket: Ticket, *, reading: Reading | None = None, change_cost: float | None = None) -> Change:
        """A ticket comes. `reading` is what triage read in it; None takes what the ticket states itself."""
        if str(ticket.ticket_id) in self._number:
            raise InvalidInputError.single("ticket", f"{shown(ticket.ticket_id)} is in the session", "use another id")
        if {ticket.effort, *ticket.effort_by_agent.values()} != {1}:
            raise UnsupportedModelError("tickets take unequal effort; a session needs effort 1")
        if ticket.pinned_agent is not None:
            self._agent(ticket.pinned_agent)
        change = self._change_cost if change_cost is None else scaled(change_cost)
        [row] = self._new_rows([ticket], [stated(ticket) if reading is None else reading], change)
        number, moves = self._engine.add_ticket(row.cost, self._allowed(row), row.exit_cost, change)
        self._rows[number : number + 1] = [row]
        self._number[str(ticket.ticket_id)] = number
        return self._change(moves)

    def remove_ticket(self, ticket_id: Id) -> Change:
        """A ticket goes: solved, withdrawn, or committed to its agent (then raise that agent's load as well)."""
        number = self._ticket(ticket_id)
        change = self._change(self._engine.remove_ticket(number))
        del self._number[str(ticket_id)]
        self._rows[number] = None
        return change

    def set_capacity(self, agent_id: Id, capacity: int | None) -> Change:
        """An agent's capacity changes, in units, open work included; None is no limit."""
        number, column = self._agent(agent_id)
        column.capacity = None if capacity is None else units(capacity, "capacity")
        column.reference = column.reference if capacity is None else float(max(1, capacity))
        return self._change(self._engine.set_slots(number, *self._pricing.slots(column)))

    def set_load(self, agent_id: Id, load: int) -> Change:
        """The open work that an agent has beside this plan changes, in units."""
        number, column = self._agent(agent_id)
        column.load = units(load, "load")
        return self._change(self._engine.set_slots(number, *self._pricing.slots(column)))

    def pin(self, ticket_id: Id, agent_id: Id | None) -> Change:
        """The ticket goes to this agent or waits; None takes the pin away. What a rule forbids stays forbidden."""
        number = self._ticket(ticket_id)
        pinned = None if agent_id is None else str(self._agent(agent_id)[1].agent.agent_id)
        self._row(number).pinned = pinned
        return self._change(self._rewrite(number))

    def add_agent(self, agent: Agent) -> Change:
        """An agent comes. A capacity of None is no limit here."""
        if str(agent.agent_id) in self._agent_number:
            raise InvalidInputError.single("agent", f"{shown(agent.agent_id)} is in the session", "use another id")
        capacity = agent.capacity
        reference = np.mean(list(self._first_reference.values()) or [1.0]) if capacity is None else max(1, capacity)
        column = Column(agent, agent.current_load, capacity, float(reference))
        self._first_reference[str(agent.agent_id)] = column.reference
        number = self._columns.index(None) if None in self._columns else len(self._columns)
        self._columns[number : number + 1] = [column]
        self._index_agents()
        rows = self._formulate_again()
        costs, allowed = np.zeros(len(self._rows), dtype=np.int64), np.zeros(len(self._rows), dtype=np.bool_)
        for i, row in rows.items():
            costs[i], allowed[i] = row.cost[number], row.allowed[number] and self._row(i).pinned is None
        moves = self._engine.add_agent(costs, allowed, *self._pricing.slots(column))[1]
        return self._change(_merged([moves, *self._adopt(rows, number)]))

    def remove_agent(self, agent_id: Id) -> Change:
        """An agent goes; his tickets move to others or wait. Pins to him are kept: such a ticket waits."""
        number = self._agent(agent_id)[0]
        moves = self._engine.remove_agent(number)
        self._columns[number] = None
        del self._first_reference[str(agent_id)]
        self._index_agents()
        return self._change(_merged([moves, *self._adopt(self._formulate_again(), number)]))

    # The plan.

    @property
    def assigned(self) -> dict[Id, Id | None]:
        """Ticket id -> agent id, None where left out."""
        places = self._engine.assignment()
        return {row.ticket.ticket_id: self._agent_id(int(places[i])) for i, row in self._open()}

    @property
    def state(self) -> Change:
        """Objective and prices as they are now, with nothing moved."""
        return self._change([])

    @property
    def model(self) -> AssignmentModel:
        """The problem as it stands, without change costs: `solve_model(session.model)` finds the same objective."""
        numbers, rows = self._pricing.numbers, [row for _, row in self._open()]
        shape = (len(rows), len(numbers))
        load, capacity = self._pricing.load_costs([column for column in self._columns if column is not None])
        return AssignmentModel(
            pair_cost=np.array([row.cost[numbers] for row in rows], dtype=np.int64).reshape(shape),
            allowed=np.array([self._allowed(row)[numbers] for row in rows], dtype=np.bool_).reshape(shape),
            effort=np.ones(len(rows), dtype=np.int64),
            capacity=np.minimum(capacity, len(rows)),
            load_cost=load,
            exit_cost=np.array([row.exit_cost for row in rows], dtype=np.int64),
        )

    # Below: from ids to numbers, from records to arrays.

    def _index_agents(self) -> None:
        here = [(j, column.agent) for j, column in enumerate(self._columns) if column is not None]
        self._agent_ids = tuple(agent.agent_id for _, agent in here)
        self._names.update({j: agent.agent_id for j, agent in here})  # who has just gone is still named
        self._agent_number = {str(agent.agent_id): j for j, agent in here}
        self._pricing.set_agents([(j, agent, self._first_reference[str(agent.agent_id)]) for j, agent in here])

    def _new_rows(self, tickets: Sequence[Ticket], readings: Sequence[Reading], change_cost: int) -> list[Row]:
        """Rows of tickets that come. A pin in the ticket becomes a pin of the session."""
        pins = [None if t.pinned_agent is None else str(t.pinned_agent) for t in tickets]
        free = [t if t.pinned_agent is None else replace(t, pinned_agent=None) for t in tickets]
        cost, allowed, exits = self._pricing.arrays(free, readings, len(self._columns))
        return [
            Row(ticket, readings[i], change_cost, cost[i], allowed[i], int(exits[i]), pins[i])
            for i, ticket in enumerate(free)
        ]

    def _new_engine(self, rows: Sequence[Row]) -> network.Engine:
        shape = (len(rows), len(self._columns))
        load, capacity = self._pricing.load_costs([column for column in self._columns if column is not None])
        return network.Engine(
            np.array([row.cost for row in rows], dtype=np.int64).reshape(shape),
            np.array([self._allowed(row) for row in rows], dtype=np.bool_).reshape(shape),
            capacity,
            load.start,
            load.runs,
            np.array([row.exit_cost for row in rows], dtype=np.int64),
            np.array([row.change_cost for row in rows], dtype=np.int64),
        )

    def _formulate_again(self) -> dict[int, Row]:
        """Every open ticket's row for the agents there are now, by its number; exit prices stay."""
        here = list(self._open())
        tickets, readings = [row.ticket for _, row in here], [row.reading for _, row in here]
        cost, allowed, _ = self._pricing.arrays(tickets, readings, len(self._columns))
        return {i: replace(row, cost=cost[k], allowed=allowed[k]) for k, (i, row) in enumerate(here)}

    def _adopt(self, rows: dict[int, Row], column: int) -> Iterable[network.Moves]:
        """Take over new rows; the engine hears of those that differ in another column than this one."""
        for i, row in rows.items():
            old, self._rows[i] = self._row(i), row
            differs = np.zeros(len(row.cost), dtype=np.bool_)
            differs[: len(old.cost)] = row.cost[: len(old.cost)] != old.cost
            differs[: len(old.cost)] |= row.allowed[: len(old.cost)] != old.allowed
            differs[column] = False
            if differs.any() or row.pinned is not None:
                yield self._rewrite(i)

    def _rewrite(self, number: int) -> network.Moves:
        row = self._row(number)
        return self._engine.change_ticket(number, row.cost, self._allowed(row), row.exit_cost, row.change_cost)

    def _allowed(self, row: Row) -> Bool:
        if row.pinned is None:
            return row.allowed
        only = np.zeros_like(row.allowed)
        number = self._agent_number.get(row.pinned)
        if number is not None:
            only[number] = row.allowed[number]
        return only

    def _change(self, moves: network.Moves) -> Change:
        moved = tuple(
            Move(self._row(ticket).ticket.ticket_id, self._agent_id(before), self._agent_id(after))
            for ticket, before, after in moves
        )
        price = self._engine.prices()
        if len(price) != len(self._agent_ids):
            price = price[self._pricing.numbers]
        return Change(moved, self._engine.objective() / SCALE, self._agent_ids, price)

    def _open(self) -> Iterable[tuple[int, Row]]:
        return ((i, row) for i, row in enumerate(self._rows) if row is not None)

    def _row(self, number: int) -> Row:
        row = self._rows[number]
        assert row is not None
        return row

    def _agent_id(self, number: int) -> Id | None:
        return None if number < 0 else self._names[number]

    def _ticket(self, ticket_id: Id) -> int:
        try:
            return self._number[str(ticket_id)]
        except KeyError:
            repair = choices(str(ticket_id), self._number)
            raise InvalidInputError.single("ticket_id", f"{shown(ticket_id)} is not in the session", repair) from None

    def _agent(self, agent_id: Id) -> tuple[int, Column]:
        number = self._agent_number.get(str(agent_id), -1)
        column = self._columns[number] if number >= 0 else None
        if column is None:
            repair = choices(str(agent_id), self._agent_number)
            raise InvalidInputError.single("agent_id", f"{shown(agent_id)} is not in the session", repair)
        return number, column


def _merged(events: Iterable[network.Moves]) -> network.Moves:
    """Several events as one: where each ticket was first, and where it is last."""
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    for moves in events:
        for ticket, before, after in moves:
            first.setdefault(ticket, before)
            last[ticket] = after
    return [(ticket, first[ticket], after) for ticket, after in sorted(last.items()) if first[ticket] != after]

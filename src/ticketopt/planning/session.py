"""`Session`: a plan that stays optimal while tickets and agents come and go.

A session starts from a problem and takes events. After each it holds an optimum of the records as they are then, the
very one that `solve(session.problem)` finds or another that costs the same: of all of them, one that takes the fewest
tickets from the agents they are on. The clock is the start's.

Most events concern one ticket or one agent: the compiled engine then re-optimizes along shortest paths of moves, in
microseconds. What depends on the whole queue follows it (capacities and references that are a fair share, time waited
beside busy agents, the most experienced, rules and terms that do not say that they are `by_ticket`): where an event
changes that, the engine starts anew from the plan it has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ticketopt._types import Int
from ticketopt.errors import InvalidInputError
from ticketopt.formulation.constraints import CONSTRAINTS, Constraint
from ticketopt.formulation.costs import COST_TERMS, CostTerm
from ticketopt.formulation.formulate import SCALE, formulate
from ticketopt.formulation.incremental import Pricing, Row, Team, as_policy, in_team
from ticketopt.formulation.pair_costs import highest_pair
from ticketopt.model.assignment import AssignmentModel
from ticketopt.planning.change_rules import scaled
from ticketopt.planning.session_changes import Change, Move, State, state_of
from ticketopt.planning.session_plan import Plan
from ticketopt.planning.session_rows import checked_row, kept_rows, rows_of_kept
from ticketopt.problem.fields import choices, shown
from ticketopt.problem.lazy_sequence import LazySequence
from ticketopt.problem.problem import Problem
from ticketopt.problem.reading import Reading
from ticketopt.problem.records import Agent, Id, Ticket, with_field

__all__ = ["Session"]


class Session:
    """A plan and its events.

    Parameters
    ----------
    problem : tickets and agents at the start.
    change_cost : weighted cost of taking a ticket from the agent that the plan has it on, 0 to 1000. At 0 a ticket
        moves only where that saves something; above 0, where it saves more than that, one event at a time. Who is
        served does not depend on it: nobody waits to keep others where they are.
    terms, constraints : tables to use in place of the library's.

    A session can be pickled and copied, with tables of your own if their functions can: those at the top of a module.

    Raises
    ------
    UnsupportedModelError
        Here and at any event: if tickets take unequal effort, or a rule couples tickets. The session is as before then.
    InvalidInputError
        Where records are not what `Problem` takes, or costs become too large to add up exactly.

    Examples
    --------
    >>> import ticketopt
    >>> tickets = [{"ticket_id": 1, "title": "VPN drops"}, {"ticket_id": 2, "title": "Printer jams"}]
    >>> agents = [{"agent_id": "ada", "skills": {"VPN": 9}}, {"agent_id": "bob", "skills": {"Printers": 8}}]
    >>> problem = ticketopt.build_problem(tickets, agents)
    >>> session = ticketopt.Session(problem)
    >>> session.remove_agent("bob").moved
    (Move(ticket_id=2, before='bob', after='ada'),)
    """

    def __init__(
        self,
        problem: Problem,
        *,
        change_cost: float = 0.0,
        terms: Mapping[str, CostTerm] = COST_TERMS,
        constraints: Mapping[str, Constraint] = CONSTRAINTS,
    ) -> None:
        self._begin(problem, problem.agents, problem.n_tickets, scaled(change_cost), terms, constraints)
        rows = [self._row(t, r, self._change_cost) for t, r in zip(problem.tickets, problem.readings, strict=True)]
        self._formulate({str(row.ticket.ticket_id): row for row in rows}, self._team)

    def _begin(
        self,
        start: Problem,
        agents: Sequence[Agent],
        n_tickets: int,
        change_cost: int,
        terms: Mapping[str, CostTerm],
        constraints: Mapping[str, Constraint],
    ) -> None:
        """A session of these agents without a ticket yet."""
        self._start, self._change_cost, self._terms, self._constraints = start, change_cost, terms, constraints
        self._pricing = Pricing(start, terms, constraints)
        self._plan = Plan(highest_pair(start, terms))
        self._team = Team(start, agents, n_tickets, constraints)
        self._rows: dict[str, Row] = {}

    def __getstate__(self) -> tuple[Any, ...]:
        rest = (self._change_cost, self._terms, self._constraints)
        return self._start, self._team.agents, kept_rows(self._rows.values()), *rest

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        """Rebuild the engine from the plan there was, from which it moves no ticket: the plan is optimal."""
        start, agents, kept, *rest = state
        self._begin(start, agents, len(kept), *rest)
        self._formulate(rows_of_kept(start, self._team, kept), self._team)

    def add_ticket(self, ticket: Ticket, *, reading: Reading | None = None, change_cost: float | None = None) -> Change:
        """A ticket comes. `reading` is what triage read in it; None takes what the ticket states itself."""
        if str(ticket.ticket_id) in self._rows:
            raise InvalidInputError.single("ticket", f"{shown(ticket.ticket_id)} is in the session", "use another id")
        row = self._row(ticket, reading, self._change_cost if change_cost is None else scaled(change_cost))
        return self._settle(self._team.beside(len(self._rows) + 1), came=row)

    def remove_ticket(self, ticket_id: Id) -> Change:
        """A ticket goes: solved, withdrawn, or committed to its agent (then raise that agent's load as well)."""
        row = self._ticket(ticket_id)
        return self._settle(self._team.beside(len(self._rows) - 1), gone=row)

    def replace_ticket(self, ticket: Ticket, *, reading: Reading | None = None) -> Change:
        """What a ticket says changes; its id, its change cost and the agent it is on do not."""
        old = self._ticket(ticket.ticket_id)
        row = self._row(ticket, reading, old.change_cost)
        row.place, row.number = old.place, old.number
        return self._settle(self._team, gone=old, came=row)

    def pin(self, ticket_id: Id, agent_id: Id | None) -> Change:
        """The ticket goes to this agent or waits; None takes the pin away. What a rule forbids stays forbidden."""
        row = self._ticket(ticket_id)
        pinned = None if agent_id is None else self._team.agents[self._agent(agent_id)].agent_id
        return self.replace_ticket(with_field(row.ticket, "pinned_agent", pinned), reading=row.reading)

    def set_capacity(self, agent_id: Id, capacity: int | None) -> Change:
        """An agent's own capacity changes, in units, open work included; None leaves it to the policy."""
        number = self._agent(agent_id)
        agent = with_field(self._team.agents[number], "capacity", capacity)
        return self._settle(self._team.with_agent(number, agent, len(self._rows)))

    def set_load(self, agent_id: Id, load: int) -> Change:
        """The open work that an agent has beside this plan changes, in units."""
        number = self._agent(agent_id)
        agent = with_field(self._team.agents[number], "current_load", load)
        return self._settle(self._team.with_agent(number, agent, len(self._rows)))

    def add_agent(self, agent: Agent) -> Change:
        """An agent comes."""
        if str(agent.agent_id) in self._team.index:
            raise InvalidInputError.single("agent", f"{shown(agent.agent_id)} is in the session", "use another id")
        return self._with_agents([*self._team.agents, agent])

    def remove_agent(self, agent_id: Id) -> Change:
        """An agent goes; his tickets move to others or wait. Pins to him are kept: such a ticket waits."""
        number = self._agent(agent_id)
        return self._with_agents([a for j, a in enumerate(self._team.agents) if j != number])

    def replace_agent(self, agent: Agent) -> Change:
        """What is known of an agent changes, such as status, skills or the end of the shift; the id does not."""
        number = self._agent(agent.agent_id)
        return self._with_agents([agent if j == number else a for j, a in enumerate(self._team.agents)])

    # The plan.

    @property
    def assigned(self) -> dict[Id, Id | None]:
        """Ticket id -> agent id, None where left out."""
        return {row.ticket.ticket_id: self._agent_id(row.place) for row in self._rows.values()}

    @property
    def problem(self) -> Problem:
        """The records as they stand; `solve(session.problem)` finds the same objective.

        A ticket pinned to an agent who has gone excludes everybody in it; a wish for one is left out of the policy.
        """
        rows = self._rows.values()
        return Problem(
            [row.in_team for row in rows],
            self._team.agents,
            as_policy(self._start, self._team.agents, self._terms),
            self._start.now,
            [row.reading for row in rows],
        )

    @property
    def model(self) -> AssignmentModel:
        """`formulate(session.problem)`, with the session's terms and rules."""
        return formulate(self.problem, terms=self._terms, constraints=self._constraints)

    @property
    def state(self) -> State:
        """Objective and prices as they are now. Prices are computed when asked for: shortest paths over all agents."""
        places = [row.place for row in self._rows.values()]
        return state_of(self.model, places, self._plan.objective / SCALE, self._team.agents)

    # Below: from records to the plan.

    def _settle(self, team: Team, *, came: Row | None = None, gone: Row | None = None) -> Change:
        """One ticket, or one agent's load or capacity, changed: formulate no more than that, where that is enough."""
        whole = self._whole(came, gone, team)
        if not self._pricing.is_by_ticket or self._plan.is_limited or self._pricing.has_rows(whole):
            return self._formulate(self._after(came, gone), team)
        if came is not None:
            fixed, cost, allowed = self._pricing.arrays(team.problem((came.in_team,), (came.reading,)))
            came.fixed, came.cost, came.allowed = fixed[0], cost[0], allowed[0]
        costs = None if team.is_like(self._team) else self._by_load(self._after(came, gone), whole)
        moved = self._plan.change(team, came, gone, costs)
        if moved is None:
            rows = self._after(came, gone)
            new = [row.cost for row in rows.values()] if costs is None else costs
            renewed = {ticket_id: replace(row, cost=new[i]) for i, (ticket_id, row) in enumerate(rows.items())}
            return self._restart(renewed, team, None)
        self._team = team
        if gone is not None:
            del self._rows[str(gone.ticket.ticket_id)]
        if came is not None:
            self._is_loaded |= bool((came.cost != came.fixed).any())
            self._rows[str(came.ticket.ticket_id)] = came
        return self._change(
            Move(row.ticket.ticket_id, self._agent_id(before), self._agent_id(row.place)) for row, before in moved
        )

    def _after(self, came: Row | None, gone: Row | None) -> dict[str, Row]:
        """The rows after an event, in the order that they will have."""
        rows = {ticket_id: row for ticket_id, row in self._rows.items() if row is not gone}
        return rows if came is None else {**rows, str(came.ticket.ticket_id): came}

    def _whole(self, came: Row | None, gone: Row | None, team: Team) -> Problem:
        n = len(self._rows) + (came is not None) - (gone is not None)
        return team.problem(
            LazySequence(n, lambda: [row.in_team for row in self._after(came, gone).values()]),
            LazySequence(n, lambda: [row.reading for row in self._after(came, gone).values()]),
        )

    def _with_agents(self, agents: Sequence[Agent]) -> Change:
        """Agents changed: costs compare them with one another, so all is formulated."""
        team = Team(self._start, agents, len(self._rows), self._constraints)
        renewed = {}
        for ticket_id, row in self._rows.items():
            place = -1 if row.place < 0 else team.index.get(str(self._team.agents[row.place].agent_id), -1)
            renewed[ticket_id] = replace(row, in_team=in_team(row.ticket, team), place=place)
        return self._formulate(renewed, team)

    def _formulate(self, rows: dict[str, Row], team: Team) -> Change:
        """Everything anew, from the plan there is; the rows' places are positions in the new team."""
        problem = team.problem([row.in_team for row in rows.values()], [row.reading for row in rows.values()])
        fixed, cost, allowed = self._pricing.arrays(problem)
        limit = self._pricing.capacity(problem, allowed) if self._pricing.has_rows(problem) else None
        renewed = {
            ticket_id: replace(row, fixed=fixed[i], cost=cost[i], allowed=allowed[i])
            for i, (ticket_id, row) in enumerate(rows.items())
        }
        return self._restart(renewed, team, limit)

    def _restart(self, rows: dict[str, Row], team: Team, limit: Int | None) -> Change:
        """Costs and eligibility are known: the plan anew, and who moved."""
        before = {ticket_id: self._agent_id(row.place) for ticket_id, row in self._rows.items()}
        self._plan.restart(list(rows.values()), team, limit)
        self._rows, self._team = rows, team
        self._is_loaded = any((row.cost != row.fixed).any() for row in rows.values())
        after = {ticket_id: self._agent_id(row.place) for ticket_id, row in rows.items()}
        return self._change(
            Move(rows[ticket_id].ticket.ticket_id, before.get(ticket_id), agent_id)
            for ticket_id, agent_id in after.items()
            if ticket_id not in before or before[ticket_id] != agent_id
        )

    def _change(self, moves: Iterable[Move]) -> Change:
        return Change(tuple(moves), self._plan.objective / SCALE)

    def _by_load(self, rows: dict[str, Row], whole: Problem) -> Int | None:
        """(n, A) pair costs where loads and capacities have changed some; None where they have changed none."""
        loaded = self._pricing.by_load(whole)
        if not loaded.any() and not self._is_loaded:
            return None
        shape = loaded.shape
        costs: Int = np.array([row.fixed for row in rows.values()], dtype=np.int64).reshape(shape) + loaded
        before = np.array([row.cost for row in rows.values()], dtype=np.int64).reshape(shape)
        return None if (costs == before).all() else costs

    def _row(self, ticket: Ticket, reading: Reading | None, change_cost: int) -> Row:
        return checked_row(self._start, self._team, ticket, reading, change_cost)

    def _agent_id(self, place: int) -> Id | None:
        return None if place < 0 else self._team.agents[place].agent_id

    def _ticket(self, ticket_id: Id) -> Row:
        try:
            return self._rows[str(ticket_id)]
        except KeyError:
            repair = choices(str(ticket_id), self._rows)
            raise InvalidInputError.single("ticket_id", f"{shown(ticket_id)} is not in the session", repair) from None

    def _agent(self, agent_id: Id) -> int:
        number = self._team.index.get(str(agent_id), -1)
        if number < 0:
            repair = choices(str(agent_id), self._team.index)
            raise InvalidInputError.single("agent_id", f"{shown(agent_id)} is not in the session", repair)
        return number

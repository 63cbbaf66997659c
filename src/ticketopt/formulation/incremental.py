"""What tickets and agents cost a `Session`: the rows of `formulate`, for a few records at a time or for all."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from ticketopt._types import Bool, Int
from ticketopt.errors import UnsupportedModelError
from ticketopt.formulation.constraints import Constraint
from ticketopt.formulation.constraints.base import allow_all, no_rows
from ticketopt.formulation.costs import CostTerm
from ticketopt.formulation.exit_order import Key
from ticketopt.formulation.formulate import eligibility, free_units, presolve
from ticketopt.formulation.pair_costs import pair_costs, weights
from ticketopt.model.rows import PackingRows
from ticketopt.problem.customers import for_team
from ticketopt.problem.fields import shown, spelled
from ticketopt.problem.policy import Policy
from ticketopt.problem.problem import Problem
from ticketopt.problem.reading import Reading
from ticketopt.problem.records import Agent, Ticket

_OF_AGENTS = ("agent_index", "is_available", "experience_gap", "shift_left", "skill_index", "skill_level", "level")
"""What a problem knows of its agents without their loads and capacities and without its tickets' skills."""

UNEQUAL = "tickets take unequal effort; a session needs effort 1"

NOTHING: Mapping[str, object] = MappingProxyType({})

_OF_SKILLS = ("skill_index", "skill_level", "level")


def of_agents(problem: Problem, tickets: Sequence[Ticket], readings: Sequence[Reading]) -> dict[str, object]:
    """What another problem of the same agents, at any time and with any loads, knows of them as well."""
    known = {name: getattr(problem, name) for name in _OF_AGENTS if name != "shift_left"}
    return known if _names_known_skills(problem.skill_index, tickets, readings) else _without_skills(known)


def _names_known_skills(index: Container[str], tickets: Sequence[Ticket], readings: Sequence[Reading]) -> bool:
    pairs = zip(tickets, readings, strict=True)
    return all(spelled(skill) in index for t, reading in pairs for skill in (*reading.skills, *t.requires))


def _without_skills(known: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in known.items() if name not in _OF_SKILLS}


@dataclass(slots=True)
class Row:
    """A ticket of a session.

    Attributes
    ----------
    ticket, in_team : as the caller gave it, and as a problem of this team can state it (see `in_team`).
    change_cost : an integer cost.
    fixed, cost : (A,) the part of the pair cost that depends on nobody's load or capacity, and all of it.
    allowed : (A,) eligibility.
    number, place : the engine's number, and the agent it is on, -1 where left out.
    """

    ticket: Ticket
    in_team: Ticket
    reading: Reading
    change_cost: int
    key: Key
    fixed: Int
    cost: Int
    allowed: Bool
    number: int = -1
    place: int = -1


class Team:
    """Agents beside a queue of so many tickets, as a problem of unit effort sees them.

    Where nothing of a team comes from the queue, it stands for a queue of any length.

    Attributes
    ----------
    agents : in the order of the columns.
    load, reference, busy : (A,) arrays, see `Problem`.
    free : (A,) see `free_units`; it may be the largest integer.
    """

    def __init__(
        self,
        problem: Problem,
        agents: Sequence[Agent],
        n_tickets: int,
        constraints: Mapping[str, Constraint],
        known: Mapping[str, object] = NOTHING,
    ) -> None:
        ones = np.ones(n_tickets, dtype=np.int64)
        self.agents, self.n_tickets = tuple(agents), n_tickets
        self._plain = problem.with_checked((), (), self.agents, {**known, "effort": ones, "pair_effort": ones[:, None]})
        self._is_given = isinstance(problem.policy.capacity, int) or all(a.capacity is not None for a in self.agents)
        self.load, self.free = self._plain.current_load, free_units(self._plain, constraints)
        self.reference, self.busy = self._plain.reference_capacity, self._plain.busy
        of_loads = ("current_load", "capacity", "reference_capacity", "busy")
        self._constraints = constraints
        self.known = {name: getattr(self._plain, name) for name in _OF_AGENTS}
        self._facts = self.known | {name: getattr(self._plain, name) for name in of_loads} | {"free": self.free}
        if not problem.policy.together:
            self._facts["linked"] = ()  # of tickets with keys there are none here: see `refuse_coupled`

    @property
    def index(self) -> dict[str, int]:
        """Position of every agent by its id as text."""
        return self._plain.agent_index

    def is_like(self, other: Team) -> bool:
        """Whether loads and capacities are the same."""
        mine, theirs = (self.load, self.free, self.reference), (other.load, other.free, other.reference)
        return self is other or all((a == b).all() for a, b in zip(mine, theirs, strict=True))

    def beside(self, n_tickets: int) -> Team:
        """The same agents beside a queue of another length."""
        if self._is_given or n_tickets == self.n_tickets:
            return self
        return Team(self._plain, self.agents, n_tickets, self._constraints, self.known)

    def with_agent(self, number: int, agent: Agent, n_tickets: int) -> Team:
        """The same team with another load or capacity of one agent, beside a queue of this length."""
        agents = [*self.agents[:number], agent, *self.agents[number + 1 :]]
        return Team(self._plain, agents, n_tickets, self._constraints, self.known)

    def problem(self, tickets: Sequence[Ticket], readings: Sequence[Reading]) -> Problem:
        """A problem of these tickets, its records not checked again: that would take ten times as long as an event."""
        is_one = len(tickets) == 1 and _names_known_skills(self._plain.skill_index, tickets, readings)
        facts = self._facts if is_one else _without_skills(self._facts)
        return self._plain.with_checked(tickets, readings, self.agents, facts)


class Pricing:
    """Cost terms and rules of a session.

    Attributes
    ----------
    is_by_ticket : whether every term and rule says that a ticket's row depends on no other ticket.
    """

    def __init__(self, problem: Problem, terms: Mapping[str, CostTerm], constraints: Mapping[str, Constraint]) -> None:
        self._terms, self._constraints = terms, constraints
        used = {name: terms[name] for name, weight in weights(problem, terms).items() if weight}
        masks = [rule for rule in constraints.values() if rule.mask is not allow_all]
        self.is_by_ticket = all(term.by_ticket for term in used.values()) and all(rule.by_ticket for rule in masks)
        self._loaded = [name for name, term in used.items() if term.by_load]
        self._fixed = [name for name in used if name not in self._loaded]
        self._coupling = [name for name, rule in constraints.items() if rule.rows is not no_rows]

    def arrays(self, problem: Problem) -> tuple[Int, Int, Bool]:
        """(n, A) pair costs without and with those that depend on loads and capacities, and eligibility."""
        fixed = pair_costs(problem, terms=self._terms, names=self._fixed)
        loaded = fixed + self.by_load(problem) if self._loaded else fixed
        return fixed, loaded, eligibility(problem, self._constraints)

    def by_load(self, problem: Problem) -> Int:
        """(n, A) the part of the pair costs that depends on loads and capacities."""
        return pair_costs(problem, terms=self._terms, names=self._loaded)

    def has_rows(self, problem: Problem) -> bool:
        """Whether any rule has packing rows for this problem."""
        return any(len(self._constraints[name].rows(problem)) for name in self._coupling)

    def capacity(self, problem: Problem, allowed: Bool) -> Int:
        """(A,) free units that can be used; limits of single agents that rules set are in them.

        Raises
        ------
        UnsupportedModelError
            Where other rows are left: it names the rule.
        """
        rows = {name: self._constraints[name].rows(problem) for name in self._coupling}
        capacity, left = presolve(problem, allowed, problem.free, PackingRows.join(rows.values()))
        if len(left):
            free = problem.free
            name = next(name for name, of_rule in rows.items() if len(presolve(problem, allowed, free, of_rule)[1]))
            raise UnsupportedModelError(
                f"rule {name!r} ({self._constraints[name].summary}) couples tickets: {left.label[0]}; "
                "a session cannot keep it, use solve"
            )
        return capacity


def as_policy(problem: Problem, agents: Sequence[Agent], terms: Mapping[str, CostTerm]) -> Policy:
    """The policy as a problem of these agents can state it: no wishes for those who have gone, weights as before."""
    policy = for_team(problem.policy, agents)
    if policy is problem.policy or "account" not in terms:
        return policy
    return replace(policy, weights={**policy.weights, "account": weights(problem, terms)["account"]})


def refuse_coupled(ticket: Ticket) -> None:
    """An error for what a `Session` cannot keep, whatever else is in the queue."""
    if {ticket.effort, *ticket.effort_by_agent.values()} != {1}:
        raise UnsupportedModelError(UNEQUAL)
    if ticket.together is not None:
        raise UnsupportedModelError(
            f"rule 'together' couples tickets: {ticket.ticket_id} has the key {shown(ticket.together)}; "
            "a session cannot keep it, use solve"
        )


def in_team(ticket: Ticket, team: Team) -> Ticket:
    """The ticket as a problem can state it: one pinned to somebody who has gone may go to nobody."""
    if ticket.pinned_agent is None or str(ticket.pinned_agent) in team.index:
        return ticket
    nobody = tuple(agent.agent_id for agent in team.agents)
    return replace(ticket, pinned_agent=None, excluded_agents=nobody)

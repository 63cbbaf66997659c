"""A plan in the user's ids: what was decided about every ticket, and what it adds to every agent's load."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import starmap
from typing import Any

import numpy as np

from ticketopt._types import Int
from ticketopt.explain import rationales, reasons
from ticketopt.formulation.constraints import Constraint
from ticketopt.formulation.costs import CostTerm
from ticketopt.formulation.formulate import SCALE
from ticketopt.formulation.pair_costs import terms_at
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.objective import loads
from ticketopt.problem.lazy_sequence import LazySequence
from ticketopt.problem.problem import Problem
from ticketopt.problem.reading import Reading
from ticketopt.problem.records import Id

__all__ = ["AgentLoad", "Decision", "Decisions", "decision_rows", "decisions_of", "loads_of"]


def decisions_of(
    problem: Problem,
    model: AssignmentModel,
    assignment: Int,
    terms: Mapping[str, CostTerm],
    constraints: Mapping[str, Constraint],
) -> Decisions:
    """What an assignment decides about every ticket, in the order of the queue; worked out when somebody looks."""
    return Decisions(_Plan(problem, model, assignment, terms, constraints))


def loads_of(problem: Problem, model: AssignmentModel, assignment: Int) -> Sequence[AgentLoad]:
    """What an assignment adds to every agent's load, in the order of the team; worked out when somebody looks."""
    return LazySequence(problem.n_agents, lambda: _each_load(problem, model, assignment))


def _each_load(problem: Problem, model: AssignmentModel, assignment: Int) -> Iterable[AgentLoad]:
    taken = loads(model, assignment).tolist()
    for agent, more, limit in zip(problem.agents, taken, problem.capacity, strict=True):
        before = agent.current_load
        yield AgentLoad(agent.agent_id, agent.name, agent.is_available, before, more, before + more, limit)


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about one ticket, and why.

    Attributes
    ----------
    ticket_id, agent_id, agent_name : the user's own; the agent is None where the ticket is left out.
    cost : weighted pair cost; `terms` (term -> cost) add up to it exactly; None and empty where left out.
    rationale : one sentence.
    reason : code of why the ticket is left out, None where it is assigned.
    reading : the wanted skills and urgency behind it, with their evidence.
    """

    ticket_id: Id
    agent_id: Id | None
    agent_name: str | None
    cost: float | None
    terms: Mapping[str, float]
    rationale: str
    reason: str | None
    reading: Reading


@dataclass(frozen=True, slots=True)
class AgentLoad:
    """An agent's open units before and after the plan; capacity None is no limit."""

    agent_id: Id
    name: str
    is_available: bool
    before: int
    assigned: int
    after: int
    capacity: int | None


Row = tuple[Id, Id | None, str | None, float | None, Mapping[str, float], str, str | None, Reading]
"""The fields of a `Decision`."""


class _Plan:
    """What decisions are worked out from, each part once."""

    def __init__(
        self,
        problem: Problem,
        model: AssignmentModel,
        assignment: Int,
        terms: Mapping[str, CostTerm],
        constraints: Mapping[str, Constraint],
    ) -> None:
        self.problem, self.model, self.assignment = problem, model, assignment
        self.terms, self.constraints = terms, constraints

    @cached_property
    def left_out(self) -> dict[int, Row]:
        """The decisions about tickets that are left out, by their positions."""
        problem = self.problem
        why = reasons(problem, self.model, self.assignment, self.constraints)
        return {
            i: (problem.tickets[i].ticket_id, None, None, None, {}, words, code, problem.raised_readings[i])
            for i, (code, words) in why.items()
        }

    @cached_property
    def rows(self) -> list[Row]:
        """All decisions."""
        problem, served = self.problem, np.flatnonzero(self.assignment >= 0)
        agents = self.assignment[served]
        why = rationales(problem, self.model, self.assignment)
        shares = terms_at(problem, served, agents, terms=self.terms)
        names, parts = tuple(shares), [(values / SCALE).tolist() for values in shares.values()]
        costs = (self.model.pair_cost[served, agents] / SCALE).tolist()
        given = dict(self.left_out)
        ids = [(agent.agent_id, agent.name) for agent in problem.agents]
        each = zip(*parts, strict=True) if parts else [()] * len(served)
        for i, j, cost, values in zip(served.tolist(), agents.tolist(), costs, each, strict=True):
            breakdown = dict(zip(names, values, strict=True))
            reading = problem.raised_readings[i]
            given[i] = (problem.tickets[i].ticket_id, *ids[j], cost, breakdown, why[i], None, reading)
        return [given[i] for i in range(problem.n_tickets)]


class Decisions(LazySequence[Decision]):
    """The decisions of a plan, made when somebody looks; about tickets left out without those about others."""

    def __init__(self, plan: _Plan) -> None:
        super().__init__(plan.problem.n_tickets, lambda: starmap(Decision, plan.rows))
        self._plan = plan

    @property
    def rows(self) -> list[Row]:
        """The fields of each."""
        return self._plan.rows

    def left_out(self) -> tuple[Decision, ...]:
        """The decisions about tickets that are left out."""
        if self._all is not None:
            return tuple(decision for decision in self._all if decision.agent_id is None)
        return tuple(starmap(Decision, self._plan.left_out.values()))


def decision_rows(decisions: Sequence[Decision]) -> list[Row]:
    """The fields of each decision."""
    if isinstance(decisions, Decisions):
        return decisions.rows
    return [
        (d.ticket_id, d.agent_id, d.agent_name, d.cost, d.terms, d.rationale, d.reason, d.reading) for d in decisions
    ]


def decision_dict(decision: Decision) -> dict[str, Any]:
    reading = decision.reading
    return {
        "ticket_id": decision.ticket_id,
        "agent_id": decision.agent_id,
        "cost": decision.cost,
        "terms": dict(decision.terms),
        "reason": decision.reason,
        "urgency": reading.urgency,
        "skills": dict(reading.skills),
        "evidence": [asdict(evidence) for evidence in reading.evidence],
    }

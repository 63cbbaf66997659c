"""A plan in the user's ids: what was decided about every ticket, and what it adds to every agent's load."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import chain, repeat
from typing import Any

import numpy as np

from ticketopt._types import Float, Int
from ticketopt.explain import reasons, sentences
from ticketopt.formulation.constraints import Constraint
from ticketopt.formulation.costs import CostTerm
from ticketopt.formulation.formulate import SCALE
from ticketopt.formulation.pair_costs import terms_at
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.objective import loads
from ticketopt.problem.lazy_sequence import LazySequence
from ticketopt.problem.problem import Problem
from ticketopt.problem.reading import Reading
from ticketopt.problem.record_columns import values_of
from ticketopt.problem.records import Id

__all__ = ["AgentLoad", "Decision", "Decisions", "decision_columns", "decisions_of", "loads_of"]


def decisions_of(
    problem: Problem,
    model: AssignmentModel,
    assignment: Int,
    terms: Mapping[str, CostTerm],
    constraints: Mapping[str, Constraint],
) -> Decisions:
    """What an assignment decides about every ticket, in the order of the queue; worked out when somebody looks."""
    return Decisions(problem, model, assignment, terms, constraints)


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


class Decisions(LazySequence[Decision]):
    """The decisions of a plan, made when somebody looks; about tickets left out without those about others.

    Attributes
    ----------
    problem, model, assignment, terms, constraints : what they are worked out from, each part once.
    """

    def __init__(
        self,
        problem: Problem,
        model: AssignmentModel,
        assignment: Int,
        terms: Mapping[str, CostTerm],
        constraints: Mapping[str, Constraint],
    ) -> None:
        super().__init__(problem.n_tickets, tuple)  # `_made` makes them: a bound method here would be a cycle
        self.problem, self.model, self.assignment = problem, model, assignment
        self.terms, self.constraints = terms, constraints
        self._served = np.flatnonzero(assignment >= 0)

    @cached_property
    def _why_not(self) -> dict[int, tuple[str, str]]:
        return reasons(self.problem, self.model, self.assignment, self.constraints)

    @cached_property
    def _why(self) -> list[str]:
        return list(sentences(self.problem, self.model, self.assignment, self._served))

    @cached_property
    def _shares(self) -> dict[str, Int]:
        return terms_at(self.problem, self._served, self.assignment[self._served], terms=self.terms)

    def _made(self) -> Iterator[Decision]:
        problem, agents = self.problem, self.assignment.tolist()
        names, parts = tuple(self._shares), [(values / SCALE).tolist() for values in self._shares.values()]
        breakdowns = zip(*parts, strict=True) if parts else repeat(())
        costs, why = iter(self._costs().tolist()), iter(self._why)
        for i, (ticket_id, j, reading) in enumerate(
            zip(values_of(problem.tickets, "ticket_id"), agents, problem.raised_readings, strict=True)
        ):
            if j < 0:
                yield self._left_out(i)
                continue
            terms = dict(zip(names, next(breakdowns), strict=True))
            agent = problem.agents[j]
            given = (ticket_id, agent.agent_id, agent.name, next(costs), terms, next(why), None, reading)
            yield Decision(*given)

    def _costs(self) -> Float:
        """Weighted pair costs of the assigned tickets."""
        costs: Float = self.model.pair_cost[self._served, self.assignment[self._served]] / SCALE
        return costs

    def _left_out(self, i: int) -> Decision:
        (code, words), ticket_id = self._why_not[i], self.problem.tickets[i].ticket_id
        return Decision(ticket_id, None, None, None, {}, words, code, self.problem.raised_readings[i])

    def left_out(self) -> tuple[Decision, ...]:
        """The decisions about tickets that are left out."""
        return tuple(map(self._left_out, np.flatnonzero(self.assignment < 0).tolist()))

    def columns(self) -> dict[str, Any]:
        """`decision_columns`, without making the decisions."""
        problem, agents, why_not = self.problem, self.assignment.tolist(), self._why_not
        ids, names = [agent.agent_id for agent in problem.agents], [agent.name for agent in problem.agents]
        why = iter(self._why)
        found: dict[str, Any] = {
            "ticket_id": values_of(problem.tickets, "ticket_id"),
            "agent_id": [None if j < 0 else ids[j] for j in agents],
            "agent_name": [None if j < 0 else names[j] for j in agents],
            "cost": None,
            "urgency": [reading.urgency for reading in problem.raised_readings],
            "reason": [why_not[i][0] if j < 0 else None for i, j in enumerate(agents)],
            "rationale": [why_not[i][1] if j < 0 else next(why) for i, j in enumerate(agents)],
        }
        return found | {name: self._spread(values) for name, values in self._priced().items()}

    def _priced(self) -> dict[str, Float]:
        """Costs of the assigned tickets; by term where any ticket is assigned."""
        shares = self._shares if len(self._served) else {}
        return {"cost": self._costs(), **{f"cost_{name}": values / SCALE for name, values in shares.items()}}

    def _spread(self, values: Float) -> Float | list[None]:
        """A value per ticket, NaN for those left out; None for all where nobody has any."""
        if not len(values):
            return [None] * len(self.assignment)
        spread = np.full(len(self.assignment), np.nan)
        spread[self._served] = values
        return spread


def decision_columns(decisions: Sequence[Decision]) -> dict[str, Any]:
    """What a frame of decisions holds: column -> a value per ticket."""
    if isinstance(decisions, Decisions):
        return decisions.columns()
    names = ("ticket_id", "agent_id", "agent_name", "cost")
    terms = dict.fromkeys(chain.from_iterable(d.terms for d in decisions))
    return {
        **{name: [getattr(d, name) for d in decisions] for name in names},
        "urgency": [d.reading.urgency for d in decisions],
        **{name: [getattr(d, name) for d in decisions] for name in ("reason", "rationale")},
        **{f"cost_{term}": [d.terms.get(term) for d in decisions] for term in terms},
    }


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

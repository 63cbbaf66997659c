"""A plan in the user's ids: what was decided about every ticket, and what it adds to every agent's load."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ticketopt._types import Int
from ticketopt.explain import rationales, reasons
from ticketopt.formulation.constraints import Constraint
from ticketopt.formulation.formulate import SCALE
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.objective import loads
from ticketopt.problem.problem import Problem
from ticketopt.problem.reading import Reading
from ticketopt.problem.records import Id

__all__ = ["AgentLoad", "Decision", "decisions_of", "loads_of"]


def decisions_of(
    problem: Problem,
    model: AssignmentModel,
    assignment: Int,
    parts: Mapping[str, Int],
    constraints: Mapping[str, Constraint],
) -> tuple[Decision, ...]:
    """What an assignment decides about every ticket, in the order of the queue; `parts` are the `pair_terms`."""
    return tuple(_each_decision(problem, model, assignment, parts, constraints))


def _each_decision(
    problem: Problem,
    model: AssignmentModel,
    assignment: Int,
    parts: Mapping[str, Int],
    constraints: Mapping[str, Constraint],
) -> Iterator[Decision]:
    why, why_not = rationales(problem, model, assignment), reasons(problem, model, assignment, constraints)
    served = np.maximum(assignment, 0)[:, None]
    shares = {
        name: np.take_along_axis(values, served, axis=1)[:, 0] / SCALE if problem.n_agents else ()
        for name, values in parts.items()
    }
    for i, ticket in enumerate(problem.tickets):
        j = int(assignment[i])
        if j < 0:
            code, words = why_not[i]
            yield Decision(ticket.ticket_id, None, None, None, {}, words, code, problem.raised_readings[i])
            continue
        agent = problem.agents[j]
        breakdown = {name: float(values[i]) for name, values in shares.items()}
        cost = int(model.pair_cost[i, j]) / SCALE
        yield Decision(
            ticket.ticket_id, agent.agent_id, agent.name, cost, breakdown, why[i], None, problem.raised_readings[i]
        )


def loads_of(problem: Problem, model: AssignmentModel, assignment: Int) -> tuple[AgentLoad, ...]:
    """What an assignment adds to every agent's load, in the order of the team."""
    taken = loads(model, assignment)
    return tuple(
        AgentLoad(
            agent.agent_id,
            agent.name,
            agent.is_available,
            agent.current_load,
            int(taken[j]),
            agent.current_load + int(taken[j]),
            problem.capacity[j],
        )
        for j, agent in enumerate(problem.agents)
    )


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

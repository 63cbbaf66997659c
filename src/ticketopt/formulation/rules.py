"""The rules in plain words: everything that a plan breaks, by the problem alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ticketopt._types import Int
from ticketopt.formulation.constraints import CONSTRAINTS, Constraint
from ticketopt.problem.problem import Problem
from ticketopt.problem.record_columns import stating, values_of

__all__ = ["Violation", "violations"]


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule that a plan breaks."""

    rule: str
    message: str


def violations(
    problem: Problem, assignment: Sequence[int] | Int, *, constraints: Mapping[str, Constraint] = CONSTRAINTS
) -> list[Violation]:
    """Every broken rule of an assignment ((n,) agent index, -1 where left out), from the problem alone."""
    given = [(i, int(j)) for i, j in enumerate(assignment) if j >= 0]
    found = [Violation(name, text) for name, rule in constraints.items() for text in rule.broken(problem, given)]
    new = [0] * problem.n_agents
    for (_, j), units in zip(given, _units(problem, given), strict=True):
        new[j] += units
    for j, agent in enumerate(problem.agents):
        limit = problem.capacity[j]
        if new[j] and limit is not None and agent.current_load + new[j] > limit:
            message = f"{agent.name} holds {agent.current_load} + {new[j]} units; the capacity is {limit}"
            found.append(Violation("capacity", message))
    return found


def _units(problem: Problem, given: Sequence[tuple[int, int]]) -> list[int]:
    """Units that each pair takes, by the records and not by the arrays."""
    effort, by_pair = values_of(problem.tickets, "effort"), set(stating(problem.tickets, "effort_by_agent"))
    if problem.policy.expert_saving:
        return [problem.units(i, j) for i, j in given]
    return [problem.units(i, j) if i in by_pair else effort[i] for i, j in given]

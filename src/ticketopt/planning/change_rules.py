"""The rules and the cost of planning again: frozen tickets, a budget of changes, a price of a change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from ticketopt._types import Bool, Float, Int
from ticketopt.errors import InvalidInputError
from ticketopt.formulation.constraints import Constraint
from ticketopt.formulation.constraints.base import Given, no_rows
from ticketopt.formulation.costs import CostTerm
from ticketopt.formulation.formulate import SCALE
from ticketopt.formulation.pair_costs import check_scale
from ticketopt.model.changes import changing_pairs, limit_of_changes
from ticketopt.model.rows import PackingRows
from ticketopt.problem.fields import Report, number
from ticketopt.problem.problem import Problem
from ticketopt.problem.records import Id

__all__ = [
    "MOST_CHANGE_COST",
    "budget_rule",
    "can_stay",
    "change_term",
    "freeze_rule",
    "positions",
    "read_change_cost",
    "scaled",
]

MOST_CHANGE_COST = 1000.0
"""What a change may cost at most, in weighted cost."""


def read_change_cost(change_cost: object, report: Report) -> int:
    """A weighted price of a change, 0 to `MOST_CHANGE_COST`, as an integer cost; what is wrong with it is reported."""
    value = float(number(0, MOST_CHANGE_COST)(change_cost, "change_cost", report))
    check_scale(value, "change_cost", report)
    return round(value * SCALE)


def positions(problem: Problem, plan: Mapping[Id, Id | None]) -> Int:
    """(n,) the agent that each ticket has in a plan; -1 for none, and for agents who are gone."""
    had = {str(ticket_id): agent_id for ticket_id, agent_id in plan.items()}
    agents = [problem.agent_of(had.get(str(ticket.ticket_id))) for ticket in problem.tickets]
    return np.array(agents, dtype=np.int64)


def can_stay(
    problem: Problem, had: Int, constraints: Mapping[str, Constraint]
) -> tuple[Int, dict[tuple[int, int], str]]:
    """(n,) with whom each ticket can stay of those who `had` it, -1 for nobody; and why a pair cannot."""
    pairs = [(i, j) for i, j in enumerate(had.tolist()) if j >= 0]
    blocked = {pair: text for rule in constraints.values() for pair in pairs for text in rule.broken(problem, [pair])}
    stays = had.copy()
    stays[[i for i, _ in blocked]] = -1
    return stays, blocked


def change_term(stays: Int, weight: float) -> CostTerm:
    """The cost term "change": what it costs to take a ticket from where it can stay (`stays`: (n,), -1 for cannot)."""
    return CostTerm("moves away from its agent in the earlier plan", weight, partial(_change_matrix, stays=stays))


def _change_matrix(problem: Problem, stays: Int) -> Float:
    """(n, A) 1 where a ticket that can stay would move."""
    return changing_pairs(stays, problem.n_agents).astype(np.float64)


@dataclass(frozen=True, slots=True)
class _Freeze:
    """Frozen tickets (position -> agent) go to nobody else."""

    frozen: Mapping[int, int]

    def mask(self, problem: Problem) -> Bool:
        allowed = np.ones((problem.n_tickets, problem.n_agents), dtype=np.bool_)
        for i, j in self.frozen.items():
            allowed[i] = np.arange(problem.n_agents) == j
        return allowed

    def broken(self, problem: Problem, given: Given) -> Iterator[str]:
        for i, j in given:
            if i in self.frozen and self.frozen[i] != j:
                stays = problem.agents[self.frozen[i]].name
                yield f"{problem.tickets[i].ticket_id} is frozen with {stays} but is with {problem.agents[j].name}"


def freeze_rule(frozen: Mapping[int, int]) -> Constraint:
    """Frozen tickets (position -> agent) stay."""
    rule = _Freeze(frozen)
    return Constraint("frozen tickets stay with their agents", "frozen", rule.broken, mask=rule.mask)


@dataclass(frozen=True, slots=True, eq=False)
class _Budget:
    """At most `most` tickets move to another agent than `stays`. Those left out are counted by `resolve`."""

    stays: Int
    most: int

    def rows(self, problem: Problem) -> PackingRows:
        label = f"at most {self.most} tickets change hands"
        return limit_of_changes(changing_pairs(self.stays, problem.n_agents), self.most, label)

    def broken(self, problem: Problem, given: Given) -> Iterator[str]:
        moved = sum(1 for i, j in given if self.stays[i] >= 0 and self.stays[i] != j)
        if moved > self.most:
            yield f"{moved} tickets change hands; at most {self.most} may"


def budget_rule(stays: Int, most: int, *, is_binding: bool) -> Constraint:
    """A row only where it binds: without, unit effort stays the polynomial case."""
    rule = _Budget(stays, most)
    rows = rule.rows if is_binding else no_rows
    return Constraint("at most max_changes tickets change hands", "limit", rule.broken, late_rows=rows)


def scaled(change_cost: float) -> int:
    """A weighted price of a change as an integer cost, or an error."""
    report = Report()
    units = read_change_cost(change_cost, report)
    if report.issues:
        raise InvalidInputError(report.issues)
    return units

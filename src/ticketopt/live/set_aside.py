"""What is decided when not everything can be: a plan of as many waiting tickets as can be weighed against each other.

A model adds costs up in whole numbers of limited size, and keeps tickets together with rows of limited number. A queue
can outgrow both, though each of its tickets was fine when it came. Then nobody's own change fails for it:

1. Tickets that nobody has room for now need not be weighed.
2. Of the others, the largest part that can be weighed is decided, small efforts and tickets without a key first.
3. The rest is set aside: it waits, with a reason and an event, and is tried alone, the most urgent and oldest first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ticketopt._types import Bool
from ticketopt.errors import InvalidInputError, SolverError, UnsupportedModelError
from ticketopt.formulation.formulate import eligibility, formulate, free_units
from ticketopt.formulation.rules import violations
from ticketopt.live.stores import Event, StoredTicket
from ticketopt.planning.result import Result
from ticketopt.planning.solve import solve
from ticketopt.problem.problem import Problem

__all__ = ["SET_ASIDE", "Decision", "checked", "decide", "largest_part", "most_urgent"]

SET_ASIDE = "set_aside"
"""The reason of a ticket that could not be weighed with the others."""

FAILED = (SolverError, UnsupportedModelError)
"""How a backend fails: greedy answers in its place."""

UNDECIDABLE = (InvalidInputError, ArithmeticError, MemoryError)
"""How a queue fails that is too much for one model."""

Rows = Mapping[str, StoredTicket]
Build = Callable[[Rows], Problem]
Solve = Callable[[Problem], Result]


@dataclass(frozen=True, slots=True)
class Decision:
    """A plan, the events about how it was made, and the tickets set aside."""

    problem: Problem
    result: Result
    notes: tuple[Event, ...] = ()
    aside: tuple[str, ...] = ()


def decide(rows: Rows, build: Build, answer: Solve) -> Decision:
    """A plan of waiting tickets, of as many as can be decided.

    Parameters
    ----------
    rows : the tickets. build : the problem of some of them. answer : what solves a problem.

    Raises
    ------
    InvalidInputError
        Where not even a queue without tickets can be decided, so that the policy is wrong.
    """
    try:
        return Decision(*_answered(build(rows), answer))
    except UNDECIDABLE:
        part = largest_part(rows, build)
    problem = build(part)
    aside = tuple(name for name in rows if name not in part)
    try:
        return Decision(*_answered(problem, answer), aside)
    except UNDECIDABLE:
        return Decision(problem, _greedy(problem), (Event("greedy"),), aside)


def largest_part(rows: Rows, build: Build) -> Rows:
    """The largest part of some tickets that a model can weigh, of those whom somebody has room for."""
    try:
        problem = build(rows)
    except UNDECIDABLE:
        names = list(rows)
    else:
        names = [name for name, is_servable in zip(rows, servable(problem).tolist(), strict=True) if is_servable]
    order = sorted(names, key=lambda name: _size(rows[name]))
    low, high = 0, len(order)
    while low < high:
        middle = (low + high + 1) // 2
        if _is_decidable({name: rows[name] for name in order[:middle]}, build):
            low = middle
        else:
            high = middle - 1
    kept = set(order[:low])
    return {name: row for name, row in rows.items() if name in kept}


def servable(problem: Problem) -> Bool:
    """(n,) whether any agent may take a ticket and has room for it, were it the only one."""
    has_room = problem.pair_effort <= free_units(problem)
    found: Bool = np.asarray((eligibility(problem) & has_room).any(axis=1))
    return found


def checked(problem: Problem, result: Result) -> Result:
    """A plan, where it is one for this problem and keeps its rules."""
    if len(result.assignment) != problem.n_tickets or result.problem.n_tickets != problem.n_tickets:
        raise SolverError("the plan is one for another queue")
    broken = violations(problem, result.assignment)
    if broken:
        raise SolverError(f"the plan breaks {len(broken)} rules: {broken[0].message}")
    return result


def most_urgent(names: Iterable[str], rows: Rows) -> list[str]:
    """Tickets in the order in which they are served, as far as their rows tell."""

    def place(name: str) -> tuple[float, float]:
        data: Mapping[str, Any] = rows[name].data
        return -data["urgency"], data["ticket"]["creation_timestamp"] or 0.0

    return sorted(names, key=place)


def _answered(problem: Problem, answer: Solve) -> tuple[Problem, Result, tuple[Event, ...]]:
    try:
        return problem, checked(problem, answer(problem)), ()
    except FAILED:
        return problem, _greedy(problem), (Event("greedy"),)


def _greedy(problem: Problem) -> Result:
    """A plan in one sweep; tiers, which add costs up of their own, are not asked for."""
    return solve(replace(problem, policy=replace(problem.policy, tiers=())), solver="greedy")


def _is_decidable(rows: Rows, build: Build) -> bool:
    try:
        formulate(build(rows))
    except UNDECIDABLE:
        return False
    return True


def _size(row: StoredTicket) -> tuple[bool, int]:
    ticket = row.data["ticket"]
    return ticket.get("together") is not None, max([ticket["effort"], *ticket.get("effort_by_agent", {}).values()])

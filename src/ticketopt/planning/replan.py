"""Plan again with few changes, exactly: a price per change, a budget of changes, tickets that must stay."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ticketopt._types import Int
from ticketopt.errors import InvalidInputError, SolverError
from ticketopt.formulation.constraints import CONSTRAINTS, Constraint
from ticketopt.formulation.costs import COST_TERMS, CostTerm
from ticketopt.formulation.formulate import SCALE, model_of
from ticketopt.formulation.pair_costs import pair_costs
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.bounds import proven_bound
from ticketopt.model.changes import changed
from ticketopt.model.objective import objective
from ticketopt.model.outcome import PRICES, Status
from ticketopt.model.parts import forced_model
from ticketopt.planning.change_budget import solve_within
from ticketopt.planning.change_rules import (
    budget_rule,
    can_stay,
    change_term,
    freeze_rule,
    positions,
    read_change_cost,
)
from ticketopt.planning.result import Result
from ticketopt.planning.solve import result_of
from ticketopt.problem.fields import Report, number, shown, whole_number
from ticketopt.problem.problem import Problem
from ticketopt.problem.records import Id
from ticketopt.solvers import BACKENDS, Backend
from ticketopt.solvers.auto import solve_model
from ticketopt.solvers.check import Solution
from ticketopt.solvers.progress import Listener
from ticketopt.solvers.thread import interruptible

__all__ = ["previous_positions", "resolve"]


def resolve(
    problem: Problem,
    *,
    previous: Result | Mapping[Id, Id | None],
    change_cost: float = 0.0,
    max_changes: int | None = None,
    freeze: Iterable[Id] = (),
    time_limit: float = 10.0,
    seed: int = 0,
    terms: Mapping[str, CostTerm] = COST_TERMS,
    constraints: Mapping[str, Constraint] = CONSTRAINTS,
    backends: Mapping[str, Backend] = BACKENDS,
    progress: Listener | None = None,
    stop: threading.Event | None = None,
) -> Result:
    """Solve a problem again, staying close to an earlier plan.

    A ticket *can stay* where the earlier plan gave it to an agent who may still take it. A *change* is such a ticket
    with another agent, or left out. New tickets, and tickets that cannot stay, are no changes wherever they go.

    Parameters
    ----------
    problem : what holds now. The agents' loads must not include the tickets in its queue.
    previous : the earlier plan, or ticket id -> agent id; tickets that are gone are ignored.
    change_cost : weighted cost of each ticket that moves to another agent; 0 to 1000. It is the cost term "change".
    max_changes : at most so many changes; None is no limit.
    freeze : ids of tickets that must stay.
    time_limit : seconds for everything.
    seed, terms, constraints, backends, progress, stop : as for `solve`. With a budget of changes several models are
        solved one after another, and `progress` is not called.

    Returns
    -------
    Result
        Optimal among the plans within the budget where the status says so; its `constraints` hold the rules "freeze"
        and "max_changes", which `verify` checks when it is given them.

    Raises
    ------
    InvalidInputError
        Where a frozen ticket cannot stay, or where no plan has so few changes.

    Examples
    --------
    >>> import ticketopt
    >>> tickets = [{"ticket_id": 1, "title": "VPN drops"}, {"ticket_id": 2, "title": "Printer jams"}]
    >>> agents = [{"agent_id": "ada", "skills": {"VPN": 9}}, {"agent_id": "bob", "skills": {"Printers": 8}}]
    >>> problem = ticketopt.build_problem(tickets, agents)
    >>> ticketopt.resolve(problem, previous={1: "bob", 2: "ada"}, max_changes=1).assigned  # a swap is two
    {1: 'bob', 2: 'ada'}
    """
    began = time.perf_counter()
    stays, frozen = _check(problem, previous, change_cost, max_changes, freeze, time_limit, constraints)
    terms = {**terms, "change": change_term(stays, change_cost)} if change_cost else terms
    rules = {**constraints, "freeze": freeze_rule(frozen)} if frozen else dict(constraints)
    pair_cost = pair_costs(problem, terms=terms)
    model = model_of(problem, pair_cost, terms=terms, constraints=rules)
    left = forced_model(model, frozen)
    if left is None:
        raise InvalidInputError.single("freeze", "asks for more than the agents have room for", "freeze fewer tickets")
    rest, free, cost = left
    seconds = time.perf_counter() - began
    listener = None if progress is None else lambda p: progress(p.rescaled(SCALE, delay=seconds, offset=cost))
    limits: dict[str, Any] = {"time_limit": max(0.01, time_limit - seconds), "seed": seed, "backends": backends}
    found, is_binding = _solved(rest, stays[free], max_changes, limits, listener, stop)
    assignment = _joined(problem.n_tickets, frozen, free, found.assignment)
    if max_changes is not None:
        rules["max_changes"] = budget_rule(stays, max_changes, is_binding=is_binding)
        if len(changed(stays, assignment)) > max_changes:
            raise SolverError("the new plan has more changes than allowed")
    if is_binding:
        model = model_of(problem, pair_cost, terms=terms, constraints=rules)
    solution = _whole(model, found, assignment, cost)
    made: dict[str, Any] = {"seed": seed, "terms": terms, "constraints": rules}
    result = result_of(problem, model, solution, runtime=time.perf_counter() - began, **made)
    return replace(result, resolved=_asked(problem, previous, change_cost, max_changes, frozen, is_binding))


def _solved(
    rest: AssignmentModel,
    stays: Int,
    max_changes: int | None,
    limits: Mapping[str, Any],
    progress: Listener | None,
    stop: threading.Event | None,
) -> tuple[Solution, bool]:
    """The tickets that are not frozen, and whether the budget of changes binds."""
    stop = threading.Event() if stop is None else stop
    with interruptible(stop):
        if max_changes is None:
            return solve_model(rest, progress=progress, stop=stop, **limits), False
        return solve_within(rest, stays, max_changes, stop=stop, **limits)


def _joined(n: int, frozen: Mapping[int, int], free: Int, assignment: Int) -> Int:
    """(n,) the plan of the frozen tickets, and of the others at their positions."""
    plan = np.array([frozen.get(i, -1) for i in range(n)], dtype=np.int64)
    plan[free] = assignment
    return plan


def _asked(
    problem: Problem,
    previous: Result | Mapping[Id, Id | None],
    change_cost: float,
    max_changes: int | None,
    frozen: Mapping[int, int],
    is_binding: bool,
) -> dict[str, Any]:
    """What `resolve` was asked, and whether the budget binds, as plain data."""
    had = [(i, j) for i, j in enumerate(previous_positions(problem, previous).tolist()) if j >= 0]
    return {
        "previous": [[problem.tickets[i].ticket_id, problem.agents[j].agent_id] for i, j in had],
        "change_cost": change_cost,
        "max_changes": max_changes,
        "freeze": [problem.tickets[i].ticket_id for i in frozen],
        "is_binding": is_binding,
    }


def _whole(model: AssignmentModel, found: Solution, assignment: Int, cost: int) -> Solution:
    """The plan of the tickets that are not frozen, together with the frozen ones, which cost `cost`."""
    value = objective(model, assignment)
    bound = None if found.lower_bound is None else found.lower_bound + cost
    if bound is not None and bound > value:
        raise SolverError(f"{found.solver} claims a bound above the cost of its own plan")
    status = Status.OPTIMAL if bound == value else found.status
    status = Status.FEASIBLE if status is Status.OPTIMAL and bound != value else status
    history = tuple(entry.rescaled(1, offset=cost) for entry in found.progress)
    whole = replace(found, assignment=assignment, objective=value, lower_bound=bound, status=status, progress=history)
    return whole if bound is None else replace(whole, bound_source=_source(model, whole, bound))


def _source(model: AssignmentModel, whole: Solution, bound: int) -> str | None:
    """Who vouches for the bound of the whole plan: its proof was one for the tickets that are not frozen."""
    fits = whole.price is not None and len(whole.price) in (model.n_agents, model.n_agents + len(model.rows))
    price = whole.price if fits else None
    if proven_bound(model, whole.assignment, price, whole.price_scale, wanted=bound) >= bound:
        return PRICES
    return whole.solver if whole.bound_source == PRICES else whole.bound_source


def previous_positions(problem: Problem, previous: Result | Mapping[Id, Id | None]) -> Int:
    """(n,) the agent that each ticket had, as positions in `problem`; -1 for none, and for agents who are gone."""
    plan: Mapping[Id, Id | None] = previous.assigned if isinstance(previous, Result) else previous
    return positions(problem, plan)


def _check(
    problem: Problem,
    previous: Result | Mapping[Id, Id | None],
    change_cost: float,
    max_changes: int | None,
    freeze: Iterable[Id],
    time_limit: float,
    constraints: Mapping[str, Constraint],
) -> tuple[Int, dict[int, int]]:
    """With whom each ticket can stay, and where the frozen ones stay, or every mistake at once."""
    report = Report()
    read_change_cost(change_cost, report)
    number(1e-3, 86_400, " (seconds)")(time_limit, "time_limit", report)
    if max_changes is not None:
        whole_number(0)(max_changes, "max_changes", report)
    had = previous_positions(problem, previous)
    stays, blocked = can_stay(problem, had, constraints)
    frozen: dict[int, int] = {}
    for k, ticket_id in enumerate(freeze):
        i = problem.ticket_index.get(str(ticket_id), -1)
        if i < 0:
            report.unknown(
                f"freeze[{k}]", f"{shown(ticket_id)} is not in the queue", str(ticket_id), problem.ticket_index
            )
        elif stays[i] < 0:
            why = blocked.get((i, int(had[i])), "it had no agent who is still in the team")
            report.error(f"freeze[{k}]", f"{shown(ticket_id)} cannot stay: {why}", "leave it out of `freeze`")
        else:
            frozen[i] = int(stays[i])
    if report.issues:
        raise InvalidInputError(report.issues)
    return stays, frozen

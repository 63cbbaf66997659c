"""Questions to a `Result`, answered: ids are looked up, explanations computed, and solving again wired in.

`Result`'s methods are the doors to these functions; their parameters are described there.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ticketopt.errors import InvalidInputError, UnsupportedModelError
from ticketopt.explain.basis import Basis, Forced, Solver
from ticketopt.explain.bottleneck_words import Bottleneck, alike, bottleneck, left_out_by_group
from ticketopt.explain.bottlenecks import groups
from ticketopt.explain.certificate import PlanCertificate
from ticketopt.explain.difference import Difference, difference
from ticketopt.explain.exchange import FAR
from ticketopt.explain.prices import lower_bound
from ticketopt.explain.repairs import Trial, repairs
from ticketopt.explain.skills import SkillValue, plan_prices
from ticketopt.explain.skills import skill_values as _skill_values
from ticketopt.explain.table import Counterfactuals
from ticketopt.explain.values import SlotValue
from ticketopt.explain.values import slot_values as _slot_values
from ticketopt.explain.why_not import WhyNot
from ticketopt.explain.why_not import why_not as _why_not
from ticketopt.fields import Report, number, shown, units
from ticketopt.formulate import SCALE, formulate, pair_terms
from ticketopt.model import AssignmentModel
from ticketopt.problem import Problem
from ticketopt.record import record
from ticketopt.records import MAX_LEVEL, Id
from ticketopt.replan import previous_positions
from ticketopt.result import Result
from ticketopt.running import interruptible
from ticketopt.solve import solve_model
from ticketopt.solvers.dual_prices import dual_prices
from ticketopt.verify import violations

__all__ = [
    "Basis",
    "Bottleneck",
    "Counterfactuals",
    "Difference",
    "PlanCertificate",
    "SkillValue",
    "SlotValue",
    "WhyNot",
    "alternatives",
    "basis",
    "bottleneck_of",
    "bottlenecks",
    "certificate",
    "counterfactuals",
    "diff",
    "next_for",
    "record",
    "skill_values",
    "slot_values",
    "solver",
    "terms",
    "why_not",
]

Int = NDArray[np.int64]
_Given = TypeVar("_Given")
_Found = TypeVar("_Found")

BASIS_TIME_LIMIT = 10.0
"""Seconds for an optimal plan or prices to explain from, where the result's own plan is not enough."""


def solver(time_limit: float, seed: int, stop: threading.Event) -> Solver:
    """Solve models one after another, all within the time limit (seconds) together.

    Once `stop` is set, every ticket is left out and nothing is proven, at once.
    """
    report = Report()
    number(1e-3, 86_400, " (seconds)")(time_limit, "time_limit", report)
    if report.issues:
        raise InvalidInputError(report.issues)
    end = time.perf_counter() + time_limit

    def solve(model: AssignmentModel) -> tuple[Int, int | None]:
        if stop.is_set():
            return np.full(model.n_tickets, -1, dtype=np.int64), None
        solution = solve_model(model, time_limit=max(0.01, end - time.perf_counter()), seed=seed, stop=stop)
        return solution.assignment, solution.lower_bound

    return solve


@contextmanager
def _interruptible() -> Iterator[threading.Event]:
    """Within the block, Ctrl-C sets the event: the question is then answered with what is known."""
    stop = threading.Event()
    with interruptible(stop):
        yield stop


def basis(result: Result) -> Basis:
    """What the explanations of a result rest on; `Result` keeps it.

    Raises
    ------
    UnsupportedModelError
        For a plan by tiers: no single sum is what it minimizes, so no change of a sum explains it.
    """
    _refuse_tiers(result)
    bound = None if result.lower_bound is None else round(result.lower_bound * SCALE)
    with _interruptible() as stop:
        return _basis(result.model, result.assignment, bound, seed=result.seed, stop=stop)


def _refuse_tiers(result: Result) -> None:
    if result.tiers:
        problem = "changes of one sum explain plans by weights, and this one was made by policy.tiers"
        what_if = "pin or exclude what you ask about, solve again, and compare Result.tiers"
        raise UnsupportedModelError(f"{problem}; {what_if}; or solve without tiers")


def _basis(model: AssignmentModel, assignment: Int, bound: int | None, seed: int, stop: threading.Event) -> Basis:
    return Basis.of(
        model,
        assignment,
        known_bound=bound,
        solve=solver(BASIS_TIME_LIMIT, seed, stop),
        prices=partial(dual_prices, time_limit=BASIS_TIME_LIMIT, stop=stop),
    )


def why_not(
    result: Result, ticket_id: Id, agent_id: Id | None, *, resolve: bool = False, time_limit: float = 10.0
) -> WhyNot:
    """See `Result.why_not`."""
    i, j = ticket_position(result, ticket_id), agent_position(result, agent_id)
    with _interruptible() as stop:
        solve = solver(time_limit, result.seed, stop) if resolve else None
        found = result._basis
        is_solved = resolve and not stop.is_set()
        return _answer(result, i, j, found.force(i, j, solve if is_solved else None), is_solved)


def counterfactuals(result: Result) -> Counterfactuals:
    """See `Result.counterfactuals`."""
    found = result._basis
    return Counterfactuals(result.problem, found.table, "exact" if found.is_exact else "bound")


def alternatives(
    result: Result, ticket_id: Id, k: int = 3, *, resolve: bool = False, time_limit: float = 10.0
) -> tuple[WhyNot, ...]:
    """See `Result.alternatives`."""
    i = ticket_position(result, ticket_id)
    with _interruptible() as stop:
        solve = solver(time_limit, result.seed, stop) if resolve else None
        bounds = result._basis.table[i, :-1].copy()
        if result.assignment[i] >= 0:
            bounds[result.assignment[i]] = FAR
        return _best(result, bounds, k, lambda j: (i, j), solve, stop)


def next_for(
    result: Result, agent_id: Id, k: int = 5, *, resolve: bool = False, time_limit: float = 10.0
) -> tuple[WhyNot, ...]:
    """See `Result.next_for`."""
    j = agent_position(result, agent_id)
    with _interruptible() as stop:
        solve = solver(time_limit, result.seed, stop) if resolve else None
        bounds = result._basis.table[:, j].copy()
        bounds[result.assignment == j] = FAR
        return _best(result, bounds, k, lambda i: (i, j), solve, stop)


def slot_values(result: Result, *, resolve: bool = False, time_limit: float = 10.0) -> tuple[SlotValue, ...]:
    """See `Result.slot_values`."""
    with _interruptible() as stop:
        solve = solver(time_limit, result.seed, stop) if resolve else None
        return _slot_values(result.problem, result._basis, solve)


def skill_values(
    result: Result, k: int = 10, *, level: float = 10.0, time_limit: float = 10.0
) -> tuple[SkillValue, ...]:
    """See `Result.skill_values`."""
    report = Report()
    units(0)(k, "k", report)
    number(0, MAX_LEVEL)(level, "level", report)
    if report.issues:
        raise InvalidInputError(report.issues)
    with _interruptible() as stop, suppress(_StoppedError):
        solve = _until(stop, solver(time_limit, result.seed, stop))
        formulated = partial(formulate, terms=result.cost_terms, constraints=result.constraints)
        return _skill_values(
            result.problem,
            result._basis,
            k,
            level,
            formulate=_until(stop, formulated),
            solve=solve,
            explain=lambda model: _basis(model, *solve(model), seed=result.seed, stop=stop),
        )
    return ()


class _StoppedError(Exception):
    """Stop was asked for before there was anything to answer."""


def _until(stop: threading.Event, work: Callable[[_Given], _Found]) -> Callable[[_Given], _Found]:
    """The same, but it raises `_StoppedError` once `stop` is set."""

    def guarded(given: _Given) -> _Found:
        if stop.is_set():
            raise _StoppedError
        return work(given)

    return guarded


def bottlenecks(result: Result, *, with_repairs: bool = True, time_limit: float = 10.0) -> tuple[Bottleneck, ...]:
    """See `Result.bottlenecks`."""
    with _interruptible() as stop:
        return _bottlenecks(result, with_repairs, time_limit, stop)


def _bottlenecks(
    result: Result, with_repairs: bool, time_limit: float, stop: threading.Event
) -> tuple[Bottleneck, ...]:
    model, solve, end = result.model, solver(time_limit, result.seed, stop), time.perf_counter() + time_limit

    def formulated(problem: Problem) -> AssignmentModel:
        return formulate(problem, terms=result.cost_terms, constraints=result.constraints)

    def is_over() -> bool:
        return stop.is_set() or time.perf_counter() > end

    trial = Trial(formulated, lambda problem: solve(formulated(problem))[0], is_over)
    found = groups(model, result.assignment, alike(result.problem))
    return tuple(
        bottleneck(
            result.problem,
            group,
            left_out,
            repairs(result.problem, model, result.assignment, group, trial) if with_repairs else (),
            result.constraints,
        )
        for group, left_out in left_out_by_group(model, result.assignment, found).items()
    )


def bottleneck_of(result: Result, ticket_id: Id) -> Bottleneck | None:
    """See `Result.bottleneck_of`."""
    own = result.problem.tickets[ticket_position(result, ticket_id)].ticket_id
    return next((found for found in bottlenecks(result, with_repairs=False) if own in found.left_out), None)


def certificate(result: Result) -> PlanCertificate:
    """See `Result.certificate`."""
    model, found = result.model, result._basis
    prices = plan_prices(found)
    proven = lower_bound(model, prices)
    claimed = None if result.lower_bound is None else round(result.lower_bound * SCALE)
    best = proven if claimed is None else max(proven, claimed)
    source = "prices" if best == proven else result.solver
    return PlanCertificate(result.problem, found.objective, prices.agent, prices.row, proven, best, source)


def diff(result: Result, previous: Result | Mapping[Id, Id | None]) -> Difference:
    """See `Result.diff`."""
    _refuse_tiers(result)
    problem = result.problem
    if isinstance(previous, Result):
        earlier = {ticket.ticket_id: previous[ticket.ticket_id].agent_id for ticket in previous.problem.tickets}
    else:
        earlier = dict(previous)
    known, now = {str(own) for own in earlier}, {str(ticket.ticket_id) for ticket in problem.tickets}
    return difference(
        problem,
        result.model,
        previous_positions(problem, earlier),
        result.assignment,
        arrived=tuple(t.ticket_id for t in problem.tickets if str(t.ticket_id) not in known),
        gone=tuple(own for own in earlier if str(own) not in now),
        violated=lambda plan: _violated(result, plan),
    )


def terms(result: Result) -> dict[str, Int]:
    """(n, A) integer cost of every term of a result's problem; `Result` keeps it."""
    return pair_terms(result.problem, terms=result.cost_terms)


def _violated(result: Result, plan: Int) -> list[tuple[str, str]]:
    found = violations(result.problem, plan, constraints=result.constraints)
    return [(violation.rule, violation.message) for violation in found]


def ticket_position(result: Result, ticket_id: Id) -> int:
    """Where a ticket stands in the queue; an unknown id is an error."""
    return _position(result.problem.ticket_index, ticket_id, "ticket_id", "in the queue")


def agent_position(result: Result, agent_id: Id | None) -> int:
    """Where an agent stands in the team, -1 for None; an unknown id is an error."""
    if agent_id is None:
        return -1
    return _position(result.problem.agent_index, agent_id, "agent_id", "in the team")


def _position(known: Mapping[str, int], given: Id, path: str, place: str) -> int:
    if str(given) in known:
        return known[str(given)]
    report = Report()
    report.unknown(path, f"{shown(given)} is not {place}", str(given), known)
    raise InvalidInputError(report.issues)


def _best(
    result: Result,
    bounds: Int,
    k: int,
    pair: Callable[[int], tuple[int, int]],
    solve: Solver | None,
    stop: threading.Event,
) -> tuple[WhyNot, ...]:
    """The `k` decisions of least change; given `solve`, solved by rising bound until no other can be better.

    Once `stop` is set, those solved so far.
    """
    report = Report()
    units(0)(k, "k", report)
    if report.issues:
        raise InvalidInputError(report.issues)
    order = [c for c in np.argsort(bounds, kind="stable").tolist() if bounds[c] < FAR]
    is_solved = solve is not None and not result._basis.is_exact
    found: list[tuple[int, int, Forced]] = []
    for c in order if is_solved else order[:k]:
        if len(found) >= k and (not k or sorted(found, key=_change)[k - 1][0] <= bounds[c]):
            break
        if is_solved and stop.is_set():
            break
        forced = result._basis.force(*pair(c), solve)
        if forced is not None:
            found.append((forced.at_least if forced.at_most is None else forced.at_most, c, forced))
    return tuple(_answer(result, *pair(c), forced, is_solved) for _, c, forced in sorted(found, key=_change)[:k])


def _change(row: tuple[int, int, Forced]) -> tuple[int, int]:
    return row[0], row[1]


def _answer(result: Result, i: int, j: int, forced: Forced | None, is_solved: bool) -> WhyNot:
    return _why_not(
        result.problem,
        result._basis,
        i,
        j,
        terms=result._terms,
        constraints=result.constraints,
        violated=lambda plan: _violated(result, plan),
        forced=forced,
        is_solved=is_solved,
    )

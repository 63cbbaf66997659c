"""Questions to a `Result`, answered: ids are looked up, explanations computed, and solving again wired in.

`Result`'s methods are the doors to these functions; their parameters are described there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ticketopt.errors import InvalidInputError, UnsupportedModelError
from ticketopt.explain.basis import Basis, Forced, Solver
from ticketopt.explain.bottleneck_words import Bottleneck, alike, bottleneck, left_out_by_group
from ticketopt.explain.bottlenecks import groups
from ticketopt.explain.certificate import PlanCertificate
from ticketopt.explain.deadline import Deadline
from ticketopt.explain.difference import Difference, difference
from ticketopt.explain.exchange import FAR
from ticketopt.explain.prices import lower_bound
from ticketopt.explain.repairs import Trial, repairs
from ticketopt.explain.skills import SkillValue
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
from ticketopt.result import PRICES, Result
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
    "within",
]

Int = NDArray[np.int64]

BASIS_TIME_LIMIT = 10.0
"""Seconds for an optimal plan or prices to explain from, where the result's own plan is not enough."""

SHORTEST = 0.01
"""Seconds that whatever is begun may take, however little time is left."""


@contextmanager
def within(time_limit: float) -> Iterator[Deadline]:
    """The time of a question, in seconds. Once it is over, or after Ctrl-C, the answer is what is known by then."""
    report = Report()
    number(1e-3, 86_400, " (seconds)")(time_limit, "time_limit", report)
    if report.issues:
        raise InvalidInputError(report.issues)
    end = Deadline.after(time_limit)
    with interruptible(end.stop):
        yield end


def solver(end: Deadline, seed: int = 0) -> Solver:
    """Solve models one after another, all before the end."""

    def solve(model: AssignmentModel, *, parts: int = 1) -> tuple[Int, int | None] | None:
        left = end.left
        if not left:
            return None
        solution = solve_model(model, time_limit=max(SHORTEST, left / parts), seed=seed, stop=end.stop)
        return solution.assignment, solution.lower_bound

    return solve


def basis(result: Result, end: Deadline | None = None) -> Basis:
    """What the explanations of a result rest on; `Result` keeps it, unless the time ended before it was complete.

    Raises
    ------
    UnsupportedModelError
        For a plan by tiers: no single sum is what it minimizes, so no change of a sum explains it.
    """
    _refuse_tiers(result)
    bound = None if result.lower_bound is None else round(result.lower_bound * SCALE)
    if end is not None:
        return _basis(result.model, result.assignment, bound, result.seed, end)
    with within(BASIS_TIME_LIMIT) as end:
        return _basis(result.model, result.assignment, bound, result.seed, end)


def _refuse_tiers(result: Result) -> None:
    if result.tiers:
        problem = "changes of one sum explain plans by weights, and this one was made by policy.tiers"
        what_if = "pin or exclude what you ask about, solve again, and compare Result.tiers"
        raise UnsupportedModelError(f"{problem}; {what_if}; or solve without tiers")


def _basis(model: AssignmentModel, assignment: Int, bound: int | None, seed: int, end: Deadline) -> Basis:
    return Basis.of(
        model,
        assignment,
        known_bound=bound,
        solve=solver(end, seed),
        prices=lambda other: dual_prices(other, max(SHORTEST, end.left), end.stop),
    )


def _basis_before(result: Result, end: Deadline) -> Basis:
    """The basis of a result, computed within the question's time where no earlier question has."""
    kept = vars(result)
    if "_basis" in kept:
        return result._basis
    found = basis(result, end)
    if not end.is_over:
        kept["_basis"] = found
    return found


def why_not(
    result: Result, ticket_id: Id, agent_id: Id | None, *, resolve: bool = False, time_limit: float = 10.0
) -> WhyNot:
    """See `Result.why_not`."""
    i, j = ticket_position(result, ticket_id), agent_position(result, agent_id)
    with within(time_limit) as end:
        found = _basis_before(result, end)
        return _answer(result, found, i, j, found.force(i, j, solver(end, result.seed) if resolve else None))


def counterfactuals(result: Result) -> Counterfactuals:
    """See `Result.counterfactuals`."""
    found = result._basis
    return Counterfactuals(result.problem, found.table, "exact" if found.is_exact else "bound")


def alternatives(
    result: Result, ticket_id: Id, k: int = 3, *, resolve: bool = False, time_limit: float = 10.0
) -> tuple[WhyNot, ...]:
    """See `Result.alternatives`."""
    i = ticket_position(result, ticket_id)
    with within(time_limit) as end:
        found = _basis_before(result, end)
        bounds = found.table[i, :-1].copy()
        if result.assignment[i] >= 0:
            bounds[result.assignment[i]] = FAR
        return _best(result, found, bounds, k, lambda j: (i, j), solver(end, result.seed) if resolve else None)


def next_for(
    result: Result, agent_id: Id, k: int = 5, *, resolve: bool = False, time_limit: float = 10.0
) -> tuple[WhyNot, ...]:
    """See `Result.next_for`."""
    j = agent_position(result, agent_id)
    with within(time_limit) as end:
        found = _basis_before(result, end)
        bounds = found.table[:, j].copy()
        bounds[result.assignment == j] = FAR
        return _best(result, found, bounds, k, lambda i: (i, j), solver(end, result.seed) if resolve else None)


def slot_values(result: Result, *, resolve: bool = False, time_limit: float = 10.0) -> tuple[SlotValue, ...]:
    """See `Result.slot_values`."""
    with within(time_limit) as end:
        solve = solver(end, result.seed) if resolve else None
        return _slot_values(result.problem, _basis_before(result, end), _formulated(result), solve)


def skill_values(
    result: Result, k: int = 10, *, level: float = 10.0, time_limit: float = 10.0
) -> tuple[SkillValue, ...]:
    """See `Result.skill_values`."""
    report = Report()
    units(0)(k, "k", report)
    number(0, MAX_LEVEL)(level, "level", report)
    if report.issues:
        raise InvalidInputError(report.issues)
    with within(time_limit) as end:
        solve = solver(end, result.seed)

        def explain(model: AssignmentModel) -> Basis | None:
            solved = solve(model, parts=4)
            return None if solved is None else _basis(model, *solved, result.seed, end)

        return _skill_values(
            result.problem,
            _basis_before(result, end),
            k,
            level,
            formulate=_formulated(result),
            solve=solve,
            explain=explain,
            deadline=end,
        )


def bottlenecks(result: Result, *, with_repairs: bool = True, time_limit: float = 10.0) -> tuple[Bottleneck, ...]:
    """See `Result.bottlenecks`."""
    with within(time_limit) as end:
        return _bottlenecks(result, with_repairs, end)


def _bottlenecks(result: Result, with_repairs: bool, end: Deadline) -> tuple[Bottleneck, ...]:
    model, formulated = result.model, _formulated(result)
    trial = Trial(formulated, solver(end, result.seed), end)
    found = groups(model, alike(result.problem))
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
    prices = found.plan_prices
    proven = lower_bound(model, prices)
    claimed = None if result.lower_bound is None else round(result.lower_bound * SCALE)
    best = proven if claimed is None else max(proven, claimed)
    source = PRICES if best == proven else result.claimed_by or result.solver
    return PlanCertificate(result.problem, found.objective, prices.agent, prices.row, proven, best, source)


def diff(result: Result, previous: Result | Mapping[Id, Id | None]) -> Difference:
    """See `Result.diff`."""
    _refuse_tiers(result)
    if isinstance(previous, Result):
        earlier = {ticket.ticket_id: previous[ticket.ticket_id].agent_id for ticket in previous.problem.tickets}
    else:
        earlier = dict(previous)
    violated = partial(_violated, result)
    return difference(result.problem, result.model, earlier, result.assignment, violated=violated)


def _formulated(result: Result) -> Callable[[Problem], AssignmentModel]:
    """How a problem like the result's becomes a model."""
    return lambda problem: formulate(problem, terms=result.cost_terms, constraints=result.constraints)


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
    result: Result, basis: Basis, bounds: Int, k: int, pair: Callable[[int], tuple[int, int]], solve: Solver | None
) -> tuple[WhyNot, ...]:
    """The `k` decisions of least change; given `solve`, solved by rising bound until no other can be better.

    Where the time ends before that, the rest of the `k` are told by their bounds.
    """
    report = Report()
    units(0)(k, "k", report)
    if report.issues:
        raise InvalidInputError(report.issues)
    order = [c for c in np.argsort(bounds, kind="stable").tolist() if bounds[c] < FAR]
    is_solving = solve is not None and not basis.is_exact
    found: list[tuple[int, int, Forced]] = []
    for c in order if is_solving else order[:k]:
        if len(found) >= k and (not k or sorted(found, key=_change)[k - 1][0] <= bounds[c]):
            break
        forced = basis.force(*pair(c), solve, parts=1 + max(0, k - len(found)))
        if forced is None:
            continue
        if is_solving and forced.at_most is None and len(found) >= k:
            break
        found.append((forced.at_least if forced.at_most is None else forced.at_most, c, forced))
    return tuple(_answer(result, basis, *pair(c), forced) for _, c, forced in sorted(found, key=_change)[:k])


def _change(row: tuple[int, int, Forced]) -> tuple[int, int]:
    return row[0], row[1]


def _answer(result: Result, basis: Basis, i: int, j: int, forced: Forced | None) -> WhyNot:
    return _why_not(
        result.problem,
        basis,
        i,
        j,
        terms=result._terms,
        constraints=result.constraints,
        violated=partial(_violated, result),
        forced=forced,
    )

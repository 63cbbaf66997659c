"""Is a result what it says? Everything that it claims is recomputed from the problem and the plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import numpy as np

from ticketopt._types import Int
from ticketopt.errors import InvalidInputError
from ticketopt.formulation.constraints import CONSTRAINTS, Constraint
from ticketopt.formulation.formulate import SCALE, formulate
from ticketopt.formulation.rules import Violation, violations
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.bounds import proven_bound, with_one_more
from ticketopt.model.objective import feasible, objective
from ticketopt.model.outcome import PRICES, Status
from ticketopt.planning.decisions import Decisions, decisions_of, loads_of
from ticketopt.planning.tier_stages import tier_value
from ticketopt.planning.tiers import solve_tiers
from ticketopt.problem.plain import fingerprint
from ticketopt.problem.problem import Problem
from ticketopt.problem.records import Id

if TYPE_CHECKING:  # results are read back by `recorded`, which verifies them
    from ticketopt.planning.result import Result

__all__ = ["verify"]


ARRAYS = ("pair_cost", "allowed", "effort", "capacity", "exit_cost")
"""What a model is made of, beside its load cost and rows."""

ENTRIES = ("row", "ticket", "agent", "coefficient", "bound")
"""What the rows are made of, beside their labels."""

RULES = {"cost": "terms", "terms": "terms", "rationale": "reasons", "reason": "reasons", "reading": "readings"}
"""Field of a decision -> the rule that it breaks where it is wrong; the others are about ids."""


def verify(
    problem: Problem,
    answer: Result | Mapping[Id, Id | None],
    *,
    constraints: Mapping[str, Constraint] = CONSTRAINTS,
) -> list[Violation]:
    """Check a plan against the problem; an empty list means that it is good.

    Of a `Result`, everything is recomputed with the tables that it was solved with: the model, objective and cost, the
    status, every decision, load and tier, and the lower bound where its source is "prices". What a backend claims
    (`Result.claimed_by`) cannot be recomputed; it is refuted where a cheaper plan is at hand, and else stays a claim.

    Parameters
    ----------
    answer : a `Result`, or ticket id -> agent id (or None).
    constraints : rules to check besides those of the result.

    Examples
    --------
    >>> import ticketopt
    >>> tickets = [{"ticket_id": 1, "title": "VPN drops"}, {"ticket_id": 2, "title": "Printer jams"}]
    >>> agents = [{"agent_id": "ada", "skills": {"VPN": 9}}, {"agent_id": "bob", "skills": {"Printers": 8}}]
    >>> problem = ticketopt.build_problem(tickets, agents)
    >>> ticketopt.verify(problem, ticketopt.solve(problem))
    []
    >>> [violation.message for violation in ticketopt.verify(problem, {1: "ada", 2: "eve"})]
    ["ticket 2 is with 'eve', who is not in the team"]
    """
    if not isinstance(answer, Mapping):
        return list(_of_result(problem, answer, {**answer.constraints, **constraints}))
    assignment, found = _positions(problem, answer)
    return found + violations(problem, assignment, constraints=constraints)


def _positions(problem: Problem, plan: Mapping[Id, Id | None]) -> tuple[Int, list[Violation]]:
    """(n,) a plan by ids as agent indices, and what is wrong with its ids."""
    known, assignment, found = problem.ticket_index, np.full(problem.n_tickets, -1, dtype=np.int64), []
    spelled: dict[str, Id] = {}
    for ticket_id, agent_id in plan.items():
        name = str(ticket_id)
        if name in spelled:
            found.append(Violation("ids", f"ticket {name} is given twice: as {spelled[name]!r} and {ticket_id!r}"))
        elif name not in known:
            found.append(Violation("ids", f"ticket {ticket_id!r} is not in the queue"))
        elif agent_id is not None and problem.agent_of(agent_id) < 0:
            found.append(Violation("ids", f"ticket {ticket_id!r} is with {agent_id!r}, who is not in the team"))
        else:
            assignment[known[name]] = problem.agent_of(agent_id)
        spelled.setdefault(name, ticket_id)
    return assignment, found


def _of_result(problem: Problem, result: Result, constraints: Mapping[str, Constraint]) -> Iterator[Violation]:
    if problem is not result.problem and fingerprint(problem) != fingerprint(result.problem):
        yield Violation("problem", "the result answers another problem")
    plan = np.asarray(result.assignment)
    if plan.shape != (problem.n_tickets,) or plan.dtype.kind not in "iu":
        wanted = f"({problem.n_tickets},) whole numbers"
        yield Violation("shape", f"the assignment is {plan.shape} of {plan.dtype}; the queue makes it {wanted}")
        return
    strange = (plan < -1) | (plan >= problem.n_agents)
    for i in np.flatnonzero(strange)[:10]:
        ticket_id = problem.tickets[i].ticket_id
        yield Violation("ids", f"ticket {ticket_id!r} is with agent number {plan[i]}; there are {problem.n_agents}")
    if strange.any():
        return
    yield from violations(problem, plan, constraints=constraints)
    try:
        model = formulate(problem, terms=result.cost_terms, constraints=result.constraints)
    except InvalidInputError as error:
        yield Violation("model", f"the problem cannot be formulated with the result's tables: {error}")
        return
    yield from _wrong_model(model, result.model)
    if not feasible(model, plan):
        yield Violation("model", "the assignment is not feasible for the model")
        return
    yield from _wrong_numbers(model, plan, result)
    check = _wrong_tiers if result.tiers else _wrong_bound
    yield from check(problem, model, plan, result)
    if problem.policy.tiers is not None and tuple(t.name for t in result.tiers) != tuple(problem.policy.tiers):
        yield Violation("tiers", "the tiers are not those of the policy")
    if not _are_made_when_asked(problem, result):
        yield from _wrong_decisions(problem, model, plan, result)
    yield from _wrong_loads(problem, model, plan, result)


def _wrong_model(model: AssignmentModel, stated: AssignmentModel) -> Iterator[Violation]:
    """Arrays that the problem does not make."""
    for name in ARRAYS:
        if not np.array_equal(getattr(model, name), getattr(stated, name)):
            yield Violation("model", f"the model's {name} is not what the problem makes")
    if not (
        np.array_equal(model.load_cost.start, stated.load_cost.start)
        and np.array_equal(model.load_cost.segments, stated.load_cost.segments)
    ):
        yield Violation("model", "the model's load_cost is not what the problem makes")
    fresh, said = model.rows, stated.rows
    if fresh.label != said.label or not all(np.array_equal(getattr(fresh, n), getattr(said, n)) for n in ENTRIES):
        yield Violation("model", "the model's rows are not what the problem makes")


def _wrong_numbers(model: AssignmentModel, plan: Int, result: Result) -> Iterator[Violation]:
    value = objective(model, plan)
    if result.objective != value / SCALE:
        yield Violation("objective", "the stated objective is not the cost of the assignment")
    if result.cost != (value - int(model.exit_cost[plan < 0].sum())) / SCALE:
        yield Violation("cost", "the stated cost is not that of the assigned tickets")


def _wrong_bound(problem: Problem, model: AssignmentModel, plan: Int, result: Result) -> Iterator[Violation]:
    """A bound that is none, or not proven as it says, and a status that does not follow from it."""
    value, bound = objective(model, plan), result.lower_bound
    if (result.status is Status.OPTIMAL) != (bound == value / SCALE) or result.status is Status.INFEASIBLE:
        yield Violation("status", f"the plan is called {result.status.value}, which does not follow from its bound")
    if bound is None:
        return
    if not bound <= value / SCALE:
        yield Violation("bound", "the lower bound is above the objective")
        return
    integer = round(bound * SCALE)
    if integer / SCALE != bound:
        yield Violation("bound", "the lower bound is no integer in the model's scale")
    if result.bound_source == PRICES:
        try:
            proven = proven_bound(model, plan, result.price, result.price_scale, wanted=integer)
        except ValueError as error:
            yield Violation("bound", f"the prices of the bound are none: {error}")
            return
        if proven < integer:
            words = f"it is said to be proven by prices, but they prove {proven / SCALE:g} and not {bound:g}"
            yield Violation("bound", words)
        return
    better = with_one_more(model, plan)
    if better is None or objective(model, better) >= integer:
        return
    if not violations(problem, better, constraints=result.constraints):
        yield Violation("bound", f"{result.claimed_by} claims a lower bound, but there is a cheaper plan")


def _wrong_tiers(problem: Problem, model: AssignmentModel, plan: Int, result: Result) -> Iterator[Violation]:
    """Tiers whose stated value is not the plan's, or whose bound is none; with unit effort each is proven anew."""
    if result.lower_bound is not None:
        yield Violation("bound", "a plan by tiers has no lower bound of its own")
    names = [tier.name for tier in result.tiers]
    if names != list(problem.policy.tiers or ()):
        return
    proven: dict[str, int | None] = {}
    if model.is_unit:
        again = solve_tiers(
            model, problem.is_urgent, names, plan, lambda stage: (plan, Status.OPTIMAL, None), lambda *_: None
        )
        proven = {name: bound for name, _, bound in again.values}
    for tier in result.tiers:
        scale = 1 if tier.name.endswith("unassigned") else SCALE
        value = tier_value(model, problem.is_urgent, tier.name, plan)
        if tier.value != value / scale:
            yield Violation("tiers", f"{tier.name} is not what it says")
        if tier.lower_bound is not None and not tier.lower_bound <= value / scale:
            yield Violation("bound", f"the lower bound of {tier.name} is above what the plan reaches")
        elif tier.is_optimal and tier.bound_source == PRICES and proven.get(tier.name, value) != value:
            yield Violation("bound", f"{tier.name} is called proven, and is not")
    if (result.status is Status.OPTIMAL) != all(tier.is_optimal for tier in result.tiers):
        yield Violation("status", "the plan is called optimal, but not every tier is, or the other way round")


def _are_made_when_asked(problem: Problem, result: Result) -> bool:
    """Whether the decisions are worked out from the very parts that are checked here: there is nothing to compare."""
    made = result.decisions
    parts = (result.model, result.assignment, result.cost_terms, result.constraints)
    return (
        isinstance(made, Decisions)
        and made.problem is problem
        and all(a is b for a, b in zip((made.model, made.assignment, made.terms, made.constraints), parts, strict=True))
    )


def _wrong_decisions(problem: Problem, model: AssignmentModel, plan: Int, result: Result) -> Iterator[Violation]:
    """Decisions that are not those of the assignment."""
    decisions = decisions_of(problem, model, plan, result.cost_terms, result.constraints)
    for k, (wanted, stated) in enumerate(zip_longest(decisions, result.decisions)):
        if wanted is None or stated is None:
            count = f"{len(result.decisions)} decisions for {len(decisions)} tickets"
            yield Violation("ids", f"there are {count}")
            break
        for name in _unlike(wanted, stated):
            words = f"{name} of decision {k} is not what the assignment makes it for {wanted.ticket_id}"
            yield Violation(RULES.get(name, "ids"), words)


def _wrong_loads(problem: Problem, model: AssignmentModel, plan: Int, result: Result) -> Iterator[Violation]:
    """Loads that are not those of the assignment."""
    loads = loads_of(problem, model, plan)
    if len(loads) != len(result.loads):
        yield Violation("loads", f"there are {len(result.loads)} loads for {len(loads)} agents")
    for fresh, said in zip(loads, result.loads, strict=False):
        for name in _unlike(fresh, said):
            yield Violation("loads", f"{name} of {fresh.name}'s load is not that of its tickets")


def _unlike(wanted: Any, stated: Any) -> list[str]:
    """The fields in which two instances of one class differ."""
    return [item.name for item in fields(wanted) if getattr(wanted, item.name) != getattr(stated, item.name)]

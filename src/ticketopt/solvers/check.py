"""A backend's outcome, checked: what of it is proven here, and what is only claimed."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from ticketopt._types import Int
from ticketopt.errors import SolverError
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.bounds import proven_bound, with_one_more
from ticketopt.model.objective import feasible, objective
from ticketopt.model.outcome import PRICES, Outcome, Status
from ticketopt.solvers.progress import Progress

__all__ = ["Solution", "checked", "is_refuted", "refutation", "with_bound"]


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """A verified outcome: who found it and why, with the recomputed objective, and what was known when.

    Attributes
    ----------
    bound_source : who vouches for `lower_bound`: `PRICES` where it was added up here, else the name of the backend that
        claims it; None without a bound.
    price, price_scale : what the backend gave to prove it, as in `Outcome`; None where prices of the plan will do.
    """

    assignment: Int
    status: Status
    objective: int
    lower_bound: int | None
    solver: str
    reason: str
    progress: tuple[Progress, ...] = ()
    bound_source: str | None = None
    price: Int | None = None
    price_scale: int = 1


def checked(model: AssignmentModel, name: str, outcome: Outcome, reason: str) -> Solution:
    """Believe nothing: recompute the objective, check feasibility, and derive the status from the bound.

    A bound that can be added up here is proven; a higher one stays the backend's claim, unless something refutes it:
    with unit effort and no rows, that no prices prove it (they would); anywhere, a cheaper plan that is at hand.
    """
    if not feasible(model, outcome.assignment):
        raise SolverError(f"{name} returned a plan that breaks the model")
    value, claim, status = objective(model, outcome.assignment), outcome.lower_bound, outcome.status
    if claim is not None and claim > value and status is not Status.UNKNOWN:
        raise SolverError(f"{name} claims the lower bound {claim}, above the cost {value} of its own plan")
    is_optimum = status is Status.OPTIMAL or claim == value
    wanted = value if is_optimum else None
    proven = proven_bound(model, outcome.assignment, outcome.price, outcome.price_scale, wanted=wanted)
    if proven > value:
        raise SolverError(f"the prices of {name} prove more than its plan costs: {proven} against {value}")
    if model.is_unit and is_optimum and proven < value:
        raise SolverError(f"{name} calls a plan optimal that is not proven: {proven} against {value}")
    is_claim = claim is not None and claim > proven
    found = Solution(
        assignment=outcome.assignment,
        status=status,
        objective=value,
        lower_bound=claim if is_claim else proven,
        solver=name,
        reason=reason,
        bound_source=name if is_claim else PRICES,
        price=outcome.price,
        price_scale=outcome.price_scale,
    )
    if status is Status.UNKNOWN:
        return found
    better = with_one_more(model, outcome.assignment) if is_claim else None
    if better is not None and is_refuted(found, cost := objective(model, better)):
        raise SolverError(refutation(found, cost))
    return replace(found, status=Status.OPTIMAL if found.lower_bound == value else Status.FEASIBLE)


def is_refuted(found: Solution, cost: int) -> bool:
    """Whether a plan of this cost shows that the bound is none."""
    return found.lower_bound is not None and found.lower_bound > cost


def refutation(found: Solution, cost: int) -> str:
    """What is wrong with it, in words."""
    return f"{found.bound_source} claims the lower bound {found.lower_bound}, but there is a plan that costs {cost}"


def with_bound(cheap: Solution, other: Solution | None, notes: list[str]) -> Solution:
    """Greedy's plan, with the bound of somebody else where that is better.

    A bound that only prices of the other plan prove cannot be added up again without that plan: it becomes a claim.
    """
    best = cheap
    if other is not None and other.lower_bound is not None and not is_refuted(other, cheap.objective):
        other = replace(other, bound_source=other.solver) if other.price is None else other
        best = max(cheap, other, key=lambda one: -math.inf if one.lower_bound is None else one.lower_bound)
    return replace(
        cheap,
        status=Status.OPTIMAL if best.lower_bound == cheap.objective else Status.FEASIBLE,
        reason="; ".join(notes),
        lower_bound=best.lower_bound,
        bound_source=best.bound_source,
        price=best.price,
        price_scale=best.price_scale,
    )

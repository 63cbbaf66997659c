"""The price of fairness: one problem solved at several settings of one weight, cost against what the weight buys."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ticketopt._html import table
from ticketopt._types import Matrix
from ticketopt.errors import InvalidInputError
from ticketopt.formulation.costs import COST_TERMS
from ticketopt.formulation.formulate import SCALE
from ticketopt.formulation.pair_costs import terms_at
from ticketopt.model.outcome import Status
from ticketopt.planning.result import Result
from ticketopt.planning.solve import solve
from ticketopt.problem.fields import Report, choices, number, shown
from ticketopt.problem.problem import Problem
from ticketopt.solvers.thread import interruptible

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Frontier", "FrontierPoint", "frontier"]

BALANCE = "balance"

VALUES = (0.0, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Settings that are tried unless the caller names some."""


@dataclass(frozen=True, slots=True)
class FrontierPoint:
    """One setting, solved.

    Attributes
    ----------
    value : the setting.
    cost : pair costs of the assigned tickets weighted, without the term that is varied and without load cost.
    spread : what the setting buys, lower is better: for "balance" the standard deviation of the available agents'
        utilization after the plan (load over capacity); for a cost term its total at weight 1.
    most_loaded : highest utilization of an available agent; None without one.
    unassigned : tickets left out.
    is_efficient : no other point has as few left out, costs no more and spreads no more, with one of them less.
    result : the plan.
    """

    value: float
    cost: float
    spread: float
    most_loaded: float | None
    unassigned: int
    is_efficient: bool
    result: Result = field(repr=False)

    @property
    def status(self) -> Status:
        """How much is known about this point's plan."""
        return self.result.status


@dataclass(frozen=True, slots=True)
class Frontier:
    """The points, by rising setting."""

    by: str
    points: tuple[FrontierPoint, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain data, without the plans."""
        return {"by": self.by, "points": list(self._rows())}

    def to_frame(self) -> pd.DataFrame:
        """One row per point (needs the `frames` extra)."""
        import pandas as pd

        return pd.DataFrame(list(self._rows()))

    def _repr_html_(self) -> str:
        rows = [list(row.values()) for row in self._rows()]
        head = ["value", "cost", "spread", "most loaded", "left out", "efficient", "status"]
        return table(head, rows, caption=f"The price of {self.by}")

    def _rows(self) -> Iterator[dict[str, Any]]:
        names = ("value", "cost", "spread", "most_loaded", "unassigned", "is_efficient")
        for point in self.points:
            yield {**{name: getattr(point, name) for name in names}, "status": point.status.value}


def frontier(
    problem: Problem,
    by: str = BALANCE,
    *,
    values: Sequence[float] = VALUES,
    time_limit: float = 10.0,
    seed: int = 0,
) -> Frontier:
    """Solve a problem at several settings of one weight; each point is a verified plan. Tiers are left out.

    Ctrl-C ends it with the points so far; the last of them has the best plan that was known by then.

    Parameters
    ----------
    by : "balance", or the name of a cost term.
    values : settings of that weight, each from 0 to 100.
    time_limit : seconds for each point.

    Raises
    ------
    InvalidInputError
        For an unknown name or a setting out of range.

    Examples
    --------
    >>> import ticketopt
    >>> tickets = [{"ticket_id": 1, "title": "VPN drops"}, {"ticket_id": 2, "title": "Printer jams"}]
    >>> agents = [{"agent_id": "ada", "skills": {"VPN": 9}}, {"agent_id": "bob", "skills": {"Printers": 8}}]
    >>> problem = ticketopt.build_problem(tickets, agents)
    >>> found = ticketopt.frontier(problem, "balance", values=[0, 1])
    >>> [(point.value, point.status) for point in found.points]
    [(0.0, <Status.OPTIMAL: 'optimal'>), (1.0, <Status.OPTIMAL: 'optimal'>)]
    """
    report = Report()
    if by not in (BALANCE, *COST_TERMS):
        report.error("by", f"{shown(by)} is not known", choices(by, (BALANCE, *COST_TERMS)))
    settings = sorted({number(0, 100)(value, f"values[{k}]", report) for k, value in enumerate(values)})
    if report.issues:
        raise InvalidInputError(report.issues)
    points: list[FrontierPoint] = []
    stop = threading.Event()
    with interruptible(stop):
        for value in settings:
            if not stop.is_set():
                points.append(_point(problem, by, value, time_limit, seed, stop))
    return Frontier(by, tuple(replace(p, is_efficient=not any(_beats(q, p) for q in points)) for p in points))


def _point(
    problem: Problem, by: str, value: float, time_limit: float, seed: int, stop: threading.Event
) -> FrontierPoint:
    policy = replace(problem.policy, tiers=())
    if by == BALANCE:
        changed = replace(problem, policy=replace(policy, balance=value))
    else:
        changed = replace(problem, policy=replace(policy, weights={**policy.weights, by: value}))
    result = solve(changed, time_limit=time_limit, seed=seed, stop=stop)
    served = np.flatnonzero(result.assignment >= 0)
    chosen = result.assignment[served]
    others = [part for name, part in terms_at(changed, served, chosen).items() if name != by]
    used = [load.after / limit for load, limit in zip(result.loads, problem.reference_capacity, strict=True)]
    utilization = np.array(used)[problem.is_available]
    return FrontierPoint(
        value=value,
        cost=sum(int(part.sum()) for part in others) / SCALE,
        spread=spread(utilization) if by == BALANCE else _total(problem, by, served, chosen),
        most_loaded=float(utilization.max()) if len(utilization) else None,
        unassigned=len(result.unassigned),
        is_efficient=True,
        result=result,
    )


def spread(values: Matrix) -> float:
    """The standard deviation, 0 of nothing."""
    return float(values.std()) if len(values) else 0.0


def _total(problem: Problem, term: str, served: Any, chosen: Any) -> float:
    return float(COST_TERMS[term].matrix(problem)[served, chosen].sum())


def _beats(q: FrontierPoint, p: FrontierPoint) -> bool:
    """Whether `q` is nowhere worse than `p` and somewhere better."""
    one, other = (q.unassigned, q.cost, q.spread), (p.unassigned, p.cost, p.spread)
    return one != other and all(a <= b for a, b in zip(one, other, strict=True))

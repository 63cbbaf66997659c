"""How much the plan hangs on each weight: every one halved, doubled, switched off, and what then moves."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ticketopt._html import table
from ticketopt._types import Int
from ticketopt.comparison.policies import mean_match
from ticketopt.errors import InvalidInputError
from ticketopt.formulation.constraints import CONSTRAINTS, Constraint
from ticketopt.formulation.costs import COST_TERMS, CostTerm
from ticketopt.formulation.pair_costs import SCALE, weights
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.objective import feasible, loads, objective
from ticketopt.planning.result import Result
from ticketopt.planning.solve import solve
from ticketopt.problem.fields import Report, number
from ticketopt.problem.policy import Policy
from ticketopt.problem.problem import Problem
from ticketopt.solvers.thread import interruptible

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Sensitivity", "SensitivityRow", "sensitivity"]

FACTORS = (0.0, 0.5, 2.0)
"""What each weight is multiplied by unless the caller says."""

MATCHES = (0.2, 0.4, 0.6)
"""The values of `min_match` that are tried, where they are above the policy's own."""

HIGHEST = 100.0
"""The largest weight that a policy takes."""


@dataclass(frozen=True, slots=True)
class SensitivityRow:
    """One setting changed, and the plan that it makes beside the plan as it is.

    Attributes
    ----------
    by, before, value : the setting ("balance", "min_match" or a cost term), as it is, and what it was changed to.
    moved : tickets that are with somebody else, or with nobody; 0 where the plan as it is remains as good as any.
    waiting, urgent_waiting : tickets that wait now, less those that waited before; of these the urgent ones.
    pairs, load, exits : what the changed plan costs more than the plan as it is, both weighed as it is: by pair costs,
        load costs and prices of leaving out.
    match : mean share (0 to 1) of the wanted skills that the served tickets get; None where none wants any.
    """

    by: str
    before: float
    value: float
    moved: int
    waiting: int
    urgent_waiting: int
    pairs: float
    load: float
    exits: float
    match: float | None


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """All rows, those of the settings that move the most tickets first.

    Attributes
    ----------
    n_tickets : in the queue. match : as in the rows, of the plan as it is.
    """

    rows: tuple[SensitivityRow, ...]
    n_tickets: int
    match: float | None

    def __str__(self) -> str:
        return "\n".join(self.words())

    def words(self) -> Iterator[str]:
        """A sentence on each setting."""
        for by, rows in self.by_setting().items():
            most = max(rows, key=lambda row: row.moved)
            values = f"{most.value:g}" if most.moved else ", ".join(f"{row.value:g}" for row in rows)
            moved = "nothing" if not most.moved else "1 ticket" if most.moved == 1 else f"{most.moved:,} tickets"
            of_all = f" of {self.n_tickets:,}" if most.moved else ""
            late = f", {most.waiting:+,} would wait ({most.urgent_waiting:+,} urgent)" if most.waiting else ""
            yield f"{by}: at {values} in place of {most.before:g}, {moved}{of_all} would move{late}."

    def by_setting(self) -> dict[str, list[SensitivityRow]]:
        """The rows of each setting, by rising value."""
        found: dict[str, list[SensitivityRow]] = {}
        for row in self.rows:
            found.setdefault(row.by, []).append(row)
        return found

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)

    def to_frame(self) -> pd.DataFrame:
        """One row per change (needs the `frames` extra)."""
        import pandas as pd

        return pd.DataFrame([asdict(row) for row in self.rows])

    def _repr_html_(self) -> str:
        head = ["setting", "as it is", "changed to", "moved", "waiting", "urgent waiting"]
        head += ["pairs", "load", "leaving out", "match"]
        rows = [list(asdict(row).values()) for row in self.rows]
        return table(head, rows, caption="What a change of each setting would do")


def sensitivity(
    problem: Problem,
    *,
    factors: Sequence[float] = FACTORS,
    matches: Sequence[float] = MATCHES,
    time_limit: float = 10.0,
    seed: int = 0,
    terms: Mapping[str, CostTerm] = COST_TERMS,
    constraints: Mapping[str, Constraint] = CONSTRAINTS,
) -> Sensitivity:
    """Change one setting at a time, solve again, and compare with the plan as it is. Tiers are left out.

    Every weight that counts is multiplied by the factors, and the minimum match is raised, which shows how many tickets
    would wait for somebody better. Ctrl-C ends it with the rows so far.

    Parameters
    ----------
    factors : of the balance and of each cost term's weight, 0 or more; a weight is at most 100.
    matches : values of `Policy.min_match`, 0 to 1; those at or below the policy's own are left out.
    time_limit : seconds for each plan.
    terms, constraints : tables to use in place of the library's.

    Raises
    ------
    InvalidInputError
        For a factor or a match out of range.

    Examples
    --------
    >>> import ticketopt
    >>> tickets = [{"ticket_id": k, "title": "VPN drops"} for k in range(4)]
    >>> agents = [{"agent_id": "ada", "skills": {"VPN": 9}}, {"agent_id": "bob", "skills": {"VPN": 5}}]
    >>> problem = ticketopt.build_problem(tickets, agents, policy={"capacity": 4, "balance": 2})
    >>> found = ticketopt.sensitivity(problem, factors=[0, 0.25, 1.5])
    >>> [(row.value, row.moved) for row in found.by_setting()["balance"]]
    [(0.0, 1), (0.5, 1), (3.0, 1)]
    >>> print(next(found.words()))
    balance: at 0 in place of 2, 1 ticket of 4 would move.
    """
    report = Report()
    clean = [number(0, 1e4)(value, f"factors[{k}]", report) for k, value in enumerate(factors)]
    levels = [number(0, 1)(value, f"matches[{k}]", report) for k, value in enumerate(matches)]
    if report.issues:
        raise InvalidInputError(report.issues)
    asked = replace(problem, policy=replace(problem.policy, tiers=()))
    options: dict[str, Any] = {"time_limit": time_limit, "seed": seed, "terms": terms, "constraints": constraints}
    rows: list[SensitivityRow] = []
    stop = threading.Event()
    with interruptible(stop):
        base = solve(asked, stop=stop, **options)
        for by, before, value, policy in _changed(asked, clean, levels, terms):
            if stop.is_set():
                break
            result = solve(replace(asked, policy=policy), stop=stop, **options)
            rows.append(_row(asked, base, result, by, before, value))
    most = {row.by: 0 for row in rows}
    for row in rows:
        most[row.by] = max(most[row.by], row.moved)
    rows.sort(key=lambda row: (-most[row.by], row.by, row.value))
    return Sensitivity(tuple(rows), problem.n_tickets, mean_match(asked, base.assignment))


def _changed(
    problem: Problem, factors: Sequence[float], matches: Sequence[float], terms: Mapping[str, CostTerm]
) -> Iterator[tuple[str, float, float, Policy]]:
    """(setting, as it is, changed to, the policy then), each once."""
    policy = problem.policy
    known = {"balance": policy.balance, **weights(problem, terms)}
    for by, before in known.items():
        for value in sorted({min(HIGHEST, before * factor) for factor in factors} - {before}) if before else ():
            changes = {"balance": value} if by == "balance" else {"weights": {**policy.weights, by: value}}
            yield by, before, value, replace(policy, **changes)
    for value in sorted({value for value in matches if value > policy.min_match}):
        yield "min_match", policy.min_match, value, replace(policy, min_match=value)


def _row(problem: Problem, base: Result, result: Result, by: str, before: float, value: float) -> SensitivityRow:
    old, new = base.assignment, _needed(base.assignment, result)
    pairs, load, exits = (
        (after - now) / SCALE for after, now in zip(_parts(base.model, new), _parts(base.model, old), strict=True)
    )
    late = (new < 0).astype(np.int64) - (old < 0)
    return SensitivityRow(
        by=by,
        before=before,
        value=value,
        moved=int((old != new).sum()),
        waiting=int(late.sum()),
        urgent_waiting=int(late[problem.is_urgent].sum()),
        pairs=pairs,
        load=load,
        exits=exits,
        match=mean_match(problem, new),
    )


def _needed(plan: Int, result: Result) -> Int:
    """(n,) the changed plan; the `plan` there is, where it is as good: then nothing has to move."""
    model = result.model
    is_as_good = feasible(model, plan) and objective(model, plan) <= objective(model, result.assignment)
    return plan if is_as_good else result.assignment


def _parts(model: AssignmentModel, plan: Int) -> tuple[int, int, int]:
    """Integer pair costs, load costs and exit prices of a plan."""
    served = np.flatnonzero(plan >= 0)
    pairs = int(model.pair_cost[served, plan[served]].sum())
    return pairs, int(model.load_cost.total(loads(model, plan)).sum()), int(model.exit_cost[plan < 0].sum())

"""Backends and baselines side by side on one problem."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from ticketopt._html import table
from ticketopt._types import Int
from ticketopt.comparison.baselines import BASELINES
from ticketopt.comparison.frontier import spread
from ticketopt.errors import InvalidInputError
from ticketopt.formulation.constraints import CONSTRAINTS, Constraint
from ticketopt.formulation.costs import COST_TERMS, CostTerm
from ticketopt.formulation.formulate import SCALE, formulate
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.bounds import relative_gap
from ticketopt.model.objective import loads, objective
from ticketopt.model.outcome import PRICES
from ticketopt.problem.fields import choices, shown
from ticketopt.problem.problem import Problem
from ticketopt.solvers import BACKENDS
from ticketopt.solvers.auto import solve_model
from ticketopt.solvers.thread import interruptible

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Comparison", "Contender", "compare", "urgent_match"]


@dataclass(frozen=True, slots=True)
class Contender:
    """How one method did.

    Attributes
    ----------
    name, kind : for backends, "exact" where the plan is proven optimal, "claimed" where a backend says that it is, else
        "heuristic"; "baseline" otherwise.
    objective : the weighted cost that is compared: pairs, loads and prices of leaving tickets out; lower is better.
    cost : the part of it that pairs and loads make, so only of the tickets it assigned: who serves less, pays less.
    unassigned : tickets left out.
    gap : distance of the objective from the best lower bound of all contenders, proven or claimed; None without one.
    urgent_match : mean share (0 to 1) of the wanted skills that the urgent tickets got; None without urgent tickets.
    load_spread : standard deviation of the available agents' final loads, in units.
    seconds : time for solving the model.
    """

    name: str
    kind: str
    objective: float
    cost: float
    unassigned: int
    gap: float | None
    urgent_match: float | None
    load_spread: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """All contenders, lowest objective first."""

    contenders: tuple[Contender, ...]

    def __getitem__(self, name: str) -> Contender:
        for contender in self.contenders:
            if contender.name == name:
                return contender
        raise KeyError(name)

    def to_frame(self) -> pd.DataFrame:
        """One row per contender (needs the `frames` extra)."""
        import pandas as pd

        return pd.DataFrame([asdict(contender) for contender in self.contenders])

    def _repr_html_(self) -> str:
        names = [item.name for item in fields(Contender)]
        return table(names, [tuple(getattr(row, name) for name in names) for row in self.contenders])


def compare(
    problem: Problem,
    methods: Iterable[str] | None = None,
    *,
    time_limit: float = 10.0,
    seed: int = 0,
    terms: Mapping[str, CostTerm] = COST_TERMS,
    constraints: Mapping[str, Constraint] = CONSTRAINTS,
) -> Comparison:
    """Solve one problem by several backends and baselines, all under the same rules and capacities.

    Ctrl-C ends it with the contenders so far; the last of them has the best plan that it knew by then.

    Parameters
    ----------
    methods : names from `solvers.BACKENDS` and `baselines.BASELINES`; None is every one that can solve the model, those
        that only check others left out.
    time_limit : seconds for each.
    terms, constraints : what the plans are made by, and compared by; the house's own by default.

    Examples
    --------
    >>> import ticketopt
    >>> tickets = [{"ticket_id": 1, "title": "VPN drops"}, {"ticket_id": 2, "title": "Printer jams"}]
    >>> agents = [{"agent_id": "ada", "skills": {"VPN": 9}}, {"agent_id": "bob", "skills": {"Printers": 8}}]
    >>> problem = ticketopt.build_problem(tickets, agents)
    >>> found = ticketopt.compare(problem, ["network", "round_robin"])
    >>> [(one.name, one.kind, one.unassigned) for one in found.contenders]
    [('network', 'exact', 0), ('round_robin', 'baseline', 0)]
    """
    model = formulate(problem, terms=terms, constraints=constraints)
    able = [name for name, one in BACKENDS.items() if one.supports(model) and not one.is_by_name_only]
    names = [*able, *BASELINES] if methods is None else methods
    known = [*BACKENDS, *BASELINES]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise InvalidInputError.single("methods", f"{shown(unknown[0])} is not known", choices(unknown[0], known))
    runs: list[_Run] = []
    stop = threading.Event()
    with interruptible(stop):
        for name in names:
            if not stop.is_set():
                runs.append(_run(model, problem, name, time_limit, seed, stop))
    runs.sort(key=lambda run: run.objective)
    bounds = [run.bound for run in runs if run.bound is not None and run.bound <= runs[0].objective]  # else refuted
    best = max(bounds) if bounds else None
    return Comparison(tuple(_contender(problem, model, run, best) for run in runs))


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    name: str
    assignment: Int
    objective: int
    bound: int | None
    source: str | None
    seconds: float


def _run(
    model: AssignmentModel, problem: Problem, name: str, time_limit: float, seed: int, stop: threading.Event
) -> _Run:
    began = time.perf_counter()
    if name in BASELINES:
        assignment, bound, source = BASELINES[name].plan(problem, model), None, None
    else:
        solution = solve_model(model, solver=name, time_limit=time_limit, seed=seed, stop=stop)
        assignment, bound, source = solution.assignment, solution.lower_bound, solution.bound_source
    seconds = time.perf_counter() - began
    return _Run(name, assignment, objective(model, assignment), bound, source, seconds)


def _contender(problem: Problem, model: AssignmentModel, run: _Run, best_bound: int | None) -> Contender:
    left_out = run.assignment < 0
    reached = "exact" if run.source == PRICES else "claimed"
    proof = reached if run.bound == run.objective == best_bound else "heuristic"
    return Contender(
        name=run.name,
        kind="baseline" if run.name in BASELINES else proof,
        objective=run.objective / SCALE,
        cost=(run.objective - int(model.exit_cost[left_out].sum())) / SCALE,
        unassigned=int(left_out.sum()),
        gap=None if best_bound is None else relative_gap(run.objective, best_bound),
        urgent_match=urgent_match(problem, run.assignment),
        load_spread=spread((problem.current_load + loads(model, run.assignment))[problem.is_available]),
        seconds=run.seconds,
    )


def urgent_match(problem: Problem, assignment: Int) -> float | None:
    """Mean share (0 to 1) of the wanted skills that the urgent tickets get, 0 of those left out; None without any."""
    urgent = np.flatnonzero(problem.is_urgent & problem.wanted.any(axis=1))
    if not len(urgent):
        return None
    served = urgent[assignment[urgent] >= 0]
    match = 1.0 - problem.skill_gap[served, assignment[served]]
    return float(match.sum() / len(urgent))

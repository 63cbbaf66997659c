"""From a `Problem` to a `Result`: formulate, solve, check against the rules in words, and put into the user's ids."""

from __future__ import annotations

import platform
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from ticketopt.errors import InvalidInputError, SolverError
from ticketopt.formulation.constraints import CONSTRAINTS, Constraint
from ticketopt.formulation.costs import COST_TERMS, CostTerm
from ticketopt.formulation.exit_prices import merged_levels
from ticketopt.formulation.formulate import SCALE, formulate
from ticketopt.formulation.rules import violations
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.ties import first_come
from ticketopt.planning.decisions import decisions_of, loads_of
from ticketopt.planning.result import Result
from ticketopt.planning.tier_run import TierRun
from ticketopt.problem.fields import Report, number, shown, whole_number
from ticketopt.problem.problem import Problem
from ticketopt.solvers import BACKENDS, Backend
from ticketopt.solvers.auto import AUTO, solve_model
from ticketopt.solvers.check import Solution
from ticketopt.solvers.progress import Listener
from ticketopt.solvers.thread import interruptible

__all__ = ["result_of", "solve"]


def solve(
    problem: Problem,
    *,
    solver: str = AUTO,
    time_limit: float = 10.0,
    seed: int = 0,
    terms: Mapping[str, CostTerm] = COST_TERMS,
    constraints: Mapping[str, Constraint] = CONSTRAINTS,
    backends: Mapping[str, Backend] = BACKENDS,
    progress: Listener | None = None,
    stop: threading.Event | None = None,
) -> Result:
    """Solve a problem and verify the answer. Of tickets that are equal to the model, the one later in the queue waits.

    Parameters
    ----------
    solver : a name in `backends`, or "auto" for the first that supports the model, with greedy to fall back on.
    time_limit : seconds for everything, above 0 and up to 86,400. A first answer may take a little longer.
    seed : for everything random; 0 or more.
    terms, constraints, backends : tables to use in place of the library's.
    progress : called in this thread with every better plan or bound (`Progress`), tier by tier where the policy has
        tiers; what it raises ends the solve.
    stop : set it from anywhere to get the best plan so far, with its proven gap. Ctrl-C in the main thread does the
        same; a second one interrupts.

    Raises
    ------
    InvalidInputError
        For an unknown solver, a bad limit or an unknown weight.
    UnsupportedModelError
        If the named backend cannot solve this model.
    SolverError
        If the named backend fails, or any answer does not verify.

    Examples
    --------
    >>> import ticketopt
    >>> tickets = [{"ticket_id": 1, "title": "VPN drops"}, {"ticket_id": 2, "title": "Printer jams"}]
    >>> agents = [{"agent_id": "ada", "skills": {"VPN": 9}}, {"agent_id": "bob", "skills": {"Printers": 8}}]
    >>> problem = ticketopt.build_problem(tickets, agents)
    >>> result = ticketopt.solve(problem, time_limit=5.0)
    >>> result.status.value, result.solver, result.assigned
    ('optimal', 'network', {1: 'ada', 2: 'bob'})
    """
    began = time.perf_counter()
    _check_arguments(solver, time_limit, seed, backends)
    stop = threading.Event() if stop is None else stop
    with interruptible(stop):
        model = formulate(problem, terms=terms, constraints=constraints)
        made: dict[str, Any] = {"seed": seed, "terms": terms, "constraints": constraints}
        seconds = time.perf_counter() - began
        options: dict[str, Any] = {"solver": solver, "seed": seed, "backends": backends, "stop": stop}
        if problem.policy.tiers:
            job = TierRun(model, began, began + time_limit, problem.policy.tiers, options, progress)
            solution, tiers, history = job.solve(problem.is_urgent)
            result = result_of(problem, model, solution, runtime=time.perf_counter() - began, **made)
            return replace(result, tiers=tiers, progress=history)
        listener = None if progress is None else lambda p: progress(p.rescaled(SCALE, delay=seconds))
        solution = solve_model(model, time_limit=max(0.01, time_limit - seconds), progress=listener, **options)
        solution = replace(solution, assignment=first_come(model, solution.assignment))
        return result_of(problem, model, solution, runtime=time.perf_counter() - began, **made)


def result_of(
    problem: Problem,
    model: AssignmentModel,
    solution: Solution,
    *,
    seed: int,
    runtime: float,
    terms: Mapping[str, CostTerm] = COST_TERMS,
    constraints: Mapping[str, Constraint] = CONSTRAINTS,
) -> Result:
    """Check a solution against the rules in words, and put it into the user's ids."""
    broken = violations(problem, solution.assignment, constraints=constraints)
    if broken:
        words = "; ".join(violation.message for violation in broken[:5])
        raise SolverError(f"the plan of {solution.solver} breaks {len(broken)} rules: {words}")
    return Result(
        problem=problem,
        model=model,
        assignment=solution.assignment,
        status=solution.status,
        objective=solution.objective / SCALE,
        lower_bound=None if solution.lower_bound is None else solution.lower_bound / SCALE,
        cost=(solution.objective - int(model.exit_cost[solution.assignment < 0].sum())) / SCALE,
        solver=solution.solver,
        reason=solution.reason,
        seed=seed,
        versions=_versions(),
        decisions=decisions_of(problem, model, solution.assignment, terms, constraints),
        loads=loads_of(problem, model, solution.assignment),
        warnings=(*problem.warnings, *filter(None, [merged_levels(problem, model.exit_cost)])),
        runtime=runtime,
        cost_terms=terms,
        constraints=constraints,
        progress=tuple(entry.rescaled(SCALE) for entry in solution.progress),
        bound_source=solution.bound_source,
        price=solution.price,
        price_scale=solution.price_scale,
    )


def _check_arguments(solver: str, time_limit: float, seed: int, backends: Mapping[str, Backend]) -> None:
    report = Report()
    if solver not in [AUTO, *backends]:
        report.unknown("solver", f"{shown(solver)} is not known", str(solver), [AUTO, *backends])
    number(1e-3, 86_400, " (seconds)")(time_limit, "time_limit", report)
    whole_number(0, 2**31 - 1)(seed, "seed", report)
    if report.issues:
        raise InvalidInputError(report.issues)


@cache
def _versions() -> dict[str, str]:
    from importlib.metadata import version  # slow to import, and needed only here

    packages = {name: version(name) for name in ("ticketopt", "numpy", "scipy", "ortools")}
    return {**packages, "python": platform.python_version()}

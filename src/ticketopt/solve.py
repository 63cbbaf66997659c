"""Choose a backend, run it, fall back, verify, and name: from a `Problem` to a `Result`."""

from __future__ import annotations

import logging
import platform
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ticketopt.constraints import CONSTRAINTS, Constraint
from ticketopt.costs import COST_TERMS, CostTerm
from ticketopt.errors import InvalidInputError, SolverError, UnsupportedModelError
from ticketopt.exits import merged_levels
from ticketopt.explain import rationales, reasons
from ticketopt.fields import Report, number, shown, units
from ticketopt.formulate import SCALE, formulate, pair_terms
from ticketopt.model import AssignmentModel, Outcome, Status, loads, objective
from ticketopt.problem import Problem
from ticketopt.progress import Listener, Progress, Track
from ticketopt.result import PRICES, AgentLoad, Decision, Result, TierValue
from ticketopt.running import ListenerError, interruptible, own_trouble, run
from ticketopt.solution import Solution, checked, is_refuted, refutation, with_bound
from ticketopt.solvers import BACKENDS, Backend, Options
from ticketopt.tiers import Answer, Stage, solve_tiers
from ticketopt.ties import first_come
from ticketopt.verify import feasible, violations

__all__ = ["decisions_of", "loads_of", "result_of", "solve", "solve_model"]

Int = NDArray[np.int64]

_LOG = logging.getLogger("ticketopt")

AUTO = "auto"
FALLBACK = "greedy"


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
    """Solve a problem and verify the answer. Of tickets that are equal to the model, the later in the queue waits.

    Parameters
    ----------
    solver : a name in `backends`, or "auto" for the first that supports the model, with greedy to fall back on.
    time_limit : seconds for everything, above 0 and up to 86,400. A first answer may take a little longer.
    seed : for everything random; 0 or more.
    terms, constraints, backends : tables to use in place of the house's own.
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
    """
    began = time.perf_counter()
    _check_arguments(solver, time_limit, seed, backends)
    stop = threading.Event() if stop is None else stop
    made: dict[str, Any] = {"seed": seed, "terms": terms, "constraints": constraints}
    with interruptible(stop):
        model = formulate(problem, terms=terms, constraints=constraints)
        later = time.perf_counter() - began
        options: dict[str, Any] = {"solver": solver, "seed": seed, "backends": backends, "stop": stop}
        if problem.policy.tiers:
            job = _Tiers(model, began, began + time_limit, problem.policy.tiers, options, progress)
            solution, tiers, history = job.solve(problem.is_urgent)
            result = result_of(problem, model, solution, runtime=time.perf_counter() - began, **made)
            return replace(result, tiers=tiers, progress=history)
        tell = None if progress is None else lambda news: progress(news.rescaled(SCALE, later=later))
        solution = solve_model(model, time_limit=max(0.01, time_limit - later), progress=tell, **options)
        solution = replace(solution, assignment=first_come(model, solution.assignment))
        return result_of(problem, model, solution, runtime=time.perf_counter() - began, **made)


@dataclass(frozen=True, slots=True, eq=False)
class _Tiers:
    """A model to solve tier by tier from `began` until `end` (on the clock of `time.perf_counter`)."""

    model: AssignmentModel
    began: float
    end: float
    tiers: tuple[str, ...]
    options: Mapping[str, Any]
    listener: Listener | None
    history: list[Progress] = field(default_factory=list)
    solvers: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    sources: dict[str, str | None] = field(default_factory=dict)

    def solve(self, urgent: NDArray[np.bool_]) -> tuple[Solution, tuple[TierValue, ...], tuple[Progress, ...]]:
        """The plan, what it reaches in every tier, and what was known when."""
        start = BACKENDS[FALLBACK].solve(self.model, Options()).assignment
        tiered = solve_tiers(self.model, urgent, self.tiers, start, self._stage, self._improve)
        if not feasible(self.model, tiered.assignment):
            raise SolverError("the plan by tiers breaks the model")
        status = Status.OPTIMAL if tiered.is_optimal else Status.FEASIBLE
        value, reason = objective(self.model, tiered.assignment), f"tier by tier: {', '.join(self.tiers)}"
        names = ", ".join(dict.fromkeys(self.solvers)) or FALLBACK
        reached = tuple(
            TierValue(name, value / _unit(name), bound / _unit(name), self._source(name))
            if bound is not None
            else TierValue(name, value / _unit(name), None)
            for name, value, bound in tiered.values
        )
        solution = Solution(tiered.assignment, status, value, None, names, "; ".join([*self.notes, reason]))
        return solution, reached, tuple(self.history)

    def _stage(self, stage: Stage) -> Answer | None:
        """A stage's answer. Where faces need a proof it may take all the time left; else later tiers get a part each.

        After the first one, a backend that cannot solve a stage costs no more than this stage.
        """
        left = self.end - time.perf_counter()
        stop: threading.Event = self.options["stop"]
        if left <= 0 or stop.is_set():
            note = "stopped" if stop.is_set() else "no time was left"
            self.notes.extend([] if note in self.notes else [f"{note} before {stage.name}"])
            return None
        seconds = left if self.model.is_unit else left / (stage.left + 1)
        hint = None if self.model.is_unit else stage.hint
        tell = partial(self._tell, stage, time.perf_counter() - self.began)
        try:
            found = solve_model(stage.model, time_limit=seconds, hint=hint, progress=tell, **self.options)
        except (SolverError, UnsupportedModelError) as error:
            if stage.name == self.tiers[0]:
                raise
            self.notes.append(f"{stage.name}: {error}")
            return None
        self.solvers.append(found.solver)
        self.sources[stage.name] = found.bound_source
        return found.assignment, found.status, found.lower_bound

    def _source(self, tier: str) -> str | None:
        """Who vouches for a tier's bound; on faces it is always proven by prices."""
        return PRICES if self.model.is_unit else self.sources.get(tier)

    def _improve(self, model: AssignmentModel, plan: Int) -> Int | None:
        """A better plan of one sum, in half of the time that is left: the tiers have more to prove than to find."""
        left = self.end - time.perf_counter()
        if left <= 0 or self.options["stop"].is_set():
            return None
        try:
            found = solve_model(model, time_limit=left / 2, hint=plan, **self.options)
        except (SolverError, UnsupportedModelError):  # the tiers themselves are still to come, and will say so
            return None
        self.solvers.append(found.solver)
        return found.assignment

    def _tell(self, stage: Stage, later: float, news: Progress) -> None:
        """News of a stage as news of its tier: the best plan so far is known from the start, and nothing is worse."""
        own = replace(news, tier=stage.name).rescaled(1, plus=stage.offset)
        cost = stage.value if own.objective is None else min(own.objective, stage.value)
        bound = None if own.lower_bound is None or own.lower_bound > cost else own.lower_bound
        own = replace(own, objective=cost, lower_bound=bound).rescaled(_unit(stage.name), later=later)
        last = self.history[-1] if self.history else None
        if last is not None and replace(last, seconds=own.seconds, solver=own.solver) == own:
            return
        self.history.append(own)
        if self.listener is not None:
            self.listener(own)


def _unit(tier: str) -> int:
    """What one of a tier's numbers is in the model's integers: a ticket, or a weighted unit of cost."""
    return 1 if tier.endswith("unassigned") else SCALE


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
        progress=tuple(news.rescaled(SCALE) for news in solution.progress),
        bound_source=solution.bound_source,
        price=solution.price,
        price_scale=solution.price_scale,
    )


def solve_model(
    model: AssignmentModel,
    *,
    solver: str = AUTO,
    time_limit: float = 10.0,
    seed: int = 0,
    backends: Mapping[str, Backend] = BACKENDS,
    progress: Listener | None = None,
    stop: threading.Event | None = None,
    hint: Int | None = None,
) -> Solution:
    """Solve an integer model; parameters and errors as for `solve`.

    With "auto": the first backend that supports the model gets the time limit, and a greedy plan as hint where the
    model is not the polynomial one. If it fails, runs out of time or finds nothing better, the greedy plan is the
    answer, and the reason says so. `hint` ((n,) a feasible plan) is taken in place of greedy's where it is better.
    """
    stop = threading.Event() if stop is None else stop
    track = Track(progress)
    job = _Job(model, time.perf_counter() + time_limit, seed, backends, track, stop, hint)
    with interruptible(stop), own_trouble():
        found = job.auto() if solver == AUTO else job.named(solver)
        if found.status is not Status.UNKNOWN:
            track.report(found.solver, found.objective, found.lower_bound)
    was_stopped = stop.is_set() and found.status is not Status.OPTIMAL
    reason = f"stopped before the proof; {found.reason}" if was_stopped else found.reason
    return replace(found, reason=reason, progress=tuple(track.history))


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    """One model to solve until `deadline` (on the clock of `time.perf_counter`)."""

    model: AssignmentModel
    deadline: float
    seed: int
    backends: Mapping[str, Backend]
    track: Track
    stop: threading.Event
    hint: Int | None

    def auto(self) -> Solution:
        cheap = None if self.model.is_unit and self.hint is None else self._greedy()
        notes = []
        for name, backend in self.backends.items():
            if name == FALLBACK or backend.is_by_name_only or not backend.supports(self.model):
                continue
            left = self.deadline - time.perf_counter()
            if left <= 0 or self.stop.is_set():
                notes.append(f"no time was left for {name}")
                break
            reason = f"the first backend that supports the model ({backend.summary})"
            try:
                found = self._run(name, left, None if cheap is None else cheap.assignment, reason)
            except SolverError as error:  # whatever a solver does, greedy's plan stands
                _LOG.warning("%s; going on to the next backend", error)
                notes.append(str(error))
                continue
            if found.status is Status.UNKNOWN:
                notes.append(f"{name} had no answer after {left:.3g} s")
                continue
            if found.status is not Status.OPTIMAL and not backend.covers_greedy:
                cheap = cheap or self._greedy()
            if cheap is not None and is_refuted(found, cheap.objective):
                notes.append(refutation(found, cheap.objective))
            elif cheap is None or found.status is Status.OPTIMAL or found.objective < cheap.objective:
                return found
            else:
                notes.append(f"{name} had found nothing better after {left:.3g} s")
                return with_bound(cheap, found, notes)
        return with_bound(cheap or self._greedy(), None, notes or ["no other backend supports the model"])

    def named(self, name: str) -> Solution:
        obstacle = self.backends[name].obstacle(self.model)
        if obstacle is not None:
            able = [AUTO, *(other for other, backend in self.backends.items() if backend.supports(self.model))]
            raise UnsupportedModelError(f"{name} cannot solve this model: {obstacle}; use one of: {', '.join(able)}")
        covered = self.backends[name].covers_greedy and self.hint is None
        hint = None if covered else self._first().assignment
        left = max(0.01, self.deadline - time.perf_counter())
        found = self._run(name, left, hint, "asked for by name")
        if found.status is Status.UNKNOWN:
            note = f"asked for by name, {name} had no answer after {left:.3g} s"
            return with_bound(self._greedy(), found, [note])
        if hint is not None and is_refuted(found, cost := objective(self.model, hint)):
            raise SolverError(refutation(found, cost))
        return found

    def _first(self) -> Outcome:
        """Greedy's plan, or the hint where that is better."""
        outcome = BACKENDS[FALLBACK].solve(self.model, Options())
        if self.hint is None or objective(self.model, outcome.assignment) <= objective(self.model, self.hint):
            return outcome
        return Outcome(self.hint, Status.FEASIBLE)

    def _greedy(self) -> Solution:
        outcome = self._first()
        if feasible(self.model, outcome.assignment):  # a first answer; its bound takes longer
            self.track.report(FALLBACK, objective(self.model, outcome.assignment), None)
        found = checked(self.model, FALLBACK, outcome, "urgent first")
        self.track.report(FALLBACK, found.objective, found.lower_bound)
        return found

    def _run(self, name: str, seconds: float, hint: Int | None, reason: str) -> Solution:
        """A backend's answer, checked; whatever goes wrong inside is a `SolverError`."""
        options = Options(seconds, self.seed, hint, stop=self.stop)

        try:
            outcome = run(partial(self.backends[name].solve, self.model), options, partial(self.track.report, name))
            return checked(self.model, name, outcome, reason)
        except (SolverError, ListenerError):
            raise
        except Exception as error:
            raise SolverError(f"{name} failed ({type(error).__name__}: {error})") from error


def _check_arguments(solver: str, time_limit: float, seed: int, backends: Mapping[str, Backend]) -> None:
    report = Report()
    if solver not in [AUTO, *backends]:
        report.unknown("solver", f"{shown(solver)} is not known", str(solver), [AUTO, *backends])
    number(1e-3, 86_400, " (seconds)")(time_limit, "time_limit", report)
    units(0, 2**31 - 1)(seed, "seed", report)
    if report.issues:
        raise InvalidInputError(report.issues)


def decisions_of(
    problem: Problem,
    model: AssignmentModel,
    assignment: Int,
    terms: Mapping[str, CostTerm],
    constraints: Mapping[str, Constraint],
) -> tuple[Decision, ...]:
    """What an assignment decides about every ticket, in the order of the queue."""
    return tuple(_each_decision(problem, model, assignment, terms, constraints))


def _each_decision(
    problem: Problem,
    model: AssignmentModel,
    assignment: Int,
    terms: Mapping[str, CostTerm],
    constraints: Mapping[str, Constraint],
) -> Iterator[Decision]:
    why, why_not = rationales(problem, model, assignment), reasons(problem, model, assignment, constraints)
    served = np.maximum(assignment, 0)[:, None]
    parts = {
        name: np.take_along_axis(values, served, axis=1)[:, 0] / SCALE if problem.n_agents else ()
        for name, values in pair_terms(problem, terms=terms).items()
    }
    for i, ticket in enumerate(problem.tickets):
        j = int(assignment[i])
        if j < 0:
            code, words = why_not[i]
            yield Decision(ticket.ticket_id, None, None, None, {}, words, code, problem.read[i])
            continue
        agent = problem.agents[j]
        breakdown = {name: float(values[i]) for name, values in parts.items()}
        cost = int(model.pair_cost[i, j]) / SCALE
        yield Decision(ticket.ticket_id, agent.agent_id, agent.name, cost, breakdown, why[i], None, problem.read[i])


def loads_of(problem: Problem, model: AssignmentModel, assignment: Int) -> tuple[AgentLoad, ...]:
    """What an assignment adds to every agent's load, in the order of the team."""
    taken = loads(model, assignment)
    return tuple(
        AgentLoad(
            agent.agent_id,
            agent.name,
            agent.is_available,
            agent.current_load,
            int(taken[j]),
            agent.current_load + int(taken[j]),
            problem.capacity[j],
        )
        for j, agent in enumerate(problem.agents)
    )


@cache
def _versions() -> dict[str, str]:
    from importlib.metadata import version  # slow to import, and needed only here

    packages = {name: version(name) for name in ("ticketopt", "numpy", "scipy", "ortools")}
    return {**packages, "python": platform.python_version()}

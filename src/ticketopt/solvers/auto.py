"""Choose a backend, run it, fall back, and check: from a model to a `Solution`."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from ticketopt._types import Int
from ticketopt.errors import SolverError, UnsupportedModelError
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.objective import feasible, objective
from ticketopt.model.outcome import Outcome, Status
from ticketopt.solvers import BACKENDS, Backend, Options
from ticketopt.solvers.check import Solution, checked, is_refuted, refutation, with_bound
from ticketopt.solvers.progress import Listener, Track
from ticketopt.solvers.thread import ListenerError, interruptible, run, unwrapped_listener_errors

__all__ = ["solve_model"]


_LOG = logging.getLogger("ticketopt")


AUTO = "auto"


FALLBACK = "greedy"


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
    with interruptible(stop), unwrapped_listener_errors():
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
        for name, backend in sorted(self.backends.items(), key=lambda item: item[1].is_weak(self.model)):
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

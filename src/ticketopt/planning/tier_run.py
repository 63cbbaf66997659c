"""A problem whose policy has tiers, solved within its time: which backend, how long, and its progress meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from ticketopt._types import Bool, Int
from ticketopt.errors import SolverError, UnsupportedModelError
from ticketopt.formulation.formulate import SCALE
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.objective import feasible, objective
from ticketopt.model.outcome import PRICES, Status
from ticketopt.planning.tier_stages import Answer, Stage
from ticketopt.planning.tiers import solve_tiers
from ticketopt.solvers import BACKENDS, Options
from ticketopt.solvers.auto import FALLBACK, solve_model
from ticketopt.solvers.check import Solution
from ticketopt.solvers.progress import Listener, Progress

__all__ = ["TierValue"]


@dataclass(frozen=True, slots=True, eq=False)
class TierRun:
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

    def solve(self, urgent: Bool) -> tuple[Solution, tuple[TierValue, ...], tuple[Progress, ...]]:
        """The plan, what it reaches in every tier, and what was known when."""
        start = BACKENDS[FALLBACK].solve(self.model, Options()).assignment
        tiered = solve_tiers(self.model, urgent, self.tiers, start, self._stage, self._improve)
        if not feasible(self.model, tiered.assignment):
            raise SolverError("the plan by tiers breaks the model")
        status = Status.OPTIMAL if tiered.is_optimal else Status.FEASIBLE
        value, reason = objective(self.model, tiered.assignment), f"tier by tier: {', '.join(self.tiers)}"
        names = ", ".join(dict.fromkeys(self.solvers)) or FALLBACK
        reached = tuple(
            TierValue(name, value / _scale(name), bound / _scale(name), self._source(name))
            if bound is not None
            else TierValue(name, value / _scale(name), None)
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
        publish = partial(self._publish, stage, time.perf_counter() - self.began)
        try:
            found = solve_model(stage.model, time_limit=seconds, hint=hint, progress=publish, **self.options)
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

    def _publish(self, stage: Stage, delay: float, found: Progress) -> None:
        """Publish a stage's progress as that of its tier. The best plan so far is known from the start of the stage."""
        entry = replace(found, tier=stage.name).rescaled(1, offset=stage.offset)
        cost = stage.value if entry.objective is None else min(entry.objective, stage.value)
        bound = None if entry.lower_bound is None or entry.lower_bound > cost else entry.lower_bound
        entry = replace(entry, objective=cost, lower_bound=bound)
        entry = entry.rescaled(_scale(stage.name), delay=delay)
        last = self.history[-1] if self.history else None
        if last is not None and replace(last, seconds=entry.seconds, solver=entry.solver) == entry:
            return
        self.history.append(entry)
        if self.listener is not None:
            self.listener(entry)


def _scale(tier: str) -> int:
    """What one of a tier's numbers is in the model's integers: a ticket, or a weighted cost of 1."""
    return 1 if tier.endswith("unassigned") else SCALE


@dataclass(frozen=True, slots=True)
class TierValue:
    """What a plan reached in a tier: whole tickets, or a weighted cost.

    `lower_bound` holds for plans that are as good in all earlier tiers; None where nothing is known. `bound_source`
    says who vouches for it, as for `Result`.
    """

    name: str
    value: float
    lower_bound: float | None
    bound_source: str | None = None

    @property
    def is_optimal(self) -> bool:
        """Whether no plan that is as good before is better here, by the bound and its source."""
        return self.lower_bound == self.value

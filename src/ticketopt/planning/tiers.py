"""Goals in strict order: the first is as good as it can be, the second as good as that allows, and so on.

Each tier is a model of its own, solved from the best plan so far, which stands until a better one is found. With unit
effort and no rows, what has been decided stays decided exactly: by complementary slackness, all plans that are optimal
so far are those that use only pairs, exits and slots without reduced cost (Dantzig 1963), which is once more a model of
the same kind. Else leaving a ticket out becomes a dummy agent, and the value of each tier a row.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ticketopt._types import Bool, Int
from ticketopt.errors import UnsupportedModelError
from ticketopt.model.assignment import MAX_SUM, AssignmentModel
from ticketopt.model.load_cost import LoadCost
from ticketopt.model.objective import feasible, objective
from ticketopt.planning.tier_stages import TIERS, Answer, Face, Parts, Rows, Stage, as_counted
from ticketopt.problem.policy import TIER_NAMES

__all__ = ["Tiered", "solve_tiers"]


assert tuple(TIERS) == TIER_NAMES


Solve = Callable[[Stage], Answer | None]
"""What solves a stage; None where it finds nothing, as when the time is over."""

Improve = Callable[[AssignmentModel, Int], Int | None]
"""A model and a plan of it -> another one, or None."""


@dataclass(frozen=True, slots=True, eq=False)
class Tiered:
    """A plan, and per tier its name, its value and the lower bound for it (None where nothing is proven), in integers.

    A bound holds for plans that are as good as this one in all tiers before.
    """

    assignment: Int
    values: tuple[tuple[str, int, int | None], ...]

    @property
    def is_optimal(self) -> bool:
        """Whether every tier is proven."""
        return all(value == bound for _, value, bound in self.values)


def solve_tiers(
    model: AssignmentModel, urgent: Bool, tiers: Sequence[str], start: Int, solve: Solve, improve: Improve
) -> Tiered:
    """Solve a model tier by tier.

    1. The best plan so far is `start`. A plan found afterwards takes its place only if it is better by all tiers, in
       their order; so no tier loses what an earlier one has reached.
    2. With unequal effort or rows, plans are first looked for with one sum for as many tiers as exact integers hold,
       each worth more than all after it: it needs no rows, on which searches are lost. Again where a stage has changed
       the plan, because what it found is good by its own tier only.
    3. Every tier narrows the plans to those that are as good in it as the best plan is: by rows, whether or not that is
       proven to be optimal; by faces only where it is, and where it is not, the tiers after it are not solved.

    Parameters
    ----------
    urgent : (n,) the tickets that "urgent_unassigned" counts.
    tiers : names in `TIERS`, the most important first.
    start : (n,) a feasible plan.
    solve : what solves a stage; it is called at most once per tier.
    improve : what looks for a better plan of one sum.

    Raises
    ------
    UnsupportedModelError
        Where "balance" is not the last tier, with unequal effort or rows: its value is no row.
    """
    if not model.is_unit and "balance" in tiers[:-1]:
        raise UnsupportedModelError(
            'with unequal effort or rows, "balance" can only be the last tier; move it to the end of policy.tiers'
        )

    narrowed: Face | Rows | None = Face.of(model) if model.is_unit else Rows.of(model)
    best = _Best.of(model, urgent, tiers, start)
    total, n_together = _together(model, urgent, tiers)
    known: list[int | None] = [None] * len(tiers)
    is_changed = not model.is_unit
    for k, name in enumerate(tiers):
        if narrowed is None:
            break
        if is_changed and k < n_together:
            best = best.or_better(improve(total, best.plan))
        parts = TIERS[name](narrowed.model, urgent)
        stage = narrowed.stage(parts, name, len(tiers) - 1 - k, best.plan, best.values[k])
        answer = solve(stage)
        better = best if answer is None else best.or_better(answer[0])
        best, is_changed = better, not model.is_unit and better is not best
        known[k], narrowed = narrowed.narrowed(stage, parts, answer, best.plan, best.values[k])
    proven = [None if low is None or low > value else low for value, low in zip(best.values, known, strict=True)]
    return Tiered(best.plan, tuple(zip(tiers, best.values, proven, strict=True)))


@dataclass(frozen=True, slots=True, eq=False)
class _Best:
    """The best plan so far and its value in every tier."""

    model: AssignmentModel
    counted: tuple[AssignmentModel, ...]
    plan: Int
    values: tuple[int, ...]

    @classmethod
    def of(cls, model: AssignmentModel, urgent: Bool, tiers: Sequence[str], plan: Int) -> _Best:
        counted = tuple(as_counted(model, TIERS[name](model, urgent)) for name in tiers)
        return cls(model, counted, plan, tuple(objective(tier, plan) for tier in counted))

    def or_better(self, plan: Int | None) -> _Best:
        """A plan (an agent after the last one is a dummy) if it is feasible and better by the tiers in their order."""
        if plan is None:
            return self
        plan = np.where(plan >= self.model.n_agents, -1, plan)
        if not feasible(self.model, plan):
            return self
        values = tuple(objective(tier, plan) for tier in self.counted)
        return replace(self, plan=plan, values=values) if values < self.values else self


def _together(model: AssignmentModel, urgent: Bool, tiers: Sequence[str]) -> tuple[AssignmentModel, int]:
    """The first tiers in one sum, each worth more than all after it, and how many of them fit in exact integers."""
    all_parts = [TIERS[name](model, urgent) for name in tiers]
    ranges = [as_counted(model, parts).magnitude for parts in all_parts]
    for n_first in range(len(tiers), 0, -1):
        weights = [1]
        for k in range(n_first - 1, 0, -1):
            weights.insert(0, 1 + 2 * sum(w * math.ceil(r) for w, r in zip(weights, ranges[k:], strict=False)))
        if sum(w * r for w, r in zip(weights, ranges, strict=False)) < MAX_SUM / 2:
            break
    pair, left_out = (
        sum(weight * getattr(parts, name) for weight, parts in zip(weights, all_parts, strict=False))
        for name in ("pair", "exit")
    )
    loads = [parts.load.times(weight) for weight, parts in zip(weights, all_parts, strict=False) if parts.counts_load]
    load = loads[0] if loads else LoadCost.zero(model.n_agents)  # one tier counts it
    return as_counted(model, Parts(pair, load, left_out)), n_first

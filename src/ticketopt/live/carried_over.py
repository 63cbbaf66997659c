"""A plan for a queue that has moved since: what of it still holds stays, and greedy places the rest; nothing is solved.

Only loads move while a batch is solved. So all that can fail of a plan is the room that an agent has, and what rules
derive from it; all of it is checked again, by the model and in words, as it is for any plan.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from ticketopt._types import Int
from ticketopt.formulation.formulate import SCALE, formulate
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.objective import feasible, loads, row_usage
from ticketopt.model.outcome import Outcome, Status
from ticketopt.model.parts import among
from ticketopt.model.ties import first_come
from ticketopt.planning.result import Result
from ticketopt.planning.solve import result_of
from ticketopt.planning.tier_run import TierValue
from ticketopt.planning.tier_stages import tier_value
from ticketopt.problem.problem import Problem
from ticketopt.solvers import BACKENDS, Options
from ticketopt.solvers.check import checked

__all__ = ["carried_over"]


def carried_over(problem: Problem, first: Result) -> Result:
    """The plan of `first` for a problem that differs from its own by the agents' loads, verified for this one.

    1. Pairs stay whose agent may and can still take them, the most urgent first where the room is not enough for all.
    2. Greedy gives the rest to whoever has room; what nobody has room for waits.
    """
    began = time.perf_counter()
    model = formulate(problem)
    kept = first.assignment if feasible(model, first.assignment) else _holding(model, first.assignment)
    plan = first_come(model, _filled(model, kept))
    n_planned, n_kept = int((first.assignment >= 0).sum()), int((kept >= 0).sum())
    reason = (
        f"{first.reason}; the queue moved meanwhile: {n_kept} of {n_planned} stay as planned, greedy placed the rest"
    )
    solution = checked(model, first.solver, Outcome(plan, Status.FEASIBLE), reason)
    names = problem.policy.tiers or ()
    if names:  # the status is about them, and of none is it known how good it could be now
        solution = replace(solution, status=Status.FEASIBLE, lower_bound=None, bound_source=None, price=None)
    runtime = first.runtime + time.perf_counter() - began
    result = result_of(problem, model, solution, seed=first.seed, runtime=runtime)
    return replace(result, tiers=tuple(_reached(problem, model, name, plan) for name in names))


def _holding(model: AssignmentModel, plan: Int) -> Int:
    """The plan without the pairs that do not fit any more."""
    served = np.flatnonzero(plan >= 0)
    served = served[model.allowed_at(served, plan[served])]
    served = served[np.argsort(-model.exit_cost[served], kind="stable")]
    served = served[np.argsort(plan[served], kind="stable")]  # agent by agent, the most urgent first
    agents = plan[served]
    total = np.cumsum(model.effort_at(served, agents))
    before = np.concatenate(([0], total))[np.searchsorted(agents, agents)]
    served = served[total - before <= model.capacity[agents]]
    kept = np.full(model.n_tickets, -1, dtype=np.int64)
    kept[served] = plan[served]
    rows = model.rows
    while (over := row_usage(rows, kept) > rows.bound).any():
        active = (kept[rows.ticket] == rows.agent) & over[rows.row] & (rows.coefficient > 0)
        last = np.unique(rows.ticket[active])
        kept[last[np.argmin(model.exit_cost[last])]] = -1
    return kept


def _filled(model: AssignmentModel, kept: Int) -> Int:
    """The plan with what is left out given to whoever has room, by greedy."""
    rest = np.flatnonzero(kept < 0)
    if not len(rest):
        return kept
    part, taken = among(model, rest, np.arange(model.n_agents)), loads(model, kept)
    left = replace(
        part,
        capacity=model.capacity - taken,
        load_cost=model.load_cost.after(taken),
        rows=replace(part.rows, bound=part.rows.bound - row_usage(model.rows, kept)),
    )
    plan = kept.copy()
    plan[rest] = BACKENDS["greedy"].solve(left, Options()).assignment
    return plan


def _reached(problem: Problem, model: AssignmentModel, tier: str, plan: Int) -> TierValue:
    scale = 1 if tier.endswith("unassigned") else SCALE
    return TierValue(tier, tier_value(model, problem.is_urgent, tier, plan) / scale, None)

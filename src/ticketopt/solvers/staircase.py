"""Load costs as staircases, for backends that take variables and rows: a step has units of equal cost.

An agent with many different unit costs gets a staircase that is exact at some loads and nowhere dearer. Its optimum is
a bound; where the plan found costs no more than that, it is optimal, and otherwise the staircase is made exact at that
plan's loads and the model is solved again (outer approximation: Kelley 1960).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ticketopt._types import Int
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.load_cost import LoadCost
from ticketopt.model.objective import loads, objective
from ticketopt.model.outcome import Outcome, Status
from ticketopt.solvers.base import Options

Solve = Callable[[AssignmentModel, Options], Outcome]

MOST_STEPS = 128
"""Up to so many different unit costs an agent's staircase is exact from the start."""


def on_staircase(solve: Solve, model: AssignmentModel, options: Options) -> Outcome:
    """What `solve` finds and proves, though it sees staircases of few steps only."""
    points = _first_points(model)
    if not points:
        return solve(model, options)
    end = time.perf_counter() + options.time_limit
    best, bound = options.hint, None

    def report(cost: int | None, lower: int | None) -> None:
        options.report(None, lower)

    while True:
        lower = replace(model, load_cost=_below(model, points))
        left = max(0.01, end - time.perf_counter())
        found = solve(lower, replace(options, time_limit=left, hint=best, progress=report))
        is_solved = found.status is Status.OPTIMAL
        known = objective(lower, found.assignment) if is_solved else found.lower_bound
        bound = known if bound is None or (known is not None and known > bound) else bound
        if best is None or objective(model, found.assignment) < objective(model, best):
            best = found.assignment
        if found.status is Status.UNKNOWN:
            return replace(found, assignment=best, lower_bound=bound)
        if bound is not None and bound >= objective(model, best):
            return Outcome(best, Status.OPTIMAL, bound)
        if not is_solved or time.perf_counter() > end or options.stopped:
            return Outcome(best, Status.FEASIBLE, bound)
        taken = loads(model, found.assignment)
        points = {j: np.union1d(index, taken[j] + np.arange(-1, 2)) for j, index in points.items()}


def coarse(model: AssignmentModel) -> AssignmentModel:
    """The model with staircases of few steps, nowhere dearer: its bounds are bounds of the model."""
    points = _first_points(model)
    return replace(model, load_cost=_below(model, points)) if points else model


def _first_points(model: AssignmentModel) -> dict[int, Int]:
    """The agents with too many different unit costs, each with some loads at which a staircase should be exact."""
    agents, capacity = np.arange(model.n_agents), model.capacity
    first, last = (model.load_cost.at(agents, unit) for unit in (0 * capacity, np.maximum(0, capacity - 1)))
    many = np.flatnonzero(np.minimum(capacity, last - first + 1) > MOST_STEPS)
    n_points = MOST_STEPS // 3 + 1  # three steps between two of them
    return {j: np.linspace(0, int(capacity[j]), n_points).astype(np.int64) for j in many.tolist()}


def _below(model: AssignmentModel, points: dict[int, Int]) -> LoadCost:
    """The load cost with the staircases of some agents exact at their points, and elsewhere no dearer."""
    load, index = model.load_cost, np.arange(model.n_agents)
    stairs = []
    for k, (j, loads_of_j) in enumerate(points.items()):
        capacity = int(model.capacity[j])
        stairs.append(_stairs(load, j, np.unique(np.clip(np.append(loads_of_j, (0, capacity)), 0, capacity))))
        index[j] = model.n_agents + k
    return LoadCost.join([load, *stairs]).select(index)


def _stairs(load: LoadCost, j: int, at: Int) -> LoadCost:
    """One agent's staircase, exact at the loads `at` (rising).

    Between two of them first the lowest cost, then, but for one unit that makes the sum right, the highest.
    """
    agent, width = np.full(len(at), j), np.diff(at)
    total = np.diff(load.select(agent).total(at))
    low, high = load.at(agent[1:], at[:-1]), load.at(agent[1:], at[1:] - 1)
    rise = np.maximum(1, high - low)
    n_low = np.where(high > low, (width * high - total) // rise, width)
    middle = total - n_low * low - (width - n_low - 1) * high
    begin = np.column_stack([at[:-1], at[:-1] + n_low, at[:-1] + n_low + 1])
    is_step = np.column_stack([n_low > 0, n_low < width, n_low + 1 < width])
    first, cost = begin[is_step], np.column_stack([low, middle, high])[is_step]
    zero, one = np.zeros_like(first), np.ones_like(first)
    return LoadCost(np.array([0, len(first)]), np.column_stack([first, cost, zero, one, one, zero]))

"""What would teaching an agent a skill save on this queue? At least what the plan itself says; solving finds more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ticketopt._types import Int
from ticketopt.explain.analysis import Analysis
from ticketopt.explain.deadline import Deadline
from ticketopt.explain.solver import Solver
from ticketopt.formulation.formulate import SCALE, Tables
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.load_cost import LoadCost
from ticketopt.model.objective import feasible, objective
from ticketopt.model.prices import Prices, priced
from ticketopt.problem.fields import spelled
from ticketopt.problem.held import held_levels
from ticketopt.problem.problem import Problem
from ticketopt.problem.records import Agent, Id

__all__ = ["SkillValue", "skill_values"]


@dataclass(frozen=True, slots=True)
class SkillValue:
    """What an agent at another level of one skill would save on this queue, everything else equal.

    Attributes
    ----------
    level_now, level_then : 0 to 10.
    saves : what the plan's weighted cost would fall by, exit prices included; 0 where no saving has been found
        and none has been ruled out.
    at_most : it cannot save more, as prices prove or, where it was solved again, as the backend claims.
    serves_more : how many more tickets would be assigned.
    basis : "exact"; "solved" (again, and no better plan was found in time: it saves at least this); or "plan" (the very
        same plan would cost so much less with the skill: it saves at least this).
    """

    agent_id: Id
    name: str
    skill: str
    level_now: float
    level_then: float
    saves: float
    at_most: float
    serves_more: int
    basis: str

    @property
    def is_proven(self) -> bool:
        """Whether `saves` is exact: all that it can save, by `at_most`."""
        return self.basis == "exact"


def skill_values(
    problem: Problem,
    analysis: Analysis,
    k: int,
    level: float,
    *,
    tables: Tables,
    solver: Solver,
) -> tuple[SkillValue, ...]:
    """The `k` agent-skill pairs that would save most, best first.

    1. One model per skill, in which everybody has it at `level`. All models get the same exit prices, high enough for
       each; where that changes them, the plan to compare with is solved anew.
    2. Prices of the plan bound what each agent alone could save with its column of such a model (see `_bounds`). Pairs
       that cannot save anything are dropped. What the plan itself would save is known without solving.
    3. Pairs are solved by falling bound, with that agent's column of its skill's model, until `k` savings are as large
       as every bound that is left, or the time is up. Where tickets share limits, or somebody who knows more needs less
       time, a column is not enough and the pair is formulated.
    4. The `k` best are formulated and, if there is time, solved once more, with that agent alone at `level`: these are
       the answers.

    Steps 2 and 3 take for granted that a cost term and a rule judge a pair by the pair's own agent, as the house's own
    do; step 4 does not.
    """
    taught = _taught_models(problem, level, tables, solver.deadline)
    exits = np.maximum.reduce([analysis.model.exit_cost, *(model.exit_cost for model in taught.values())])
    standing = _Standing.of(analysis, exits, solver)
    options = _candidates(problem, standing, level, taught)
    found = {(j, s): saved for _, saved, j, s in options}
    plans: dict[tuple[int, int], Int] = {}
    for n_solved, (bound, _, j, s) in enumerate(options):
        best = sorted(found.values(), reverse=True)[:k]
        if solver.deadline.is_over or not k or (n_solved >= k and best[-1] >= bound):
            break
        if len(standing.model.rows) or len(taught[s].rows) or not _same_effort(standing.model, taught[s]):
            model = replace(tables.formulate(_taught(problem, s, level, j)), exit_cost=exits)
        else:
            model = _with_column(standing.model, taught[s], j)
        answer = solver.solve(model, parts=2 * k + 1 - min(n_solved, k))
        if answer is not None:
            plans[j, s] = answer[0]
            found[j, s] = max(found[j, s], standing.value - objective(model, answer[0]))
    bounds = {(j, s): bound for bound, _, j, s in options}
    best_pairs = sorted(found, key=lambda pair: (-found[pair], -bounds[pair], pair))[:k]
    rows = []
    for n_done, (j, s) in enumerate(best_pairs):
        model = replace(tables.formulate(_taught(problem, s, level, j)), exit_cost=exits)
        solved = solver.solve(model, parts=len(best_pairs) - n_done) or (plans.get((j, s)), None)
        amounts = _answer(standing, model, bounds[j, s], *solved)
        agent, now = problem.agents[j], float(problem.skill_level[j, s])
        rows.append(SkillValue(agent.agent_id, agent.name, problem.skill_names[s], now, level, *amounts))
    return tuple(row for row in sorted(rows, key=lambda row: -row.saves) if row.at_most > 0)


@dataclass(frozen=True, slots=True, eq=False)
class _Standing:
    """The plan that teaching is compared with: its model, itself, its cost, and prices that bound it."""

    model: AssignmentModel
    plan: Int
    value: int
    prices: Prices

    @classmethod
    def of(cls, analysis: Analysis, exits: Int, solver: Solver) -> _Standing:
        """The plan of `analysis`, or, at other exit prices, what solving anew finds if that is better."""
        model = replace(analysis.model, exit_cost=exits)
        plan = analysis.assignment if analysis.exchange is None else analysis.exchange.assignment
        standing = cls(model, plan, objective(model, plan), analysis.plan_prices)
        if (exits == analysis.model.exit_cost).all():
            return standing
        solved = solver.solve(model, parts=4)
        if solved is None:
            return standing
        found = Analysis.of(model, solved[0], known_bound=solved[1], solver=solver)
        other = found.assignment if found.exchange is None else found.exchange.assignment
        plan = min(standing.plan, other, key=lambda one: objective(model, one))
        return cls(model, plan, objective(model, plan), found.plan_prices)


def _answer(
    standing: _Standing, model: AssignmentModel, bound: int, solved: Int | None, proven: int | None
) -> tuple[float, float, int, str]:
    """(saves, at most, more tickets served, basis) of one agent taught, by the plan itself or by one that was found."""
    limit = bound if proven is None else min(bound, standing.value - proven)
    best, kind, plan = 0, "plan", standing.plan
    for other, name in ((standing.plan, "plan"), (solved, "solved")):
        if other is None or not feasible(model, other):
            continue
        saved = standing.value - objective(model, other)
        if saved >= best:
            best, kind, plan = saved, name, other
    more = int((standing.plan < 0).sum() - (plan < 0).sum())
    return best / SCALE, max(0, limit) / SCALE, more, "exact" if limit <= best else kind


def _same_effort(model: AssignmentModel, taught: AssignmentModel) -> bool:
    """Whether nobody needs less time for a ticket by knowing more."""
    return model.effort.shape == taught.effort.shape and bool((model.effort == taught.effort).all())


def _taught_models(problem: Problem, level: float, tables: Tables, deadline: Deadline) -> dict[int, AssignmentModel]:
    """Skill -> the model in which everybody has it at `level`; the most wanted first, as long as there is time."""
    found: dict[int, AssignmentModel] = {}
    for s in _skills_that_matter(problem, level):
        if found and deadline.is_over:
            break
        found[s] = tables.formulate(_taught(problem, s, level))
    return found


def _skills_that_matter(problem: Problem, level: float) -> list[int]:
    """Skill columns that a ticket asks for and an agent at work has below `level`, the most asked for first."""
    asked = ((problem.wanted > 0) | (problem.required > 0)).sum(axis=0)
    is_below = (problem.skill_level < level) & problem.is_available[:, None]
    found = np.flatnonzero((asked > 0) & is_below.any(axis=0))
    ordered: list[int] = found[np.argsort(-asked[found], kind="stable")].tolist()
    return ordered


def _candidates(
    problem: Problem, standing: _Standing, level: float, taught: Mapping[int, AssignmentModel]
) -> list[tuple[int, int, int, int]]:
    """(bound, saved by the plan itself, agent, skill) of every pair that could save anything, by falling bound."""
    found = []
    served = np.flatnonzero(standing.plan >= 0)
    whose = standing.plan[served]
    for s, model in taught.items():
        is_below = problem.is_available & (problem.skill_level[:, s] < level)
        bounds = standing.value - _bounds(standing.model, model, standing.prices)
        cheaper = standing.model.pair_cost[served, whose] - model.pair_cost[served, whose]
        saved = np.zeros(problem.n_agents, dtype=np.int64)
        np.add.at(saved, whose, cheaper)
        chosen = np.flatnonzero(is_below & (bounds > 0)).tolist()
        found += [(int(bounds[j]), max(0, int(saved[j])), j, s) for j in chosen]
    return sorted(found, key=lambda row: (-row[0], row[2:]))


def _bounds(model: AssignmentModel, taught: AssignmentModel, prices: Prices) -> Int:
    """(A,) what no plan can beat if one agent alone has its costs, permissions and slots of `taught`.

    The bound that prices prove (see `prices.dual_bound`), for all agents at once. Rows of `taught` are left out, which
    only lowers it.
    """
    cost = priced(model, prices)
    lowest = np.sort(cost, axis=1)[:, :2] if model.n_agents else np.repeat(cost, 2, axis=1)
    is_lowest = cost[:, :-1].argmin(axis=1)[:, None] == np.arange(model.n_agents)
    is_lowest &= cost[:, :-1] == lowest[:, :1]
    others = np.where(is_lowest, lowest[:, 1:], lowest[:, :1])
    with_skill = priced(replace(taught, exit_cost=model.exit_cost, rows=model.rows), prices)[:, :-1]
    best = np.minimum(others, with_skill).sum(axis=0)
    rent, taught_rent = _rents(model, prices), _rents(taught, prices)
    fixed = int((prices.row * model.rows.bound).sum())
    bounds: Int = best - (rent.sum() - rent + taught_rent) - fixed
    return bounds


def _rents(model: AssignmentModel, prices: Prices) -> Int:
    """(A,) what every agent's slots are worth above their cost."""
    return model.load_cost.rent(prices.agent, model.capacity)


def _with_column(model: AssignmentModel, taught: AssignmentModel, j: int) -> AssignmentModel:
    """The model, without rows, in which one agent has its costs, permissions and slots of `taught`."""
    cost, allowed, capacity = model.pair_cost.copy(), model.allowed.copy(), model.capacity.copy()
    cost[:, j], allowed[:, j], capacity[j] = taught.pair_cost[:, j], taught.allowed[:, j], taught.capacity[j]
    both, index = LoadCost.join([model.load_cost, taught.load_cost]), np.arange(model.n_agents)
    index[j] += model.n_agents
    return replace(model, pair_cost=cost, allowed=allowed, capacity=capacity, load_cost=both.select(index))


def _taught(problem: Problem, s: int, level: float, only: int | None = None) -> Problem:
    """The problem with everybody, or one agent only, at least at `level` in skill column `s`."""
    name = problem.skill_names[s]
    agents = [
        _at_least(agent, held_levels(agent, problem.policy), name, level) if only in (None, j) else agent
        for j, agent in enumerate(problem.agents)
    ]
    return replace(problem, agents=agents)


def _at_least(agent: Agent, held: Mapping[str, float], name: str, level: float) -> Agent:
    """The agent with what counts of it as what it has, and one skill raised."""
    known = {spelled(skill): skill for skill in held}
    skill = known.get(spelled(name), name)
    return replace(agent, skills={**held, skill: max(level, held.get(skill, 0.0))}, learned_levels={})

"""What would teaching an agent a skill save on this queue? Ranked by proof: bounds first, then exact answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ticketopt.explain.basis import Basis, Solver
from ticketopt.explain.prices import Prices, priced
from ticketopt.fields import spelled
from ticketopt.formulate import SCALE
from ticketopt.load_cost import LoadCost
from ticketopt.model import AssignmentModel, objective
from ticketopt.problem import Problem
from ticketopt.records import Id

__all__ = ["SkillValue", "plan_prices", "skill_values"]

Int = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SkillValue:
    """What an agent at another level of one skill would save on this queue, everything else equal.

    Attributes
    ----------
    level_now, level_then : 0 to 10.
    saves : weighted units, exit prices included, 0 or more; exact where `is_proven`, else the best found.
    at_most : proven: it cannot save more.
    serves_more : how many more tickets would be assigned.
    is_proven : whether `saves` is exact.
    """

    agent_id: Id
    name: str
    skill: str
    level_now: float
    level_then: float
    saves: float
    at_most: float
    serves_more: int
    is_proven: bool


def skill_values(
    problem: Problem,
    basis: Basis,
    k: int,
    level: float,
    *,
    formulate: Callable[[Problem], AssignmentModel],
    solve: Solver,
    explain: Callable[[AssignmentModel], Basis],
) -> tuple[SkillValue, ...]:
    """The `k` agent-skill pairs that would save most, best first.

    1. One model per skill, in which everybody has it at `level`. All models get the same exit prices, high enough for
       each; where that changes them, the plan to compare with is solved anew (`explain`).
    2. Prices of the plan bound what each agent alone could save with its column of such a model (see `_bounds`). Pairs
       that cannot save anything are dropped.
    3. Pairs are solved by falling bound, with that agent's column of its skill's model, until `k` savings are as large
       as every bound that is left. Where tickets share limits, a column is not enough and the pair is formulated.
    4. The `k` best are formulated and solved once more, with that agent alone at `level`: these are the answers.

    Steps 2 and 3 take for granted that a cost term and a rule judge a pair by the pair's own agent, as the house's own
    do; step 4 does not.
    """
    taught = {s: formulate(_taught(problem, s, level)) for s in _skills_that_matter(problem, level)}
    exits = np.maximum.reduce([basis.model.exit_cost, *(model.exit_cost for model in taught.values())])
    if (exits > basis.model.exit_cost).any():
        basis = explain(replace(basis.model, exit_cost=exits))
    value = basis.objective if basis.exchange is None else objective(basis.model, basis.exchange.assignment)
    found: list[tuple[int, int, int, int]] = []
    for bound, j, s in sorted(_candidates(problem, basis, value, level, taught), key=lambda c: (-c[0], c[1:])):
        if len(found) >= k and (not k or sorted(saved for saved, *_ in found)[-k] >= bound):
            break
        if len(basis.model.rows) or len(taught[s].rows):
            model = replace(formulate(_taught(problem, s, level, j)), exit_cost=basis.model.exit_cost)
        else:
            model = _with_column(basis.model, taught[s], j)
        found.append((value - objective(model, solve(model)[0]), bound, j, s))
    rows = []
    for _, bound, j, s in sorted(found, key=lambda row: -row[0])[:k]:
        model = replace(formulate(_taught(problem, s, level, j)), exit_cost=basis.model.exit_cost)
        plan, proven = solve(model)
        saved = value - objective(model, plan)
        limit = bound if proven is None else min(bound, value - proven)
        more = int((basis.assignment < 0).sum() - (plan < 0).sum())
        agent, now = problem.agents[j], float(problem.skill_level[j, s])
        amounts = (max(0, saved) / SCALE, max(0, limit) / SCALE, more, limit <= max(0, saved))
        rows.append(SkillValue(agent.agent_id, agent.name, problem.skill_names[s], now, level, *amounts))
    return tuple(row for row in sorted(rows, key=lambda row: -row.saves) if row.saves > 0)


def _skills_that_matter(problem: Problem, level: float) -> list[int]:
    """Skill columns that a ticket asks for and an agent at work has below `level`."""
    asked = ((problem.wanted > 0) | (problem.required > 0)).any(axis=0)
    is_below = (problem.skill_level < level) & problem.is_available[:, None]
    found: list[int] = np.flatnonzero(asked & is_below.any(axis=0)).tolist()
    return found


def _candidates(
    problem: Problem, basis: Basis, value: int, level: float, taught: Mapping[int, AssignmentModel]
) -> Iterator[tuple[int, int, int]]:
    """(bound, agent, skill) of every pair that could save anything."""
    prices = plan_prices(basis)
    for s, model in taught.items():
        is_below = problem.is_available & (problem.skill_level[:, s] < level)
        bounds = value - _bounds(basis.model, model, prices)
        yield from ((int(bounds[j]), j, s) for j in np.flatnonzero(is_below & (bounds > 0)).tolist())


def _bounds(model: AssignmentModel, taught: AssignmentModel, prices: Prices) -> Int:
    """(A,) what no plan can beat if one agent alone has its costs, permissions and slots of `taught`.

    The bound that prices prove (see `prices.lower_bound`), for all agents at once. Rows of `taught` are left out, which
    only lowers it.
    """
    cost = priced(model, prices)
    lowest = np.sort(cost, axis=1)[:, :2] if model.n_agents else np.repeat(cost, 2, axis=1)
    is_lowest = cost[:, :-1].argmin(axis=1)[:, None] == np.arange(model.n_agents)
    is_lowest &= cost[:, :-1] == lowest[:, :1]
    others = np.where(is_lowest, lowest[:, 1:], lowest[:, :1])
    own = priced(replace(taught, exit_cost=model.exit_cost, rows=model.rows), prices)[:, :-1]
    best = np.minimum(others, own).sum(axis=0)
    rent, taught_rent = _rents(model, prices), _rents(taught, prices)
    fixed = int((prices.row * model.rows.bound).sum())
    bounds: Int = best - (rent.sum() - rent + taught_rent) - fixed
    return bounds


def _rents(model: AssignmentModel, prices: Prices) -> Int:
    """(A,) what every agent's slots are worth above their cost."""
    return model.load_cost.rent(prices.agent, model.capacity)


def plan_prices(basis: Basis) -> Prices:
    """Prices that bound the plan: of its exchange (then exactly) or of the linear relaxation."""
    if basis.exchange is None:
        assert basis.prices is not None
        return basis.prices
    potential = basis.exchange.potential
    return Prices(potential[:-1] - potential[-1], np.zeros(len(basis.model.rows), dtype=np.int64))


def _with_column(model: AssignmentModel, taught: AssignmentModel, j: int) -> AssignmentModel:
    """The model, without rows, in which one agent has its costs, permissions and slots of `taught`."""
    cost, allowed, capacity = model.pair_cost.copy(), model.allowed.copy(), model.capacity.copy()
    cost[:, j], allowed[:, j], capacity[j] = taught.pair_cost[:, j], taught.allowed[:, j], taught.capacity[j]
    both, own = LoadCost.join([model.load_cost, taught.load_cost]), np.arange(model.n_agents)
    own[j] += model.n_agents
    return replace(model, pair_cost=cost, allowed=allowed, capacity=capacity, load_cost=both.select(own))


def _taught(problem: Problem, s: int, level: float, only: int | None = None) -> Problem:
    """The problem with everybody, or one agent only, at least at `level` in skill column `s`."""
    name = problem.skill_names[s]
    agents = [
        replace(agent, skills=_at_least(agent.skills, name, level)) if only in (None, j) else agent
        for j, agent in enumerate(problem.agents)
    ]
    return replace(problem, agents=agents)


def _at_least(skills: Mapping[str, float], name: str, level: float) -> dict[str, float]:
    known = {spelled(own): own for own in skills}
    own = known.get(spelled(name), name)
    return {**skills, own: max(level, skills.get(own, 0.0))}

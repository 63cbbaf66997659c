"""What is one more slot worth, or one fewer? Exact with an exchange, bounds from prices elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from ticketopt._types import Int
from ticketopt.explain.analysis import Analysis
from ticketopt.explain.solver import Solver
from ticketopt.formulation.formulate import SCALE, Tables
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.exchange import FAR, Exchange
from ticketopt.model.objective import loads, objective
from ticketopt.model.prices import dual_bound
from ticketopt.problem.problem import Problem
from ticketopt.problem.records import Id

__all__ = ["SlotValue", "slot_cost_changes", "slot_values", "with_slots"]


@dataclass(frozen=True, slots=True)
class SlotValue:
    """What an agent's capacity is worth on this queue, everything else equal; in weighted cost.

    What limits an agent besides its capacity stays: where that is tighter, or where there are not so many tickets for
    the agent, a unit more or fewer changes nothing and is worth 0. The units of load that the agent has keep their
    costs, too.

    Attributes
    ----------
    used, free : units that the plan gives the agent, and units of its capacity that were free before the plan, None
        where there is no limit.
    one_more : saved by one more free unit, 0 or more.
    one_fewer : lost by one unit less, 0 or more; None where there is no free unit to lose.
    takes_in, leaves_out : the ticket that one more unit would let in, or one fewer would leave out; None without one.
    basis : "exact"; "bound" (`one_more` is at most, `one_fewer` at least this); or "solved" (again, to the
        end: as sure as the backend that solved it).
    """

    agent_id: Id
    name: str
    used: int
    free: int | None
    one_more: float
    one_fewer: float | None
    takes_in: Id | None
    leaves_out: Id | None
    basis: str


def with_slots(model: AssignmentModel, more: Int) -> AssignmentModel:
    """The same model with `more` ((A,), negative for fewer) units of every agent."""
    return replace(model, capacity=np.maximum(0, model.capacity + more))


def slot_cost_changes(exchange: Exchange) -> tuple[Int, Int]:
    """(A,) change of the optimum by one more unit (0 or less) and by one fewer (0 or more; `FAR` without a unit).

    One more unit matters only to an agent who is full: then it opens an arc to the exit, and the best
    cycle through it is that arc and the shortest path back. One fewer gives back the last slot of a full agent, whose
    unit then takes the shortest path to the exit.
    """
    model, way = exchange.model, exchange.distance
    is_full = loads(model, exchange.assignment) == model.capacity
    agents = np.arange(model.n_agents)
    more = np.where(is_full, np.minimum(0, way[-1, :-1] + model.load_cost.at(agents, model.capacity)), 0)
    last = model.load_cost.at(agents, np.maximum(0, model.capacity - 1))
    fewer = np.where(is_full, way[:-1, -1] - last, 0)
    fewer[model.capacity == 0] = FAR
    return more, fewer


def slot_values(problem: Problem, analysis: Analysis, tables: Tables, solver: Solver | None) -> tuple[SlotValue, ...]:
    """Every agent's values, in the order of the team; given `solver`, solving again replaces bounds."""
    model = analysis.model
    roomier = tables.formulate(_with_one_more(problem))
    let_in = let_out = np.full(model.n_agents, -1)
    if analysis.exchange is None:
        found = list(_each_bound(analysis, roomier, solver))
        more, fewer = (np.array([row[k] for row in found], dtype=np.int64) for k in (0, 1))
        kinds = [row[2] for row in found]
    else:
        more, fewer = slot_cost_changes(analysis.exchange)
        let_in, let_out = analysis.exchange.taken_in(), analysis.exchange.left_out()
        kinds = ["exact"] * model.n_agents
        if len(roomier.rows):
            more, kinds = _within_rows(analysis, roomier, more, solver)
            let_in = np.where(np.array(kinds) == "exact", let_in, -1)
    more[roomier.capacity == model.capacity] = 0
    fewer[problem.free > model.capacity] = 0
    used = loads(model, analysis.assignment)
    ids = [ticket.ticket_id for ticket in problem.tickets]
    return tuple(
        SlotValue(
            agent.agent_id,
            agent.name,
            int(used[j]),
            None if problem.capacity[j] is None else int(problem.free[j]),
            0.0 if more[j] == 0 else -int(more[j]) / SCALE,
            None if fewer[j] >= FAR else int(fewer[j]) / SCALE,
            ids[let_in[j]] if more[j] < 0 and let_in[j] >= 0 else None,
            ids[let_out[j]] if 0 < fewer[j] < FAR and let_out[j] >= 0 else None,
            kinds[j],
        )
        for j, agent in enumerate(problem.agents)
    )


def _with_one_more(problem: Problem) -> Problem:
    """The problem in which every limited agent has one free unit more."""
    agents = [
        agent if limit is None else replace(agent, capacity=max(limit, agent.current_load) + 1)
        for agent, limit in zip(problem.agents, problem.capacity, strict=True)
    ]
    return replace(problem, agents=agents)


def _within_rows(
    analysis: Analysis, roomier: AssignmentModel, more: Int, solver: Solver | None
) -> tuple[Int, list[str]]:
    """(A,) change by one more unit where rows can bind only then, and what it rests on: without them it is a bound."""
    step, limited = np.eye(analysis.model.n_agents, dtype=np.int64), np.flatnonzero(more < 0).tolist()
    assert analysis.exchange is not None
    best, result, kinds = objective(analysis.model, analysis.exchange.assignment), more.copy(), ["exact"] * len(more)
    for n_done, j in enumerate(limited):
        changed = replace(with_slots(analysis.model, step[j]), rows=roomier.rows)
        bound, is_proven = _proven(changed, solver, len(limited) - n_done)
        result[j] = more[j] if bound is None else min(0, max(int(more[j]), bound - best))
        kinds[j] = "solved" if is_proven else "bound"
    return result, kinds


def _proven(model: AssignmentModel, solver: Solver | None, parts: int) -> tuple[int | None, bool]:
    """What no plan of a model can beat, and whether a plan reaches it; None without `solver`, or without time."""
    found = None if solver is None else solver.solve(model, parts=parts)
    if found is None or found[1] is None:
        return None, False
    return found[1], found[1] == objective(model, found[0])


def _each_bound(analysis: Analysis, roomier: AssignmentModel, solver: Solver | None) -> Iterator[tuple[int, int, str]]:
    """(change by one more, by one fewer, basis) of every agent: limits from prices, or by solving twice more.

    `roomier` has the packing rows that can bind once somebody has a unit more.
    """
    model, step = analysis.model, np.eye(analysis.model.n_agents, dtype=np.int64)
    for j in range(model.n_agents):
        changed = [with_slots(model, step[j])]
        if model.capacity[j]:
            changed.append(with_slots(model, -step[j]))
        bounds = [dual_bound(other, analysis.plan_prices.together) for other in changed]
        changed[0] = replace(changed[0], rows=roomier.rows)
        parts = len(changed) * (model.n_agents - j)
        found = [_proven(other, solver, parts - n_done) for n_done, other in enumerate(changed)]
        bounds = [low if new is None else max(low, new) for low, (new, _) in zip(bounds, found, strict=True)]
        more, fewer = [*(bound - analysis.objective for bound in bounds), FAR][:2]
        kind = "solved" if all(is_proven for _, is_proven in found) else "bound"
        yield min(0, more), fewer if fewer == FAR else max(0, fewer), kind

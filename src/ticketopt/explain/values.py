"""What is one more slot worth, or one fewer? Exact with an exchange, bounds from prices elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ticketopt.explain.basis import Basis, Solver
from ticketopt.explain.exchange import FAR, Exchange
from ticketopt.formulate import SCALE
from ticketopt.model import AssignmentModel, loads
from ticketopt.problem import Problem
from ticketopt.records import Id

__all__ = ["SlotValue", "slot_changes", "slot_values", "with_slots"]

Int = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SlotValue:
    """What an agent's capacity is worth on this queue, everything else equal; in weighted units.

    Attributes
    ----------
    used, free : units that the plan gives the agent, and units that it could take before the plan.
    one_more : saved by one more free unit, 0 or more.
    one_fewer : lost by one unit less, 0 or more; None where there is no free unit to lose.
    takes_in, leaves_out : the ticket that one more unit would let in, or one fewer would leave out; None without one.
    basis : "exact"; "bound" (`one_more` is at most, `one_fewer` at least this); or "solved" (again, and proven).
    """

    agent_id: Id
    name: str
    used: int
    free: int
    one_more: float
    one_fewer: float | None
    takes_in: Id | None
    leaves_out: Id | None
    basis: str


def with_slots(model: AssignmentModel, more: Int) -> AssignmentModel:
    """The same model with `more` ((A,), negative for fewer) units of every agent."""
    return replace(model, capacity=np.maximum(0, model.capacity + more))


def slot_changes(exchange: Exchange) -> tuple[Int, Int]:
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


def slot_values(problem: Problem, basis: Basis, solve: Solver | None) -> tuple[SlotValue, ...]:
    """Every agent's values, in the order of the team; given `solve`, solving again replaces bounds."""
    if basis.exchange is not None:
        more, fewer = slot_changes(basis.exchange)
        let_in, let_out = basis.exchange.taken_in(), basis.exchange.left_out()
        kinds: Sequence[str] = ["exact"] * basis.model.n_agents
    else:
        found = list(_each_bound(basis, solve))
        more, fewer = (np.array([row[k] for row in found], dtype=np.int64) for k in (0, 1))
        kinds = [row[2] for row in found]
        let_in = let_out = np.full(basis.model.n_agents, -1)
    used = loads(basis.model, basis.assignment)
    ids = [ticket.ticket_id for ticket in problem.tickets]
    return tuple(
        SlotValue(
            agent.agent_id,
            agent.name,
            int(used[j]),
            int(basis.model.capacity[j]),
            0.0 if more[j] == 0 else -int(more[j]) / SCALE,
            None if fewer[j] >= FAR else int(fewer[j]) / SCALE,
            ids[let_in[j]] if more[j] < 0 and let_in[j] >= 0 else None,
            ids[let_out[j]] if 0 < fewer[j] < FAR and let_out[j] >= 0 else None,
            kinds[j],
        )
        for j, agent in enumerate(problem.agents)
    )


def _each_bound(basis: Basis, solve: Solver | None) -> Iterator[tuple[int, int, str]]:
    """(change by one more, by one fewer, basis) of every agent: limits from prices, or by solving twice more."""
    from ticketopt.explain.prices import lower_bound

    assert basis.prices is not None
    model, step = basis.model, np.eye(basis.model.n_agents, dtype=np.int64)
    for j in range(model.n_agents):
        changed = [with_slots(model, step[j])]
        if model.capacity[j]:
            changed.append(with_slots(model, -step[j]))
        bounds = [lower_bound(other, basis.prices) - basis.objective for other in changed]
        kind = "bound"
        if solve is not None:
            found = [solve(other)[1] for other in changed]
            kind = "bound" if None in found else "solved"
            bounds = [low if new is None else new - basis.objective for low, new in zip(bounds, found, strict=True)]
        more, fewer = [*bounds, FAR][:2]
        yield min(0, more), fewer if fewer == FAR else max(0, fewer), kind

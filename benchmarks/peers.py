"""Other people's solvers on our unit-effort model: each builds what its library wants, from arrays, and solves it.

A peer is a function from a model to an assignment ((n,) agent, -1 where left out). `PEERS` lists them, and says which
are exact. All use one thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ticketopt.model.assignment import AssignmentModel
from ticketopt.solvers import BACKENDS, Options

Int = NDArray[np.int64]
Float = NDArray[np.float64]

PATIENCE = 3600.0
"""Seconds that a peer may take by its own limit; `compare` stops it sooner from outside."""


def network(model: AssignmentModel) -> Int:
    """ticketopt's engine; its proof is added up and timed apart."""
    return BACKENDS["network"].solve(model, Options(PATIENCE)).assignment


def greedy(model: AssignmentModel) -> Int:
    return BACKENDS["greedy"].solve(model, Options(PATIENCE)).assignment


def min_cost_flow(model: AssignmentModel) -> Int:
    """OR-Tools `SimpleMinCostFlow`: one arc per allowed pair, per step of equal slot costs, and per exit."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    n, n_agents = model.pair_cost.shape
    if model.allowed.all():
        ticket, agent = np.divmod(np.arange(n * n_agents, dtype=np.int32), max(1, n_agents))
        cost = model.pair_cost.ravel()
    else:
        ticket, agent = (part.astype(np.int32) for part in np.nonzero(model.allowed))
        cost = model.pair_cost[ticket, agent]
    owner, step_cost, step_size = steps(model)
    sink = n + n_agents
    flow = SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([ticket, n + owner, np.arange(n)]).astype(np.int32),
        np.concatenate([n + agent, np.full(len(owner) + n, sink)]).astype(np.int32),
        np.concatenate([np.ones_like(cost), step_size, np.ones(n, np.int64)]),
        np.concatenate([cost, step_cost, model.exit_cost]),
    )
    supply = np.concatenate([np.ones(n, np.int64), np.zeros(n_agents, np.int64), [-n]])
    flow.set_nodes_supplies(np.arange(sink + 1, dtype=np.int32), supply)
    if flow.solve() != flow.OPTIMAL:
        raise RuntimeError("min-cost flow failed")
    used = np.flatnonzero(flow.flows(arcs[: len(ticket)]))
    assignment = np.full(n, -1, dtype=np.int64)
    assignment[ticket[used]] = agent[used]
    return assignment


def steps(model: AssignmentModel) -> tuple[Int, Int, Int]:
    """Agent, cost and length of every run of slots of equal cost."""
    return model.load_cost.steps(model.capacity)


def expanded(model: AssignmentModel) -> tuple[Float, Int]:
    """A column per slot, and one per ticket for leaving out: cost against leaving out, at most 0; and who owns a slot.

    A pair that costs more than its exit, or is forbidden, is as good as left out.
    """
    n = model.n_tickets
    slots = np.minimum(model.capacity, n)
    owner = np.repeat(np.arange(model.n_agents), slots)
    position = np.arange(len(owner)) - np.repeat(np.cumsum(slots) - slots, slots)
    marginal = model.load_cost.at(owner, position)
    cost = model.pair_cost[:, owner] + marginal - model.exit_cost[:, None]
    saved = np.where(model.allowed[:, owner], np.minimum(cost, 0), 0)
    spare = max(0, n - len(owner)) if model.allowed.all() and (cost < 0).all() else n
    return np.hstack([saved, np.zeros((n, spare))]).astype(np.float64), owner


def collapsed(saved: Float, owner: Int, rows: Int, columns: Int) -> Int:
    """From columns back to agents."""
    assignment = np.full(len(saved), -1, dtype=np.int64)
    is_slot = (columns < len(owner)) & (columns >= 0)
    rows, columns = rows[is_slot], columns[is_slot]
    is_served = saved[rows, columns] < 0
    assignment[rows[is_served]] = owner[columns[is_served]]
    return assignment


def scipy_lsa(model: AssignmentModel) -> Int:
    from scipy.optimize import linear_sum_assignment

    saved, owner = expanded(model)
    return collapsed(saved, owner, *linear_sum_assignment(saved))


def lapx(model: AssignmentModel) -> Int:
    import lap

    saved, owner = expanded(model)
    columns = np.asarray(lap.lapjv(saved, extend_cost=True, return_cost=False)[0], dtype=np.int64)
    return collapsed(saved, owner, np.arange(len(columns)), columns)


def pot(model: AssignmentModel) -> Int:
    """POT's network simplex `ot.emd`: slots of equal cost are one sink; the exit is a sink of its own."""
    import ot

    n = model.n_tickets
    owner, step_cost, step_size = steps(model)
    cost = np.where(model.allowed[:, owner], model.pair_cost[:, owner] + step_cost, model.exit_cost[:, None])
    table = np.zeros((n + 1, len(owner) + 1))  # the last row fills what stays free
    table[:n, :-1], table[:n, -1] = np.minimum(cost, model.exit_cost[:, None]), model.exit_cost
    supply = np.append(np.ones(n), step_size.sum())
    demand = np.append(step_size, n).astype(np.float64)
    plan = ot.emd(supply, demand, table, numItermax=10**9)[:n]
    columns = plan.argmax(axis=1)
    served = columns < len(owner)
    served[served] = cost[np.flatnonzero(served), columns[served]] < model.exit_cost[served]
    assignment = np.full(n, -1, dtype=np.int64)
    assignment[served] = owner[columns[served]]
    return assignment


def highs_lp(model: AssignmentModel) -> Int:
    """The transportation problem as a linear program, by SciPy's HiGHS."""
    from scipy.optimize import linprog
    from scipy.sparse import coo_array

    n, n_agents = model.pair_cost.shape
    ticket, agent = np.nonzero(model.allowed)
    owner, step_cost, step_size = steps(model)
    n_pairs, n_steps = len(ticket), len(owner)
    ones = np.ones(n_pairs)
    row = np.concatenate([ticket, n + agent, n + owner])
    column = np.concatenate([np.arange(n_pairs), np.arange(n_pairs), n_pairs + np.arange(n_steps)])
    value = np.concatenate([ones, ones, -np.ones(n_steps)])
    matrix: Any = coo_array((value, (row, column)), shape=(n + n_agents, n_pairs + n_steps)).tocsr()
    found = linprog(  # type: ignore[call-overload]
        np.concatenate([model.pair_cost[ticket, agent] - model.exit_cost[ticket], step_cost]),
        A_ub=matrix,
        b_ub=np.concatenate([np.ones(n), np.zeros(n_agents)]),
        bounds=np.column_stack([np.zeros(n_pairs + n_steps), np.concatenate([ones, step_size])]),
        method="highs",
    )
    chosen = np.flatnonzero(found.x[:n_pairs] > 0.5)
    assignment = np.full(n, -1, dtype=np.int64)
    assignment[ticket[chosen]] = agent[chosen]
    return assignment


def cp_sat(model: AssignmentModel) -> Int:
    """CP-SAT on the plain model, one worker."""
    from ortools.sat.python import cp_model

    n, n_agents = model.pair_cost.shape
    ticket, agent = np.nonzero(model.allowed)
    owner, step_cost, step_size = steps(model)
    program = cp_model.CpModel()
    pairs = [program.new_bool_var("") for _ in range(len(ticket))]
    filled = [program.new_int_var(0, size, "") for size in step_size.tolist()]
    by_ticket: list[list[cp_model.IntVar]] = [[] for _ in range(n)]
    by_agent: list[list[cp_model.IntVar]] = [[] for _ in range(n_agents)]
    room: list[list[cp_model.IntVar]] = [[] for _ in range(n_agents)]
    for variable, i, j in zip(pairs, ticket.tolist(), agent.tolist(), strict=True):
        by_ticket[i].append(variable)
        by_agent[j].append(variable)
    for variable, j in zip(filled, owner.tolist(), strict=True):
        room[j].append(variable)
    for chosen in by_ticket:
        program.add_at_most_one(chosen)
    for chosen, units in zip(by_agent, room, strict=True):
        program.add(sum(chosen) == sum(units))
    weights = [*(model.pair_cost[ticket, agent] - model.exit_cost[ticket]).tolist(), *step_cost.tolist()]
    program.minimize(cp_model.LinearExpr.weighted_sum([*pairs, *filled], weights))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    if solver.solve(program) != cp_model.OPTIMAL:
        raise RuntimeError("CP-SAT failed")
    used = np.flatnonzero([solver.boolean_value(variable) for variable in pairs])
    assignment = np.full(n, -1, dtype=np.int64)
    assignment[ticket[used]] = agent[used]
    return assignment


@dataclass(frozen=True, slots=True)
class Peer:
    """`most` bounds the entries of the table that the peer builds: beyond it the memory would not do."""

    solve: Callable[[AssignmentModel], Int]
    is_exact: bool = True
    entries: Callable[[AssignmentModel], int] = lambda model: 0
    most: int = 0


def _pairs(model: AssignmentModel) -> int:
    return int(np.count_nonzero(model.allowed))


def _table(model: AssignmentModel) -> int:
    return model.n_tickets * (int(np.minimum(model.capacity, model.n_tickets).sum()) + model.n_tickets)


PEERS: Mapping[str, Peer] = {
    "ticketopt": Peer(network),
    "OR-Tools min-cost flow": Peer(min_cost_flow, entries=_pairs, most=30_000_000),
    "scipy LSA on slots": Peer(scipy_lsa, entries=_table, most=30_000_000),
    "lapx on slots": Peer(lapx, entries=_table, most=30_000_000),
    "POT emd": Peer(pot, entries=_table, most=30_000_000),
    "scipy HiGHS LP": Peer(highs_lp, entries=_pairs, most=3_000_000),
    "CP-SAT plain": Peer(cp_sat, entries=_pairs, most=500_000),
    "greedy": Peer(greedy, is_exact=False),
}

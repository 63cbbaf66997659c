"""OR-Tools min-cost flow: exact for unit effort with convex load cost.

The network: every ticket sends one unit, through an allowed agent (arc of the pair cost) and one of that agent's load
steps (arcs of the marginal costs, which fill in order because they rise), or straight to the sink at its exit price.

OR-Tools cannot be interrupted and keeps Python's lock while it works, so a large network is solved in a process of its
own that is killed when the time is up.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ticketopt._types import Int
from ticketopt.errors import SolverError
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.outcome import Outcome, Status
from ticketopt.solvers.base import Backend, Options, SparseModel, no_answer, not_unit
from ticketopt.solvers.process import call_in_process
from ticketopt.solvers.staircase import on_staircase

ARCS_IN_PROCESS = 400_000
"""Networks up to this size take a fraction of a second, less than another process needs to be worth it."""


def solve(model: AssignmentModel, options: Options) -> Outcome:
    """Solve by cost scaling, load costs by staircases."""
    return on_staircase(_solve, model, options)


def _solve(model: AssignmentModel, options: Options) -> Outcome:
    """Build the network from arrays and solve it by cost scaling (Goldberg 1997)."""
    began = time.perf_counter()
    sparse = SparseModel.of(model)
    n_pairs = len(sparse.ticket)
    if not n_pairs:
        left_out = np.full(model.n_tickets, -1, dtype=np.int64)
        return Outcome(left_out, Status.OPTIMAL, int(model.exit_cost.sum()))
    tickets, sink = np.arange(model.n_tickets), model.n_tickets + model.n_agents
    network = {
        "tail": np.concatenate([sparse.ticket, sparse.step_agent + model.n_tickets, tickets]).astype(np.int32),
        "head": np.concatenate(
            [sparse.agent + model.n_tickets, np.full(len(sparse.step_agent) + model.n_tickets, sink)]
        ).astype(np.int32),
        "capacity": np.concatenate([np.ones_like(sparse.ticket), sparse.step_length, np.ones_like(tickets)]),
        "cost": np.concatenate([sparse.cost, sparse.step_cost, model.exit_cost]),
        "supply": np.append(np.ones(model.n_tickets, np.int64), [*[0] * model.n_agents, -model.n_tickets]),
        "n_wanted": np.array(n_pairs),
    }
    if len(network["tail"]) <= ARCS_IN_PROCESS:
        found: dict[str, Int] | None = solve_network(network)
    else:
        left = max(0.01, options.time_limit - (time.perf_counter() - began))
        found = call_in_process(f"{__name__}:solve_network", network, replace(options, time_limit=left))
    if found is None:
        return no_answer(model)
    return Outcome(sparse.assignment(model, found["flow"] > 0), Status.OPTIMAL)


def solve_network(network: dict[str, NDArray[np.generic]]) -> dict[str, Int]:
    """The "flow" on the first `n_wanted` arcs."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    flow = SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        network["tail"], network["head"], network["capacity"], network["cost"]
    )
    flow.set_nodes_supplies(np.arange(len(network["supply"]), dtype=np.int32), network["supply"])
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise SolverError(f"min-cost flow ended with {status.name}")
    return {"flow": np.asarray(flow.flows(arcs[: int(network["n_wanted"])]), dtype=np.int64)}


BACKEND = Backend("OR-Tools min-cost flow; exact for unit effort without rows", not_unit, solve)

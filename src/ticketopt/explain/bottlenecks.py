"""Which groups of tickets ask for more than the agents who may take them can give: minimum cuts, in people's words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ticketopt.model import AssignmentModel, loads

__all__ = ["Group", "group_of", "groups", "shortage", "units_to_add"]

Int = NDArray[np.int64]
Bool = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Group:
    """Tickets that may go to these agents only, and together take more units than those have free.

    Attributes
    ----------
    tickets, agents : positions, rising.
    demand, free : units that the tickets take, and that the agents have; `demand > free` is the proof.
    """

    tickets: tuple[int, ...]
    agents: tuple[int, ...]
    demand: int
    free: int

    @property
    def short(self) -> int:
        """Units that no plan can serve."""
        return self.demand - self.free


def groups(model: AssignmentModel, assignment: Int, alike: Int | None = None) -> tuple[Group, ...]:
    """The smallest over-subscribed groups, fewest agents first (Hall 1935; Ford and Fulkerson 1956).

    1. Spread the units of all tickets over the agents as far as they go: a maximum flow. The plan itself is one where
       no chain of moves reaches a free unit.
    2. From a ticket that is not served in full, go to all agents that may take it, from those to the tickets they
       serve, and so on. All agents met are full (else the flow would not be maximal), and all tickets met may go to
       them only: the source side of a minimum cut.
    3. Count: the tickets that may go to these agents only take more than they have.

    Where a ticket's effort depends on the agent, the least of anybody who may take it counts, so that a group that is
    found short is short for sure. Packing rows are not looked at, except where they were folded into a capacity.

    Parameters
    ----------
    alike : (n,) labels; tickets that nobody may take form one group per label, by default one group in all.
    """
    served, missing = _served(model, assignment)
    step = _steps(model, served)
    found: dict[tuple[int, ...], Group] = {}
    lost = np.flatnonzero(~model.allowed.any(axis=1))
    labels = np.zeros(model.n_tickets, dtype=np.int64) if alike is None else alike
    nobody = [lost[labels[lost] == label] for label in np.unique(labels[lost])]
    for reached in np.unique(model.allowed[np.setdiff1d(missing, lost)], axis=0):
        agents = _closure(step, reached)
        key = tuple(np.flatnonzero(agents).tolist())
        if key not in found:
            found[key] = _group(model, agents)
    kept = [group for group in found.values() if group.short > 0]
    kept += [Group(tuple(own.tolist()), (), int(model.least_effort[own].sum()), 0) for own in nobody]
    return tuple(sorted(kept, key=lambda group: (len(group.agents), len(group.tickets), group.agents, group.tickets)))


def group_of(model: AssignmentModel, found: tuple[Group, ...], i: int) -> Group | None:
    """The smallest group that a ticket belongs to, None where it belongs to none."""
    return next((group for group in found if i in group.tickets), None)


def shortage(model: AssignmentModel) -> int:
    """Units that cannot be served even if tickets could be split and packing rows did not count."""
    return int(model.least_effort.sum()) - int(_maximum_flow(model).sum())


def _served(model: AssignmentModel, assignment: Int) -> tuple[Bool, Int]:
    """(n, A) who serves what in a maximum flow, and the tickets not served in full."""
    if (model.effort == 1).all():
        served = assignment[:, None] == np.arange(model.n_agents)
        missing = np.flatnonzero(assignment < 0)
        met = _closure(_steps(model, served), np.asarray(model.allowed[missing].any(axis=0)))
        if (loads(model, assignment) == model.capacity)[met].all():
            return served, missing
    flow = _maximum_flow(model)
    return flow > 0, np.flatnonzero(flow.sum(axis=1) < model.least_effort)


def _steps(model: AssignmentModel, served: Bool) -> Bool:
    """(A, A) whether the first agent serves a ticket that the second may take."""
    steps: Bool = served.T.astype(np.float32) @ model.allowed.astype(np.float32) > 0
    return steps


def _closure(step: Bool, start: Bool) -> Bool:
    """Everything reached from the flagged agents by `step` ((A, A))."""
    reached, fresh = start.copy(), start
    while fresh.any():
        fresh = step[fresh].any(axis=0) & ~reached
        reached |= fresh
    return reached


def _group(model: AssignmentModel, agents: Bool) -> Group:
    only_here = model.allowed.any(axis=1) & ~(model.allowed & ~agents).any(axis=1)
    tickets = tuple(np.flatnonzero(only_here).tolist())
    demand, free = int(model.least_effort[only_here].sum()), int(model.capacity[agents].sum())
    return Group(tickets, tuple(np.flatnonzero(agents).tolist()), demand, free)


def units_to_add(model: AssignmentModel) -> Int:
    """(A,) units to add to the agents so that all tickets fit in, as few as possible in all."""
    flow = _maximum_flow(model, extra=shortage(model))
    added: Int = np.maximum(0, flow.sum(axis=0) - model.capacity)
    return added


def _maximum_flow(model: AssignmentModel, extra: int = 0) -> Int:
    """(n, A) units of every ticket at every agent, as many as possible in all (Dinic 1970).

    `extra` units can be spread over the agents beyond their capacities.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_flow

    n, a, effort = model.n_tickets, model.n_agents, model.least_effort
    source, sink, pool = n + a, n + a + 1, n + a + 2
    ticket, agent = np.nonzero(model.allowed)
    if not len(ticket):
        return np.zeros((n, a), dtype=np.int64)
    agents = n + np.arange(a)
    tail = np.concatenate([np.full(n, source), ticket, agents, agents, [pool]])
    head = np.concatenate([np.arange(n), n + agent, np.full(a, sink), np.full(a, pool), [sink]])
    capacity = np.concatenate([effort, effort[ticket], model.capacity, np.full(a, extra), [extra]])
    network = csr_array((capacity.astype(np.int32), (tail, head)), shape=(n + a + 3, n + a + 3))
    flow = maximum_flow(network, source, sink).flow
    return np.asarray(flow[:n, n : n + a].toarray(), dtype=np.int64)

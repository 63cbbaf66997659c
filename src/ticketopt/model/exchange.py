"""The exchange graph of a unit-effort plan: who could hand which ticket to whom, and what that changes.

Nodes are the agents and, last, one exit node that stands for free slots and for "left out". An arc `a -> b` weighs the
cheapest change of moving one of `a`'s tickets to `b`; `a -> exit` fills a free slot of `a` or leaves one of its tickets
out; `exit -> b` gives back `b`'s dearest slot or takes in a ticket that was left out. It is the residual network of the
plan, contracted: a plan is optimal if and only if no cycle of this graph is negative, and a shortest path from `a` to
`b` is the cheapest way to shift one unit of work from `a` to `b` (Ahuja, Magnanti and Orlin 1993, chapter 9).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ticketopt._types import Bool, Int
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.objective import loads

__all__ = ["FAR", "Arc", "Exchange", "exchange_graph", "potentials"]


FAR = 2**60
"""No way: more than any path can weigh (objectives stay below 2^53), and small enough to add up."""


def exchange_graph(model: AssignmentModel, assignment: Int) -> Int:
    """(A + 1, A + 1) arc weights of a feasible unit-effort plan, the exit node last; `FAR` where nothing can move."""
    n_agents = model.n_agents
    graph = np.full((n_agents + 1, n_agents + 1), FAR, dtype=np.int64)
    order = np.argsort(assignment, kind="stable")
    bounds = np.searchsorted(assignment[order], np.arange(-1, n_agents + 1))
    for a in range(-1, n_agents):
        mine = order[bounds[a + 1] : bounds[a + 2]]
        if not len(mine):
            continue
        here = model.exit_cost[mine] if a < 0 else model.pair_cost[mine, a]
        there = model.pair_cost[mine]
        there[~model.allowed[mine]] = FAR
        graph[a, :-1] = (there - here[:, None]).min(axis=0)
        graph[a, -1] = (model.exit_cost[mine] - here).min()
    fill, give_back = _slot_arcs(model, assignment)
    graph[:-1, -1] = np.minimum(graph[:-1, -1], fill)
    graph[-1, :-1] = np.minimum(graph[-1, :-1], give_back)
    graph[graph > FAR // 2] = FAR
    return graph


def _slot_arcs(model: AssignmentModel, assignment: Int) -> tuple[Int, Int]:
    """(A,) cost of every agent's next free slot, and minus that of its last used one; `FAR` where there is none."""
    taken, agents = loads(model, assignment), np.arange(model.n_agents)
    fill, give_back = np.full((2, model.n_agents), FAR, dtype=np.int64)
    free, used = np.flatnonzero(taken < model.capacity), np.flatnonzero(taken > 0)
    fill[free] = model.load_cost.at(agents, taken)[free]
    give_back[used] = -model.load_cost.at(agents, np.maximum(0, taken - 1))[used]
    return fill, give_back


def potentials(graph: Int) -> Int | None:
    """(A + 1,) `d` with `d[a] <= graph[a, b] + d[b]` for all arcs, or None where a cycle is negative (Bellman 1958)."""
    distance = np.zeros(len(graph), dtype=np.int64)
    for _ in range(len(graph) + 1):
        shorter = np.minimum(distance, (graph + distance).min(axis=1))
        if (shorter == distance).all():
            return distance
        distance = shorter
    return None


@dataclass(frozen=True, slots=True)
class Arc:
    """One step of a path: work shifts from node `a` to node `b` (the exit node is the number of agents).

    `ticket` is the ticket that moves; -1 where a slot is filled (`b` is the exit) or given back (`a` is the exit).
    """

    a: int
    b: int
    ticket: int


@dataclass(frozen=True, slots=True, eq=False)
class Exchange:
    """Everything that an optimal unit-effort plan says about shifting work.

    Attributes
    ----------
    model, assignment : the model, and a plan of it ((n,) agent index, -1 where left out) without a negative cycle.
    reduced : (A + 1, A + 1) arc weights less the potentials, so 0 or more; `FAR` where nothing can move.
    potential : (A + 1,) see `potentials`.
    distance : (A + 1, A + 1) cheapest change of the objective by shifting one unit of work from `a` to `b`; `FAR`
        where there is no way.
    """

    model: AssignmentModel
    assignment: Int
    reduced: Int
    potential: Int
    distance: Int

    @classmethod
    def of(cls, model: AssignmentModel, assignment: Int) -> Exchange | None:
        """All shortest paths (Floyd 1962), or None where the plan is not optimal. The model must be of unit effort."""
        graph = exchange_graph(model, assignment)
        potential = potentials(graph)
        if potential is None:
            return None
        is_open = graph < FAR
        shift = potential[:, None] - potential[None, :]
        reduced = np.where(is_open, graph - shift, FAR)
        distance = reduced.copy()
        np.fill_diagonal(distance, 0)
        candidate = np.empty_like(distance)
        for k in range(len(distance)):
            np.add(distance[:, k, None], distance[k], out=candidate)
            np.minimum(distance, candidate, out=distance)
        distance = np.where(distance < FAR, distance + shift, FAR)
        return cls(model, assignment, reduced, potential, distance)

    @property
    def exit(self) -> int:
        """The exit node."""
        return self.model.n_agents

    def path(self, source: int, target: int) -> tuple[Arc, ...]:
        """The arcs of a cheapest way from `source` to `target`, among equals one that moves the fewest tickets.

        There must be a way (`distance[source, target] < FAR`).
        """
        following = _tree(self.reduced, self._moves_ticket(), target)
        arcs, a = [], source
        while a != target:
            b = int(following[a])
            arcs.append(Arc(a, b, self._mover(a, b)))
            a = b
        return tuple(arcs)

    def left_out(self) -> Int:
        """(A,) the ticket that is left out on a cheapest way from each agent to the exit; -1 where none is."""
        return self._at_exit(_tree(self.reduced, self._moves_ticket(), self.exit), is_reversed=False)

    def taken_in(self) -> Int:
        """(A,) the ticket that is taken in on a cheapest way from the exit to each agent; -1 where none is."""
        return self._at_exit(_tree(self.reduced.T, self._moves_ticket().T, self.exit), is_reversed=True)

    def _at_exit(self, following: Int, *, is_reversed: bool) -> Int:
        """The ticket on every agent's arc next to the exit, along a tree rooted there."""
        result = np.full(self.exit, -1, dtype=np.int64)
        last = np.arange(self.exit)
        for _ in range(self.exit):
            beyond = following[last]
            last = np.where((beyond < 0) | (beyond == self.exit), last, beyond)
        movers = {
            a: self._mover(self.exit, a) if is_reversed else self._mover(a, self.exit)
            for a in np.unique(last).tolist()
            if following[a] == self.exit
        }
        for j, a in enumerate(last.tolist()):
            result[j] = movers.get(a, -1)
        return result

    def _moves_ticket(self) -> Bool:
        """(A + 1, A + 1) whether an arc moves a ticket rather than a slot; of equals the slot is taken."""
        fill, give_back = _slot_arcs(self.model, self.assignment)
        result = np.ones(self.reduced.shape, dtype=np.bool_)
        result[:-1, -1] = self._weight(np.arange(self.exit), self.exit) < fill
        result[-1, :-1] = self._weight(self.exit, np.arange(self.exit)) < give_back
        return result

    def _weight(self, a: int | Int, b: int | Int) -> Int:
        weight: Int = self.reduced[a, b] + self.potential[a] - self.potential[b]
        return weight

    def _mover(self, a: int, b: int) -> int:
        """The first ticket whose move from `a` to `b` weighs what the arc weighs, -1 where a slot does."""
        if self.exit in (a, b) and not self._moves_ticket()[a, b]:
            return -1
        model = self.model
        mine = np.flatnonzero(self.assignment == (-1 if a == self.exit else a))
        here = model.exit_cost[mine] if a == self.exit else model.pair_cost[mine, a]
        there = (
            model.exit_cost[mine] if b == self.exit else np.where(model.allowed[mine, b], model.pair_cost[mine, b], FAR)
        )
        return int(mine[(there - here).argmin()])


def _tree(weight: Int, moves_ticket: Bool, root: int) -> Int:
    """(nodes,) the next node on a cheapest way to `root` that moves the fewest tickets; -1 where there is none.

    Dijkstra's search (1959) backwards from the root. `weight` is 0 or more, and `FAR` where there is no arc.
    """
    n_nodes = len(weight)
    cost = np.full(n_nodes, FAR, dtype=np.int64)
    moved = np.full(n_nodes, n_nodes, dtype=np.int64)
    following = np.full(n_nodes, -1, dtype=np.int64)
    is_open = np.ones(n_nodes, dtype=np.bool_)
    cost[root] = moved[root] = 0
    for _ in range(n_nodes):
        left = np.flatnonzero(is_open)
        nearest = left[cost[left] == cost[left].min()]
        b = int(nearest[moved[nearest].argmin()])
        is_open[b] = False
        by_way, moves = weight[:, b] + cost[b], moves_ticket[:, b] + moved[b]
        better = is_open & (weight[:, b] < FAR)
        better &= (by_way < cost) | ((by_way == cost) & (moves < moved))
        cost[better], moved[better], following[better] = by_way[better], moves[better], b
    return following

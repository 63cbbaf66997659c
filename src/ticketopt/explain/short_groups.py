"""Which groups of tickets ask for more than the agents who may take them can give: minimum cuts, in people's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ticketopt._types import Bool, Int
from ticketopt.model.assignment import AssignmentModel

__all__ = ["Group", "group_of", "groups", "shortage", "units_to_add"]


MOST_ARCS = 200_000
"""So many arcs of flows are looked at to separate groups; what is short beyond that is reported in larger groups."""

ARCS_OF_A_FLOW = 300
"""A flow takes as long to set up as so many arcs."""


@dataclass(frozen=True, slots=True)
class Group:
    """Tickets that may go to these agents only, and together take more units than those have free.

    Attributes
    ----------
    tickets, agents : positions, rising.
    demand, free : units that the tickets take, and that the agents have; `demand > free` is the proof.
    counted : units of `demand - free` that stand with other groups already, which share tickets with this one.
    """

    tickets: tuple[int, ...]
    agents: tuple[int, ...]
    demand: int
    free: int
    counted: int = 0

    @property
    def short(self) -> int:
        """Units that no plan can serve, each counted with one group only."""
        return self.demand - self.free - self.counted


def groups(model: AssignmentModel, alike: Int | None = None) -> tuple[Group, ...]:
    """The smallest over-subscribed groups, fewest agents first; together they are short by the whole shortage.

    A set of agents is short where the tickets that may go to its agents only take more than those have free (Hall 1935;
    Ford and Fulkerson 1956).

    1. Find a set that is short: from a ticket that a maximum flow does not serve in full, go to all agents that may
       take it, from those to the tickets they serve, and so on. Take away agents as long as it stays short.
    2. The group is short by what its units would lower the whole shortage. Give its tickets so many units, which nobody
       else can use, and go on until nothing is short: so no unit is counted twice.
    3. A set that is short only beside what is counted already may contain one that is short by itself and not reported
       yet; then that one is reported. Else it is reported at the end, in one group with all such sets that it shares
       agents with.

    So no part of a group that counts nothing with others is short, unless `MOST_ARCS` were not enough. Where a ticket's
    effort depends on the agent, the least of anybody who may take it counts, so that a group that is found short is
    short for sure. Packing rows are not looked at, except where they were folded into a capacity.

    Parameters
    ----------
    alike : (n,) labels; tickets that nobody may take form one group per label, by default one group in all.
    """
    crowd = _Crowd.of(model)
    lost = np.flatnonzero(~model.allowed.any(axis=1))
    labels = np.zeros(model.n_tickets, dtype=np.int64) if alike is None else alike
    nobody = [lost[labels[lost] == label] for label in np.unique(labels[lost])]
    found = [_group(model, crowd.members(agents), units) for agents, units in _short_sets(crowd)]
    found += [Group(tuple(mine.tolist()), (), int(model.least_effort[mine].sum()), 0) for mine in nobody]
    return tuple(sorted(found, key=lambda group: (len(group.agents), len(group.tickets), group.agents, group.tickets)))


def group_of(model: AssignmentModel, found: tuple[Group, ...], i: int) -> Group | None:
    """The smallest group that a ticket belongs to, None where it belongs to none."""
    return next((group for group in found if i in group.tickets), None)


def shortage(model: AssignmentModel) -> int:
    """Units that cannot be served even if tickets could be split and packing rows did not count."""
    return int(model.least_effort.sum()) - int(_maximum_flow(model).sum())


def units_to_add(model: AssignmentModel, agents: Sequence[int], units: int) -> Int | None:
    """(A,) units to add to these agents so that so many more units of tickets fit in, or None where that cannot be.

    They are spread: the most that one agent gets is as little as possible.
    """
    goal = int(_maximum_flow(model).sum()) + units

    def added(most: int) -> Int | None:
        extra = np.zeros(model.n_agents, dtype=np.int64)
        extra[list(agents)] = most
        flow = _maximum_flow(model, extra, units)
        more: Int = np.maximum(0, flow.sum(axis=0) - model.capacity)
        return more if flow.sum() == goal else None

    low, high = 0, units
    if not len(agents) or added(high) is None:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if added(middle) is not None else (middle, high)
    return added(high)


def _short_sets(crowd: _Crowd) -> list[tuple[Bool, int]]:
    """(classes of agents, units that the set is short by), see `groups`."""
    everybody = np.ones(crowd.may.shape[1], dtype=np.bool_)
    known: list[Bool] = []
    given: list[tuple[Bool, int]] = []
    narrow: list[tuple[Bool, int]] = []
    wide: list[tuple[Bool, int]] = []
    while (cut := crowd.cut(everybody, given))[0]:
        total, agents = cut
        agents = crowd.smallest(agents, given)
        plain = crowd.unknown(agents, known)
        if plain is not None:
            known.append(plain)
            agents = plain
        tickets = crowd.only(agents)
        units = crowd.cut(agents, () if plain is not None else given)[0]
        helped = total - crowd.cut(everybody, [*given, (tickets, units)])[0]
        if helped:
            (wide if plain is None else narrow).append((agents, helped))
            given.append((tickets, helped))
    return narrow + _joined(wide)


def _joined(sets: list[tuple[Bool, int]]) -> list[tuple[Bool, int]]:
    """Sets that share agents as one, short by all of them."""
    result: list[tuple[Bool, int]] = []
    for agents, short in sets:
        separate = []
        for other, units in result:
            if (agents & other).any():
                agents, short = np.logical_or(agents, other), short + units
            else:
                separate.append((other, units))
        result = [*separate, (agents, short)]
    return result


@dataclass(frozen=True, slots=True, eq=False)
class _Crowd:
    """Tickets that may go to the same agents as one, and agents who may take the same tickets as one.

    Attributes
    ----------
    may : (T, C) which class of tickets may go to which class of agents; nobody's tickets are in no class.
    demand, capacity : (T,) and (C,) units of each class.
    agent_class : (A,) class of every agent, -1 for who may take nothing.
    spent : how many arcs of flows have been looked at.
    """

    may: Bool
    demand: Int
    capacity: Int
    agent_class: Int
    spent: list[int] = field(default_factory=lambda: [0])

    @classmethod
    def of(cls, model: AssignmentModel) -> _Crowd:
        wanted, useful = model.allowed.any(axis=1), model.allowed.any(axis=0)
        may, ticket_class = np.unique(model.allowed[wanted][:, useful], axis=0, return_inverse=True)
        columns, inverse = np.unique(may, axis=1, return_inverse=True)
        agent_class = np.full(model.n_agents, -1, dtype=np.int64)
        agent_class[useful] = inverse.ravel()
        demand = np.zeros(len(columns), dtype=np.int64)
        np.add.at(demand, ticket_class.ravel(), model.least_effort[wanted])
        capacity = np.zeros(columns.shape[1], dtype=np.int64)
        np.add.at(capacity, inverse.ravel(), model.capacity[useful])
        return cls(columns, demand, capacity, agent_class)

    @property
    def is_spent(self) -> bool:
        """Whether enough has been computed."""
        return self.spent[0] > MOST_ARCS

    def members(self, classes: Bool) -> Bool:
        """(A,) the agents of these classes."""
        result: Bool = np.append(classes, False)[self.agent_class]
        return result

    def only(self, agents: Bool) -> Bool:
        """(T,) the tickets that may go to these agents only."""
        result: Bool = np.logical_not(np.any(self.may & ~agents, axis=1))
        return result

    def cut(self, agents: Bool, given: Sequence[tuple[Bool, int]] = ()) -> tuple[int, Bool]:
        """How many units the tickets for these agents only are short by, and a set of agents that is short.

        `given` are units besides, each lot for the flagged tickets.
        """
        mine = self.only(agents)
        if int(self.demand[mine].sum()) <= 0:
            return 0, np.zeros_like(agents)
        lots = [(tickets[mine], units) for tickets, units in given]
        may = np.column_stack([self.may[mine][:, agents], *(tickets for tickets, _ in lots)])
        room = np.concatenate([self.capacity[agents], np.array([units for _, units in lots], dtype=np.int64)])
        flow = _flow(may, self.demand[mine], room)
        self.spent[0] += int(may.sum()) + ARCS_OF_A_FLOW
        missing = np.flatnonzero(flow.sum(axis=1) < self.demand[mine])
        if not len(missing):
            return 0, np.zeros_like(agents)
        steps: Bool = (flow > 0).T.astype(np.float32) @ may.astype(np.float32) > 0
        least = min(missing.tolist(), key=lambda t: int(may[t].sum()))
        start: Bool = np.asarray(may[missing].any(axis=0)) if self.is_spent else may[least]
        reached = _closure(steps, start)
        short = np.zeros_like(agents)
        short[np.flatnonzero(agents)[reached[: int(agents.sum())]]] = True
        return int(self.demand[mine].sum() - flow.sum()), short

    def smallest(self, agents: Bool, given: Sequence[tuple[Bool, int]] = ()) -> Bool:
        """A set within these agents, who are short, of which no part is short."""
        for c in np.flatnonzero(agents).tolist():
            if agents[c] and not self.is_spent:
                fewer = agents.copy()
                fewer[c] = False
                short, inside = self.cut(fewer, given)
                agents = inside if short else agents
        return agents

    def unknown(self, agents: Bool, known: Sequence[Bool]) -> Bool | None:
        """A set within these agents that is short, of which no part is short, and that is not known; None without one.

        It lacks an agent of every known set: each choice of these is tried.
        """
        if self.is_spent or not self.cut(agents)[0]:
            return None
        inside = next((group for group in known if not (group & ~agents).any()), None)
        if inside is None:
            return self.smallest(agents)
        for c in np.flatnonzero(inside).tolist():
            fewer = agents.copy()
            fewer[c] = False
            found = self.unknown(fewer, known)
            if found is not None:
                return found
        return None


def _closure(step: Bool, start: Bool) -> Bool:
    """Everything reached from the flagged agents by `step` ((A, A))."""
    reached, fresh = start.copy(), start
    while fresh.any():
        fresh = step[fresh].any(axis=0) & ~reached
        reached |= fresh
    return reached


def _group(model: AssignmentModel, agents: Bool, short: int) -> Group:
    only_here = model.allowed.any(axis=1) & ~(model.allowed & ~agents).any(axis=1)
    tickets = tuple(np.flatnonzero(only_here).tolist())
    demand, free = int(model.least_effort[only_here].sum()), int(model.capacity[agents].sum())
    return Group(tickets, tuple(np.flatnonzero(agents).tolist()), demand, free, demand - free - short)


def _maximum_flow(model: AssignmentModel, extra: Int | None = None, pool: int = 0) -> Int:
    """(n, A) units of every ticket at every agent, as many as possible in all.

    `pool` units more can go beyond the agents' capacities, up to `extra` ((A,)) of each.
    """
    return _flow(model.allowed, model.least_effort, model.capacity, extra, pool)


def _flow(may: Bool, demand: Int, room: Int, extra: Int | None = None, pool: int = 0) -> Int:
    """(n, A) units of every ticket at every agent who may take it, as many as possible in all (Dinic 1970)."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_flow

    n, a = may.shape
    source, sink, spare = n + a, n + a + 1, n + a + 2
    ticket, agent = np.nonzero(may)
    if not len(ticket):
        return np.zeros((n, a), dtype=np.int64)
    agents = n + np.arange(a)
    tail = np.concatenate([np.full(n, source), ticket, agents, agents, [spare]])
    head = np.concatenate([np.arange(n), n + agent, np.full(a, sink), np.full(a, spare), [sink]])
    beyond = np.zeros(a, dtype=np.int64) if extra is None else extra
    capacity = np.concatenate([demand, demand[ticket], np.minimum(room, demand.sum()), beyond, [pool]])
    network = csr_array((capacity.astype(np.int32), (tail, head)), shape=(n + a + 3, n + a + 3))
    flow = maximum_flow(network, source, sink).flow
    return np.asarray(flow[:n, n : n + a].toarray(), dtype=np.int64)

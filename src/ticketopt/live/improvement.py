"""The best of a standing plan and another one: as a whole, or those of its moves that are worth it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ticketopt._types import Int
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.changes import changed
from ticketopt.model.objective import feasible, loads, objective, row_usage

__all__ = ["Improvement"]

MOST_SWEEPS = 10
"""So many times all moves are tried one by one, at most."""


@dataclass(frozen=True, slots=True, eq=False)
class Improvement:
    """Weighs plans against a standing one.

    Attributes
    ----------
    standing : (n,) the plan as it is, -1 for tickets that wait.
    stays : (n,) the same, -1 as well for tickets that may not stay, whose moves are no changes.
    price : integer cost of a change. max_changes : at most so many; None is no limit.
    """

    model: AssignmentModel
    standing: Int
    stays: Int
    price: int
    max_changes: int | None = None

    def cost(self, plan: Int) -> int | None:
        """What a plan costs with its changes; None where it is not feasible, or has too many changes."""
        n_changes = len(changed(self.stays, plan))
        if (self.max_changes is not None and n_changes > self.max_changes) or not feasible(self.model, plan):
            return None
        return objective(self.model, plan) + self.price * n_changes

    def best(self, wanted: Int | None) -> Int:
        """The best plan between the standing and the wanted one; the standing one, where nothing is better.

        1. A standing plan that is not feasible any more is repaired: what cannot stay goes where it costs least then.
        2. The wanted plan is taken as a whole, where it costs less with its changes.
        3. Else its moves are tried: those that hang together through their agents, then each alone.
        4. Moves that earn nothing are taken back.
        """
        base = self.standing if feasible(self.model, self.standing) else self._repaired()
        if self.cost(base) is None:  # the repair has more changes than are allowed
            base = self.standing
        if wanted is None:
            return base
        if self._is_better(wanted, base):
            return self._pruned(wanted)
        plan = base
        for part in self._parts(base, wanted):
            plan = self._moved(plan, wanted, part)
        for _ in range(MOST_SWEEPS):
            before = plan
            for i in np.flatnonzero(plan != wanted).tolist():
                plan = self._moved(plan, wanted, [i])
            if plan is before:
                break
        return self._pruned(plan)

    def _moved(self, plan: Int, wanted: Int, tickets: list[int]) -> Int:
        """A plan with some tickets where another one has them, if that is better."""
        other = plan.copy()
        other[tickets] = wanted[tickets]
        return other if self._is_better(other, plan) else plan

    def _is_better(self, plan: Int, than: Int) -> bool:
        cost, before = self.cost(plan), self.cost(than)
        return cost is not None and (before is None or cost < before)

    def _pruned(self, plan: Int) -> Int:
        for i in changed(self.stays, plan).tolist():
            other = plan.copy()
            other[i] = self.stays[i]
            cost, before = self.cost(other), self.cost(plan)
            if cost is not None and before is not None and cost <= before:
                plan = other
        return plan

    def _parts(self, plan: Int, wanted: Int) -> Iterator[list[int]]:
        """Tickets that move, grouped: two are together where they come from or go to the same agent."""
        root = list(range(self.model.n_agents))

        def find(j: int) -> int:
            while root[j] != j:
                root[j] = j = root[root[j]]
            return j

        moving = np.flatnonzero(plan != wanted).tolist()
        ends = {i: [j for j in (int(plan[i]), int(wanted[i])) if j >= 0] for i in moving}
        for agents in ends.values():
            for j in agents[1:]:
                root[find(j)] = find(agents[0])
        groups: dict[int, list[int]] = {}
        for i, agents in ends.items():
            groups.setdefault(find(agents[0]), []).append(i)
        yield from groups.values()

    def _repaired(self) -> Int:
        """The standing plan without what may not stay, the dearest to leave out first to be kept and placed again."""
        plan = np.full(self.model.n_tickets, -1, dtype=np.int64)
        order = np.argsort(-self.model.exit_cost, kind="stable").tolist()
        for i in order:
            if self.stays[i] >= 0:
                plan[i] = self.stays[i]
                if not feasible(self.model, plan):
                    plan[i] = -1
        for i in order:
            if plan[i] < 0 and self.standing[i] >= 0:
                plan[i] = self._cheapest(plan, i)
        return plan

    def _cheapest(self, plan: Int, i: int) -> int:
        """The agent who takes one more ticket for least, -1 for nobody."""
        model, taken = self.model, loads(self.model, plan)
        effort = np.broadcast_to(model.effort[i], (model.n_agents,))
        free = model.allowed[i] & (taken + effort <= model.capacity)
        used = row_usage(model.rows, plan)
        cost = model.pair_cost[i] + model.load_cost.total(np.where(free, taken + effort, 0))
        cost = cost - model.load_cost.total(np.where(free, taken, 0))
        for j in sorted(np.flatnonzero(free).tolist(), key=lambda j: (int(cost[j]), j)):
            entries = (model.rows.ticket == i) & (model.rows.agent == j)
            more = np.bincount(
                model.rows.row[entries], weights=model.rows.coefficient[entries], minlength=len(used)
            ).astype(np.int64)
            if (used + more <= model.rows.bound).all():
                return int(j)
        return -1

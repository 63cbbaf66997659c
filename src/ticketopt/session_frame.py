"""What the plan of a `Session` depends on beside its rows: slots, and what exit prices are measured by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ticketopt.exits import longest_path, row_kind
from ticketopt.formulate import MAX_STEPS, slot_costs
from ticketopt.pricing import Row, Team

Int = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What the plan depends on beside the single rows.

    Attributes
    ----------
    limit : (A,) free units where rules limit single agents, else None.
    reach, used, sizes : (A,) tickets that each agent may take, units that it can fill, and slots that it has.
    slots : every agent's marginal load costs, as the engine has them: some to spare.
    top : (A,) the dearest slot that can be used.
    kinds : how often each `row_kind` occurs.
    """

    n: int
    team: Team
    limit: Int | None
    reach: Int
    used: Int
    sizes: Int
    slots: tuple[Int, ...]
    top: Int
    kinds: Counter[bytes | None]

    @classmethod
    def of(cls, rows: Sequence[Row], team: Team, limit: Int | None) -> Frame:
        reach = np.zeros(len(team.agents), dtype=np.int64)
        for row in rows:
            reach += row.allowed
        used = _used(team, reach, limit)
        sizes = used if limit is not None else _sizes(team, used)
        slots = _slots(team, np.arange(len(team.agents)), sizes)
        top = np.array([_top(slots[j], units) for j, units in enumerate(used.tolist())], dtype=np.int64)
        kinds = Counter(row_kind(row.allowed) for row in rows)
        return cls(len(rows), team, limit, reach, used, sizes, tuple(slots), top, kinds)

    def after(self, team: Team, came: Row | None, gone: Row | None) -> tuple[Frame, Int]:
        """The frame after an event of a queue without limits by rules, and the agents whose slots differ."""
        reach, kinds = self.reach, self.kinds
        if came is not None or gone is not None:
            reach, kinds = reach.copy(), kinds.copy()
        if came is not None:
            reach += came.allowed
            kinds[row_kind(came.allowed)] += 1
        if gone is not None:
            reach -= gone.allowed
            kinds -= Counter([row_kind(gone.allowed)])
        used = _used(team, reach, None)
        sizes = _sizes(team, used)
        differs = sizes != self.sizes
        if team is not self.team:
            differs |= (team.load != self.team.load) | (team.reference != self.team.reference)
        agents, slots, top = np.flatnonzero(differs), self.slots, self.top
        if len(agents):
            changed = dict(zip(agents.tolist(), _slots(team, agents, sizes), strict=True))
            slots = tuple(changed.get(j, costs) for j, costs in enumerate(slots))
        risen = np.flatnonzero(differs | (used != self.used))
        if len(risen):
            top = top.copy()
            top[risen] = [_top(slots[j], units) for j, units in zip(risen.tolist(), used[risen].tolist(), strict=True)]
        n = self.n + (came is not None) - (gone is not None)
        return Frame(n, team, None, reach, used, sizes, slots, top, kinds), agents

    @property
    def path(self) -> int:
        return longest_path(self.kinds, self.n, len(self.team.agents))

    @property
    def highest_slot(self) -> int:
        return int(self.top.max(initial=0))


def _used(team: Team, reach: Int, limit: Int | None) -> Int:
    """(A,) units that each agent can fill."""
    return np.minimum(team.free, reach) if limit is None else limit


def _sizes(team: Team, used: Int) -> Int:
    """(A,) how many slots each agent gets: some to spare, unless their cost depends on how many there are."""
    return np.where(used > MAX_STEPS, used, np.minimum(team.free, MAX_STEPS))


def _slots(team: Team, agents: Int, sizes: Int) -> list[Int]:
    """Marginal load costs of these agents, for `sizes` ((A,)) units of each: all that the engine hears of load."""
    wanted = np.zeros_like(sizes)
    wanted[agents] = sizes[agents]
    ends = np.cumsum(wanted)
    costs = slot_costs(team.problem((), ()), wanted)
    return [costs[ends[j] - wanted[j] : ends[j]] for j in agents.tolist()]


def _top(slots: Int, used: int) -> int:
    return int(slots[used - 1]) if used else 0

"""What the plan of a `Session` depends on beside its rows: slots, and what exit prices are measured by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ticketopt._types import Int
from ticketopt.formulation.exit_prices import longest_path, row_kind
from ticketopt.formulation.formulate import load_costs_of
from ticketopt.formulation.incremental import Row, Team
from ticketopt.model.load_cost import LoadCost

ENDLESS = 2**31
"""Slots of an agent without a limit: more than tickets can come."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What the plan depends on beside the single rows.

    Attributes
    ----------
    limit : (A,) free units where rules limit single agents, else None.
    reach, used, sizes : (A,) tickets that each agent may take, units that it can fill, and slots that the engine gives
        it: some to spare.
    load : every agent's load cost.
    top : (A,) the dearest slot that can be used.
    kinds : how often each `row_kind` occurs.
    """

    n: int
    team: Team
    limit: Int | None
    reach: Int
    used: Int
    sizes: Int
    load: LoadCost
    top: Int
    kinds: Counter[bytes | None]

    @classmethod
    def of(cls, rows: Sequence[Row], team: Team, limit: Int | None) -> Frame:
        reach = np.zeros(len(team.agents), dtype=np.int64)
        for row in rows:
            reach += row.allowed
        used = _used(team, reach, limit)
        sizes = used if limit is not None else np.minimum(team.free, ENDLESS)
        load = load_costs_of(team.problem((), ()))
        kinds = Counter(row_kind(row.allowed) for row in rows)
        return cls(len(rows), team, limit, reach, used, sizes, load, _top(load, used), kinds)

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
        sizes, load = np.minimum(team.free, ENDLESS), self.load
        differs = sizes != self.sizes
        if team is not self.team:
            differs |= (team.load != self.team.load) | (team.reference != self.team.reference)
            load = load_costs_of(team.problem((), ()))
        is_same = load is self.load and (used == self.used).all()
        top = self.top if is_same else _top(load, used)
        n = self.n + (came is not None) - (gone is not None)
        return Frame(n, team, None, reach, used, sizes, load, top, kinds), np.flatnonzero(differs)

    @property
    def path(self) -> int:
        return longest_path(self.kinds, self.n, len(self.team.agents))

    @property
    def highest_slot(self) -> int:
        return int(self.top.max(initial=0))


def _used(team: Team, reach: Int, limit: Int | None) -> Int:
    """(A,) units that each agent can fill."""
    return np.minimum(team.free, reach) if limit is None else limit


def _top(load: LoadCost, used: Int) -> Int:
    """(A,) the cost of the last unit that each agent can fill, 0 where it can fill none."""
    last = load.at(np.arange(len(used)), np.maximum(0, used - 1))
    return np.where(used > 0, last, 0)

"""The plan of a `Session` in the compiled engine: rows and slots in, moves out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ticketopt._core import network
from ticketopt._types import Int
from ticketopt.errors import InvalidInputError
from ticketopt.formulation.exit_order import ExitOrder
from ticketopt.formulation.exit_prices import Ladder, ranks
from ticketopt.formulation.incremental import Row, Team
from ticketopt.planning.session_frame import Frame

HIGHEST = 2**57
"""No cost in the engine exceeds this, so that the sums along a path stay below 2^60."""

SPARE_KINDS = 8
"""So many new sets of eligible agents may come up before steps are computed anew."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How costs stand in the engine.

    Costs count `factor` times, and a move 1 more than its change cost: so of equal plans, the one with the fewest moves
    is the best. Exit prices are a ladder of their own, `first + step * label`, whose step also exceeds all change costs
    of a chain of moves. By `Ladder` the plans are the same as with the prices of `exit_prices`.

    Attributes
    ----------
    path, change, slot : the longest chain, change cost and slot cost that the step allows for, in integer costs.
    """

    factor: int
    path: int
    change: int
    slot: int
    first: int
    step: int

    @classmethod
    def of(cls, n: int, path: int, change: int, pair: int, slot: int) -> Scale:
        """For fewer moves than twice `n`."""
        factor = 1 << (2 * n + 2).bit_length()
        step = path * ((pair + change) * factor + 1) + 1
        return cls(factor, path, change, slot, step + slot * factor, step)

    @property
    def n_labels(self) -> int:
        return (HIGHEST - self.first) // self.step

    def holds(self, n: int, path: int, change: int, slot: int) -> bool:
        """Whether it is still wide enough."""
        return n < self.factor and path <= self.path and change <= self.change and slot <= self.slot

    def change_cost(self, row: Row) -> int:
        return row.change_cost * self.factor + 1

    def exit_cost(self, label: int) -> int:
        return self.first + label * self.step


class Plan:
    """An optimal plan of some rows.

    Parameters
    ----------
    pair : no pair costs more.
    """

    def __init__(self, pair: int) -> None:
        self._pair = pair
        self._numbers: dict[int, Row] = {}

    def restart(self, rows: Sequence[Row], team: Team, limit: Int | None) -> None:
        """The optimum of these rows, starting from their places; it writes their places and numbers.

        Parameters
        ----------
        limit : (A,) free units that rules leave to single agents; None where no rule limits any.
        """
        frame = Frame.of(rows, team, limit)
        ladder = Ladder.of(frame.path, self._pair, frame.highest_slot)
        lowest = ladder.lowest(len(rows))
        keys = [row.key for row in rows]
        is_merged = len(set(keys)) > ladder.room(len(rows))
        if is_merged:
            urgency, since = np.array([key[0] for key in keys]), np.array([-key[1] for key in keys])
            keys = [(float(level), 0.0) for level in ladder.levels(*ranks(urgency, since)).tolist()]
        scale = self._scale(rows, frame, len(set(keys)))
        order = ExitOrder(keys, scale.n_labels)
        exits = [scale.exit_cost(order.label(key)) for key in keys]
        engine = _engine(rows, frame, scale, exits)
        places = engine.assignment().tolist()
        for number, (row, key) in enumerate(zip(rows, keys, strict=True)):
            row.number, row.place = number, places[number]
            if row.place < 0:
                order.leave_out(key)
        self._frame, self._ladder, self._lowest, self._is_merged = frame, ladder, lowest, is_merged
        self._scaling, self._order, self._engine = scale, order, engine
        self._numbers = dict(enumerate(rows))

    def _scale(self, rows: Sequence[Row], frame: Frame, n_levels: int) -> Scale:
        """A scale with room for what may come; if that leaves too few labels, without."""
        n, slot = len(rows), frame.highest_slot
        change = max((row.change_cost for row in rows), default=0)
        path = min(len(frame.team.agents), len(frame.kinds) + SPARE_KINDS)
        scale = Scale.of(n, max(path, frame.path), change, self._pair, 2 * slot)
        if scale.n_labels < n_levels:
            scale = Scale.of(n, frame.path, change, self._pair, slot)
        if scale.n_labels < n_levels:
            raise InvalidInputError.single("change_cost", "is too large to add up exactly", "lower it")
        return scale

    def change(self, team: Team, came: Row | None, gone: Row | None, costs: Int | None) -> list[tuple[Row, int]] | None:
        """One row came, went or was replaced, or what one agent costs changed: who moved, and where they were.

        None where that takes a restart; nothing has happened then. A row that came was at -2.

        Parameters
        ----------
        costs : (n, A) new pair costs, in the order in which rows came; None where those of the rows there hold.
        """
        if self._is_merged or self.is_limited:
            return None
        frame, agents = self._frame.after(team, came, gone)
        if costs is not None:
            if came is not None or gone is not None:
                return None
            before = np.array([row.cost for row in self._numbers.values()], dtype=np.int64)
            agents = np.union1d(agents, np.flatnonzero((before != costs).any(axis=0)))
        if len(agents) + (came is not None or gone is not None) > 1:
            return None
        ladder = Ladder.of(frame.path, self._pair, frame.highest_slot)
        lowest = ladder.lowest(frame.n)
        change = 0 if came is None else came.change_cost
        is_wide = self._scaling.holds(frame.n, frame.path, change, frame.highest_slot)
        if not is_wide or self._order.n_ranks + 1 > ladder.room(frame.n):
            return None
        if came is not None and not self._order.add(came.key):
            return None
        if costs is not None:
            moves = self._reprice(int(agents[0]), costs, frame)
        else:
            moves = self._apply(frame, agents, came, gone)
        self._frame, self._ladder, self._lowest = frame, ladder, lowest
        return [(self._numbers[number], self._moved(number, before, after)) for number, before, after in moves]

    def _reprice(self, agent: int, costs: Int, frame: Frame) -> network.Moves:
        """Another column of costs, and perhaps other slots."""
        size = len(self._engine.assignment())
        column, allowed = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.bool_)
        for row, cost in zip(self._numbers.values(), costs[:, agent].tolist(), strict=True):
            row.cost[agent], column[row.number], allowed[row.number] = cost, cost, row.allowed[agent]
        column *= self._scaling.factor
        return self._engine.change_agent(agent, column, allowed, *self._units(agent, frame))

    def _units(self, agent: int, frame: Frame) -> tuple[int, Int]:
        """An agent's slots, and the segments of its load cost, as the engine has them."""
        segments = frame.load.select(np.array([agent])).times(self._scaling.factor).segments
        return int(frame.sizes[agent]), segments

    def _apply(self, frame: Frame, agents: Int, came: Row | None, gone: Row | None) -> network.Moves:
        """The event in the engine, and the books of who is there."""
        if gone is not None:
            if gone.place < 0:
                self._order.serve(gone.key)
            self._order.drop(gone.key)
            del self._numbers[gone.number]  # one that is replaced goes to the end, as in the session
        if came is not None:
            return self._take_in(came, is_new=gone is None)
        if gone is not None:
            return self._engine.remove_ticket(gone.number)
        moves: network.Moves = []
        for agent in agents.tolist():
            moves = self._engine.set_slots(agent, *self._units(agent, frame))
        return moves

    def _take_in(self, row: Row, *, is_new: bool) -> network.Moves:
        scale = self._scaling
        values = (
            row.cost * scale.factor,
            row.allowed,
            scale.exit_cost(self._order.label(row.key)),
            scale.change_cost(row),
        )
        if is_new:
            row.number, moves = self._engine.add_ticket(*values)
        else:
            if row.place < 0:
                self._order.leave_out(row.key)
            moves = self._engine.change_ticket(row.number, *values)
        self._numbers[row.number] = row
        return moves

    def _moved(self, number: int, before: int, after: int) -> int:
        row = self._numbers[number]
        row.place = after
        if before == -1:
            self._order.serve(row.key)
        if after == -1:
            self._order.leave_out(row.key)
        return before

    @property
    def is_limited(self) -> bool:
        """Whether rules limit single agents."""
        return self._frame.limit is not None

    @property
    def objective(self) -> int:
        """The plan's cost in the model of `formulate`."""
        served, order = self._engine.served_cost() // self._scaling.factor, self._order
        return served + self._lowest * order.n_left_out + self._ladder.step * order.rank_sum


def _engine(rows: Sequence[Row], frame: Frame, scale: Scale, exits: Sequence[int]) -> network.Engine:
    shape, load = (len(rows), len(frame.team.agents)), frame.load.times(scale.factor)
    return network.Engine(
        np.array([row.cost for row in rows], dtype=np.int64).reshape(shape) * scale.factor,
        np.array([row.allowed for row in rows], dtype=np.bool_).reshape(shape),
        frame.sizes,
        load.start,
        load.segments,
        np.array(exits, dtype=np.int64),
        np.array([scale.change_cost(row) for row in rows], dtype=np.int64),
        np.array([row.place for row in rows], dtype=np.int64),
    )

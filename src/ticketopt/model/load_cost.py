"""The load cost: for every agent a convex function, not a list, so that a million units take no more room than one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from ticketopt._types import Bool, Int
from ticketopt.errors import InvalidInputError

__all__ = ["LoadCost"]


MOST = 2.0**62
"""Products stay below this, so that 64 bits hold them."""

MAX_UNIT = 2**40
"""Units of capacity of one agent, at the most."""

BEGIN, FIRST, STEP, PARTS, SCALE, SHIFT = range(6)


@dataclass(frozen=True, eq=False)
class LoadCost:
    """Marginal costs of every agent's units of work, which never fall (so that the load cost is convex).

    An agent has one segment or more. Unit `k` belongs to the last segment that begins at or before it, and costs

        scale * floor((first + step * (k - begin)) / parts) + shift.

    An agent's last segment has no end. With `parts` 1 a segment is an arithmetic progression; where the step is
    a fraction, every unit is rounded once, however far away it is.

    Attributes
    ----------
    start : (A + 1,) where each agent's segments begin in `segments`; at least one per agent.
    segments : (R, 6) columns `begin` (first 0, then rising), `first`, `step >= 0`, `parts >= 1`, `scale >= 0`, `shift`.
    """

    start: Int
    segments: Int

    def __post_init__(self) -> None:
        for name in ("start", "segments"):
            frozen = np.ascontiguousarray(getattr(self, name), dtype=np.int64).view()
            frozen.flags.writeable = False
            object.__setattr__(self, name, frozen)
        if (self.segments[:, [STEP, PARTS, SCALE]] < (0, 1, 0)).any() or self.segments[self.start[:-1], BEGIN].any():
            raise InvalidInputError.single("load_cost", "has a segment that falls or begins late", "make it convex")
        follows = np.setdiff1d(np.arange(len(self.segments)), self.start)
        begin = self.segments[follows, BEGIN]
        if (begin <= self.segments[follows - 1, BEGIN]).any() or (
            _cost(self.segments[follows], begin) < _cost(self.segments[follows - 1], begin - 1)
        ).any():
            raise InvalidInputError.single("load_cost", "falls within an agent", "make the load cost convex")

    @classmethod
    def lines(cls, first: ArrayLike, step: ArrayLike, parts: ArrayLike = 1) -> LoadCost:
        """One segment per agent, (A,) each: unit `k` of `j` costs `floor((first[j] + step[j] * k) / parts[j])`."""
        columns = np.broadcast_arrays(np.asarray(first, dtype=np.int64), step, parts)
        zero, one = np.zeros_like(columns[0]), np.ones_like(columns[0])
        return cls(np.arange(len(zero) + 1), np.column_stack([zero, *columns, one, zero]))

    @classmethod
    def zero(cls, n_agents: int) -> LoadCost:
        """No load cost."""
        return cls.lines(np.zeros(n_agents, dtype=np.int64), 0)

    @classmethod
    def listed(cls, costs: Int, counts: Int) -> LoadCost:
        """From marginal costs unit after unit, agent after agent: `counts` ((A,)) of them for each.

        Beyond its list an agent's cost goes on as its last two units do.
        """
        costs, counts = np.asarray(costs, dtype=np.int64), np.asarray(counts, dtype=np.int64)
        if not costs.any():
            return cls.zero(len(counts))
        owner = np.repeat(np.arange(len(counts)), counts)
        is_first = np.ones(len(costs), dtype=np.bool_)
        is_first[1:] = owner[1:] != owner[:-1]
        rise = np.diff(costs, prepend=costs[:1])
        begins = is_first.copy()
        begins[1:] |= (rise[1:] != rise[:-1]) & ~is_first[:-1]  # the unit after a first one says the step
        at = np.flatnonzero(begins)
        step = np.zeros(len(at), dtype=np.int64)
        follows = (at + 1 < len(costs)) & ~begins[np.minimum(at + 1, max(0, len(costs) - 1))]
        step[follows] = rise[at[follows] + 1]
        before = np.cumsum(counts) - counts
        one = np.ones_like(at)
        segments = np.column_stack([at - before[owner[at]], costs[at], step, one, one, 0 * at])
        free = np.flatnonzero(counts == 0)  # an agent without units still has a segment
        blank = np.tile(np.array([0, 0, 0, 1, 1, 0], dtype=np.int64), (len(free), 1))
        agents = np.concatenate([owner[at], free])
        order = np.argsort(agents, kind="stable")
        start = np.searchsorted(agents[order], np.arange(len(counts) + 1))
        return cls(start, np.concatenate([segments, blank])[order])

    @property
    def n_agents(self) -> int:
        return len(self.start) - 1

    @cached_property
    def _owner(self) -> Int:
        """(R,) the agent of every segment."""
        return np.repeat(np.arange(self.n_agents), np.diff(self.start))

    @cached_property
    def _key(self) -> Int:
        """(R,) agent and first unit of every segment as one rising number."""
        return self._owner * MAX_UNIT + self.segments[:, BEGIN]

    @cached_property
    def _before(self) -> Int:
        """(R,) cost of the agent's units before every segment."""
        length = np.diff(self.segments[:, BEGIN], append=0)
        length[self.start[1:] - 1] = 0
        whole: Int = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(self._sum(np.arange(len(length)), length))])
        before: Int = whole[:-1] - np.repeat(whole[self.start[:-1]], np.diff(self.start))
        return before

    def _segment(self, agent: Int, unit: Int) -> Int:
        if len(self.segments) == self.n_agents:
            return agent
        segment: Int = np.searchsorted(self._key, agent * MAX_UNIT + unit, side="right") - 1
        return segment

    def _sum(self, segment: Int, count: Int) -> Int:
        """Cost of the first units of a segment."""
        _, first, step, parts, scale, shift = self.segments[segment].T
        total: Int = scale * _floor_sum(count, parts, step, first) + shift * count
        return total

    def at(self, agent: Int, unit: Int) -> Int:
        """(m,) marginal cost of unit `unit[e] >= 0` of agent `agent[e]`."""
        return _cost(self.segments[self._segment(agent, unit)], unit)

    def of(self, agent: int, units: int) -> Int:
        """(units,) marginal costs of an agent's first units."""
        return self.at(np.full(units, agent), np.arange(units))

    def total(self, units: Int) -> Int:
        """(A,) cost of the first `units[j] >= 0` units of every agent."""
        agents = np.arange(self.n_agents)
        segment = self._segment(agents, units)
        total: Int = self._before[segment] + self._sum(segment, units - self.segments[segment, BEGIN])
        return total

    def of_last(self, effort: Int, load: Int) -> Int:
        """(n, A) cost of the last `effort` ((n, 1) or (n, A)) of every agent's first `load[j]` units, or of all."""
        whole = self.total(load)
        return self._by_size(effort, lambda size: whole - self.total(np.maximum(0, load - size)))

    def of_first(self, effort: Int, most: Int) -> Int:
        """(n, A) cost of every agent's first `effort` ((n, 1) or (n, A)) units, or of `most[j]` where that is less."""
        return self._by_size(effort, lambda size: self.total(np.minimum(size, most)))

    def _by_size(self, effort: Int, cost: Callable[[int], Int]) -> Int:
        sizes, which = np.unique(effort, return_inverse=True)
        table = np.array([cost(size) for size in sizes.tolist()], dtype=np.int64).reshape(len(sizes), self.n_agents)
        result: Int = table[which.reshape(effort.shape), np.arange(self.n_agents)]
        return result

    def count_below(self, price: Int, most: Int) -> Int:
        """(A,) how many of every agent's first `most[j]` units cost less than `price[j]`."""
        if len(self.segments) == self.n_agents:
            _, first, step, parts, scale, shift = self.segments.T
            limit = -((shift - price) // np.maximum(1, scale))  # the least whole part that is too much
            if not len(limit) or float(np.abs(limit).max()) * float(parts.max()) < MOST - float(np.abs(first).max()):
                return _count_of_lines(limit * parts - first, step, scale, shift < price, most)
        agents, low, high = np.arange(self.n_agents), np.zeros_like(most), most.copy()
        while (is_open := low < high).any():
            middle = (low + high) >> 1
            is_less = self.at(agents, middle) < price
            low = np.where(is_open & is_less, middle + 1, low)
            high = np.where(is_open & ~is_less, middle, high)
        return low

    def rent(self, price: Int, most: Int, scale: int = 1) -> Int:
        """(A,) what every agent's first `most[j]` units earn at its price: `sum max(0, price[j] - scale * cost)`."""
        sold = self.count_below(-(-price // scale), most)
        earned: Int = price * sold - scale * self.total(sold)
        return earned

    def steps(self, most: Int) -> tuple[Int, Int, Int]:
        """(q,) agent, cost and length of the steps of every agent's first `most[j]` units: neighbors of equal cost."""
        owner, begin, is_flat = self._owner, self.segments[:, BEGIN], self.segments[:, STEP] == 0
        length = self._lengths(most)
        count = np.where(is_flat, length > 0, length)  # a flat segment is listed once
        segment = np.repeat(np.arange(len(owner)), count)
        unit = begin[segment] + np.arange(len(segment)) - np.repeat(np.cumsum(count) - count, count)
        agent, cost, size = owner[segment], _cost(self.segments[segment], unit), np.where(is_flat, length, 1)[segment]
        begins = np.ones(len(segment), dtype=np.bool_)
        begins[1:] = (np.diff(agent) != 0) | (np.diff(cost) != 0)
        first = np.flatnonzero(begins)
        return agent[first], cost[first], np.add.reduceat(size, first) if len(first) else size

    def magnitude(self, most: Int) -> float:
        """At least the size of any sum of costs of agents' first `most[j]` units; in every segment, size is convex."""
        begin, length = self.segments[:, BEGIN], self._lengths(most)
        ends = [_cost(self.segments, unit).astype(np.float64) for unit in (begin, begin + np.maximum(0, length - 1))]
        rounding = np.where(self.segments[:, PARTS] > 1, self.segments[:, SCALE], 0)
        return float(((np.abs(ends[0]) + np.abs(ends[1])) / 2 + rounding) @ length)

    def _lengths(self, most: Int) -> Int:
        """(R,) how many of every agent's first `most[j]` units each segment has."""
        end = np.append(self.segments[1:, BEGIN], 0)
        end[self.start[1:] - 1] = np.iinfo(np.int64).max
        length: Int = np.maximum(0, np.minimum(end, most[self._owner]) - self.segments[:, BEGIN])
        return length

    def largest(self, most: Int) -> int:
        """The largest size of a cost among agents' first `most[j]` units."""
        agents, has_units = np.flatnonzero(most > 0), most[most > 0]
        ends = [np.abs(self.at(agents, unit)) for unit in (0 * has_units, has_units - 1)]
        return int(np.maximum(*ends).max(initial=0))

    def select(self, agents: Int) -> LoadCost:
        """The functions of some agents, in that order."""
        count = np.diff(self.start)[agents]
        start = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(count)])
        within = np.arange(start[-1]) - np.repeat(start[:-1], count)
        return LoadCost(start, self.segments[np.repeat(self.start[agents], count) + within])

    @classmethod
    def join(cls, parts: Sequence[LoadCost]) -> LoadCost:
        """The agents of all parts, one part after the other."""
        counts = np.concatenate([np.zeros(1, dtype=np.int64), *(np.diff(part.start) for part in parts)])
        return cls(np.cumsum(counts), np.concatenate([part.segments for part in parts]))

    def times(self, factor: int) -> LoadCost:
        """Every cost times a factor of 0 or more."""
        segments = self.segments.copy()
        segments[:, [SCALE, SHIFT]] *= factor
        return LoadCost(self.start, segments)

    def after(self, taken: Int) -> LoadCost:
        """What is left when every agent's first `taken[j]` units are used up."""
        owner, segments = self._from(taken)
        segments[:, BEGIN] -= taken[owner]
        return LoadCost(np.searchsorted(owner, np.arange(self.n_agents + 1)), segments)

    def lowered(self, count: Int, amount: int) -> LoadCost:
        """Every agent's first `count[j]` units cost `amount >= 0` less."""
        owner, (late, rest) = self._owner, self._from(count)
        is_early = self.segments[:, BEGIN] < count[owner]
        early = self.segments[is_early]
        early[:, SHIFT] -= amount
        agents, segments = np.concatenate([owner[is_early], late]), np.concatenate([early, rest])
        order = np.argsort(agents, kind="stable")
        return LoadCost(np.searchsorted(agents[order], np.arange(self.n_agents + 1)), segments[order])

    def _from(self, unit: Int) -> tuple[Int, Int]:
        """The agents and segments of what comes from every agent's unit `unit[j]` on; units count as before."""
        owner = self._owner
        kept = np.arange(len(owner)) >= self._segment(np.arange(self.n_agents), unit)[owner]
        owner, segments = owner[kept], self.segments[kept]
        gone = np.maximum(0, unit[owner] - segments[:, BEGIN])  # units of the segment that are cut off
        segments[:, FIRST] += segments[:, STEP] * gone
        segments[:, BEGIN] += gone
        return owner, segments


def _cost(segments: Int, unit: Int) -> Int:
    """(m,) cost of unit `unit[e]` by segment `segments[e]`."""
    begin, first, step, parts, scale, shift = segments.T
    cost: Int = scale * ((first + step * (unit - begin)) // parts) + shift
    return cost


def _count_of_lines(room: Int, step: Int, scale: Int, is_less: Bool, most: Int) -> Int:
    """(A,) how many units `u` have `step * u < room`; where `scale` is 0, all or none."""
    fits = np.where(step > 0, -(-room // np.maximum(1, step)), np.where(room > 0, most, 0))
    count: Int = np.clip(np.where(scale > 0, fits, np.where(is_less, most, 0)), 0, most)
    return count


def _floor_sum(count: Int, parts: Int, step: Int, first: Int) -> Int:
    """`sum_{u < count} floor((first + step * u) / parts)`, element by element, exactly.

    Euclid's algorithm on the lattice points under a line (Graham, Knuth and Patashnik 1994, section 3.5). `step` is 0
    or more; sums are modulo 2^64, so that only the result has to fit.
    """
    n, m, a, b = (np.array(x, dtype=np.int64) for x in np.broadcast_arrays(count, parts, step, first))
    total = np.zeros_like(n)
    with np.errstate(over="ignore"):
        while True:
            pairs = np.where(n % 2 == 0, (n // 2) * (n - 1), n * ((n - 1) // 2))
            total += pairs * (a // m) + n * (b // m)
            a, b = a % m, b % m
            top = a * n + b
            is_open = top >= m
            if not is_open.any():
                return total
            n, b = np.where(is_open, top // m, 0), np.where(is_open, top % m, 0)
            m, a = np.where(is_open, a, 1), np.where(is_open, m, 0)

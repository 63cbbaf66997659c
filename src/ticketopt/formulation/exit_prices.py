"""Exit prices: what leaving a ticket out costs, and so who waits where not all fit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ticketopt._types import Bool, Float, Int
from ticketopt.errors import InvalidInputError, Issue
from ticketopt.model.assignment import MAX_SUM
from ticketopt.problem.problem import Problem

__all__ = ["Ladder", "exit_prices", "longest_path", "merged_levels", "ranks", "row_kind"]


BUDGET = MAX_SUM // 4
"""No sum of exit prices exceeds this, which leaves as much again for costs, penalties and sums of two plans."""

FULL_COUNT = 101
"""With limits across tickets, the number served comes first if so many levels of urgency fit (or all there are)."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """Exit prices of unit effort without rows: `first + step * level`, for levels from 0.

    The tickets that can be served together are the independent sets of a matroid (Edmonds and Fulkerson 1965). So the
    plan of least cost serves as many as possible and, level by level from the top, as many of the high levels as
    possible, whatever the levels' distances are, if only

    * `step` is more than an exchange can cost: one ticket comes in, one is left out, and between them a chain of others
      moves on by one agent each. What an agent gets less what it gives costs `highest_pair` at most, and the shortest
      chain visits at most `longest_path` agents; no load changes;
    * `first` is more than taking one more ticket in can cost: the same chain, which ends in a free slot.

    Any numbers that rise with the levels, by a step at least, give the same plans: only the order of prices matters.
    """

    first: int
    step: int
    least: int
    """More than any one ticket can cost: no price may be below it."""

    @classmethod
    def of(cls, path: int, highest_pair: int, highest_slot: int) -> Ladder:
        """For chains of at most `path` agents, pair costs of 0 to `highest_pair`, slots of at most `highest_slot`."""
        step = path * highest_pair + 1
        return cls(step + max(0, highest_slot), step, highest_pair + max(0, highest_slot) + 1)

    def room(self, n: int) -> int:
        """So many levels fit for sure: `n` of the highest price add up to the budget at most. At least 1."""
        return max(1, 1 + (BUDGET // n - self.first) // self.step) if n else 1

    def lowest(self, n: int) -> int:
        """The price of level 0: `first`, or what `n` of it may be at most."""
        price = min(self.first, BUDGET // n) if n else self.first
        _refuse_below(price, self.least)
        return price

    def levels(self, urgency: Int, waiting: Int) -> Int:
        """(n,) level of every ticket by its ranks of urgency and of waiting: all different pairs, if they fit."""
        n = len(urgency)
        level = _levels(urgency, waiting, n)
        if n * self.first + int(level.sum()) * self.step > BUDGET:
            level = _levels(urgency, waiting, self.room(n))
        return level


def ranks(urgency: Float, since: Float) -> tuple[Int, Int]:
    """(n,) ranks of urgency, and (n,) ranks of waiting since then, the newest 0; equal values have equal ranks."""
    return (
        np.unique(urgency, return_inverse=True)[1].astype(np.int64),
        np.unique(-since, return_inverse=True)[1].astype(np.int64),
    )


def row_kind(allowed: Bool) -> bytes | None:
    """What `longest_path` counts of a ticket whose eligible agents are `allowed` ((A,))."""
    count = int(allowed.sum())
    return None if not count else b"" if count == 1 else allowed.tobytes()


def longest_path(kinds: Iterable[bytes | None], n: int, n_agents: int) -> int:
    """The most agents that a shortest chain of moves visits, by the `row_kind` of every ticket.

    Each agent of the chain gets one ticket. Of two of them with the same eligible agents, the first could take the
    place of the second, and the chain would be shorter. A ticket with one eligible agent cannot move: it can only be
    the one that comes in.
    """
    return max(1, min(n, n_agents, len(set(kinds) - {None})))


def exit_prices(
    problem: Problem, allowed: Bool, capacity: Int, *, highest_pair: int, highest_slot: int, n_rows: int
) -> Int:
    """(n,) price of leaving each ticket out.

    Urgencies are compared as they are, then the time of creation: older first. What that decides:

    1. Unit effort, no rows: the number served is maximal, and where not all fit, the less urgent wait, among equals the
       newer; cost decides between equals only (see `Ladder`).
    2. Unit effort with rows: the number served is maximal; among the plans that serve so many, the sum of the levels
       (0, 1, 2 ... in that order) of those served is; then cost decides. Where number and order are at odds, as a row
       for one pair of tickets can make them, the number wins. In models too large for that, as 3.
    3. Unequal effort: a ticket counts 2 for the lowest urgency, 2 more for each higher one, and up to 1 for its place
       in the order of waiting; the sum over those served is maximal, then cost decides. So several small tickets can
       outweigh a large one.

    Where more levels are there than can be added up exactly, neighboring ones are merged, evenly, and count as equal;
    `merged_levels` says so. Where not even a step fits, all prices are the same and only more than any one ticket can
    cost; where even that is impossible, the error says so.

    Parameters
    ----------
    capacity : (A,) free units of every agent.
    highest_pair, highest_slot : no pair and no unit of load costs more; pairs cost 0 at least.
    n_rows : how many packing rows the model has.
    """
    n = problem.n_tickets
    if n == 0:
        return np.zeros(0, dtype=np.int64)
    urgency, waiting = ranks(problem.urgency, problem.waiting_since)
    units = problem.pair_effort.max(axis=1, initial=1)
    if n_rows == 0 and units.max() == 1 and (problem.pair_effort == 1).all():
        kinds = [b"all"] if allowed.all() else map(row_kind, allowed)
        ladder = Ladder.of(longest_path(kinds, n, problem.n_agents), highest_pair, highest_slot)
        prices: Int = ladder.lowest(n) + ladder.levels(urgency, waiting) * ladder.step
        return prices
    dominant = n * highest_pair + min(int(units.sum()), int(capacity.sum())) * highest_slot + 1
    if units.max() == 1:
        levels = min(int(urgency.max()) + 1, FULL_COUNT)
        room = 1 + (BUDGET // n - dominant) // ((n + 1) * dominant)
        if room >= levels:
            level = _levels(urgency, waiting, room)
            counted: Int = (int(level.sum()) + 1 + level) * dominant
            return counted
    dearest = min(int(units.max()), int(capacity.max(initial=0)))  # units that one ticket can take of one agent
    return _counted(urgency, waiting, dominant, highest_pair + dearest * highest_slot + 1)


def merged_levels(problem: Problem, exit_cost: Int) -> Issue | None:
    """A warning for the user where the prices hold fewer levels than there are urgencies and times of creation."""
    order = np.lexsort((problem.waiting_since, problem.urgency))
    differs = (np.diff(values[order]) != 0 for values in (problem.urgency, problem.waiting_since))
    wanted = min(1, len(order)) + int(np.count_nonzero(np.logical_or(*differs)))
    found = len(np.unique(exit_cost))
    if found >= wanted:
        return None
    words = f"have {wanted:,} different pairs of urgency and creation time; {found:,} can be told apart in one model"
    return Issue("tickets", words, "neighbors in that order count as equal where not all fit")


def _counted(urgency: Int, waiting: Int, dominant: int, least: int) -> Int:
    """2 for the lowest urgency, 2 more for each higher one, up to 1 for waiting; the least part is worth `dominant`."""
    n = len(urgency)
    room = BUDGET // (n * dominant)
    urgency = _merged(urgency, max(1, (room - 1) // 2))
    waiting = _merged(waiting, max(1, room // (2 * int(urgency.max()) + 3)))
    step = min(dominant * (int(waiting.max()) + 1), BUDGET // (n * (2 * int(urgency.max()) + 3)))
    _refuse_below(2 * step, least)
    prices: Int = 2 * (1 + urgency) * step + waiting * (step // (int(waiting.max()) + 1))
    return prices


def _refuse_below(price: int, least: int) -> None:
    if price < least:
        raise InvalidInputError.single("policy", "makes costs too large to add up exactly", "lower weights or balance")


def _levels(urgency: Int, waiting: Int, room: int) -> Int:
    """(n,) ranks of (urgency, waiting), at most `room` of them, and if possible one for every urgency.

    Merging, each urgency keeps one level, and shares the other levels in proportion to its number of waiting times.
    """
    pair: Int = np.unique(urgency * (int(waiting.max()) + 1) + waiting, return_inverse=True)[1].astype(np.int64)
    total, urgencies = int(pair.max()) + 1, int(urgency.max()) + 1
    if total <= room:
        return pair
    if urgencies > room:
        return _merged(urgency, room)
    first = np.full(urgencies, total, dtype=np.int64)
    np.minimum.at(first, urgency, pair)
    size = np.diff(first, append=total)
    kept = 1 + np.diff(np.cumsum(size - 1) * (room - urgencies) // (total - urgencies), prepend=0)
    level: Int = (np.cumsum(kept) - kept)[urgency] + (pair - first[urgency]) * kept[urgency] // size[urgency]
    return level


def _merged(rank: Int, room: int) -> Int:
    """Ranks, neighbors merged evenly where there are more than `room`."""
    count = int(rank.max()) + 1
    return rank if count <= room else rank * room // count

"""What a `Session` answers: the moves of an event, and the worth of its plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from ticketopt.problem.records import Id

__all__ = ["Change", "Move", "State"]


class Move(NamedTuple):
    """One ticket that changed its agent; None is "left out", and before its arrival "not there"."""

    ticket_id: Id
    before: Id | None
    after: Id | None


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """What an event did.

    Attributes
    ----------
    moved : the tickets whose agent changed, the one that came included.
    objective : weighted cost of the plan now, exit prices included, change costs not.
    """

    moved: tuple[Move, ...]
    objective: float


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """The plan's worth.

    Attributes
    ----------
    objective : as in `Change`.
    prices : agent id -> what one more free unit of this agent would save, in weighted cost, everything else equal: 0
        for an agent who is not full. `Result.slot_values` calls it `one_more`. Change costs do not count in it: where
        they hold a plan back, it is what a unit would save the plan without them.
    """

    objective: float
    prices: dict[Id, float]

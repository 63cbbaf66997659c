"""What a `Session` answers: the moves of an event, and the worth of its plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ticketopt.explain.slot_values import slot_cost_changes
from ticketopt.formulation.formulate import SCALE
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.exchange import Exchange
from ticketopt.problem.records import Agent, Id
from ticketopt.solvers.auto import solve_model

__all__ = ["Change", "Move", "State", "state_of"]


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


def state_of(model: AssignmentModel, places: Sequence[int], objective: float, agents: Sequence[Agent]) -> State:
    """The state of an optimal plan: an agent index for each ticket."""
    plan = np.array(places, dtype=np.int64)
    exchange = Exchange.of(model, plan) or Exchange.of(model, solve_model(model).assignment)
    assert exchange is not None, "an optimal plan has no negative cycle"
    saved = -slot_cost_changes(exchange)[0] / SCALE
    ids = [agent.agent_id for agent in agents]
    return State(objective, dict(zip(ids, (saved + 0.0).tolist(), strict=True)))

"""The tiers, and their models: faces with unit effort, rows elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from ticketopt._types import Bool, Int
from ticketopt.model.assignment import MAX_SUM, AssignmentModel
from ticketopt.model.bounds import certify
from ticketopt.model.load_cost import LoadCost
from ticketopt.model.objective import objective
from ticketopt.model.outcome import Status
from ticketopt.model.rows import PackingRows

__all__ = ["TIERS", "Answer", "Stage", "tier_value"]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a tier counts: costs of pairs, load and exits."""

    pair: Int
    load: LoadCost
    exit: Int
    counts_load: bool = False


def _parts(
    model: AssignmentModel, *, pair: Int | None = None, load: LoadCost | None = None, left_out: Int | None = None
) -> Parts:
    zero = np.zeros(model.n_tickets, dtype=np.int64)
    return Parts(
        np.zeros_like(model.pair_cost) if pair is None else pair,
        LoadCost.zero(model.n_agents) if load is None else load,
        zero if left_out is None else left_out,
        counts_load=load is not None,
    )


TIERS: Mapping[str, Callable[[AssignmentModel, Bool], Parts]] = {
    "unassigned": lambda model, urgent: _parts(model, left_out=np.ones(model.n_tickets, dtype=np.int64)),
    "urgent_unassigned": lambda model, urgent: _parts(model, left_out=urgent.astype(np.int64)),
    "cost": lambda model, urgent: _parts(model, pair=model.pair_cost),
    "balance": lambda model, urgent: _parts(model, load=model.load_cost),
}
"""Tier -> what it counts, of a model and a mask of its urgent tickets. Less is better."""


def tier_value(model: AssignmentModel, urgent: Bool, name: str, assignment: Int) -> int:
    """What a plan reaches in a tier, in the model's integers."""
    return objective(as_counted(model, TIERS[name](model, urgent)), assignment)


def as_counted(model: AssignmentModel, parts: Parts) -> AssignmentModel:
    return replace(model, pair_cost=parts.pair, load_cost=parts.load, exit_cost=parts.exit)


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """A tier to be solved.

    Attributes
    ----------
    name : of the tier; `left` more are to come after it.
    model : its objective and `offset` make what a plan reaches in the tier.
    hint : (n,) the best plan so far, as a plan of `model`. What is not better need not be found.
    value : what that plan reaches in the tier.
    """

    name: str
    left: int
    model: AssignmentModel
    hint: Int
    value: int
    offset: int


Answer = tuple[Int, Status, int | None]
"""A checked plan of a stage's model, what is proven of it, and a lower bound."""


def _enough(model: AssignmentModel, most: int) -> int:
    """`most`, or less where sums of so many would not be exact: one for each ticket, and one for each filled slot.

    It is a price of what must not be. If it is too low, a plan may pay it; that one is no better, and the best stays.
    """
    others = float(np.abs(model.pair_cost, dtype=np.float64).max(initial=0.0)) * model.n_tickets
    others += model.load_cost.magnitude(model.capacity)
    return min(most, int(max(0.0, MAX_SUM - 1 - others) / (2 * model.n_tickets + 1)))


def _least(model: AssignmentModel, parts: Parts) -> int:
    """What loads cost at least: the sum of the units of negative cost."""
    zeros = np.zeros(model.n_agents, dtype=np.int64)
    return -int(parts.load.rent(zeros, model.capacity).sum())


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """The plans that are optimal so far.

    Allowed pairs, tickets that must be served or not, and how many of every agent's units must be used at least.
    """

    model: AssignmentModel
    allowed: Bool
    served: Bool
    filled: Int

    @classmethod
    def of(cls, model: AssignmentModel) -> Face:
        return cls(
            model,
            model.allowed,
            np.zeros(model.n_tickets, dtype=np.bool_),
            np.zeros(model.n_agents, dtype=np.int64),
        )

    def stage(self, parts: Parts, name: str, left: int, best: Int, value: int) -> Stage:
        """The model of a tier on this face. To leave what must be done costs more than the best plan so far does."""
        pairs = np.where(self.allowed, parts.pair, np.iinfo(np.int64).max)
        lowest = np.minimum(pairs.min(axis=1, initial=np.iinfo(np.int64).max), parts.exit)
        must = _enough(self.model, value - int(lowest.sum()) - _least(self.model, parts) + 1)
        model = replace(
            self.model,
            allowed=self.allowed,
            pair_cost=parts.pair,
            load_cost=parts.load.lowered(self.filled, must),
            exit_cost=parts.exit + must * self.served,
        )
        return Stage(name, left, model, best, value, must * int(self.filled.sum()))

    def narrowed(
        self, stage: Stage, parts: Parts, answer: Answer | None, best: Int, value: int
    ) -> tuple[int | None, Face | None]:
        """The bound of the tier, which is its value or nothing; and the face where it is optimal, if that is proven."""
        if answer is None or answer[1] is not Status.OPTIMAL or objective(stage.model, best) + stage.offset != value:
            return None, None
        proof = certify(stage.model, best)
        return (None, None) if proof is None else (value, self._of_optima(stage.model, proof.price))

    def _of_optima(self, stage: AssignmentModel, price: Int) -> Face:
        """The part of this face where a stage is optimal, by prices that prove it."""
        offers = np.where(stage.allowed, stage.pair_cost + price, np.iinfo(np.int64).max)
        best = np.minimum(stage.exit_cost, offers.min(axis=1, initial=np.iinfo(np.int64).max))
        paid = stage.load_cost.count_below(price, stage.capacity)  # units get dearer within an agent
        model = replace(self.model, capacity=stage.load_cost.count_below(price + 1, stage.capacity))
        return Face(model, stage.allowed & (offers == best[:, None]), stage.exit_cost > best, paid)


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The plans that are as good so far as the best one.

    Allowed nodes of every ticket, the last of which is a dummy agent who takes what is left out, and rows.
    """

    model: AssignmentModel
    allowed: Bool
    rows: PackingRows

    @classmethod
    def of(cls, model: AssignmentModel) -> Rows:
        dummy = np.ones((model.n_tickets, 1), dtype=np.bool_)
        return cls(model, np.concatenate([model.allowed, dummy], axis=1), model.rows)

    def stage(self, parts: Parts, name: str, left: int, best: Int, value: int) -> Stage:
        """The model of a tier. A real exit, which no row counts, costs more than the best plan so far does."""
        model, n = self.model, self.model.n_tickets
        cost, excess, lowest = self._excess(parts)
        spare = value - int(lowest.sum()) - _least(self.model, parts)
        effort = [np.broadcast_to(model.effort, model.pair_cost.shape), np.ones((n, 1), dtype=np.int64)]
        wider = AssignmentModel(
            pair_cost=cost,
            allowed=self.allowed & (excess <= spare),
            effort=np.concatenate(effort, axis=1),
            capacity=np.append(model.capacity, n),
            load_cost=LoadCost.join([parts.load, LoadCost.zero(1)]),
            exit_cost=np.zeros(n, dtype=np.int64),
            rows=self.rows,
        )
        exits = np.minimum(np.maximum(0, lowest) + spare + 1, _enough(wider, MAX_SUM))
        hint = np.where(best < 0, model.n_agents, best)
        return Stage(name, left, replace(wider, exit_cost=exits), hint, value, 0)

    def narrowed(
        self, stage: Stage, parts: Parts, answer: Answer | None, best: Int, value: int
    ) -> tuple[int | None, Rows | None]:
        """The bound of the tier, and the plans that are not worse in it than `value`.

        As every ticket has one node, it is the sum of what these cost above the cheapest; a node that costs too much
        above it alone is not allowed any more.
        """
        bound = None if answer is None else answer[2]
        if not stage.left:
            return bound, None
        _, excess, lowest = self._excess(parts)
        spare = value - int(lowest.sum())
        allowed = self.allowed & (excess <= spare)
        ticket, node = np.nonzero(allowed & (excess > 0))
        weight = excess[ticket, node]
        unit = max(1, int(np.gcd.reduce(weight))) if len(weight) else 1
        zeros, limit = np.zeros(len(ticket), dtype=np.int64), np.array([spare // unit])
        row = PackingRows(zeros, ticket, node, weight // unit, limit, (f"tier {stage.name}",))
        rows = PackingRows.join([self.rows, row]) if len(ticket) else self.rows
        return bound, replace(self, allowed=allowed, rows=rows)

    def _excess(self, parts: Parts) -> tuple[Int, Int, Int]:
        """(n, A + 1) costs of all nodes, and how much above the ticket's cheapest allowed one; (n,) what that costs."""
        cost = np.concatenate([parts.pair, parts.exit[:, None]], axis=1)
        lowest = np.where(self.allowed, cost, np.iinfo(np.int64).max).min(axis=1)
        return cost, cost - lowest[:, None], lowest

"""Goals in strict order: the first is as good as it can be, the second as good as that allows, and so on.

Each tier is a model of its own. With unit effort and no rows, what has been decided stays decided exactly: by
complementary slackness, all plans that are optimal so far are those that use only pairs, exits and slots without
reduced cost (Dantzig 1963), which is once more a model of the same kind. Else leaving a ticket out becomes a dummy
agent, and the value of each tier a row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ticketopt.errors import SolverError, UnsupportedModelError
from ticketopt.load_cost import LoadCost
from ticketopt.model import AssignmentModel, PackingRows, Status, objective
from ticketopt.records import TIER_NAMES
from ticketopt.verify import certify

__all__ = ["TIERS", "Solve", "Tiered", "solve_tiers", "tier_value"]

Int = NDArray[np.int64]
Bool = NDArray[np.bool_]

Solve = Callable[[AssignmentModel], tuple[Int, Status, int | None]]
"""A model -> a checked plan, what is proven of it, and a lower bound."""

_Value = tuple[str, int, int | None]
"""A tier, its value, and the lower bound that is proven for it."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a tier counts: costs of pairs, load and exits."""

    pair: Int
    load: LoadCost
    exit: Int


def _parts(
    model: AssignmentModel, *, pair: Int | None = None, load: LoadCost | None = None, left_out: Int | None = None
) -> Parts:
    zero = np.zeros(model.n_tickets, dtype=np.int64)
    return Parts(
        np.zeros_like(model.pair_cost) if pair is None else pair,
        LoadCost.zero(model.n_agents) if load is None else load,
        zero if left_out is None else left_out,
    )


TIERS: Mapping[str, Callable[[AssignmentModel, Bool], Parts]] = {
    "unassigned": lambda model, urgent: _parts(model, left_out=np.ones(model.n_tickets, dtype=np.int64)),
    "urgent_unassigned": lambda model, urgent: _parts(model, left_out=urgent.astype(np.int64)),
    "cost": lambda model, urgent: _parts(model, pair=model.pair_cost),
    "balance": lambda model, urgent: _parts(model, load=model.load_cost),
}
"""Tier -> what it counts, of a model and a mask of its urgent tickets. Less is better."""

assert tuple(TIERS) == TIER_NAMES


def tier_value(model: AssignmentModel, urgent: Bool, name: str, assignment: Int) -> int:
    """What a plan reaches in a tier, in the model's integers."""
    return _value(model, TIERS[name](model, urgent), assignment)


def _value(model: AssignmentModel, parts: Parts, assignment: Int) -> int:
    counted = replace(model, pair_cost=parts.pair, load_cost=parts.load, exit_cost=parts.exit)
    return objective(counted, assignment)


@dataclass(frozen=True, slots=True, eq=False)
class Tiered:
    """A plan, and per tier its value and the lower bound for it (None where nothing is proven), in integers."""

    assignment: Int
    values: tuple[_Value, ...]

    @property
    def is_optimal(self) -> bool:
        """Whether every tier is proven."""
        return all(value == bound for _, value, bound in self.values)


def solve_tiers(model: AssignmentModel, urgent: Bool, tiers: Sequence[str], solve: Solve) -> Tiered:
    """Solve a model tier by tier.

    Parameters
    ----------
    urgent : (n,) the tickets that "urgent_unassigned" counts.
    tiers : names in `TIERS`, the most important first.
    solve : what solves a model; it is called once per tier.

    Raises
    ------
    UnsupportedModelError
        Where "balance" is not the last tier, with unequal effort or rows: its value is no row.
    """
    if model.is_unit:
        return _by_faces(model, urgent, tiers, solve)
    if "balance" in tiers[:-1]:
        raise UnsupportedModelError(
            'with unequal effort or rows, "balance" can only be the last tier; move it to the end of policy.tiers'
        )
    return _by_rows(model, urgent, tiers, solve)


def _by_faces(model: AssignmentModel, urgent: Bool, tiers: Sequence[str], solve: Solve) -> Tiered:
    face = _Face.of(model)
    assignment, is_exact = np.full(model.n_tickets, -1, dtype=np.int64), True
    values: list[_Value] = []
    for name in tiers:
        stage = face.stage(TIERS[name](face.model, urgent))
        assignment, status, _ = solve(stage)
        proof = certify(stage, assignment) if is_exact and status is Status.OPTIMAL else None
        value = tier_value(model, urgent, name, assignment)
        is_exact = proof is not None
        values.append((name, value, value if is_exact else None))
        if proof is None:
            break
        face = face.of_optima(stage, proof.price)
    done = len(values)
    rest: list[_Value] = [(name, 0, None) for name in tiers[done:]]
    return _checked(model, urgent, assignment, values, rest)


def _checked(model: AssignmentModel, urgent: Bool, assignment: Int, values: list[_Value], rest: list[_Value]) -> Tiered:
    """The values of the final plan; no tier that was decided may have become worse by a later one."""
    final = [(name, tier_value(model, urgent, name, assignment), bound) for name, _, bound in (*values, *rest)]
    if any(after > before for (_, before, _), (_, after, _) in zip(values, final, strict=False)):
        raise SolverError("a later tier made an earlier one worse")
    return Tiered(assignment, tuple(final))


@dataclass(frozen=True, slots=True, eq=False)
class _Face:
    """The plans that are optimal so far: allowed pairs, tickets that must be served or not, and how many of
    every agent's units must be used at least."""

    model: AssignmentModel
    allowed: Bool
    served: Bool
    filled: Int

    @classmethod
    def of(cls, model: AssignmentModel) -> _Face:
        return cls(
            model,
            model.allowed,
            np.zeros(model.n_tickets, dtype=np.bool_),
            np.zeros(model.n_agents, dtype=np.int64),
        )

    def stage(self, parts: Parts) -> AssignmentModel:
        """The model of a tier on this face. What must be done is worth more than all else together."""
        most = int(np.abs(parts.pair).max(initial=0)) + parts.load.largest(self.model.capacity)
        must = (most + int(np.abs(parts.exit).max(initial=0)) + 1) * (self.model.n_tickets + 1)
        return replace(
            self.model,
            allowed=self.allowed,
            pair_cost=parts.pair,
            load_cost=parts.load.lowered(self.filled, must),
            exit_cost=parts.exit + must * self.served,
        )

    def of_optima(self, stage: AssignmentModel, price: Int) -> _Face:
        """The part of this face where a stage is optimal, by prices that prove it."""
        offers = np.where(stage.allowed, stage.pair_cost + price, np.iinfo(np.int64).max)
        best = np.minimum(stage.exit_cost, offers.min(axis=1, initial=np.iinfo(np.int64).max))
        paid = stage.load_cost.count_below(price, stage.capacity)  # units get dearer within an agent
        model = replace(self.model, capacity=stage.load_cost.count_below(price + 1, stage.capacity))
        return _Face(model, stage.allowed & (offers == best[:, None]), stage.exit_cost > best, paid)


def _by_rows(model: AssignmentModel, urgent: Bool, tiers: Sequence[str], solve: Solve) -> Tiered:
    rows = model.rows
    values: list[_Value] = []
    assignment = np.full(model.n_tickets, -1, dtype=np.int64)
    for name in tiers:
        parts = TIERS[name](model, urgent)
        found, _, bound = solve(_with_dummy(model, parts, rows))
        assignment = np.where(found == model.n_agents, -1, found)
        value = _value(model, parts, assignment)
        is_exact = all(reached == known for _, reached, known in values)
        values.append((name, value, min(bound, value) if is_exact and bound is not None else None))
        if name != tiers[-1]:
            rows = PackingRows.join([rows, _row(parts, value, name)])
    return _checked(model, urgent, assignment, values, [])


def _with_dummy(model: AssignmentModel, parts: Parts, rows: PackingRows) -> AssignmentModel:
    """The model of a tier in which leaving a ticket out is one more agent, so that rows can count it.

    A real exit costs more than all else together.
    """
    n, dummy = model.n_tickets, model.n_agents
    efforts = [np.broadcast_to(model.effort, (n, dummy)), np.ones((n, 1), dtype=np.int64)]
    most = n * (int(parts.pair.max(initial=0)) + int(parts.exit.max(initial=0)))
    most += int(parts.load.magnitude(model.capacity))
    return AssignmentModel(
        pair_cost=np.concatenate([parts.pair, parts.exit[:, None]], axis=1),
        allowed=np.concatenate([model.allowed, np.ones((n, 1), dtype=np.bool_)], axis=1),
        effort=np.concatenate(efforts, axis=1),
        capacity=np.append(model.capacity, n),
        load_cost=LoadCost.join([parts.load, LoadCost.zero(1)]),
        exit_cost=np.full(n, most + 1, dtype=np.int64),
        rows=rows,
    )


def _row(parts: Parts, value: int, name: str) -> PackingRows:
    """No plan may be worse in a tier than it was found to be."""
    cost = np.concatenate([parts.pair, parts.exit[:, None]], axis=1)
    ticket, agent = np.nonzero(cost)
    zeros = np.zeros(len(ticket), dtype=np.int64)
    return PackingRows(zeros, ticket, agent, cost[ticket, agent], np.array([value]), (f"tier {name}",))

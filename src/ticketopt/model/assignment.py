"""The assignment model: integers only. The library's mathematics stands at `AssignmentModel`."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ticketopt._types import Bool, Int
from ticketopt.errors import InvalidInputError
from ticketopt.model.load_cost import LoadCost
from ticketopt.model.rows import PackingRows, frozen_ints

__all__ = ["AssignmentModel"]


MAX_SUM = 2**53
"""No objective may exceed this, so that doubles inside a solver still count exactly."""


def _columns(effort: Int) -> Int:
    """(n, 1) or (n, A) efforts from those, or from (n,)."""
    if effort.ndim == 1:
        return effort[:, None]
    if effort.ndim == 2 and not effort.shape[1]:
        return np.ones((len(effort), 1), dtype=np.int64)
    is_alike = effort.ndim == 2 and effort.shape[1] > 1 and bool((effort == effort[:, :1]).all())
    return np.ascontiguousarray(effort[:, :1]) if is_alike else effort


@dataclass(frozen=True, slots=True, eq=False)
class AssignmentModel:
    r"""`n` tickets (rows, `i`) for `A` agents (columns, `j`).

    .. math::

        \min \; & \sum_{ij} c_{ij} x_{ij} + \sum_j \sum_{k < load_j} m_{jk}
                  + \sum_i p_i \Bigl(1 - \sum_j x_{ij}\Bigr) \\
        \text{s.t.} \; & \sum_j x_{ij} \le 1, \quad load_j = \sum_i d_{ij} x_{ij} \le b_j, \quad
                  x_{ij} = 0 \text{ unless allowed}_{ij}, \quad \sum a x \le u, \quad x \in \{0, 1\}

    With unit effort and no rows this is a transportation problem with convex costs: polynomial, integral, and with
    exact prices. Otherwise it is a generalized assignment problem: NP-hard, with bounds and gaps.

    Attributes
    ----------
    pair_cost : (n, A) cost `c` of giving ticket `i` to agent `j`; ignored where not allowed.
    allowed : (n, A) eligibility mask.
    effort : (n, 1) units `d >= 1` that a ticket takes of the capacity of whoever gets it, or (n, A) of each agent's;
        it broadcasts against the other arrays either way, and `effort_at` reads single pairs. (n,) is taken as (n, 1),
        and columns that are all equal become one.
    capacity : (A,) free units `b >= 0` of each agent.
    load_cost : marginal cost `m[j, k]` of agent `j`'s `k`-th further unit, a function that never falls (convex load
        cost); it goes on above the capacity. A (sum b,) list of them, agent after agent, is taken as one.
    exit_cost : (n,) price `p` of leaving a ticket out.
    rows : further packing rows.
    """

    pair_cost: Int
    allowed: Bool
    effort: Int
    capacity: Int
    load_cost: LoadCost
    exit_cost: Int
    rows: PackingRows = field(default_factory=PackingRows)

    def __post_init__(self) -> None:
        for name in ("pair_cost", "effort", "capacity", "exit_cost"):
            object.__setattr__(self, name, frozen_ints(getattr(self, name), f"model.{name}"))
        object.__setattr__(self, "effort", _columns(self.effort))
        mask = np.ascontiguousarray(self.allowed, dtype=np.bool_).view()
        mask.flags.writeable = False
        object.__setattr__(self, "allowed", mask)
        self._check_shapes()
        self._check_values()

    def _read_load_cost(self) -> None:
        if isinstance(self.load_cost, LoadCost):
            if self.load_cost.n_agents != self.n_agents:
                raise InvalidInputError.single(
                    "model.load_cost", f"is of {self.load_cost.n_agents} agents", f"make it {self.n_agents}"
                )
            return
        costs = frozen_ints(self.load_cost, "model.load_cost")
        if costs.shape != (int(self.capacity.sum()),):
            wanted = f"make it ({int(self.capacity.sum())},)"
            raise InvalidInputError.single("model.load_cost", f"has shape {costs.shape}", wanted)
        object.__setattr__(self, "load_cost", LoadCost.listed(costs, self.capacity))

    def _check_shapes(self) -> None:
        if self.pair_cost.ndim != 2:
            raise InvalidInputError.single("model.pair_cost", f"has {self.pair_cost.ndim} axes", "make it (n, A)")
        n, a = self.pair_cost.shape
        wanted = {"allowed": (n, a), "exit_cost": (n,), "capacity": (a,)}
        for name, shape in wanted.items():
            actual = getattr(self, name).shape
            if actual != shape:
                raise InvalidInputError.single(f"model.{name}", f"has shape {actual}", f"make it {shape}")
        if self.effort.shape not in ((n, 1), (n, a)):
            given, repair = self.effort.shape, f"make it ({n},) or ({n}, {a})"
            given = given[:1] if given[1:] == (1,) else given
            raise InvalidInputError.single("model.effort", f"has shape {given}", repair)
        for name, indices, end in (("ticket", self.rows.ticket, n), ("agent", self.rows.agent, a)):
            if len(indices) and not (indices.min() >= 0 and indices.max() < end):
                raise InvalidInputError.single(f"rows.{name}", "is out of range", f"count from 0 to {end - 1}")

    def _check_values(self) -> None:
        if (self.effort < 1).any() or (self.capacity < 0).any():
            raise InvalidInputError.single("model", "has efforts below 1 or capacities below 0", "correct them")
        self._read_load_cost()
        if self.magnitude > MAX_SUM:
            raise InvalidInputError.single(
                "model", f"can reach an objective of {self.magnitude:.1e}, above 2^53", "lower the weights or split"
            )

    @property
    def n_tickets(self) -> int:
        """Rows: tickets."""
        return int(self.pair_cost.shape[0])

    @property
    def n_agents(self) -> int:
        """Columns: agents."""
        return int(self.pair_cost.shape[1])

    @property
    def has_pair_effort(self) -> bool:
        """Whether a ticket's effort depends on who does it."""
        return bool(self.effort.shape[1] != 1)

    def effort_at(self, tickets: Int, agents: Int) -> Int:
        """(k,) units that each of these tickets takes of the agent at the same place."""
        return self.effort[tickets, agents] if self.has_pair_effort else self.effort[tickets, 0]

    def cost_at(self, tickets: Int, agents: Int) -> Int:
        """(k,) cost of these pairs."""
        cost: Int = self.pair_cost[tickets, agents]
        return cost

    def allowed_at(self, tickets: Int, agents: Int) -> Bool:
        """(k,) whether these pairs are allowed."""
        allowed: Bool = self.allowed[tickets, agents]
        return allowed

    @property
    def least_effort(self) -> Int:
        """(n,) the fewest units that a ticket takes of anybody who may take it, or of anybody where nobody may."""
        if not self.has_pair_effort:
            return self.effort[:, 0]
        far = np.iinfo(np.int64).max
        least: Int = np.where(self.allowed, self.effort, far).min(axis=1, initial=far)
        return np.where(least < far, least, self.effort.min(axis=1))

    @property
    def is_unit(self) -> bool:
        """Whether every ticket takes one unit and no rows are there: the polynomial case."""
        return len(self.rows) == 0 and bool((self.effort == 1).all())

    @property
    def magnitude(self) -> float:
        """An upper bound on the absolute value of any objective, as a float."""
        if not self.pair_cost.size:
            return float(np.abs(self.exit_cost, dtype=np.float64).sum())
        low, high = float(self.pair_cost.min()), float(self.pair_cost.max())
        per_ticket = np.maximum(np.abs(self.exit_cost, dtype=np.float64), max(abs(low), abs(high)))
        used = float(self.effort.max(axis=1).sum())
        units = min(self.load_cost.magnitude(self.capacity), used * self.load_cost.largest(self.capacity))
        return float(per_ticket.sum()) + units

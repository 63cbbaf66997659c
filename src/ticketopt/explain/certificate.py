"""Where a plan's lower bound comes from, as numbers that anyone can add up again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ticketopt._types import Int
from ticketopt.formulation.formulate import SCALE
from ticketopt.problem.problem import Problem

__all__ = ["PlanCertificate"]


@dataclass(frozen=True, slots=True, eq=False)
class PlanCertificate:
    """A plan's cost and a bound from prices.

    For prices `w` per unit of each agent's time and `v >= 0` per unit of each packing row, no plan costs less than

    `sum_i min(p_i, min_j c_ij + d_i w_j + sum_r v_r a_rij) - sum_j sum_k max(0, w_j - m_jk) - sum_r v_r u_r`

    (the model's letters, see `AssignmentModel`). With unit effort and no rows, a plan is optimal exactly if some prices
    make this its cost.

    Attributes
    ----------
    cost : the plan's objective, an integer cost (`SCALE` times the weighted cost).
    price, row_price : (A,) `w` and (number of rows,) `v`, in integer costs.
    price_bound : what the prices prove.
    lower_bound : the best bound known, which a backend may have claimed; None without any.
    source : "prices" where the prices prove all of it, else the name of the backend that claims it.
    """

    problem: Problem = field(repr=False)
    cost: int
    price: Int
    row_price: Int
    price_bound: int
    lower_bound: int | None
    source: str

    @property
    def is_proof(self) -> bool:
        """Whether the prices alone prove the plan optimal."""
        return self.price_bound == self.cost

    def to_dict(self) -> dict[str, Any]:
        """Plain data; prices by agent id (as text), everything in integer costs."""
        ids = [str(agent.agent_id) for agent in self.problem.agents]
        return {
            "cost": self.cost,
            "lower_bound": self.lower_bound,
            "source": self.source,
            "price_bound": self.price_bound,
            "prices": dict(zip(ids, self.price.tolist(), strict=True)),
            "row_prices": self.row_price.tolist(),
            "units": SCALE,
        }

    def __str__(self) -> str:
        if self.is_proof:
            return f"Cost {self.cost / SCALE:.5f}: optimal, proven by the agents' prices."
        proven = f"prices prove that it is at least {self.price_bound / SCALE:.5f}"
        is_claim = self.lower_bound is not None and self.lower_bound > self.price_bound
        claim = f"; {self.source} claims {self.lower_bound / SCALE:.5f}" if is_claim and self.lower_bound else ""
        return f"Cost {self.cost / SCALE:.5f}; {proven}{claim}."

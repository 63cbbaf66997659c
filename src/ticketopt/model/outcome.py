"""What answers a model: a backend's claims, and how much is known about an answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ticketopt._types import Int

__all__ = ["PRICES", "Outcome", "Status"]


class Status(StrEnum):
    """How much is known about an answer."""

    OPTIMAL = "optimal"
    """Verified, and the lower bound is its cost: nothing costs less. Who vouches for the bound stands beside it
    (`Result.bound_source`): prices that were added up again, or a backend that claims it."""
    FEASIBLE = "feasible"
    """Verified; the lower bound, where there is one, says how far from the optimum it can be, by the same voucher."""
    INFEASIBLE = "infeasible"
    """No plan keeps the rules. Cannot happen to a formulated problem: leaving every ticket out keeps them all."""
    UNKNOWN = "unknown"
    """The backend stopped without an answer. `solve` then answers with greedy's plan, and says so."""


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """A backend's answer to a model: claims, until `solve` has verified them.

    Attributes
    ----------
    assignment : (n,) agent index per ticket, -1 where left out.
    status : what the backend claims.
    lower_bound : no plan costs less, an integer cost; None where the backend proves nothing. It counts as the
        backend's claim, except as far as prices prove it.
    price : (A,) prices per unit of each agent's time that prove a bound (see `bounds.Certificate`), or (A + R,) with
        prices of the rows after them, or None. They are added up again.
    price_scale : the prices are in parts of an integer cost of 1; so many make 1, such as 1024.
    """

    assignment: Int
    status: Status
    lower_bound: int | None = None
    price: Int | None = None
    price_scale: int = 1


PRICES = "prices"
"""The source of a bound that was added up here from prices (`prices.dual_bound`), in integers: it is proven."""

"""The compiled generalized assignment engine: capacity prices with their bound, and annealing. See `gap.hpp`.

Arrays are C-contiguous and are read in place; costs add up to at most 2^53. Load costs never fall within an agent.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

_Int = NDArray[np.int64]
_Float = NDArray[np.float64]

class Arrays:
    """A model's arrays, kept while somebody reads them."""

    def __init__(
        self,
        cost: _Int,
        allowed: NDArray[np.bool_] | None,
        effort: _Int,
        capacity: _Int,
        segment_start: _Int,
        segments: _Int,
        exit_cost: _Int,
        rows: tuple[_Int, _Int, _Int, _Int] | None = None,
    ) -> None:
        """`cost` (n, A); `allowed` None allows every pair; `effort` (n, 1) or (n, A), at least 1.

        `segments[segment_start[j] : segment_start[j + 1]]` make up agent `j`'s load cost (see `LoadCost`).

        `rows` are packing rows as (bound, pair_first, entry_row, coefficient): pair `p = i * A + j` is in the rows
        `entry_row[pair_first[p] : pair_first[p + 1]]`. Prices are then one per agent and, after those, one per row.
        """

def construct(arrays: Arrays, order: _Int) -> _Int:
    """(n,) agent per ticket, -1 left out: each of `order`, a ticket at most once, goes to the agent cheapest then."""

def raise_prices(
    arrays: Arrays,
    price: _Float,
    upper: float,
    steps: int,
    seconds: float,
    is_stopped: Callable[[], bool] | None = None,
) -> tuple[_Float, float]:
    """(A + R,) better prices than those given, and the bound that they prove (in doubles: add it up again in integers).

    `upper` is the cost of a plan, which sets the length of the steps.
    """

class Knapsacks:
    """One exact knapsack per agent, at a worth of every ticket: a better bound, and what pairs cost above it.

    All that it says is of plans whose pairs are `kept`.
    """

    def __init__(self, arrays: Arrays, price: _Float, kept: NDArray[np.bool_]) -> None:
        """`price` (A + R,): those of the rows are paid for every pair; `kept` (n, A)."""

    def raise_bound(
        self,
        worth: _Float,
        upper: float,
        steps: int,
        seconds: float,
        is_stopped: Callable[[], bool] | None = None,
    ) -> tuple[_Float, float]:
        """(n,) better worths than those given, and the bound that they prove; `upper` is the cost of a plan."""

    def forced(self, worth: _Float) -> _Float:
        """(n * (A + 1),) how much a plan with this pair (last: without this ticket) costs above the bound, at least.

        Infinite for what is not kept. It takes as long as a few steps over all pairs.
        """

    def cells(self) -> float:
        """Pairs kept times their agents' loads: a measure for time and memory."""

class Search:
    """Annealing along prices."""

    def __init__(self, arrays: Arrays, price: _Float, candidates: int, seed: int) -> None:
        """`candidates`: so many nodes per ticket are tried, those of least reduced cost at the prices."""

    def anneal(
        self,
        start: _Int | None,
        hot: float,
        cold: float,
        moves: int,
        seconds: float,
        is_stopped: Callable[[], bool] | None = None,
    ) -> int:
        """`moves` attempts at a falling temperature, which falls faster if time is short; how many it were.

        `start` (n,) agent per ticket, -1 left out: of allowed pairs, but capacities and rows may be overrun. None puts
        every ticket on its cheapest node.
        """

    def best(self) -> _Int | None:
        """The best feasible plan of the last annealing, if any; `is_stopped` may ask for it while that goes on."""

    def scale(self) -> float:
        """Half of the tickets pay at most so much for their second choice: a measure for temperatures."""

class Dive:
    """Plans out of whole knapsacks: column generation, and dives into its linear program. See `gap_dive.hpp`."""

    def __init__(
        self,
        arrays: Arrays,
        kept: NDArray[np.bool_],
        worth: _Float,
        box: float,
        tolerance: float,
        seed: int,
    ) -> None:
        """For models without rows. `kept` (n, A): only such pairs are looked at; `worth` (n,) of every ticket.

        The program's duals stay within `box` of the worths at first; it counts as solved when it is at most
        `tolerance` above its bound.
        """

    def solve(self, seconds: float, is_stopped: Callable[[], bool] | None = None) -> float:
        """Solve the program; the bound of plans of kept pairs, in doubles, minus infinity if there was no time."""

    def dive(self, noise: float, seconds: float, is_stopped: Callable[[], bool] | None = None) -> _Int:
        """(n,) agent per ticket, -1 left out, however dear that is; feasible.

        `noise`: so much is taken off every share at most, at random; 0 makes the same plan every time.
        """

"""The compiled network engine: unit effort, convex load costs, priced exits, forbidden pairs. See `network.hpp`.

All arrays are C-contiguous; costs are at most 2^53 in absolute value where they are allowed (2^57 for an `Engine`: its
sums along one path stay below 2^60), and what stands under a forbidden pair is ignored. Load costs never fall within an
agent. None of this is checked per entry here: `AssignmentModel` has.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

_Int = NDArray[np.int64]
_Index = NDArray[np.int32]
_Bool = NDArray[np.bool_]
Moves = list[tuple[int, int, int]]
"""(ticket, from, to) of every ticket whose place changed; agent index, -1 left out, from -2 for a ticket that came."""

def solve(
    cost: _Int,
    allowed: _Bool | None,
    capacity: _Int,
    segment_start: _Int,
    segments: _Int,
    exit_cost: _Int,
    time_limit: float | None = None,
    is_stopped: Callable[[], bool] | None = None,
) -> tuple[_Int, _Int, bool]:
    """Solve a model.

    Parameters
    ----------
    cost, allowed : (n, A); `allowed` None allows every pair. Neither is copied.
    capacity : (A,) units that each agent can take.
    segment_start, segments : (A + 1,) and (R, 6), the load cost: see `LoadCost`.
    exit_cost : (n,) price of leaving a ticket out.
    time_limit : seconds; then the answer is feasible, no worse than the greedy backend's, and its prices are a bound.
        Ctrl-C raises as usual.
    is_stopped : asked every 50 ms; True ends the search as the time limit does.

    Returns
    -------
    (n,) agent per ticket, -1 where left out; (A,) price per agent; whether this is optimal.
    """

def solve_pairs(
    row_start: _Int,
    agent: _Index,
    cost: _Int,
    capacity: _Int,
    segment_start: _Int,
    segments: _Int,
    exit_cost: _Int,
    time_limit: float | None = None,
    is_stopped: Callable[[], bool] | None = None,
) -> tuple[_Int, _Int, bool]:
    """Solve a model whose allowed pairs alone are stored, in compressed sparse rows; memory follows them.

    Parameters
    ----------
    row_start : (n + 1,) where each ticket's pairs begin in `agent` and `cost`; those of a ticket ascend by agent. This
        is checked. Neither is copied.

    The other arrays, and what is returned, are as for `solve`.
    """

class Engine:
    """A plan that every event leaves optimal. A ticket's number is used again once it is removed."""

    def __init__(
        self,
        cost: _Int,
        allowed: _Bool | None,
        capacity: _Int,
        segment_start: _Int,
        segments: _Int,
        exit_cost: _Int,
        change_cost: _Int,
        place: _Int | None = None,
    ) -> None:
        """Arrays as for `solve`, copied; `change_cost` (n,) is due when a ticket leaves the agent it is on.

        `place` (n,) is the agent that each ticket is on before the first plan, -1 for none; None puts none on any.
        """

    def add_ticket(self, cost: _Int, allowed: _Bool | None, exit_cost: int, change_cost: int = 0) -> tuple[int, Moves]:
        """A ticket comes, with one cost per agent; its number and the moves."""

    def remove_ticket(self, ticket: int) -> Moves: ...
    def change_ticket(
        self, ticket: int, cost: _Int, allowed: _Bool | None, exit_cost: int, change_cost: int = 0
    ) -> Moves:
        """New costs for a ticket; where it is still among its best, it stays where it is."""

    def set_slots(self, agent: int, capacity: int, segments: _Int) -> Moves:
        """New slots for an agent: another capacity, another load cost (its segments), or both."""

    def change_agent(self, agent: int, column: _Int, allowed: _Bool | None, capacity: int, segments: _Int) -> Moves:
        """New costs and slots for an agent in one event; `column` and `allowed` have one entry per ticket number.

        What they say for a number without a ticket is ignored.
        """

    def assignment(self) -> _Int:
        """(ticket numbers,) agent, -1 left out, -2 no such ticket."""

    def prices(self) -> _Int:
        """(A,) the price of one more slot of each agent."""

    def served_cost(self) -> int:
        """The cost of the plan without change costs and without exit prices."""

    def objective(self) -> int:
        """The cost of the plan, without change costs."""

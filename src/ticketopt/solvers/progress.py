"""What a solve reports while it runs: `Progress`, and the history of it that a result keeps."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from ticketopt.model.bounds import relative_gap

__all__ = ["Listener", "Progress", "Track"]


@dataclass(frozen=True, slots=True)
class Progress:
    """The best known of a solve at one moment.

    Attributes
    ----------
    seconds : since the solve began.
    objective : cost of the best plan so far, None before the first.
    lower_bound : no plan costs less; None before there is one. Both are the backend's claims until the solve has ended.
    solver : who reports it.
    tier : with `Policy.tiers`, the one that is being solved: both costs are then those of the tier, whole tickets for
        the "unassigned" ones, and its bound holds for plans that are as good in the tiers before. None without tiers.

    Both costs are weighted costs, except from `solve_model`, where they are the model's integer costs.
    """

    seconds: float
    objective: float | None
    lower_bound: float | None
    solver: str
    tier: str | None = None

    @property
    def gap(self) -> float | None:
        """As `Result.gap`; None before both a plan and a bound are known."""
        if self.objective is None or self.lower_bound is None:
            return None
        return relative_gap(self.objective, self.lower_bound)

    def rescaled(self, scale: float, *, delay: float = 0.0, offset: int = 0) -> Progress:
        """The same for a solve that began `delay` seconds earlier; a cost becomes `(cost + offset) / scale`."""
        objective, bound = (
            None if value is None else (value + offset) / scale for value in (self.objective, self.lower_bound)
        )
        return replace(self, seconds=self.seconds + delay, objective=objective, lower_bound=bound)


Listener = Callable[[Progress], None]


class Track:
    """Collects what backends report, keeps what is better than before, and passes it to a listener.

    Parameters
    ----------
    listener : called whenever the best plan or bound changes; None for nobody.
    """

    def __init__(self, listener: Listener | None = None) -> None:
        self._began, self._listener = time.perf_counter(), listener
        self._best: tuple[int | None, int | None] = (None, None)
        self.history: list[Progress] = []

    def report(self, solver: str, objective: int | None, lower_bound: int | None) -> None:
        """Take in the costs of a plan and a bound (either may be None). A bound above a known plan is not believed."""
        cost, bound = self._best
        cost = min((known for known in (cost, objective) if known is not None), default=None)
        bound = max((known for known in (bound, lower_bound) if known is not None), default=None)
        if cost is not None and bound is not None and bound > cost:
            bound = self._best[1] if self._best[1] is not None and self._best[1] <= cost else None
        if (cost, bound) == self._best:
            return
        self._best = (cost, bound)
        progress = Progress(time.perf_counter() - self._began, cost, bound, solver)
        self.history.append(progress)
        if self._listener is not None:
            self._listener(progress)

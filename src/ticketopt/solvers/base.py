"""What a backend is: something that reads an `AssignmentModel` and returns an `Outcome`."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from ticketopt._types import Bool, Int
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.outcome import Outcome, Status

LATENCY = 0.02
"""Seconds between looks at the clock and the stop signal, where somebody must look."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to solve.

    Attributes
    ----------
    time_limit : seconds the backend may take.
    seed : for everything random; the same seed gives the same answer.
    hint : (n,) a feasible assignment to start from, or None. Where time ends before anything better was found, it is
        the answer.
    progress : called by `report` with the cost of a plan and a lower bound, in integer costs; None for nobody.
    stop : an event that the caller sets to get the best answer now; None where it never will.
    """

    time_limit: float = 10.0
    seed: int = 0
    hint: Int | None = None
    progress: Callable[[int | None, int | None], None] | None = None
    stop: threading.Event | None = None

    def report(self, objective: int | None, lower_bound: int | None) -> None:
        """Publish what is known now; either may be None. From any thread, as often as something is better."""
        if self.progress is not None:
            self.progress(objective, lower_bound)

    @property
    def stopped(self) -> bool:
        """Whether stop was asked for: return the best plan and bound soon."""
        return self.stop is not None and self.stop.is_set()

    @contextmanager
    def when_stopped(self, act: Callable[[], object], *, after: float | None = None) -> Iterator[None]:
        """While the block runs: once stop is asked for, or `after` seconds are over, call `act`, again and again.

        It is for libraries that block: `act` calls their own stop function, or sets a flag that they look at.
        """
        if self.stop is None and after is None:
            yield
            return
        done, end = threading.Event(), None if after is None else time.perf_counter() + after

        def watch() -> None:
            while not done.wait(LATENCY):
                if self.stopped or (end is not None and time.perf_counter() > end):
                    act()

        watcher = threading.Thread(target=watch, name="ticketopt stop", daemon=True)
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()


def never(model: AssignmentModel) -> bool:
    """No model is like that."""
    return False


def has_ties(model: AssignmentModel) -> bool:
    """Whether rows tie tickets to one another: they move together, which moving one at a time does not find."""
    return model.rows.has_ties


@dataclass(frozen=True, slots=True)
class Backend:
    """One way to solve.

    Attributes
    ----------
    summary : one line for people.
    obstacle : model -> why this backend cannot solve it, or None where it can.
    solve : model and options -> outcome. Called only where there is no obstacle; it must handle zero tickets and zero
        agents, and stop within the time limit as well as its library allows.
    covers_greedy : whether its plan is never worse than greedy's, so that nobody need make that one to compare.
    is_weak : model -> whether "auto" asks others first, though this backend could solve it.
    is_by_name_only : "auto" passes over it: it is there to check the others.
    """

    summary: str
    obstacle: Callable[[AssignmentModel], str | None]
    solve: Callable[[AssignmentModel, Options], Outcome]
    covers_greedy: bool = False
    is_weak: Callable[[AssignmentModel], bool] = never
    is_by_name_only: bool = False

    def supports(self, model: AssignmentModel) -> bool:
        """Whether `solve` may be called."""
        return self.obstacle(model) is None


def not_unit(model: AssignmentModel) -> str | None:
    """The obstacle of backends for the polynomial case: unit effort without rows."""
    if len(model.rows):
        return "the model has packing rows"
    return None if model.is_unit else "tickets take unequal effort"


def no_answer(model: AssignmentModel) -> Outcome:
    """Stopped without an answer: everything left out."""
    return Outcome(np.full(model.n_tickets, -1, dtype=np.int64), Status.UNKNOWN)


def grouped(keys: Int, n_groups: int) -> list[Int]:
    """Positions of every key 0 .. n_groups - 1, ascending."""
    order = np.argsort(keys, kind="stable")
    return np.split(order, np.searchsorted(keys[order], np.arange(1, n_groups))) if n_groups else []


@dataclass(frozen=True, slots=True, eq=False)
class SparseModel:
    """The model as coordinates, for backends that take variables and rows.

    Attributes
    ----------
    ticket, agent, cost, effort : (m,) the pairs that may be chosen: allowed, and small enough for the agent's capacity.
    variable : (n, A) position of a pair in those arrays, -1 where it is none.
    step_agent, step_cost, step_length : (q,) steps of the load-cost staircases: neighboring units of equal cost.
    """

    ticket: Int
    agent: Int
    cost: Int
    effort: Int
    variable: Int
    step_agent: Int
    step_cost: Int
    step_length: Int

    @classmethod
    def of(cls, model: AssignmentModel) -> SparseModel:
        """Extract the coordinates, ticket by ticket and step by step."""
        usable = model.allowed & (model.effort <= model.capacity)
        ticket, agent = np.nonzero(usable)
        variable = np.full(usable.shape, -1, dtype=np.int64)
        variable[ticket, agent] = np.arange(len(ticket))
        step_agent, step_cost, step_length = model.load_cost.steps(model.capacity)
        return cls(
            ticket=ticket,
            agent=agent,
            cost=model.pair_cost[ticket, agent],
            effort=model.effort_at(ticket, agent),
            variable=variable,
            step_agent=step_agent,
            step_cost=step_cost,
            step_length=step_length,
        )

    def assignment(self, model: AssignmentModel, chosen: Bool) -> Int:
        """(n,) the assignment that chooses the flagged pairs."""
        result = np.full(model.n_tickets, -1, dtype=np.int64)
        result[self.ticket[chosen]] = self.agent[chosen]
        return result

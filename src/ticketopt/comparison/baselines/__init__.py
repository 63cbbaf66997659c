"""What people do today, by name: to compare with. None of them looks at the whole queue at once.

Every baseline keeps the same rules and capacities as the solvers; only the choice differs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ticketopt._types import Float, Int
from ticketopt.comparison.baselines.routing import (
    best_available,
    by_arrival,
    by_urgency,
    closest_match,
    highest_spare_capacity,
    highest_spare_share,
    longest_idle,
)
from ticketopt.comparison.construct import one_by_one
from ticketopt.model.assignment import AssignmentModel
from ticketopt.problem.problem import Problem

__all__ = ["BASELINES", "Baseline"]


@dataclass(frozen=True, slots=True)
class Baseline:
    """A routing rule: one line for people, and (problem, model) -> (n,) agent index, -1 where left out."""

    summary: str
    plan: Callable[[Problem, AssignmentModel], Int]


def round_robin(problem: Problem, model: AssignmentModel) -> Int:
    """Tickets by arrival, agents in turn; who cannot take a ticket is passed over."""
    last, before = -1, np.zeros(problem.n_agents, dtype=np.int64)

    def price(i: int, taken: Int) -> Int:
        nonlocal last, before
        changed = np.flatnonzero(taken != before)
        last, before = int(changed[0]) if len(changed) else last, taken.copy()
        return (np.arange(problem.n_agents) - last - 1) % problem.n_agents

    return one_by_one(model, by_arrival(problem), price)


def least_loaded(problem: Problem, model: AssignmentModel) -> Int:
    """Tickets by arrival, each to the agent with the fewest open units at that moment."""
    return one_by_one(model, by_arrival(problem), lambda i, taken: problem.current_load + taken)


def seed_greedy(problem: Problem, model: AssignmentModel) -> Int:
    """Tickets by urgency, each to the agent of highest suitability at that moment.

    Suitability adds the levels (0-10) of every wanted skill that the agent has, however little it is wanted, and a
    tenth of the experience level, less the open units: the score of a typical keyword router.
    """
    matched = (problem.wanted > 0).astype(np.float64) @ (problem.level * 10).T
    experience = np.array([agent.experience_level for agent in problem.agents], dtype=np.float64) / 10

    def price(i: int, taken: Int) -> Float:
        result: Float = problem.current_load + taken - matched[i] - experience
        return result

    return one_by_one(model, by_urgency(problem), price)


BASELINES: dict[str, Baseline] = {
    "seed_greedy": Baseline("keyword score, urgent first, one ticket at a time", seed_greedy),
    "round_robin": Baseline("agents in turn, by arrival", round_robin),
    "least_loaded": Baseline("least active: fewest open units, by arrival", least_loaded),
    "highest_spare_capacity": Baseline("most free units, by arrival", highest_spare_capacity),
    "highest_spare_share": Baseline("largest free share of capacity, by arrival", highest_spare_share),
    "longest_idle": Baseline("who got a ticket longest ago, by arrival", longest_idle),
    "closest_match": Baseline("nearest skills however busy, by arrival", closest_match),
    "best_available": Baseline("best-skilled free agent, by priority", best_available),
}

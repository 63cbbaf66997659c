"""Routing rules that helpdesk products sell, as their manuals define them: one ticket at a time, by arrival or urgency.

Every rule here passes over agents who may not take the ticket or have no room, and breaks ties as its manual does.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ticketopt._types import Float, Int
from ticketopt.comparison.construct import one_by_one
from ticketopt.formulation.costs import skill_gap
from ticketopt.model.assignment import AssignmentModel
from ticketopt.problem.problem import Problem


def by_arrival(problem: Problem) -> Int:
    """Oldest first; tickets without a time keep their place at the end."""
    created = [np.inf if t.creation_timestamp is None else t.creation_timestamp for t in problem.tickets]
    return np.argsort(np.array(created), kind="stable")


def by_urgency(problem: Problem) -> Int:
    """Most urgent first, oldest first among equals."""
    age = by_arrival(problem)
    order: Int = age[np.argsort(-problem.urgency[age], kind="stable")]
    return order


@dataclass(slots=True)
class _Turns:
    """When each agent last got a ticket: the number of the assignment, 0 for not in this queue."""

    last: Int
    before: Int = field(init=False)
    step: int = 0

    def __post_init__(self) -> None:
        self.before = np.zeros_like(self.last)

    def share(self, taken: Int) -> Float:
        """(A,) 0 for who waited longest to just under 1 for who got the last one; call it once per ticket."""
        changed = np.flatnonzero(taken != self.before)
        if len(changed):
            self.step += 1
            self.last[changed] = self.step
            self.before = taken.copy()
        share: Float = self.last / (self.step + 1)
        return share


def highest_spare_capacity(problem: Problem, model: AssignmentModel) -> Int:
    """By arrival, to the agent with the most free units; among equals, who got a ticket longest ago.

    The default of Zendesk's omnichannel routing ("highest spare capacity"), of Dynamics 365 ("highest capacity") and of
    Salesforce's Omni-Channel ("most available").
    """
    turns = _Turns(np.zeros(problem.n_agents, dtype=np.int64))
    spare = problem.reference_capacity - problem.current_load
    return one_by_one(model, by_arrival(problem), lambda i, taken: taken - spare + turns.share(taken))


def highest_spare_share(problem: Problem, model: AssignmentModel) -> Int:
    """By arrival, to the agent with the largest free share of its capacity (Zendesk's percentage-based variant)."""

    def price(i: int, taken: Int) -> Float:
        used: Float = (problem.current_load + taken) / problem.reference_capacity
        return used

    return one_by_one(model, by_arrival(problem), price)


def longest_idle(problem: Problem, model: AssignmentModel) -> Int:
    """By arrival, to the agent who got a ticket longest ago.

    Before the first ticket, who holds least counts as idle longest.

    "Longest idle" or "most idle" of contact centers, and "round robin" where that goes by the time of the last
    assignment (Zendesk).
    """
    turns = _Turns(np.zeros(problem.n_agents, dtype=np.int64))
    start = problem.current_load / (1 + problem.current_load.max(initial=0))

    def price(i: int, taken: Int) -> Float:
        share = turns.share(taken)
        result: Float = np.where(turns.last > 0, 1 + share, start)
        return result

    return one_by_one(model, by_arrival(problem), price)


def closest_match(problem: Problem, model: AssignmentModel) -> Int:
    """By arrival, to the agent whose skills are nearest to what the ticket wants, however busy (Dynamics 365).

    Among equals the one with fewer open units.
    """
    shortfall = skill_gap.matrix(problem)
    return one_by_one(model, by_arrival(problem), lambda i, taken: _ranked(shortfall[i], problem.current_load + taken))


def best_available(problem: Problem, model: AssignmentModel) -> Int:
    """By priority, to the best-skilled agent who is free at that moment ("best available skills", linear routing).

    The best is the highest mean level over all wanted skills; among equals the one with fewer open units.
    """
    wanted = (problem.wanted > 0).astype(np.float64)
    count = np.maximum(1, wanted.sum(axis=1, keepdims=True))
    mean = (wanted @ problem.level.T) / count
    return one_by_one(model, by_urgency(problem), lambda i, taken: _ranked(-mean[i], problem.current_load + taken))


def _ranked(first: Float, second: Int) -> Int:
    """(A,) ranks by the first key (to nine decimals), then by the second; equal pairs get equal ranks."""
    keys = np.stack([np.rint(first * 1e9).astype(np.int64), second.astype(np.int64)])
    order = np.lexsort(keys[::-1])
    ordered = keys[:, order]
    steps = np.zeros(len(order), dtype=np.int64)
    steps[1:] = (ordered[:, 1:] != ordered[:, :-1]).any(axis=0)
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = np.cumsum(steps)
    return ranks

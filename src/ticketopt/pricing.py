"""What tickets and agents cost a `Session`: rows and slots like those of `formulate`, for a few records at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ticketopt.constraints import Constraint
from ticketopt.costs import CostTerm
from ticketopt.errors import InvalidInputError, UnsupportedModelError
from ticketopt.fields import Report, number, shown, spelled
from ticketopt.formulate import MAX_STEPS, SCALE, check_scale, eligibility, pair_terms, weights
from ticketopt.model import MAX_SUM
from ticketopt.problem import Problem
from ticketopt.records import Agent, Policy, Ticket
from ticketopt.triage.base import Reading

Int = NDArray[np.int64]
Bool = NDArray[np.bool_]

URGENCY_LEVELS = 101
"""Hundredths of urgency, 0.00 to 1.00: each has its own step of exit price."""

_AGENT_FACTS = ("agent_index", "is_available", "experience_gap", "busy", "shift_end")


@dataclass(slots=True)
class Row:
    """A ticket: its arrays run over the engine's agent numbers."""

    ticket: Ticket
    reading: Reading
    change_cost: int
    cost: Int
    allowed: Bool
    exit_cost: int
    pinned: str | None = None


@dataclass(slots=True)
class Column:
    """An agent in the engine: its load and capacity now, and what utilization is measured against."""

    agent: Agent
    load: int
    capacity: int | None
    reference: float


class Pricing:
    """Costs of tickets against the agents that `set_agents` named last.

    Parameters
    ----------
    problem : where policy and clock come from.
    room : about the greatest number of tickets ever; exit prices are such that so many add up without overflow.
    """

    def __init__(
        self, problem: Problem, room: int, terms: Mapping[str, CostTerm], constraints: Mapping[str, Constraint]
    ) -> None:
        self._policy, self._now = problem.policy, problem.now
        self._terms, self._constraints = terms, constraints
        self._scales = {name: weight * SCALE for name, weight in weights(problem, terms).items() if weight}
        self._factors = np.array(list(self._scales.values()))[:, None, None]
        self._step = self._exit_step(problem, room)
        self.set_agents([])

    def set_agents(self, agents: Sequence[tuple[int, Agent, float]]) -> None:
        """(number, agent, what the utilization it came with is measured against), by rising number."""
        self.numbers = np.array([number for number, _, _ in agents], dtype=np.int64)
        self._plain = Problem((), [agent for _, agent, _ in agents], self._policy, self._now)
        vars(self._plain)["reference_capacity"] = np.array([reference for _, _, reference in agents], dtype=np.float64)
        self._facts = vars(self._plain) | {name: getattr(self._plain, name) for name in _AGENT_FACTS}

    def arrays(self, tickets: Sequence[Ticket], readings: Sequence[Reading], width: int) -> tuple[Int, Bool, Int]:
        """(n, width) costs and eligibility by number of the agent, and (n,) exit prices."""
        problem = self._frame(tickets, readings)
        shape = (len(tickets), width)
        cost, allowed = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.bool_)
        cost[:, self.numbers] = self._pair_cost(problem)
        allowed[:, self.numbers] = eligibility(problem, self._constraints)
        rank = np.rint(problem.urgency * 100).astype(np.int64)
        exits: Int = (2 + 2 * rank) * self._step + np.floor(problem.waited * self._step).astype(np.int64)
        return cost, allowed, exits

    def _pair_cost(self, problem: Problem) -> Int:
        """(n, A) the sum of `pair_terms`; all terms are rounded at once, as for one ticket the calls take the time."""
        shape = (problem.n_tickets, problem.n_agents)
        parts = [self._terms[name].matrix(problem) for name in self._scales]
        if parts and all(shape) and all(part.shape == shape for part in parts):
            values = np.array(parts)
            if values.min() >= 0 and values.max() <= 1:
                cost: Int = np.rint(values * self._factors).sum(axis=0).astype(np.int64)
                return cost
        return sum(pair_terms(problem, terms=self._terms).values(), start=np.zeros(shape, dtype=np.int64))

    def slots(self, column: Column, room: int) -> Int:
        """Marginal load costs, as `formulate` has them, for at most `room` units."""
        free = room if column.capacity is None else min(room, max(0, column.capacity - column.load))
        width = max(1, -(-free // MAX_STEPS))
        unit = np.arange(free)
        middle = (unit if width == 1 else unit // width * width) + (column.load + width / 2)
        costs: Int = np.rint(middle / column.reference * (self._policy.balance * SCALE)).astype(np.int64)
        return costs

    def _frame(self, tickets: Sequence[Ticket], readings: Sequence[Reading]) -> Problem:
        """A problem of these tickets and the agents as they came.

        Its parts have been checked when they came, and what depends on agents alone has been computed: so it is put
        together without checking and computing again, which would take ten times as long as the event itself.
        """
        facts = dict(self._facts, tickets=tuple(tickets), readings=tuple(readings))
        index = self._plain.skill_index
        named = (name for t, read in zip(tickets, readings, strict=True) for name in (*read.skills, *t.requires))
        if all(spelled(name) in index for name in named):
            facts |= {"skill_index": index, "skill_level": self._plain.skill_level, "level": self._plain.level}
        frame = object.__new__(Problem)
        vars(frame).update(facts)
        return frame

    def _exit_step(self, problem: Problem, room: int) -> int:
        """A step of exit price: more than any re-arrangement of a few more agents than now can save."""
        highest = sum(weights(problem, self._terms).values()) + 4 * problem.policy.balance
        wanted = int((2 * problem.n_agents + 16) * (highest * SCALE + 1))
        return min(wanted, MAX_SUM // (4 * room * (2 * URGENCY_LEVELS + 3)))


def refuse_coupling(policy: Policy) -> None:
    """Rules that couple tickets make the problem hard; an error names the first that the policy has."""
    coupled = ("max_urgent_per_agent", "max_new_per_agent", "max_new_per_team")
    named = [name for name in coupled if getattr(policy, name) is not None] + ["separate"] * bool(policy.separate)
    if named:
        raise UnsupportedModelError(f"policy.{named[0]} couples tickets; a session cannot keep it, use solve")


def scaled(change_cost: float) -> int:
    """A weighted cost in integer units, or an error."""
    report = Report()
    check_scale(number(0, 1e6)(change_cost, "change_cost", report), "change_cost", report)
    if report.issues:
        raise InvalidInputError(report.issues)
    return round(change_cost * SCALE)


def units(value: int, name: str) -> int:
    """A whole number from 0, or an error."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or not 0 <= value <= 10**9:
        raise InvalidInputError.single(name, f"is {shown(value)}", "give a whole number from 0 to 10^9")
    return int(value)

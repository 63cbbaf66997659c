"""From plain records to ticketopt's answers, and from its answers back to plain plans: the one place that asks it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ticketopt
from support.oracle import SCALE, Case, Priced, priced
from support.plans import OUT, Plan, all_plans, broken, cost_of, with_exits
from ticketopt import Agent, Policy, Problem, Result, Ticket

LIMIT = 10.0
"""Seconds for one solve: far more than any of these cases takes."""


def problem_of(case: Case) -> Problem:
    """The case as the library's problem; no text is read."""
    policy = {name: _tuples(value) for name, value in case["policy"].items()}
    tickets = [Ticket(**{k: _tuples(v) for k, v in ticket.items()}) for ticket in case["tickets"]]
    agents = [Agent(**{k: _tuples(v) for k, v in agent.items()}) for agent in case["agents"]]
    return Problem(tickets, agents, Policy(**policy), now=case["now"])


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


def solve(case: Case, solver: str = "auto") -> Result:
    return ticketopt.solve(problem_of(case), solver=solver, time_limit=LIMIT)


def plan_of(case: Case, assigned: Mapping[Any, Any]) -> Plan:
    """The agent's position for every ticket of the case, from ticket id -> agent id."""
    index = {agent["agent_id"]: j for j, agent in enumerate(case["agents"])}
    found = [assigned.get(ticket["ticket_id"]) for ticket in case["tickets"]]
    return tuple(OUT if agent_id is None else index[agent_id] for agent_id in found)


def exits_of(result: Result) -> list[float]:
    """The price of leaving each ticket out: the documentation says what it must do, not what it is."""
    return [float(price) for price in result.model.exit_cost]


def tolerance(numbers: Priced) -> float:
    """Cost units by which rounded costs may differ from exact ones: half a unit per term of each pair that falls
    between two, and per unit of load."""
    return 1.0 + numbers.n + 0.5 * sum(max(row, default=0) for row in numbers.effort)


class Answer:
    """A case, its answer and everything that brute force says about it."""

    def __init__(self, case: Case, result: Result | None = None) -> None:
        self.case = case
        self.numbers = priced(case)
        self.result = solve(case) if result is None else result
        self.plan = plan_of(case, self.result.assigned)
        self.exits = exits_of(self.result)
        self.slack = tolerance(self.numbers)
        self.plans = with_exits(all_plans(self.numbers), self.exits)
        self.best = min(self.plans.values())

    @property
    def cost(self) -> float:
        """What the plan costs by the oracle, exit prices included."""
        assert not broken(self.numbers, self.plan), f"the plan {self.plan} breaks {broken(self.numbers, self.plan)}"
        exits = sum(price for price, j in zip(self.exits, self.plan, strict=True) if j == OUT)
        return cost_of(self.numbers, self.plan) + exits

    def ticket(self, i: int) -> Any:
        return self.case["tickets"][i]["ticket_id"]

    def agent(self, j: int) -> Any:
        return self.case["agents"][j]["agent_id"] if j != OUT else None


def units(weighted: float) -> float:
    """Weighted units as cost units."""
    return weighted * SCALE


def close(ours: float, theirs: float, slack: float, what: str) -> None:
    """Two costs, in cost units, that must agree but for rounding."""
    assert abs(ours - theirs) <= slack, f"{what}: {theirs / SCALE:.5f}; the oracle says {ours / SCALE:.5f}"

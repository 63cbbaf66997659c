"""One ticket among all agents, with everything else as it is: who may take it, and what it would cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ticketopt.explain import rationales
from ticketopt.formulation.constraints import CONSTRAINTS, Constraint
from ticketopt.formulation.formulate import SCALE, formulate, load_costs_of
from ticketopt.formulation.pair_costs import pair_terms
from ticketopt.formulation.rules import violations
from ticketopt.problem.problem import Problem

__all__ = ["Explanation", "Option", "explain_one"]


@dataclass(frozen=True, slots=True)
class Option:
    """An agent for a ticket.

    Attributes
    ----------
    cost : what the pair and its load would add to the objective now, in weighted cost. None where `obstacles` name
        rules that forbid it; `terms` and `load_cost` add up to it.
    """

    agent_id: str
    name: str
    units: int
    cost: float | None
    terms: Mapping[str, float]
    load_cost: float
    obstacles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a ticket is where it is: `agent_id` None waits; `options` begin with the cheapest agent."""

    ticket_id: str
    state: str
    agent_id: str | None
    rationale: str
    urgency: float
    skills: Mapping[str, float]
    options: tuple[Option, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return asdict(self)

    def option(self, agent_id: object) -> Option:
        """What there is to say about one agent.

        Raises
        ------
        KeyError
            For an agent who is not in the team.
        """
        for option in self.options:
            if option.agent_id == str(agent_id):
                return option
        raise KeyError(f"no agent {agent_id!r} in the team")


def explain_one(
    problem: Problem, holder: str | None, state: str, *, constraints: Mapping[str, Constraint] = CONSTRAINTS
) -> Explanation:
    """Explain a problem of one ticket, whose agents' loads are without it.

    Parameters
    ----------
    holder : who has the ticket, None for nobody. state : in words, carried along.
    """
    ticket, reading = problem.tickets[0], problem.raised_readings[0]
    options = sorted(_options(problem, constraints), key=lambda option: (option.cost is None, option.cost or 0.0))
    j = problem.agent_of(holder)
    if j >= 0:
        rationale = rationales(problem, formulate(problem, constraints=constraints), np.array([j]))[0]
    elif not options:
        rationale = "Nobody is in the team."
    elif options[0].cost is None:
        rationale = f"Nobody may take it now; for instance: {options[0].obstacles[0]}."
    else:
        rationale = f"{options[0].name} could take it now."
    return Explanation(
        str(ticket.ticket_id), state, holder, rationale, reading.urgency, dict(reading.skills), tuple(options)
    )


def _options(problem: Problem, constraints: Mapping[str, Constraint]) -> list[Option]:
    terms, load = pair_terms(problem), load_costs_of(problem)
    options = []
    for j, agent in enumerate(problem.agents):
        used = problem.units(0, j)
        parts = {name: int(values[0, j]) for name, values in terms.items()}
        load_cost = int(load.total(np.full(problem.n_agents, used))[j])
        obstacles = tuple(violation.message for violation in violations(problem, [j], constraints=constraints))
        cost = None if obstacles else (sum(parts.values()) + load_cost) / SCALE
        shares = {name: value / SCALE for name, value in parts.items()}
        options.append(Option(str(agent.agent_id), agent.name, used, cost, shares, load_cost / SCALE, obstacles))
    return options

"""A pinned ticket goes to its agent or nowhere; an excluded agent does not get it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ticketopt._types import Bool
from ticketopt.formulation.constraints.base import Constraint, Given
from ticketopt.problem.problem import Problem


def mask(problem: Problem) -> Bool | None:
    pinned = [
        (i, problem.agent_of(t.pinned_agent)) for i, t in enumerate(problem.tickets) if t.pinned_agent is not None
    ]
    excluded = [
        (i, j) for i, t in enumerate(problem.tickets) for a in t.excluded_agents if (j := problem.agent_of(a)) >= 0
    ]
    if not pinned and not excluded:
        return None
    allowed = np.ones((problem.n_tickets, problem.n_agents), dtype=np.bool_)
    for i, j in pinned:
        allowed[i] = False
        allowed[i, j] = True
    for i, j in excluded:
        allowed[i, j] = False
    return allowed


def broken(problem: Problem, given: Given) -> Iterator[str]:
    for i, j in given:
        ticket, agent = problem.tickets[i], problem.agents[j]
        agent_id = str(agent.agent_id)
        if ticket.pinned_agent is not None and str(ticket.pinned_agent) != agent_id:
            yield f"{ticket.ticket_id} is pinned to {ticket.pinned_agent}, not to {agent.name}"
        if agent_id in [str(excluded) for excluded in ticket.excluded_agents]:
            yield f"{ticket.ticket_id} excludes {agent.name}"


RULE = Constraint("pins and exclusions are kept", "excluded", broken, mask=mask, by_ticket=True)

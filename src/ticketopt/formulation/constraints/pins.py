"""A pinned ticket goes to its agent or nowhere; an excluded agent does not get it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ticketopt._types import Bool
from ticketopt.formulation.constraints.base import Constraint, Given
from ticketopt.problem.problem import Problem
from ticketopt.problem.record_columns import stating


def mask(problem: Problem) -> Bool | None:
    tickets = problem.tickets
    pinned = [(i, problem.agent_of(tickets[i].pinned_agent)) for i in stating(tickets, "pinned_agent")]
    excluded = [
        (i, j)
        for i in stating(tickets, "excluded_agents")
        for a in tickets[i].excluded_agents
        if (j := problem.agent_of(a)) >= 0
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
    said = {i for name in ("pinned_agent", "excluded_agents") for i in stating(problem.tickets, name)}
    for i, j in given if said else ():
        if i not in said:
            continue
        ticket, agent = problem.tickets[i], problem.agents[j]
        agent_id = str(agent.agent_id)
        if ticket.pinned_agent is not None and str(ticket.pinned_agent) != agent_id:
            yield f"{ticket.ticket_id} is pinned to {ticket.pinned_agent}, not to {agent.name}"
        if agent_id in [str(excluded) for excluded in ticket.excluded_agents]:
            yield f"{ticket.ticket_id} excludes {agent.name}"


RULE = Constraint("pins and exclusions are kept", "excluded", broken, mask=mask, by_ticket=True)

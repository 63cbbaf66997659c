"""Only agents who take work get any."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ticketopt._types import Bool
from ticketopt.formulation.constraints.base import Constraint, Given
from ticketopt.problem.problem import Problem


def mask(problem: Problem) -> Bool | None:
    if problem.is_available.all():
        return None
    return np.broadcast_to(problem.is_available, (problem.n_tickets, problem.n_agents))


def broken(problem: Problem, given: Given) -> Iterator[str]:
    away = {j: agent for j, agent in enumerate(problem.agents) if not agent.is_available}
    for i, j in given if away else ():
        if j in away:
            ticket, agent = problem.tickets[i], away[j]
            yield f"{ticket.ticket_id} cannot go to {agent.name}, who is {agent.availability_status}"


RULE = Constraint("agents whose status takes no work get none", "unavailable", broken, mask=mask, by_ticket=True)

"""A ticket for a group goes to somebody who is in it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ticketopt._types import Bool
from ticketopt.formulation.constraints.base import Constraint, Given
from ticketopt.problem.fields import spelled
from ticketopt.problem.problem import Problem


def mask(problem: Problem) -> Bool | None:
    wanted = {ticket.group for ticket in problem.tickets if ticket.group is not None}
    if not wanted:
        return None
    groups = [frozenset(map(spelled, agent.all_groups)) for agent in problem.agents]
    rows = {name: np.array([spelled(name) in names for names in groups], dtype=np.bool_) for name in wanted}
    anyone = np.ones(problem.n_agents, dtype=np.bool_)
    return np.stack([anyone if t.group is None else rows[t.group] for t in problem.tickets])


def broken(problem: Problem, given: Given) -> Iterator[str]:
    for i, j in given:
        ticket, agent = problem.tickets[i], problem.agents[j]
        if ticket.group is None:
            continue
        is_of_team = agent.team is not None and spelled(agent.team) == spelled(ticket.group)
        if not is_of_team and spelled(ticket.group) not in [spelled(other) for other in agent.groups]:
            yield f"{ticket.ticket_id} is for {ticket.group}, which {agent.name} is not in"


RULE = Constraint("tickets for a group go to those who are in it", "no_group", broken, mask=mask, by_ticket=True)

"""A ticket in a language goes to an agent who speaks it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ticketopt._types import Bool
from ticketopt.formulation.constraints.base import Constraint, Given
from ticketopt.problem.fields import spelled
from ticketopt.problem.problem import Problem


def mask(problem: Problem) -> Bool | None:
    wanted = {ticket.language for ticket in problem.tickets if ticket.language is not None}
    if not wanted:
        return None
    speaks = [frozenset(map(spelled, agent.languages)) for agent in problem.agents]
    rows = {
        language: np.array([not known or spelled(language) in known for known in speaks], dtype=np.bool_)
        for language in wanted
    }
    anyone = np.ones(problem.n_agents, dtype=np.bool_)
    return np.stack([anyone if t.language is None else rows[t.language] for t in problem.tickets])


def broken(problem: Problem, given: Given) -> Iterator[str]:
    for i, j in given:
        ticket, agent = problem.tickets[i], problem.agents[j]
        if ticket.language is None or not agent.languages:
            continue
        if spelled(ticket.language) not in [spelled(language) for language in agent.languages]:
            yield f"{ticket.ticket_id} is in {ticket.language}, which {agent.name} does not speak"


RULE = Constraint(
    "agents who list languages get tickets in those only", "no_language", broken, mask=mask, by_ticket=True
)

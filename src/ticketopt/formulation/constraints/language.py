"""A ticket in a language goes to an agent who speaks it."""

from __future__ import annotations

from collections.abc import Iterator

from ticketopt._types import Bool
from ticketopt.formulation.constraints.base import Constraint, Given, with_rows
from ticketopt.problem.fields import spelled
from ticketopt.problem.problem import Problem
from ticketopt.problem.record_columns import stating


def mask(problem: Problem) -> Bool | None:
    said = stating(problem.tickets, "language")
    if not said:
        return None
    wanted = [str(problem.tickets[i].language) for i in said]
    speaks = [frozenset(map(spelled, agent.languages)) for agent in problem.agents]
    return with_rows(problem, said, wanted, lambda name: [not known or spelled(name) in known for known in speaks])


def broken(problem: Problem, given: Given) -> Iterator[str]:
    said = set(stating(problem.tickets, "language"))
    for i, j in given if said else ():
        ticket, agent = problem.tickets[i], problem.agents[j]
        if i not in said or ticket.language is None or not agent.languages:
            continue
        if spelled(ticket.language) not in [spelled(language) for language in agent.languages]:
            yield f"{ticket.ticket_id} is in {ticket.language}, which {agent.name} does not speak"


RULE = Constraint(
    "agents who list languages get tickets in those only", "no_language", broken, mask=mask, by_ticket=True
)

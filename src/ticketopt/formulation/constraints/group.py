"""A ticket for a group goes to somebody who is in it."""

from __future__ import annotations

from collections.abc import Iterator

from ticketopt._types import Bool
from ticketopt.formulation.constraints.base import Constraint, Given, with_rows
from ticketopt.problem.fields import spelled
from ticketopt.problem.problem import Problem
from ticketopt.problem.record_columns import stating


def mask(problem: Problem) -> Bool | None:
    said = stating(problem.tickets, "group")
    if not said:
        return None
    wanted = [str(problem.tickets[i].group) for i in said]
    groups = [frozenset(map(spelled, agent.all_groups)) for agent in problem.agents]
    return with_rows(problem, said, wanted, lambda name: [spelled(name) in names for names in groups])


def broken(problem: Problem, given: Given) -> Iterator[str]:
    said = set(stating(problem.tickets, "group"))
    for i, j in given if said else ():
        ticket, agent = problem.tickets[i], problem.agents[j]
        if i not in said or ticket.group is None:
            continue
        is_of_team = agent.team is not None and spelled(agent.team) == spelled(ticket.group)
        if not is_of_team and spelled(ticket.group) not in [spelled(other) for other in agent.groups]:
            yield f"{ticket.ticket_id} is for {ticket.group}, which {agent.name} is not in"


RULE = Constraint("tickets for a group go to those who are in it", "no_group", broken, mask=mask, by_ticket=True)

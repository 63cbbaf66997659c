"""A ticket that requires a level goes to nobody below it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ticketopt._types import Bool
from ticketopt.formulation.constraints.base import Constraint, Given
from ticketopt.problem.fields import spelled
from ticketopt.problem.held import held_levels
from ticketopt.problem.problem import Problem
from ticketopt.problem.record_columns import stating


def mask(problem: Problem) -> Bool | None:
    if not stating(problem.tickets, "requires"):
        return None
    allowed = np.ones((problem.n_tickets, problem.n_agents), dtype=np.bool_)
    for skill in np.flatnonzero(problem.required.any(axis=0)):
        asking = np.flatnonzero(problem.required[:, skill])
        allowed[asking] &= problem.skill_level[None, :, skill] >= problem.required[asking, None, skill]
    return allowed


def broken(problem: Problem, given: Given) -> Iterator[str]:
    said = set(stating(problem.tickets, "requires"))
    for i, j in given if said else ():
        if i not in said:
            continue
        ticket, agent = problem.tickets[i], problem.agents[j]
        held = {spelled(skill): level for skill, level in held_levels(agent, problem.policy).items()}
        for skill, lowest in ticket.requires.items():
            level = held.get(spelled(skill), 0)
            if level < lowest:
                yield f"{ticket.ticket_id} requires {skill} {lowest:g}; {agent.name} has {level:g}"


RULE = Constraint("required skill levels are met", "no_skill", broken, mask=mask, by_ticket=True)

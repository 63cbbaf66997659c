"""A ticket waits rather than going to somebody who knows too little of what it wants."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ticketopt._types import Bool
from ticketopt.formulation.constraints.base import Constraint, Given
from ticketopt.problem.fields import spelled
from ticketopt.problem.held import held_levels
from ticketopt.problem.problem import Problem
from ticketopt.problem.record_columns import stating
from ticketopt.problem.records import MAX_LEVEL
from ticketopt.problem.row_blocks import row_blocks

ROUNDING = 1e-9
"""A match that misses the lowest by so little has it: levels and importances are added up in floating point."""


def mask(problem: Problem) -> Bool | None:
    lowest = problem.policy.min_match
    if not lowest:
        return None
    enough = np.empty((problem.n_tickets, problem.n_agents), dtype=np.bool_)
    for rows in row_blocks(*enough.shape):
        enough[rows] = problem.skill_gap_of(rows) <= 1.0 - lowest + ROUNDING
    for i in stating(problem.tickets, "pinned_agent"):
        j = problem.agent_of(problem.tickets[i].pinned_agent)
        if j >= 0:
            enough[i, j] = True
    return enough


def broken(problem: Problem, given: Given) -> Iterator[str]:
    lowest = problem.policy.min_match
    for i, j in given if lowest else ():
        ticket, agent = problem.tickets[i], problem.agents[j]
        wanted = {spelled(skill): weight**2 for skill, weight in problem.raised_readings[i].skills.items()}
        if not wanted or str(ticket.pinned_agent) == str(agent.agent_id):
            continue
        held = {spelled(skill): level for skill, level in held_levels(agent, problem.policy).items()}
        level = sum(weight * held.get(skill, 0.0) for skill, weight in wanted.items()) / sum(wanted.values())
        if level / MAX_LEVEL < lowest - ROUNDING:
            yield f"{agent.name} matches {level / MAX_LEVEL:.0%} of what {ticket.ticket_id} wants, not {lowest:.0%}"


RULE = Constraint("nobody gets a ticket that they match less than min_match", "no_match", broken, mask, by_ticket=True)

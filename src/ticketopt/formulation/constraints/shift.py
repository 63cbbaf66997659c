"""Work begins and ends with the shift."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ticketopt._types import Bool
from ticketopt.formulation.constraints.base import Constraint, Given
from ticketopt.problem.problem import Problem

MINUTE = 60.0


def mask(problem: Problem) -> Bool | None:
    left = problem.shift_left
    if np.isinf(left).all():
        return None
    needed = problem.pair_effort * (problem.policy.minutes_per_effort * MINUTE)
    return (left > 0) & (needed <= left)


def broken(problem: Problem, given: Given) -> Iterator[str]:
    for i, j in given:
        ticket, agent = problem.tickets[i], problem.agents[j]
        if agent.shift_start is not None and agent.shift_start > problem.clock:
            yield f"{ticket.ticket_id} cannot go to {agent.name}, whose shift has not begun"
        elif agent.shift_end is not None:
            left = agent.shift_end - problem.clock
            if left <= 0:
                yield f"{ticket.ticket_id} cannot go to {agent.name}, whose shift is over"
            elif problem.units(i, j) * (problem.policy.minutes_per_effort * MINUTE) > left:
                yield f"{ticket.ticket_id} takes longer than the rest of {agent.name}'s shift"


RULE = Constraint(
    "a ticket fits in between the beginning and the end of its agent's shift",
    "off_shift",
    broken,
    mask=mask,
    by_ticket=True,
)

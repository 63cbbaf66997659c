"""Work begins and ends with the shift."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial

import numpy as np

from ticketopt._types import Bool
from ticketopt.formulation.constraints.base import Constraint, Given, Room
from ticketopt.problem.problem import Problem

MINUTE = 60.0

MANY = 2.0**53
"""Units that nobody has; as many fit into any shift where they take hardly any time."""


def mask(problem: Problem) -> Bool | None:
    left = problem.shift_left
    if np.isinf(left).all():
        return None
    needed = problem.pair_effort * (problem.policy.minutes_per_effort * MINUTE)
    return (left > 0) & (needed <= left)


def room(problem: Problem) -> Room | None:
    """Open work has to be done before the shift ends as well."""
    left, each = problem.shift_left, problem.policy.minutes_per_effort * MINUTE
    is_limited = np.isfinite(left)
    if not each or not is_limited.any():
        return None
    in_time = np.minimum(np.where(is_limited, left, 0.0) // each, MANY).astype(np.int64)
    units = np.where(is_limited, np.maximum(0, in_time - problem.current_load), np.iinfo(np.int64).max)
    return Room(units, partial(_in_time, problem))


def _in_time(problem: Problem, j: int) -> str:
    """What an agent can do until the end of the shift, in words."""
    agent = problem.agents[j]
    left = max(0.0, (agent.shift_end or 0.0) - problem.now)
    units = int(left // (problem.policy.minutes_per_effort * MINUTE))
    held = f", open work takes {agent.current_load}" if agent.current_load else ""
    return f"{agent.name}'s shift ends in {_duration(left)}: room for {_counted(units)}{held}"


def _duration(seconds: float) -> str:
    hours, minutes = divmod(int(seconds // MINUTE), 60)
    return " ".join([f"{hours} h"] * (hours > 0) + [f"{minutes} min"] * (minutes > 0 or not hours))


def _counted(units: int) -> str:
    return "1 unit" if units == 1 else f"{units} units"


def broken(problem: Problem, given: Given) -> Iterator[str]:
    timed = {j for j, a in enumerate(problem.agents) if a.shift_start is not None or a.shift_end is not None}
    each, in_time = problem.policy.minutes_per_effort * MINUTE, Counter[int]()
    for i, j in given if timed else ():
        if j not in timed:
            continue
        ticket, agent = problem.tickets[i], problem.agents[j]
        left = None if agent.shift_end is None else agent.shift_end - problem.now
        if agent.shift_start is not None and agent.shift_start > problem.now:
            yield f"{ticket.ticket_id} cannot go to {agent.name}, whose shift has not begun"
        elif left is not None and left <= 0:
            yield f"{ticket.ticket_id} cannot go to {agent.name}, whose shift is over"
        elif left is not None and problem.units(i, j) * each > left:
            yield f"{ticket.ticket_id} takes longer than the rest of {agent.name}'s shift"
        elif left is not None and each:
            in_time[j] += problem.units(i, j)
    for j, units in sorted(in_time.items()):
        agent = problem.agents[j]
        if agent.current_load + units > ((agent.shift_end or 0.0) - problem.now) // each:
            more = f"{_counted(units)}{' more' if agent.current_load else ''} {'does' if units == 1 else 'do'}"
            yield f"{_in_time(problem, j)}; {more} not fit"


RULE = Constraint(
    "an agent's work fits in between the beginning and the end of the shift",
    "off_shift",
    broken,
    mask=mask,
    room=room,
    by_ticket=True,
)

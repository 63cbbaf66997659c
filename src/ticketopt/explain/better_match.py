"""Why the agent who matches a ticket best did not get it, for all tickets of a plan at once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ticketopt._types import Bool, Int
from ticketopt.formulation.formulate import SCALE
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.objective import loads, row_usage
from ticketopt.problem.problem import Problem
from ticketopt.problem.record_columns import stating
from ticketopt.problem.row_blocks import row_blocks

__all__ = ["better_matches"]

ROUNDING = 1e-9
"""Skill gaps that differ by so little are equal."""


def better_matches(problem: Problem, model: AssignmentModel, assignment: Int, tickets: Int) -> Iterator[str]:
    """What to say of each of some assigned tickets ((k,) positions that rise), one after the other; mostly nothing."""
    best, is_better = _best(problem, tickets, assignment[tickets])
    is_better &= ~np.isin(tickets, stating(problem.tickets, "pinned_agent"))
    i, j = tickets[is_better], best[is_better]
    taken, units = loads(model, assignment), model.effort_at(i, j)
    after = taken[j] + units
    blocked = [
        ~problem.is_available[j],
        ~model.allowed[i, j],
        after > problem.free[j],
        (after > model.capacity[j]) | _breaks_a_row(model, assignment, i, j),
    ]
    case = np.select(blocked, range(len(blocked)), len(blocked))
    more = np.zeros(len(i), dtype=np.int64)
    is_open = case == len(blocked)
    more[is_open] = _more(model, assignment, taken, i[is_open], j[is_open])
    found = zip(j.tolist(), case.tolist(), more.tolist(), strict=True)
    return (_words(problem, *next(found)) if is_said else "" for is_said in is_better.tolist())


def _words(problem: Problem, agent: int, case: int, more: int) -> str:
    name = problem.agents[agent].name
    if case == 4 and more < 0:
        return f"{name} matches better and would cost {-more / SCALE:.2f} less: this plan is not the cheapest"
    why = (
        f"is {problem.agents[agent].availability_status}",
        "may not take it",
        "has no room for it in this plan",
        "is held back by a limit",
        f"costs {more / SCALE:.2f} more, load included",
    )
    return f"{name} matches better but {why[case]}"


def _best(problem: Problem, tickets: Int, agents: Int) -> tuple[Int, Bool]:
    """(k,) the agent who matches each ticket best, and whether better than these agents do."""
    best, is_better = np.zeros(len(tickets), dtype=np.int64), np.zeros(len(tickets), dtype=np.bool_)
    for rows in row_blocks(problem.n_tickets, problem.n_agents):
        first, end = np.searchsorted(tickets, [rows.start, rows.stop]).tolist()
        if first == end:
            continue
        near = slice(int(tickets[first]), int(tickets[end - 1]) + 1)
        own, gap = tickets[first:end] - near.start, problem.skill_gap_of(near)
        best[first:end] = found = gap.argmin(axis=1)[own]
        is_better[first:end] = gap[own, found] <= gap[own, agents[first:end]] - ROUNDING
    return best, is_better


def _breaks_a_row(model: AssignmentModel, assignment: Int, tickets: Int, agents: Int) -> Bool:
    """(k,) whether a packing row has no room for each ticket at an agent instead of where it is."""
    rows, broken = model.rows, np.zeros(len(tickets), dtype=np.bool_)
    if not len(rows):
        return broken
    spare = rows.bound - row_usage(rows, assignment)
    order = np.argsort(rows.ticket, kind="stable")
    ends = np.searchsorted(rows.ticket[order], [tickets, tickets + 1])
    for k, (i, j) in enumerate(zip(tickets.tolist(), agents.tolist(), strict=True)):
        mine = order[ends[0, k] : ends[1, k]]
        agent, coefficient = rows.agent[mine], rows.coefficient[mine]
        gained = coefficient * (agent == j) - coefficient * (agent == assignment[i])
        touched, which = np.unique(rows.row[mine], return_inverse=True)
        change = np.zeros(len(touched), dtype=np.int64)
        np.add.at(change, which, gained)
        broken[k] = (change > spare[touched]).any()
    return broken


def _more(model: AssignmentModel, assignment: Int, taken: Int, tickets: Int, agents: Int) -> Int:
    """(k,) what each ticket would cost more, load cost included, with an agent instead of where it is."""
    here, units = assignment[tickets], model.effort_at(tickets, agents)
    own = model.effort_at(tickets, here)
    there, before = model.load_cost.select(agents), model.load_cost.select(here)
    joined = there.total(taken[agents] + units) - there.total(taken[agents])
    left = before.total(taken[here]) - before.total(taken[here] - own)
    more: Int = model.pair_cost[tickets, agents] + joined - model.pair_cost[tickets, here] - left
    return more

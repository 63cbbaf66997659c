"""Who holds the places that a ticket left out could have had, and why they come first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ticketopt.explain.rationale import listed
from ticketopt.model import AssignmentModel
from ticketopt.problem import Problem

__all__ = ["precedence"]

Int = NDArray[np.int64]

SHOWN_TICKETS = 3


def precedence(problem: Problem, model: AssignmentModel, assignment: Int, i: int, holders: Int) -> str:
    """A sentence on which tickets hold the places of ticket `i`, with a space before it; empty where none has a claim.

    Those whose claim is weakest are named: if anybody, they would have had to give way. A ticket comes first by the
    first of these that is true: it is more urgent (in hundredths, as exit prices count), or as urgent and has waited
    longer, or takes fewer units, or costs less to serve there, or nothing tells it from `i` (a tie).

    Parameters
    ----------
    holders : tickets that the plan gives to agents who may take `i`, or that use up a limit in its way.
    """
    claims = [(h, claim) for h in holders.tolist() if (claim := _claim(problem, model, assignment, i, h)) is not None]
    if not claims:
        return ""
    order = {claim: place for place, claim in enumerate((TIE, CHEAPER, SMALLER, OLDER, URGENT))}
    claims.sort(key=lambda row: (order[row[1]], model.exit_cost[row[0]], row[0]))
    shown = claims[:SHOWN_TICKETS]
    parts = []
    for claim in dict.fromkeys(claim for _, claim in shown):
        names = [str(problem.tickets[h].ticket_id) for h, own in shown if own == claim]
        parts.append(f"{listed(names)} ({claim})")
    rest = len(holders) - len(shown)
    others = f" and {rest} more" if rest else ""
    return f" {'Its place is' if len(holders) == 1 else 'Its places are'} held by {', '.join(parts)}{others}."


URGENT, OLDER, SMALLER, CHEAPER, TIE = (
    "more urgent",
    "as urgent, waiting longer",
    "smaller",
    "as urgent, cheaper to serve",
    "no different",
)


def _claim(problem: Problem, model: AssignmentModel, assignment: Int, i: int, h: int) -> str | None:
    """Why ticket `h` comes before ticket `i`, None where nothing says so."""
    j = int(assignment[h])
    urgency = np.rint(problem.urgency[[h, i]] * 100)
    units, cost = model.effort_at(np.array([h, i]), np.array([j, j])), model.pair_cost[[h, i], j]
    if urgency[0] > urgency[1]:
        return URGENT
    if urgency[0] == urgency[1] and problem.waited[h] > problem.waited[i]:
        return OLDER
    if units[0] < units[1]:
        return SMALLER
    if urgency[0] == urgency[1] and model.allowed[i, j] and cost[0] < cost[1]:
        return CHEAPER
    is_tie = urgency[0] == urgency[1] and problem.waited[h] == problem.waited[i] and units[0] == units[1]
    return TIE if is_tie and model.allowed[i, j] and cost[0] == cost[1] else None

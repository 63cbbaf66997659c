"""Who holds the places that a ticket left out could have had, and why they come first."""

from __future__ import annotations

import numpy as np

from ticketopt._types import Int
from ticketopt.explain.rationale import listed
from ticketopt.model.assignment import AssignmentModel
from ticketopt.problem.problem import Problem

__all__ = ["precedence"]


SHOWN_TICKETS = 3

CLAIMS = ("more urgent", "as urgent, waiting longer", "smaller", "as urgent, cheaper to serve", "no different")
"""Why a ticket comes before another, strongest first."""

NO_CLAIM = len(CLAIMS)


def precedence(problem: Problem, model: AssignmentModel, assignment: Int, i: int, holders: Int) -> str:
    """A sentence on which tickets hold the places of ticket `i`, with a space before it; empty where none has a claim.

    Those whose claim is weakest are named: if anybody, they would have had to give way. A ticket comes first by the
    first of these that is true: it is more urgent, or as urgent and has waited longer (compared as they are, as exit
    prices do), or takes fewer units, or costs less to serve there, or nothing tells it from `i` (a tie).

    Parameters
    ----------
    holders : tickets that the plan gives to agents who may take `i`, or that use up a limit in its way.
    """
    claim = _claims(problem, model, assignment, i, holders)
    known = np.flatnonzero(claim < NO_CLAIM)
    if not len(known):
        return ""
    shown = known[np.lexsort((model.exit_cost[holders[known]], -claim[known]))][:SHOWN_TICKETS].tolist()
    parts = []
    for kind in dict.fromkeys(claim[shown].tolist()):
        names = [str(problem.tickets[holders[k]].ticket_id) for k in shown if claim[k] == kind]
        parts.append(f"{listed(names)} ({CLAIMS[kind]})")
    rest = len(holders) - len(shown)
    others = f" and {rest} more" if rest else ""
    return f" {'Its place is' if len(holders) == 1 else 'Its places are'} held by {', '.join(parts)}{others}."


def _claims(problem: Problem, model: AssignmentModel, assignment: Int, i: int, holders: Int) -> Int:
    """(k,) why each holder comes before ticket `i`, as a position in `CLAIMS`; `NO_CLAIM` where nothing says so."""
    agents, ticket = assignment[holders], np.full(len(holders), i)
    urgency, waited = problem.urgency, -problem.waiting_since
    as_urgent = urgency[holders] == urgency[i]
    longer = waited[holders] - waited[i]
    smaller = model.effort_at(ticket, agents) - model.effort_at(holders, agents)
    cheaper = np.where(model.allowed[i, agents], model.pair_cost[i, agents] - model.pair_cost[holders, agents], -1)
    reasons = (
        urgency[holders] > urgency[i],
        as_urgent & (longer > 0),
        smaller > 0,
        as_urgent & (cheaper > 0),
        as_urgent & (longer == 0) & (smaller == 0) & (cheaper == 0),
    )
    claim: Int = np.select(reasons, range(NO_CLAIM), NO_CLAIM).astype(np.int64)
    return claim

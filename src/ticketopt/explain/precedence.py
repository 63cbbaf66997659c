"""Who holds the places that a ticket left out could have had, and why they come first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ticketopt._types import Int
from ticketopt.explain.rationale import listed
from ticketopt.model.assignment import AssignmentModel
from ticketopt.problem.problem import Problem

__all__ = ["Precedence", "precedence", "who_came_first"]


SHOWN_TICKETS = 3

CLAIMS = ("more urgent", "as urgent, waiting longer", "smaller", "as urgent, cheaper to serve", "no different")
"""Why a ticket comes before another, strongest first."""

NO_CLAIM = len(CLAIMS)


@dataclass(frozen=True, slots=True)
class Precedence:
    """Tickets that hold the places of a ticket left out, by their claims.

    Attributes
    ----------
    shown : (claim, positions of tickets), those whose claim is weakest first; a claim is one of `CLAIMS`.
    others : how many more hold places.
    """

    shown: tuple[tuple[str, tuple[int, ...]], ...]
    others: int


def who_came_first(problem: Problem, model: AssignmentModel, assignment: Int, i: int, holders: Int) -> Precedence:
    """Which tickets hold the places of ticket `i`; nothing is shown where none has a claim.

    Those whose claim is weakest are named: if anybody, they would have had to give way. A ticket comes first by the
    first of these that is true: it is more urgent, or as urgent and has waited longer (compared as they are, as exit
    prices do), or takes fewer units, or costs less to serve there, or nothing tells it from `i` (a tie).

    Parameters
    ----------
    holders : tickets that the plan gives to agents who may take `i`, or that use up a limit in its way.
    """
    claim = _claims(problem, model, assignment, i, holders)
    known = np.flatnonzero(claim < NO_CLAIM)
    shown = known[np.lexsort((model.exit_cost[holders[known]], -claim[known]))][:SHOWN_TICKETS].tolist()
    parts = [
        (CLAIMS[kind], tuple(int(holders[k]) for k in shown if claim[k] == kind))
        for kind in dict.fromkeys(claim[shown].tolist())
    ]
    return Precedence(tuple(parts), len(holders) - len(shown))


def precedence(problem: Problem, model: AssignmentModel, assignment: Int, i: int, holders: Int) -> str:
    """The same as a sentence, with a space before it; empty where no ticket has a claim."""
    found = who_came_first(problem, model, assignment, i, holders)
    if not found.shown:
        return ""
    parts = [f"{listed([str(problem.tickets[k].ticket_id) for k in held])} ({claim})" for claim, held in found.shown]
    others = f" and {found.others} more" if found.others else ""
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

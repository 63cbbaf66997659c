"""`assign`, the one-call door, and `build_problem`, the part of it that reads."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Mapping
from typing import Any

from ticketopt.errors import InputWarning, InvalidInputError, Issue
from ticketopt.intake import files
from ticketopt.intake.frames import Agents, Tickets, Time
from ticketopt.planning.result import Result
from ticketopt.planning.solve import solve
from ticketopt.problem.fields import Report, first_spellings, shown, timestamp
from ticketopt.problem.policy import Policy
from ticketopt.problem.problem import Problem
from ticketopt.problem.reading import Triage
from ticketopt.problem.record_columns import values_of
from ticketopt.problem.records import newest
from ticketopt.solvers.auto import AUTO
from ticketopt.solvers.progress import Listener
from ticketopt.triage import read_tickets
from ticketopt.triage.reader import noted

__all__ = ["assign", "build_problem", "problem_of"]

_LONG_AHEAD = 30 * 86_400.0
"""Seconds that the newest ticket may be ahead of all others before its time is doubted as the moment to plan for."""


def assign(
    tickets: Tickets,
    agents: Agents,
    *,
    policy: Policy | Mapping[str, Any] | None = None,
    solver: str = AUTO,
    time_limit: float = 10.0,
    seed: int = 0,
    now: Time | None = None,
    triage: Triage = read_tickets,
    progress: Listener | None = None,
    stop: threading.Event | None = None,
) -> Result:
    """Assign a queue of tickets to a team of agents.

    Parameters
    ----------
    tickets, agents : lists of dicts or of `Ticket` and `Agent`, or data frames (pandas, polars ...).
    policy : what matters and which rules hold; a `Policy` or a mapping of its settings.
    solver : a backend's name, or "auto".
    time_limit : seconds, above 0.
    seed : for everything random.
    now : the time that waiting and shifts are measured at (Unix seconds, ISO 8601 or a datetime); None is the newest
        creation timestamp in the queue.
    triage : what reads skills and urgency from a ticket's text.
    progress, stop : a callback for better plans, and an event that stops the solve with the best so far; see
        `ticketopt.solve`.

    Returns
    -------
    Result
        A verified plan with a reason for every ticket.

    Raises
    ------
    InvalidInputError
        With everything that is wrong with the input.
    SolverError, UnsupportedModelError
        Where a backend that was asked for by name fails or cannot solve the model.

    Warns
    -----
    InputWarning
        For every value that was ignored or reinterpreted; `Result.warnings` lists them as well.

    Examples
    --------
    >>> import ticketopt
    >>> tickets = [{"ticket_id": 1, "title": "VPN drops"}, {"ticket_id": 2, "title": "Printer jams"}]
    >>> agents = [{"agent_id": "ada", "skills": {"VPN": 9}}, {"agent_id": "bob", "skills": {"Printers": 8}}]
    >>> result = ticketopt.assign(tickets, agents)
    >>> result.assigned
    {1: 'ada', 2: 'bob'}
    >>> print(result[1].rationale)
    Assigned to ada for VPN (9); urgency 0.40; open load 0 before this plan, 1 of 1 after it.
    """
    problem = build_problem(tickets, agents, policy=policy, now=now, triage=triage)
    for warning in problem.warnings:
        warnings.warn(str(warning), InputWarning, stacklevel=2)
    return solve(problem, solver=solver, time_limit=time_limit, seed=seed, progress=progress, stop=stop)


def build_problem(
    tickets: Tickets,
    agents: Agents,
    *,
    policy: Policy | Mapping[str, Any] | None = None,
    now: Time | None = None,
    triage: Triage = read_tickets,
) -> Problem:
    """Read tickets and agents and let triage read the text: everything before solving. Parameters as for `assign`.

    Examples
    --------
    >>> import ticketopt
    >>> tickets = [{"ticket_id": 1, "title": "VPN drops"}, {"ticket_id": 2, "title": "Printer jams"}]
    >>> agents = [{"agent_id": "ada", "skills": {"VPN": 9}}, {"agent_id": "bob", "skills": {"Printers": 8}}]
    >>> problem = ticketopt.build_problem(tickets, agents)
    >>> dict(problem.readings[0].skills)
    {'VPN': 1.0}
    """
    return problem_of(files.read_tickets_and_agents(tickets, agents), policy=policy, now=now, triage=triage)


def problem_of(
    queue: files.Queue,
    *,
    policy: Policy | Mapping[str, Any] | None = None,
    now: Time | None = None,
    triage: Triage = read_tickets,
) -> Problem:
    """The problem of a queue that `read_queue` has read; `now` overrides the queue's own."""
    if not isinstance(policy, Policy):
        policy = Policy() if policy is None else Policy.from_dict(policy)
    moment = queue.now
    if now is not None:
        report = Report()
        moment = timestamp(now, "now", report)
        if report.issues:
            raise InvalidInputError(report.issues)
        queue = queue.at(moment)
    warnings = queue.warnings if moment is not None else (*queue.warnings, *_doubts(queue))
    moment = newest(queue.tickets) if moment is None else moment
    skills = list(first_spellings(skill for agent in queue.agents for skill in agent.skills).values())
    triage, unread = noted(triage, {**queue.skill_notes, **policy.skill_notes})
    readings = triage(queue.tickets, skills=skills, now=moment)
    return Problem(queue.tickets, queue.agents, policy, moment, readings, (*warnings, *unread))


def _doubts(queue: files.Queue) -> list[Issue]:
    """What is odd about the newest creation time as the moment to plan for."""
    times, ids = values_of(queue.tickets, "creation_timestamp"), values_of(queue.tickets, "ticket_id")
    dated = [(time, ticket_id) for time, ticket_id in zip(times, ids, strict=True) if time is not None]
    if not dated and queue.is_timed:
        problem = "is not known, as no ticket says when it was created"
        return [Issue("now", problem, "give now, for deadlines and shifts")]
    dated.sort(key=lambda item: item[0])
    most = max(1, len(dated) // 20)
    gaps = [(dated[-k][0] - dated[-k - 1][0], k) for k in range(1, min(most, len(dated) - 1) + 1)]
    ahead, n_ahead = max(gaps, default=(0.0, 0))
    if ahead < _LONG_AHEAD * (1 if n_ahead == 1 else 10):
        return []
    others = "all others" if n_ahead == 1 else f"all but {n_ahead - 1} others"
    problem = f"is taken from ticket {shown(dated[-1][1])}, created {ahead / 86_400:,.0f} days after {others}"
    return [Issue("now", problem, "correct that time, or give now")]

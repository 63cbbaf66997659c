"""Who is here at the moment of the plan, and what is known of those who are not."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

import numpy as np

from ticketopt._types import Bool
from ticketopt.problem.problem import Problem
from ticketopt.report.wording import few

__all__ = ["is_here", "not_here", "why_not_here"]

MOST_AWAY = 12
"""So many of those who are not here are named."""


def is_here(problem: Problem) -> Bool:
    """(A,) who is available, and in the middle of a shift where one is known."""
    return np.asarray(problem.is_available & (problem.shift_left > 0))


def why_not_here(problem: Problem, j: int, zone: tzinfo = UTC) -> str:
    """A few words: `on vacation`, `begins at 13:00`, `begins on Tuesday at 08:00`, `the shift is over`."""
    agent = problem.agents[j]
    if not agent.is_available:
        return agent.availability_status
    if agent.shift_start is None or agent.shift_start <= problem.now:
        return "the shift is over"
    begins, now = (datetime.fromtimestamp(moment, zone) for moment in (agent.shift_start, problem.now))
    days = (begins.date() - now.date()).days
    day = "" if not days else f" on {begins:%A}" if days < 7 else f" on {begins.day} {begins:%B}"
    return f"begins{day} at {begins:%H:%M}"


def not_here(problem: Problem, zone: tzinfo = UTC) -> str:
    """Who is not here, with what is known of why, as a sentence; empty where everybody is."""
    missing = np.flatnonzero(~is_here(problem)).tolist()
    away = [f"{problem.agents[j].name} ({why_not_here(problem, j, zone)})" for j in missing]
    return f"Not here: {few(away, MOST_AWAY)}." if away else ""

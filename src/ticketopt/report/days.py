"""The plan as days: every agent's tickets in order of urgency, and how full the day is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ticketopt.planning.result import Result
from ticketopt.problem.fields import spelled
from ticketopt.problem.held import held_levels
from ticketopt.problem.problem import Problem
from ticketopt.report.presence import is_here
from ticketopt.report.wording import counted
from ticketopt.triage import level_of

__all__ = ["Day", "Entry", "days", "entry_of", "most_urgent_first"]

SHOWN_SKILLS = 2


@dataclass(frozen=True, slots=True)
class Entry:
    """A ticket on the page.

    Attributes
    ----------
    ticket_id, title : the user's own. level : critical, high, medium or low. agent : whose it is, empty while it waits.
    why : a few words on why it goes there. waits : seconds since it came in, None where nobody knows.
    """

    i: int
    ticket_id: str
    title: str
    level: str
    agent: str
    why: str
    waits: float | None


@dataclass(frozen=True, slots=True)
class Day:
    """An agent's day.

    Attributes
    ----------
    j : position in the team. title : "Ada's day". words : how full it is.
    before, new, limit : units held before, units that the plan adds, and the most there can be (None: no limit).
    entries : the tickets that the plan gives, most urgent first.
    """

    j: int
    name: str
    title: str
    words: str
    before: int
    new: int
    limit: int | None
    entries: tuple[Entry, ...]

    @property
    def after(self) -> int:
        """Units after the plan."""
        return self.before + self.new

    @property
    def is_full(self) -> bool:
        """Whether there is no room left."""
        return self.limit is not None and self.after >= self.limit


def most_urgent_first(problem: Problem) -> list[int]:
    """Positions of all tickets, most urgent first, of the equally urgent those that have waited longest."""
    rows = np.arange(problem.n_tickets)
    return [int(i) for i in np.lexsort((rows, problem.waiting_since, -problem.urgency))]


def days(result: Result, order: list[int]) -> list[Day]:
    """The day of everybody who is here or is given work, by name; `order` are the tickets, most urgent first."""
    problem, here = result.problem, is_here(result.problem)
    mine: list[list[Entry]] = [[] for _ in problem.agents]
    for i in order:
        if result.assignment[i] >= 0:
            mine[result.assignment[i]].append(entry_of(result, i))
    found = [
        Day(
            j,
            load.name,
            f"{load.name}'s day",
            _how_full(load.before, load.assigned, load.capacity, len(mine[j])),
            load.before,
            load.assigned,
            load.capacity,
            tuple(mine[j]),
        )
        for j, load in enumerate(result.loads)
        if here[j] or mine[j]
    ]
    return sorted(found, key=lambda day: (day.name.casefold(), day.j))


def _how_full(before: int, new: int, limit: int | None, n_tickets: int) -> str:
    after = before + new
    units = "" if new == n_tickets else f" ({new} units of work)"
    given = f"{counted(n_tickets, 'new ticket')}{units}, {before or 'nothing'} open before"
    if limit is None:
        return f"{given}: {after} in all."
    full = " A full day." if after == limit else " More than a full day." if after > limit else ""
    return f"{given}: {after} of {limit}.{full}"


def entry_of(result: Result, i: int) -> Entry:
    """What the page shows of one ticket."""
    problem, decision = result.problem, result.decisions[i]
    ticket, created = problem.tickets[i], problem.tickets[i].creation_timestamp
    return Entry(
        i,
        str(ticket.ticket_id),
        ticket.title.strip(),
        level_of(decision.reading.urgency),
        decision.agent_name or "",
        _why(problem, i, int(result.assignment[i])),
        None if created is None or created >= problem.now else problem.now - created,
    )


def _why(problem: Problem, i: int, j: int) -> str:
    """What speaks for this agent, in a few words."""
    if j < 0:
        return ""
    ticket, agent = problem.tickets[i], problem.agents[j]
    if str(agent.agent_id) == str(ticket.pinned_agent):
        return "meant for this person"
    held = {spelled(name): level for name, level in held_levels(agent, problem.policy).items()}
    skills = problem.raised_readings[i].skills
    wanted = sorted(skills, key=lambda name: (-skills[name], name))[:SHOWN_SKILLS]
    known = [f"{name} {held[spelled(name)]:g}/10" for name in wanted if held.get(spelled(name), 0) > 0]
    parts = [", ".join(known) if known else f"new to {wanted[0]}"] if wanted else []
    previous = problem.agent_of(ticket.previous_agent)
    if previous >= 0:
        parts.append("had it before" if previous == j else f"was with {problem.agents[previous].name}")
    return "; ".join(parts)

"""Why a ticket waits, in a team lead's words, and which tickets came first."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, tzinfo

import numpy as np

from ticketopt._types import Bool, Int
from ticketopt.explain.precedence import who_came_first
from ticketopt.explain.rationale import listed
from ticketopt.planning.result import Result
from ticketopt.problem.fields import spelled
from ticketopt.report.days import Entry, entry_of
from ticketopt.report.presence import is_here, why_not_here
from ticketopt.report.wording import counted, few

__all__ = ["Looked", "SameReason", "Waiting", "by_reason", "waiting_tickets"]

MOST_ALIKE = 8
"""So many tickets that wait for the same reason are listed with it; the others are counted."""

NOT_HERE = ("unavailable", "off_shift")
"""Reasons of pairs whose agent is away, or not in the middle of a shift."""

CAME_FIRST = {
    "more urgent": "more urgent",
    "as urgent, waiting longer": "as urgent and waiting longer",
    "smaller": "less work",
    "as urgent, cheaper to serve": "as urgent and a better fit",
    "no different": "no different from this",
}
"""Why a ticket came before another, as the page says it."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A ticket that waits.

    Attributes
    ----------
    i : its position. why : a sentence or two.
    first : (why they came first, positions of tickets); others : how many more came first.
    """

    i: int
    why: str
    first: tuple[tuple[str, tuple[int, ...]], ...] = ()
    others: int = 0


def waiting_tickets(looked: Looked) -> list[Waiting]:
    """All tickets that wait, most urgent first, of the equally urgent those that have waited longest."""
    result, problem = looked.result, looked.result.problem
    missing = np.flatnonzero(result.assignment < 0)
    order = missing[np.lexsort((missing, problem.waiting_since[missing], -problem.urgency[missing]))]
    return [_waiting(looked, i) for i in order.tolist()]


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """A result, (n, A) which pairs each rule allows by the rule's reason code, and the zone of times."""

    result: Result
    masks: dict[str, Bool]
    zone: tzinfo = UTC

    @classmethod
    def of(cls, result: Result, zone: tzinfo = UTC) -> Looked:
        masks: dict[str, Bool] = {}
        for rule in result.constraints.values() if len(result.unassigned) else ():
            mask = rule.mask(result.problem)
            if mask is not None:
                masks[rule.reason] = masks[rule.reason] & mask if rule.reason in masks else mask
        return cls(result, masks, zone)

    def but_for(self, reasons: Collection[str], i: int) -> Int:
        """Agents whom every rule but those of some reasons lets take ticket `i`."""
        open_to = np.ones(self.result.problem.n_agents, dtype=np.bool_)
        for code, mask in self.masks.items():
            if code not in reasons:
                open_to &= mask[i]
        return np.flatnonzero(open_to)

    def names(self, agents: Int) -> str:
        return few([self.result.problem.agents[j].name for j in agents.tolist()])


@dataclass(frozen=True, slots=True)
class SameReason:
    """Tickets that wait for the same reason.

    Attributes
    ----------
    entries : the most urgent ones; more : how many more there are. why : the reason.
    first : (why they came first, ids of tickets); others : how many more came first.
    """

    entries: list[Entry]
    more: int
    why: str
    first: list[tuple[str, list[str]]]
    others: int

    @property
    def came_first(self) -> str:
        """Who came first, as a sentence; empty where nobody did."""
        if not self.first:
            return ""
        parts = "; ".join(f"{listed(ids)} ({why})" for why, ids in self.first)
        others = f" and {counted(self.others, 'other')}" if self.others else ""
        return f"{parts}{others} came first."


def by_reason(looked: Looked, waiting: list[Waiting]) -> list[SameReason]:
    """Every reason once, in the order of its most urgent ticket."""
    result = looked.result
    ids = [str(ticket.ticket_id) for ticket in result.problem.tickets]
    same: dict[tuple[object, ...], list[Waiting]] = {}
    for row in waiting:
        same.setdefault((row.why, row.first, row.others), []).append(row)
    return [
        SameReason(
            [entry_of(result, row.i) for row in rows[:MOST_ALIKE]],
            max(0, len(rows) - MOST_ALIKE),
            rows[0].why,
            [(why, [ids[k] for k in held]) for why, held in rows[0].first],
            rows[0].others,
        )
        for rows in same.values()
    ]


def _waiting(looked: Looked, i: int) -> Waiting:
    result = looked.result
    decision = result.decisions[i]
    reason = decision.reason or ""
    if reason == "no_capacity":
        return _no_room(result, i)
    say = _SAID.get(reason)
    reasons = NOT_HERE if reason in NOT_HERE else (reason,)
    words = "" if say is None else say(looked, i, looked.but_for(reasons, i))
    return Waiting(i, words or decision.rationale)


def _no_room(result: Result, i: int) -> Waiting:
    problem, model = result.problem, result.model
    eligible = np.flatnonzero(model.allowed[i])
    units = model.effort_at(np.full(len(eligible), i), eligible)
    who = f"Only {problem.agents[eligible[0]].name} can take this" if len(eligible) == 1 else ""
    if bool((problem.free[eligible] < units).all()):
        had = f"{who}, and had no room" if who else f"{_none_of(len(eligible))} people who can take this had room"
        return Waiting(i, f"{had} for it even before this plan.")
    is_small = int(units.max()) == int(model.least_effort.min())
    full = "and has a full day" if is_small else "and has no room left for so much work"
    crowd = "have a full day" if is_small else "have too little room left for so much work"
    everybody = "Both people" if len(eligible) == 2 else f"All {len(eligible):,} people"
    why = f"{who}, {full}." if who else f"{everybody} who can take this {crowd}."
    holders = np.flatnonzero((result.assignment >= 0) & model.allowed[i][np.maximum(result.assignment, 0)])
    found = who_came_first(problem, model, result.assignment, i, holders)
    return Waiting(i, why, tuple((CAME_FIRST[claim], held) for claim, held in found.shown), found.others)


def _none_of(count: int) -> str:
    return "Neither of the two" if count == 2 else f"None of the {count:,}"


def _away(looked: Looked, i: int, agents: Int) -> str:
    if not len(agents):
        return ""
    problem = looked.result.problem
    if len(agents) == 1:
        j = int(agents[0])
        why = why_not_here(problem, j, looked.zone)
        return f"Only {problem.agents[j].name} can take this, and is not here ({why})."
    return f"{_none_of(len(agents))} people who can take this is here: {looked.names(agents)}."


def _meant(looked: Looked, i: int) -> str:
    """`Meant for Ada only`, where it is meant for somebody of the team; else nothing."""
    problem = looked.result.problem
    j = problem.agent_of(problem.tickets[i].pinned_agent)
    return f"Meant for {problem.agents[j].name} only" if j >= 0 else ""


def _language(looked: Looked, i: int, agents: Int) -> str:
    language = looked.result.problem.tickets[i].language
    if meant := _meant(looked, i):
        return f"{meant}, who does not speak {language}."
    speak = [agent for agent in looked.result.problem.agents if _speaks(agent.languages, str(language))]
    if not speak:
        return f"Written in {language}, which nobody on the team speaks."
    return f"Written in {language}, and nobody who could otherwise take this speaks it."


def _speaks(languages: tuple[str, ...], language: str) -> bool:
    return not languages or spelled(language) in map(spelled, languages)


def _skill(looked: Looked, i: int, agents: Int) -> str:
    problem = looked.result.problem
    ticket = problem.tickets[i]
    needs = {name: level for name, level in ticket.requires.items() if level > 0}
    levels = few([f"{name} at level {level:g}" for name, level in needs.items()])
    if meant := _meant(looked, i):
        return f"{meant}, who does not know {levels}."
    words = f"Needs {levels}"
    if not len(agents):
        place = f" in {ticket.group}" if ticket.group else ""
        tongue = f", written in {ticket.language}" if ticket.language else ""
        return f"{words}{place}{tongue}; nobody who is here can do all of that."
    said = f"{words}, and nobody here who could otherwise take this knows {'it' if len(needs) == 1 else 'all that'}"
    column = problem.skill_index[spelled(next(iter(needs)))]
    best = int(agents[problem.skill_level[agents, column].argmax()])
    level = problem.skill_level[best, column]
    if len(needs) > 1 or not level:
        return f"{said}."
    return f"{said} well enough; {problem.agents[best].name} comes closest with level {level:g}."


def _match(looked: Looked, i: int, agents: Int) -> str:
    skills = looked.result.problem.raised_readings[i].skills
    wanted = sorted(skills, key=lambda name: (-skills[name], name))
    if not wanted:
        return ""
    if meant := _meant(looked, i):
        return f"{meant}, who knows too little of {few(wanted)}."
    return f"Wants {few(wanted)}, and nobody here who could otherwise take this knows enough of that."


def _group(looked: Looked, i: int, agents: Int) -> str:
    group = looked.result.problem.tickets[i].group
    if meant := _meant(looked, i):
        return f"{meant}, who does not belong to {group}."
    if not any(spelled(str(group)) in map(spelled, agent.all_groups) for agent in looked.result.problem.agents):
        return f"For {group}, and nobody on the team belongs to that group."
    return f"For {group}, and nobody in that group can take this now."


def _excluded(looked: Looked, i: int, agents: Int) -> str:
    ticket = looked.result.problem.tickets[i]
    if meant := _meant(looked, i):
        return f"{meant}, who may not take it."
    if ticket.pinned_agent is not None:
        return f"Meant for {ticket.pinned_agent} only, who is not on the team."
    return f"Not for {looked.names(agents)}, and nobody else can take this." if len(agents) else ""


def _shift(looked: Looked, i: int, agents: Int) -> str:
    here = agents[is_here(looked.result.problem)[agents]]
    if not len(here):
        return _away(looked, i, agents)
    return f"Does not fit into the shift of {looked.names(here)}, and nobody else can take this."


def _no_team(looked: Looked, i: int, agents: Int) -> str:
    return "There is nobody on the team."


def _no_time(looked: Looked, i: int, agents: Int) -> str:
    return "There is room; the time for planning ended before a place was found. Plan again with more time."


_SAID: dict[str, Callable[[Looked, int, Int], str]] = {
    "unavailable": _away,
    "no_language": _language,
    "no_skill": _skill,
    "no_match": _match,
    "no_group": _group,
    "excluded": _excluded,
    "off_shift": _shift,
    "no_agents": _no_team,
    "time_limit": _no_time,
}
"""What is said of a ticket left out, by its reason code; of any other reason, the plan's own words."""

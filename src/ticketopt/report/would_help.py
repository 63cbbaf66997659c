"""What would help the tickets that wait: whole people, tickets spread over many, somebody who comes back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ticketopt._types import Bool
from ticketopt.explain.bottleneck import alike, left_out_by_group
from ticketopt.explain.rationale import listed
from ticketopt.explain.short_groups import Group, groups, units_to_add
from ticketopt.model.objective import loads
from ticketopt.planning.result import Result
from ticketopt.problem.fields import spelled
from ticketopt.problem.problem import Problem
from ticketopt.problem.records import MAX_LEVEL
from ticketopt.report.presence import is_here, why_not_here
from ticketopt.report.waiting import NOT_HERE, Looked
from ticketopt.report.wording import counted, few

__all__ = ["Help", "ShortSkill", "helps", "short_skills"]

EXTRA_SHARE = 4
"""Nobody is asked for more than one part in so many of a usual day on top; of one ticket in any case."""

MANY_MORE = 10
"""More new people than one for so many of the team are no advice: then there is simply too much work."""

MOST_SKILLS = 3

MOST_NAMED = 3
"""So many tickets are named, more are counted."""

LACKS_SKILLED = ("no_capacity", "no_skill", "no_match", "unavailable")
"""Reasons of tickets that somebody with the same skills would have taken."""


NOT_PEOPLE = ("limit", "time_limit")
"""Reasons of tickets that more people would not help for sure."""

LIFT = "Raise the limit for today, or leave them for the next plan."


@dataclass(frozen=True, slots=True)
class Help:
    """What tickets wait for, and what would help.

    Attributes
    ----------
    tickets : positions of those that wait. what : a sentence about them. ways : what would help, each a sentence.
    """

    tickets: tuple[int, ...]
    what: str
    ways: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShortSkill:
    """A skill that waiting tickets want.

    Attributes
    ----------
    waiting : how many of them, of those for whom nobody who knows it well enough has room left.
    people : how many of those who are here know it well enough for at least one of these; all have a full day.
    """

    name: str
    waiting: int
    people: int


def helps(looked: Looked) -> list[Help]:
    """What would help, most tickets first; found by counting who may take what, without solving anything again."""
    result = looked.result
    if not result.unassigned:
        return []
    found = left_out_by_group(result.model, result.assignment, groups(result.model, alike(result.problem)))
    parts, meant = [], []
    for group, left_out in found.items():
        mine = [i for i in left_out if result.decisions[i].reason not in NOT_PEOPLE]
        theirs = [i for i in mine if _is_meant_for_one(result.problem, i)]
        meant += theirs
        if mine := [i for i in mine if i not in theirs]:
            units = min(group.short - 1, int(result.model.effort[theirs].sum()))
            rest = replace(group, counted=group.counted + max(0, units))
            parts.append(Help(tuple(mine), _what(looked, rest, mine), tuple(_ways(looked, rest, mine))))
    if meant:
        parts.append(_meant(result.problem, sorted(meant)))
    limited = [i for i, decision in enumerate(result.decisions) if decision.reason == "limit"]
    if limited:
        parts.append(Help(tuple(limited), f"{_wait(result.problem, limited)} for a limit, not for people.", (LIFT,)))
    return sorted(parts, key=lambda part: (-len(part.tickets), part.tickets))


def short_skills(looked: Looked, most: int) -> list[ShortSkill]:
    """The skills that most of the waiting tickets want."""
    result, problem = looked.result, looked.result.problem
    has_room = (problem.free - loads(result.model, result.assignment)) > 0
    levels: dict[int, list[float]] = {}
    for i in np.flatnonzero(result.assignment < 0).tolist():
        if result.decisions[i].reason in LACKS_SKILLED:
            for column, level in _wanted(problem, i).items():
                if not (_knows(problem, column, level) & has_room).any():
                    levels.setdefault(column, []).append(level)
    names = problem.skill_names
    found = [(names[s], len(asked), int(_knows(problem, s, min(asked)).sum())) for s, asked in levels.items()]
    return [ShortSkill(*row) for row in sorted(found, key=lambda row: (-row[1], row[0]))[:most]]


def _is_meant_for_one(problem: Problem, i: int) -> bool:
    return problem.agent_of(problem.tickets[i].pinned_agent) >= 0


def _meant(problem: Problem, mine: Sequence[int]) -> Help:
    """Tickets that only the people for whom they are meant may take: nobody new would help."""
    if len(mine) == 1:
        who, way = "person it is", "Let somebody else take it, or ask that person to take it on top."
    else:
        who, way = "people they are", "Let others take them, or ask these people to take them on top."
    return Help(tuple(mine), f"{_wait(problem, mine)} for the {who} meant for.", (way,))


def _knows(problem: Problem, column: int, level: float) -> Bool:
    """(A,) who is here and knows a skill at this level, at any where it is 0."""
    held = problem.skill_level[:, column]
    return (held > 0) & (held >= level) & is_here(problem)


def _wanted(problem: Problem, i: int) -> dict[int, float]:
    """The skills that a ticket requires and their levels; where it requires none, the one that it wants most.

    The level of that is the one at which somebody who knows nothing else matches enough.
    """
    needs = {name: level for name, level in problem.tickets[i].requires.items() if level > 0}
    skills = problem.raised_readings[i].skills
    wanted = needs or dict.fromkeys(
        sorted(skills, key=lambda name: (-skills[name], name))[:1], MAX_LEVEL * problem.policy.min_match
    )
    return {problem.skill_index[spelled(name)]: level for name, level in wanted.items()}


def _what(looked: Looked, group: Group, mine: Sequence[int]) -> str:
    problem, n = looked.result.problem, len(mine)
    wait = _wait(problem, mine)
    needs = _needs(problem, mine)
    if not group.agents:
        return (
            f"{wait} for {f'somebody {needs}' if needs else 'somebody who may take ' + ('it' if n == 1 else 'them')}."
        )
    names = [problem.agents[j].name for j in group.agents]
    full = f"{names[0]} has a full day" if len(names) == 1 else f"{few(names)} have full days"
    if len(names) == int(is_here(problem).sum()):
        return f"{wait} because everybody who is here has a full day."
    return f"{wait} because {full}, and nobody else can take {'it' if n == 1 else 'them'}."


def _wait(problem: Problem, mine: Sequence[int]) -> str:
    """`T-1 and T-2 wait`, or `12 tickets wait`."""
    ids = [str(problem.tickets[i].ticket_id) for i in mine]
    return (
        f"{listed(ids) if len(ids) <= MOST_NAMED else f'{len(ids):,} tickets'} {'waits' if len(ids) == 1 else 'wait'}"
    )


def _ways(looked: Looked, group: Group, mine: Sequence[int]) -> Iterator[str]:
    yield from _back(looked, mine)
    yield from _extra(looked.result, group, mine)
    yield from _people(looked.result, group, mine)
    yield from _closest(looked, group, mine)


def _back(looked: Looked, mine: Sequence[int]) -> Iterator[str]:
    """The two who are not here and could take most of them."""
    problem, here = looked.result.problem, is_here(looked.result.problem)
    could = Counter(
        j
        for i in mine
        for j in looked.but_for(NOT_HERE, i).tolist()
        if not here[j] and problem.free[j] >= problem.units(i, j)
    )
    for j, count in sorted(could.items(), key=lambda item: (-item[1], item[0]))[:2]:
        agent, most = problem.agents[j], min(count, int(problem.free[j]))
        what = "it" if len(mine) == 1 else f"{'one' if most == 1 else f'{most:,}'} of them"
        yield f"{agent.name} could take {what}, but is not here ({why_not_here(problem, j, looked.zone)})."


def _extra(result: Result, group: Group, mine: Sequence[int]) -> Iterator[str]:
    """A little more from each of those who may take them, where that is enough."""
    problem, most = result.problem, max(1, _usual(result.problem) // EXTRA_SHARE)
    limited = [j for j in group.agents if problem.capacity[j] is not None]
    if group.short > most * len(limited):
        return
    more = units_to_add(result.model, limited, group.short)
    if more is None or int(more.max()) > most:
        return
    asked = np.flatnonzero(more).tolist()
    names, least, highest = few([problem.agents[j].name for j in asked]), int(more[asked].min()), int(more.max())
    amount = (
        _pieces(result, highest, "more ") if least == highest else f"{least} to {_pieces(result, highest, 'more ')}"
    )
    total = f" each; that is room for {_pieces(result, group.short)}" if len(asked) > 1 else ""
    yield f"Ask {names} to take {amount}{total}."


def _people(result: Result, group: Group, mine: Sequence[int]) -> Iterator[str]:
    problem, usual = result.problem, _usual(result.problem)
    count, team = -(-group.short // usual), int(is_here(problem).sum())
    more = "one more person" if count == 1 else f"{count:,} more people"
    if count > max(1, team // MANY_MORE) and group.agents:
        yield (
            f"There is more work than they can do at once: all of it would take {more}. "
            "What is least urgent waits for the next plan."
        )
        return
    needs = _needs(problem, mine, people=count)
    room = f", with room for {_pieces(result, usual)} each" if count > 1 else ""
    yield f"{more[0].upper()}{more[1:]}{f' {needs}' if needs else ''}{room}."


def _closest(looked: Looked, group: Group, mine: Sequence[int]) -> Iterator[str]:
    """Who of those here comes closest to the one skill that a ticket asks for."""
    problem = looked.result.problem
    needs = {spelled(name): name for i in mine for name, level in problem.tickets[i].requires.items() if level > 0}
    if group.agents or len(needs) != 1:
        return
    column = problem.skill_index[next(iter(needs))]
    here = [j for i in mine for j in looked.but_for(("no_skill",), i).tolist()]
    best = max(here, key=lambda j: (problem.skill_level[j, column], -j), default=None)
    if best is not None and problem.skill_level[best, column] > 0:
        name, level = problem.agents[best].name, problem.skill_level[best, column]
        what, skill = "it" if len(mine) == 1 else "them", problem.skill_names[column]
        yield f"Or let {name}, who knows {skill} at level {level:g}, take {what} with some help."


def _needs(problem: Problem, mine: Sequence[int], *, people: int = 1) -> str:
    """Whom tickets need: skills, a language, a team, as far as they agree or a few say it; said of so many people."""
    tickets = [problem.tickets[i] for i in mine]
    levels: dict[int, float] = {}
    counts: Counter[int] = Counter()
    for i in mine:
        if problem.tickets[i].requires or problem.policy.min_match:
            for column, level in _wanted(problem, i).items():
                levels[column] = max(level, levels.get(column, 0.0))
                counts[column] += 1
    names = {column: problem.skill_names[column] for column in counts}
    wanted = sorted(counts, key=lambda key: (-counts[key], key))
    knows, speaks, are = ("knows", "speaks", "is") if people == 1 else ("know", "speak", "are")
    parts = []
    if wanted and all(counts[key] == len(tickets) for key in wanted):
        parts.append(f"{knows} {listed([f'{names[key]} at level {levels[key]:g}' for key in wanted])}")
    elif wanted:
        parts.append(f"{knows} {_or([names[key] for key in wanted[:MOST_SKILLS]])}")
    for verb, values in (
        (speaks, [ticket.language for ticket in tickets]),
        (f"{are} in", [ticket.group for ticket in tickets]),
    ):
        if len(set(values)) == 1 and values[0]:
            parts.append(f"{verb} {values[0]}")
    return f"who {listed(parts)}" if parts else ""


def _or(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _usual(problem: Problem) -> int:
    """The median of what those who are here and have a limit can hold, at least 1."""
    limits: Iterable[int] = (
        limit for limit, here in zip(problem.capacity, is_here(problem), strict=True) if here and limit
    )
    known = list(limits)
    return max(1, int(np.median(known))) if known else 1


def _pieces(result: Result, units: int, more: str = "") -> str:
    """So many tickets, or units of work where tickets differ in effort."""
    model = result.model
    is_unit = not model.has_pair_effort and int(model.effort.max(initial=1)) == 1
    return counted(units, f"{more}ticket") if is_unit else counted(units, f"{more}unit of work", f"{more}units of work")

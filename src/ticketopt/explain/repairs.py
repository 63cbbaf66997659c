"""What would remove a shortage: slots, agents to make available, a level to relax, more people. Each is tried first."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from ticketopt._types import Int
from ticketopt.explain.rationale import listed
from ticketopt.explain.short_groups import Group, shortage, units_to_add
from ticketopt.explain.solver import Solver
from ticketopt.formulation.formulate import Tables
from ticketopt.model.assignment import AssignmentModel
from ticketopt.problem.fields import spelled
from ticketopt.problem.problem import Problem
from ticketopt.problem.records import MAX_LEVEL, Agent, Id

__all__ = ["Repair", "Trial", "repairs"]


SHOWN_NAMES = 8

MOST_COMBINED = 3
"""Agents are tried in groups of up to this many; more are collected one by one."""

MOST_TRIED = 300
"""So many combinations of agents are counted through at most."""


@dataclass(frozen=True, slots=True)
class Repair:
    """A change of the input after which a group is no longer short; verified by solving.

    Attributes
    ----------
    kind : "slots" (agent -> free units to add), "availability" (agents to make available), "level" (a skill and the
        highest level to require of the group's tickets) or "people" (new ones who may take the group's tickets).
    size : units, agents, tickets whose requirement is lowered, or people.
    agents : agent id -> units to add ("slots"), or free units it would bring ("availability"); empty otherwise.
    skill, level : for "level"; None otherwise.
    unassigned : tickets left out before and after.
    words : the repair as a sentence.
    problem : the repaired problem.
    """

    kind: str
    size: int
    agents: Mapping[Id, int]
    skill: str | None
    level: float | None
    unassigned: tuple[int, int]
    words: str
    problem: Problem = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Trial:
    """How to try a repair out.

    Attributes
    ----------
    tables : what makes its model.
    solver : what solves that; at its deadline nothing more is tried.
    """

    tables: Tables
    solver: Solver


def repairs(
    problem: Problem, model: AssignmentModel, assignment: Int, group: Group, trial: Trial
) -> tuple[Repair, ...]:
    """The cheapest repair of each kind that there is, found by counting units and then checked by solving.

    A repair counts only if solving the repaired problem leaves out at least as many units fewer as the group is short.
    """
    fixed = _with_capacities(problem)
    missing = int(model.least_effort[assignment < 0].sum())
    before = int((assignment < 0).sum())
    found: list[Repair] = []
    for kind in (_slots, _availability, _level, _people, _many_slots):
        if trial.solver.deadline.is_over or (kind is _many_slots and found):
            break
        for candidate in kind(fixed, model, group, trial):
            solved = trial.solver.solve(trial.tables.formulate(candidate.problem), parts=2)
            if solved is None:
                break
            after = solved[0]
            if missing - int(model.least_effort[after < 0].sum()) >= group.short:
                found.append(replace(candidate, unassigned=(before, int((after < 0).sum()))))
                break
    return tuple(found)


def _with_capacities(problem: Problem) -> Problem:
    """The same problem with every capacity written out, so that changing one agent changes no other's."""
    agents = [
        agent if limit is None else replace(agent, capacity=limit)
        for agent, limit in zip(problem.agents, problem.capacity, strict=True)
    ]
    return replace(problem, agents=agents)


def _slots(problem: Problem, model: AssignmentModel, group: Group, trial: Trial) -> Iterator[Repair]:
    """Free units for the group's own agents; nobody is offered more than the whole capacity of a usual person."""
    return _spread_slots(problem, model, group, most=_usual_capacity(problem))


def _many_slots(problem: Problem, model: AssignmentModel, group: Group, trial: Trial) -> Iterator[Repair]:
    """As many free units as it takes, where nobody else could help."""
    return _spread_slots(problem, model, group, most=group.short)


def _spread_slots(problem: Problem, model: AssignmentModel, group: Group, most: int) -> Iterator[Repair]:
    """Free units spread over the group's agents, at most so many for one; whole tickets may need a few more."""
    limited = [j for j in group.agents if problem.agents[j].capacity is not None]
    needed = units_to_add(model, limited, group.short)
    spare = int(model.effort.max(initial=1)) - 1
    for beyond in (0, spare) if spare else (0,):
        if needed is None or int(needed.max()) > most:
            return
        more = {j: units + beyond for j, units in enumerate(needed.tolist()) if units}
        agents = list(problem.agents)
        for j, units in more.items():
            agents[j] = replace(agents[j], capacity=agents[j].current_load + int(problem.free[j]) + units)
        names = _few([f"{units} for {agents[j].name}" for j, units in more.items()])
        total = sum(more.values())
        words = f"Add {total} free {'unit' if total == 1 else 'units'}: {listed(names)}."
        ids = {agents[j].agent_id: units for j, units in more.items()}
        yield _repair("slots", total, ids, words, replace(problem, agents=agents))


def _usual_capacity(problem: Problem) -> int:
    """The median capacity of those who work now and have one, at least 1."""
    new_id = [limit for limit, here in zip(problem.capacity, problem.is_available, strict=True) if here and limit]
    return max(1, int(np.median(new_id))) if new_id else 1


def _people(problem: Problem, model: AssignmentModel, group: Group, trial: Trial) -> Iterator[Repair]:
    """As many more people of usual capacity as the shortage fills, with what the group's tickets require."""
    levels: dict[str, tuple[str, float]] = {}
    tickets = [problem.tickets[i] for i in group.tickets]
    enough = MAX_LEVEL * problem.policy.min_match
    for i, ticket in zip(group.tickets, tickets, strict=True):
        wanted = dict.fromkeys(problem.raised_readings[i].skills, enough)
        for skill, lowest in (*ticket.requires.items(), *wanted.items()):
            name, known = levels.get(spelled(skill), (skill, 0.0))
            levels[spelled(skill)] = name, max(known, lowest)
    skills = {name: level for name, level in levels.values() if level > 0}
    languages = tuple(dict.fromkeys(ticket.language for ticket in tickets if ticket.language))
    groups = tuple(dict.fromkeys(ticket.group for ticket in tickets if ticket.group))
    usual = _usual_capacity(problem)
    fewest = -(-group.short // usual)
    for count in (fewest, fewest + 1) if model.effort.max(initial=1) > 1 else (fewest,):
        taken = {str(agent.agent_id) for agent in problem.agents}
        ids = itertools.islice((new_id for k in itertools.count(1) if (new_id := f"new {k}") not in taken), count)
        new = [
            Agent(agent_id=new_id, skills=skills, capacity=usual, languages=languages, groups=groups) for new_id in ids
        ]
        what = listed([f"{name} {level:g}" for name, level in skills.items()][:SHOWN_NAMES]) if skills else ""
        speaks = f" speaking {listed(list(languages))}" if languages else ""
        member = f" in {listed(list(groups))}" if groups else ""
        who = f"{count} {'person' if count == 1 else 'people'}{f' with {what}' if what else ''}{speaks}{member}"
        room = f"{usual} free {'unit' if usual == 1 else 'units'}{' each' if count > 1 else ''}"
        yield _repair("people", count, {}, f"Add {who} ({room}).", replace(problem, agents=[*problem.agents, *new]))


def _availability(problem: Problem, model: AssignmentModel, group: Group, trial: Trial) -> Iterator[Repair]:
    """The fewest agents who do not work now, and could take enough of the group."""
    everybody = trial.tables.formulate(_available(problem, range(problem.n_agents)))
    helps = everybody.allowed[list(group.tickets)].any(axis=0) & (everybody.capacity > 0)
    away = [j for j in np.flatnonzero(helps).tolist() if not model.allowed[:, j].any()]
    away.sort(key=lambda j: (-int(everybody.capacity[j]), j))
    goal = shortage(model) - group.short
    for chosen in _combinations(away):
        if trial.solver.deadline.is_over:
            return
        if everybody.capacity[list(chosen)].sum() < group.short:
            continue
        changed = _available(problem, chosen)
        if shortage(trial.tables.formulate(changed)) <= goal:
            ids = {problem.agents[j].agent_id: int(everybody.capacity[j]) for j in chosen}
            names = _few([f"{problem.agents[j].name} ({_free(everybody.capacity[j])})" for j in chosen])
            yield _repair("availability", len(chosen), ids, f"Make {listed(names)} available.", changed)
            return


def _combinations(away: list[int]) -> Iterator[tuple[int, ...]]:
    """Small combinations first, then ever longer lists of the freest."""
    small = (c for size in range(1, MOST_COMBINED + 1) for c in itertools.combinations(away, size))
    yield from itertools.islice(small, MOST_TRIED)
    yield from (tuple(away[:size]) for size in range(MOST_COMBINED + 1, len(away) + 1))


def _available(problem: Problem, chosen: Iterator[int] | range | tuple[int, ...]) -> Problem:
    """The problem with the chosen agents available, and their shifts open."""
    agents = list(problem.agents)
    for j in chosen:
        agents[j] = replace(agents[j], availability_status="available", shift_start=None, shift_end=None)
    return replace(problem, agents=agents)


def _level(problem: Problem, model: AssignmentModel, group: Group, trial: Trial) -> Iterator[Repair]:
    """The highest level to require of one skill with which enough of the group fits in; most-held skills first."""
    goal, options = shortage(model) - group.short, []
    required = problem.required[list(group.tickets)]
    for s in np.flatnonzero(required.any(axis=0)).tolist():
        held = np.unique(problem.skill_level[problem.is_available, s])
        for level in held[held < required[:, s].max()][::-1].tolist():
            if trial.solver.deadline.is_over:
                break
            changed = _relaxed(problem, group, s, level)
            if shortage(trial.tables.formulate(changed)) <= goal:
                options.append((int((required[:, s] > level).sum()), s, level, changed))
                break
    for size, s, level, changed in sorted(options, key=lambda option: option[:2]):
        name = problem.skill_names[s]
        words = f"Require {name} {level:g} at most of {size} {'ticket' if size == 1 else 'tickets'}."
        yield replace(_repair("level", size, {}, words, changed), skill=name, level=level)


def _relaxed(problem: Problem, group: Group, s: int, level: float) -> Problem:
    """The problem in which no ticket of the group requires more than `level` of a skill."""
    key, tickets = spelled(problem.skill_names[s]), list(problem.tickets)
    for i in group.tickets:
        lowered = {
            skill: min(lowest, level) if spelled(skill) == key else lowest
            for skill, lowest in tickets[i].requires.items()
        }
        tickets[i] = replace(tickets[i], requires=lowered)
    return replace(problem, tickets=tickets)


def _few(names: list[str]) -> list[str]:
    """The first names, and how many more there are."""
    more = len(names) - SHOWN_NAMES
    return [*names[:SHOWN_NAMES], f"{more} more"] if more > 1 else names


def _repair(kind: str, size: int, agents: Mapping[Id, int], words: str, changed: Problem) -> Repair:
    return Repair(kind, size, agents, None, None, (0, 0), words, changed)


def _free(units: int) -> str:
    return "1 free unit" if units == 1 else f"{units} free units"

"""Over-subscribed groups in the user's ids and in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ticketopt._html import paragraph, table
from ticketopt._types import Int
from ticketopt.explain.repairs import Repair
from ticketopt.explain.short_groups import Group, group_of
from ticketopt.formulation.constraints import Constraint
from ticketopt.model.assignment import AssignmentModel
from ticketopt.problem.fields import spelled
from ticketopt.problem.problem import Problem
from ticketopt.problem.records import Id

__all__ = ["Bottleneck", "alike", "bottleneck", "left_out_by_group"]


SHOWN_SKILLS = 3
SHOWN_NAMES = 5


@dataclass(frozen=True, slots=True, repr=False)
class Bottleneck:
    """Tickets that ask for more than the only agents who may take them can give.

    Attributes
    ----------
    ticket_ids : all tickets of the group, assigned or not. agent_ids : the only agents who may take them.
    demand, free, short : units that the tickets take, that the agents have, and that no plan can serve. Each unit of
        shortage is counted with one group only, so all groups together are short by the whole shortage.
    counted : units of `demand - free` that stand with other groups, which share tickets with this one.
    skills : skill that tickets of the group require -> number of these tickets, most frequent first.
    rules : the rules that keep other agents out, by name.
    left_out : tickets that the plan leaves out and for which this is the smallest group.
    repairs : the cheapest of each kind, each verified by solving.
    words : the shortage as a sentence.
    """

    ticket_ids: tuple[Id, ...]
    agent_ids: tuple[Id, ...]
    demand: int
    free: int
    short: int
    counted: int
    skills: Mapping[str, int]
    rules: tuple[str, ...]
    left_out: tuple[Id, ...]
    repairs: tuple[Repair, ...]
    words: str

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        names = ("demand", "free", "short", "counted", "words")
        return {
            "ticket_ids": list(self.ticket_ids),
            "agent_ids": list(self.agent_ids),
            **{name: getattr(self, name) for name in names},
            "skills": dict(self.skills),
            "rules": list(self.rules),
            "left_out": list(self.left_out),
            "repairs": [_repair_dict(repair) for repair in self.repairs],
        }

    def _repr_html_(self) -> str:
        rows = [(r.kind, r.size, r.words, f"{r.unassigned[0]} to {r.unassigned[1]}") for r in self.repairs]
        fixes = table(["repair", "size", "what", "tickets left out"], rows) if rows else ""
        return paragraph(self.words) + fixes

    def __repr__(self) -> str:
        return f"<Bottleneck: {self.words}>"

    def __str__(self) -> str:
        return " ".join([self.words, *(repair.words for repair in self.repairs)])


def _repair_dict(repair: Repair) -> dict[str, Any]:
    names = ("kind", "size", "skill", "level", "words")
    return {
        **{name: getattr(repair, name) for name in names},
        "agents": {str(own): units for own, units in repair.agents.items()},
        "unassigned": list(repair.unassigned),
    }


def alike(problem: Problem) -> Int:
    """(n,) a label per ticket: the same for tickets that state the same rules."""
    stated = [
        (tuple(sorted(map(spelled, t.requires))), *map(spelled, (t.language or "", t.group or "")), str(t.pinned_agent))
        for t in problem.tickets
    ]
    number = {key: k for k, key in enumerate(dict.fromkeys(stated))}
    return np.array([number[key] for key in stated], dtype=np.int64)


def left_out_by_group(model: AssignmentModel, assignment: Int, found: tuple[Group, ...]) -> dict[Group, list[int]]:
    """The tickets left out, by the smallest group that each belongs to."""
    result: dict[Group, list[int]] = {group: [] for group in found}
    for i in np.flatnonzero(assignment < 0).tolist():
        group = group_of(model, found, i)
        if group is not None:
            result[group].append(i)
    return result


def bottleneck(
    problem: Problem,
    group: Group,
    left_out: list[int],
    fixes: tuple[Repair, ...],
    constraints: Mapping[str, Constraint],
) -> Bottleneck:
    """Put a group into the user's ids and words."""
    names: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for i in group.tickets:
        for skill, lowest in problem.tickets[i].requires.items():
            if lowest > 0:
                counts[names.setdefault(spelled(skill), skill)] += 1
    rules = _rules(problem, group, constraints)
    skills = dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
    return Bottleneck(
        ticket_ids=tuple(problem.tickets[i].ticket_id for i in group.tickets),
        agent_ids=tuple(problem.agents[j].agent_id for j in group.agents),
        demand=group.demand,
        free=group.free,
        short=group.short,
        counted=group.counted,
        skills=skills,
        rules=rules,
        left_out=tuple(problem.tickets[i].ticket_id for i in left_out),
        repairs=fixes,
        words=_words(problem, group, list(skills), rules),
    )


def _rules(problem: Problem, group: Group, constraints: Mapping[str, Constraint]) -> tuple[str, ...]:
    """The rules that forbid a pair of the group's tickets with other agents."""
    others = np.setdiff1d(np.arange(problem.n_agents), np.array(group.agents, dtype=np.int64))
    cells = np.ix_(np.array(group.tickets, dtype=np.int64), others)
    masks = {name: rule.mask(problem) for name, rule in constraints.items()}
    return tuple(name for name, mask in masks.items() if mask is not None and not mask[cells].all())


def _words(problem: Problem, group: Group, skills: list[str], rules: tuple[str, ...]) -> str:
    count = len(group.tickets)
    units = "" if group.demand == count else f" ({group.demand} units)"
    shown = skills[:SHOWN_SKILLS] + (["another skill"] if len(skills) > SHOWN_SKILLS else [])
    verb = "s" if count == 1 else ""
    needs = f" require{verb} {' or '.join(shown)}" if shown else f" (rules: {', '.join(rules)})" if rules else ""
    head = f"{count} {'ticket' if count == 1 else 'tickets'}{units}{needs}"
    short = f"short by {group.demand - group.free}"
    if group.counted:
        short += f", of which {group.counted} {'is' if group.counted == 1 else 'are'} counted with smaller groups"
    if not group.agents:
        return f"{head}; nobody can take {'it' if count == 1 else 'them'}; {short}."
    names = [problem.agents[j].name for j in group.agents[:SHOWN_NAMES]]
    more = ", ..." if len(group.agents) > SHOWN_NAMES else ""
    who = "1 agent" if len(group.agents) == 1 else f"{len(group.agents)} agents"
    free = "1 free slot" if group.free == 1 else f"{group.free or 'no'} free slots"
    return f"{head}; {who} with {free} can take them ({', '.join(names)}{more}); {short}."

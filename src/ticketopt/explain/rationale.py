"""One honest sentence per assigned ticket: the skills, levels and loads that decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ticketopt._types import Int
from ticketopt.explain.better_match import better_matches
from ticketopt.formulation.constraints.base import named
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.objective import loads
from ticketopt.problem.customers import account_agent
from ticketopt.problem.fields import spelled
from ticketopt.problem.held import held_levels
from ticketopt.problem.policy import Policy
from ticketopt.problem.problem import Problem
from ticketopt.problem.reading import DEFAULT_URGENCY, Reading
from ticketopt.problem.record_columns import stating
from ticketopt.problem.records import Agent

SHOWN_SKILLS = 3


def rationales(problem: Problem, model: AssignmentModel, assignment: Int) -> dict[int, str]:
    """The sentence of every assigned ticket, by its position."""
    served = np.flatnonzero(assignment >= 0)
    return dict(zip(served.tolist(), sentences(problem, model, assignment, served), strict=True))


def sentences(problem: Problem, model: AssignmentModel, assignment: Int, tickets: Int) -> Iterator[str]:
    """The sentence of each of some assigned tickets ((k,) positions that rise), one after the other."""
    if not len(tickets):
        return iter(())
    view = _View(problem, assignment, _words_of_agents(problem, model, assignment))
    better = better_matches(problem, model, assignment, tickets)
    return map(view.sentence, tickets.tolist(), assignment[tickets].tolist(), better)


@dataclass(slots=True, eq=False)
class _OfAgent:
    """What sentences say of an agent: who it is, its load, and every skill that it holds (filled when asked for)."""

    who: str
    load: str
    skills: _Phrases


class _Phrases(dict[str, str]):
    """Name of a skill -> how sentences say that an agent holds it; empty where the agent does not."""

    def __init__(self, agent: Agent, policy: Policy) -> None:
        self._held = {spelled(skill): level for skill, level in held_levels(agent, policy).items()}
        learned = agent.learned_levels.items()
        self._sure = {spelled(skill): _sureness(told, is_low=policy.cautious) for skill, told in learned}

    def __missing__(self, skill: str) -> str:
        name = spelled(skill)
        level = self._held.get(name, 0)
        self[skill] = phrase = f"{skill} ({level:g}{self._sure.get(name, {}).get(level, '')})" if level > 0 else ""
        return phrase


def _words_of_agents(problem: Problem, model: AssignmentModel, assignment: Int) -> list[_OfAgent]:
    found, load, taken = [], problem.current_load.tolist(), loads(model, assignment).tolist()
    for agent, before, more, limit in zip(problem.agents, load, taken, problem.capacity, strict=True):
        who = agent.name if agent.name == str(agent.agent_id) else f"{agent.name} ({agent.agent_id})"
        after = f"{before + more}" if limit is None else f"{before + more} of {limit}"
        found.append(
            _OfAgent(who, f"open load {before} before this plan, {after} after it", _Phrases(agent, problem.policy))
        )
    return found


class _View:
    """What sentences are made from."""

    def __init__(self, problem: Problem, assignment: Int, agents: list[_OfAgent]) -> None:
        self.problem, self.assignment, self.agents = problem, assignment, agents
        self.mates: dict[int, set[int]] = {}
        for group in problem.linked:
            for i in group:
                self.mates.setdefault(i, set()).update(group)
        self.ids = [str(agent.agent_id) for agent in problem.agents]
        names = ("pinned_agent", "previous_agent", "customer")
        self.pinned, self.known, self.of_customers = (set(stating(problem.tickets, name)) for name in names)

    def sentence(self, i: int, j: int, better: str) -> str:
        agent = self.agents[j]
        parts = [
            f"Assigned to {agent.who} {self._skills(i, j)}",
            self._previous(i, j) if i in self.known else "",
            self._account(i, j) if i in self.of_customers else "",
            self._together(i, j) if i in self.mates else "",
            _urgency(self.problem.raised_readings[i]),
            agent.load,
            better,
        ]
        return "; ".join(filter(None, parts)) + "."

    def _skills(self, i: int, j: int) -> str:
        if i in self.pinned and str(self.problem.tickets[i].pinned_agent) == self.ids[j]:
            return "because it is pinned there"
        skills = self.problem.raised_readings[i].skills
        wanted = sorted(skills, key=skills.__getitem__, reverse=True) if len(skills) > 1 else list(skills)
        phrases = self.agents[j].skills
        matched = [phrase for skill in wanted if (phrase := phrases[skill])]
        if matched:
            return "for " + listed(matched[:SHOWN_SKILLS])
        if wanted:
            return f"without a recorded skill in {listed(wanted[:SHOWN_SKILLS])}"
        return "by load and experience, as no skill was recognized in the ticket"

    def _previous(self, i: int, j: int) -> str:
        previous = self.problem.agent_of(self.problem.tickets[i].previous_agent)
        if previous < 0:
            return ""
        return "who had it before" if previous == j else f"moved from {self.problem.agents[previous].name}"

    def _account(self, i: int, j: int) -> str:
        """Whether the customer's ticket is with the customer's agent, where the policy wishes for one."""
        ticket = self.problem.tickets[i]
        wanted = self.problem.agent_of(account_agent(ticket, self.problem.policy))
        if wanted < 0:
            return ""
        return (
            f"the agent of customer {ticket.customer}{'' if wanted == j else f' is {self.problem.agents[wanted].name}'}"
        )

    def _together(self, i: int, j: int) -> str:
        """Other tickets of its groups, which it goes together with."""
        others = {k for k in self.mates[i] if k != i and self.assignment[k] == j}
        return f"together with {named(self.problem, sorted(others))}" if others else ""


def _urgency(reading: Reading) -> str:
    sign = 1 if reading.urgency >= DEFAULT_URGENCY else -1
    decisive = [e for e in reading.about_urgency() if e.weight * sign > 0]
    if not decisive:
        return f"urgency {reading.urgency:.2f}"
    strongest = max(decisive, key=lambda e: abs(e.weight))
    words = f"customer {strongest.words}" if strongest.field == "customer" else f'"{strongest.words}"'
    source = "as stated" if strongest.field in ("urgency", "priority") else words
    return f"urgency {reading.urgency:.2f} ({source})"


def _sureness(told: Sequence[float], *, is_low: bool) -> dict[float, str]:
    """What is said of a learned level, by the level that it is said of: what counts, which is the lower end or not."""
    if len(told) != 4:
        return {}
    level, low, high, tickets = told
    words = f"{low:g} to {high:g}, learned from {tickets:g} tickets"
    return {low: f", the lower end of {level:g}, {words}"} if is_low else {level: f", {words}"}


def listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"

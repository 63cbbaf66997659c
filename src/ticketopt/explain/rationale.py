"""One honest sentence per assigned ticket: the skills, levels and loads that decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ticketopt._types import Float, Int
from ticketopt.formulation.constraints.base import named
from ticketopt.formulation.formulate import SCALE
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.objective import loads, row_usage
from ticketopt.problem.customers import account_agent
from ticketopt.problem.fields import spelled
from ticketopt.problem.problem import Problem
from ticketopt.problem.reading import DEFAULT_URGENCY

SHOWN_SKILLS = 3


def rationales(problem: Problem, model: AssignmentModel, assignment: Int) -> dict[int, str]:
    """The sentence of every assigned ticket, by its position."""
    spare = model.rows.bound - row_usage(model.rows, assignment)
    mates: dict[int, set[int]] = {}
    for group in problem.linked:
        for i in group:
            mates.setdefault(i, set()).update(group)
    view = _View(problem, model, assignment, loads(model, assignment), spare, problem.skill_gap, mates)
    return {int(i): view.sentence(int(i)) for i in np.flatnonzero(assignment >= 0)}


@dataclass(frozen=True, slots=True, eq=False)
class _View:
    problem: Problem
    model: AssignmentModel
    assignment: Int
    taken: Int
    spare: Int
    skill_gap: Float
    mates: Mapping[int, set[int]]

    def sentence(self, i: int) -> str:
        j = int(self.assignment[i])
        agent = self.problem.agents[j]
        who = agent.name if agent.name == str(agent.agent_id) else f"{agent.name} ({agent.agent_id})"
        parts = [
            f"Assigned to {who} {self._skills(i, j)}",
            self._previous(i, j),
            self._account(i, j),
            self._together(i, j),
            self._urgency(i),
            self._load(j),
            self._better(i, j),
        ]
        return "; ".join(part for part in parts if part) + "."

    def _skills(self, i: int, j: int) -> str:
        ticket, agent = self.problem.tickets[i], self.problem.agents[j]
        if str(agent.agent_id) == str(ticket.pinned_agent):
            return "because it is pinned there"
        wanted = sorted(self.problem.raised_readings[i].skills.items(), key=lambda item: -item[1])
        held = {spelled(skill): level for skill, level in agent.skills.items()}
        sure = {spelled(skill): _sureness(told) for skill, told in agent.learned_levels.items()}
        matched = [
            f"{skill} ({held[spelled(skill)]:g}{sure.get(spelled(skill), {}).get(held[spelled(skill)], '')})"
            for skill, _ in wanted
            if held.get(spelled(skill), 0) > 0
        ]
        if matched:
            return "for " + listed(matched[:SHOWN_SKILLS])
        if wanted:
            return f"without a recorded skill in {listed([skill for skill, _ in wanted[:SHOWN_SKILLS]])}"
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
        others = {k for k in self.mates.get(i, ()) if k != i and self.assignment[k] == j}
        return f"together with {named(self.problem, sorted(others))}" if others else ""

    def _urgency(self, i: int) -> str:
        reading = self.problem.raised_readings[i]
        sign = 1 if reading.urgency >= DEFAULT_URGENCY else -1
        decisive = [e for e in reading.evidence if e.about == "urgency" and e.weight * sign > 0]
        if not decisive:
            return f"urgency {reading.urgency:.2f}"
        strongest = max(decisive, key=lambda e: abs(e.weight))
        words = f"customer {strongest.words}" if strongest.field == "customer" else f'"{strongest.words}"'
        source = "as stated" if strongest.field in ("urgency", "priority") else words
        return f"urgency {reading.urgency:.2f} ({source})"

    def _load(self, j: int) -> str:
        before, taken, limit = int(self.problem.current_load[j]), int(self.taken[j]), self.problem.capacity[j]
        after = f"{before + taken}" if limit is None else f"{before + taken} of {limit}"
        return f"open load {before} before this plan, {after} after it"

    def _better(self, i: int, j: int) -> str:
        """Why the agent who matches the ticket best did not get it, where that is somebody else."""
        best = int(self.skill_gap[i].argmin())
        if self.skill_gap[i, best] > self.skill_gap[i, j] - 1e-9 or self.problem.tickets[i].pinned_agent is not None:
            return ""
        name = self.problem.agents[best].name
        if not self.problem.is_available[best]:
            why = f"is {self.problem.agents[best].availability_status}"
        elif not self.model.allowed[i, best]:
            why = "may not take it"
        elif self.taken[best] + self._units(i, best) > self.problem.free[best]:
            why = "has no room for it in this plan"
        elif self.taken[best] + self._units(i, best) > self.model.capacity[best] or self._breaks_a_row(i, best):
            why = "is held back by a limit"
        else:
            more = self._direct_cost(i, best, 0) - self._direct_cost(i, j, self._units(i, j))
            if more < 0:
                return f"{name} matches better and would cost {-more / SCALE:.2f} less: this plan is not the cheapest"
            why = f"costs {more / SCALE:.2f} more, load included"
        return f"{name} matches better but {why}"

    def _breaks_a_row(self, i: int, j: int) -> bool:
        """Whether a packing row has no room for ticket `i` at agent `j` instead of where it is."""
        rows = self.model.rows
        mine = np.flatnonzero(rows.ticket == i)
        change = np.zeros(len(rows), dtype=np.int64)
        np.add.at(change, rows.row[mine], rows.coefficient[mine] * (rows.agent[mine] == j))
        np.subtract.at(change, rows.row[mine], rows.coefficient[mine] * (rows.agent[mine] == self.assignment[i]))
        return bool((change > self.spare).any())

    def _units(self, i: int, j: int) -> int:
        return int(self.model.effort[i, j if self.model.has_pair_effort else 0])

    def _direct_cost(self, i: int, j: int, held: int) -> int:
        """Pair cost and load cost of giving ticket `i` to agent `j`, who holds `held` units of it already."""
        units = np.array([self.taken[j] - held, self.taken[j] - held + self._units(i, j)])
        before, after = self.model.load_cost.select(np.array([j, j])).total(units)
        return int(self.model.pair_cost[i, j] + after - before)


def _sureness(told: Sequence[float]) -> dict[float, str]:
    """What is said of a learned level, by the levels that it is said of: the learned one, and its lower end."""
    if len(told) != 4:
        return {}
    level, low, high, tickets = told
    return {
        low: f", the lower end of {level:g}, {low:g} to {high:g}, learned from {tickets:g} tickets",
        level: f", {low:g} to {high:g}, learned from {tickets:g} tickets",
    }


def listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"

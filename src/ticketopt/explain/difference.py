"""What changed between two plans, why, and what it saved: in groups whose savings add up exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ticketopt._html import paragraph
from ticketopt._types import Int
from ticketopt.explain.rationale import listed
from ticketopt.explain.why_not import Move, move_words
from ticketopt.formulation.constraints import Constraint
from ticketopt.formulation.formulate import SCALE
from ticketopt.formulation.rules import violations
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.objective import loads
from ticketopt.problem.problem import Problem
from ticketopt.problem.records import Id

__all__ = ["ChangeGroup", "Difference", "difference"]


SHOWN_MOVES = 8
SHOWN_RULES = 3


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """Tickets that changed hands together: they share agents, so only their sum has a price.

    Attributes
    ----------
    moves : who had each ticket, and who has it now.
    saves : what the whole weighted objective fell by in today's terms; None where the earlier plan is not
        possible any more.
    pairs, load, exits : the parts of that, by pair costs, load costs and prices of leaving out; None likewise.
    broken : why the earlier plan is not possible any more.
    words : the group in a sentence.
    """

    moves: tuple[Move, ...]
    saves: float | None
    pairs: float | None
    load: float | None
    exits: float | None
    broken: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A plan against an earlier one.

    Attributes
    ----------
    groups : what changed hands, largest saving first; groups that had to change come before the others.
    arrived, gone : tickets that only the new, or only the earlier plan knows. They are no part of the groups and of
        any saving: both plans are compared on the tickets that both know.
    saves : the groups' savings together; None where the earlier plan is not possible any more.
    common : how many tickets both plans know.
    breaks_before, breaks_after : what the earlier plan, and this one, break of today's rules.
    """

    groups: tuple[ChangeGroup, ...]
    arrived: tuple[Id, ...]
    gone: tuple[Id, ...]
    saves: float | None
    common: int
    breaks_before: tuple[str, ...]
    breaks_after: tuple[str, ...]

    @property
    def moves(self) -> tuple[Move, ...]:
        """Every ticket that changed hands."""
        return tuple(move for group in self.groups for move in group.moves)

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)

    def _repr_html_(self) -> str:
        return "".join(map(paragraph, str(self).splitlines()))

    def __str__(self) -> str:
        lines = [group.words for group in self.groups] or ["No ticket changed hands."]
        if self.arrived:
            lines.append(f"{_tickets(len(self.arrived))} new.")
        if self.gone:
            lines.append(f"{_tickets(len(self.gone))} gone.")
        if (self.arrived or self.gone) and any(group.saves is not None for group in self.groups):
            what = "1 ticket" if self.common == 1 else f"{self.common} tickets"
            lines.append(f"What is saved is counted on the {what} that both plans know.")
        sentences = {words for group in self.groups for words in group.broken}
        rest = [words for words in self.breaks_before if words not in sentences]
        if rest:
            lines.append(f"The earlier plan breaks today's rules: {_some(rest)}.")
        if self.breaks_after:
            lines.append(f"This plan breaks rules: {_some(self.breaks_after)}.")
        return "\n".join(lines)


def _some(words: Sequence[str]) -> str:
    more = len(words) - SHOWN_RULES
    return "; ".join(words[:SHOWN_RULES]) + (f"; and {more} more" if more > 0 else "")


def _tickets(count: int) -> str:
    return "1 ticket is" if count == 1 else f"{count} tickets are"


def difference(
    problem: Problem,
    model: AssignmentModel,
    earlier: Mapping[Id, Id | None],
    after: Int,
    *,
    constraints: Mapping[str, Constraint],
) -> Difference:
    """Compare an earlier plan (ticket id -> agent id) with one of the model ((n,) agent index, -1 where left out).

    1. Only tickets that both plans know are compared, as if there were no others.
    2. Agents are linked where a ticket went from one to the other. Groups are the connected parts: pair costs and load
       costs of one group do not depend on another.
    3. A group's saving is what its tickets and its agents' loads cost before, less what they cost after. There is none
       where the earlier plan is not possible any more: a rule forbids it, or its agent has left the team.
    """
    had = {str(ticket_id): agent_id for ticket_id, agent_id in earlier.items()}
    ticket_ids = [str(ticket.ticket_id) for ticket in problem.tickets]
    common = np.array([ticket_id in had for ticket_id in ticket_ids], dtype=np.bool_)
    before = np.array([problem.agent_of(had.get(ticket_id)) for ticket_id in ticket_ids], dtype=np.int64)
    agents = [had.get(ticket_id) for ticket_id in ticket_ids]
    lost = {i: agent_id for i, agent_id in enumerate(agents) if agent_id is not None and before[i] < 0}
    after_common = np.where(common, after, -1)
    moved = [i for i in range(len(ticket_ids)) if before[i] != after_common[i] or i in lost]
    view = _View(problem, model, before, after_common, lost, constraints)
    parts = [sorted(part) for part in _linked([(int(before[i]), int(after_common[i])) for i in moved], model.n_agents)]
    tickets = [[i for i in moved if {int(before[i]), int(after_common[i])} & set(agents)] for agents in parts]
    nowhere = [i for i in moved if before[i] < 0 and after_common[i] < 0]
    if nowhere:
        parts, tickets = [*parts, []], [*tickets, nowhere]
    found = [view.group(mine, agents) for mine, agents in zip(tickets, parts, strict=True)]
    found.sort(key=lambda group: (group.saves is not None, -(group.saves or 0.0)))
    breaks = view.broken_by(before) + tuple(_left(name) for name in lost.values())
    saved = [group.saves for group in found if group.saves is not None]
    is_possible = not breaks and len(saved) == len(found)
    now = set(ticket_ids)
    return Difference(
        tuple(found),
        arrived=tuple(t.ticket_id for t, known in zip(problem.tickets, common.tolist(), strict=True) if not known),
        gone=tuple(ticket_id for ticket_id in earlier if str(ticket_id) not in now),
        saves=sum(round(saves * SCALE) for saves in saved) / SCALE if is_possible else None,
        common=int(common.sum()),
        breaks_before=tuple(dict.fromkeys(breaks)),
        breaks_after=view.broken_by(after),
    )


def _left(agent_id: Id) -> str:
    return f"{agent_id} is not in the team any more"


def _linked(pairs: list[tuple[int, int]], n_agents: int) -> list[set[int]]:
    """The connected groups of agents; -1 links nothing."""
    owner = list(range(n_agents))

    def root(a: int) -> int:
        while owner[a] != a:
            owner[a] = owner[owner[a]]
            a = owner[a]
        return a

    touched = []
    for a, b in pairs:
        touched += [node for node in (a, b) if node >= 0]
        if a >= 0 and b >= 0:
            owner[root(a)] = root(b)
    groups: dict[int, set[int]] = {}
    for a in touched:
        groups.setdefault(root(a), set()).add(a)
    return list(groups.values())


@dataclass(frozen=True, slots=True, eq=False)
class _View:
    """Both plans, on the tickets that both know; `lost` are tickets whose earlier agent has left the team."""

    problem: Problem
    model: AssignmentModel
    before: Int
    after: Int
    lost: Mapping[int, Id]
    constraints: Mapping[str, Constraint]

    def broken_by(self, plan: Int) -> tuple[str, ...]:
        """What a plan breaks, in words."""
        return tuple(found.message for found in violations(self.problem, plan, constraints=self.constraints))

    def group(self, tickets: list[int], agents: list[int]) -> ChangeGroup:
        """What these tickets' moves between these agents changed."""
        moves = tuple(self._move(i) for i in tickets)
        sentences = [move_words(self.problem, move, is_done=True) for move in moves[:SHOWN_MOVES]]
        if len(moves) > SHOWN_MOVES + 1:
            sentences.append(f"{len(moves) - SHOWN_MOVES} more tickets moved")
        elif len(moves) > SHOWN_MOVES:
            sentences.append(move_words(self.problem, moves[-1], is_done=True))
        broken = self._broken(tickets, agents)
        if broken:
            words = f"{listed(sentences)}: the earlier plan is not possible any more ({_some(broken)})."
            return ChangeGroup(moves, None, None, None, None, broken, words)
        pairs, load, exits = self._saved(tickets, agents)
        amounts = ((pairs + load + exits) / SCALE, pairs / SCALE, load / SCALE, exits / SCALE)
        words = f"{listed(sentences)}: saves {amounts[0]:.3f} (pairs {amounts[1]:+.3f}, load {amounts[2]:+.3f}"
        words += f", leaving out {amounts[3]:+.3f})." if exits else ")."
        return ChangeGroup(moves, *amounts, (), words)

    def _move(self, i: int) -> Move:
        earlier = self.lost.get(i, self.problem.agent_id(int(self.before[i])))
        return Move(self.problem.tickets[i].ticket_id, earlier, self.problem.agent_id(int(self.after[i])))

    def _saved(self, tickets: list[int], agents: list[int]) -> tuple[int, int, int]:
        """Integer cost saved by pair costs, load costs and prices of leaving out."""
        model, before, after = self.model, self.before, self.after
        pairs = sum(_pair(model, i, int(before[i])) - _pair(model, i, int(after[i])) for i in tickets)
        exits = sum(int(model.exit_cost[i]) * (int(before[i] < 0) - int(after[i] < 0)) for i in tickets)
        total, taken = model.load_cost.total, np.minimum(loads(model, before), model.capacity)
        by_agent = total(taken) - total(loads(model, after))
        return pairs, int(by_agent[agents].sum()), exits

    def _broken(self, tickets: list[int], agents: list[int]) -> tuple[str, ...]:
        """Why the earlier part of a group is not possible any more, if it is not."""
        model, before = self.model, self.before
        lost = tuple(dict.fromkeys(_left(self.lost[i]) for i in tickets if i in self.lost))
        forbidden = [i for i in tickets if before[i] >= 0 and not model.allowed[i, before[i]]]
        is_over = bool((loads(model, before)[agents] > model.capacity[agents]).any())
        if not forbidden and not is_over:
            return lost
        alone = np.where(np.isin(before, agents), before, -1) if is_over else np.full_like(before, -1)
        alone[forbidden] = before[forbidden]
        return lost + (self.broken_by(alone) or ("a limit has changed",))


def _pair(model: AssignmentModel, i: int, j: int) -> int:
    return 0 if j < 0 else int(model.pair_cost[i, j])

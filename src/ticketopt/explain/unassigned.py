"""Why a ticket is left out: a reason code and words.

Read from the problem and its rules, not from the presolved model, where a limit can hide in a capacity.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ticketopt._types import Bool, Int
from ticketopt.explain.precedence import precedence
from ticketopt.formulation.constraints import Constraint
from ticketopt.formulation.constraints.base import Room
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.objective import loads, row_usage
from ticketopt.model.rows import PackingRows
from ticketopt.problem.problem import Problem

SHOWN_CASES = 3


def reasons(
    problem: Problem, model: AssignmentModel, assignment: Int, constraints: Mapping[str, Constraint]
) -> dict[int, tuple[str, str]]:
    """(code, sentence) of every ticket left out, by its position.

    The codes are those of the constraints, and `no_agents`, `no_capacity` and `time_limit` (there is room, but the
    solver stopped before it found a plan that uses it).
    """
    missing = np.flatnonzero(assignment < 0)
    if not len(missing):
        return {}
    masks = {name: mask for name, rule in constraints.items() if (mask := rule.mask(problem)) is not None}
    room = problem.free - loads(model, assignment)
    limits = _Limits.of(problem, model, constraints, assignment)
    found = {}
    for i in map(int, missing):
        found[i] = (
            _forbidden(problem, i, masks, constraints)
            or _full(problem, model, assignment, i, room)
            or _limited(problem, model, assignment, i, room, limits)
        )
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Limits:
    """The limits of all rules and what a plan leaves of them.

    Attributes
    ----------
    rows, spare, reason : packing rows, what is left of their bounds, and every row's reason code.
    rooms : reason code, limits of single agents, and (A,) what is left of them.
    """

    rows: PackingRows
    spare: Int
    reason: list[str]
    rooms: list[tuple[str, Room, Int]]

    @classmethod
    def of(
        cls, problem: Problem, model: AssignmentModel, constraints: Mapping[str, Constraint], assignment: Int
    ) -> _Limits:
        parts = [(rule.reason, rule.rows(problem)) for rule in constraints.values()]
        rows = PackingRows.join(part for _, part in parts)
        reason = [code for code, part in parts for _ in range(len(part))]
        used = loads(model, assignment)
        rooms = [
            (rule.reason, room, room.units - used)
            for rule in constraints.values()
            if (room := rule.room(problem)) is not None
        ]
        return cls(rows, rows.bound - row_usage(rows, assignment), reason, rooms)

    def too_tight(self, agents: Int, units: Int) -> dict[int, tuple[str, str]]:
        """Agent -> reason code and words, for those of these agents whose own limit leaves less than the units."""
        found: dict[int, tuple[str, str]] = {}
        for code, room, left in self.rooms:
            for j in agents[left[agents] < units].tolist():
                found.setdefault(j, (code, room.words(j)))
        return found


def _forbidden(
    problem: Problem, i: int, masks: Mapping[str, Bool], constraints: Mapping[str, Constraint]
) -> tuple[str, str] | None:
    if not problem.n_agents:
        return "no_agents", "The team has no agents."
    alive = np.ones(problem.n_agents, dtype=np.bool_)
    for name, mask in masks.items():
        left = alive & mask[i]
        if not left.any():
            return constraints[name].reason, _in_the_way(problem, i, np.flatnonzero(alive), constraints[name])
        alive = left
    return None


def _in_the_way(problem: Problem, i: int, candidates: Int, rule: Constraint) -> str:
    """What excludes the agents whom the rules before left."""
    cases = [text for j in candidates[:SHOWN_CASES].tolist() for text in rule.broken(problem, [(i, j)])]
    more = f"; and {len(candidates) - SHOWN_CASES} more agents" if len(candidates) > SHOWN_CASES else ""
    others = problem.n_agents - len(candidates)
    rest = f" Other rules exclude the other {others}." if others else ""
    return f"No agent may take it: {'; '.join(cases)}{more}.{rest}"


def _full(problem: Problem, model: AssignmentModel, assignment: Int, i: int, room: Int) -> tuple[str, str] | None:
    eligible = np.flatnonzero(model.allowed[i])
    units = model.effort_at(np.full(len(eligible), i), eligible)
    if units.min() < units.max():
        return _full_for_each(problem, model, assignment, i, room)
    effort, before, after = int(units[0]), int(problem.free[eligible].max()), int(room[eligible].max())
    if len(eligible) == 1:
        whose = f"the only eligible agent, {problem.agents[eligible[0]].name},"
    else:
        whose = f"the freest of the {len(eligible)} eligible agents"
    if before < effort:
        return "no_capacity", f"It takes {_units(effort)}; {whose} has {before} free to begin with."
    if after < effort:
        words = f"It takes {_units(effort)}; {whose} has {after} left after this plan."
        return "no_capacity", words + _first(problem, model, assignment, i)
    return None


def _full_for_each(
    problem: Problem, model: AssignmentModel, assignment: Int, i: int, room: Int
) -> tuple[str, str] | None:
    """The same where the effort depends on the agent."""
    eligible = np.flatnonzero(model.allowed[i])
    units = model.effort_at(np.full(len(eligible), i), eligible)
    takes = (
        f"It takes {units.min()} to {units.max()} units, depending on the agent; none of the {len(eligible)} eligible"
    )
    if (problem.free[eligible] < units).all():
        return "no_capacity", f"{takes} has so many free to begin with."
    if (room[eligible] < units).all():
        return "no_capacity", f"{takes} has so many left after this plan.{_first(problem, model, assignment, i)}"
    return None


def _first(problem: Problem, model: AssignmentModel, assignment: Int, i: int) -> str:
    """Who holds the places of a ticket's eligible agents."""
    holders = np.flatnonzero((assignment >= 0) & model.allowed[i][np.maximum(assignment, 0)])
    return precedence(problem, model, assignment, i, holders)


def _limited(
    problem: Problem, model: AssignmentModel, assignment: Int, i: int, room: Int, limits: _Limits
) -> tuple[str, str]:
    rows = limits.rows
    open_agents = np.flatnonzero(model.allowed[i] & (room >= model.effort[i]))
    tight = limits.too_tight(open_agents, model.effort_at(np.full(len(open_agents), i), open_agents))
    entries = np.flatnonzero((rows.ticket == i) & (rows.coefficient > limits.spare[rows.row]))
    entries = entries[np.isin(rows.agent[entries], open_agents)]
    if not np.isin(open_agents, [*tight, *rows.agent[entries].tolist()]).all():
        return "time_limit", "There is room, but the solver stopped before it found a plan that uses it."
    blocked = rows.row[entries].tolist()
    shown = list(dict.fromkeys([words for _, words in tight.values()] + [rows.label[r] for r in blocked]))
    more = f"; and {len(shown) - SHOWN_CASES} more" if len(shown) > SHOWN_CASES else ""
    uses = np.isin(rows.row, blocked) & (rows.coefficient > 0) & (assignment[rows.ticket] == rows.agent)
    words = f"A limit is reached: {'; '.join(shown[:SHOWN_CASES])}{more}."
    holders = np.union1d(rows.ticket[uses], np.flatnonzero(np.isin(assignment, list(tight))))
    codes = [code for code, _ in tight.values()] + [limits.reason[r] for r in blocked]
    return codes[0], words + precedence(problem, model, assignment, i, holders)


def _units(count: int) -> str:
    return "1 unit" if count == 1 else f"{count} units"

"""Why a ticket is left out: a reason code and words."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ticketopt.constraints import Constraint
from ticketopt.model import AssignmentModel, loads, row_usage
from ticketopt.problem import Problem

Int = NDArray[np.int64]
Bool = NDArray[np.bool_]

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
    room = model.capacity - loads(model, assignment)
    spare = model.rows.bound - row_usage(model, assignment)
    found = {}
    for i in map(int, missing):
        found[i] = (
            _forbidden(problem, i, masks, constraints) or _full(model, i, room) or _limited(model, i, room, spare)
        )
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
            rule = constraints[name]
            pairs = [[(i, int(j))] for j in np.flatnonzero(alive)]
            cases = [text for pair in pairs[:SHOWN_CASES] for text in rule.broken(problem, pair)]
            more = f"; and {len(pairs) - SHOWN_CASES} more agents" if len(pairs) > SHOWN_CASES else ""
            return rule.reason, f"No agent can take it: {rule.summary}. As it is: {'; '.join(cases)}{more}."
        alive = left
    return None


def _full(model: AssignmentModel, i: int, room: Int) -> tuple[str, str] | None:
    eligible, effort = np.flatnonzero(model.allowed[i]), int(model.effort[i])
    if int(model.capacity[eligible].max()) < effort:
        most = int(model.capacity[eligible].max())
        return "no_capacity", f"It takes {_units(effort)}; the freest of {_agents(eligible)} has {most} to begin with."
    if int(room[eligible].max()) < effort:
        return "no_capacity", f"It takes {_units(effort)}; this plan leaves none of {_agents(eligible)} that much room."
    return None


def _limited(model: AssignmentModel, i: int, room: Int, spare: Int) -> tuple[str, str]:
    open_agents = np.flatnonzero(model.allowed[i] & (room >= model.effort[i]))
    entries = np.flatnonzero((model.rows.ticket == i) & (model.rows.coefficient > spare[model.rows.row]))
    blocked = [model.rows.label[r] for r in model.rows.row[entries]]
    if np.isin(open_agents, model.rows.agent[entries]).all():
        shown = list(dict.fromkeys(blocked))
        more = f"; and {len(shown) - SHOWN_CASES} more" if len(shown) > SHOWN_CASES else ""
        return "limit", f"A limit is reached: {'; '.join(shown[:SHOWN_CASES])}{more}."
    return "time_limit", "There is room, but the solver stopped before it found a plan that uses it."


def _units(count: int) -> str:
    return "1 unit" if count == 1 else f"{count} units"


def _agents(eligible: Int) -> str:
    return "the 1 eligible agent" if len(eligible) == 1 else f"the {len(eligible)} eligible agents"

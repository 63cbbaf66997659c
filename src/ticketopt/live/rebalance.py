"""All open tickets planned again: the standing plan stays, but for what is better by more than its changes cost.

The plan is solved once, on the queue as it was read. Where others were faster than the solver, it is not solved again:
what of it still holds is weighed against the queue as it is then, move by move, and is committed where it still earns
more than it costs. So it wins on a busy day as well, and no solver, however slow or wrong, makes a queue worse.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ticketopt._types import Int
from ticketopt.errors import InvalidInputError
from ticketopt.explain.unassigned import reasons
from ticketopt.formulation.constraints import CONSTRAINTS
from ticketopt.formulation.formulate import SCALE, eligibility, formulate
from ticketopt.live.improvement import Improvement
from ticketopt.live.queue_planner import Decided, QueuePlanner
from ticketopt.live.set_aside import FAILED, UNDECIDABLE, checked, largest_part, most_urgent
from ticketopt.live.stores import ASSIGNED, HELD, WAITING, Batch, Event, Snapshot, StoredTicket
from ticketopt.model.assignment import AssignmentModel
from ticketopt.planning.result import Result
from ticketopt.problem.fields import MAX_UNITS
from ticketopt.problem.problem import Problem

__all__ = ["LEAST_CHANGE_COST", "Rebalance"]

LEAST_CHANGE_COST = 1 / SCALE
"""What every change costs at least, in weighted cost: a ticket does not move for nothing."""

STAYING = {
    *("busy", "away", "do not disturb", "break", "on break", "lunch", "in a meeting", "in meeting", "in training"),
    "invisible",
}
"""Statuses of agents who will be back: their tickets stay with them."""

Rows = Mapping[str, StoredTicket]


@dataclass(slots=True, eq=False)
class Rebalance:
    """Decides one rebalance, again where the queue has changed meanwhile.

    Attributes
    ----------
    most_pairs : so many tickets are planned at once, times the agents; the most urgent ones, where there are more.
    resolve : problem, `previous`, `max_changes`, `change_cost` -> a plan. Its plans are checked, and weighed.
    is_part : whether not all could be planned at once.
    moves : what the solver wanted: ticket id -> whom it was with, and whom it was to go to. None before it was asked.
    """

    planner: QueuePlanner
    resolve: Callable[..., Result]
    max_changes: int | None
    change_cost: float
    most_pairs: int
    moves: dict[str, tuple[str | None, str | None]] | None = None
    solver: str = "greedy"
    notes: list[Event] = field(default_factory=list)
    is_part: bool = False

    def __call__(self, state: Snapshot) -> Batch:
        """The batch for a queue as it is."""
        open_rows = {name: row for name, row in state.tickets.items() if row.state != HELD and not stays(state, row)}
        problem, model, rows = self._weighable(state, self._most_urgent(state, open_rows))
        if self.moves is None:
            self._ask(problem, rows)
        assert self.moves is not None
        standing = _places(problem, {name: row.agent_id for name, row in rows.items()})
        wanted = {
            name: new
            for name, (old, new) in self.moves.items()
            if name in rows and rows[name].agent_id == old and (new is None or new in state.agents)
        }
        plan = np.where(_is_among(problem, wanted), _places(problem, wanted), standing)
        allowed = eligibility(problem)
        is_allowed = allowed[np.arange(len(standing)), standing] if problem.n_agents else np.zeros(0, dtype=np.bool_)
        may_stay = np.where(is_allowed, standing, -1) if problem.n_agents else standing
        price = max(1, round(self.change_cost * SCALE))
        best = Improvement(model, standing, may_stay, price, self.max_changes).best(plan)
        is_whole = not self.is_part and (not self.moves or bool((best == plan).all()))
        return self._batch(rows, problem, model, standing, best, is_whole=is_whole)

    def _most_urgent(self, state: Snapshot, rows: Rows) -> Rows:
        """As many tickets as one model may hold, in their order."""
        most = self.most_pairs // max(1, len(state.agents))
        if len(rows) <= most:
            return rows
        kept = set(most_urgent(rows, rows)[:most])
        self.is_part = True
        return {name: row for name, row in rows.items() if name in kept}

    def _weighable(self, state: Snapshot, rows: Rows) -> tuple[Problem, AssignmentModel, Rows]:
        """The tickets that one model can weigh; the others stay where they are. Nobody gets what no store can hold."""
        try:
            problem = self.planner.problem(state, rows)
            model = formulate(problem)
        except UNDECIDABLE:
            rows = largest_part(rows, lambda part: self.planner.problem(state, part))
            problem = self.planner.problem(state, rows)
            model = formulate(problem)
        capacity = np.minimum(model.capacity, MAX_UNITS - problem.current_load)
        return problem, replace(model, capacity=capacity), rows

    def _ask(self, problem: Problem, rows: Rows) -> None:
        previous = {name: row.agent_id for name, row in rows.items() if row.agent_id is not None}
        asked: dict[str, Any] = {
            "max_changes": self.max_changes,
            "change_cost": max(self.change_cost, LEAST_CHANGE_COST),
        }
        try:
            result = checked(problem, self.resolve(problem, previous=previous, **asked))
        except (*FAILED, *UNDECIDABLE) as error:
            if isinstance(error, InvalidInputError) and error.issues[0].path == "max_changes":
                raise  # no plan has so few changes
            self.moves = {}
            self.notes.append(Event("failed"))
            return
        self.solver = result.solver
        plan = {str(own): None if agent is None else str(agent) for own, agent in result.assigned.items()}
        moves = {name: (row.agent_id, plan.get(name)) for name, row in rows.items()}
        self.moves = {name: (old, new) for name, (old, new) in moves.items() if old != new}

    def _batch(
        self, rows: Rows, problem: Problem, model: AssignmentModel, standing: Int, plan: Int, *, is_whole: bool
    ) -> Batch:
        """The rows and events by which tickets get from where they are to where they are to be."""
        kept: dict[str, StoredTicket] = {}
        back, events = [], []
        why = reasons(problem, model, plan, CONSTRAINTS) if ((plan < 0) & (standing >= 0)).any() else {}
        for i, (name, row) in enumerate(rows.items()):
            j = int(plan[i])
            if j == standing[i]:
                continue
            agent = None if j < 0 else str(problem.agents[j].agent_id)
            units = 0 if agent is None else problem.units(i, j)
            data = {**row.data, "reason": why[i][0] if agent is None else None}
            kept[name] = StoredTicket(agent, units, WAITING if agent is None else ASSIGNED, data)
            if row.agent_id is not None:
                back.append(Event("taken", name, row.agent_id, -row.units))
            events.append(Event("waiting" if agent is None else "assigned", name, agent, units))
        said = [Event(f"rebalanced by {self.solver}{'' if is_whole else ', in part'}")] if kept else []
        answer: Decided = {name: row.agent_id for name, row in kept.items()}
        return Batch(answer, (*self.notes, *said, *back, *events), tickets=kept, at=self.planner.clock())


def stays(state: Snapshot, row: StoredTicket) -> bool:
    """Whether an open ticket must stay where it is when all is planned again."""
    if row.agent_id is None:
        return False
    status = state.agents[row.agent_id].data.get("availability_status", "available")
    return str(row.data["ticket"]["pinned_agent"]) == row.agent_id or status in STAYING


def _places(problem: Problem, agents: Mapping[str, str | None]) -> Int:
    """(n,) the position of each ticket's agent, -1 for none."""
    places = [problem.agent_of(agents.get(str(ticket.ticket_id))) for ticket in problem.tickets]
    return np.array(places, dtype=np.int64)


def _is_among(problem: Problem, names: Mapping[str, object]) -> Any:
    """(n,) whether each ticket is one of these."""
    return np.array([str(ticket.ticket_id) in names for ticket in problem.tickets], dtype=np.bool_)

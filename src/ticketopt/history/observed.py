"""Stints as rows of a regression: what was seen (an event in some hours, or the hours worked), and of whom and what.

Only tickets that somebody routed are rows: who keeps what comes in by phone is no choice that anybody could make.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from ticketopt._types import Bool, Float, Int
from ticketopt.errors import InvalidInputError
from ticketopt.history.cut import known_at
from ticketopt.history.design import Target
from ticketopt.history.exposure import Load, Pieces, exposure, load_of, pieces_of
from ticketopt.history.history import History, Outcome
from ticketopt.history.worktime import WorkTime, work_time

__all__ = ["Past", "Rows", "hours_rows", "packed", "past_of", "rate_rows"]


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """A history as it was known at a moment, with what is derived from it once.

    Attributes
    ----------
    skill : index per stint, -1 for none. skills : their names.
    clock, pieces, load : see the modules they are of.
    """

    history: History
    skill: Int
    skills: tuple[str, ...]
    clock: WorkTime
    pieces: Pieces
    load: Load


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Shape (rows,) each; -1 for none.

    Attributes
    ----------
    stint, agent, kind, group, skill, priority : indices. age : into `AGE_EDGES`; 0 where hours worked are explained.
    again : 1 where somebody passed the ticket on before, else 0.
    estimate : log of the hours expected before the work; NaN where nobody said.
    value : events, or log hours worked. passed : events of the other cause.
    hours : at risk; empty where hours worked are explained. crowding : see `Exposure`.
    """

    stint: Int
    agent: Int
    kind: Int
    group: Int
    skill: Int
    priority: Int
    age: Int
    again: Int
    estimate: Float
    value: Float
    passed: Float
    hours: Float
    crowding: Float

    def __len__(self) -> int:
        return len(self.stint)

    @property
    def is_rate(self) -> bool:
        return len(self.hours) == len(self.stint)

    @property
    def target(self) -> Target:
        return Target(self.value, self.hours if self.is_rate else None)

    @property
    def passing(self) -> Target:
        return Target(self.passed, self.hours)

    def of(self, which: Bool | Int) -> Rows:
        """Some of the rows."""
        columns = {field.name: getattr(self, field.name) for field in fields(self)}
        return Rows(**{name: column[which] if len(column) else column for name, column in columns.items()})


def past_of(history: History, skill: str, moment: float) -> Past:
    """What was known at `moment`, with every stint's skill: see `Past`."""
    known = known_at(history, moment)
    codes, names = _skill_of(known, skill)
    clock = work_time(known)
    pieces = pieces_of(known, clock)
    return Past(known, codes, names, clock, pieces, load_of(known, pieces))


def _skill_of(history: History, skill: str) -> tuple[Int, tuple[str, ...]]:
    """The `group` of the stint, the `kind` of its ticket, or a further column of the log."""
    tickets, stints = history.tickets, history.stints
    if skill == "group":
        return stints.group, history.groups
    if skill == "kind":
        return tickets.kind[stints.ticket], history.kinds
    if skill in tickets.columns:
        codes, names = tickets.columns[skill]
        return codes[stints.ticket], names
    known = ", ".join(("group", "kind", *tickets.columns))
    raise InvalidInputError.single("skill", f"{skill!r} is no column of this log", f"choose one of: {known}")


def rate_rows(past: Past, gamma: float) -> Rows:
    """The cells of all routed stints; see `exposure` for `gamma`."""
    exposed = exposure(past.history, past.pieces, past.load, gamma=gamma)
    routed = past.history.routed[exposed.stint]
    resolved, passed = (exposed.events[cause][routed] for cause in (Outcome.RESOLVED, Outcome.PASSED))
    hours, crowding = exposed.hours[routed], exposed.crowding[routed]
    return _rows(past, exposed.stint[routed], exposed.age[routed], resolved, passed, hours, crowding)


def hours_rows(past: Past) -> Rows:
    """The hours worked on routed tickets that one agent had from beginning to end."""
    history = past.history
    stints, tickets = history.stints, history.tickets
    only = np.bincount(stints.ticket, minlength=len(tickets)) == 1
    hours = tickets.hours[stints.ticket]
    used = only[stints.ticket] & history.routed & (stints.outcome == Outcome.RESOLVED) & (hours > 0)
    cells = np.flatnonzero(used)
    age, nobody = np.zeros(len(cells), np.int64), np.zeros(len(cells))
    return _rows(past, cells, age, np.log(hours[cells]), nobody, np.zeros(0), nobody)


def _rows(past: Past, stint: Int, age: Int, value: Float, passed: Float, hours: Float, crowding: Float) -> Rows:
    tickets, stints = past.history.tickets, past.history.stints
    ticket = stints.ticket[stint]
    estimate = np.where(tickets.estimate[ticket] > 0, tickets.estimate[ticket], np.nan)
    return Rows(
        stint, stints.agent[stint], tickets.kind[ticket], stints.group[stint], past.skill[stint],
        tickets.priority[ticket], age, np.minimum(stints.attempt[stint], 1), np.log(estimate),
        value, passed, hours, crowding,
    )  # fmt: skip


def packed(rows: Rows) -> Rows:
    """Rows that the same effects act on, as one; where there are estimates, next to no two are alike."""
    if not rows.is_rate or not len(rows) or not np.isnan(rows.estimate).all():
        return rows
    columns = (rows.agent, rows.kind, rows.group, rows.skill, rows.priority, rows.age, rows.again)
    key = np.zeros(len(rows), np.int64)
    for column in columns:
        key = key * (int(column.max()) + 2) + column + 1
    _, first, place = np.unique(key, return_index=True, return_inverse=True)
    value, passed, hours = (
        np.bincount(place, column, minlength=len(first)).astype(np.float64)
        for column in (rows.value, rows.passed, rows.hours)
    )
    return replace(rows.of(first), value=value, passed=passed, hours=hours, crowding=np.zeros(len(first)))

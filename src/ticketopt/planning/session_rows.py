"""A ticket of a `Session` as a row that has no costs yet: new and checked, or as it was kept."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ticketopt.errors import InvalidInputError
from ticketopt.formulation.incremental import Row, Team, in_team, refuse_coupled
from ticketopt.problem.checks import check_pin, check_readings
from ticketopt.problem.customers import raised
from ticketopt.problem.fields import Report, shown
from ticketopt.problem.problem import Problem
from ticketopt.problem.reading import Reading, stated
from ticketopt.problem.records import Ticket

__all__ = ["KeptRow", "checked_row", "kept_rows", "rows_of_kept"]

KeptRow = tuple[Ticket, Reading, int, int]
"""A row as it is pickled: ticket, reading, integer change cost, and place; all else is computed from them."""


def checked_row(start: Problem, team: Team, ticket: Ticket, reading: Reading | None, change_cost: int) -> Row:
    """The row of a new ticket beside this team; `start` says the time and the policy."""
    reading = stated(ticket) if reading is None else reading
    report = Report()
    check_pin(ticket, f"ticket {shown(ticket.ticket_id)}", team.index, list(team.index), report)
    check_readings([reading], report)
    if report.issues:
        raise InvalidInputError(report.issues)
    refuse_coupled(ticket)
    return _row(start, ticket, ticket, reading, change_cost)


def kept_rows(rows: Iterable[Row]) -> list[KeptRow]:
    """What is to be kept of rows."""
    return [(row.ticket, row.reading, row.change_cost, row.place) for row in rows]


def rows_of_kept(start: Problem, team: Team, kept: Iterable[KeptRow]) -> dict[str, Row]:
    """The rows that `kept_rows` kept, at their places in this team. A ticket may be pinned to somebody who has gone."""
    return {
        str(ticket.ticket_id): _row(start, ticket, in_team(ticket, team), reading, change_cost, place)
        for ticket, reading, change_cost, place in kept
    }


def _row(start: Problem, ticket: Ticket, as_stated: Ticket, reading: Reading, change_cost: int, place: int = -1) -> Row:
    created, now = ticket.creation_timestamp, start.now
    urgency = float(raised(reading, ticket, start.policy).urgency)
    key = (urgency, -(now if created is None else min(created, now)))
    nothing = np.zeros(0, dtype=np.int64)
    return Row(ticket, as_stated, reading, change_cost, key, nothing, nothing, nothing.astype(np.bool_), place=place)

"""Tickets as a caller gives them: new ones, and known ones of which a request says no more than what has changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from ticketopt.errors import InvalidInputError, Issue
from ticketopt.intake.files import read_records
from ticketopt.intake.frames import Tickets, listed
from ticketopt.intake.tickets import stage_of
from ticketopt.live.edit import Edit
from ticketopt.live.plain import fields_of, plain
from ticketopt.live.queue_planner import QueuePlanner
from ticketopt.live.queue_rows import QueueRows
from ticketopt.live.stores import CLOSED, WAITING, Snapshot, StoredTicket
from ticketopt.live.tickets import TicketRows
from ticketopt.problem.fields import Report, choices, shown
from ticketopt.problem.record_fields import table_of
from ticketopt.problem.records import TICKET_FIELDS, Ticket, with_field

__all__ = ["MOST_PAIRS", "MOST_UNITS", "Submitted", "check_room"]

MOST_PAIRS = 5_000_000
"""So many tickets may wait, times the agents of the team: what a decision can hold in memory (docs/memory.md)."""

MOST_UNITS, MANY_UNITS = 1_000_000_000, 10_000
"""So many units may wait; they are counted for requests of more than so many."""

_STATUS = frozenset(("status", "state"))
"""No fields of ours; where a row of a helpdesk has one of these, it says where the ticket is."""


class Submitted:
    """A request of tickets.

    Parameters
    ----------
    tickets : mappings state the fields that they have, records and rows of data frames those that are not the default.
    now : when it came, in Unix seconds.
    none_clears : whether None brings a field back to its default, or states nothing; unknown fields are errors then.

    Attributes
    ----------
    names : the tickets' ids as text. request : what tells it from other requests, as plain data.
    """

    def __init__(self, tickets: Tickets, *, now: float, none_clears: bool = False) -> None:
        rows = listed(tickets)
        self._tickets = read_records(tickets if rows is None else rows, []).tickets
        _refuse_finished(rows or ())
        if none_clears:
            _refuse_unknown(rows or ())
        given = [None] * len(self._tickets) if rows is None else rows
        self._stated = [_stated(row, one, none_clears) for row, one in zip(given, self._tickets, strict=True)]
        self._now, self._dated = now, dict[str, Ticket]()
        self._known: tuple[object, list[dict[str, Any]]] | None = None
        self.names = [str(ticket.ticket_id) for ticket in self._tickets]
        self.request = self._stated if none_clears else [fields_of(ticket) for ticket in self._tickets]
        if none_clears:
            self.request = [{"ticket_id": n, **plain(s)} for n, s in zip(self.names, self._stated, strict=True)]

    def put(self, edit: Edit, planner: QueuePlanner, *, with_closed: bool = False) -> None:
        """Have new tickets come and known ones change; closed ones stay as they are, unless `with_closed`.

        Raises
        ------
        InvalidInputError
            For tickets that this team and this policy cannot have.
        """
        rows = planner.rows(edit.state)
        dated = self._fresh(edit)
        for ticket, data in zip(dated, self._read(rows, dated), strict=True):
            edit.come(str(ticket.ticket_id), data)
            edit.stamp(str(ticket.ticket_id), self._now, *(name for name in TICKET_FIELDS if getattr(ticket, name)))
        for name, stated in zip(self.names, self._stated, strict=True):
            row = edit.state.tickets.get(name)
            if row is None or not stated or (row.state == CLOSED and not with_closed):
                continue
            data = rows.changed(row, stated)
            if data != row.data:
                edit.alter(name, data)
                edit.stamp(name, self._now, *stated)
        planner.check(edit.state, [edit.rows[name] for name in self.names if name in edit.rows])

    @staticmethod
    def read_ahead(group: Sequence[Submitted], edit: Edit, planner: QueuePlanner) -> None:
        """Read the new tickets of several requests at once, which takes little more time than those of one."""
        rows, found = planner.rows(edit.state), [one._fresh(edit) for one in group]
        unread = [(one, new) for one, new in zip(group, found, strict=True) if not one._has_read(rows, new)]
        data = iter(rows.new([ticket for _, new in unread for ticket in new]))
        for one, new in unread:
            one._known = _asked(rows, new), list(islice(data, len(new)))

    def _fresh(self, edit: Edit) -> list[Ticket]:
        """The tickets that are new, dated."""
        fresh = [(name, one) for name, one in zip(self.names, self._tickets, strict=True) if edit.row(name) is None]
        for name, ticket in fresh:
            if name not in self._dated:
                is_dated = ticket.creation_timestamp is not None
                self._dated[name] = ticket if is_dated else with_field(ticket, "creation_timestamp", self._now)
        return [self._dated[name] for name, _ in fresh]

    def _has_read(self, rows: TicketRows, tickets: Sequence[Ticket]) -> bool:
        return self._known is not None and self._known[0] == _asked(rows, tickets)

    def _read(self, rows: TicketRows, tickets: Sequence[Ticket]) -> list[dict[str, Any]]:
        """The data of new tickets; their text is read once, however often the request is decided."""
        if self._known is None or not self._has_read(rows, tickets):
            self._known = _asked(rows, tickets), rows.new(tickets)
        return self._known[1]


def _asked(rows: TicketRows, tickets: Sequence[Ticket]) -> object:
    """What must be as it was for tickets to be read as they were."""
    return [ticket.ticket_id for ticket in tickets], rows.reader.skills


def check_room(state: Snapshot, edit: Edit, most_pairs: int = MOST_PAIRS) -> None:
    """An error where more would wait than can be decided, and a request is what makes it more than before."""
    before = QueueRows.of(state.tickets)
    rows = before.after(edit.rows)
    n_agents, n_waiting, issues = len({*state.agents, *edit.agents}), len(rows.waiting), []
    if n_waiting * n_agents > max(most_pairs, len(before.waiting) * len(state.agents)):
        words = f"would make {n_waiting:,} wait for {n_agents:,} agents, {most_pairs:,} pairs at most"
        issues.append(Issue("tickets", words, "close some first, or split the queue"))
    many = sum(map(_units, edit.rows.values())) > MANY_UNITS
    if many and sum(map(_units, rows.waiting.values())) > max(MOST_UNITS, sum(map(_units, before.waiting.values()))):
        words = f"would make more than {MOST_UNITS:,} units wait"
        issues.append(Issue("tickets", words, "use larger units, or close some first"))
    if issues:
        raise InvalidInputError(issues)


def _units(row: StoredTicket) -> int:
    return int(row.data["ticket"]["effort"]) if row.state == WAITING else 0


def _refuse_finished(rows: Iterable[object]) -> None:
    """An error for rows that say themselves that they are over: they would be assigned."""
    report = Report()
    for k, row in enumerate(rows):
        for key, value in row.items() if isinstance(row, Mapping) else ():
            if key in _STATUS and isinstance(value, str) and stage_of(value, {}) == "done":
                problem = f"is {shown(value)}: a ticket that is over is not submitted"
                report.error(f"tickets[{k}].{key}", problem, "leave it out, or close it if it is known here")
    if report.issues:
        raise InvalidInputError(report.issues)


def _refuse_unknown(rows: Iterable[object]) -> None:
    report = Report()
    for k, row in enumerate(rows):
        for key in row if isinstance(row, Mapping) else ():
            if key not in TICKET_FIELDS:
                report.error(f"tickets[{k}].{key}", "is not a field of tickets", choices(str(key), TICKET_FIELDS))
    if report.issues:
        raise InvalidInputError(report.issues)


def _stated(row: object, ticket: Ticket, none_clears: bool) -> dict[str, Any]:
    """The fields that a row states, as they were read."""
    usual = table_of(Ticket).defaults()
    if isinstance(row, Mapping):
        names = [name for name in TICKET_FIELDS if name in row and (none_clears or row[name] is not None)]
    else:
        names = [name for name in TICKET_FIELDS if getattr(ticket, name) != usual.get(name)]
    return {name: getattr(ticket, name) for name in names if name != "ticket_id"}

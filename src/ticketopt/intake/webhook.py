"""A helpdesk's webhook -> what happened to which ticket. What cannot be read counts as not given, and that is said.

1. The type of the event tells whether it says anything of a ticket; where it does not, that is all.
2. The ticket's id must be there. Every other field is read by the reader that reads it in files.
3. Status, type and flags say where the ticket is now; the type or a list of changes, whether an assignee is meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import partial
from typing import Any

from ticketopt.errors import InvalidInputError, Issue
from ticketopt.intake.column import is_placeholder
from ticketopt.intake.events import TicketEvent
from ticketopt.intake.helpdesks.statuses import ENDINGS
from ticketopt.intake.integrations.base import EventKind, Integration, from_top
from ticketopt.intake.languages import same_spelling
from ticketopt.intake.settle import ids_by_name, person
from ticketopt.intake.single_values import read_id, read_priority, read_text, read_time
from ticketopt.intake.tickets import stage_of, unnumbered
from ticketopt.problem.fields import name
from ticketopt.problem.names import spelled
from ticketopt.problem.report import Report, is_number, kind, shown

__all__ = ["OTHER", "Received", "read_webhook"]

OTHER = "other"
"""The type of every event that says nothing of a ticket, as types are counted."""

Team = Mapping[str, Mapping[str, Any]]
"""Agent id -> the fields of its record."""

_STAGES = {"new": "new", "open": "open", "waiting": "held", "done": "done"}

_UNFILLED = re.compile(r"\s*(?:\{\{.*\}\}|\$\{.*\}|\[ticket\.\w+\])\s*")
"""A placeholder that the product should have replaced."""

_NOBODY = frozenset(("0", "unassigned", "not assigned", "no agent", "nobody", "no one", "agent not assigned")) | {
    *("nicht zugewiesen", "kein agent", "non assigné", "sin asignar", "não atribuído", "non assegnato")
}

_YES = (True, 1, "true", "1", "yes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What a webhook says: its type (`OTHER` where it says nothing of a ticket), its events, and what was not read."""

    kind: str
    events: tuple[TicketEvent, ...] = ()
    notes: tuple[Issue, ...] = ()


def read_webhook(
    integration: Integration, body: object, headers: Mapping[str, str], *, team: Team, zone: tzinfo = UTC
) -> Received:
    """What a helpdesk's webhook says of a ticket.

    Parameters
    ----------
    headers : by their names in lower case.
    team : tells which of several names of an assignee is the agent's id here, and which groups and languages count.
    zone : of times that name none, where the product does not write them in UTC.

    Raises
    ------
    InvalidInputError
        Where the body names no ticket.
    """
    if not isinstance(body, Mapping):
        raise InvalidInputError.single("", f"the body is {kind(body)}, not an object", integration.setup)
    tidy = integration.tidy(body)
    event_type = integration.kind(tidy, headers)
    if event_type not in integration.kinds:
        return Received(kind=OTHER)
    ticket = _Ticket(integration, tidy, zone)
    event = _event(ticket, integration.kinds[event_type], headers, team)
    return Received(kind=event_type, events=(event,), notes=tuple(ticket.notes))


@dataclass(frozen=True, slots=True)
class _Given:
    """A value in a body, and the path to it."""

    path: str
    value: Any


class _Ticket:
    """The ticket in a body, and what is said about it so far."""

    def __init__(self, integration: Integration, body: Mapping[str, Any], zone: tzinfo) -> None:
        self.integration, self.body, self._zone = integration, body, zone
        self.notes: list[Issue] = []
        found = (root for root in integration.roots if isinstance(from_top(body, root), Mapping))
        self._root = next(found, integration.roots[0])
        self._row = from_top(body, self._root)

    def place(self, path: str) -> str:
        """A path of `names` from the top of the body."""
        return path[1:] if path.startswith("/") else ".".join(filter(None, (self._root, path)))

    def given(self, field: str) -> Iterator[_Given]:
        """What a body gives for a field, the best first; placeholders that nobody filled in are noted."""
        for path in self.integration.names.get(field, ()):
            value = from_top(self.body, path[1:]) if path.startswith("/") else from_top(self._row, path)
            if isinstance(value, str) and _UNFILLED.fullmatch(value[:200]):
                self.note(self.place(path), "is a placeholder that was not filled in", "correct its name")
            elif not is_placeholder(value):
                yield _Given(self.place(path), value)

    def has_place_for(self, field: str) -> bool:
        """Whether a body has a place for a field, filled in or empty."""
        for path in self.integration.names.get(field, ()):
            value: Any = self.body if path.startswith("/") else self._row
            for step in path.removeprefix("/").split("."):
                if not isinstance(value, Mapping) or step not in value:
                    break
                value = value[step]
                if is_placeholder(value):
                    return True
            else:
                return not (isinstance(value, str) and _UNFILLED.fullmatch(value[:200]))
        return False

    def note(self, path: str, problem: str, repair: str) -> None:
        self.notes.append(Issue(path, f"{problem}; it counts as not given", repair))

    def read(self, field: str, reader: Callable[[Any, str, Report], Any]) -> Any:
        """The first value of a field that can be read; None, and a note about the first, where none can."""
        first: list[Issue] = []
        for one in self.given(field):
            report = Report()
            value = reader(one.value, one.path, report)
            if not report.issues and value is not None:
                return value
            first = first or report.issues
        for issue in first[:1]:
            self.note(issue.path, issue.problem, issue.repair)
        return None

    def time(self, field: str, *, ends_day: bool = False) -> Any:
        """The first time of a field that can be read, in Unix seconds; None where none can."""
        zone_at = partial(self.integration.zone_at, self._zone)
        return self.read(field, lambda *given: read_time(*given, zone=zone_at(given[1]), ends_day=ends_day))

    def ticket_id(self) -> str:
        """Its id as text.

        Raises
        ------
        InvalidInputError
            Where it has none.
        """
        value = self.read("ticket_id", read_id)
        if value is not None:
            return str(value)
        where = self.place(self.integration.names["ticket_id"][0])
        wrong = next((note for note in self.notes), None)
        if wrong is None:
            problem = "is missing" if isinstance(self._row, Mapping) else f"is not there: {self._in_place_of_it()}"
            raise InvalidInputError.single(where, problem, self.integration.setup)
        problem = wrong.problem.removesuffix("; it counts as not given")
        raise InvalidInputError.single(wrong.path, problem, f"{wrong.repair}; {self.integration.setup}")

    def _in_place_of_it(self) -> str:
        return f"{self._root or 'the body'} is {kind(self._row)}"


def _event(ticket: _Ticket, event_kind: EventKind, headers: Mapping[str, str], team: Team) -> TicketEvent:
    ticket_id = ticket.ticket_id()
    stage, ended = _stage(ticket, event_kind)
    merged_into = ticket.read("merged_into", read_id) if ended == "merged" else None
    changes = ticket.integration.changed(ticket.body)
    changes = event_kind.changes if changes is None else changes
    found, is_readable = _assignee(ticket, team)
    says_assignee = is_readable and (found is not None if changes is None else "assignee" in changes)
    if found is not None and says_assignee and found.value not in team:
        problem = f"{shown(found.value)} is not in the team; the ticket is left to them"
        ticket.notes.append(Issue(found.path, problem, "give agents here the ids that they have there"))
    event_id = next((headers[one] for one in ticket.integration.id_headers if headers.get(one)), None)
    event_id = ticket.read("event_id", read_id) if event_id is None else event_id
    return TicketEvent(
        ticket_id=ticket_id,
        alias=_alias(ticket, ticket_id),
        at=ticket.time("at"),
        event_id=None if event_id is None else str(event_id),
        fields=_fields(ticket, team),
        stage=stage,
        ended=ended,
        merged_into=None if merged_into is None else str(merged_into),
        assignee=None if found is None else found.value,
        says_assignee=says_assignee,
        shows_nobody=changes is None and found is None and is_readable and ticket.has_place_for("assignee"),
    )


def _alias(ticket: _Ticket, ticket_id: str) -> str | None:
    """Another id of the ticket; None where the body has none."""
    found = ticket.read("alias", read_id)
    return None if found is None or str(found) == ticket_id else str(found)


def _fields(ticket: _Ticket, team: Team) -> dict[str, Any]:
    """Our fields, without those that are not given."""
    words = ticket.integration.helpdesk.priorities
    organization = ticket.read("organization", read_id)
    found = {
        "title": ticket.read("title", read_text),
        "description": ticket.read("description", read_text),
        "priority": ticket.read("priority", partial(read_priority, words=words)),
        "creation_timestamp": ticket.time("creation_timestamp"),
        "due": ticket.time("due", ends_day=True),
        "customer": ticket.read("customer", read_id) if organization is None else organization,
        "language": _language(ticket.read("language", name), team),
        "group": _group(ticket, team),
    }
    return {field: value for field, value in found.items() if value is not None}


def _language(given: str | None, team: Team) -> str | None:
    """A language in the spelling of the agents who speak it."""
    return same_spelling([given], [tuple(agent.get("languages") or ()) for agent in team.values()])[0][0]


def _group(ticket: _Ticket, team: Team) -> str | None:
    """A group that an agent is in; any other is the helpdesk's own affair, and would keep the ticket from everybody."""
    known = {
        spelled(one) for agent in team.values() for one in (agent.get("team"), *(agent.get("groups") or ())) if one
    }
    for one in ticket.given("group"):
        value = name(str(one.value), one.path, Report()) if not isinstance(one.value, Mapping | list) else ""
        if spelled(value) in known:
            return str(value)
    return None


def _stage(ticket: _Ticket, event_kind: EventKind) -> tuple[str | None, str | None]:
    """Where the ticket is, and how it ended where it has; a status that nobody knows is noted."""
    if event_kind.ended is not None:
        return "done", event_kind.ended
    for flag in ("deleted", "spam"):
        if any(one.value in _YES for one in ticket.given(flag) if not isinstance(one.value, Mapping | list)):
            return "done", flag
    unknown: list[_Given] = []
    for one in ticket.given("status"):
        word = _word(one.value)
        stage = stage_of(word, ticket.integration.helpdesk.statuses)
        if stage is not None:
            return _STAGES[stage], _ending(word, ticket.integration) if stage == "done" else None
        unknown.append(one)
    for one in unknown[:1]:
        ticket.note(one.path, f"the status {_shown(one.value)} is not known here", "use one of the product's own words")
    return None, None


def _ending(word: str, integration: Integration) -> str:
    key = spelled(word)
    found = (table[one] for table in (integration.endings, ENDINGS) for one in (key, unnumbered(key)) if one in table)
    return next(found, "closed")


def _assignee(ticket: _Ticket, team: Team) -> tuple[_Given | None, bool]:
    """Who has the ticket, and whether that can be read.

    Of several names or people it is the first whom the team knows, by id or by name.
    """
    known = ids_by_name((agent_id, filter(None, [agent.get("name")])) for agent_id, agent in team.items())
    first: list[Issue] = []
    strangers: list[_Given] = []
    for one in ticket.given("assignee"):
        values = one.value if isinstance(one.value, list) else [one.value]
        for value in (value for value in values if not is_placeholder(value)):
            word = str(read_id(value, one.path, report := Report()))
            first = first or report.issues
            if report.issues:
                continue
            if spelled(word) in _NOBODY or word in ticket.integration.nobody:
                return None, True
            if person(word) in known:
                return _Given(one.path, known[person(word)]), True
            strangers.append(_Given(one.path, word))
    if strangers or not first:
        return next(iter(strangers), None), True
    ticket.note(first[0].path, first[0].problem, first[0].repair)
    return None, False


def _word(value: Any) -> str:
    """A status as it is looked up: `5`, `5.0` and "5" are the same."""
    return str(value)[:200].removesuffix(".0")


def _shown(value: Any) -> str:
    return shown(value) if isinstance(value, str) or is_number(value) else kind(value)

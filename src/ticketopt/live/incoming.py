"""What a helpdesk's event makes of a ticket.

**Older and newer.** A ticket remembers of each of its fields, of its stage and of its assignee when the newest event
that spoke of it happened. What an event says is dropped, part by part, where something newer is known, so that events
of the whole ticket, which is what most helpdesks send, count as a whole or not at all, and single changes that arrive
in the wrong order still add up. Of two at the same moment the one that came later counts, except that "new" undoes no
other stage: a ticket is new only once. An event without a time happened when it came; what is changed here, by hand,
is newer than all that is known.

**The same event.** An event with an `event_id` that a ticket has seen changes nothing; without one, the same content
with the same time is the same event.

**People's assignments.** An assignee counts where it is another one than the helpdesk's last, so that an event which
only repeats it moves nothing. Who we wished to have it there ourselves is no person's decision either: that is an echo.
An event that shows nobody without saying that this is new counts where the helpdesk has last named somebody and knows
all that we wished; one without a time, where that was some minutes ago. Who is taken away there does not get the ticket
back at once.

**Clocks.** Nothing happened more than a few minutes after it came: else one event of a clock that is wrong would be
newer than all that follow.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from ticketopt.errors import InvalidInputError
from ticketopt.intake.events import TicketEvent
from ticketopt.live.edit import Edit
from ticketopt.live.plain import plain
from ticketopt.live.stores import CLOSED
from ticketopt.live.tickets import TicketRows
from ticketopt.problem.fields import Report, identifier, number, one_of, optional
from ticketopt.problem.record_fields import table_of
from ticketopt.problem.records import TICKET_FIELDS, Ticket

__all__ = ["Incoming", "checked_events"]

SEEN = 24
"""So many of the newest events of a ticket are remembered."""

AHEAD = 300.0
"""Seconds by which a helpdesk's clock may be ahead of ours."""

STAGES = ("new", "open", "held", "done")
ENDS = ("solved", "closed", "deleted", "spam", "merged")

_ALIAS = optional(identifier)
_TIME = optional(number(0, 1e12, " (Unix seconds)"))
_STAGE, _END = (optional(one_of({name: name for name in names})) for names in (STAGES, ENDS))


def checked_events(events: object) -> list[TicketEvent]:
    """Events whose ids, times and stages can be used, or every mistake at once. What their fields say is read later."""
    report = Report()
    listed: list[Any] = list(events) if isinstance(events, Iterable) else [events]
    for k, event in enumerate(listed):
        if not isinstance(event, TicketEvent):
            report.error(f"events[{k}]", "is not a TicketEvent", "build it with TicketEvent(...)")
            continue
        identifier(event.ticket_id, f"events[{k}].ticket_id", report)
        _ALIAS(event.alias, f"events[{k}].alias", report)
        _TIME(event.at, f"events[{k}].at", report)
        _STAGE(event.stage, f"events[{k}].stage", report)
        _END(event.ended, f"events[{k}].ended", report)
    if report.issues:
        raise InvalidInputError(report.issues)
    return listed


@dataclass(frozen=True, slots=True, eq=False)
class Incoming:
    """Applies events to an edit.

    Attributes
    ----------
    rows : what makes rows of tickets. now : when the events came, in Unix seconds.
    apart : ticket id -> the agent from whom a person has taken it.
    """

    edit: Edit
    rows: TicketRows
    now: float
    apart: dict[str, str] = field(default_factory=dict)

    def apply(self, event: TicketEvent) -> str:
        """One event, in the order of their coming; returns as what its ticket is known."""
        name = self._name(event)
        row = self.edit.row(name)
        known: Mapping[str, Any] = {} if row is None else row.data
        at = max(self.now, known.get("at", 0.0)) if event.at is None else min(event.at, self.now + AHEAD)
        mark = _mark(event)
        if mark in known.get("seen", ()):
            return name
        times = dict(known.get("times", {}))
        news = _News.of(event, known, at)
        if row is None:
            self.edit.come(name, self.rows.new([self._ticket(name, news.fields, at)])[0])
        elif news.fields:
            self._alter(name, news.fields)
        for step in (self._assign, self._stage) if news.stage == "done" else (self._stage, self._assign):
            step(name, event, news)
        seen = [*known.get("seen", ()), *([] if mark is None else [mark])][-SEEN:]
        newest = max(at, known.get("at", 0.0))
        stage = news.stage or known.get("stage")
        self.edit.note(name, at=newest, stage=stage, times={**times, **news.times} or None, seen=seen or None)
        return name

    def _name(self, event: TicketEvent) -> str:
        """As what the ticket is known: by its alias where it came with that, from a list that has no other id."""
        name, alias = str(event.ticket_id), event.alias
        if alias is None or self.edit.row(name) is not None or self.edit.row(alias) is None:
            return name
        self.edit.note(alias, remote_id=name)
        return alias

    def _ticket(self, name: str, fields: Mapping[str, Any], at: float) -> Ticket:
        """A new ticket of the fields that can be read; where nobody says when it was created, it was at this event."""
        created = {"creation_timestamp": min(at, self.now), **fields}
        given = {key: value for key, value in created.items() if value is not None}
        return Ticket(**{"ticket_id": name, **self.rows.in_team(given)})

    def _alter(self, name: str, fields: Mapping[str, Any]) -> None:
        row = self.edit.row(name)
        assert row is not None
        self.edit.alter(name, self.rows.changed(row, self.rows.in_team(fields)))

    def _assign(self, name: str, event: TicketEvent, news: _News) -> None:
        row = self.edit.row(name)
        if row is None or not news.says_assignee:
            return
        holder, wished = event.assignee, list(row.data.get("wished", ()))
        is_echo = holder in wished
        if is_echo and holder == wished[-1]:
            wished = []
        if holder != row.data.get("assignee") and not is_echo and holder != _holder(row.agent_id, row.data, row.state):
            wished = []
            if holder is None:
                if row.agent_id is not None:
                    self.apart[name] = row.agent_id
                self.edit.let_go(name, is_held=row.data.get("stage") == "held")
            elif holder in self.edit.state.agents:
                self.edit.give(name, holder)
            else:
                self.edit.give_outside(name, holder)
        self.edit.note(name, assignee=holder, wished=wished or None)

    def _stage(self, name: str, event: TicketEvent, news: _News) -> None:
        if news.stage == "done":
            self.edit.close(name, event.ended or "closed", event.merged_into)
        elif news.stage == "held":
            row = self.edit.row(name)
            self.edit.hold(name, None if row is None or row.data.get("wished") else row.data.get("assignee"))
        elif news.stage is not None:
            self.edit.open(name)


@dataclass(frozen=True, slots=True)
class _News:
    """What of an event is news to a ticket, and the times to be remembered of it."""

    fields: Mapping[str, Any]
    stage: str | None
    says_assignee: bool
    times: Mapping[str, float]

    @classmethod
    def of(cls, event: TicketEvent, known: Mapping[str, Any], at: float) -> _News:
        times: Mapping[str, float] = known.get("times", {})
        stated = {key: value for key, value in _readable(event.fields).items() if at >= times.get(key, 0.0)}
        last = times.get("stage", 0.0)
        is_news = at > last or (at == last and event.stage != "new")
        stage = event.stage if is_news else None
        is_settled = known.get("assignee") is not None and not known.get("wished")
        doubt = AHEAD if event.at is None else 0.0  # one that was written before may still come
        shows_nobody = event.shows_nobody and is_settled and at > times.get("assignee", 0.0) + doubt
        says_assignee = shows_nobody or (event.says_assignee and at >= times.get("assignee", 0.0))
        parts = [*stated, *(["stage"] if stage else []), *(["assignee"] if says_assignee else [])]
        return cls(stated, stage, says_assignee, dict.fromkeys(parts, at))


def _readable(given: Mapping[str, Any]) -> dict[str, Any]:
    """Clean values of the fields that can be read; None is the default. Others count as not stated."""
    defaults, clean = table_of(Ticket).defaults(), {}
    for key, value in given.items():
        if key == "ticket_id" or key not in TICKET_FIELDS:
            continue
        report = Report()
        read = defaults[key] if value is None else TICKET_FIELDS[key](value, key, report)
        if not report.issues:
            clean[key] = read
    return clean


def _holder(agent: str | None, data: Mapping[str, Any], state: str) -> str | None:
    return None if state == CLOSED else data.get("outside", agent)


def _mark(event: TicketEvent) -> str | None:
    """What tells an event from others of the ticket, None where nothing does."""
    if event.event_id is not None:
        text = f"id:{event.event_id}"
    elif event.at is not None:
        content = {item.name: getattr(event, item.name) for item in fields(event)}
        text = json.dumps(plain(content), sort_keys=True, default=str)
    else:
        return None
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]

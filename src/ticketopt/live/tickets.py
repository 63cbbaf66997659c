"""Rows of tickets: what a store keeps of one, when it is new and when what it says changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ticketopt.live.plain import fields_of, plain
from ticketopt.live.readings import TEXTS, TextReader
from ticketopt.live.stores import StoredTicket
from ticketopt.problem.customers import is_named
from ticketopt.problem.policy import Policy
from ticketopt.problem.reading import Reading
from ticketopt.problem.records import PRIVATE_TICKET_FIELDS, Ticket

__all__ = ["TicketRows"]


@dataclass(frozen=True, slots=True, eq=False)
class TicketRows:
    """Makes what a store keeps of tickets: all fields but the private ones, the reading, and what the text alone says.

    Attributes
    ----------
    team : the ids of the agents, as text.
    """

    policy: Policy
    reader: TextReader
    team: Mapping[str, object]

    def new(self, tickets: Sequence[Ticket]) -> list[dict[str, Any]]:
        """The data of new tickets."""
        return [
            self._data(ticket, reading, text)
            for ticket, (reading, text) in zip(tickets, self.reader.new(tickets), strict=True)
        ]

    def changed(self, row: StoredTicket, given: Mapping[str, Any]) -> dict[str, Any]:
        """The data of a known ticket after a change of some fields: clean values, by their names."""
        before = row.data["ticket"]
        ticket = Ticket(**{**before, **dict.fromkeys(TEXTS, ""), **given})
        kept = row.data.get("text")
        if kept is None:  # of a row from before texts were kept apart
            kept = {"whole": {"skills": row.data["skills"], "urgency": row.data["urgency"]}}
        reading, text = self.reader.changed(ticket, given.keys(), kept)
        return {**row.data, **self._data(ticket, reading, text)}

    def in_team(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Fields without a pin that this team cannot keep."""
        pinned = given.get("pinned_agent")
        excluded = map(str, given.get("excluded_agents", ()))
        is_kept = pinned is None or (str(pinned) in self.team and str(pinned) not in excluded)
        return {key: value for key, value in given.items() if is_kept or key != "pinned_agent"}

    def _data(self, ticket: Ticket, reading: Reading, text: Mapping[str, Any]) -> dict[str, Any]:
        private = set(PRIVATE_TICKET_FIELDS) - ({"customer"} if is_named(ticket, self.policy) else set())
        data = {
            "ticket": plain(fields_of(ticket), private),
            "skills": plain(reading.skills),
            "urgency": reading.urgency,
        }
        return {**data, "text": plain(text)} if text else data
